"""Files (hồ sơ): the year's list, one file with its papers, closing, and what puts papers in."""

from __future__ import annotations

from functools import partial
from math import ceil

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.authority import doc_types
from corpus.errors import Problem
from corpus.files.keeping import STATES
from corpus.files.retention import retentions
from corpus.lifecycle import own_bodies
from corpus.numbering.typed_days import today
from corpus.queries import files as queries
from corpus.queries.files import FilesWanted
from web import access
from web.present import file_rows, number_words
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import files

pages = Blueprint("files", __name__)

PER_PAGE = 50
PAPERS_PER_PAGE = 100


@pages.get("/ho-so")
def catalogue() -> ResponseReturnValue:
    """The list of files of a year: the latest one if none is asked for."""
    return _catalogue()


@pages.post("/ho-so")
def add() -> ResponseReturnValue:
    """Make a file; refused: the list again with what was typed."""
    try:
        made = files.add(request.form)
    except Problem as problem:
        return _catalogue(problem.message(access.store().settings.lang)), problem.fault.status
    flash(_("Đã lập hồ sơ") + f" {files.line(made).full}.")
    return redirect(url_for("files.contents", file_id=made), 303)


@pages.get("/ho-so/<int:file_id>")
def contents(file_id: int) -> ResponseReturnValue:
    """A file: its papers in order, its rules, and what can be done with it."""
    return _contents(file_id)


@pages.post("/ho-so/<int:file_id>")
def change(file_id: int) -> ResponseReturnValue:
    """Edit, close, open again, arrange, or set another retention; refused: the file again with the reason."""
    act, revision = request.form.get("act", ""), request.form.get("revision", type=whole)
    try:
        files.change(file_id, act, request.form, revision)
    except Problem as problem:
        if problem.code in ("not_found", "bad_request"):
            raise
        return _contents(file_id, problem.message(access.store().settings.lang)), problem.fault.status
    flash(_(_DONE[act]))
    return redirect(url_for("files.contents", file_id=file_id), 303)


@pages.post("/ho-so/van-ban")
def put() -> ResponseReturnValue:
    """Put the chosen documents (of results, a document's page, the desk) into the file that is named."""
    ids, move = files.chosen("chosen"), request.form.get("move") == "1"
    file_id = queries.named(access.store(), request.form.get("file", ""))
    if not ids:
        raise Problem("bad_request", why=_("chưa chọn văn bản nào"))
    count = files.put(file_id, ids, move=move)
    flash(f"{_('Đã đưa vào hồ sơ')} {files.line(file_id).full}: {count} {_('văn bản')}.")
    back = request.form.get("ve", "")
    return redirect(access.own_path(back) or url_for("files.contents", file_id=file_id), 303)


@pages.post("/ho-so/van-ban/bo")
def take_out() -> ResponseReturnValue:
    """Take a document out of its open file."""
    ids = files.chosen("chosen")
    if len(ids) != 1:
        raise Problem("bad_request", why=_("chưa chọn văn bản nào"))
    found = queries.of_document(access.store(), access.document(ids[0]).id)
    files.take_out(ids[0])
    flash(_("Đã bỏ khỏi hồ sơ."))
    if found is None:
        return redirect(url_for("files.catalogue"), 303)
    return redirect(url_for("files.contents", file_id=found.id), 303)


@pages.post("/ho-so/<int:file_id>/quy-tac")
def change_rules(file_id: int) -> ResponseReturnValue:
    """Add a rule, remove one, or file by all of them what is on record."""
    act = request.form.get("act", "")
    try:
        count = files.change_rules(file_id, act, request.form)
    except Problem as problem:
        if problem.code in ("not_found", "bad_request"):
            raise
        return _contents(file_id, problem.message(access.store().settings.lang)), problem.fault.status
    said = f"{_('Đã đưa vào hồ sơ theo quy tắc')}: {count}." if act == "apply" else _("Đã ghi quy tắc.")
    flash(said)
    return redirect(url_for("files.contents", file_id=file_id), 303)


@pages.get("/ho-so/in")
def print_catalogue() -> ResponseReturnValue:
    """The list of files of a year, to print (Phụ lục V, mẫu Danh mục hồ sơ)."""
    wanted = files.asked(request.args)
    wanted = FilesWanted(wanted.year or _latest(), wanted.state, wanted.words)
    lines, total = queries.catalogue(access.store(), wanted, access.seen(), files.MOST_LISTED)
    for_ever = sum(one.years is None for one in lines)
    return render_template(
        "files/print.html",
        title=_("DANH MỤC HỒ SƠ"),
        lines=[f"{_('Năm')} {wanted.year}"],
        columns=file_rows.CATALOGUE,
        rows=list(file_rows.catalogue_rows(lines)),
        notes=[
            f"{_('Danh mục hồ sơ này có')} {total} {_('hồ sơ, bao gồm:')}",
            f"{for_ever} {_('hồ sơ bảo quản vĩnh viễn;')}",
            f"{total - for_ever} {_('hồ sơ bảo quản có thời hạn.')}",
        ],
        own=_own(),
        signed="",
        heading_column=1,
    )


@pages.get("/ho-so/<int:file_id>/muc-luc")
def print_contents(file_id: int) -> ResponseReturnValue:
    """The table of contents of a file, to print (Phụ lục V, mẫu Mục lục văn bản, tài liệu)."""
    found = files.line(file_id)
    papers = queries.papers(access.store(), file_id, access.seen())
    return render_template(
        "files/print.html",
        title=_("MỤC LỤC VĂN BẢN, TÀI LIỆU"),
        lines=[f"{_('Số, ký hiệu hồ sơ')}: {found.code}", found.title, f"{_('Năm')} {found.year}"],
        columns=file_rows.CONTENTS,
        rows=list(file_rows.contents_rows(papers)),
        notes=[],
        own=_own(),
        signed="",
        heading_column=None,
    )


@pages.get("/ho-so/nop-luu/in")
def print_handover() -> ResponseReturnValue:
    """The hand-over list, to print (Phụ lục V, mẫu Mục lục hồ sơ, tài liệu nộp lưu)."""
    wanted = files.asked(request.args)
    lines, total = queries.to_submit(access.store(), wanted, access.seen(), files.MOST_LISTED)
    return render_template(
        "files/print.html",
        title=_("MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU"),
        lines=[f"{_('Năm')} {wanted.year}"] if wanted.year else [],
        columns=file_rows.HANDOVER,
        rows=list(file_rows.handover_rows(lines)),
        notes=[
            f"{_('Mục lục này gồm')}: {total} {_('hồ sơ (đơn vị bảo quản).')}",
            f"{_('Viết bằng chữ')}: {number_words.in_words(total)} {_('hồ sơ (đơn vị bảo quản).')}",
        ],
        own=_own(),
        signed=_("Người lập"),
        heading_column=None,
    )


_DONE = {
    "edit": "Đã sửa hồ sơ.",
    "close": "Đã kết thúc hồ sơ.",
    "reopen": "Đã mở lại hồ sơ.",
    "arrange": "Đã xếp theo ngày.",
    "retain": "Đã đổi thời hạn bảo quản.",
}


def _(text: str) -> str:
    return translator(access.store().settings.lang)(text)


def _latest() -> int:
    years = queries.years(access.store())
    return years[0] if years else int(today()[:4])


def _own() -> str:
    with access.store().db.reading() as session:
        bodies = own_bodies.every(session)
    return bodies[0].name if bodies else ""


def _catalogue(problem: str = "") -> str:
    store, wanted = access.store(), files.asked(request.args)
    years = queries.years(store)
    if wanted.year is None and not wanted.words and years:
        wanted = FilesWanted(years[0], wanted.state, wanted.words)
    page = max(1, min(request.args.get("trang", 1, type=whole), 10_000))
    lines, total = queries.catalogue(store, wanted, access.seen(), PER_PAGE, (page - 1) * PER_PAGE)
    parts = {"year": wanted.year, "state": wanted.state or None, "q": wanted.words or None}
    return render_template(
        "files/catalogue.html",
        lines=lines,
        total=total,
        wanted=wanted,
        years=years,
        states=STATES,
        page=page,
        last=max(1, ceil(total / PER_PAGE)),
        parts=parts,
        problem=problem,
        retentions=retentions(today()),
        this_year=int(today()[:4]),
        words=partial(file_rows.retention_words, language=access.store().settings.lang),
        span=file_rows.span,
    )


def _contents(file_id: int, problem: str = "") -> str:
    store, found = access.store(), files.line(file_id)
    page = max(1, min(request.args.get("trang", 1, type=whole), 10_000))
    seen, offset = access.seen(), (page - 1) * PAPERS_PER_PAGE
    staff = access.may("files.destruction")
    return render_template(
        "files/contents.html",
        found=found,
        papers=queries.papers(store, file_id, seen, PAPERS_PER_PAGE, offset),
        withdrawn=queries.withdrawn(store, file_id, seen) if staff else [],
        rules=queries.rules(store, file_id) if access.may("files.change_rules") else [],
        page=page,
        last=max(1, ceil(found.held.papers / PAPERS_PER_PAGE)),
        problem=problem,
        states=STATES,
        retentions=retentions(today()),
        words=partial(file_rows.retention_words, language=access.store().settings.lang),
        span=file_rows.span(found),
        doc_types=doc_types.doc_types(),
        today=today(),
    )
