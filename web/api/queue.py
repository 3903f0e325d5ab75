"""The programs' side of the queue: what waits and why, who has what open, a spot read again, what was sent in."""

from __future__ import annotations

from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.lifecycle import holds
from corpus.queries import review_queue
from web import access
from web.api.documents import DocumentPath, SuggestQuery, Window
from web.api.shapes import PROBLEMS, SECURITY, Names, Record, Records, answer
from web.services import review, uploads

calls = APIBlueprint("api_queue", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class Waiting(BaseModel):
    """A document that waits for a person, and why."""

    document: Record
    fields: list[str] = Field(description="What is in doubt, in the words of the pages.")
    notes: list[str]
    twin: bool = Field(description="Another document bears its number, issuer and year.")
    held_by: str | None = Field(description="Who has it open.")


class Queue(BaseModel):
    """What waits, oldest first."""

    total: int
    waiting: list[Waiting]


class After(BaseModel):
    """The document that is left for later."""

    after: int | None = Field(None, ge=1, le=2**53)


class Next(BaseModel):
    """The document that is the caller's now; null when none waits."""

    document: int | None


class Holder(BaseModel):
    """Who has a document open."""

    holder: str


class Box(BaseModel):
    """A box on a page, in fractions of it, and the field that it is read for."""

    page: int = Field(ge=1, le=100_000)
    field: str = Field(max_length=40)
    box: tuple[float, float, float, float] = Field(description="Left, top, right, bottom.")


class Read(BaseModel):
    """What stands there, in the form that the field wants."""

    text: str


class Sent(BaseModel):
    """A document that was sent in of late, and how far it has come."""

    document: Record
    progress: dict[str, Any] | None
    fault: str = Field(description="Why it was refused or could not be read.")


class Received(BaseModel):
    """What was sent in of late, newest first."""

    received: list[Sent]


@calls.get("/api/queue", responses={200: Queue})
def queue(query: Window) -> Any:
    """Documents that wait for a person, oldest first, with the reasons and who has them open."""
    store, seen = access.store(), access.seen()
    with store.db.reading() as session:
        held = holds.held(session)
    rows = review_queue.rows(store, seen)[query.offset : query.offset + query.limit]
    return answer(
        Queue(
            total=review_queue.count(store, seen), waiting=[_waiting(one, held.get(one.found.id)) for one in rows]
        )
    )


@calls.post("/api/queue/next", responses={200: Next})
def following(body: After) -> Any:
    """Opens the document that has waited longest and that no colleague has open."""
    found = records.hold_next(access.store(), access.user().name, body.after, access.belongs())
    return answer(Next(document=found))


@calls.post("/api/documents/<int:document_id>/hold", responses={200: Holder})
def hold(path: DocumentPath) -> Any:
    """Opens a document, or renews that; a colleague who has it open keeps it."""
    holder, _ = records.hold(access.store(), access.document(path.document_id).id, access.user().name)
    return answer(Holder(holder=holder))


@calls.post("/api/documents/<int:document_id>/spot", responses={200: Read})
def spot(path: DocumentPath, body: Box) -> Any:
    """Reads again what stands in a box on a page, for one field."""
    found = access.content(path.document_id)
    return answer(Read(text=review.read_box(found, body.page, body.field, list(body.box))))


@calls.get("/api/documents/<int:document_id>/twins", responses={200: Records})
def twins(path: DocumentPath) -> Any:
    """Other documents with the same number, issuer and year."""
    found = review.twins(access.document(path.document_id))
    return answer(Records(documents=[Record.of(one) for one in found]))


@calls.get("/api/names", responses={200: Names})
def names(query: SuggestQuery) -> Any:
    """Names of bodies that hold what was typed: those on record first, then the authority list's."""
    return answer(Names(names=review_queue.names(access.store(), query.q, access.seen())))


@calls.get("/api/received", responses={200: Received})
def received() -> Any:
    """What the caller sent in of late, newest first, and how far it has come."""
    rows = uploads.sent_in()
    told = [Sent(document=Record.of(one["found"]), progress=one["progress"], fault=one["fault"]) for one in rows]
    return answer(Received(received=told))


def _waiting(row: review_queue.Row, held: tuple[str, Any] | None) -> Waiting:
    return Waiting(
        document=Record.of(row.found),
        fields=list(row.fields),
        notes=list(row.notes),
        twin=row.twin,
        held_by=held[0] if held else None,
    )
