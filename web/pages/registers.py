"""The registers (sổ văn bản đến, đi, nội bộ): their pages, the line of a number, and what clerks do with them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.errors import Problem
from corpus.queries import registers as book
from corpus.records import GivenNumber
from corpus.registers.entries import Remarks
from corpus.registers.numbers import Kind, RegisterLine
from web import access
from web.present import register_words
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import registers

pages = Blueprint("registers", __name__)

PER_PAGE = 50
_PATHS = {code: path for path, code in register_words.PATHS.items()}
_SHOWN = ("bad_value", "not_found", "wrong_state", "register_held", "register_state", "register_closed")
"""Problems of a form that are shown above it, with what was typed."""


@pages.get("/so/<path>")
def register(path: str) -> ResponseReturnValue:
    """A register: its last numbers, or those before or behind a number, as the filters narrow it."""
    return _register(registers.kind_of(path))


@pages.get("/so/<path>.<form>")
def register_file(path: str, form: str) -> Response:
    """A register, its summary or its list of documents as PDF, XLSX or CSV."""
    wanted = registers.asked(registers.kind_of(path), request.args)
    return registers.as_file(form, wanted, request.args.get("what", "so"))


@pages.get("/so/<path>/in")
def print_page(path: str) -> ResponseReturnValue:
    """The register as a page to be printed: A4 landscape, heads on every sheet."""
    wanted = registers.asked(registers.kind_of(path), request.args)
    sheet = registers.sheet(access.store(), wanted, registers.sight())
    return render_template("registers/print.html", sheet=sheet, wanted=wanted, path=path)


@pages.post("/so/<path>/giu-so")
def reserve(path: str) -> ResponseReturnValue:
    """Reserve the next numbers; refused: the page again with what was typed."""
    kind, texts = registers.kind_of(path), _texts()
    count, purpose = request.form.get("count", 0, type=whole), request.form.get("purpose", "")
    try:
        made = registers.reserve(kind, count, purpose)
    except Problem as problem:
        return _register(kind, problem=_sentence(problem)), problem.fault.status
    span = made[0].number if len(made) == 1 else f"{made[0].number}–{made[-1].number}"
    flash(f"{texts('Đã giữ số')}: {span}/{made[0].year}.")
    return redirect(url_for("registers.register", path=path, year=made[0].year), 303)


@pages.get("/so/<path>/<int:year>/<number>")
def line(path: str, year: int, number: str) -> ResponseReturnValue:
    """One line of a register, with what can be done about it."""
    return _line(registers.line_of(path, year, number))


@pages.post("/so/<path>/<int:year>/<number>/huy")
def cancel(path: str, year: int, number: str) -> ResponseReturnValue:
    """Cancel a number, with the reason."""
    where = registers.line_of(path, year, number)
    return _act(where, "Đã hủy số", lambda: registers.cancel(where, request.form.get("reason", "")))


@pages.post("/so/<path>/<int:year>/<number>/dien")
def fill(path: str, year: int, number: str) -> ResponseReturnValue:
    """Give a reserved number to a document, by its ID."""
    where = registers.line_of(path, year, number)
    document = request.form.get("document", 0, type=whole)
    return _act(where, "Đã điền số", lambda: registers.fill(where, document))


@pages.post("/so/<path>/<int:year>/<number>/ghi")
def remark(path: str, year: int, number: str) -> ResponseReturnValue:
    """Write unit, copies and note into the line of a number."""
    where, form = registers.line_of(path, year, number), request.form

    def write() -> GivenNumber:
        copies = _copies(form.get("copies", ""))
        return registers.remark(where, Remarks(form.get("unit", ""), copies, form.get("note", "")))

    return _act(where, "Đã ghi", write)


@pages.post("/van-ban/<int:document_id>/vao-so")
def give(document_id: int) -> ResponseReturnValue:
    """Give a document its number, or register it late behind one."""
    form, kind = request.form, registers.kind_of(request.form.get("kind", ""))
    if form.get("after", "").strip():
        year = form.get("year", type=whole)
        made = registers.insert(document_id, kind, form["after"], year, form.get("day", ""), form.get("note", ""))
    else:
        made = registers.give(document_id, kind)
    flash(f"{_texts()('Đã cấp số')}: {_texts()(register_words.NUMBERS[kind])} {made.number}/{made.year}.")
    return redirect(url_for("lookup.document", document_id=document_id), 303)


def _register(kind: Kind, problem: str = "") -> str:
    store = access.store()
    wanted = registers.asked(kind, request.args if request.method == "GET" else {})
    after, before = (registers.number_typed(request.args.get(name, "")) for name in ("sau", "truoc"))
    found = book.page(store, wanted, registers.sight(), PER_PAGE, after=after, before=before)
    return render_template(
        "registers/register.html",
        page=found,
        wanted=wanted,
        parts=registers.parts(wanted),
        counts=book.counts(store, kind, wanted.year),
        years=registers.years(store, kind),
        urgencies=registers.urgencies(),
        path=_PATHS[kind],
        paths=_PATHS,
        words=register_words,
        problem=problem,
        typed=request.form,
    )


def _line(where: RegisterLine, problem: str = "") -> str:
    return render_template(
        "registers/line.html",
        line=registers.shown(where),
        path=_PATHS[where.kind],
        words=register_words,
        problem=problem,
        typed=request.form,
    )


def _act(where: RegisterLine, done: str, act: Callable[[], GivenNumber]) -> ResponseReturnValue:
    """Do something with a line and show it; refused: the line with what was typed."""
    try:
        made = act()
    except Problem as problem:
        if problem.code not in _SHOWN or book.line(access.store(), where, registers.sight()) is None:
            raise
        return _line(where, _sentence(problem)), problem.fault.status
    flash(f"{_texts()(done)}: {made.number}/{made.year}.")
    path = _PATHS[where.kind]
    return redirect(url_for("registers.line", path=path, year=where.year, number=made.number), 303)


def _copies(text: str) -> int | None:
    """The number of copies as typed; raises Problem("bad_value") for other text."""
    if not text.strip():
        return None
    try:
        return whole(text)
    except ValueError as error:
        raise Problem("bad_value", field="count", value=text[:20], why="cần một số") from error


def _sentence(problem: Problem) -> str:
    return problem.message(access.store().settings.lang)


def _texts() -> Callable[[str], str]:
    return translator(access.store().settings.lang)
