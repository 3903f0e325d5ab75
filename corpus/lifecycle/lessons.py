"""Lessons from corrections: a name that was misread once is corrected when it is read so again.

Only the spelling of bodies and recipients is learned, never a number or a date. A name that occurs on some record
as a name of its own is no misreading, so a document assigned to the wrong body teaches nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from rapidfuzz.fuzz import ratio
from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.connection import utc_now
from corpus.database.models import Document, Lesson, Recipient
from corpus.document import Field, Fields
from corpus.json_shapes import with_values
from corpus.record_fields import RECORD_FIELDS
from corpus.vietnamese.fold import fold

FieldOrNone = TypeVar("FieldOrNone", Field, Field | None)

ONE = tuple(field.name for field in RECORD_FIELDS if field.learned and field.kind == "one")
MANY = tuple(field.name for field in RECORD_FIELDS if field.learned and field.kind == "many")
RULE = "learned"
_NEAR = 0.75
"""Likeness from which on a correction is one of spelling rather than of substance."""


def learn(session: Session, before: Fields, after: Fields, actor: str) -> int:
    """Store the changes from `before` to `after` that concern spelling only;
    return the number of names learned.
    """
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in ONE]
    for name in MANY:
        old, new = getattr(before, name), getattr(after, name)
        pairs += [(name, *pair) for pair in zip(old, new, strict=True)] if len(old) == len(new) else []
    taught = [(name, old.value, new.value) for name, old, new in pairs if old is not None and new is not None]
    return sum(
        _keep(session, name, read, value, actor) for name, read, value in taught if _is_spelling(read, value)
    )


def apply(session: Session, fields: Fields) -> Fields:
    """Correct every learned misreading in the fields; review flags stay."""
    known = {(row.field, row.read): row.value for row in session.scalars(select(Lesson))}
    if not known:
        return fields
    one = {name: _with_lesson(known, name, getattr(fields, name)) for name in ONE}
    many = {name: tuple(_with_lesson(known, name, field) for field in getattr(fields, name)) for name in MANY}
    return with_values(fields, {**one, **many})


def _is_spelling(read: str, value: str) -> bool:
    return read != value and ratio(fold(read), fold(value)) >= 100 * _NEAR


def _keep(session: Session, name: str, read: str, value: str, actor: str) -> bool:
    if _is_a_name(session, name, read):
        return False
    found = session.scalars(select(Lesson).where(Lesson.field == name, Lesson.read == read)).first()
    lesson = found or Lesson(field=name, read=read)
    lesson.value, lesson.by, lesson.at = value, actor[:100], utc_now()
    session.add(lesson)
    session.flush()
    return True


def _is_a_name(session: Session, name: str, read: str) -> bool:
    """True if some record that a person put on file has this name."""
    used = select(Document.id).where(Document.status == "accepted", ~Document.auto_accept)
    if name in ONE:
        used = used.where((Document.issuer if name == "issuer" else Document.superior) == read)
    else:
        used = used.join(Recipient, Recipient.document_id == Document.id).where(Recipient.value == read)
    return session.scalar(used.limit(1)) is not None


def _with_lesson(known: dict[tuple[str, str], str], name: str, field: FieldOrNone) -> FieldOrNone:
    value = known.get((name, field.value)) if field is not None else None
    return field if field is None or value is None else replace(field, value=value, rule=RULE)
