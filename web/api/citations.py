"""The programs' side of citations by hand: targets, add, confirm, remove, undo, and their history."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.queries import citations as trail_views
from web import access
from web.api.documents import DocumentPath
from web.api.shapes import PROBLEMS, SECURITY, HitShape, answer
from web.services import citations as by_hand

calls = APIBlueprint("api_citations", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class CitationAsked(BaseModel):
    """A citation by its ID."""

    citation_id: int = Field(ge=1, le=2**53)


class TargetAsked(BaseModel):
    """A number in any spelling, or an ID."""

    q: str = Field(min_length=1, max_length=100)


class TargetsShape(BaseModel):
    """The documents that it may mean, as far as the caller may see them."""

    documents: list[HitShape]


class TypedCitation(BaseModel):
    """A citation as a person typed it: the words of the paper, or number, day and issuer apart."""

    relation: str = Field("refers", max_length=20)
    text: str = Field(
        "", max_length=1000, description="The words of the paper; their place in the text is found by them."
    )
    number: str = Field("", max_length=100)
    date: str = Field("", max_length=40)
    issuer: str = Field("", max_length=500)
    doc_type: str = Field("", max_length=100)
    title: str = Field("", max_length=500)
    provision: str = Field("", max_length=300)
    page: int | None = Field(None, ge=1, le=100_000)
    target: int | None = Field(None, ge=1, le=2**53, description="The document it means; null: it is found.")
    revision: int | None = Field(None, ge=0)


class CitationSeen(BaseModel):
    """The record as the person saw it."""

    revision: int | None = Field(None, ge=0)


class CitationRemoved(CitationSeen):
    """Reason why it is no citation."""

    reason: str = Field("", max_length=1000)


class CitationUndone(CitationSeen):
    """The change to undo: its `row` in the history; null: the newest in force."""

    row: int | None = Field(None, ge=1, le=2**53)


class CitationMade(BaseModel):
    """A citation and the document that cites."""

    document: int
    citation: int | None


class CitationEdit(BaseModel):
    """One change by hand."""

    row: int
    at: str = Field(description="ISO 8601 with its zone, UTC.")
    actor: str
    action: str
    citation: int
    printed: str
    was: int | None
    target: int | None
    reason: str
    undone: bool
    can_undo: bool


class CitationEdits(BaseModel):
    """The changes by hand to a document's citations, newest first."""

    history: list[CitationEdit]


@calls.get("/api/citations/targets", responses={200: TargetsShape})
def targets(query: TargetAsked) -> Any:
    """Documents that a citation may be settled to."""
    return answer(TargetsShape(documents=[HitShape.of(one) for one in by_hand.targets(query.q)]))


@calls.post("/api/documents/<int:document_id>/citations", responses={200: CitationMade})
def add(path: DocumentPath, body: TypedCitation) -> Any:
    """Add a citation that the reading lacks."""
    found = access.document(path.document_id)
    parts = {name: getattr(body, name) for name in ("relation", *by_hand.SEPARATE)}
    made = by_hand.add(found, by_hand.Typed.of(parts, body.page, body.target), body.revision)
    return answer(CitationMade(document=found.id, citation=made))


@calls.post("/api/citations/<int:citation_id>/confirm", responses={200: CitationMade})
def confirm(path: CitationAsked, body: CitationSeen) -> Any:
    """Notes that a doubtful citation was read right."""
    document = by_hand.confirm(path.citation_id, body.revision)
    return answer(CitationMade(document=document, citation=path.citation_id))


@calls.post("/api/citations/<int:citation_id>/remove", responses={200: CitationMade})
def remove(path: CitationAsked, body: CitationRemoved) -> Any:
    """Remove a false citation; undo restores it."""
    document = by_hand.remove(path.citation_id, body.reason, body.revision)
    return answer(CitationMade(document=document, citation=path.citation_id))


@calls.post("/api/documents/<int:document_id>/citations/undo", responses={200: CitationMade})
def undo(path: DocumentPath, body: CitationUndone) -> Any:
    """Undo one change by hand to a document's citations."""
    found = access.document(path.document_id)
    records.undo_citation(access.store(), found.id, body.row, access.user().name, body.revision)
    return answer(CitationMade(document=found.id, citation=None))


@calls.get("/api/documents/<int:document_id>/citations/history", responses={200: CitationEdits})
def history(path: DocumentPath) -> Any:
    """The changes by hand to a document's citations, newest first."""
    found = access.document(path.document_id)
    names = ("row", "actor", "action", "citation", "printed", "was", "target", "reason", "undone", "can_undo")
    told = [
        CitationEdit(at=one.at.replace(tzinfo=UTC).isoformat(), **{name: getattr(one, name) for name in names})
        for one in trail_views.edits(access.store(), found.id, access.visible)
    ]
    return answer(CitationEdits(history=told))
