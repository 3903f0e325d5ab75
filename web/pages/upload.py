"""Upload: files come in one by one, and their progress to the finished record is shown without a reload."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.access import groups
from corpus.database.read_only import StoredDocument
from corpus.errors import Problem
from corpus.file_types import ACCEPTED, TAKEN
from corpus.lifecycle import reread
from corpus.lifecycle.intake import is_classified
from ingest.views.batch_parts import separating_sheet
from web import access
from web.services.uploads import fault_of, sent_in, take_all, take_released

pages = Blueprint("intake", __name__)


@pages.route("/tai-len", methods=["GET", "POST"])
def upload() -> ResponseReturnValue:
    """The upload page; each file is answered with its outcome."""
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


@pages.get("/tai-len/to-ngan.png")
def separating() -> ResponseReturnValue:
    """The separating sheet, to be printed and laid between papers."""
    answer = Response(separating_sheet(), mimetype="image/png")
    answer.headers["Content-Disposition"] = 'attachment; filename="to-ngan.png"'
    return answer


@pages.get("/tai-len/danh-sach")
def received() -> ResponseReturnValue:
    """The rows of the upload page in their present state."""
    return render_template("intake/rows.html", rows=sent_in())


@pages.post("/van-ban/<int:document_id>/thu-lai")
def retry(document_id: int) -> ResponseReturnValue:
    """Read a document again, or the page that the form names."""
    found = access.document(document_id)
    records.retry(access.store(), found.id, access.user().name, request.form.get("page", type=int))
    if found.status in reread.STANDING:
        return redirect(url_for("lookup.document", document_id=document_id), 303)
    return redirect(url_for("intake.upload"), 303)


@pages.route("/van-ban/<int:document_id>/khong-mat", methods=["GET", "POST"])
def release(document_id: int) -> ResponseReturnValue:
    """Overrule a false alarm of the secrecy gate with a reason and the file once more, since nothing of it was
    stored.
    """
    found = access.document(document_id)
    if request.method == "GET":
        return render_template("intake/release.html", found=found, fault=fault_of(found))
    take_released(found)
    return redirect(url_for("intake.upload"), 303)


@pages.route("/van-ban/<int:document_id>/mat", methods=["GET", "POST"])
def classify(document_id: int) -> ResponseReturnValue:
    """Purge a classified document, after a page with the consequences; needs a reason and a confirmation."""
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


def _classify_page(found: StoredDocument, reason: str = "", problem: str = "") -> str:
    return render_template(
        "intake/classify.html", found=found, reason=reason, problem=problem, done=is_classified(found)
    )


def _page(refused: Sequence[dict[str, Any]] = (), notes: Sequence[dict[str, Any]] = ()) -> str:
    store = access.store()
    with store.db.reading() as session:
        own = groups.open_to(session, access.belongs())
    limit = store.settings.max_upload_bytes
    return render_template(
        "intake/upload.html",
        rows=sent_in(),
        limit=limit,
        accepted=ACCEPTED,
        taken=TAKEN,
        refused=refused,
        notes=notes,
        groups=own,
    )
