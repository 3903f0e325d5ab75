"""The programs' side of the trail: what stands around a document, and the tree that it stands in."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus.surroundings import MOST_STEPS
from web import access, trail_json
from web.api import DocumentPath
from web.surroundings import Graph
from web.surroundings import graph as graph_of
from web.tree import Apart, Gap, Line
from web.tree import tree as tree_of

calls = APIBlueprint("api_trail", __name__)


class Depth(BaseModel):
    """How many steps out."""

    depth: int = Field(2, ge=1, le=MOST_STEPS)


class Hit(BaseModel):
    """A document as lists name it."""

    id: int
    number: str | None
    date: str | None
    doc_type: str | None
    issuer: str | None
    subject: str | None
    file: str


class TreeLine(BaseModel):
    """One line of a tree, which hangs on the nearest one above it that is less deep."""

    depth: int
    document: Hit
    relation: str = Field(description="How it cites the line that it hangs on; empty at the top.")
    again: bool = Field(description="What stands below it is told elsewhere.")
    apart: Apart | None
    gaps: list[Gap] = Field(description="What it carries out and is not held.")
    ended: bool = Field(description="Replaced, repealed or withdrawn as a whole.")


class Tree(BaseModel):
    """The ways down to a document, the longest first, and what hangs below it."""

    ways: list[list[TreeLine]]
    below: list[TreeLine]
    more: bool = Field(description="There is more below than is told.")


@calls.get("/api/documents/<int:document_id>/tree", responses={200: Tree})
def tree(path: DocumentPath) -> Any:
    """From the top directives down to a document and on to all that carries it out, with what is missing."""
    found = access.document(path.document_id)
    told = tree_of(access.store(), found, access.visible, access.seen())
    below, ways = [_line(one) for one in told.below], [[_line(one) for one in way] for way in told.ways]
    return jsonify(Tree(ways=ways, below=below, more=told.more).model_dump(mode="json"))


@calls.get("/api/documents/<int:document_id>/graph", responses={200: Graph})
def graph(path: DocumentPath, query: Depth) -> Any:
    """What stands around a document: documents and the citations between them, both ways, missing ones included."""
    found = access.document(path.document_id)
    told = graph_of(access.store(), found, query.depth, access.visible, access.seen())
    return jsonify(told.model_dump(mode="json"))


def _line(one: Line) -> TreeLine:
    return TreeLine(
        depth=one.depth,
        document=Hit(**trail_json.hit(one.document)),
        relation=one.relation,
        again=one.again,
        apart=one.apart,
        gaps=list(one.gaps),
        ended=one.ended,
    )
