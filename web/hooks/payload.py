"""The JSON that a hook gets of a document on record, and its signature."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from corpus.config import Settings
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.records.hooks import DueDelivery

SIGNATURE = "X-Vanban-Signature"
"""Header `t=<unix time>,v1=<HMAC-SHA-256 of "<unix time>.<body>", in hex>`."""
_LEAST_SECRET = 16
"""Bytes of the secret."""


def body(store: Store, taken: DueDelivery) -> bytes | None:
    """The JSON of a delivery; None if the document is no longer on record or is limited to groups.

    `fields` are those of the record, with evidence boxes (fractions of the page), confidence and rule.
    """
    with store.db.reading() as session:
        found, row = session.get(Document, taken.document_id), session.get(AuditRow, taken.row)
        if found is None or row is None or found.status != "accepted" or found.limited:
            return None
        told: dict[str, Any] = {
            "event": "accepted",
            "delivery": taken.row,
            "at": row.at.isoformat() + "Z",
            "by": row.actor,
            "document": {
                "id": found.id, "sha256": found.sha256, "name": found.name, "media_type": found.media_type,
                "pages": found.page_count, "revision": found.revision, "number": found.number, "date": found.date,
                "doc_type": found.doc_type, "issuer": found.issuer, "subject": found.subject,
                "fields": found.fields or {}, "signatures": found.signatures or [],
            },
        }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def secret_of(settings: Settings) -> bytes:
    """The secret of the settings; b"" for none. Raises Problem("hook_secret_unusable")."""
    if not settings.hook_secret_file:
        return b""
    path = Path(settings.hook_secret_file)
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise Problem("hook_secret_unusable", name=path.name, least=_LEAST_SECRET) from error
    if len(secret) < _LEAST_SECRET:
        raise Problem("hook_secret_unusable", name=path.name, least=_LEAST_SECRET)
    return secret


def signature(secret: bytes, at: int, sent: bytes) -> str:
    """The value of the header SIGNATURE."""
    return f"t={at},v1={hmac.new(secret, f'{at}.'.encode() + sent, hashlib.sha256).hexdigest()}"
