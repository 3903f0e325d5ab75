"""Direction of a document as the store's own bodies make it, at its reading and after a correction."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.audit import record_seals
from corpus.database.models import Document
from corpus.document import Fields
from corpus.json_shapes import fields_from_json, fields_to_json
from corpus.lifecycle import own_bodies
from corpus.lifecycle.flat_fields import bare_values, flat
from corpus.registers import direction

_RESTS_ON = ("superior", "issuer", "recipients", "addressees", "place", "incoming_number", "incoming_date")
"""The fields that a direction follows from."""
_STATES = ("review", "accepted")


def told(session: Session, fields: Fields) -> Fields:
    """The fields with the direction that they tell in this store; one that a person decided stays."""
    return direction.told(fields, own_bodies.names(session))


def followed(session: Session, before: Fields, after: Fields, *, looked_at: bool) -> Fields:
    """The fields after a person's change, with the direction that follows from it.

    A direction that the person changed stays. looked_at: the person saw all fields, so that none is in doubt.
    """
    old, new = bare_values(flat(before)), bare_values(flat(after))
    changed = {name for name in new if new[name] != old[name]}
    if "direction" in changed or not changed & set(_RESTS_ON):
        return after
    now = told(session, after)
    return direction.confirmed(now) if looked_at else now


def due(session: Session, after: int, limit: int) -> list[int]:
    """IDs of the next documents, beyond `after`, whose direction can follow from their fields."""
    rows = select(Document.id).where(Document.id > after, Document.status.in_(_STATES))
    return list(session.scalars(rows.order_by(Document.id).limit(limit)))


def renew(session: Session, document: Document, actor: str) -> bool:
    """Work out a document's direction again, as after a change of the own bodies; False if nothing changes."""
    before = fields_from_json(document.fields or {})
    after = told(session, before)
    old, new = before.direction, after.direction
    if (old and old.value) == (new and new.value):
        return False
    record_seals.compare(session, document.id)
    document.fields = fields_to_json(after)
    if new is not None and new.review and document.status == "review":
        document.questions = list(dict.fromkeys([*(document.questions or []), "direction"]))
    document.revision += 1
    session.flush()
    detail = {"direction": new and new.value, "was": old and old.value, "revision": document.revision}
    audit.append(session, actor, "direction", document.id, detail)
    return True
