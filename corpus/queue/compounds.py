"""Compound words of documents' texts, stored so that no index segments again; functions on a session.

A row has the state of a document: `waiting` for segmentation, or `segmented`. Compounds are a change of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from corpus.database.changes import next_change
from corpus.database.models import Compounds, Document, Job, PageText
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
    """Note that a document was read and waits for segmentation; `reading`: its revision at that time."""
    session.execute(insert(Compounds).values(document_id=document_id, reading=reading))


def any_waiting(session: Session) -> bool:
    return session.scalars(select(Compounds.document_id).where(_is("waiting")).limit(1)).first() is not None


def count_waiting(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Compounds).where(_is("waiting"))) or 0


def claim(session: Session, owner: str, lease_seconds: int, most: int) -> JobLease | None:
    """Return a job that another owner lost, else one for the next documents without a job;
    None if nothing waits.
    """
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
    """The documents among these that still wait, with their texts."""
    rows = select(Compounds.document_id, Compounds.reading).where(Compounds.document_id.in_(ids), _is("waiting"))
    pages = select(PageText.document_id, PageText.text).where(PageText.document_id.in_(ids))
    texts: dict[int, list[str]] = {}
    for document_id, text in session.execute(pages.order_by(PageText.document_id, PageText.number)):
        texts.setdefault(document_id, []).append(text)
    return [Waiting(id, reading, tuple(texts.get(id, ()))) for id, reading in session.execute(rows)]


def keep(session: Session, found: Iterable[tuple[Waiting, str]]) -> None:
    """Store the compounds of documents; one that was read again meanwhile goes on waiting.

    The transaction must exclude other writers (corpus.database.changes).
    """
    for document, words in found:
        same = (Compounds.document_id == document.document_id, Compounds.reading == document.reading)
        session.execute(update(Compounds).where(*same, _is("waiting")).values(words=words, state="segmented"))
        # Without compounds its entry is what it should be already.
        if words:
            changed = update(Document).where(Document.id == document.document_id)
            session.execute(changed.values(change=next_change()))


def give_up(session: Session, ids: Sequence[int]) -> None:
    """Leave documents without compounds if their segmentation keeps killing its worker; they are found all the
    same.
    """
    rows = update(Compounds).where(Compounds.document_id.in_(ids), _is("waiting"))
    session.execute(rows.values(words="", state="segmented"))


def words(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Compounds of those of the documents that have any."""
    rows = select(Compounds.document_id, Compounds.words).where(Compounds.document_id.in_(ids))
    return {id: tuple(found.split()) for id, found in session.execute(rows) if found}


def _is(state: str) -> ColumnElement[bool]:
    return Compounds.state == state
