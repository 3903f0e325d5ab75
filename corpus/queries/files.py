"""Files (hồ sơ) with their papers, as a viewer may see them: counts, pages and days are of seen papers only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from corpus.database.file_tables import CaseFile, CaseFilePaper, CaseFileRule
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.files import keeping
from corpus.queries.documents import READABLE
from corpus.queries.file_values import FiledPaper as FiledPaper
from corpus.queries.file_values import FileLine as FileLine
from corpus.queries.file_values import FilesWanted as FilesWanted
from corpus.queries.file_values import FilingRule as FilingRule
from corpus.queries.file_values import Held as Held
from corpus.vietnamese.fold import fold

STATES = tuple(keeping.STATES)
_AT_ONCE = 500
"""IDs of one query: within the limit of every database."""


_COLUMNS = tuple(
    getattr(CaseFile, name)
    for name in (
        "id", "year", "code", "heading", "title", "keeper", "organ_id", "retention", "years", "rights", "language",
        "description", "state", "ended_on", "kept_until", "submitted_on", "submitted_to", "revision",
    )
)  # fmt: skip
_ORDER = (CaseFile.year.desc(), CaseFile.symbol, CaseFile.ordinal, CaseFile.id)


def catalogue(
    store: Store, wanted: FilesWanted, seen: ColumnElement[bool], limit: int, offset: int = 0
) -> tuple[list[FileLine], int]:
    """Files of a year's list in its order, and how many there are in all."""
    with store.db.reading() as session:
        conditions = _conditions(wanted)
        if wanted.words:
            ids = _of_words(session, conditions, wanted.words)
            rows = select(*_COLUMNS).where(CaseFile.id.in_(ids[offset : offset + limit])).order_by(*_ORDER)
            return _lines(session, rows, seen), len(ids)
        total = session.scalar(select(func.count()).select_from(CaseFile).where(*conditions)) or 0
        rows = select(*_COLUMNS).where(*conditions).order_by(*_ORDER).limit(limit).offset(offset)
        return _lines(session, rows, seen), total


def years(store: Store) -> list[int]:
    """Years that have files, the latest first."""
    with store.db.reading() as session:
        return list(session.scalars(select(CaseFile.year).distinct().order_by(CaseFile.year.desc()).limit(200)))


def one(store: Store, file_id: int, seen: ColumnElement[bool]) -> FileLine:
    """A file; raises Problem("not_found")."""
    with store.db.reading() as session:
        found = _lines(session, select(*_COLUMNS).where(CaseFile.id == file_id), seen)
    if not found:
        raise Problem("not_found", what=file_id)
    return found[0]


def named(store: Store, ref: str) -> int:
    """ID of the file that a typed code means. Raises Problem("not_found"), ("ambiguous_file")."""
    with store.db.reading() as session:
        return keeping.named(session, ref).id


def papers(
    store: Store, file_id: int, seen: ColumnElement[bool], limit: int = 100_000, offset: int = 0
) -> list[FiledPaper]:
    """The papers of a file in their order, as a viewer sees them: read, not withdrawn."""
    with store.db.reading() as session:
        skipped, turned = _before(session, file_id, seen, offset) if offset else (0, 0)
        rows = session.execute(_papers_query(file_id, seen).limit(limit).offset(offset)).all()
    found, page = list[FiledPaper](), turned + 1
    for place, row in enumerate(rows, start=skipped + 1):
        found.append(_paper(place, page, row))
        page += max(row[9], 1)
    return found


def withdrawn(store: Store, file_id: int, seen: ColumnElement[bool]) -> list[FiledPaper]:
    """Papers of a file that were withdrawn since, for those who may see such documents."""
    rows = _papers_query(file_id, seen, ("withdrawn",)).limit(100)
    with store.db.reading() as session:
        return [_paper(0, 0, row) for row in session.execute(rows)]


def of_document(store: Store, document_id: int) -> FileLine | None:
    """The file that a document is in, without its counts; None for none."""
    rows = select(*_COLUMNS).join(CaseFilePaper, CaseFilePaper.file_id == CaseFile.id)
    with store.db.reading() as session:
        row = session.execute(rows.where(CaseFilePaper.document_id == document_id)).first()
    return FileLine(*row) if row is not None else None


def open_files(store: Store, limit: int = 200) -> list[FileLine]:
    """Open files for a list to choose from, the latest year first, without counts."""
    rows = select(*_COLUMNS).where(CaseFile.state == "open").order_by(*_ORDER).limit(limit)
    with store.db.reading() as session:
        return [FileLine(*row) for row in session.execute(rows)]


def rules(store: Store, file_id: int) -> list[FilingRule]:
    """The rules of a file."""
    rows = select(CaseFileRule).where(CaseFileRule.file_id == file_id).order_by(CaseFileRule.id)
    with store.db.reading() as session:
        return [FilingRule(row.id, row.doc_type, row.issuer, row.words) for row in session.scalars(rows)]


def rule_file(store: Store, rule_id: int) -> int:
    """ID of the file that a rule belongs to; raises Problem("not_found")."""
    with store.db.reading() as session:
        found = session.scalar(select(CaseFileRule.file_id).where(CaseFileRule.id == rule_id))
    if found is None:
        raise Problem("not_found", what=rule_id)
    return found


def to_submit(
    store: Store, wanted: FilesWanted, seen: ColumnElement[bool], limit: int, offset: int = 0
) -> tuple[list[FileLine], int]:
    """Closed files kept for five years or more, which go to the archive (Điều 31), by the day they ended."""
    worth = (CaseFile.years.is_(None)) | (CaseFile.years >= 5)
    conditions = [CaseFile.state == (wanted.state or "closed"), worth]
    conditions += [CaseFile.year == wanted.year] if wanted.year is not None else []
    return _stretch(store, conditions, (CaseFile.ended_on, CaseFile.id), seen, limit, offset)


def expired(
    store: Store, day: str, seen: ColumnElement[bool], limit: int, offset: int = 0
) -> tuple[list[FileLine], int]:
    """Files whose retention was over before a day (ISO 8601), the earliest first."""
    conditions = [CaseFile.state.in_(("closed", "submitted")), CaseFile.kept_until < day]
    return _stretch(store, conditions, (CaseFile.kept_until, CaseFile.id), seen, limit, offset)


def with_ids(store: Store, ids: Collection[int], seen: ColumnElement[bool]) -> list[FileLine]:
    """The files with these IDs, in the order of the list."""
    with store.db.reading() as session:
        return _lines(session, select(*_COLUMNS).where(CaseFile.id.in_(ids)).order_by(*_ORDER), seen)


def _stretch(
    store: Store,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[object],
    seen: ColumnElement[bool],
    limit: int,
    offset: int,
) -> tuple[list[FileLine], int]:
    rows = select(*_COLUMNS).where(*conditions).order_by(*order).limit(limit).offset(offset)  # type: ignore[arg-type]
    with store.db.reading() as session:
        total = session.scalar(select(func.count()).select_from(CaseFile).where(*conditions)) or 0
        return _lines(session, rows, seen), total


def _conditions(wanted: FilesWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.year is not None:
        found.append(CaseFile.year == wanted.year)
    if wanted.state:
        found.append(CaseFile.state == wanted.state)
    return found


def _of_words(session: Session, conditions: Sequence[ColumnElement[bool]], words: str) -> list[int]:
    """IDs of the files that have all words in code, title, heading or keeper; folded here: no database can."""
    typed = fold(words).split()
    rows = select(CaseFile.id, CaseFile.code, CaseFile.title, CaseFile.heading, CaseFile.keeper)
    found = session.execute(rows.where(*conditions).order_by(*_ORDER))
    return [row[0] for row in found if all(word in fold(" ".join(row[1:])) for word in typed)]


def _lines(session: Session, rows: Select[*tuple[Any, ...]], seen: ColumnElement[bool]) -> list[FileLine]:
    """The files of a query with what the viewer sees in them."""
    found = [FileLine(*row) for row in session.execute(rows)]
    held: dict[int, Held] = {}
    ids = [one.id for one in found]
    for at in range(0, len(ids), _AT_ONCE):
        held |= _held(session, ids[at : at + _AT_ONCE], seen)
    return [replace(one, held=held.get(one.id, Held())) for one in found]


def _before(session: Session, file_id: int, seen: ColumnElement[bool], offset: int) -> tuple[int, int]:
    """The number of papers before a stretch, and of their pages."""
    each = _papers_query(file_id, seen).with_only_columns(Document.page_count).limit(offset).subquery()
    pages = case((each.c.page_count > 1, each.c.page_count), else_=1)
    row = session.execute(select(func.count(), func.coalesce(func.sum(pages), 0)).select_from(each)).one()
    return int(row[0]), int(row[1])


def _papers_seen(states: Collection[str], seen: ColumnElement[bool]) -> ColumnElement[bool]:
    """The documents of papers that a viewer sees, as the condition of an outer join.

    As an inner one, SQLite would begin with all documents of a state, or with all that are unlimited.
    """
    return and_(Document.id == CaseFilePaper.document_id, Document.status.in_(states), seen)


def _held(session: Session, ids: Sequence[int], seen: ColumnElement[bool]) -> dict[int, Held]:
    rows = (
        select(
            CaseFilePaper.file_id,
            func.count(Document.id),
            func.sum(Document.page_count),
            func.min(Document.date),
            func.max(Document.date),
        )
        .outerjoin(Document, _papers_seen(READABLE, seen))
        .where(CaseFilePaper.file_id.in_(ids))
        .group_by(CaseFilePaper.file_id)
    )
    return {row[0]: Held(row[1], int(row[2] or 0), row[3], row[4]) for row in session.execute(rows)}


def _paper(place: int, first_page: int, row: Sequence[Any]) -> FiledPaper:
    """A paper of a row of _papers_query."""
    return FiledPaper(
        place, row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], first_page, row[10],
        row[11], row[12],
    )  # fmt: skip


def _papers_query(
    file_id: int, seen: ColumnElement[bool], states: tuple[str, ...] = READABLE
) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Document.id, Document.number, Document.date, Document.doc_type, Document.subject, Document.issuer,
            Document.signer, Document.name, Document.status, Document.page_count, Document.sha256,
            Document.media_type, Document.size,
        )
        .select_from(CaseFilePaper)
        .outerjoin(Document, _papers_seen(states, seen))
        .where(CaseFilePaper.file_id == file_id, func.coalesce(Document.id, 0) > 0)
        .order_by(CaseFilePaper.position, CaseFilePaper.document_id)
    )  # fmt: skip
