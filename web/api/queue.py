"""API of the review queue: waiting documents with reasons, holds, boxes read again, recent uploads."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.lifecycle import holds
from corpus.queries import desk_names, review_queue
from web import access
from web.api.documents import DocumentPath, SuggestQuery, Window
from web.api.shapes import PROBLEMS, SECURITY, Names, Record, Records, answer
from web.services import review, uploads

calls = APIBlueprint("api_queue", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class WaitingShape(BaseModel):
    """A document that waits for a person, with the reasons."""

    document: Record
    fields: list[str] = Field(description="What is in doubt, in the words of the pages.")
    notes: list[str]
    twin: bool = Field(description="Another document bears its number, issuer and year.")
    held_by: str | None = Field(description="Who has it open.")


class Queue(BaseModel):
    """Waiting documents, oldest first."""

    total: int
    waiting: list[WaitingShape]


class After(BaseModel):
    """The document to be skipped."""

    after: int | None = Field(None, ge=1, le=2**53)


class Next(BaseModel):
    """The document on hold for the caller now; null if none waits."""

    document: int | None


class Holder(BaseModel):
    """The person who has a document open."""

    holder: str


class SignerShape(BaseModel):
    """A person who signed a paper on record, in that capacity; empty texts for none."""

    name: str
    authority: str
    title: str


class SignersShape(BaseModel):
    """Signers for a completion."""

    signers: list[SignerShape]


class BoxShape(BaseModel):
    """A box on a page, in fractions of it, and the field to read it for."""

    page: int = Field(ge=1, le=100_000)
    field: str = Field(max_length=40)
    box: tuple[float, float, float, float] = Field(description="Left, top, right, bottom.")


class BoxText(BaseModel):
    """Print of the box in the form that the field wants, and the values of the field's own reader, best first."""

    text: str
    values: list[str]


class Sent(BaseModel):
    """A recently uploaded document, and its progress."""

    document: Record
    progress: dict[str, Any] | None
    fault: str = Field(description="Why it was refused or could not be read.")


class Received(BaseModel):
    """Recent uploads, newest first."""

    received: list[Sent]


@calls.get("/api/queue", responses={200: Queue})
def queue(query: Window) -> Any:
    """Documents that wait for a person, oldest first, with reasons and holds."""
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
    """Hold the document that has waited longest and that no colleague has open."""
    found = records.hold_next(access.store(), access.user().name, body.after, access.belongs())
    return answer(Next(document=found))


@calls.post("/api/documents/<int:document_id>/hold", responses={200: Holder})
def hold(path: DocumentPath) -> Any:
    """Take or renew the hold of a document; a colleague's is kept."""
    holder, _ = records.acquire_hold(access.store(), access.document(path.document_id).id, access.user().name)
    return answer(Holder(holder=holder))


@calls.post("/api/documents/<int:document_id>/spot", responses={200: BoxText})
def reread_box(path: DocumentPath, body: BoxShape) -> Any:
    """Read a box of a page again, for one field."""
    found = access.content(path.document_id)
    read = review.read_box(found, body.page, body.field, list(body.box))
    return answer(BoxText(text=read.text, values=list(read.values)))


@calls.get("/api/documents/<int:document_id>/twins", responses={200: Records})
def twins(path: DocumentPath) -> Any:
    """Other documents with the same number, issuer and year."""
    found = review.twins(access.document(path.document_id))
    return answer(Records(documents=[Record.of(one) for one in found]))


@calls.get("/api/names", responses={200: Names})
def names(query: SuggestQuery) -> Any:
    """Names of bodies that the typed words may mean: those on record first, then the authority list's."""
    return answer(Names(names=desk_names.body_names(access.store(), query.q, access.seen())))


@calls.get("/api/signers", responses={200: SignersShape})
def signers(query: SuggestQuery) -> Any:
    """Signers on record whose name the typed words may mean, each with a capacity; the most frequent first."""
    found = desk_names.signers(access.store(), query.q, access.seen())
    return answer(SignersShape(signers=[SignerShape(**asdict(one)) for one in found]))


@calls.get("/api/received", responses={200: Received})
def received() -> Any:
    """The caller's recent uploads, newest first, with their progress."""
    rows = uploads.sent_in()
    told = [Sent(document=Record.of(one["found"]), progress=one["progress"], fault=one["fault"]) for one in rows]
    return answer(Received(received=told))


def _waiting(row: review_queue.QueueRow, held: tuple[str, Any] | None) -> WaitingShape:
    return WaitingShape(
        document=Record.of(row.found),
        fields=list(row.fields),
        notes=list(row.notes),
        twin=row.twin,
        held_by=held[0] if held else None,
    )
