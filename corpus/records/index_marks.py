"""Index state of documents: indexed revisions and segmented words; leaves no audit row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import update

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.queue import compounds, jobs
from corpus.queue.jobs import JobLease

_MOST_NAMED = 500
"""Documents that one statement names."""


def mark_indexed(store: Store, revisions: Mapping[int, int], with_compounds: Collection[int] = ()) -> None:
    """Notes which revision of each document the index holds now, and for which of them it has compounds."""
    alike: dict[int, list[int]] = {}
    for document_id, revision in revisions.items():
        alike.setdefault(revision, []).append(document_id)
    with store.db.writing(alone=False) as session:
        for revision, ids in alike.items():
            for at in range(0, len(ids), _MOST_NAMED):
                these = Document.id.in_(ids[at : at + _MOST_NAMED])
                marked = update(Document).where(these).values(indexed_revision=revision)
                session.execute(marked, execution_options={"synchronize_session": False})
        compounds.mark_indexed(session, with_compounds)


def claim_segmenting(store: Store, owner: str, most: int) -> JobLease | None:
    """The next documents to be segmented for this worker, or None; `args["documents"]` tells which.

    Those whose segmenting kept ending its worker are given up on the way.
    """
    with store.db.reading() as session:
        if not compounds.any_waiting(session):
            return None
    with store.db.writing(alone=False) as session:
        for job in jobs.poisoned(session, (compounds.SEGMENT,), store.settings.max_attempts):
            compounds.give_up(session, job.args["documents"])
        return compounds.claim(session, owner, store.settings.lease_seconds, most)


def keep_compounds(store: Store, lease: JobLease, found: Iterable[tuple[compounds.Waiting, str]]) -> bool:
    """Keeps what documents were segmented into and finishes the job; False when it isn't ours any more."""
    with store.db.writing(alone=False) as session:
        if not jobs.is_ours(session, lease):
            return False
        compounds.keep(session, found)
        return jobs.finish(session, lease)
