"""Uploads: files taken in, their outcomes, and recent uploads of a person."""

from __future__ import annotations

from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO, cast

from flask import request, url_for
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from corpus.database.connection import utc_now
from corpus.database.models import Document, Job
from corpus.database.read_only import StoredDocument
from corpus.database.store import Store
from corpus.errors import Language, Problem, caution_message
from corpus.lifecycle import history
from ingest import receive
from ingest.views.batch_parts import SEPARATORS
from web import access
from web.present import fields

_SHOWN_FOR = timedelta(days=3)
"""Age up to which an upload counts as recent."""
_MOST = 100
"""Most uploads listed, and most groups of one upload."""


def take_released(found: Document) -> None:
    """Take the request's file and reason that overrule the secrecy mark of a document. Raises
    Problem("bad_request").
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Problem("bad_request", why="chưa chọn tệp nào")
    reason, actor = request.form.get("reason", ""), access.user().name
    receive.take_released(access.store(), cast(BinaryIO, sent.stream), sent.filename, found, reason, actor)


def take_all() -> list[dict[str, Any]]:
    """Take every file of the request; return the contract's outcomes, one a file or ZIP member.

    Raises Problem("bad_request") without a file.
    """
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        raise Problem("bad_request", why="chưa chọn tệp nào")
    limited_to = tuple(name for name in request.form.getlist("group")[:_MOST] if name.strip())
    chosen = request.form.get("separator", "")
    separator = next((one for one in SEPARATORS if one == chosen), None)
    if chosen and separator is None:
        raise Problem("bad_request", why=f"separator: {chosen[:20]}")
    terms = receive.UploadOptions(
        access.user().name, limited_to=limited_to, by=access.belongs(), separator=separator
    )
    store = access.store()
    if request.form.get("joined") in ("1", "true"):
        return [_to_json(one) for one in _take_joined(store, sent, terms)]
    outcomes = [
        one
        for file in sent
        for one in receive.take(store, cast(BinaryIO, file.stream), file.filename or "?", terms)
    ]
    return [_to_json(one) for one in outcomes]


def _take_joined(store: Store, sent: list[FileStorage], terms: receive.UploadOptions) -> list[receive.Outcome]:
    """Take the photos of the request as the pages of one document, turned as the sender turned them."""
    turns = request.form.getlist("turn")
    photos = [
        receive.Photo(cast(BinaryIO, file.stream), file.filename or "?", _degrees(turn))
        for file, turn in zip_longest(sent, turns[: len(sent)], fillvalue="0")
        if isinstance(file, FileStorage)
    ]
    typed = " ".join(request.form.get("name", "").split())[:200] or Path(photos[0].name).stem
    name = typed if typed.lower().endswith(".pdf") else f"{typed}.pdf"
    return receive.take_joined(store, photos, name, terms)


def _degrees(turn: object) -> int:
    return int(turn) if turn in ("0", "90", "180", "270") else 0


def _to_json(outcome: receive.Outcome) -> dict[str, Any]:
    problem, receipt = outcome.problem, outcome.receipt
    document_id = receipt.document_id if receipt else None
    if problem is not None and problem.code == "limit_differs":
        document_id = int(str(problem.facts["document"]))
    if document_id in access.hidden():
        # Bytes on record, for others only: no more may be revealed.
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
    """Sentence for the sender of a document that had been withdrawn before."""
    language = language or access.store().settings.lang
    facts = {"by": back.by, "at": fields.moment(back.at), "reason": back.reason or "–"}
    return caution_message("withdrawn_before", language, **facts)


def sent_in() -> list[dict[str, Any]]:
    """Recent uploads of this person, newest first; waiting and failed ones of everybody for administrators."""
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


def fault_of(found: StoredDocument) -> str:
    """Sentence about the refusal or failed reading of a document."""
    if not found.fault:
        return ""
    facts = {"name": found.name, **found.fault.get("facts", {})}
    return Problem(found.fault["code"], **facts).message(access.store().settings.lang)
