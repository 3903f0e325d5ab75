"""API of acts on pages: new documents made of the pages of others, and the way back."""

from __future__ import annotations

from typing import Any, Literal

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from web import access
from web.api.documents import DocumentPath
from web.api.shapes import PROBLEMS, SECURITY, answer
from web.services import page_works
from web.services.page_works import PlannedPage

calls = APIBlueprint("api_sheets", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class PlannedShape(BaseModel):
    """One page of a new document: its document and number, and the degrees by which it is turned clockwise."""

    document: int = Field(ge=1, le=2**53)
    page: int = Field(ge=1, le=100_000)
    turn: Literal[0, 90, 180, 270] = 0


class PagePlan(BaseModel):
    """The new documents, each as a list of pages; pages that no list names are left out."""

    parts: list[list[PlannedShape]] = Field(min_length=1, max_length=2000)
    revisions: dict[int, int] = Field(
        description="Each document that is taken apart → the revision that was seen."
    )
    reason: str = Field(min_length=1, max_length=500)


class MadeDocuments(BaseModel):
    """IDs of documents: those that were made, or that are back in review."""

    documents: list[int]


@calls.post("/api/documents/<int:document_id>/pages", responses={202: MadeDocuments})
def change(path: DocumentPath, body: PagePlan) -> Any:
    """Turn, split, merge, reorder or leave out pages: new documents are made and read, the old ones withdrawn."""
    first = access.document(path.document_id)
    plan = [
        PlannedPage(one.document, one.page, one.turn, begins=at == 0)
        for part in body.parts
        for at, one in enumerate(part)
    ]
    seen: dict[int, int | None] = {first.id: body.revisions.get(first.id, -1)}
    seen |= {one: revision for one, revision in body.revisions.items() if one != first.id}
    return answer(MadeDocuments(documents=page_works.change(plan, seen, body.reason))), 202


@calls.post("/api/documents/<int:document_id>/pages/undo", responses={200: MadeDocuments})
def undo(path: DocumentPath) -> Any:
    """Undo the last act on the pages of a document: what it made is withdrawn, what it took out is in review."""
    return answer(MadeDocuments(documents=page_works.undo(path.document_id)))
