"""The digest of a document's record, which the trail carries so that a change behind the program's back shows.

Version 1 covers the columns below, the pages' text, the citations as printed, what a person settled, the
recipients and the groups a document is limited to, as canonical JSON under SHA-256. It leaves out what the program
changes by itself without a row of the trail: which document an unsettled citation means, moments of fixity, the
index's revision. The tables are named here by themselves, not by `corpus.database.models`: a migration computes
the same digest. Never change a version; add another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, Select, column, select, table

VERSION = "1"
SALT = "salt"
"""The part of a row's detail that goes into its digest, so that once purged a record can't be guessed from it."""
_WAITING = frozenset({"queued", "reading"})
"""States between which a job moves a document without a row of the trail."""

_PLAIN = (
    "id", "sha256", "name", "media_type", "size", "status", "sample", "auto_accept", "released", "limited",
    "number",
    "number_key", "symbol", "date", "year", "doc_type", "issuer", "issuer_key", "superior", "place", "subject",
    "signer",
    "urgency", "page_count", "received_by", "accepted_by",
)  # fmt: skip
_STRUCTURED = ("fault", "fields", "machine", "questions")
_MOMENTS = ("received_at", "accepted_at")
COLUMNS = (*_PLAIN, *_STRUCTURED, *_MOMENTS)
"""The columns of `documents` that version 1 covers."""
_CITATION = (
    "position", "printed", "relation", "doc_type", "number", "number_key", "date", "issuer", "issuer_key", "title",
    "title_key", "provision", "page", "settled_by",
)  # fmt: skip
_BATCH = 200
"""Documents digested at a time."""

_documents = table(
    "documents",
    *(column(name) for name in _PLAIN),
    *(column(name, JSON) for name in _STRUCTURED),
    *(column(name, DateTime) for name in _MOMENTS),
)
_citations = table(
    "citations",
    column("document_id"),
    column("target_id"),
    column("settled_at", DateTime),
    column("status"),
    *(column(name) for name in _CITATION),
)
_pages = table("pages", *(column(name) for name in ("document_id", "number", "origin", "rotation", "text")))
_recipients = table("recipients", *(column(name) for name in ("document_id", "position", "kind", "value")))
_limits = table("document_groups", *(column(name) for name in ("document_id", "group_id")))
_settlements = table(
    "settlements",
    *(column(name) for name in ("document_id", "fingerprint", "reason", "by")),
    column("at", DateTime),
)

Parts = dict[str, Any]


def content(connection: Connection, document_id: int) -> str | None:
    """The SHA-256 (hex) of one document's record; None when there is no such document."""
    return next((found for _, found in contents(connection, [document_id])), None)


def contents(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """(ID, SHA-256 of the record) of those of the documents that are there, in their order;
    one question a table.
    """
    rows = connection.execute(select(_documents).where(_documents.c.id.in_(ids)).order_by(_documents.c.id)).all()
    below = [_below(connection, asked, ids) for asked in _questions(ids)]
    for row in rows:
        parts: Parts = {name: _plain(value) for name, value in row._mapping.items()}
        parts["status"] = "waiting" if row.status in _WAITING else row.status
        parts["below"] = [found.get(row.id, []) for found in below]
        yield row.id, _sha256(parts)


def every(connection: Connection) -> Iterator[tuple[int, str]]:
    """(ID, SHA-256 of the record) of every document, by ID, some at a time."""
    last = 0
    while ids := connection.scalars(
        select(_documents.c.id).where(_documents.c.id > last).order_by(_documents.c.id).limit(_BATCH)
    ).all():
        yield from contents(connection, ids)
        last = ids[-1]


def sealed(content_hash: str, salt: str) -> str:
    """Digest of a record in a row of the trail: version and salted hash."""
    return f"{VERSION}:{hashlib.sha256(f'{salt} {content_hash}'.encode()).hexdigest()}"


def _questions(ids: Sequence[int]) -> Iterator[Select[Any]]:
    """Queries for the rows that belong to documents: citations, pages, recipients, groups, settled conflicts; ID
    first.
    """
    cited = (_citations.c[name] for name in (*_CITATION, "settled_at", "target_id", "status"))
    yield _of(_citations, ids, cited, "position")
    yield _of(_pages, ids, (_pages.c[name] for name in ("number", "origin", "rotation", "text")), "number")
    yield _of(_recipients, ids, (_recipients.c[name] for name in ("position", "kind", "value")), "position")
    yield _of(_limits, ids, [_limits.c.group_id], "group_id")
    yield _of(
        _settlements, ids, (_settlements.c[name] for name in ("fingerprint", "reason", "by", "at")), "fingerprint"
    )


def _of(source: Any, ids: Sequence[int], columns: Iterable[Any], order: str) -> Select[Any]:
    rows = select(source.c.document_id, *columns).where(source.c.document_id.in_(ids))
    return rows.order_by(source.c.document_id, source.c[order])


def _below(connection: Connection, asked: Select[Any], ids: Sequence[int]) -> dict[int, list[list[Any]]]:
    """Document → its rows of one table; a citation's target counts only once a person has settled it.

    That a person has removed one is added to its row: the digest of a record without such a one is what it always
    was.
    """
    found: dict[int, list[list[Any]]] = {}
    for row in connection.execute(asked):
        values = {name: _plain(value) for name, value in row._mapping.items() if name != "document_id"}
        if "target_id" in values and values["settled_by"] is None:
            values["target_id"] = values["settled_at"] = None
        if "target_id" in values and values.pop("status") == "removed":
            values["removed"] = True
        found.setdefault(row.document_id, []).append(list(values.values()))
    return found


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _sha256(parts: Parts) -> str:
    """SHA-256 of canonical JSON: sorted keys, no blanks, UTF-8;
    truth values as SQLite and PostgreSQL both give them.
    """
    for name in ("sample", "auto_accept", "limited"):
        parts[name] = bool(parts[name])
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
