"""Texts are segmented while no document waits to be read; a text that brings its child down costs itself only."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from functools import partial

from sqlalchemy import select

from corpus import records
from corpus.database.models import Compounds, Job
from corpus.database.store import Store
from corpus.document import Fields, Page, Reading, SourceFile
from corpus.originals import content_store
from corpus.queue import compounds
from ingest.worker import compound_jobs, supervisor


def _put(store: Store, text: str) -> int:
    sha256 = content_store.put_original(store, text.encode())
    document_id = records.receive(store, sha256, "a.txt", "text/plain", len(text), "lan").document_id
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(text))
    records.propose(store, document_id, Reading(source, (Page(1, "text", text),), Fields()))
    return document_id


def _segment(pages: Sequence[str]) -> str:
    """Takes every blank for the middle of a compound; some texts it can't bear."""
    if "dies" in pages:
        os.kill(os.getpid(), signal.SIGKILL)
    return " ".join(page.replace(" ", "_") for page in pages)


def _broken(pages: Sequence[str]) -> str:
    raise ImportError("not installed")


def _kept(store: Store) -> dict[int, tuple[str, str]]:
    with store.db.reading() as session:
        rows = session.execute(select(Compounds.document_id, Compounds.state, Compounds.words))
        return {row[0]: (row[1], row[2]) for row in rows}


def test_the_worker_segments_what_waits_and_ends(store: Store) -> None:
    ids = [_put(store, f"thi đua {n}") for n in range(40)]
    supervisor.run(store, jobs=2, once=True, idle=partial(compound_jobs.work_off, _segment))
    assert _kept(store) == {id: ("segmented", f"thi_đua_{n}") for n, id in enumerate(ids)}
    with store.db.reading() as session:
        assert set(session.scalars(select(Job.state).where(Job.kind == compounds.SEGMENT))) == {"done"}


def test_a_text_that_brings_its_child_down_costs_itself_only(store: Store) -> None:
    good, bad, other = (_put(store, text) for text in ("thi đua", "dies", "khen thưởng"))
    assert compound_jobs.work_off(_segment, store, "a")
    assert _kept(store) == {
        good: ("segmented", "thi_đua"),
        bad: ("segmented", ""),
        other: ("segmented", "khen_thưởng"),
    }


def test_without_a_segmenter_the_documents_wait_and_the_worker_ends(store: Store) -> None:
    document_id = _put(store, "thi đua")
    supervisor.run(store, jobs=1, once=True, idle=partial(compound_jobs.work_off, _broken))
    assert _kept(store) == {document_id: ("waiting", "")}
