"""Senders of documents that came by mail: noted at arrival, and what a rule expects compared at reading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from corpus.authority.identity import issuer_key, successor_keys
from corpus.database.connection import utc_now
from corpus.database.origins import ArrivalOrigin
from corpus.document import Candidate, Field, Fields, Warning, is_unnumbered
from corpus.errors import caution_message
from corpus.registers.direction import is_derived

_BY_SENDER = 0.9
"""Confidence of a direction that rests on the sender's rule alone: an address is no proof of who sent it."""
_ASKED = 0.5
"""Confidence of each side where the paper names another body than its sender's."""


@dataclass(frozen=True, slots=True)
class KnownSender:
    """A sender by address, with the rules about it: body whose papers it sends, direction; "" for nothing."""

    address: str
    issuer: str = ""
    direction: str = ""


def note(session: Session, document_id: int, sender: KnownSender) -> None:
    """Keep the sender of a document; the first one stays."""
    if session.get(ArrivalOrigin, document_id) is None:
        session.add(
            ArrivalOrigin(
                document_id=document_id, way="mail", sender=sender.address[:320], issuer=sender.issuer or None,
                direction=sender.direction[:10] or None, at=utc_now(),
            )
        )  # fmt: skip


def directed(session: Session, document_id: int, fields: Fields) -> Fields:
    """The fields with the direction of the sender's rule where the paper tells none; another one is asked."""
    origin = session.get(ArrivalOrigin, document_id)
    if origin is None or not origin.direction:
        return fields
    found = fields.direction
    if found is None:
        return replace(fields, direction=Field(origin.direction, "", _BY_SENDER, rule="direction.sender"))
    if found.value == origin.direction or not is_derived(found):
        return fields
    both = (Candidate(found.value, _ASKED), Candidate(origin.direction, _ASKED))
    return replace(fields, direction=replace(found, review=True, candidates=both))


def weighed(session: Session, document_id: int, fields: Fields) -> tuple[Fields, tuple[Warning, ...]]:
    """The fields with the issuer compared with the body whose papers the sender sends; another one is asked."""
    origin = session.get(ArrivalOrigin, document_id)
    issuer = fields.issuer
    if origin is None or not origin.issuer or issuer is None or is_unnumbered(fields):
        return fields, ()
    expected, found = issuer_key(origin.issuer), issuer_key(issuer.value)
    if found == expected or found in successor_keys(expected) or expected in successor_keys(found):
        return fields, ()
    both = (Candidate(issuer.value, _ASKED), Candidate(origin.issuer, _ASKED))
    words = caution_message("issuer_unexpected", expected=origin.issuer, found=issuer.value)
    return (
        replace(fields, issuer=replace(issuer, review=True, candidates=both)),
        (Warning("issuer_unexpected", words, issuer.page),),
    )
