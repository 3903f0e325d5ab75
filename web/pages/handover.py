"""Pages of hand-over: the lists, giving and changing, notes on a document, delegations and the mailbox."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.errors import Problem
from corpus.handover.orders import Order
from corpus.handover.states import KINDS
from corpus.queries.handover import MOST_COUNTED
from web import access
from web.access import proof
from web.access.proof import Question
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import handover as work

pages = Blueprint("handover", __name__)

_DONE = {
    "finish": "Đã ghi là xong",
    "return": "Đã mở lại phần việc",
    "recall": "Đã thu lại việc đã chuyển",
    "reopen": "Đã mở lại",
    "deadline": "Đã ghi hạn xử lý",
}
_NAMES = {"mine": "của tôi", "unit": "của đơn vị tôi", "given": "tôi đã chuyển", "all": "tất cả"}


@pages.get("/xu-ly")
def tasks() -> ResponseReturnValue:
    """A list of hand-overs: mine, my units', given by me, all; open by deadline, or finished."""
    asked = request.args
    finished = asked.get("xong", "") == "1"
    wish = work.wish_of(asked.get("danh-sach", "mine"), asked.get("han", ""), finished, asked.get("sau", ""))
    found = work.page(wish)
    return render_template(
        "handover/tasks.html",
        found=found.rows,
        following=work.place(found.following),
        wish=wish,
        counts=work.counts(wish),
        most=MOST_COUNTED,
        lists=[(name, _NAMES[name], work.waiting(name)) for name in work.offered()],
        kinds=KINDS,
        colleagues=work.colleagues(found.rows) if wish.which in ("mine", "unit") else {},
    )


@pages.post("/van-ban/<int:document_id>/chuyen")
def give(document_id: int) -> ResponseReturnValue:
    """Hand a document over to people and units, with a note and a deadline."""
    form = request.form
    chosen = [(kind, name) for kind in KINDS for name in form.getlist(kind)]
    order = Order(work.receivers_of(chosen), form.get("note", ""), form.get("deadline", ""))
    work.give(document_id, order, form.get("for", ""))
    flash(f"{_say('Đã chuyển xử lý')}.")
    return _to_document(document_id)


@pages.post("/xu-ly/phan/<int:part_id>/chuyen-tiep")
def hand_on(part_id: int) -> ResponseReturnValue:
    """Hand one's part on inside the unit, with a note and a deadline."""
    form = request.form
    chosen = [(kind, name) for kind in KINDS for name in form.getlist(kind)]
    order = Order(work.receivers_of(chosen), form.get("note", ""), form.get("deadline", ""))
    document_id, _ = work.hand_on(part_id, order, form.get("why", ""))
    flash(f"{_say('Đã chuyển tiếp')}.")
    return _to_document(document_id)


@pages.post("/xu-ly/<int:handover_id>")
def change(handover_id: int) -> ResponseReturnValue:
    """Finish one's part, take it back, take a hand-over back, open it again, move its deadline."""
    act, text = request.form.get("act", ""), request.form.get("text", "")
    part = request.form.get("part", type=whole)
    document_id = work.change(handover_id, act, part=part, text=text)
    flash(f"{_say(_DONE[act])}.")
    if request.form.get("ve") == "xu-ly":
        values: dict[str, Any] = {"danh-sach": request.form.get("danh-sach", "mine")}
        return redirect(url_for("handover.tasks", **values), 303)
    return _to_document(document_id)


@pages.post("/van-ban/<int:document_id>/y-kien")
def add_note(document_id: int) -> ResponseReturnValue:
    """Add a note with one's name to a document."""
    work.add_note(document_id, request.form.get("text", ""), request.form.get("for", ""))
    flash(f"{_say('Đã ghi ý kiến')}.")
    return _to_document(document_id)


@pages.post("/y-kien/<int:note_id>/bo")
def remove_note(note_id: int) -> ResponseReturnValue:
    """Remove a note."""
    document_id = work.remove_note(note_id)
    flash(f"{_say('Đã bỏ ý kiến')}.")
    return _to_document(document_id)


@pages.get("/uy-quyen")
def delegations() -> ResponseReturnValue:
    """The delegations that concern one, and the address of one's notices."""
    return _delegations()


@pages.post("/uy-quyen")
def delegate() -> ResponseReturnValue:
    """Let a person act for oneself from day to day; refused: the form again with what was typed."""
    form = request.form
    days = form.get("first", ""), form.get("last", "")
    title = f"{_say('Ủy quyền cho')} {form.get('deputy', '')}: {days[0]} – {days[1]}"
    question = Question(title, "", url_for("handover.delegations"))
    if (page := proof.asking(question, sharp=False)) is not None:
        return page
    try:
        work.delegate(form.get("owner", ""), form.get("deputy", ""), days, form.get("reason", ""))
    except Problem as problem:
        if problem.code == "forbidden":
            raise
        return _delegations(problem), problem.fault.status
    flash(f"{_say('Đã ghi ủy quyền cho')} {form.get('deputy', '')}.")
    return redirect(url_for("handover.delegations"), 303)


@pages.post("/uy-quyen/<int:delegation_id>/ket-thuc")
def end_delegation(delegation_id: int) -> ResponseReturnValue:
    """End a delegation, after a question."""
    known = next((one for one in work.delegations() if one.id == delegation_id), None)
    if known is None:
        raise Problem("not_found", what=delegation_id)
    title = f"{_say('Kết thúc ủy quyền')} {known.owner} → {known.deputy}?"
    question = Question(title, _say("Từ lúc này người được ủy quyền không làm thay được nữa."),
        url_for("handover.delegations"))  # fmt: skip
    if (page := proof.asking(question, guarded=False)) is not None:
        return page
    work.end_delegation(delegation_id)
    flash(f"{_say('Đã kết thúc ủy quyền')}.")
    return redirect(url_for("handover.delegations"), 303)


@pages.post("/cua-toi/thu-nhac")
def mailbox() -> ResponseReturnValue:
    """Set where one's notices go."""
    form = request.form
    try:
        work.set_mailbox(form.get("address", ""), form.get("notices") == "1", form.get("digest") == "1")
    except Problem as problem:
        return _delegations(problem), problem.fault.status
    flash(f"{_say('Đã ghi địa chỉ nhận thư nhắc việc')}.")
    return redirect(url_for("handover.delegations"), 303)


def in_menu() -> str:
    """The count behind the menu's link: empty for none, `99+` for many."""
    return work.waiting("mine")


def _delegations(problem: Problem | None = None) -> str:
    settings = access.store().settings
    return render_template(
        "handover/delegations.html",
        delegations=work.delegations(),
        mailbox=work.mailbox(),
        mails=bool(settings.smtp_host),
        hour=settings.digest_hour,
        names=work.people(),
        problem=problem.message(settings.lang) if problem else "",
        typed=request.form,
    )


def _to_document(document_id: int) -> ResponseReturnValue:
    return redirect(url_for("lookup.document", document_id=document_id) + "#xu-ly", 303)


def _say(text: str) -> str:
    return translator(access.store().settings.lang)(text)
