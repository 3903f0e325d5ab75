"""Seals of records in the trail: a digest in each row that changes a document, compared with the present record.

A row that changes a document carries the salted digest of the record after the change
(corpus.database.record_digest). Before a change the record is compared with its last seal, so that a change behind
the program's back is not covered up by the new seal: the row notes it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from corpus.database import record_digest
from corpus.database.models import AuditRow

RECORD, FOUND = "record", "record_found"
"""Keys of a row's detail: the digest; true if the record differed from its last seal before this change."""
SETTLE = "seal_record"
"""Action that seals a record in its present state: at an upgrade, or by a person who examined it."""
_SWITCH, _COMPARED = "seals_records", "records_compared"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A document's last seal: its row, salt and digest; `digest` None: sealed as removed."""

    row: int
    salt: str
    digest: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A document whose record differs from its last seal."""

    document: int
    row: int
    """The row of the last seal; 0 when there is none."""
    code: str
    """`record_changed`, `record_added` or `record_missing`."""


def switch_on(session: Session) -> None:
    """Make rows of this session carry digests; rows written at an earlier schema don't."""
    session.info[_SWITCH] = True


def compare(session: Session, document_id: int) -> None:
    """Compare a record with its last seal before this session changes it;
    `sealed` notes a difference in its row.
    """
    compared: dict[int, bool] = session.info.setdefault(_COMPARED, {})
    if document_id in compared or not session.info.get(_SWITCH):
        return
    last = _last(session, document_id)
    compared[document_id] = last is None or _differs(
        last, record_digest.content(session.connection(), document_id)
    )


def sealed(session: Session, document_id: int, detail: dict[str, Any]) -> dict[str, Any]:
    """Return the detail of a row with the digest of the document's record as this session has it now."""
    if not session.info.get(_SWITCH):
        return detail
    found = record_digest.content(session.connection(), document_id)
    salt = detail.get(record_digest.SALT) or secrets.token_hex(16)
    digest = record_digest.sealed(found, salt) if found is not None else None
    changed = {FOUND: True} if session.info.get(_COMPARED, {}).get(document_id) else {}
    # Noted once in a session: later changes in it are the program's own.
    session.info.setdefault(_COMPARED, {})[document_id] = False
    return {**detail, RECORD: digest, record_digest.SALT: salt, **changed}


def of_row(row: int, detail: Mapping[str, Any]) -> Sealed | None:
    """The seal in a row's detail; None if it has none."""
    if RECORD not in detail:
        return None
    return Sealed(row, str(detail.get(record_digest.SALT, "")), detail[RECORD])


def was_sealed(session: Session, document_id: int) -> bool:
    """True if some row of the trail carries a seal of the document."""
    return _last(session, document_id) is not None


def differences(connection: Connection, last: Mapping[int, Sealed]) -> Iterator[Difference]:
    """Yield every record that differs from its last seal, by document; reads all documents once, in batches."""
    missing = {document for document, seal in last.items() if seal.digest is not None}
    for document, found in record_digest.every(connection):
        missing.discard(document)
        seal = last.get(document)
        if seal is None:
            yield Difference(document, 0, "record_added")
        elif _differs(seal, found):
            yield Difference(document, seal.row, "record_changed" if seal.digest else "record_added")
    for document in sorted(missing):
        yield Difference(document, last[document].row, "record_missing")


def _differs(seal: Sealed, found: str | None) -> bool:
    now = record_digest.sealed(found, seal.salt) if found is not None else None
    return seal.digest != now


def _last(session: Session, document_id: int) -> Sealed | None:
    """The newest seal of a document: reads its rows backwards to the first with a seal."""
    rows = select(AuditRow.id, AuditRow.detail).where(AuditRow.document_id == document_id)
    for row in session.execute(rows.order_by(AuditRow.id.desc()).execution_options(yield_per=20)):
        if (found := of_row(row.id, row.detail)) is not None:
            return found
    return None
