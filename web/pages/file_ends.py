"""The end of files: handed over to the archive, retention over, lists for destruction; and their downloads."""

from __future__ import annotations

from functools import partial
from math import ceil

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.numbering.typed_days import today
from corpus.queries import file_lists
from corpus.queries import files as queries
from web import access
from web.access import proof
from web.access.proof import Question
from web.pages.files import PER_PAGE, pages
from web.present import file_rows
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import files

downloads = Blueprint("file_lists", __name__)

_QUESTIONS = {
    "consent": (
        "Đồng ý tiêu hủy",
        "Bạn xác nhận đã xem các hồ sơ trong danh mục. Khi đủ hai người đồng ý, quản trị có thể tiêu hủy.",
    ),
    "destroy": (
        "Tiêu hủy",
        "Văn bản của các hồ sơ này bị xóa hẳn: bản gốc, chữ, ảnh, chi tiết trong nhật ký. Không lấy lại được. "
        "Bản sao lưu cũ vẫn còn.",
    ),
}
_DONE = {"consent": "Đã ghi sự đồng ý của bạn.", "drop": "Đã thôi danh mục tiêu hủy.", "destroy": "Đã tiêu hủy"}


@pages.get("/ho-so/nop-luu")
def handover() -> ResponseReturnValue:
    """Closed files to be handed over to the archive, or those that were."""
    wanted, page = files.asked(request.args), _page()
    state = "submitted" if wanted.state == "submitted" else "closed"
    wanted = queries.FilesWanted(wanted.year, state)
    lines, total = queries.to_submit(access.store(), wanted, access.seen(), PER_PAGE, (page - 1) * PER_PAGE)
    return render_template(
        "files/handover.html",
        lines=lines,
        total=total,
        wanted=wanted,
        years=queries.years(access.store()),
        page=page,
        last=max(1, ceil(total / PER_PAGE)),
        words=partial(file_rows.retention_words, language=access.store().settings.lang),
        span=file_rows.span,
        today=today(),
    )


@pages.post("/ho-so/nop-luu")
def submit() -> ResponseReturnValue:
    """Hand the chosen files over to the archive, all or none."""
    chosen, day, to = files.chosen("chosen"), request.form.get("day", ""), request.form.get("receiver", "")
    count = records.submit_files(access.store(), chosen, day, to, access.user().name)
    flash(f"{_('Đã nộp lưu')}: {count} {_('hồ sơ')}.")
    return redirect(url_for("files.handover"), 303)


@pages.get("/ho-so/het-han")
def expired() -> ResponseReturnValue:
    """Files whose retention is over, and the lists for destruction."""
    page = _page()
    lines, total = files.expired(PER_PAGE, (page - 1) * PER_PAGE)
    return render_template(
        "files/expired.html",
        lines=lines,
        total=total,
        page=page,
        last=max(1, ceil(total / PER_PAGE)),
        proposals=file_lists.proposals(access.store()),
        states=LIST_STATES,
        words=partial(file_rows.retention_words, language=access.store().settings.lang),
        span=file_rows.span,
    )


@pages.post("/ho-so/het-han")
def propose() -> ResponseReturnValue:
    """Propose the chosen files for destruction."""
    reason, name = request.form.get("reason", ""), access.user().name
    made = records.propose_destruction(access.store(), files.chosen("chosen"), reason, name)
    flash(_("Đã lập danh mục đề nghị tiêu hủy; cần hai người đồng ý."))
    return redirect(url_for("files.destruction", list_id=made), 303)


@pages.get("/ho-so/tieu-huy/<int:list_id>")
def destruction(list_id: int) -> ResponseReturnValue:
    """A list for destruction: its files, who consented, and what is left to do."""
    found = file_lists.proposal(access.store(), list_id, access.seen())
    mine = access.user().name in {one.name for one in found.consents}
    return render_template(
        "files/destruction.html",
        found=found,
        mine=mine,
        states=LIST_STATES,
        words=partial(file_rows.retention_words, language=access.store().settings.lang),
        span=file_rows.span,
    )


@pages.post("/ho-so/tieu-huy/<int:list_id>")
def decide(list_id: int) -> ResponseReturnValue:
    """Consent, drop, or destroy, the sharp ones after a question with the person's password."""
    act, here = request.form.get("act", ""), url_for("files.destruction", list_id=list_id)
    if act in _QUESTIONS:
        title, follows = _QUESTIONS[act]
        question = Question(f"{_(title)}: {_('danh mục số')} {list_id}?", _(follows), here)
        if (page := proof.asking(question)) is not None:
            return page
    count = files.decide(list_id, act, request.form.get("reason", ""))
    flash(f"{_(_DONE[act])}: {count} {_('hồ sơ')}." if act == "destroy" else _(_DONE[act]))
    return redirect(here, 303)


@downloads.get("/ho-so/danh-muc.<form>")
def catalogue(form: str) -> Response:
    """The list of files as CSV or XLSX."""
    return files.list_file("catalogue", form, files.asked(request.args))


@downloads.get("/ho-so/<int:file_id>/muc-luc.<form>")
def contents(file_id: int, form: str) -> Response:
    """The table of contents of a file as CSV or XLSX."""
    return files.contents_file(file_id, form)


@downloads.get("/ho-so/den-han/<what>.<form>")
def due(what: str, form: str) -> Response:
    """The hand-over list (`handover`), or the files whose retention is over (`expired`), as CSV or XLSX."""
    return files.list_file("expired" if what == "expired" else "handover", form, files.asked(request.args))


@downloads.get("/ho-so/<int:file_id>/goi-sip.zip")
def package(file_id: int) -> Response:
    """The package of a file for the archive."""
    return files.package(file_id)


LIST_STATES = {"proposed": "đang đề nghị", "dropped": "đã thôi", "done": "đã tiêu hủy"}


def _(text: str) -> str:
    return translator(access.store().settings.lang)(text)


def _page() -> int:
    return max(1, min(request.args.get("trang", 1, type=whole), 10_000))
