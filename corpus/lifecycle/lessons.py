"""What corrections teach: a name that was misread once is put right when it is read so again.

Only the spelling of bodies and recipients is learned, never a number or a date. A name that stands on some record as a
name of its own is no misreading, so a document that was given to the wrong body teaches nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.connection import utc_now
from corpus.database.models import Document, Lesson, Recipient
from corpus.document import Field, Fields
from corpus.vietnamese.fold import fold

FieldOrNone = TypeVar("FieldOrNone", Field, Field | None)

ONE = ("issuer", "superior")
MANY = ("addressees", "recipients")
RULE = "learned"
_NEAR = 0.75
"""Likeness from which on a correction is one of spelling rather than of substance."""


def learn(session: Session, before: Fields, after: Fields, actor: str) -> int:
    """Keeps what changed from `before` to `after` in spelling only; how many names were learned."""
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in ONE]
    for name in MANY:
        old, new = getattr(before, name), getattr(after, name)
        pairs += [(name, *pair) for pair in zip(old, new, strict=True)] if len(old) == len(new) else []
    taught = [(name, old.value, new.value) for name, old, new in pairs if old is not None and new is not None]
    return sum(
        _keep(session, name, read, value, actor) for name, read, value in taught if _is_spelling(read, value)
    )


def apply(session: Session, fields: Fields) -> Fields:
    """The fields with every learned misreading put right; what was to be looked at stays so."""
    known = {(row.field, row.read): row.value for row in session.scalars(select(Lesson))}
    if not known:
        return fields
    return replace(
        fields,
        issuer=_mended(known, "issuer", fields.issuer),
        superior=_mended(known, "superior", fields.superior),
        addressees=tuple(_mended(known, "addressees", field) for field in fields.addressees),
        recipients=tuple(_mended(known, "recipients", field) for field in fields.recipients),
    )


def _is_spelling(read: str, value: str) -> bool:
    from rapidfuzz.fuzz import ratio

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
    """Whether some record that a person has put on file bears this name."""
    used = select(Document.id).where(Document.status == "accepted", ~Document.auto_accept)
    if name in ONE:
        used = used.where((Document.issuer if name == "issuer" else Document.superior) == read)
    else:
        used = used.join(Recipient, Recipient.document_id == Document.id).where(Recipient.value == read)
    return session.scalar(used.limit(1)) is not None


def _mended(known: dict[tuple[str, str], str], name: str, field: FieldOrNone) -> FieldOrNone:
    value = known.get((name, field.value)) if field is not None else None
    return field if field is None or value is None else replace(field, value=value, rule=RULE)
