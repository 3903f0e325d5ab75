"""Compounds of the documents' texts, kept so that no index ever segments again; functions on a session.

A row says how far a document is: `waiting` to be segmented, `segmented` but not in the index yet, `indexed`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.orm import Session

from corpus.database.models import Compounds, Job, PageText
from corpus.queue import jobs
from corpus.queue.jobs import JobLease

SEGMENT = "segment"
"""The kind of job that segments some documents; it has no document of its own."""

_PRIORITY = -10


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document to be segmented: the reading that is meant, and its text page by page."""

    document_id: int
    reading: int
    pages: tuple[str, ...]


def expect(session: Session, document_id: int, reading: int) -> None:
    """Notes that a document was read and waits to be segmented; `reading`: its revision then."""
    session.execute(insert(Compounds).values(document_id=document_id, reading=reading))


def any_waiting(session: Session) -> bool:
    return session.scalars(select(Compounds.document_id).where(_is("waiting")).limit(1)).first() is not None


def count_waiting(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Compounds).where(_is("waiting"))) or 0


def claim(session: Session, owner: str, lease_seconds: int, most: int) -> JobLease | None:
    """A job that another owner left, else one made for the next documents that no job has; None: nothing waits."""
    left = jobs.claim(session, owner, (SEGMENT,), lease_seconds)
    if left is not None:
        return left
    taken = session.scalars(select(Job.args).where(Job.kind == SEGMENT, Job.state.in_(("queued", "running"))))
    theirs = {id for args in taken for id in args["documents"]}
    rows = select(Compounds.document_id).where(_is("waiting")).order_by(Compounds.document_id)
    ids = [id for id in session.scalars(rows.limit(most + len(theirs))) if id not in theirs][:most]
    if not ids:
        return None
    jobs.enqueue(session, SEGMENT, args={"documents": ids}, priority=_PRIORITY)
    return jobs.claim(session, owner, (SEGMENT,), lease_seconds)


def waiting(session: Session, ids: Sequence[int]) -> list[Waiting]:
    """Those of the documents that still wait, with their texts."""
    rows = select(Compounds.document_id, Compounds.reading).where(Compounds.document_id.in_(ids), _is("waiting"))
    pages = select(PageText.document_id, PageText.text).where(PageText.document_id.in_(ids))
    texts: dict[int, list[str]] = {}
    for document_id, text in session.execute(pages.order_by(PageText.document_id, PageText.number)):
        texts.setdefault(document_id, []).append(text)
    return [Waiting(id, reading, tuple(texts.get(id, ()))) for id, reading in session.execute(rows)]


def keep(session: Session, found: Iterable[tuple[Waiting, str]]) -> None:
    """Keeps what a document was segmented into; one that was read anew meanwhile waits on."""
    for document, words in found:
        same = (Compounds.document_id == document.document_id, Compounds.reading == document.reading)
        # Without compounds its entry is what it should be already.
        state = "segmented" if words else "indexed"
        session.execute(update(Compounds).where(*same, _is("waiting")).values(words=words, state=state))


def give_up(session: Session, ids: Sequence[int]) -> None:
    """Leaves documents without compounds whose segmenting ends its worker each time: they are found all the same."""
    rows = update(Compounds).where(Compounds.document_id.in_(ids), _is("waiting"))
    session.execute(rows.values(words="", state="indexed"))


def words(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The compounds of those documents that have any."""
    rows = select(Compounds.document_id, Compounds.words).where(Compounds.document_id.in_(ids))
    return {id: tuple(found.split()) for id, found in session.execute(rows) if found}


def mark_indexed(session: Session, ids: Collection[int]) -> None:
    """Notes that the index holds the compounds of these documents."""
    rows = update(Compounds).where(Compounds.document_id.in_(ids), _is("segmented"))
    session.execute(rows.values(state="indexed"))


def unindexed() -> Select[int]:
    """The documents whose compounds are not in the index yet."""
    return select(Compounds.document_id).where(_is("segmented"))


def _is(state: str) -> ColumnElement[bool]:
    return Compounds.state == state
