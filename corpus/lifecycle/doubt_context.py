"""The store's side of the check before going on record: neighbours in the run, twins,
pages that could not be read.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.access import groups
from corpus.authority import identity
from corpus.citations.resolution import is_live
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.read_only import StoredDocument
from corpus.document import Fields
from corpus.errors import Problem
from corpus.json_shapes import fields_from_json
from corpus.lifecycle.doubts import Context, Doubt, doubts
from corpus.lifecycle.number_neighbours import neighbours
from corpus.lifecycle.versions import MARKED
from corpus.numbering import number
from corpus.numbering.dates import day_of
from corpus.numbering.typed_days import HANOI


def doubts_of(
    session: Session, document: StoredDocument, fields: Fields, by: groups.Groups = None
) -> tuple[Doubt, ...]:
    """The doubts about these fields as the document's record, with twins visible to the groups `by` only."""
    return doubts(fields, context_of(session, document, fields, by))


def present_doubts(session: Session, document: StoredDocument, by: groups.Groups = None) -> tuple[Doubt, ...]:
    """The doubts about a document's record in its present state."""
    return doubts_of(session, document, fields_from_json(document.fields or {}), by)


def context_of(session: Session, document: StoredDocument, fields: Fields, by: groups.Groups = None) -> Context:
    """Context of a record with these fields in the store."""
    read = number.parse(fields.number.value) if fields.number else None
    day = day_of(fields.date.value) if fields.date else None
    issuer = fields.issuer.value if fields.issuer else None
    # A date that is in doubt itself says nothing of the number.
    sure = day if fields.date and not fields.date.review else None
    around = neighbours(session, document.id, issuer, read, sure) if issuer and read and sure else None
    year = day.year if day else (read.year if read else None)
    twin = read is not None and has_twin(session, document.id, read.match_key, issuer, year, by)
    marked = any(one["code"] == MARKED for one in (document.machine or {}).get("warnings", []))
    return Context((utc_now() + HANOI).date(), around, twin, _unread(document), marked)


def has_twin(
    session: Session, document_id: int, key: str, issuer: str | None, year: int | None, by: groups.Groups
) -> bool:
    """True if another document, on record or waiting, has this number, issuer and year."""
    same = (
        select(Document.id)
        .where(Document.number_key == key[:100], Document.issuer_key == (identity.issuer_key(issuer) or "")[:200])
        .where(Document.year == year, Document.id != document_id, is_live(), groups.seen_by(by))
    )
    return session.scalar(same.limit(1)) is not None


def demand_passed(document: Document, found: tuple[Doubt, ...], confirmed: Collection[str]) -> list[str]:
    """The codes of the doubts that a person passes by naming them;
    raises Problem("doubtful") when one is not named.
    """
    if any(doubt.code not in confirmed for doubt in found):
        raise Problem("doubtful", document=document.id, doubts=found)
    return list(dict.fromkeys(doubt.code for doubt in found))


def _unread(document: StoredDocument) -> tuple[int, ...]:
    warnings = (document.machine or {}).get("warnings", [])
    return tuple(one["page"] or 1 for one in warnings if one["code"] == "page_unreadable")
