"""The programs' side of the trail: what stands around a document."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus.surroundings import MOST_STEPS
from web import access
from web.api import DocumentPath
from web.surroundings import Graph
from web.surroundings import graph as graph_of

calls = APIBlueprint("api_trail", __name__)


class Depth(BaseModel):
    """How many steps out."""

    depth: int = Field(2, ge=1, le=MOST_STEPS)


@calls.get("/api/documents/<int:document_id>/graph", responses={200: Graph})
def graph(path: DocumentPath, query: Depth) -> Any:
    """What stands around a document: documents and the citations between them, both ways, missing ones included."""
    found = access.document(path.document_id)
    told = graph_of(access.store(), found, query.depth, access.visible, access.seen())
    return jsonify(told.model_dump(mode="json"))
