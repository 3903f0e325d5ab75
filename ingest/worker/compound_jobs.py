"""Work for idle workers: segmentation of texts into compounds, for the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from corpus import records
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.queue import compounds
from corpus.queue.compounds import Waiting
from corpus.queue.jobs import JobLease
from ingest.sandbox.child import Limits, run_in_child
from ingest.worker.reader_process import LeaseHeartbeat, Stopped

Segment = Callable[[Sequence[str]], str]
"""Pages → their compounds with blanks between; without pages it only loads its model."""

_AT_ONCE = 16
"""Documents of one job, half a second's work."""
_POSTPONE_SECONDS = 60.0

log = structlog.get_logger()


def work_off(segment: Segment, store: Store, owner: str) -> bool:
    """Finish one job; False if none waits, or it can't be done now."""
    lease = _claim(store, owner)
    if lease is None:
        return False
    try:
        with LeaseHeartbeat(store, lease):
            kept = records.keep_compounds(store, lease, _segment_documents(segment, store, lease))
    except Stopped:
        records.give_back(store, lease)
        raise
    except Exception:
        # The wall: documents are found without compounds, so a fault here must stop nothing else.
        log.exception("segmenting.fault", job=lease.id)
        _postpone(store, lease)
        return False
    log.info("segmenting.done", job=lease.id, documents=len(lease.args["documents"]), kept=kept)
    return True


def _claim(store: Store, owner: str) -> JobLease | None:
    try:
        return records.claim_segmenting(store, owner, _AT_ONCE)
    except Problem as problem:
        log.warning("segmenting.unclaimed", code=problem.code)
        return None


def _segment_documents(segment: Segment, store: Store, lease: JobLease) -> list[tuple[Waiting, str]]:
    # Loaded here, once: every child is forked with it.
    segment(())
    with store.db.reading() as session:
        documents = compounds.waiting(session, lease.args["documents"])
    try:
        found = _in_child(segment, store, documents)
    except Problem:
        found = [_alone(segment, store, document) for document in documents]
    return list(zip(documents, found, strict=True))


def _alone(segment: Segment, store: Store, document: Waiting) -> str:
    """Segment one document after it or another brought a child down; "" if it was this one."""
    try:
        return _in_child(segment, store, [document])[0]
    except Problem as problem:
        log.warning("segmenting.gave_up", document=document.document_id, code=problem.code)
        return ""


def _in_child(segment: Segment, store: Store, documents: Sequence[Waiting]) -> list[str]:
    pages = [document.pages for document in documents]
    return run_in_child(_each, segment, pages, limits=Limits.of(store.settings), name="segmenting")


def _each(segment: Segment, texts: Sequence[Sequence[str]], progress: object) -> list[str]:
    return [segment(pages) for pages in texts]


def _postpone(store: Store, lease: JobLease) -> None:
    try:
        records.give_back(store, lease, delay_seconds=_POSTPONE_SECONDS, error="internal")
    except Problem as problem:
        log.warning("segmenting.unwritten", job=lease.id, code=problem.code)
