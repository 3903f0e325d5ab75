"""The registers (sổ văn bản đến, đi, nội bộ): their pages, the line of a number, what clerks do with them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.authority.doc_types import doc_types
from corpus.errors import Problem
from corpus.queries import register_books
from corpus.queries import registers as book
from corpus.records import GivenNumber
from corpus.registers.books import BookTyped
from corpus.registers.choice import sender_kinds
from corpus.registers.entries import Remarks
from corpus.registers.numbers import RegisterLine, RegisterName
from web import access
from web.formats.register_book import SIGNED_BY
from web.present import register_words
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import registers

pages = Blueprint("registers", __name__)

PER_PAGE = 50
_SHOWN = (
    "bad_value", "not_found", "wrong_state", "register_held", "register_state", "register_closed",
    "register_shut",
)  # fmt: skip
"""Problems of a form that are shown above it, with what was typed."""


@pages.get("/so/<path>")
def register(path: str) -> ResponseReturnValue:
    """A register: its last numbers, or those before or behind a number, as the filters narrow it."""
    return _register(registers.named(path))


@pages.get("/so/<path>.<form>")
def register_file(path: str, form: str) -> Response:
    """A register, its summary or its list of documents as PDF, XLSX or CSV."""
    wanted = registers.asked(registers.named(path), request.args)
    return registers.as_file(form, wanted, request.args.get("what", "so"))


@pages.get("/so/<path>/in")
def print_page(path: str) -> ResponseReturnValue:
    """The register as a page to be printed: A4 landscape, heads on every sheet."""
    wanted = registers.asked(registers.named(path), request.args)
    sheet = registers.sheet(access.store(), wanted, registers.sight())
    title = registers.title_of(wanted.book, registers.book_names())
    return render_template(
        "registers/print.html", sheet=sheet, wanted=wanted, path=path, title=title, signed_by=SIGNED_BY
    )


@pages.post("/so/<path>/giu-so")
def reserve(path: str) -> ResponseReturnValue:
    """Reserve the next numbers; refused: the page again with what was typed."""
    which, texts = registers.named(path), _texts()
    count, purpose = request.form.get("count", 0, type=whole), request.form.get("purpose", "")
    try:
        made = registers.reserve(which, count, purpose)
    except Problem as problem:
        return _register(which, problem=_sentence(problem)), problem.fault.status
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
    form, which = request.form, registers.named(request.form.get("kind", ""))
    if form.get("after", "").strip():
        year = form.get("year", type=whole)
        made = registers.insert(document_id, which, form["after"], year, form.get("day", ""), form.get("note", ""))
    else:
        made = registers.give(document_id, which, by_rules=False)
    number = f"{_texts()(register_words.NUMBERS[which.kind])} {made.number}/{made.year}"
    name = registers.book_names().get(made.register, "")
    flash(f"{_texts()('Đã cấp số')}: {number}{f' ({name})' if name else ''}.")
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/so/<path>/<int:year>/<number>/chuyen-so")
def move(path: str, year: int, number: str) -> ResponseReturnValue:
    """Move a number's paper to another register, with the reason."""
    where, form = registers.line_of(path, year, number), request.form
    return _act(
        where, "Đã chuyển sổ", lambda: registers.move(where, form.get("register", ""), form.get("why", ""))
    )


@pages.post("/so/<path>/<int:year>/<number>/phuc-hoi")
def restore(path: str, year: int, number: str) -> ResponseReturnValue:
    """Put a cancelled number in force again, with the reason."""
    where = registers.line_of(path, year, number)
    return _act(where, "Đã phục hồi số", lambda: registers.restore(where, request.form.get("why", "")))


@pages.get("/cac-so")
def books() -> ResponseReturnValue:
    """The registers of a year: what goes into them, how far they have come, and the form for a new one."""
    return _books()


@pages.post("/cac-so")
def add_book() -> ResponseReturnValue:
    """Add a register; refused: the page again with what was typed."""
    form = request.form
    try:
        made = registers.add_book(registers.kind_of(form.get("kind", "")), _book_from())
    except Problem as problem:
        return _books(_sentence(problem)), problem.fault.status
    flash(f"{_texts()('Đã mở sổ')}: {made.name}.")
    return redirect(url_for("registers.books"), 303)


@pages.post("/cac-so/<code>")
def change_book(code: str) -> ResponseReturnValue:
    """Change a register, or remove one without numbers; refused: the page again."""
    try:
        if request.form.get("act") == "remove":
            registers.remove_book(code)
        else:
            registers.change_book(code, _book_from())
    except Problem as problem:
        return _books(_sentence(problem), code), problem.fault.status
    flash(f"{_texts()('Đã ghi')}.")
    return redirect(url_for("registers.books"), 303)


@pages.post("/cac-so/<path>/<int:year>")
def of_year(path: str, year: int) -> ResponseReturnValue:
    """Begin a year of a register with a number, close it, open it again; refused: the page again."""
    form, which = request.form, registers.named(path)
    try:
        first = form.get("first", 0, type=whole)
        registers.of_year(which, year, form.get("act", ""), first=first, reason=form.get("reason", ""))
    except Problem as problem:
        return _books(_sentence(problem), year=year), problem.fault.status
    done = {"begin": "Đã đặt số đầu năm", "close": "Đã khóa sổ", "reopen": "Đã mở lại sổ"}
    flash(f"{_texts()(done[form.get('act', '')])}: {_texts()(registers.title_of(which, registers.book_names()))}.")
    return redirect(url_for("registers.books", year=year), 303)


def _books(problem: str = "", opened: str = "", year: int = 0) -> str:
    asked = registers.year_of(str(year or request.args.get("year", "")))
    shown = register_books.books(access.store(), asked)
    return render_template(
        "registers/books.html",
        shown=shown,
        year=asked,
        this_year=registers.this_year(),
        path_of=registers.path_of,
        types=doc_types(),
        senders=sender_kinds(),
        bodies=register_books.own_names(access.store()),
        words=register_words,
        problem=problem,
        opened=opened,
        typed=request.form,
    )


def _book_from() -> BookTyped:
    """A register as its form was sent; raises Problem("bad_value") for a year that is none."""
    form = request.form
    years = tuple(_year_typed(form.get(name, "")) for name in ("first_year", "last_year"))
    types, senders = ("; ".join(form.getlist(name)) for name in ("types", "senders"))
    return BookTyped(form.get("name", ""), form.get("body", ""), types, senders, (years[0], years[1]))


def _year_typed(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return whole(text)
    except ValueError as error:
        raise Problem("bad_value", field="year", value=text[:20], why="cần là một năm, ví dụ 2026") from error


def _register(which: RegisterName, problem: str = "") -> str:
    store, names = access.store(), registers.book_names()
    wanted = registers.asked(which, request.args if request.method == "GET" else {})
    shown = register_books.books(store, wanted.year)
    after, before = (registers.number_typed(request.args.get(name, "")) for name in ("sau", "truoc"))
    found = book.page(store, wanted, registers.sight(), PER_PAGE, after=after, before=before)
    return render_template(
        "registers/register.html",
        page=found,
        wanted=wanted,
        parts=registers.parts(wanted),
        counts=book.counts(store, which.kind, wanted.year, which.code),
        years=registers.years(store, which),
        urgencies=registers.urgencies(),
        path=registers.path_of(which),
        title=registers.title_of(which, names),
        tabs=[one for one in shown if not one.which.code or one.which.kind == which.kind],
        here=register_books.book(store, which, wanted.year),
        path_of=registers.path_of,
        names=names,
        words=register_words,
        problem=problem,
        typed=request.form,
    )


def _others(where: RegisterLine) -> list[tuple[str, str]]:
    """(Address, name) of the registers of a line's direction that are kept now."""
    found = register_books.books(access.store(), registers.this_year())
    return [
        (registers.path_of(one.which), one.book.name if one.book else _texts()(register_words.TITLES[where.kind]))
        for one in found
        if one.which.kind == where.kind
    ]


def _line(where: RegisterLine, problem: str = "") -> str:
    names = registers.book_names()
    return render_template(
        "registers/line.html",
        line=registers.shown(where),
        path=registers.path_of(where.book),
        title=registers.title_of(where.book, names),
        others=[one for one in _others(where) if one[0] != registers.path_of(where.book)],
        path_of=registers.path_of,
        names=names,
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
    path = registers.path_of(RegisterName(made.kind, made.register))
    return redirect(url_for("registers.line", path=path, year=made.year, number=made.number), 303)


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
