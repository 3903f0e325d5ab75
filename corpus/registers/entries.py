"""Numbers given, reserved, put in late, cancelled and moved: functions on a session; corpus.records commits.

A number is one more than the largest of its register and year, taken under the writers' lock in the transaction of
its record. Whatever undoes the transaction undoes the number, so that none is missing; the table's own constraints
keep any from being given twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.database.connection import utc_now
from corpus.database.models import Document, OwnBody
from corpus.database.register_rows import RegisterEntry
from corpus.errors import Problem
from corpus.registers import books
from corpus.registers.numbers import MOST, Kind, RegisterLine, RegisterName, RegisterNumber
from corpus.typed_text import clean_text

MOST_RESERVED = 100
"""Most numbers reserved at once."""
MOST_COPIES = 100_000
_GIVEN, _RESERVED, _CANCELLED = "given", "reserved", "cancelled"
_LONGEST = 1000
"""Most characters of a typed remark."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """Remarks of a clerk on a number: unit or person, number of copies, note."""

    unit: str = ""
    copies: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LatePlace:
    """The place of a late insertion: the register's year, the number before it, its day (None: the default)."""

    year: int
    after: RegisterNumber
    day: date | None = None


def number_of(entry: RegisterEntry) -> RegisterNumber:
    """The number of a row."""
    return RegisterNumber(entry.ordinal, entry.minor)


def line_of(entry: RegisterEntry) -> RegisterLine:
    """The line that a row is."""
    return RegisterLine(entry.kind, entry.year, number_of(entry), entry.register)  # type: ignore[arg-type]


def of_document(session: Session, document_id: int, kind: Kind, owner: int | None = None) -> RegisterEntry | None:
    """The number in force that a document has in a kind of register; None without one.

    owner: in the registers of a body of ours (0: of the office as a whole); None: in any, the first one.
    """
    rows = select(RegisterEntry).where(RegisterEntry.document_id == document_id, RegisterEntry.kind == kind)
    if owner is not None:
        rows = rows.where(RegisterEntry.owner == owner)
    return session.scalars(rows.where(RegisterEntry.state == _GIVEN).order_by(RegisterEntry.id)).first()


def give(
    session: Session, document: Document, kind: Kind, actor: str, today: date, register: str | None = None
) -> RegisterEntry:
    """Give a document the next number of this year's register; one that has a number keeps it.

    register: code of the register that a clerk chose (empty: that of the direction); None: the one whose rules the
    paper meets. Two bodies of ours each have a number for a paper that both registered.

    Raises Problem("wrong_state") for a document that is withdrawn or purged, ("register_closed") for a year in
    which no register of ours is kept, ("register_shut") for one that is closed, ("register_held") if it has a
    number in another register of the same owner, ("not_found").
    """
    if register is None:
        held = of_document(session, document.id, kind)
        which = RegisterName(kind, "") if held else books.of_paper(session, document, kind, today.year)
    else:
        which = RegisterName(kind, register)
        held = of_document(session, document.id, kind, _owner(session, which))
        if held is not None and held.register != register:
            raise Problem("register_held", number=str(number_of(held)), year=held.year)
    if held is not None:
        return held
    _demand(document)
    (entry,) = _append(session, which, actor, today, 1, document_id=document.id, state=_GIVEN)
    _note(session, actor, "register_give", entry)
    return entry


def reserve(
    session: Session, which: RegisterName, count: int, purpose: str, actor: str, today: date
) -> list[RegisterEntry]:
    """Reserve the next numbers of this year's register for papers that are still to come.

    Raises Problem("bad_value") for a count that is none, or without a purpose, ("register_closed").
    """
    if not 1 <= count <= MOST_RESERVED:
        raise Problem("bad_value", field="count", value=str(count)[:20], why=f"từ 1 đến {MOST_RESERVED}")
    said = _remark("reason", purpose, required=True)
    entries = _append(session, which, actor, today, count, state=_RESERVED, purpose=said)
    first, last = entries[0], entries[-1]
    detail = {"kind": which.kind, "register": which.code, "year": first.year}
    detail |= {"number": str(number_of(first)), "until": str(number_of(last))}
    audit.append(session, actor, "register_reserve", None, {**detail, "reason": said})
    return entries


def insert(
    session: Session, document: Document, which: RegisterName, place: LatePlace, note: str, actor: str, today: date
) -> RegisterEntry:
    """Register a document late, behind a number that is there: `12a` after 12, `12b` after that.

    Raises Problem("bad_value") for a day of another year or one that is still to come, ("not_found") if the
    register has no such number, ("register_held") if the document has one, and as `give` does.
    """
    said, day = _remark("reason", note), _day(place, today)
    owner = _owner(session, which)
    _demand_free(session, document, which.kind, owner)
    before = entry_of(session, RegisterLine(which.kind, place.year, place.after, which.code))
    _demand_year(session, which, place.year)
    among = select(func.max(RegisterEntry.minor)).where(*_same(which, place.year, before.ordinal))
    entry = RegisterEntry(
        kind=which.kind, register=which.code, owner=owner, year=place.year, ordinal=before.ordinal,
        minor=(session.scalar(among) or 0) + 1, state=_GIVEN,
        document_id=document.id, day=day.isoformat(), note=said, by=actor, at=utc_now(),
    )  # fmt: skip
    session.add(entry)
    session.flush()
    _note(session, actor, "register_insert", entry, after=str(place.after))
    return entry


def _day(place: LatePlace, today: date) -> date:
    """The day of a late insertion: the given one, else today or the last day of an earlier year."""
    day = place.day or (today if place.year == today.year else date(place.year, 12, 31))
    if day.year != place.year or (place.day is not None and day > today):
        raise Problem(
            "bad_value",
            field="incoming_date",
            value=day.isoformat(),
            why=f"cần một ngày đã qua của năm {place.year}",
        )
    return day


def fill(session: Session, line: RegisterLine, document: Document, actor: str) -> RegisterEntry:
    """Give a reserved number to its document; raises Problem("register_state") if it is not, and as `insert`."""
    entry = entry_of(session, line)
    _demand_free(session, document, line.kind, entry.owner)
    books.demand_open(session, line.book, line.year)
    _demand_state(entry, _RESERVED)
    entry.state, entry.document_id = _GIVEN, document.id
    session.flush()
    _note(session, actor, "register_fill", entry)
    return entry


def cancel(session: Session, line: RegisterLine, reason: str, actor: str) -> RegisterEntry:
    """Cancel a number with the reason; it stays in the register and is not given again.

    Raises Problem("bad_value") without a reason, ("not_found"), ("register_state") if it is cancelled already.
    """
    entry = entry_of(session, line)
    said = _remark("reason", reason, required=True)
    books.demand_open(session, line.book, line.year)
    _demand_state(entry, _GIVEN, _RESERVED)
    entry.state, entry.reason = _CANCELLED, said
    entry.cancelled_by, entry.cancelled_at = actor, utc_now()
    session.flush()
    _note(session, actor, "register_cancel", entry, reason=said)
    return entry


def move(
    session: Session, line: RegisterLine, register: str, reason: str, actor: str, today: date
) -> RegisterEntry:
    """Move a paper to another register of its direction, with the reason; return its number there.

    The number that it had stays in its register as cancelled, with where the paper went. One that goes back to a
    register where it was before gets its old number of that year again.
    Raises Problem("not_found"), ("bad_value"), ("register_state") for a number without a paper, ("register_held"),
    ("register_closed"), ("register_shut").
    """
    entry, to = entry_of(session, line), RegisterName(line.kind, register)
    said, owner = _remark("reason", reason, required=True), _owner(session, to)
    if register == line.register:
        raise Problem("bad_value", field="register", value=register, why="văn bản đang ở sổ này")
    books.demand_open(session, line.book, line.year)
    _demand_state(entry, _GIVEN)
    document = session.get(Document, entry.document_id) if entry.document_id is not None else None
    if document is None:
        raise Problem("register_state", number=str(number_of(entry)), year=entry.year)
    _demand(document)
    if owner != entry.owner:
        _demand_free(session, document, line.kind, owner)
    entry.state, entry.reason = _CANCELLED, said
    entry.cancelled_by, entry.cancelled_at = actor, utc_now()
    session.flush()
    back = _was_in(session, document.id, to, line.year)
    if back is not None:
        books.demand_open(session, to, line.year)
        _in_force(back)
    else:
        (back,) = _append(session, to, actor, today, 1, document_id=document.id, state=_GIVEN)
        back.unit, back.copies, back.note = entry.unit, entry.copies, entry.note
    session.flush()
    entry.moved_to = back.id
    session.flush()
    told = {"register_from": entry.register, "was": f"{number_of(entry)}/{entry.year}", "reason": said}
    _note(session, actor, "register_move", back, **told)
    return back


def restore(session: Session, line: RegisterLine, reason: str, actor: str) -> RegisterEntry:
    """Put a cancelled number in force again, with the reason: its paper's, or reserved as it was.

    Raises Problem("not_found"), ("bad_value"), ("register_state") if it is not cancelled, ("register_held") if its
    paper got another number meanwhile, ("wrong_state"), ("register_shut").
    """
    entry, said = entry_of(session, line), _remark("reason", reason, required=True)
    books.demand_open(session, line.book, line.year)
    _demand_state(entry, _CANCELLED)
    document = session.get(Document, entry.document_id) if entry.document_id is not None else None
    if document is not None:
        _demand_free(session, document, line.kind, entry.owner)
    _in_force(entry)
    session.flush()
    _note(session, actor, "register_restore", entry, reason=said)
    return entry


def _in_force(entry: RegisterEntry) -> None:
    """Take back what a cancellation wrote."""
    entry.state = _GIVEN if entry.document_id is not None else _RESERVED
    entry.reason, entry.cancelled_by, entry.cancelled_at, entry.moved_to = "", None, None, None


def _was_in(session: Session, document_id: int, which: RegisterName, year: int) -> RegisterEntry | None:
    """The number from which a paper was moved away out of a register; the last one."""
    rows = select(RegisterEntry).where(
        RegisterEntry.document_id == document_id,
        RegisterEntry.kind == which.kind,
        RegisterEntry.register == which.code,
        RegisterEntry.year == year,
        RegisterEntry.state == _CANCELLED,
        RegisterEntry.moved_to.is_not(None),
    )
    return session.scalars(rows.order_by(RegisterEntry.id.desc())).first()


def remark(session: Session, line: RegisterLine, said: Remarks, actor: str) -> RegisterEntry:
    """Write unit, copies and note into a number's line; raises Problem("bad_value"), ("not_found")."""
    entry = entry_of(session, line)
    if said.copies is not None and not 0 <= said.copies <= MOST_COPIES:
        raise Problem("bad_value", field="count", value=str(said.copies)[:20], why=f"từ 0 đến {MOST_COPIES}")
    books.demand_open(session, line.book, line.year)
    unit, note = _remark("recipients", said.unit), _remark("reason", said.note)
    if (unit, said.copies, note) == (entry.unit, entry.copies, entry.note):
        return entry
    entry.unit, entry.copies, entry.note = unit, said.copies, note
    session.flush()
    _note(session, actor, "register_note", entry, unit=unit, copies=said.copies, note=note)
    return entry


def entry_of(session: Session, line: RegisterLine) -> RegisterEntry:
    """The row of a number; raises Problem("not_found") if the register has none."""
    same = _same(line.book, line.year, line.number.ordinal)
    found = session.scalars(select(RegisterEntry).where(*same, RegisterEntry.minor == line.number.minor)).first()
    if found is None:
        raise Problem("not_found", what=f"{line.number}/{line.year}")
    return found


def forget(session: Session, document_id: int) -> None:
    """Take the remarks out of the lines of a purged paper; its numbers stay."""
    for entry in session.scalars(select(RegisterEntry).where(RegisterEntry.document_id == document_id)):
        entry.unit = entry.note = entry.purpose = ""
        entry.copies = None


def last_of(session: Session, which: RegisterName, year: int) -> int:
    """The largest ordinal of a register; for an empty one that before the first of its year."""
    rows = select(func.max(RegisterEntry.ordinal)).where(
        RegisterEntry.kind == which.kind, RegisterEntry.register == which.code, RegisterEntry.year == year
    )
    return session.scalar(rows) or books.first_of(session, which, year) - 1


def _append(
    session: Session, which: RegisterName, actor: str, today: date, count: int, **values: object
) -> list[RegisterEntry]:
    _demand_year(session, which, today.year)
    owner, last = _owner(session, which), last_of(session, which, today.year)
    if last + count > MOST:
        raise Problem("register_closed", year=today.year)
    now = utc_now()
    entries = [
        RegisterEntry(
            kind=which.kind, register=which.code, owner=owner, year=today.year, ordinal=last + one, minor=0,
            day=today.isoformat(), by=actor, at=now, **values,
        )
        for one in range(1, count + 1)
    ]  # fmt: skip
    session.add_all(entries)
    session.flush()
    return entries


def _same(which: RegisterName, year: int, ordinal: int) -> tuple[ColumnElement[bool], ...]:
    return (
        RegisterEntry.kind == which.kind,
        RegisterEntry.register == which.code,
        RegisterEntry.year == year,
        RegisterEntry.ordinal == ordinal,
    )


def _owner(session: Session, which: RegisterName) -> int:
    """The body of ours whose register it is, 0 for the office as a whole.

    Raises Problem("not_found") for a code that is no register of the direction.
    """
    if not which.code:
        return 0
    book = books.named(session, which.code)
    if book is None or book.kind != which.kind:
        raise Problem("not_found", what=which.code[:40])
    return book.body or 0


def _demand_free(session: Session, document: Document, kind: Kind, owner: int) -> None:
    """Raise Problem("register_held") if a document has a number among an owner's, ("wrong_state")."""
    held = of_document(session, document.id, kind, owner)
    if held is not None:
        raise Problem("register_held", number=str(number_of(held)), year=held.year)
    _demand(document)


def _demand(document: Document) -> None:
    purged = document.status == "refused" and (document.fault or {}).get("code") == "classified"
    if purged or document.status == "withdrawn":
        raise Problem("wrong_state", document=document.id, status=document.status)


def _demand_state(entry: RegisterEntry, *states: str) -> None:
    if entry.state not in states:
        raise Problem("register_state", number=str(number_of(entry)), year=entry.year)


def _demand_year(session: Session, which: RegisterName, year: int) -> None:
    """Raise Problem("register_closed") if the register, or the body of ours that keeps it, has other years.

    Without a body of its own: if bodies of ours are named, and none keeps registers here that year. Raises
    Problem("register_shut") for a year that is closed.
    """
    book = books.named(session, which.code) if which.code else None
    if book is not None and not book.is_kept(year):
        raise Problem("register_closed", year=year)
    books.demand_open(session, which, year)
    asked = select(OwnBody.first_year, OwnBody.last_year)
    if book is not None and book.body is not None:
        asked = asked.where(OwnBody.id == book.body)
    bounds = session.execute(asked).all()
    if bounds and not any((first or year) <= year <= (last or year) for first, last in bounds):
        raise Problem("register_closed", year=year)


def _remark(field: str, text: str, *, required: bool = False) -> str:
    said = clean_text(field, text, required=required)
    if len(said) > _LONGEST:
        raise Problem("bad_value", field=field, value=f"{said[:50]}…", why=f"dài quá {_LONGEST} ký tự")
    return said


def _note(session: Session, actor: str, action: str, entry: RegisterEntry, **more: object) -> None:
    """A row of the trail: the record itself is not changed, so that it is not sealed again."""
    detail = {"kind": entry.kind, "year": entry.year, "number": str(number_of(entry)), **more}
    if entry.register:
        detail["register"] = entry.register
    audit.append(session, actor, action, entry.document_id, audit.salted(detail), seals=False)
