"""History of a record's fields: changes, undone changes, and the fields that a person answers for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.models import AuditRow
from corpus.json_shapes import Json
from corpus.lifecycle.flat_fields import EDITABLE

_EDITS = ("accept", "correct")
CHANGES = (*_EDITS, "undo")
"""Actions whose rows hold fields before and after; other rows may use the same words for other things."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a document's history: person, fields with old and new values, time."""

    row: int
    at: str
    """UTC, ISO 8601."""
    actor: str
    action: str
    before: Json
    after: Json
    undone: bool = False
    """True if the change is undone, and the undo was not undone itself."""
    can_undo: bool = False
    passed: tuple[str, ...] = ()
    """Codes of the doubts that the person passed (corpus.lifecycle.doubts)."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Last withdrawal of a document: time, person, reason."""

    at: datetime
    """UTC."""
    by: str
    reason: str


def rows_of(session: Session, document_id: int) -> list[AuditRow]:
    """Audit rows that changed a record's fields, oldest first; those of a purged document have no content."""
    rows = select(AuditRow).where(AuditRow.document_id == document_id, AuditRow.action.in_(CHANGES))
    return [
        row for row in session.scalars(rows.order_by(AuditRow.id)) if isinstance(row.detail.get("before"), dict)
    ]


def undone(rows: list[AuditRow]) -> frozenset[int]:
    """The rows that are taken back: by an undo that was not undone itself, as older versions could do."""
    gone: set[int] = set()
    for row in reversed(rows):
        if row.action == "undo" and row.id not in gone:
            gone.add(row.detail["undone"])
    return frozenset(gone)


def in_force(rows: list[AuditRow]) -> list[AuditRow]:
    """The edits and acceptances that are not taken back, oldest first."""
    gone = undone(rows)
    return [row for row in rows if row.action in _EDITS and row.id not in gone]


def answered_for(session: Session, document_id: int) -> tuple[str, ...]:
    """The fields a person has corrected, or looked at by putting the record on file."""
    names: set[str] = set()
    for row in in_force(rows_of(session, document_id)):
        names.update(EDITABLE if row.action == "accept" else row.detail["after"])
    return tuple(name for name in EDITABLE if name in names)


def withdrawal(session: Session, document_id: int) -> Withdrawal | None:
    """The last time a document was withdrawn; None when it never was."""
    rows = select(AuditRow).where(AuditRow.document_id == document_id, AuditRow.action == "withdraw")
    row = session.scalars(rows.order_by(AuditRow.id.desc()).limit(1)).first()
    return Withdrawal(row.at, row.actor, str(row.detail.get("reason", ""))) if row else None


def withdrawal_to_look_at(session: Session, document_id: int) -> Withdrawal | None:
    """The last withdrawal, as long as nobody has put the document on record since."""
    rows = select(AuditRow.action).where(AuditRow.document_id == document_id)
    rows = rows.where(AuditRow.action.in_(("withdraw", "accept"))).order_by(AuditRow.id.desc())
    return withdrawal(session, document_id) if session.scalar(rows.limit(1)) == "withdraw" else None


def to_change(row: AuditRow, gone: frozenset[int], open_rows: frozenset[int]) -> Change:
    """A row of the trail as an entry of the history."""
    detail: dict[str, Any] = row.detail
    return Change(
        row.id, row.at.isoformat(), row.actor, row.action, detail["before"], detail["after"], row.id in gone,
        row.id in open_rows, tuple(detail.get("passed", ())),
    )  # fmt: skip
