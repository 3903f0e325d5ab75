"""The programs' side of the trail: surroundings, tree, conflicts, ambiguous citations, the audit trail."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.citations.conflicts import Evidence
from corpus.citations.surroundings import MOST_STEPS
from corpus.database.models import Document
from corpus.queries import audit_log
from corpus.queries import citations as trail_views
from corpus.queries.citation_graph import Graph
from corpus.queries.citation_graph import graph as graph_of
from corpus.queries.citation_tree import Apart, Gap, Line
from corpus.queries.citation_tree import tree as tree_of
from web import access
from web.api.audit_shapes import AuditQuery, AuditTrail, Deed, TrailState
from web.api.documents import DocumentPath
from web.api.shapes import PROBLEMS, SECURITY, Hit, answer
from web.present import audit_words, trail_state
from web.services import downloads, trail

calls = APIBlueprint("api_trail", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class Depth(BaseModel):
    """How many steps out."""

    depth: int = Field(2, ge=1, le=MOST_STEPS)


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
    return answer(Tree(ways=ways, below=below, more=told.more))


@calls.get("/api/documents/<int:document_id>/graph", responses={200: Graph})
def graph(path: DocumentPath, query: Depth) -> Any:
    """What stands around a document: documents and the citations between them, both ways, missing ones included."""
    found = access.document(path.document_id)
    return answer(graph_of(access.store(), found, query.depth, access.visible, access.seen()))


class Side(BaseModel):
    """Where one side of a conflict stands on paper."""

    document: int
    page: int | None
    printed: str


class Conflict(BaseModel):
    """One contradiction; its fingerprint stays the same as long as both sides do."""

    code: str
    message: str
    document: int | None = Field(description="The other document; null where the table of laws is the other side.")
    fingerprint: str
    settled: str | None = Field(description="Why a person let it stand.")
    ours: Side | None
    theirs: Side | None


class Conflicts(BaseModel):
    """What contradicts itself between a document and others."""

    conflicts: list[Conflict]


class Settled(BaseModel):
    """Why a conflict may stand."""

    fingerprint: str = Field(min_length=1, max_length=64)
    reason: str = Field(min_length=1, max_length=1000)


@calls.get("/api/documents/<int:document_id>/conflicts", responses={200: Conflicts})
def conflicts(path: DocumentPath) -> Any:
    """The conflicts of a document with both sides, and why those stand that somebody looked into."""
    return _conflicts(path.document_id)


@calls.post("/api/documents/<int:document_id>/conflicts", responses={200: Conflicts})
def settle_conflict(path: DocumentPath, body: Settled) -> Any:
    """Notes why a conflict may stand."""
    found = access.document(path.document_id)
    records.settle_conflict(access.store(), found.id, body.fingerprint, body.reason, access.user().name)
    return _conflicts(found.id)


class Open(BaseModel):
    """A citation that may mean more than one document."""

    id: int
    document: Hit
    relation: str
    printed: str
    page: int | None
    candidates: list[Hit]


class Ambiguous(BaseModel):
    """Citations that a person must settle."""

    citations: list[Open]


class CitationPath(BaseModel):
    """Which citation."""

    citation_id: int = Field(ge=1, le=2**53)


class Target(BaseModel):
    """Which document a citation means; null: one that is not held."""

    target: int | None = Field(ge=1, le=2**53)


class Meant(BaseModel):
    """The document whose citation was settled."""

    document: int


@calls.get("/api/citations/ambiguous", responses={200: Ambiguous})
def ambiguous() -> Any:
    """Citations that may mean more than one document."""
    rows = trail_views.ambiguous(access.store(), access.visible)
    return answer(Ambiguous(citations=[_open(found, one) for found, one in rows]))


@calls.post("/api/citations/<int:citation_id>", responses={200: Meant})
def settle(path: CitationPath, body: Target) -> Any:
    """Fixes which document a citation means."""
    return answer(Meant(document=trail.settled(path.citation_id, body.target)))


@calls.get("/api/audit", responses={200: AuditTrail})
def audit_trail(query: AuditQuery) -> Any:
    """Who did what and when, newest first, and whether chain, seals and sealed records hold."""
    store = access.store()
    wanted, mask = downloads.understood(query.parts()), audit_words.mask_of(store, access.hidden())
    rows = [
        Deed(
            row=one.id,
            at=one.at,
            actor=one.actor,
            action=one.action,
            document=one.document_id,
            detail=audit_words.for_programs(one, mask),
            hash=one.hash,
        )
        for one in audit_log.rows(store, wanted, query.limit, query.offset)
    ]
    if not query.verify:
        return answer(AuditTrail(rows=rows, faults=None, check=None))
    found = trail_state.checked(store, trail_state.heads(query.against))
    state = TrailState.model_validate(trail_state.to_json(found, store.settings.lang))
    return answer(AuditTrail(rows=rows, faults=state.faults, check=state))


def _conflicts(document_id: int) -> Response:
    view = trail_views.cites(access.store(), access.document(document_id), access.visible, access.seen())
    return answer(Conflicts(conflicts=[_conflict(one) for one in view.conflicts]))


def _conflict(one: trail_views.Told) -> Conflict:
    return Conflict(
        code=one.code,
        message=one.message,
        document=one.document,
        fingerprint=one.fingerprint,
        settled=one.settled,
        ours=_side(one.ours),
        theirs=_side(one.theirs),
    )


def _side(one: Evidence | None) -> Side | None:
    return Side(document=one.document_id, page=one.page, printed=one.printed) if one else None


def _open(found: Document, one: trail_views.Out) -> Open:
    row = one.row
    return Open(
        id=row.id,
        document=Hit.of(found),
        relation=row.relation,
        printed=row.printed,
        page=row.page,
        candidates=[Hit.of(candidate) for candidate in one.candidates],
    )


def _line(one: Line) -> TreeLine:
    return TreeLine(
        depth=one.depth,
        document=Hit.of(one.document),
        relation=one.relation,
        again=one.again,
        apart=one.apart,
        gaps=list(one.gaps),
        ended=one.ended,
    )
