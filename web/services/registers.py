"""Registers for pages and calls: what the present user sees, changes after a look at the document, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from flask import Response
from sqlalchemy import and_

from corpus import records
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle import own_bodies
from corpus.lifecycle.intake import is_classified
from corpus.numbering.dates import day_of
from corpus.numbering.typed_days import iso, today
from corpus.queries import register_books, registers
from corpus.queries.documents import READABLE
from corpus.queries.register_books import BookShown
from corpus.queries.registers import BookLine, RegisterAsked, Sight
from corpus.records import GivenNumber
from corpus.registers.books import BookTyped
from corpus.registers.choice import Book
from corpus.registers.entries import LatePlace, Remarks
from corpus.registers.numbers import (
    KINDS,
    Kind,
    RegisterLine,
    RegisterName,
    RegisterNumber,
    is_kind,
    number_of,
    printed_on,
)
from corpus.registers.numbers import STATES as ALL_STATES
from corpus.tables import rows
from web import access
from web.formats import register_book, tables
from web.formats.register_book import Sheet, Words
from web.formats.register_pdf import pdf
from web.present import register_words, trail_state
from web.present.fields import day

OUTPUTS = ("so", "bao-cao", "muc-luc")
"""Outputs of a register (Nghị định 30/2020/NĐ-CP, Phụ lục VI): itself, its summary, its list of documents."""
MOST_LINES = 20_000
"""Lines of one file."""
_FIRST_YEAR, _LAST_YEAR = 1945, 2200
_LONGEST = 300
_WORDS = {
    kind: Words(register_words.TITLES[kind], register_words.STATES, register_words.HIDDEN, {})
    for kind in register_words.TITLES
}


def kind_of(text: str) -> Kind:
    """The kind of a register by its code or by its name in an address; raises Problem("not_found")."""
    code = register_words.PATHS.get(text, text)
    if not is_kind(code):
        raise Problem("not_found", what=text[:20])
    return cast("Kind", code)


def named(text: str, store: Store | None = None) -> RegisterName:
    """The register of an address: by the name or code of a direction, or by its own code.

    store: for commands; None: that of the present request. Raises Problem("not_found").
    """
    code = register_words.PATHS.get(text, text)
    if is_kind(code):
        return RegisterName(cast("Kind", code))
    found = register_books.register_named(store or access.store(), code)
    if found is None:
        raise Problem("not_found", what=text[:40])
    return RegisterName(found.kind, found.code)


def path_of(which: RegisterName) -> str:
    """The address of a register; the reverse of `named`."""
    return which.code or next(path for path, kind in register_words.PATHS.items() if kind == which.kind)


def title_of(which: RegisterName, books: Mapping[str, str]) -> str:
    """Name of a register in Vietnamese; books: code → name of those that the office keeps."""
    return books.get(which.code, "") or register_words.TITLES[which.kind]


def book_names() -> dict[str, str]:
    """Code → name of the registers that the office keeps."""
    return {one.code: one.name for one in register_books.kept(access.store())}


def line_of(register: str, year: int, number: str) -> RegisterLine:
    """The line that an address names; raises Problem("not_found")."""
    typed = number_of(number[:20])
    if typed is None:
        raise Problem("not_found", what=f"{number[:20]}/{year}")
    which = named(register)
    return RegisterLine(which.kind, year, typed, which.code)


def sight() -> Sight:
    """The sight of the present user: papers as on every list, and knowledge of those limited to his groups."""
    seen = access.seen()
    if access.user().role == "reader":
        seen = and_(seen, Document.status.in_(READABLE))
    hidden = access.hidden()
    return Sight(access.visible, seen, lambda found: not (found.limited and found.id in hidden))


def asked(which: RegisterName, parts: Mapping[str, Any]) -> RegisterAsked:
    """The filters of an address; what is not understood asks for all. year, from, to, body, urgency, state."""
    state, urgency = str(parts.get("state") or ""), str(parts.get("urgency") or "")
    return RegisterAsked(
        which.kind,
        year_of(str(parts.get("year") or "")),
        _day(parts.get("from")),
        _day(parts.get("to")),
        str(parts.get("body") or "").strip()[:_LONGEST],
        urgency if urgency in urgencies() else "",
        cast("Any", state) if state in ALL_STATES else "",
        which.code,
    )


def parts(wanted: RegisterAsked) -> dict[str, str]:
    """The filters as the parts of an address, the year always; what asks for all is left out."""
    told = {
        "year": str(wanted.year), "from": day(wanted.since), "to": day(wanted.until), "body": wanted.body,
        "urgency": wanted.urgency, "state": wanted.state,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def urgencies() -> tuple[str, ...]:
    """The marks of urgency that a filter can ask for."""
    return tuple(row["mark"] for row in rows("urgency"))


def this_year() -> int:
    return int(today()[:4])


def years(store: Store, which: RegisterName) -> list[int]:
    """Years to choose from, newest first: those with numbers, and this one."""
    found = registers.years(store, which.kind, which.code)
    first, last = found or (this_year(), this_year())
    return list(range(max(last, this_year()), min(first, this_year()) - 1, -1))


def give(document_id: int, which: RegisterName, *, by_rules: bool) -> GivenNumber:
    """Give a document that the user may see the next number of this year's register.

    by_rules: of the register of that direction whose rules it meets.
    """
    found = access.document(document_id)
    register = None if by_rules else which.code
    return records.give_number(access.store(), found.id, which.kind, access.user().name, register=register)


def insert(document_id: int, which: RegisterName, after: str, year: int | None, on: str, note: str) -> GivenNumber:
    """Register a document late, behind a number; raises Problem("bad_value") for what is no number or day."""
    found, behind = access.document(document_id), number_of(after[:20])
    if behind is None:
        raise Problem(
            "bad_value", field="register_number", value=after[:20], why="cần số đã có, ví dụ 12 hoặc 12a"
        )
    typed = day_of(iso(on)) if on.strip() else None
    if on.strip() and typed is None:
        raise Problem("bad_value", field="incoming_date", value=on[:20], why="cần ngày/tháng/năm")
    place = LatePlace(year or this_year(), behind, typed)
    name = access.user().name
    return records.insert_number(access.store(), found.id, which.kind, place, note, name, register=which.code)


def reserve(which: RegisterName, count: int, purpose: str) -> list[GivenNumber]:
    """Reserve the next numbers."""
    name = access.user().name
    return records.reserve_numbers(access.store(), which.kind, count, purpose, name, register=which.code)


def move(line: RegisterLine, register: str, reason: str) -> GivenNumber:
    """Move a number's paper, which the user may see, to another register of its direction.

    Raises Problem("bad_value") for one of another direction, and as `entries.move` does.
    """
    _demand_seen(line)
    to = named(register)
    if to.kind != line.kind:
        raise Problem("bad_value", field="register", value=register[:40], why="cần một sổ cùng hướng")
    return records.move_number(access.store(), line, to.code, reason, access.user().name)


def restore(line: RegisterLine, reason: str) -> GivenNumber:
    """Put a cancelled number in force again."""
    _demand_seen(line)
    return records.restore_number(access.store(), line, reason, access.user().name)


def add_book(kind: Kind, typed: BookTyped) -> Book:
    """Add a register that the office keeps."""
    return records.add_register(access.store(), kind, typed, access.user().name)


def change_book(code: str, typed: BookTyped) -> Book:
    """Change a register that the office keeps."""
    return records.change_register(access.store(), code, typed, access.user().name)


def remove_book(code: str) -> None:
    """Remove a register without numbers."""
    records.remove_register(access.store(), code, access.user().name)


def of_year(which: RegisterName, year: int, act: str, *, first: int, reason: str) -> None:
    """Begin a year with a number (`begin`), close it (`close`) or open it again (`reopen`).

    Raises Problem("bad_request") for another act.
    """
    store, name = access.store(), access.user().name
    if act == "begin":
        records.begin_register(store, which, year, first, name)
    elif act == "close":
        records.close_register(store, which, year, name)
    elif act == "reopen":
        records.reopen_register(store, which, year, reason, name)
    else:
        raise Problem("bad_request", why=act[:50])


def fill(line: RegisterLine, document_id: int) -> GivenNumber:
    """Give a reserved number to a document that the user may see."""
    found = access.document(document_id)
    return records.fill_number(access.store(), line, found.id, access.user().name)


def cancel(line: RegisterLine, reason: str) -> GivenNumber:
    """Cancel a number whose document, if any, the user may see."""
    _demand_seen(line)
    return records.cancel_number(access.store(), line, reason, access.user().name)


def remark(line: RegisterLine, said: Remarks) -> GivenNumber:
    """Write unit, copies and note into the line of a document that the user may see."""
    _demand_seen(line)
    return records.remark_number(access.store(), line, said, access.user().name)


def shown(line: RegisterLine) -> BookLine:
    """A line as the user may see it; raises Problem("not_found")."""
    found = registers.line(access.store(), line, sight())
    if found is None:
        raise Problem("not_found", what=f"{line.number}/{line.year}")
    return found


def _demand_seen(line: RegisterLine) -> None:
    """Raise Problem("not_found") for a line whose document the user may not see: it is not his to change."""
    document_id = registers.document_of(access.store(), line)
    if document_id is not None:
        access.document(document_id)


def sheet(store: Store, wanted: RegisterAsked, viewer: Sight, output: str = "so") -> Sheet:
    """The sheet of a register to print or to save; raises Problem("not_found") for another output."""
    words = replace(_WORDS[wanted.kind], books={one.code: one.name for one in register_books.kept(store)})
    with store.db.reading() as session:
        ours = [one.name for one in own_bodies.every(session)]
    book = register_books.book(store, wanted.book, wanted.year)
    above = (book.body.upper(),) if book.body else (ours[0].upper(),) if ours else ()
    name = (book.book.name,) if book.book is not None else ()
    first, last = day(wanted.since) or f"1/1/{wanted.year}", day(wanted.until) or f"31/12/{wanted.year}"
    days = f"Từ ngày {first} đến ngày {last}"
    if output == "so":
        lines = registers.every(store, wanted, viewer, MOST_LINES)
        columns = {"incoming": register_book.INCOMING, "outgoing": register_book.OUTGOING}
        filled = [register_book.row(one, words) for one in lines]
        at = 1 if wanted.kind == "incoming" else 0
        span = f"Từ số {filled[0][at]} đến số {filled[-1][at]}" if filled else "Chưa có số nào"
        year = f"Năm: {wanted.year}"
        foot = register_book.closing(book, filled, words) if not _has_filters(wanted) else ()
        return Sheet(
            above, words.title, (*name, year, days, span), columns.get(wanted.kind, register_book.INTERNAL),
            filled, foot,
        )  # fmt: skip
    if output == "bao-cao":
        counted = list(register_book.summary(registers.totals(store, wanted, viewer), words))
        title = f"Báo cáo {words.title.removeprefix('Sổ đăng ký ')}"
        return Sheet(above, title, (*name, f"Năm: {wanted.year}", days), register_book.SUMMARY, counted)
    if output == "muc-luc":
        lines = registers.every(store, wanted, viewer, MOST_LINES)
        listed = list(register_book.listed(lines, words))
        below = (f"{words.title}, năm {wanted.year}", *name, days)
        return Sheet(above, "Mục lục văn bản, tài liệu", below, register_book.LIST, listed)
    raise Problem("not_found", what=output[:20])


def _has_filters(wanted: RegisterAsked) -> bool:
    """True if filters leave lines out: such a print is no register to be signed."""
    return any((wanted.since, wanted.until, wanted.body, wanted.urgency, wanted.state))


def whole(form: str, made: Sheet) -> bytes:
    """The file of a sheet; raises Problem("not_found") for another form."""
    if form == "pdf":
        return pdf(made)
    if form == "xlsx":
        return register_book.workbook(made)
    if form == "csv":
        return "".join(tables.csv_lines(*register_book.as_rows(made))).encode()
    raise Problem("not_found", what=form[:20])


def as_file(form: str, wanted: RegisterAsked, output: str) -> Response:
    """An output of a register as a download, with its row in the trail; raises Problem("not_found")."""
    if form not in register_book.FORMS:
        raise Problem("not_found", what=form[:20])
    body = whole(form, sheet(access.store(), wanted, sight(), output))
    told = {"what": "register", "kind": wanted.kind, "form": output, "filters": parts(wanted)}
    told |= {"register": wanted.register} if wanted.register else {}
    records.note(access.store(), access.user().name, "export", None, told)
    name = f"so-{wanted.register or wanted.kind}-{wanted.year}" + ("" if output == "so" else f"-{output}")
    headers = {
        "Content-Disposition": f"attachment; filename={name}.{form}",
        trail_state.HEADER: trail_state.head_of(access.store()).text,
    }
    return Response(body, mimetype=register_book.FORMS[form], headers=headers)


def year_of(text: str) -> int:
    """The year of an address; this one for what is none."""
    plain = text.isascii() and text.isdigit() and len(text) == 4
    return int(text) if plain and _FIRST_YEAR <= int(text) <= _LAST_YEAR else this_year()


def _day(text: object) -> str:
    typed = day_of(iso(str(text or "")))
    return typed.isoformat() if isinstance(typed, date) else ""


def as_json(line: BookLine) -> dict[str, Any]:
    """A line of a register in the JSON of commands and calls."""
    paper = line.paper
    return {
        "kind": line.kind, "register": line.register, "year": line.year,
        "number": str(line.number), "day": line.day, "state": line.state,
        "reason": line.reason or None, "document": paper.id if paper else None, "hidden": line.hidden,
        "code": (paper.number or None) if paper else None, "date": (paper.date or None) if paper else None,
        "doc_type": (paper.doc_type or None) if paper else None,
        "issuer": (paper.issuer or None) if paper else None,
        "subject": (paper.subject or None) if paper else None,
        "urgency": (paper.urgency or None) if paper else None,
        "unit": line.unit or None, "copies": line.copies, "note": line.note or None, "by": line.by,
    }  # fmt: skip


def book_json(one: BookShown) -> dict[str, Any]:
    """A register of a year in the JSON of commands and calls."""
    kept = one.book
    return {
        "kind": one.which.kind, "register": one.which.code,
        "name": kept.name if kept else register_words.TITLES[one.which.kind], "body": one.body,
        "types": list(kept.types) if kept else [], "senders": list(kept.senders) if kept else [],
        "first_year": kept.first_year if kept else None, "last_year": kept.last_year if kept else None,
        "year": one.year, "first": one.first, "last": one.last, "reserved": one.reserved,
        "closed": one.closed_day or None,
    }  # fmt: skip


def on_document(found: Document) -> dict[str, Any]:
    """Values for a document's page: its numbers, and the kinds of registers that it can still be put into.

    The kind of its direction comes first.
    """
    numbers = registers.of_document(access.store(), found.id)
    books = {one.code: one for one in register_books.kept(access.store())}
    held = {(one.kind, books[one.register].body if one.register in books else None)
            for one in numbers if one.state == "given"}  # fmt: skip
    direction = ((found.fields or {}).get("direction") or {}).get("value")
    closed = found.status == "withdrawn" or is_classified(found)
    names = {code: one.name for code, one in books.items()}
    return {
        "numbers": numbers,
        "register_choices": [] if closed else _choices(found, books, held, direction),
        "register_words": register_words,
        "register_differs": _differs(numbers, found.number or ""),
        "register_title": lambda line: title_of(RegisterName(line.kind, line.register), names),
        "register_path": lambda line: path_of(RegisterName(line.kind, line.register)),
        "register_year": this_year(),
    }


def _differs(numbers: list[BookLine], code: str) -> tuple[int, int] | None:
    """(Ordinal that a paper of ours bears, number that it has in the register) where the two are not the same.

    The number of what goes out is the paper's own (Nghị định 30/2020/NĐ-CP, Điều 15).
    """
    printed = printed_on(code)
    given_to = next((one for one in numbers if one.kind == "outgoing" and one.state == "given"), None)
    if printed is None or given_to is None or given_to.number.ordinal == printed:
        return None
    return printed, given_to.number.ordinal


@dataclass(frozen=True, slots=True)
class RegisterOption:
    """A register that a document can be put into, on its page."""

    path: str
    label: str
    kind: Kind
    named: bool
    """True if `label` is a name that the office gave."""
    by_itself: bool


def _choices(
    found: Document, books: Mapping[str, Book], held: set[tuple[Kind, int | None]], direction: str | None
) -> list[RegisterOption]:
    """The registers that a document can still be put into: that of its direction and rules on top."""
    meant = register_books.proposed(access.store(), found, this_year())
    which = [RegisterName(kind) for kind in KINDS]
    which += [RegisterName(one.kind, one.code) for one in books.values() if one.is_kept(this_year())]
    free = [
        RegisterOption(
            path_of(one), books[one.code].name if one.code else register_words.SHORT[one.kind], one.kind,
            bool(one.code), meant[one.kind] == one.code
        )
        for one in which
        if (one.kind, books[one.code].body if one.code else None) not in held
    ]  # fmt: skip
    return sorted(free, key=lambda one: (one.kind != direction, KINDS.index(one.kind), not one.by_itself))


def number_typed(text: str) -> RegisterNumber | None:
    """A number of an address to go on from; None for anything else."""
    return number_of(text[:20]) if text else None
