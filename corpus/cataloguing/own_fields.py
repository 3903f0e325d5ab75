"""Fields of the office's own (trường riêng): their list, values on documents, and the undoing of a change.

Functions on a session; corpus.records commits. Values are searched for, so each change has the index take the
document again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.cataloguing import own_values
from corpus.cataloguing.own_values import KINDS
from corpus.database.cataloguing_tables import OwnField, OwnValue
from corpus.database.changes import touch
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow, Document
from corpus.errors import Problem
from corpus.typed_text import clean_text

MOST = 30
"""Fields in use."""
MOST_CHOICES = 50
_SLUG = re.compile(r"[a-z]{2,10}\Z")
VALUED = ("review", "accepted")
"""States of a document in which values are set."""
SET, UNSET = "own_value", "undo_own_value"
"""Actions of the trail: values set, and a change undone."""


def in_use(session: Session) -> list[OwnField]:
    """The fields that are shown and set, in the order of their making."""
    return list(session.scalars(select(OwnField).where(OwnField.ended_at.is_(None)).order_by(OwnField.id)))


def field(session: Session, field_id: int) -> OwnField:
    """A field by its ID; raises Problem("not_found")."""
    found = session.get(OwnField, field_id)
    if found is None:
        raise Problem("not_found", what=field_id)
    return found


def add(session: Session, slug: str, label: str, kind: str, choices: Sequence[str], actor: str) -> OwnField:
    """Add a field; raises Problem("bad_value"). `slug` has letters a to z only, and is no other field's."""
    slug = slug.strip().lower()
    why = ""
    if not _SLUG.match(slug):
        why = "cần 2 đến 10 chữ cái không dấu a–z, viết liền"
    elif session.scalar(select(OwnField.id).where(OwnField.slug == slug)) is not None:
        why = "đã dùng cho một trường khác"
    elif kind not in KINDS:
        raise Problem("bad_value", field="kind", value=kind[:50], why=", ".join(KINDS))
    elif (session.scalar(select(func.count()).where(OwnField.ended_at.is_(None))) or 0) >= MOST:
        why = f"đã có {MOST} trường"
    if why:
        raise Problem("bad_value", field="slug", value=slug[:50], why=why)
    row = OwnField(slug=slug, label=_label(label), kind=kind, choices=_choices(kind, choices))
    session.add(row)
    session.flush()
    audit.append(session, actor, "add_own_field", None, {"field": row.slug, "label": row.label, "kind": row.kind})
    return row


def change(session: Session, row: OwnField, label: str, choices: Sequence[str], actor: str) -> None:
    """Give a field another label or other choices; values that were set stay. Raises Problem("bad_value")."""
    row.label = _label(label)
    row.choices = _choices(row.kind, choices)
    session.flush()
    audit.append(session, actor, "change_own_field", None, {"field": row.slug, "label": row.label})


def set_use(session: Session, row: OwnField, used: bool, actor: str) -> None:
    """Take a field out of use, or into use again; its values stay, and are found only while it is in use."""
    if used == (row.ended_at is None):
        return
    row.ended_at = None if used else utc_now()
    theirs = select(OwnValue.document_id).where(OwnValue.field_id == row.id)
    touch(session, theirs)
    session.flush()
    action = "resume_own_field" if used else "end_own_field"
    audit.append(session, actor, action, None, {"field": row.slug, "label": row.label})


def put(session: Session, document: Document, values: Mapping[str, str], actor: str) -> bool:
    """Set values by slug, as typed; an empty one removes it. False if nothing changes.

    Raises Problem("wrong_state"), ("not_found") for an unknown field, ("bad_value").
    """
    _demand(document)
    fields = {row.slug: row for row in in_use(session)}
    held, wanted = values_of(session, document.id), dict[str, str]()
    for slug, typed in values.items():
        if slug not in fields:
            raise Problem("not_found", what=slug[:50])
        row, value = fields[slug], held.get(slug, "")
        if typed in (value, own_values.shown(row.kind, value)):
            # A choice that is listed no more stays on the documents that have it.
            continue
        wanted[slug] = own_values.canonical(row.label, row.kind, row.choices, typed)
    return _write(session, document, wanted, actor, SET)


def undo(session: Session, document: Document, audit_row: int, actor: str) -> None:
    """Undo one change of values.

    Raises Problem("not_found"), ("stale") if a value was changed again, ("wrong_state").
    """
    _demand(document)
    row = session.get(AuditRow, audit_row)
    if row is None or row.document_id != document.id or row.action != SET or "before" not in row.detail:
        raise Problem("not_found", what=audit_row)
    if not can_undo(session, document.id, row):
        raise Problem("stale", document=document.id)
    _write(session, document, row.detail["before"], actor, UNSET, undone=row.id)


def changes(session: Session, document_id: int) -> list[AuditRow]:
    """Rows of the trail that changed values of a document, oldest first."""
    rows = select(AuditRow).where(AuditRow.document_id == document_id, AuditRow.action.in_((SET, UNSET)))
    return [row for row in session.scalars(rows.order_by(AuditRow.id)) if "before" in row.detail]


def can_undo(session: Session, document_id: int, row: AuditRow) -> bool:
    """True if each value is as the change left it, and no later change touched it."""
    now = values_of(session, document_id)
    used = {one.slug for one in in_use(session)}
    later = {slug for one in changes(session, document_id) if one.id > row.id for slug in one.detail["after"]}
    after: Mapping[str, str] = row.detail["after"]
    return (
        row.action == SET
        and later.isdisjoint(after)
        and all(slug in used and now.get(slug, "") == value for slug, value in after.items())
    )


def values_of(session: Session, document_id: int) -> dict[str, str]:
    """Slug → stored value of the fields in use."""
    rows = (
        select(OwnField.slug, OwnValue.value)
        .join(OwnValue, OwnValue.field_id == OwnField.id)
        .where(OwnValue.document_id == document_id, OwnField.ended_at.is_(None))
    )
    return {row.slug: row.value for row in session.execute(rows.order_by(OwnField.id))}


def _write(
    session: Session, document: Document, wanted: Mapping[str, str], actor: str, action: str, **more: int
) -> bool:
    before = values_of(session, document.id)
    changed = {slug: value for slug, value in wanted.items() if before.get(slug, "") != value}
    if not changed:
        return False
    ids = {row.slug: row.id for row in in_use(session)}
    for slug, value in changed.items():
        found = session.get(OwnValue, (document.id, ids[slug]))
        if found is not None and not value:
            session.delete(found)
        elif found is not None:
            found.value = value
        elif value:
            session.add(OwnValue(document_id=document.id, field_id=ids[slug], value=value))
    document.revision += 1
    session.flush()
    was = {slug: before.get(slug, "") for slug in changed}
    detail = {"before": was, "after": changed, "revision": document.revision, **more}
    audit.append(session, actor, action, document.id, audit.salted(detail))
    return True


def _demand(document: Document) -> None:
    if document.status not in VALUED:
        raise Problem("wrong_state", document=document.id, status=document.status)


def _label(label: str) -> str:
    clean = clean_text("label", label, required=True)
    if len(clean) > 100:
        raise Problem("bad_value", field="label", value=clean[:50], why="dài quá 100 ký tự")
    return clean


def _choices(kind: str, choices: Sequence[str]) -> list[str]:
    clean = list(dict.fromkeys(filter(None, (clean_text("choices", one) for one in choices))))
    if kind != "choice":
        return []
    if not 1 < len(clean) <= MOST_CHOICES or max(map(len, clean)) > 100:
        why = f"cần 2 đến {MOST_CHOICES} giá trị, mỗi dòng một giá trị, mỗi giá trị tối đa 100 ký tự"
        raise Problem("bad_value", field="choices", value="; ".join(clean)[:50], why=why)
    return clean
