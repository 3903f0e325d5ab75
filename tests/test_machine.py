"""Any order of receiving, reading, accepting, correcting, withdrawing and restarting: what must hold,
holds after each step.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from corpus import records
from corpus.audit import trail_check
from corpus.config import Settings
from corpus.database.models import AuditRow, CitationRow, Document, Job
from corpus.database.store import Store, open_store
from corpus.document import Citation, Field, Fields, Page, Reading, SourceFile
from corpus.errors import Problem
from corpus.lifecycle import corrections
from corpus.lifecycle.doubts import ASKED
from corpus.originals import content_store
from corpus.queue.jobs import JobLease
from corpus.upkeep import fixity
from search.index import indexer
from search.results import finder
from web.services import health

FILES = st.integers(min_value=1, max_value=4)
NUMBERS = st.integers(min_value=1, max_value=3)


class Archive(RuleBasedStateMachine):
    """What a careful clerk's notebook says of four files, beside what the store says."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="vanban-machine-"))
        self.settings = Settings(
            _env_file=None, home=self.folder / "home", audit_seal_every=5, lease_seconds=60, max_attempts=1000
        )
        self.store: Store = open_store(self.settings)
        self.expected: dict[str, str] = {}
        """Hash → the status that the notebook has."""
        self.leases: dict[int, JobLease] = {}

    @initialize()
    def begin(self) -> None:
        self.owner = 0

    def _ids(self) -> dict[str, int]:
        with self.store.db.reading() as session:
            return {row.sha256: row.id for row in session.scalars(select(Document))}

    def _any(self, wanted: str, number: int) -> int | None:
        """One of the documents with this status."""
        ids = self._ids()
        found = sorted(ids[sha256] for sha256, status in self.expected.items() if status == wanted)
        return found[number % len(found)] if found else None

    def _set(self, document_id: int, status: str) -> None:
        self.expected[next(sha256 for sha256, one in self._ids().items() if one == document_id)] = status

    @rule(file=FILES, auto=st.booleans())
    def receive(self, file: int, auto: bool) -> None:
        data = f"văn bản {file}".encode()
        sha256 = content_store.put_original(self.store, data)
        receipt = records.receive(
            self.store, sha256, f"{file}.txt", "text/plain", len(data), "lan", auto_accept=auto
        )
        was = self.expected.get(sha256)
        if was == "refused":
            assert receipt.code == "classified" and not content_store.has_original(self.store, sha256)
            return
        again = was in (None, "failed", "withdrawn")
        assert receipt.status == ("queued" if again else "duplicate") and receipt.existing == (was is not None)
        if again:
            self.expected[sha256] = "queued"

    @rule()
    def claim(self) -> None:
        self.owner += 1
        lease = records.claim(self.store, f"hand-{self.owner}")
        if lease is not None:
            assert lease.document_id is not None
            self.leases[lease.document_id] = lease
            self._set(lease.document_id, "reading")
        else:
            assert "queued" not in self.expected.values()

    @precondition(lambda self: self.leases)
    @rule(number=NUMBERS, cites=NUMBERS, doubt=st.booleans())
    def read(self, number: int, cites: int, doubt: bool) -> None:
        document_id, lease = self.leases.popitem()
        value = f"{number}/KH-SYT"
        fields = Fields(number=Field(value, value, 1.0, review=doubt), subject=Field(f"Việc {number}", "", 1.0))
        citation = Citation(f"Kế hoạch số {cites}/KH-SYT", "implements", "Kế hoạch", f"{cites}/KH-SYT")
        source = SourceFile("a.txt", "0" * 64, "text/plain", 1, 1)
        status = records.propose(
            self.store, document_id, Reading(source, (Page(1, "text", f"Số {value}"),), fields, (citation,)), lease
        )
        with self.store.db.reading() as session:
            document = session.get_one(Document, document_id)
            auto, questions = document.auto_accept, document.questions
        assert status == ("accepted" if auto and not questions else "review")
        self._set(document_id, str(status))

    @precondition(lambda self: self.leases)
    @rule()
    def fail(self) -> None:
        document_id, lease = self.leases.popitem()
        assert records.refuse(self.store, document_id, Problem("reader_crashed", name="a"), lease) == "failed"
        self._set(document_id, "failed")

    @precondition(lambda self: self.leases)
    @rule()
    def a_mark_is_seen(self) -> None:
        """The gate: nothing of the document is left but its tombstone."""
        document_id, lease = self.leases.popitem()
        assert records.refuse(self.store, document_id, Problem("classified", mark="MẬT"), lease) == "refused"
        self._set(document_id, "refused")
        with self.store.db.reading() as session:
            held = session.get_one(Document, document_id)
            assert (
                held.number is None and not held.pages and not content_store.has_original(self.store, held.sha256)
            )

    @rule(which=NUMBERS, file=FILES)
    def overrule(self, which: int, file: int) -> None:
        """A clerk says that the mark is none: only with the bytes here again,
        and then the document is read anew.
        """
        document_id = self._any("refused", which)
        if document_id is None:
            return
        data = f"văn bản {file}".encode()
        if self._ids().get(hashlib.sha256(data).hexdigest()) == document_id:
            content_store.put_original(self.store, data)
            records.overrule_mark(self.store, document_id, f"{file}.txt", "tên phần mềm", "lan")
            self._set(document_id, "queued")
        else:
            with pytest.raises(Problem):
                records.overrule_mark(self.store, document_id, "a.txt", "tên phần mềm", "lan")

    @precondition(lambda self: self.leases)
    @rule()
    def give_back(self) -> None:
        document_id, lease = self.leases.popitem()
        assert records.give_back(self.store, lease)
        self._set(document_id, "queued")

    @precondition(lambda self: self.leases)
    @rule(number=NUMBERS)
    def a_late_writer_is_refused(self, number: int) -> None:
        """A hand that lost its lease to another writes nothing."""
        document_id, lease = self.leases.popitem()
        records.expire_leases(self.store, lambda owner: owner == lease.owner)
        self.owner += 1
        newer = records.claim(self.store, f"hand-{self.owner}")
        while newer is not None and newer.document_id != document_id:
            assert newer.document_id is not None
            self.leases[newer.document_id] = newer
            self._set(newer.document_id, "reading")
            newer = records.claim(self.store, f"hand-{self.owner}")
        assert newer is not None and newer.attempt == lease.attempt + 1
        self.leases[document_id] = newer
        source = SourceFile("a.txt", "0" * 64, "text/plain", 1, 1)
        assert records.propose(self.store, document_id, Reading(source, (), Fields()), lease) is None

    @rule(which=NUMBERS, number=NUMBERS)
    def accept(self, which: int, number: int) -> None:
        if (document_id := self._any("review", which)) is not None:
            records.accept(self.store, document_id, {"number": f"{number}/KH-SYT"}, "lan", None, confirm=ASKED)
            self._set(document_id, "accepted")

    @rule(which=NUMBERS, number=NUMBERS, status=st.sampled_from(["review", "accepted"]))
    def correct_and_undo(self, which: int, number: int, status: str) -> None:
        document_id = self._any(status, which)
        if document_id is None:
            return
        with self.store.db.reading() as session:
            before = session.get_one(Document, document_id).number
        records.correct(self.store, document_id, {"number": f"{number}/TB-SYT"}, "lan", None, confirm=ASKED)
        with self.store.db.reading() as session:
            change = corrections.history(session, document_id)[-1]
            assert session.get_one(Document, document_id).number == f"{number}/TB-SYT"
        if before != f"{number}/TB-SYT":
            records.undo(self.store, document_id, change.row, "lan", None, confirm=ASKED)
            with self.store.db.reading() as session:
                assert session.get_one(Document, document_id).number == before

    @rule(which=NUMBERS, status=st.sampled_from(["review", "accepted", "failed"]))
    def withdraw(self, which: int, status: str) -> None:
        if (document_id := self._any(status, which)) is not None:
            records.withdraw(self.store, document_id, "quét lại", "lan")
            self._set(document_id, "withdrawn")

    @rule(
        which=NUMBERS, status=st.sampled_from(["queued", "reading", "review", "accepted", "failed", "withdrawn"])
    )
    def classify(self, which: int, status: str) -> None:
        """A person has it purged: there is no way back but the file with a clerk's word."""
        if (document_id := self._any(status, which)) is None:
            return
        records.classify(self.store, document_id, "dấu MẬT", "lan")
        self.leases.pop(document_id, None)
        self._set(document_id, "refused")
        for act in (records.withdraw, records.classify):
            with pytest.raises(Problem, match="refused"):
                act(self.store, document_id, "x", "lan")

    @rule()
    def restart(self) -> None:
        """The machine went down: hands are gone, their leases end, the index is opened anew."""
        indexer.forget(self.store)
        self.store.close()
        self.store = open_store(self.settings)
        for document_id in self.leases:
            self._set(document_id, "reading")
        records.expire_leases(self.store, lambda _: True)
        self.leases.clear()
        lost = [sha256 for sha256, status in self.expected.items() if status == "reading"]
        for _ in lost:
            self.owner += 1
            lease = records.claim(self.store, f"hand-{self.owner}")
            assert lease is not None and records.give_back(self.store, lease)
            assert lease.document_id is not None
            self._set(lease.document_id, "queued")

    @rule()
    def index(self) -> None:
        indexer.sync(self.store)
        assert health.differing(self.store) == 0
        for number in (1, 2, 3):
            value = f"{number}/KH-SYT"
            with self.store.db.reading() as session:
                wanted = select(Document.id).where(Document.number == value)
                shown = set(session.scalars(wanted.where(Document.status.in_(("review", "accepted")))))
            found = finder.find(self.store, f"so:{value}").hits
            assert {hit.id for hit in found if hit.number == value} == shown

    @invariant()
    def the_store_agrees_with_the_notebook(self) -> None:
        with self.store.db.reading() as session:
            held = {row.sha256: row.status for row in session.scalars(select(Document))}
        assert held == self.expected

    @invariant()
    def every_original_is_what_came_in(self) -> None:
        for _, sha256 in fixity.all_documents(self.store):
            assert hashlib.sha256(content_store.address(self.store, sha256).read_bytes()).hexdigest() == sha256

    @invariant()
    def what_waits_has_one_job_and_nothing_else_has(self) -> None:
        with self.store.db.reading() as session:
            jobs = session.scalars(select(Job.document_id).where(Job.state.in_(("queued", "running")))).all()
            waiting = select(Document.id).where(Document.status.in_(("queued", "reading")))
            assert sorted(one for one in jobs if one) == sorted(session.scalars(waiting))

    @invariant()
    def a_link_leads_to_the_number_it_names_and_to_nothing_withdrawn(self) -> None:
        with self.store.db.reading() as session:
            rows = session.execute(
                select(CitationRow, Document).join(Document, Document.id == CitationRow.target_id)
            ).all()
            assert all(document.status in ("review", "accepted") for _, document in rows)
            assert all(row.number_key == document.number_key for row, document in rows)

    @invariant()
    def the_trail_is_whole(self) -> None:
        assert trail_check.check(self.store).faults == ()
        with self.store.db.reading() as session:
            assert (session.scalar(select(func.count()).select_from(AuditRow)) or 0) >= len(self.expected)

    def teardown(self) -> None:
        indexer.forget(self.store)
        self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)


TestArchive = Archive.TestCase
TestArchive.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
