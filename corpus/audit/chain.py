"""The audit trail as a hash chain: each row has the hash of the row before it; heads are sealed outside the
database.

A row's hash covers its number, time, actor, action, document and the hash of its detail (canonical JSON, SHA-256),
so an edited, removed, inserted or moved row breaks the chain at its place. A cut tail, or a chain rebuilt from the
start, can only be seen from outside: heads are appended by rows and by time to a file (corpus.audit.seals) that
belongs on another machine or on paper. Rows that change a document carry a digest of its record
(corpus.audit.record_seals).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.audit import record_seals
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow

GENESIS = "0" * 64
"""Previous hash of the first row."""
PURGED = {"purged": True}
"""The detail of a row whose content was taken out because its document is classified."""


@dataclass(frozen=True, slots=True)
class AuditFault:
    """One fault of the trail: `row` is the number at which it shows,
    `document` the one whose record is at fault.
    """

    row: int
    code: str
    """A key of corpus.audit.trail_check.SENTENCES."""
    document: int | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """Head of the chain at some time: number and hash of a row."""

    row: int
    hash: str


def append(
    session: Session,
    actor: str,
    action: str,
    document_id: int | None = None,
    detail: dict[str, Any] | None = None,
    *,
    seals: bool = True,
) -> AuditRow:
    """Append one row to the chain inside the caller's writing transaction, which must be the only one at the time.

    seals: True if the row carries the digest of the document's present record; False for an action that changes no
    record.
    """
    session.flush()
    if seals and document_id is not None:
        detail = record_seals.sealed(session, document_id, detail or {})
    last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).first()
    row = AuditRow(
        id=last.id + 1 if last else 1,
        at=utc_now(),
        actor=actor[:100],
        action=action,
        document_id=document_id,
        detail=detail or {},
        previous=last.hash if last else GENESIS,
    )
    row.detail_hash = _hash(row.detail)
    row.hash = _row_hash(row)
    session.add(row)
    session.flush()
    session.info.setdefault("audit_rows", []).append(Seal(row.id, row.hash))
    return row


def salted(detail: dict[str, Any]) -> dict[str, Any]:
    """The detail with a random part, so that once purged its content can't be guessed from its hash."""
    return {**detail, "salt": secrets.token_hex(16)}


def purge(session: Session, document_id: int) -> list[int]:
    """Erase the detail of all audit rows of a document and return their numbers, for the row that orders the
    purge.

    Rows erased earlier are included: the row that ordered them is erased now, too.
    """
    rows = session.scalars(select(AuditRow).where(AuditRow.document_id == document_id)).all()
    emptied = [row for row in rows if row.detail]
    for row in emptied:
        row.detail = dict(PURGED)
    return [row.id for row in emptied]


def verify(
    session: Session, seals: tuple[Seal, ...] = (), see: Callable[[AuditRow], object] | None = None
) -> list[AuditFault]:
    """Return every fault of the chain in order, [] if it is intact; reads every row.

    seals: heads written outside the database; their rows must not have changed. see: called with each row.
    """
    faults: list[AuditFault] = []
    sealed: dict[int, set[str]] = {}
    for seal in seals:
        sealed.setdefault(seal.row, set()).add(seal.hash)
    purged: set[int] = set()
    ordered: set[int] = set()
    expected, previous = 1, GENESIS
    for row in session.scalars(select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=1000)):
        faults += _row_faults(row, expected, previous)
        if see is not None:
            see(row)
        if row.detail == PURGED:
            purged.add(row.id)
        ordered.update(row.detail.get("purged_rows", ()))
        if sealed.pop(row.id, {row.hash}) != {row.hash}:
            faults.append(AuditFault(row.id, "seal_differs"))
        expected, previous = row.id + 1, row.hash
    faults += [AuditFault(number, "purged_without_order") for number in sorted(purged - ordered)]
    faults += [AuditFault(number, "tail_cut") for number in sorted(sealed)]
    return sorted(faults, key=lambda fault: fault.row)


def seal_file(settings: Settings) -> Path:
    """File that heads are written to; on another machine it also reveals a chain rebuilt from the start."""
    return Path(settings.audit_seal_file) if settings.audit_seal_file else settings.home / "audit.seals"


def head(session: Session) -> Seal | None:
    """The last row, None for an empty trail."""
    last = session.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first()
    return Seal(*last) if last else None


def _row_faults(row: AuditRow, expected: int, previous: str) -> Iterator[AuditFault]:
    if row.id != expected:
        yield AuditFault(row.id, "gap")
    if row.previous != previous:
        yield AuditFault(row.id, "unlinked")
    if row.hash != _row_hash(row):
        yield AuditFault(row.id, "edited")
    if row.detail != PURGED and row.detail_hash != _hash(row.detail):
        yield AuditFault(row.id, "detail_edited")


def _row_hash(row: AuditRow) -> str:
    at = row.at.isoformat(timespec="microseconds")
    return _hash([row.id, at, row.actor, row.action, row.document_id, row.detail_hash, row.previous])


def _hash(value: object) -> str:
    """SHA-256 of canonical JSON: sorted keys, no blanks, UTF-8."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
