"""Every record that is there is sealed in the trail,
so that from here on a change behind the program's back shows.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from corpus.database import record_digest

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_audit = sa.table(
    "audit",
    *(sa.column(name) for name in ("id", "actor", "action", "document_id", "detail_hash", "previous", "hash")),
    sa.column("at", sa.DateTime),
    sa.column("detail", sa.JSON),
)


def upgrade() -> None:
    connection = op.get_bind()
    last = connection.execute(sa.select(_audit.c.id, _audit.c.hash).order_by(_audit.c.id.desc()).limit(1)).first()
    number, previous = (last.id, last.hash) if last else (0, "0" * 64)
    rows: list[dict[str, Any]] = []
    for document_id, content in record_digest.every(connection):
        number += 1
        rows.append(_row(number, document_id, content, previous))
        previous = rows[-1]["hash"]
        if len(rows) == _AT_ONCE:
            connection.execute(sa.insert(_audit), rows)
            rows.clear()
    if rows:
        connection.execute(sa.insert(_audit), rows)


def downgrade() -> None:
    """The rows stay: taking them out would break the chain."""


def _row(number: int, document_id: int, content: str, previous: str) -> dict[str, Any]:
    """One row as the program of this version writes it."""
    at, salt = datetime.now(UTC).replace(tzinfo=None), secrets.token_hex(16)
    detail = {"record": record_digest.sealed(content, salt), "salt": salt}
    detail_hash = _hash(detail)
    row = [
        number,
        at.isoformat(timespec="microseconds"),
        "vanban",
        "seal_record",
        document_id,
        detail_hash,
        previous,
    ]
    return {
        "id": number, "at": at, "actor": "vanban", "action": "seal_record", "document_id": document_id,
        "detail": detail, "detail_hash": detail_hash, "previous": previous, "hash": _hash(row),
    }  # fmt: skip


def _hash(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
