"""Lists for destruction and copies of documents, as pages, API and commands show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from corpus.database.account_tables import User
from corpus.database.file_tables import Copy, DestructionConsent, DestructionItem, DestructionList
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.files import copies, destruction
from corpus.queries import files
from corpus.queries.documents import READABLE


@dataclass(frozen=True, slots=True)
class Agreed:
    """The consent of one person; `counts` is False once the account is closed."""

    name: str
    at: datetime
    sees_all: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A list for destruction with its consents; `files` is empty in lists of lists."""

    id: int
    state: str
    reason: str
    made_at: datetime
    made_by: str
    done_at: datetime | None
    done_by: str | None
    count: int
    consents: tuple[Agreed, ...] = ()
    files: tuple[files.FileLine, ...] = ()

    @property
    def is_agreed(self) -> bool:
        """True if two people consented, one of whom sees every document."""
        valid = [one for one in self.consents if one.counts]
        return len(valid) >= destruction.NEEDED and any(one.sees_all for one in valid)


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A copy with the original it belongs to."""

    id: int
    document_id: int
    number: str
    kind: str
    medium: str
    body: str
    place: str
    made_on: str
    signer: str
    title: str
    recipients: str
    amount: int
    excerpt: str
    cancelled: str | None
    of_copy_id: int | None
    made_by: str
    original: str | None
    """Number of the original."""
    doc_type: str | None
    date: str | None
    subject: str | None
    issuer: str | None


def proposals(store: Store, limit: int = 50) -> list[Proposal]:
    """Lists for destruction, the latest first, without their files."""
    counted = select(DestructionItem.list_id, func.count().label("n")).group_by(DestructionItem.list_id).subquery()
    rows = (
        select(DestructionList, counted.c.n)
        .outerjoin(counted, counted.c.list_id == DestructionList.id)
        .order_by(DestructionList.id.desc())
        .limit(limit)
    )
    with store.db.reading() as session:
        return [_proposal(row[0], row[1] or 0) for row in session.execute(rows)]


def proposal(store: Store, list_id: int, seen: ColumnElement[bool]) -> Proposal:
    """A list for destruction with files and consents; raises Problem("not_found")."""
    with store.db.reading() as session:
        found = session.get(DestructionList, list_id)
        if found is None:
            raise Problem("not_found", what=list_id)
        ids = list(session.scalars(select(DestructionItem.file_id).where(DestructionItem.list_id == list_id)))
        rows = (
            select(DestructionConsent, User.active)
            .outerjoin(User, User.name == DestructionConsent.name)
            .where(DestructionConsent.list_id == list_id)
            .order_by(DestructionConsent.at)
        )
        agreed = tuple(
            Agreed(row.name, row.at, row.sees_all, bool(active)) for row, active in session.execute(rows)
        )
    return _proposal(found, len(ids), agreed, tuple(files.with_ids(store, ids, seen)))


def copies_of(store: Store, document_id: int) -> list[CopyLine]:
    """Copies of a document, in the order of their making."""
    return _copies(store, _copy_rows().where(Copy.document_id == document_id).order_by(Copy.id).limit(200))


def copy(store: Store, copy_id: int) -> CopyLine:
    """A copy; raises Problem("not_found")."""
    found = _copies(store, _copy_rows().where(Copy.id == copy_id))
    if not found:
        raise Problem("not_found", what=copy_id)
    return found[0]


def copies_in(
    store: Store, year: int | None, seen: ColumnElement[bool], limit: int, offset: int = 0
) -> tuple[list[CopyLine], int]:
    """Copies of a year whose original the viewer may see, the latest first, and how many there are in all."""
    conditions = [seen, Document.status.in_(READABLE), *([Copy.year == year] if year is not None else [])]
    counted = select(func.count()).select_from(Copy).join(Document, Document.id == Copy.document_id)
    with store.db.reading() as session:
        total = session.scalar(counted.where(*conditions)) or 0
    rows = _copy_rows().where(*conditions).order_by(Copy.year.desc(), Copy.id.desc()).limit(limit).offset(offset)
    return _copies(store, rows), total


def copy_years(store: Store) -> list[int]:
    """Years that have copies, the latest first."""
    with store.db.reading() as session:
        return list(session.scalars(select(Copy.year).distinct().order_by(Copy.year.desc()).limit(200)))


def _copy_rows() -> Select[*tuple[Any, ...]]:
    original = (Document.number, Document.doc_type, Document.date, Document.subject, Document.issuer)
    return select(Copy, *original).join(Document, Document.id == Copy.document_id)


def _copies(store: Store, rows: Select[*tuple[Any, ...]]) -> list[CopyLine]:
    with store.db.reading() as session:
        return [
            CopyLine(
                row.id, row.document_id, copies.number_of(row), row.kind, row.medium, row.body, row.place,
                row.made_on, row.signer, row.title, row.recipients, row.amount, row.excerpt, row.cancelled,
                row.of_copy_id, row.made_by, *original,
            )
            for row, *original in session.execute(rows)
        ]  # fmt: skip


def _proposal(
    row: DestructionList, count: int, agreed: tuple[Agreed, ...] = (), of: tuple[files.FileLine, ...] = ()
) -> Proposal:
    return Proposal(
        row.id, row.state, row.reason, row.made_at, row.made_by, row.done_at, row.done_by, count, agreed, of
    )
