"""Upload: files come in one by one, and their way to the finished record is told without a reload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, BinaryIO, cast

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from corpus import records
from corpus.access import groups
from corpus.database.connection import utc_now
from corpus.database.models import Document, Job
from corpus.errors import Language, Problem, caution_message
from corpus.lifecycle import history, reread
from corpus.lifecycle.intake import is_classified
from web import access, reception, shown

pages = Blueprint("intake", __name__)

_SHOWN_FOR = timedelta(days=3)
_MOST = 100


@pages.route("/tai-len", methods=["GET", "POST"])
def upload() -> ResponseReturnValue:
    """The upload page; each file is answered with what became of it."""
    if request.method == "GET":
        return _page()
    told = take_all()
    if request.headers.get("X-Vanban") == "1":
        return jsonify({"files": told})
    refused = [one for one in told if one["status"] == "refused"]
    notes = [one for one in told if one["note"]]
    if not refused and not notes:
        return redirect(url_for("intake.upload"), 303)
    return _page(refused, notes), 422 if refused else 200


@pages.get("/tai-len/danh-sach")
def received() -> ResponseReturnValue:
    """The rows of the upload page, as they stand now."""
    return render_template("intake/rows.html", rows=sent_in())


@pages.post("/van-ban/<int:document_id>/thu-lai")
def retry(document_id: int) -> ResponseReturnValue:
    """Reads a document again, or the page of it that the form names."""
    found = access.document(document_id)
    records.retry(access.store(), found.id, access.user().name, request.form.get("page", type=int))
    if found.status in reread.STANDING:
        return redirect(url_for("lookup.document", document_id=document_id), 303)
    return redirect(url_for("intake.upload"), 303)


@pages.route("/van-ban/<int:document_id>/khong-mat", methods=["GET", "POST"])
def release(document_id: int) -> ResponseReturnValue:
    """Overrules a false alarm of the secrecy gate: the clerk's reason, and the file once more, since nothing of it was kept."""
    found = access.document(document_id)
    if request.method == "GET":
        return render_template("intake/release.html", found=found, fault=fault_of(found))
    take_released(found)
    return redirect(url_for("intake.upload"), 303)


@pages.route("/van-ban/<int:document_id>/mat", methods=["GET", "POST"])
def classify(document_id: int) -> ResponseReturnValue:
    """Purges a document that a person sees to be classified: what it does is said first, and confirmed with a reason."""
    found = access.document(document_id)
    if request.method == "GET":
        return _classify_page(found)
    reason, revision = request.form.get("reason", ""), request.form.get("revision", type=int)
    try:
        if request.form.get("confirm") != "1":
            raise Problem("bad_request", why="chưa đánh dấu xác nhận")
        records.classify(access.store(), found.id, reason, access.user().name, revision)
    except Problem as problem:
        if problem.code not in ("bad_request", "bad_value", "stale", "wrong_state"):
            raise
        message = problem.message(access.store().settings.lang)
        return _classify_page(access.document(document_id), reason, message), problem.fault.status
    return redirect(url_for("lookup.document", document_id=document_id), 303)


def _classify_page(found: Document, reason: str = "", problem: str = "") -> str:
    return render_template(
        "intake/classify.html", found=found, reason=reason, problem=problem, done=is_classified(found)
    )


def take_released(found: Document) -> None:
    """The request's file and reason, for the document they are about."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Problem("bad_request", why="chưa chọn tệp nào")
    reason, actor = request.form.get("reason", ""), access.user().name
    reception.take_released(access.store(), cast(BinaryIO, sent.stream), sent.filename, found, reason, actor)


def take_all() -> list[dict[str, Any]]:
    """Takes every file of the request; the contract's shape of an outcome, one per file or ZIP member."""
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        raise Problem("bad_request", why="chưa chọn tệp nào")
    limited_to = tuple(name for name in request.form.getlist("group")[:_MOST] if name.strip())
    terms = reception.Terms(access.user().name, limited_to=limited_to, by=access.belongs())
    store = access.store()
    outcomes = [
        one
        for file in sent
        for one in reception.take(store, cast(BinaryIO, file.stream), file.filename or "?", terms)
    ]
    return [_told(one) for one in outcomes]


def _page(refused: Sequence[dict[str, Any]] = (), notes: Sequence[dict[str, Any]] = ()) -> str:
    store = access.store()
    with store.db.reading() as session:
        own = groups.open_to(session, access.belongs())
    limit = store.settings.max_upload_bytes
    return render_template(
        "intake/upload.html", rows=sent_in(), limit=limit, refused=refused, notes=notes, groups=own
    )


def _told(outcome: reception.Outcome) -> dict[str, Any]:
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
    facts = {"by": back.by, "at": shown.moment(back.at), "reason": back.reason or "–"}
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
