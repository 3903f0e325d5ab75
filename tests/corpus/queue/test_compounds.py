"""Which documents wait to be segmented, who segments them, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from corpus import records
from corpus.database.connection import utc_now
from corpus.database.models import Compounds, Job
from corpus.database.store import Store
from corpus.document import Fields, Page, Reading, SourceFile
from corpus.originals import content_store
from corpus.queue import compounds
from corpus.queue.jobs import JobLease

Put = Callable[..., int]


@pytest.fixture
def put(store: Store) -> Put:
    """Takes and reads a document with this text on its page."""

    def made(text: str) -> int:
        sha256 = content_store.put_original(store, text.encode())
        taken = records.receive(store, sha256, "a.txt", "text/plain", len(text), "lan").document_id
        _read(store, taken, text)
        return taken

    return made


def _read(store: Store, document_id: int, text: str) -> None:
    source = SourceFile("a.txt", "0" * 64, "text/plain", 1, len(text))
    records.propose(store, document_id, Reading(source, (Page(1, "text", text),), Fields()))


def _claimed(store: Store, owner: str = "a", most: int = 10) -> JobLease:
    lease = records.claim_segmenting(store, owner, most)
    assert lease is not None
    return lease


def _waiting(store: Store, lease: JobLease) -> list[compounds.Waiting]:
    with store.db.reading() as session:
        return compounds.waiting(session, lease.args["documents"])


def _kept(store: Store) -> dict[int, tuple[str, str]]:
    with store.db.reading() as session:
        rows = session.execute(select(Compounds.document_id, Compounds.state, Compounds.words))
        return {row[0]: (row[1], row[2]) for row in rows}


def test_what_was_read_waits_and_is_given_to_one_worker_at_a_time(store: Store, put: Put) -> None:
    ids = [put(f"thi đua {n}") for n in range(5)]
    first, second = _claimed(store, "a", 3), _claimed(store, "b", 3)
    assert (first.args["documents"], second.args["documents"]) == (ids[:3], ids[3:])
    assert records.claim_segmenting(store, "c", 3) is None
    assert [one.pages for one in _waiting(store, second)] == [("thi đua 3",), ("thi đua 4",)]


def test_what_was_segmented_is_kept_and_no_longer_waits(store: Store, put: Put) -> None:
    some, none = put("thi đua"), put("thôi")
    lease = _claimed(store)
    found = list(zip(_waiting(store, lease), ("thi_đua", ""), strict=True))
    assert records.keep_compounds(store, lease, found)
    assert _kept(store) == {some: ("segmented", "thi_đua"), none: ("segmented", "")}
    with store.db.reading() as session:
        assert compounds.words(session, [some, none]) == {some: ("thi_đua",)}
        assert compounds.count_waiting(session) == 0
        assert session.scalars(select(Job.state).where(Job.kind == compounds.SEGMENT)).all() == ["done"]
    assert records.claim_segmenting(store, "a", 10) is None


def test_a_job_whose_worker_fell_silent_goes_to_another_who_alone_may_write(store: Store, put: Put) -> None:
    put("thi đua")
    late = _claimed(store, "a")
    with store.db.writing() as session:
        session.execute(update(Job).where(Job.id == late.id).values(lease_until=utc_now()))
    again = _claimed(store, "b")
    assert (again.id, again.attempt) == (late.id, 2)
    assert not records.keep_compounds(store, late, [(one, "muộn") for one in _waiting(store, late)])
    assert records.keep_compounds(store, again, [(one, "thi_đua") for one in _waiting(store, again)])


def test_a_text_that_was_read_anew_meanwhile_waits_on(store: Store, put: Put) -> None:
    document_id = put("thi đua")
    lease = _claimed(store)
    old = _waiting(store, lease)
    records.withdraw(store, document_id, "đọc lại", "lan")
    records.retry(store, document_id, "lan")
    _read(store, document_id, "khen thưởng")
    assert records.keep_compounds(store, lease, [(one, "thi_đua") for one in old])
    assert _kept(store) == {document_id: ("waiting", "")}
    assert _waiting(store, _claimed(store))[0].pages == ("khen thưởng",)


def test_documents_that_end_each_worker_are_given_up(store: Store, put: Put) -> None:
    document_id = put("thi đua")
    for _ in range(store.settings.max_attempts):
        lease = _claimed(store)
        with store.db.writing() as session:
            session.execute(update(Job).where(Job.id == lease.id).values(lease_until=utc_now()))
    assert records.claim_segmenting(store, "a", 10) is None
    assert _kept(store) == {document_id: ("segmented", "")}
