"""Registers and their numbers: each is given in one transaction with its record and its row of the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from corpus.database.register_rows import RegisterEntry
from corpus.database.store import Store
from corpus.lifecycle import directions
from corpus.numbering.typed_days import today as today_here
from corpus.records.transaction import locked_document, transaction
from corpus.registers import books, entries
from corpus.registers.books import BookTyped
from corpus.registers.choice import Book
from corpus.registers.entries import LatePlace, Remarks
from corpus.registers.numbers import Kind, RegisterLine, RegisterName

_DIRECTIONS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """A number of a register after a change: its document is None while it is only reserved."""

    kind: Kind
    year: int
    number: str
    document: int | None
    state: str
    day: str
    register: str = ""
    """Code of the register; empty: that of the direction."""


def give_number(
    store: Store,
    document_id: int,
    kind: Kind,
    actor: str,
    today: date | None = None,
    register: str | None = None,
) -> GivenNumber:
    """Give a document the next number of this year's register; a document that has one keeps it.

    today: the day in Việt Nam, for registers of another day. register: code of the register that a clerk chose;
    None: by the registers' rules. Raises as `entries.give` does.
    """
    with transaction(store) as session:
        document = locked_document(session, document_id)
        return _to_given(entries.give(session, document, kind, actor, today or _today(), register))


def reserve_numbers(
    store: Store,
    kind: Kind,
    count: int,
    purpose: str,
    actor: str,
    today: date | None = None,
    register: str = "",
) -> list[GivenNumber]:
    """Reserve the next numbers of this year's register; raises Problem("bad_value"), ("register_closed")."""
    which = RegisterName(kind, register)
    with transaction(store) as session:
        made = entries.reserve(session, which, count, purpose, actor, today or _today())
        return [_to_given(one) for one in made]


def insert_number(
    store: Store,
    document_id: int,
    kind: Kind,
    place: LatePlace,
    note: str,
    actor: str,
    today: date | None = None,
    register: str = "",
) -> GivenNumber:
    """Register a document late, as `12a` behind 12; raises as `entries.insert` does."""
    which = RegisterName(kind, register)
    with transaction(store) as session:
        document = locked_document(session, document_id)
        return _to_given(entries.insert(session, document, which, place, note, actor, today or _today()))


def move_number(
    store: Store, line: RegisterLine, register: str, reason: str, actor: str, today: date | None = None
) -> GivenNumber:
    """Move a number's paper to another register of its direction; raises as `entries.move` does."""
    return _change(store, lambda session: entries.move(session, line, register, reason, actor, today or _today()))


def restore_number(store: Store, line: RegisterLine, reason: str, actor: str) -> GivenNumber:
    """Put a cancelled number in force again; raises as `entries.restore` does."""
    return _change(store, lambda session: entries.restore(session, line, reason, actor))


def add_register(store: Store, kind: Kind, typed: BookTyped, actor: str) -> Book:
    """Add a register that the office keeps; raises Problem("bad_value")."""
    with transaction(store) as session:
        return books.add(session, kind, typed, actor)


def change_register(store: Store, code: str, typed: BookTyped, actor: str) -> Book:
    """Change name, body, rules and years of a register; raises as `books.change` does."""
    with transaction(store) as session:
        return books.change(session, code, typed, actor)


def remove_register(store: Store, code: str, actor: str) -> None:
    """Remove a register that never had a number; raises Problem("not_found"), ("bad_value")."""
    with transaction(store) as session:
        books.remove(session, code, actor)


def begin_register(store: Store, which: RegisterName, year: int, first: int, actor: str) -> None:
    """Set the number that a year of a register begins with; raises as `books.begin` does."""
    with transaction(store) as session:
        books.begin(session, which, year, first, actor)


def close_register(store: Store, which: RegisterName, year: int, actor: str, today: date | None = None) -> None:
    """Close a year of a register; raises as `books.close` does."""
    with transaction(store) as session:
        books.close(session, which, year, actor, today or _today())


def reopen_register(store: Store, which: RegisterName, year: int, reason: str, actor: str) -> None:
    """Open a closed year of a register again; raises Problem("not_found"), ("bad_value")."""
    with transaction(store) as session:
        books.reopen(session, which, year, reason, actor)


def fill_number(store: Store, line: RegisterLine, document_id: int, actor: str) -> GivenNumber:
    """Give a reserved number to its document; raises as `entries.fill` does."""
    with transaction(store) as session:
        document = locked_document(session, document_id)
        return _to_given(entries.fill(session, line, document, actor))


def cancel_number(store: Store, line: RegisterLine, reason: str, actor: str) -> GivenNumber:
    """Cancel a number, with the reason; raises as `entries.cancel` does."""
    return _change(store, lambda session: entries.cancel(session, line, reason, actor))


def remark_number(store: Store, line: RegisterLine, said: Remarks, actor: str) -> GivenNumber:
    """Write unit, copies and note into the line of a number; raises as `entries.remark` does."""
    return _change(store, lambda session: entries.remark(session, line, said, actor))


def renew_directions(store: Store, actor: str, after: int = 0) -> tuple[int | None, int]:
    """Work out the directions of some documents again, beyond the ID `after`, as after a change of own bodies.

    Returns the last ID looked at (None: there are no more) and the number of directions that changed.
    """
    with transaction(store) as session:
        ids = directions.due(session, after, _DIRECTIONS_AT_ONCE)
        changed = sum(directions.renew(session, locked_document(session, one), actor) for one in ids)
    return (ids[-1] if ids else None), changed


def _change(store: Store, change: Callable[[Session], RegisterEntry]) -> GivenNumber:
    with transaction(store) as session:
        return _to_given(change(session))


def _to_given(entry: RegisterEntry) -> GivenNumber:
    kind: Kind = entry.kind  # type: ignore[assignment]
    number = str(entries.number_of(entry))
    return GivenNumber(kind, entry.year, number, entry.document_id, entry.state, entry.day, entry.register)


def _today() -> date:
    return date.fromisoformat(today_here())
