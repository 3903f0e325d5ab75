"""The lease table: nobody's job is lost, nobody's job is done twice, and a dead worker's word doesn't count."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from corpus.database.connection import utc_now
from corpus.database.models import Job
from corpus.database.store import Store
from corpus.queue import jobs
from corpus.queue.jobs import JobLease


def _enqueue(store: Store, **values: Any) -> int:
    with store.db.writing() as session:
        return jobs.enqueue(session, "read", **values).id


def _claim(store: Store, owner: str = "a", seconds: int = 60) -> JobLease | None:
    with store.db.writing() as session:
        return jobs.claim(session, owner, ("read",), seconds)


def _lease(store: Store, owner: str = "a", seconds: int = 60) -> JobLease:
    lease = _claim(store, owner, seconds)
    assert lease is not None
    return lease


def _job(store: Store, number: int) -> Job:
    with store.db.reading() as session:
        return session.scalars(select(Job).where(Job.id == number)).one()


def _set(store: Store, **values: object) -> None:
    with store.db.writing() as session:
        session.execute(update(Job).values(**values))


def test_claims_in_order_of_priority_then_age(store: Store) -> None:
    first, second, urgent = _enqueue(store), _enqueue(store), _enqueue(store, priority=5)
    assert [_lease(store).id for _ in range(3)] == [urgent, first, second]
    assert _claim(store) is None


def test_other_kinds_are_not_ours(store: Store) -> None:
    with store.db.writing() as session:
        jobs.enqueue(session, "other")
    assert _claim(store) is None


def test_a_dedupe_key_is_one_job_until_it_is_closed(store: Store) -> None:
    first = _enqueue(store, dedupe_key="k")
    assert _enqueue(store, dedupe_key="k") == first
    lease = _lease(store)
    assert _enqueue(store, dedupe_key="k") == first
    with store.db.writing() as session:
        assert jobs.finish(session, lease)
    assert _enqueue(store, dedupe_key="k") != first


def test_a_silent_workers_job_goes_to_another_and_its_word_counts_no_more(store: Store) -> None:
    _enqueue(store)
    old = _lease(store, "a", seconds=0)
    new = _lease(store, "b")
    assert (new.id, new.attempt) == (old.id, 2)
    with store.db.writing() as session:
        assert not jobs.is_ours(session, old)
        assert not jobs.heartbeat(session, old, 60)
        assert not jobs.progress(session, old, "ocr", 1, 2)
        assert not jobs.finish(session, old)
        assert not jobs.fail(session, old, "x")
        assert not jobs.give_back(session, old)
        assert jobs.is_ours(session, new)
    assert _job(store, new.id).state == "running"


def test_the_same_workers_earlier_attempt_is_fenced_off_too(store: Store) -> None:
    """A worker that was stopped past its lease and claims its own job anew."""
    _enqueue(store)
    old = _lease(store, "a", seconds=0)
    _lease(store, "a")
    with store.db.writing() as session:
        assert not jobs.finish(session, old)


def test_a_heartbeat_keeps_the_job(store: Store) -> None:
    _enqueue(store)
    lease = _lease(store, "a", seconds=0)
    with store.db.writing() as session:
        assert jobs.heartbeat(session, lease, 60)
    assert _claim(store, "b") is None


def test_given_back_counts_no_attempt(store: Store) -> None:
    _enqueue(store)
    for _ in range(10):
        lease = _lease(store)
        assert lease.attempt == 1
        with store.db.writing() as session:
            assert jobs.give_back(session, lease)


def test_put_off_waits(store: Store) -> None:
    number = _enqueue(store)
    lease = _lease(store)
    with store.db.writing() as session:
        jobs.give_back(session, lease, delay_seconds=60, error="ocr_missing")
    assert _claim(store) is None
    assert _job(store, number).error == "ocr_missing"


def test_a_job_whose_workers_die_fails_with_a_reason(store: Store) -> None:
    number = _enqueue(store)
    for _ in range(3):
        _lease(store, seconds=0)
    with store.db.writing() as session:
        assert jobs.has_poisoned(session, ("read",), 3)
        assert [job.id for job in jobs.poisoned(session, ("read",), 3)] == [number]
    job = _job(store, number)
    assert (job.state, job.error) == ("failed", "3 workers died on it")
    assert _claim(store) is None


@pytest.mark.parametrize(("state", "column"), [("queued", "run_at"), ("running", "lease_until")])
def test_a_clock_that_was_set_back_holds_nobody_up(store: Store, state: str, column: str) -> None:
    _enqueue(store)
    _lease(store)
    _set(store, state=state, **{column: utc_now() + timedelta(hours=5)})
    assert _claim(store, "b") is not None


def test_leases_of_the_dead_end_at_once(store: Store) -> None:
    _enqueue(store)
    _enqueue(store)
    dead, alive = _lease(store, "dead"), _lease(store, "alive")
    with store.db.writing() as session:
        assert jobs.expire(session, lambda owner: owner == "dead") == 1
    assert _lease(store, "b").id == dead.id
    with store.db.writing() as session:
        assert jobs.is_ours(session, alive)


def test_cancelled_work_is_dropped(store: Store) -> None:
    number = _enqueue(store, document_id=None)
    with store.db.writing() as session:
        jobs.cancel(session, 0, "withdrawn")
    assert _job(store, number).state == "queued"


def test_the_state_of_the_queue(store: Store) -> None:
    _enqueue(store)
    _enqueue(store)
    _lease(store)
    _set(store, run_at=utc_now() - timedelta(seconds=30))
    with store.db.reading() as session:
        state = jobs.state(session)
    assert state.counts == {"queued": 1, "running": 1}
    assert 29 < state.oldest_seconds < 40


def test_many_workers_take_each_job_once(store: Store) -> None:
    numbers = {_enqueue(store) for _ in range(60)}
    taken: list[int] = []

    def work(owner: str) -> None:
        while (lease := _claim(store, owner)) is not None:
            with store.db.writing() as session:
                assert jobs.finish(session, lease)
            taken.append(lease.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(numbers)
