"""State of each index of the store and of segmented words; leaves no audit row."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete

from corpus.database.connection import utc_now
from corpus.database.index_tables import SearchIndex
from corpus.database.store import Store
from corpus.queue import compounds, jobs
from corpus.queue.jobs import JobLease


def mark_index(store: Store, key: str, engine: str, machine: str, place: str, change: int) -> None:
    """Note that an index has every change up to one; an unknown index is put down.

    machine: empty for an index that all machines share.
    """
    with store.db.writing(alone=False) as session:
        row = session.get(SearchIndex, key)
        if row is None:
            row = SearchIndex(key=key)
            session.add(row)
        row.engine, row.machine, row.place = engine, machine, place
        row.change, row.seen_at = change, utc_now()


def forget_indexes(store: Store, keys: Collection[str]) -> None:
    """Strike indexes off that are no more."""
    with store.db.writing(alone=False) as session:
        session.execute(delete(SearchIndex).where(SearchIndex.key.in_(keys)))


def claim_segmenting(store: Store, owner: str, most: int) -> JobLease | None:
    """Claim the next documents for segmentation, in `args["documents"]`; None if there are none.

    Documents whose segmentation kept killing its worker are given up on the way.
    """
    with store.db.reading() as session:
        if not compounds.any_waiting(session):
            return None
    with store.db.writing(alone=False) as session:
        for job in jobs.poisoned(session, (compounds.SEGMENT,), store.settings.max_attempts):
            compounds.give_up(session, job.args["documents"])
        return compounds.claim(session, owner, store.settings.lease_seconds, most)


def keep_compounds(store: Store, lease: JobLease, found: Iterable[tuple[compounds.Waiting, str]]) -> bool:
    """Store compounds and finish the job; False if it belongs to another worker by now."""
    with store.db.writing() as session:
        if not jobs.is_ours(session, lease):
            return False
        compounds.keep(session, found)
        return jobs.finish(session, lease)
