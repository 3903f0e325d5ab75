"""API of citations and the audit trail: surroundings, tree, conflicts, ambiguous citations, rows."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.citations.conflicts import Evidence
from corpus.citations.surroundings import MOST_STEPS
from corpus.database.read_only import StoredDocument
from corpus.queries import audit_log
from corpus.queries import citations as trail_views
from corpus.queries import conflict_list as all_conflicts
from corpus.queries.citation_graph import Graph
from corpus.queries.citation_graph import graph as graph_of
from corpus.queries.citation_tree import Apart, MissingAbove, TreeLine
from corpus.queries.citation_tree import tree as tree_of
from web import access
from web.api.audit_shapes import AuditQuery, AuditTrail, Deed, TrailState
from web.api.conflict_shapes import ConflictQuery
from web.api.documents import DocumentPath
from web.api.shapes import PROBLEMS, SECURITY, HitShape, answer
from web.present import audit_words, trail_state
from web.services import citations as by_hand
from web.services import conflict_files, downloads

calls = APIBlueprint("api_trail", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class Depth(BaseModel):
    """Number of steps out."""

    depth: int = Field(2, ge=1, le=MOST_STEPS)


class TreeLineShape(BaseModel):
    """One line of a tree, which hangs on the nearest line above with a smaller depth."""

    depth: int
    document: HitShape
    relation: str = Field(description="How it cites the line that it hangs on; empty at the top.")
    again: bool = Field(description="What stands below it is told elsewhere.")
    apart: Apart | None
    gaps: list[MissingAbove] = Field(description="What it carries out and is not held.")
    ended: bool = Field(description="Replaced, repealed or withdrawn as a whole.")


class TreeShape(BaseModel):
    """The ways down to a document, the longest first, and the tree below it."""

    ways: list[list[TreeLineShape]]
    below: list[TreeLineShape]
    more: bool = Field(description="There is more below than is told.")


@calls.get("/api/documents/<int:document_id>/tree", responses={200: TreeShape})
def tree(path: DocumentPath) -> Any:
    """Citation tree: from the top directives down to a document and on to all that carries it out, with missing
    ones.
    """
    found = access.document(path.document_id)
    told = tree_of(access.store(), found, access.visible, access.seen())
    below, ways = [_line(one) for one in told.below], [[_line(one) for one in way] for way in told.ways]
    return answer(TreeShape(ways=ways, below=below, more=told.more))


@calls.get("/api/documents/<int:document_id>/graph", responses={200: Graph})
def graph(path: DocumentPath, query: Depth) -> Any:
    """Surroundings of a document: documents and the citations between them, in both directions, missing ones
    included.
    """
    found = access.document(path.document_id)
    return answer(graph_of(access.store(), found, query.depth, access.visible, access.seen()))


class Side(BaseModel):
    """Evidence of one side of a conflict."""

    document: int
    page: int | None
    printed: str


class ConflictShape(BaseModel):
    """One conflict; its fingerprint stays the same as long as the evidence of both sides."""

    code: str
    message: str
    document: int | None = Field(description="The other document; null where the table of laws is the other side.")
    fingerprint: str
    settled: str | None = Field(description="Why a person let it stand.")
    ours: Side | None
    theirs: Side | None


class Conflicts(BaseModel):
    """Conflicts between a document and others."""

    conflicts: list[ConflictShape]


class Settled(BaseModel):
    """Reason why a conflict may remain."""

    fingerprint: str = Field(min_length=1, max_length=64)
    reason: str = Field(min_length=1, max_length=1000)


@calls.get("/api/documents/<int:document_id>/conflicts", responses={200: Conflicts})
def conflicts(path: DocumentPath) -> Any:
    """The conflicts of a document with both sides, and the reasons of those that somebody settled."""
    return _conflicts(path.document_id)


@calls.post("/api/documents/<int:document_id>/conflicts", responses={200: Conflicts})
def settle_conflict(path: DocumentPath, body: Settled) -> Any:
    """Note the reason why a conflict may remain."""
    found = access.document(path.document_id)
    records.settle_conflict(access.store(), found.id, body.fingerprint, body.reason, access.user().name)
    return _conflicts(found.id)


class Reopened(BaseModel):
    """A settled conflict to be reopened."""

    fingerprint: str = Field(min_length=1, max_length=64)


@calls.post("/api/documents/<int:document_id>/conflicts/reopen", responses={200: Conflicts})
def reopen_conflict(path: DocumentPath, body: Reopened) -> Any:
    """Reopen a settled conflict."""
    found = access.document(path.document_id)
    records.reopen_conflict(access.store(), found.id, body.fingerprint, access.user().name)
    return _conflicts(found.id)


class ListedConflict(BaseModel):
    """One conflict of the archive with the document it is in."""

    document: HitShape
    conflict: ConflictShape


class ConflictList(BaseModel):
    """Some conflicts, newest documents first; `before` asks for the next ones, null at the end."""

    conflicts: list[ListedConflict]
    before: int | None


@calls.get("/api/conflicts", responses={200: ConflictList})
def conflict_list(query: ConflictQuery) -> Any:
    """All conflicts that the caller may see, by kind, year, issuer and state."""
    wanted = conflict_files.asked(query.parts())
    found = all_conflicts.page(access.store(), wanted, access.visible, access.seen(), query.before, query.limit)
    rows = [ListedConflict(document=HitShape.of(one.document), conflict=_conflict(one.told)) for one in found.rows]
    return answer(ConflictList(conflicts=rows, before=found.before))


class Open(BaseModel):
    """A citation that may mean more than one document."""

    id: int
    document: HitShape
    relation: str
    printed: str
    page: int | None
    candidates: list[HitShape]


class AmbiguousShape(BaseModel):
    """Citations that a person must settle."""

    citations: list[Open]


class CitationPath(BaseModel):
    """A citation by its ID."""

    citation_id: int = Field(ge=1, le=2**53)


class Target(BaseModel):
    """The document that a citation means; null: one not on record."""

    target: int | None = Field(ge=1, le=2**53)
    revision: int | None = Field(None, ge=0)


class Meant(BaseModel):
    """The document whose citation was settled."""

    document: int


@calls.get("/api/citations/ambiguous", responses={200: AmbiguousShape})
def ambiguous() -> Any:
    """Citations that may mean more than one document."""
    rows = trail_views.ambiguous(access.store(), access.visible)
    return answer(AmbiguousShape(citations=[_open(found, one) for found, one in rows]))


@calls.post("/api/citations/<int:citation_id>", responses={200: Meant})
def settle(path: CitationPath, body: Target) -> Any:
    """Fixes which document a citation means."""
    return answer(Meant(document=by_hand.settle(path.citation_id, body.target, body.revision)))


@calls.get("/api/audit", responses={200: AuditTrail})
def audit_trail(query: AuditQuery) -> Any:
    """Rows of the audit trail, newest first, and the check of chain, seals and sealed records."""
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


def _conflict(one: trail_views.WordedConflict) -> ConflictShape:
    return ConflictShape(
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


def _open(found: StoredDocument, one: trail_views.OutgoingCitation) -> Open:
    row = one.row
    return Open(
        id=row.id,
        document=HitShape.of(found),
        relation=row.relation,
        printed=row.printed,
        page=row.page,
        candidates=[HitShape.of(candidate) for candidate in one.candidates],
    )


def _line(one: TreeLine) -> TreeLineShape:
    return TreeLineShape(
        depth=one.depth,
        document=HitShape.of(one.document),
        relation=one.relation,
        again=one.again,
        apart=one.apart,
        gaps=list(one.gaps),
        ended=one.ended,
    )
