"""The desk: two people never get the same document by themselves, and a forgotten one comes back."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import update

from corpus import records
from corpus.database.connection import utc_now
from corpus.database.models import Hold
from corpus.database.store import Store
from corpus.document import Fields, Page, Reading, SourceFile
from corpus.lifecycle import holds
from corpus.originals import content_store


def waiting(store: Store, count: int) -> list[int]:
    made = []
    for number in range(count):
        sha256 = content_store.put_original(store, f"{number}".encode())
        made.append(records.receive(store, sha256, "a.txt", "text/plain", 1, "lan").document_id)
        source = SourceFile("a.txt", sha256, "text/plain", 1, 1)
        records.propose(store, made[-1], Reading(source, (Page(1, "text", "?"),), Fields()))
    return made


def test_each_gets_the_oldest_that_nobody_has_open(store: Store) -> None:
    first, second, third = waiting(store, 3)
    assert records.hold_next(store, "lan") == first
    assert records.hold_next(store, "minh") == second
    assert records.hold_next(store, "lan", after=first) == third
    records.release(store, second, "minh")
    assert records.hold_next(store, "hoa") == second
    assert records.hold_next(store, "minh") is None


def test_the_last_one_is_offered_again_to_who_put_it_off(store: Store) -> None:
    [only] = waiting(store, 1)
    assert records.hold_next(store, "lan", after=only) == only


def test_a_hold_of_a_colleague_stands_until_it_runs_out(store: Store) -> None:
    [only] = waiting(store, 1)
    assert records.acquire_hold(store, only, "lan")[0] == "lan"
    assert records.acquire_hold(store, only, "minh")[0] == "lan"
    records.release(store, only, "minh")
    assert records.acquire_hold(store, only, "minh")[0] == "lan"
    with store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(update(Hold).values(until=utc_now() - timedelta(seconds=1)))
    assert records.acquire_hold(store, only, "minh")[0] == "minh"
    with store.db.reading() as session:
        assert list(holds.held(session)) == [only]


def test_many_who_ask_at_once_get_as_many_documents(store: Store) -> None:
    waiting(store, 8)
    got: list[int | None] = []
    threads = [
        threading.Thread(target=lambda name=f"u{n}": got.append(records.hold_next(store, name))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one for one in got if one) == list(range(1, 9))
