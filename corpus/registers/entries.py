"""Numbers given, reserved, put in late and cancelled: functions on a session; corpus.records commits.

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
from corpus.registers.numbers import MOST, Kind, RegisterLine, RegisterNumber
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


def of_document(session: Session, document_id: int, kind: Kind) -> RegisterEntry | None:
    """The number in force that a document has in a kind of register; None without one."""
    rows = select(RegisterEntry).where(RegisterEntry.document_id == document_id, RegisterEntry.kind == kind)
    return session.scalars(rows.where(RegisterEntry.state == _GIVEN)).first()


def give(session: Session, document: Document, kind: Kind, actor: str, today: date) -> RegisterEntry:
    """Give a document the next number of this year's register; one that has a number keeps it.

    Raises Problem("wrong_state") for a document that is withdrawn or purged, ("register_closed") for a year in
    which no register of ours is kept.
    """
    held = of_document(session, document.id, kind)
    if held is not None:
        return held
    _demand(document)
    (entry,) = _append(session, kind, actor, today, 1, document_id=document.id, state=_GIVEN)
    _note(session, actor, "register_give", entry)
    return entry


def reserve(
    session: Session, kind: Kind, count: int, purpose: str, actor: str, today: date
) -> list[RegisterEntry]:
    """Reserve the next numbers of this year's register for papers that are still to come.

    Raises Problem("bad_value") for a count that is none, or without a purpose, ("register_closed").
    """
    if not 1 <= count <= MOST_RESERVED:
        raise Problem("bad_value", field="count", value=str(count)[:20], why=f"từ 1 đến {MOST_RESERVED}")
    said = _remark("reason", purpose, required=True)
    entries = _append(session, kind, actor, today, count, state=_RESERVED, purpose=said)
    first, last = entries[0], entries[-1]
    detail = {"kind": kind, "year": first.year, "number": str(number_of(first)), "until": str(number_of(last))}
    audit.append(session, actor, "register_reserve", None, {**detail, "reason": said})
    return entries


def insert(
    session: Session, document: Document, kind: Kind, place: LatePlace, note: str, actor: str, today: date
) -> RegisterEntry:
    """Register a document late, behind a number that is there: `12a` after 12, `12b` after that.

    Raises Problem("bad_value") for a day of another year or one that is still to come, ("not_found") if the
    register has no such number, ("register_held") if the document has one, and as `give` does.
    """
    said, day = _remark("reason", note), _day(place, today)
    held = of_document(session, document.id, kind)
    if held is not None:
        raise Problem("register_held", number=str(number_of(held)), year=held.year)
    _demand(document)
    before = entry_of(session, RegisterLine(kind, place.year, place.after))
    _demand_year(session, place.year)
    among = select(func.max(RegisterEntry.minor)).where(*_same(kind, place.year, before.ordinal))
    entry = RegisterEntry(
        kind=kind, year=place.year, ordinal=before.ordinal, minor=(session.scalar(among) or 0) + 1, state=_GIVEN,
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
    held = of_document(session, document.id, line.kind)
    if held is not None:
        raise Problem("register_held", number=str(number_of(held)), year=held.year)
    _demand(document)
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
    _demand_state(entry, _GIVEN, _RESERVED)
    entry.state, entry.reason = _CANCELLED, said
    entry.cancelled_by, entry.cancelled_at = actor, utc_now()
    session.flush()
    _note(session, actor, "register_cancel", entry, reason=said)
    return entry


def remark(session: Session, line: RegisterLine, said: Remarks, actor: str) -> RegisterEntry:
    """Write unit, copies and note into a number's line; raises Problem("bad_value"), ("not_found")."""
    entry = entry_of(session, line)
    if said.copies is not None and not 0 <= said.copies <= MOST_COPIES:
        raise Problem("bad_value", field="count", value=str(said.copies)[:20], why=f"từ 0 đến {MOST_COPIES}")
    unit, note = _remark("recipients", said.unit), _remark("reason", said.note)
    if (unit, said.copies, note) == (entry.unit, entry.copies, entry.note):
        return entry
    entry.unit, entry.copies, entry.note = unit, said.copies, note
    session.flush()
    _note(session, actor, "register_note", entry, unit=unit, copies=said.copies, note=note)
    return entry


def entry_of(session: Session, line: RegisterLine) -> RegisterEntry:
    """The row of a number; raises Problem("not_found") if the register has none."""
    same = _same(line.kind, line.year, line.number.ordinal)
    found = session.scalars(select(RegisterEntry).where(*same, RegisterEntry.minor == line.number.minor)).first()
    if found is None:
        raise Problem("not_found", what=f"{line.number}/{line.year}")
    return found


def forget(session: Session, document_id: int) -> None:
    """Take the remarks out of the lines of a purged paper; its numbers stay."""
    for entry in session.scalars(select(RegisterEntry).where(RegisterEntry.document_id == document_id)):
        entry.unit = entry.note = entry.purpose = ""
        entry.copies = None


def last_of(session: Session, kind: Kind, year: int) -> int:
    """The largest ordinal of a register; 0 for an empty one."""
    rows = select(func.max(RegisterEntry.ordinal))
    return session.scalar(rows.where(RegisterEntry.kind == kind, RegisterEntry.year == year)) or 0


def _append(
    session: Session, kind: Kind, actor: str, today: date, count: int, **values: object
) -> list[RegisterEntry]:
    _demand_year(session, today.year)
    last = last_of(session, kind, today.year)
    if last + count > MOST:
        raise Problem("register_closed", year=today.year)
    now = utc_now()
    entries = [
        RegisterEntry(
            kind=kind, year=today.year, ordinal=last + one, minor=0, day=today.isoformat(), by=actor, at=now,
            **values,
        )
        for one in range(1, count + 1)
    ]  # fmt: skip
    session.add_all(entries)
    session.flush()
    return entries


def _same(kind: Kind, year: int, ordinal: int) -> tuple[ColumnElement[bool], ...]:
    return RegisterEntry.kind == kind, RegisterEntry.year == year, RegisterEntry.ordinal == ordinal


def _demand(document: Document) -> None:
    purged = document.status == "refused" and (document.fault or {}).get("code") == "classified"
    if purged or document.status == "withdrawn":
        raise Problem("wrong_state", document=document.id, status=document.status)


def _demand_state(entry: RegisterEntry, *states: str) -> None:
    if entry.state not in states:
        raise Problem("register_state", number=str(number_of(entry)), year=entry.year)


def _demand_year(session: Session, year: int) -> None:
    """Raise Problem("register_closed") if bodies of ours are named, and none keeps registers here that year."""
    bounds = session.execute(select(OwnBody.first_year, OwnBody.last_year)).all()
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
    audit.append(session, actor, action, entry.document_id, audit.salted(detail), seals=False)
