"""Handwritten numbers that a person put on record: training data for an office's own clerks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.models import Document, PageText
from corpus.document import Page
from corpus.json_shapes import unpack_words

HANDWRITTEN = "number.handwritten"
"""Rule by which the machine read such a number."""
MOST = 1000
"""Most numbers used, the latest: clerks change, and training stays within minutes."""


@dataclass(frozen=True, slots=True)
class HandNumber:
    """A document's number as a person confirmed it, and the page it was written on as the machine read it."""

    document_id: int
    sha256: str
    name: str
    media_type: str
    number: str
    page: Page


def hand_numbers(session: Session) -> Iterator[HandNumber]:
    """Yield the latest MOST numbers in the order of arrival.

    Only numbers that the machine doubted or a person changed: one that passed by itself proves nothing.
    """
    latest = (
        select(Document.id, Document.machine, Document.fields)
        .where(Document.status == "accepted", Document.number.is_not(None))
        .order_by(Document.id.desc())
        .execution_options(yield_per=500)
    )
    confirmed = (at for at, machine, fields in session.execute(latest) if _is_confirmed(machine, fields))
    for at in reversed(list(islice(confirmed, MOST))):
        document, page = session.get_one(Document, at), session.get(PageText, (at, 1))
        if page is not None and page.origin == "ocr" and document.number:
            yield HandNumber(
                at, document.sha256, document.name, document.media_type, document.number,
                Page(1, "ocr", page.text, unpack_words(page.words), page.rotation, page.confidence),
            )  # fmt: skip


def _is_confirmed(machine: dict[str, Any] | None, fields: dict[str, Any] | None) -> bool:
    read: dict[str, Any] = ((machine or {}).get("fields") or {}).get("number") or {}
    kept: dict[str, Any] = (fields or {}).get("number") or {}
    return read.get("rule") == HANDWRITTEN and (bool(read.get("review")) or kept.get("rule") == "person")
