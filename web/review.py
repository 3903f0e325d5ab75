"""The review desk: what waits for a person, and the form beside the scan that puts it on record."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from corpus import doctypes, records
from corpus.corrections import EDITABLE, MANY
from corpus.errors import Problem
from corpus.models import Document
from web import access, intake, shown

pages = Blueprint("review", __name__)

_MOST_ISSUERS = 400


@pages.get("/can-xem")
def queue() -> ResponseReturnValue:
    """Documents that wait for a person, oldest first, with the reasons; failed ones below."""
    return render_template("review/queue.html", waiting=_with("review"), failed=_failed(), labels=shown.LABELS)


@pages.get("/can-xem/<int:document_id>")
def form(document_id: int) -> ResponseReturnValue:
    """The form of one document beside its scan."""
    return _form(access.document(document_id))


@pages.post("/can-xem/<int:document_id>")
def accept(document_id: int) -> ResponseReturnValue:
    """Puts it on record (or corrects a record) and goes to the next; on a conflict nothing typed is lost."""
    found = access.document(document_id)
    values = _values()
    revision = request.form.get("revision", type=int)
    act = records.correct if found.status == "accepted" else records.accept
    try:
        act(access.store(), document_id, values, access.user().name, revision if revision is not None else -1)
    except Problem as problem:
        if problem.code not in ("stale", "bad_value", "wrong_state"):
            raise
        return _form(access.document(document_id), typed=values, problem=problem), problem.fault.status
    following = _next(document_id)
    if found.status == "accepted" or following is None:
        return redirect(url_for("lookup.document", document_id=document_id), 303)
    return redirect(url_for("review.form", document_id=following), 303)


@pages.post("/van-ban/<int:document_id>/thu-hoi")
def withdraw(document_id: int) -> ResponseReturnValue:
    """Takes a document back, with a reason."""
    found = access.document(document_id)
    reason = request.form.get("reason", "")
    records.withdraw(access.store(), found.id, reason, access.user().name, request.form.get("revision", type=int))
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/van-ban/<int:document_id>/hoan-tac/<int:row>")
def undo(document_id: int, row: int) -> ResponseReturnValue:
    """Takes one correction back."""
    found = access.document(document_id)
    records.undo(access.store(), found.id, row, access.user().name, request.form.get("revision", type=int))
    return redirect(url_for("lookup.document", document_id=document_id), 303)


def _form(found: Document, typed: dict[str, Any] | None = None, problem: Problem | None = None) -> str:
    """The form, flagged fields first; `typed` values stand in the fields, what the store holds beside them."""
    entries = sorted(shown.entries(found), key=lambda entry: not entry.review)
    values = {entry.name: entry.value for entry in entries}
    for name, value in (typed or {}).items():
        values[name] = "\n".join(value) if isinstance(value, list) else value
    return render_template(
        "review/form.html",
        found=found,
        entries=entries,
        values=values,
        problem=problem.message(access.store().settings.lang) if problem else "",
        sheets=shown.sheets(access.store(), found, []),
        waiting=_count(),
        fault=intake.fault_of(found),
        doc_types=doctypes.doc_types(),
        issuers=_issuers(),
        editable=found.status in ("review", "failed", "accepted"),
        twins=_twins(found),
    )


def _values() -> dict[str, object]:
    """The fields of the form; lists are one item a line."""
    sent = {name: request.form[name] for name in EDITABLE if name in request.form}
    return {
        name: [line for line in text.splitlines() if line.strip()] if name in MANY else text
        for name, text in sent.items()
    }


def _with(status: str) -> list[Document]:
    rows = select(Document).where(Document.status == status).order_by(Document.received_at, Document.id)
    with access.store().db.reading() as session:
        return list(session.scalars(rows.limit(200)))


def _failed() -> list[tuple[Document, str]]:
    return [(one, intake.fault_of(one)) for status in ("failed", "refused") for one in _with(status)]


def _next(document_id: int) -> int | None:
    """The document that has waited longest."""
    rows = select(Document.id).where(Document.status == "review", Document.id != document_id)
    with access.store().db.reading() as session:
        return session.scalar(rows.order_by(Document.received_at, Document.id).limit(1))


def _count() -> int:
    with access.store().db.reading() as session:
        return session.scalar(select(func.count()).where(Document.status == "review")) or 0


def _issuers() -> list[str]:
    rows = select(Document.issuer).where(Document.issuer.is_not(None)).group_by(Document.issuer)
    with access.store().db.reading() as session:
        found = session.scalars(rows.order_by(func.count().desc()).limit(_MOST_ISSUERS))
        return [name for name in found if name]


def _twins(found: Document) -> list[Document]:
    """Other documents with the same number, issuer and year: the clerk decides (Nghị định 30/2020/NĐ-CP, Phụ lục VI)."""
    if not found.number_key:
        return []
    same = (
        select(Document)
        .where(Document.number_key == found.number_key, Document.issuer_key == found.issuer_key)
        .where(Document.year == found.year, Document.id != found.id)
        .where(Document.status.in_(("review", "accepted")))
    )
    with access.store().db.reading() as session:
        return list(session.scalars(same.limit(10)))
