"""API of the review desk: accept, correct, withdraw, read again, and the history of a record."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.file import FileStorage
from pydantic import BaseModel, Field

from corpus import records
from corpus.errors import Problem
from corpus.lifecycle import corrections
from corpus.numbering import typed_days
from corpus.queries import review_queue
from web import access
from web.api.documents import DocumentPath, record
from web.api.shapes import PROBLEMS, SECURITY, History, Limited, Record, answer
from web.services import review, uploads

calls = APIBlueprint("api_desk", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class Confirm(BaseModel):
    """Doubts that the person passes on a second look, by the codes that the problem `doubtful` has listed."""

    confirm: list[str] = Field(default_factory=list, max_length=50)


class Values(Confirm):
    """New values by field name, as the person saw the record at `revision`;
    lists for addressees and recipients.
    """

    revision: int = Field(ge=0)
    values: dict[str, str | list[str]] = Field(default_factory=dict)

    def typed(self) -> dict[str, object]:
        """The values with the date as the store has it; `27/4/2022` is as good as ISO 8601."""
        days = {
            name: typed_days.iso(day) for name in corrections.DAYS if isinstance(day := self.values.get(name), str)
        }
        return {**self.values, **days}


class LimitsShape(BaseModel):
    """Names of the groups that may see a document; none: everybody."""

    groups: list[str] = Field(default_factory=list, max_length=100)


class PageAsked(BaseModel):
    """The page to be read again; none: all of them."""

    page: int | None = Field(None, ge=1, le=100_000)


class Reason(BaseModel):
    """Reason for withdrawing or purging a document."""

    reason: str = Field(min_length=1, max_length=1000)
    revision: int | None = Field(None, ge=0)


class Release(BaseModel):
    """The refused file once more, and the reason why it is not classified."""

    file: FileStorage
    reason: str = Field(min_length=1, max_length=1000)


class Seen(BaseModel):
    """The revision that the person saw."""

    revision: int | None = Field(None, ge=0)


class Undone(Seen, Confirm):
    """The change to undo: its `row` in the history; null: the newest in force."""

    row: int | None = Field(None, ge=1, le=2**53)


class Common(Confirm):
    """One value for one field of several documents."""

    documents: list[int] = Field(min_length=1, max_length=review_queue.MOST)
    field: str = Field(max_length=40)
    value: str = Field(max_length=4000)


class Changed(BaseModel):
    """Number of documents changed."""

    changed: int


@calls.post("/api/documents/<int:document_id>/accept", responses={200: Record})
def accept(path: DocumentPath, body: Values) -> Any:
    """Put a document on record with these values; `doubtful` lists the doubts to be confirmed first."""
    found = access.document(path.document_id)
    _nothing_unknown()
    actor, by = access.user().name, access.belongs()
    records.accept(access.store(), found.id, body.typed(), actor, body.revision, confirm=body.confirm, by=by)
    return jsonify(record(access.document(found.id)))


@calls.post("/api/documents/<int:document_id>/correct", responses={200: Record})
def correct(path: DocumentPath, body: Values) -> Any:
    """Change fields of a record; `doubtful` lists the doubts to be confirmed first."""
    found = access.document(path.document_id)
    _nothing_unknown()
    actor, by = access.user().name, access.belongs()
    records.correct(access.store(), found.id, body.typed(), actor, body.revision, confirm=body.confirm, by=by)
    return jsonify(record(access.document(found.id)))


def _nothing_unknown() -> None:
    """Raise Problem("bad_request") for an unknown key: its meaning would be lost silently.

    Called after the document was found: a person who may not know of it gets the same answer whatever is sent.
    """
    if unknown := set(request.get_json()) - set(Values.model_fields):
        raise Problem("bad_request", why=f"không có mục «{min(unknown)[:50]}»")


@calls.post("/api/documents/<int:document_id>/withdraw", responses={200: Record})
def withdraw(path: DocumentPath, body: Reason) -> Any:
    """Withdraw a document, with a reason."""
    found = access.document(path.document_id)
    records.withdraw(access.store(), found.id, body.reason, access.user().name, body.revision)
    return jsonify(record(access.document(found.id)))


@calls.post("/api/documents/<int:document_id>/retry", responses={202: Record})
def retry(path: DocumentPath, query: PageAsked) -> Any:
    """Read a document again, or one page of it.

    One in review or on record keeps its state until the new reading is there, which leaves alone what a person
    decided.
    """
    found = access.document(path.document_id)
    records.retry(access.store(), found.id, access.user().name, query.page)
    return jsonify(record(access.document(found.id))), 202


@calls.post("/api/documents/<int:document_id>/release", responses={202: Record})
def release(path: DocumentPath, form: Release) -> Any:
    """Overrule a false alarm of the secrecy gate with the refused file and a reason."""
    found = access.document(path.document_id)
    uploads.take_released(found)
    return jsonify(record(access.document(found.id))), 202


@calls.post("/api/documents/<int:document_id>/classify", responses={200: Record})
def classify(path: DocumentPath, body: Reason) -> Any:
    """Purge a classified document (văn bản mật): file, text, pictures, record; for good."""
    found = access.document(path.document_id)
    records.classify(access.store(), found.id, body.reason, access.user().name, body.revision)
    return jsonify(record(access.document(found.id)))


@calls.post("/api/documents/<int:document_id>/reinstate", responses={200: Record})
def reinstate(path: DocumentPath, body: Seen) -> Any:
    """Bring a withdrawn document back to review."""
    found = access.document(path.document_id)
    records.reinstate(access.store(), found.id, access.user().name, body.revision)
    return jsonify(record(access.document(found.id)))


@calls.post("/api/documents/<int:document_id>/undo", responses={200: Record})
def undo(path: DocumentPath, body: Undone) -> Any:
    """Undo one change; undoing an acceptance brings the document back to review."""
    found = access.document(path.document_id)
    actor, by = access.user().name, access.belongs()
    records.undo(access.store(), found.id, body.row, actor, body.revision, confirm=body.confirm, by=by)
    return jsonify(record(access.document(found.id)))


@calls.post("/api/corrections", responses={200: Changed})
def correct_all(body: Common) -> Any:
    """Set one field of several documents; each is a correction of its own, with its history."""
    return answer(Changed(changed=review.correct_all(body.documents, body.field, body.value, body.confirm)))


@calls.post("/api/documents/<int:document_id>/groups", responses={200: Limited})
def limit(path: DocumentPath, body: LimitsShape) -> Any:
    """Limit a document to groups of users; a clerk to his own only."""
    found = access.document(path.document_id)
    names = records.limit(access.store(), found.id, body.groups, access.user().name, access.belongs())
    return jsonify({"id": found.id, "groups": names})


@calls.get("/api/documents/<int:document_id>/history", responses={200: History})
def history(path: DocumentPath) -> Any:
    """The changes to a record, oldest first."""
    found = access.document(path.document_id)
    with access.store().db.reading() as session:
        changes = corrections.history(session, found.id)
    names = ("row", "actor", "action", "before", "after", "undone", "can_undo", "passed")
    told = [{"at": f"{one.at}+00:00"} | {name: getattr(one, name) for name in names} for one in changes]
    return jsonify({"history": told})
