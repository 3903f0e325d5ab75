"""Files taken in, their outcomes, and what was sent in lately."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, BinaryIO, cast

from flask import request, url_for
from sqlalchemy import select

from corpus.database.connection import utc_now
from corpus.database.models import Document, Job
from corpus.errors import Language, Problem, caution_message
from corpus.lifecycle import history
from ingest import receive
from web import access
from web.present import fields

_SHOWN_FOR = timedelta(days=3)
_MOST = 100


def take_released(found: Document) -> None:
    """The request's file and reason, for the document they are about."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Problem("bad_request", why="chưa chọn tệp nào")
    reason, actor = request.form.get("reason", ""), access.user().name
    receive.take_released(access.store(), cast(BinaryIO, sent.stream), sent.filename, found, reason, actor)


def take_all() -> list[dict[str, Any]]:
    """Takes every file of the request; the contract's shape of an outcome, one per file or ZIP member."""
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        raise Problem("bad_request", why="chưa chọn tệp nào")
    limited_to = tuple(name for name in request.form.getlist("group")[:_MOST] if name.strip())
    terms = receive.Terms(access.user().name, limited_to=limited_to, by=access.belongs())
    store = access.store()
    outcomes = [
        one
        for file in sent
        for one in receive.take(store, cast(BinaryIO, file.stream), file.filename or "?", terms)
    ]
    return [_told(one) for one in outcomes]


def _told(outcome: receive.Outcome) -> dict[str, Any]:
    problem, receipt = outcome.problem, outcome.receipt
    document_id = receipt.document_id if receipt else None
    if problem is not None and problem.code == "limit_differs":
        document_id = int(str(problem.facts["document"]))
    if document_id in access.hidden():
        # These bytes are held already, for others only: that is all that may be told.
        document_id = None
    return {
        "name": outcome.name,
        "status": receipt.status if receipt else "refused",
        "document": document_id,
        "code": problem.code if problem else None,
        "message": problem.message(access.store().settings.lang) if problem else None,
        "url": url_for("lookup.document", document_id=document_id) if document_id else None,
        "note": withdrawal_note(receipt.withdrawn) if document_id and receipt and receipt.withdrawn else None,
    }


def withdrawal_note(back: history.Withdrawal, language: Language | None = None) -> str:
    """The sentence for who sends a document in again that had been withdrawn."""
    language = language or access.store().settings.lang
    facts = {"by": back.by, "at": fields.moment(back.at), "reason": back.reason or "–"}
    return caution_message("withdrawn_before", language, **facts)


def sent_in() -> list[dict[str, Any]]:
    """What this person sent in of late, newest first; waiting and failed ones of everybody for the administrator."""
    mine = Document.received_by == access.user().name
    recent = Document.received_at > utc_now() - _SHOWN_FOR
    with access.store().db.reading() as session:
        documents = session.scalars(
            select(Document)
            .where(mine, recent, access.seen())
            .order_by(Document.received_at.desc(), Document.id.desc())
            .limit(_MOST)
        ).all()
        jobs = session.scalars(
            select(Job).where(Job.document_id.in_([one.id for one in documents])).order_by(Job.id)
        ).all()
    progress = {job.document_id: job.progress for job in jobs if job.state == "running"}
    return [{"found": one, "progress": progress.get(one.id), "fault": fault_of(one)} for one in documents]


def fault_of(found: Document) -> str:
    """The sentence that tells why a document was refused or could not be read."""
    if not found.fault:
        return ""
    facts = {"name": found.name, **found.fault.get("facts", {})}
    return Problem(found.fault["code"], **facts).message(access.store().settings.lang)
