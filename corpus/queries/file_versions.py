"""Versions of a document's file, as its page and the API list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from corpus.database.store import Store
from corpus.database.version_tables import FileVersion
from corpus.errors import Language, Problem
from corpus.lifecycle import versions


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version: its file, who put it in, when and why, and what became of it."""

    number: int
    name: str
    sha256: str
    media_type: str
    size: int
    page_count: int
    state: str
    keep_values: bool
    reason: str
    by: str
    at: datetime
    fault: str
    """Sentence on why it was not taken; "" if it was."""

    @property
    def has_file(self) -> bool:
        """True if it has passed the gate: it may be looked at and downloaded."""
        return self.state in versions.LOOKED_AT


def of_document(store: Store, document_id: int, language: Language = "vi") -> list[VersionShown]:
    """Versions of a document, the latest first; [] if it has had one file only."""
    with store.db.reading() as session:
        return [_of_row(row, language) for row in reversed(versions.of_document(session, document_id))]


def with_file(store: Store, document_id: int, number: int) -> VersionShown:
    """A version that may be looked at; raises Problem("not_found") for another."""
    for one in of_document(store, document_id):
        if one.number == number and one.has_file:
            return one
    raise Problem("not_found", what=number)


def released_word(store: Store, document_id: int, number: int) -> str | None:
    """The reason why a clerk overruled a secrecy mark on a version; None if nobody did."""
    with store.db.reading() as session:
        rows = versions.of_document(session, document_id)
        return next((row.released for row in rows if row.position == number), None)


def _of_row(row: FileVersion, language: Language) -> VersionShown:
    return VersionShown(
        row.position, row.name, row.sha256, row.media_type, row.size, row.page_count, row.state, row.keep_values,
        row.reason, row.by, row.at, _fault(row, language),
    )  # fmt: skip


def _fault(row: FileVersion, language: Language) -> str:
    if not row.fault:
        return ""
    facts = {"name": row.name, "mark": "?", **row.fault.get("facts", {})}
    return Problem(row.fault["code"], **facts).message(language)
