"""Rows of the audit trail as somebody asks for them: who did what with which document, newest first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select

from corpus import audit
from corpus.accounts import name_key
from corpus.models import AuditRow, User
from corpus.store import Store
from web.shown import LABELS, to_the_second
from web.texts import ACTIONS, DETAILS, STATUSES

_UNTOLD = ("state_before", "salt", "sha256", "before", "fingerprint")
_LONG = 80
MOST = 1_000_000
"""The furthest row that is reached by turning pages."""
MOST_LISTED = 100_000
"""Rows of one file at most, the newest."""
COLUMNS = ("Dòng", "Lúc", "Ai", "Việc", "Văn bản", "Chi tiết")
_AT_ONCE = 1000
LIMITED = "văn bản giới hạn người xem"
"""What stands for the detail of a document that the reader may not know of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the rows must be of; empty: of anything."""

    actor: str = ""
    action: str = ""
    document: int | None = None

    @property
    def words(self) -> str:
        """What is asked, to be told."""
        return " · ".join(str(part) for part in (self.actor, self.action, self.document) if part)


def asked(parts: Mapping[str, str]) -> Wanted:
    """What the parts of an address ask for; a document that is no number asks for any."""
    actor, action, document = (parts.get(name, "").strip()[:100] for name in ("actor", "action", "document"))
    return Wanted(actor, action, int(document[:15]) if document.isdecimal() else None)


def rows(store: Store, wanted: Wanted, limit: int, offset: int) -> list[AuditRow]:
    """The rows that are wanted; an actor's name in any case."""
    with store.db.reading() as session:
        return list(session.scalars(_found(store, wanted).limit(limit).offset(min(offset, MOST))))


def listed(store: Store, wanted: Wanted, hidden: Collection[int]) -> Iterator[tuple[object, ...]]:
    """The rows that are wanted in the order of COLUMNS, at most MOST_LISTED; `hidden`: documents of which nothing is told."""
    rows = _found(store, wanted).limit(MOST_LISTED).execution_options(yield_per=_AT_ONCE)
    with store.db.reading() as session:
        for row in session.scalars(rows):
            parts = (f"{name}: {value}" for name, value in told(row, cut=str))
            detail = LIMITED if row.document_id in hidden else " · ".join(parts)
            action = ACTIONS.get(row.action, row.action)
            yield row.id, to_the_second(row.at), row.actor, action, row.document_id, detail


def _found(store: Store, wanted: Wanted) -> Select[AuditRow]:
    found = select(AuditRow).order_by(AuditRow.id.desc())
    if wanted.actor:
        found = found.where(AuditRow.actor.in_(_spellings(store, wanted.actor)))
    if wanted.action:
        found = found.where(AuditRow.action == wanted.action)
    if wanted.document is not None:
        found = found.where(AuditRow.document_id == wanted.document)
    return found


def _spellings(store: Store, actor: str) -> list[str]:
    """The name as it was asked for, and as the account bears it that means: SQLite knows no small letter beyond ASCII."""
    with store.db.reading() as session:
        names = session.scalars(select(User.name)).all()
    return [actor, actor.lower(), *(name for name in names if name_key(name) == name_key(actor))]


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def told(row: AuditRow, cut: Callable[[str], str] = _short) -> list[tuple[str, str]]:
    """The detail of a row in words: what each part is called, and its value, cut where it is long."""
    parts = [(name, value) for name, value in row.detail.items() if name not in _UNTOLD]
    return [(DETAILS.get(name, name), cut(_words(value))) for name, value in parts]


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(LABELS.get(str(name), str(name)) for name in value)
    return ", ".join(
        "✓" if one is True else "–" if one in (None, False) else STATUSES.get(str(one), str(one))
        for one in (value if isinstance(value, list) else [value])
    )


def faults(store: Store) -> list[audit.AuditFault]:
    """Where the chain is broken."""
    with store.db.reading() as session:
        return audit.verify(session)
