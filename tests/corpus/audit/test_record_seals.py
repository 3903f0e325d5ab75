"""Accepted records are sealed: a change behind the program's back is found, column by column,
and is not sealed over.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from corpus import records
from corpus.access import groups
from corpus.audit import trail_check
from corpus.database import record_digest
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.document import Citation, Field, Fields, Page, Reading, Signer, SourceFile
from corpus.errors import Problem
from corpus.originals import content_store
from tests.scenes import Scenes


def _field(value: str) -> Field:
    return Field(value, value, 0.93, page=1, rule="test")


def document(store: Store, number: str, *, accept: bool = True) -> int:
    """A document that came in, was read and, unless told, put on record."""
    data = number.encode()
    sha256 = content_store.put_original(store, data)
    document_id = records.receive(store, sha256, "a.txt", "text/plain", len(data), "lan").document_id
    fields = Fields(
        number=_field(number),
        date=_field("2024-05-06"),
        place=_field("Rạch Giá"),
        issuer=_field("Sở Y tế tỉnh Kiên Giang"),
        superior=_field("Ủy ban nhân dân tỉnh Kiên Giang"),
        doc_type=_field("Kế hoạch"),
        subject=_field("Tiêm chủng"),
        recipients=(_field("Lưu: VT"),),
        signer=Signer(name=_field("Nguyễn Văn A")),
    )
    cited = Citation("Kế hoạch số 93/KH-UBND", "implements", "Kế hoạch", "93/KH-UBND", "2024-04-12", page=1)
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(data))
    records.propose(store, document_id, Reading(source, (Page(1, "text", f"Số: {number}"),), fields, (cited,)))
    if accept:
        records.accept(store, document_id, {}, "lan", None)
    return document_id


@pytest.fixture
def office(store: Store, scenes: Scenes) -> Store:
    """Two documents on record, 1 limited to a group and with a settled citation, 3 in review."""
    return scenes.of(store, "sealed_records", _sealed_records)


def _sealed_records(store: Store) -> None:
    first, second = document(store, "5/KH-SYT"), document(store, "6/KH-SYT")
    document(store, "7/KH-SYT", accept=False)
    records.add_group(store, "Nhóm A", "admin")
    records.limit(store, first, ["Nhóm A"], "admin")
    records.settle_citation(store, 1, second, "lan")
    records.settle_conflict(store, first, "f" * 16, "gõ nhầm", "lan")


def found(store: Store) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.document) for fault in trail_check.check(store).faults]


def tamper(store: Store, statement: str) -> None:
    with store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(text(statement))


def test_what_the_program_writes_is_sealed(office: Store) -> None:
    assert found(office) == []
    check = trail_check.check(office)
    assert check.documents == 3 and check.head is not None and check.rows == check.head.row


COLUMNS = [
    # statement, why it matters
    ("UPDATE documents SET number = '9/KH-SYT' WHERE id = 1", "the number links documents"),
    ("UPDATE documents SET number_key = '9/kh-syt' WHERE id = 1", "citations are linked by it"),
    ("UPDATE documents SET symbol = 'QĐ-SYT' WHERE id = 1", "its run of numbers"),
    ("UPDATE documents SET date = '2024-05-07' WHERE id = 1", "the day"),
    ("UPDATE documents SET year = 2023 WHERE id = 1", "its identity"),
    ("UPDATE documents SET doc_type = 'Quyết định' WHERE id = 1", "its type"),
    ("UPDATE documents SET issuer = 'Sở Nội vụ' WHERE id = 1", "who issued it"),
    ("UPDATE documents SET issuer_key = 'x' WHERE id = 1", "its identity"),
    ("UPDATE documents SET superior = 'x' WHERE id = 1", "the superior body"),
    ("UPDATE documents SET place = 'Hà Tiên' WHERE id = 1", "the place"),
    ("UPDATE documents SET subject = 'khác' WHERE id = 1", "what it is about"),
    ("UPDATE documents SET signer = 'Trần B' WHERE id = 1", "who signed"),
    ("UPDATE documents SET urgency = 'HỎA TỐC' WHERE id = 1", "its urgency"),
    ("UPDATE documents SET fields = '{\"number\": null}' WHERE id = 1", "the record in force"),
    ("UPDATE documents SET machine = '{}' WHERE id = 1", "what the machine read"),
    ("UPDATE documents SET questions = '[\"number\"]' WHERE id = 1", "what is open"),
    ("UPDATE documents SET status = 'withdrawn' WHERE id = 1", "where it is in its life"),
    ("UPDATE documents SET sha256 = 'aa' WHERE id = 1", "which original it is"),
    ("UPDATE documents SET name = 'b.txt' WHERE id = 1", "the sender's name"),
    ("UPDATE documents SET limited = false WHERE id = 1", "who may see it"),
    ("UPDATE documents SET released = 'x' WHERE id = 1", "the gate would let it pass"),
    ("UPDATE documents SET auto_accept = true WHERE id = 1", "it would go on record unseen"),
    ("UPDATE documents SET accepted_by = 'minh' WHERE id = 1", "who is answerable"),
    ("UPDATE documents SET accepted_at = '2020-01-01 00:00:00' WHERE id = 1", "since when"),
    ("UPDATE documents SET received_by = 'minh' WHERE id = 1", "who sent it in"),
    ("UPDATE documents SET page_count = 9 WHERE id = 1", "how long it is"),
    ("UPDATE pages SET text = 'khác' WHERE document_id = 1", "what a search finds"),
    ("DELETE FROM pages WHERE document_id = 1", "a page is gone"),
    ("DELETE FROM document_groups WHERE document_id = 1", "who may see it"),
    ("UPDATE recipients SET value = 'x' WHERE document_id = 1", "who got it"),
    ("UPDATE citations SET target_id = 3 WHERE id = 1", "what a person settled"),
    ("UPDATE citations SET number = '94/KH-UBND' WHERE id = 1", "what it cites"),
    ("DELETE FROM citations WHERE id = 1", "what it cites"),
    ("UPDATE settlements SET reason = 'x' WHERE document_id = 1", "why a conflict may stand"),
]


@pytest.mark.parametrize(("statement", "why"), COLUMNS, ids=[f"{n}" for n in range(len(COLUMNS))])
def test_a_change_behind_the_programs_back_is_found(office: Store, statement: str, why: str) -> None:
    tamper(office, statement)
    assert found(office) == [("record_changed", 1)], why


QUIET = [
    "UPDATE documents SET change = 99, verified_at = '2024-01-01 00:00:00' WHERE id = 1",
    "UPDATE citations SET status = 'found', target_id = 1 WHERE document_id = 3",
]


@pytest.mark.parametrize("statement", QUIET)
def test_what_the_program_changes_by_itself_is_not_sealed(office: Store, statement: str) -> None:
    """Index marks, fixity and which document an unsettled citation means change without a row of their own."""
    tamper(office, statement)
    assert found(office) == []


def test_a_document_added_or_removed_behind_the_programs_back_is_found(office: Store) -> None:
    columns = [column.name for column in Document.__table__.columns if column.name not in ("id", "sha256")]
    listed = ", ".join(columns)
    tamper(
        office, f"INSERT INTO documents (id, sha256, {listed}) SELECT 9, 'x', {listed} FROM documents WHERE id = 2"
    )
    assert found(office) == [("record_added", 9)]
    tamper(office, "DELETE FROM recipients WHERE document_id = 3")
    for table in ("pages", "citations", "jobs", "compounds"):
        tamper(office, f"DELETE FROM {table} WHERE document_id = 3")
    tamper(office, "DELETE FROM documents WHERE id = 3")
    assert found(office) == [("record_added", 9), ("record_missing", 3)]


def test_a_later_correction_does_not_seal_a_change_over(office: Store) -> None:
    """Somebody corrects another field of a record that was tampered with:
    the number stays in doubt until looked into.
    """
    tamper(office, "UPDATE documents SET issuer = 'Sở Nội vụ' WHERE id = 2")
    records.withdraw(office, 2, "quét lại", "lan")
    assert found(office) == [("record_changed_before", 2)]
    records.reinstate(office, 2, "lan")
    assert found(office) == [("record_changed_before", 2)], "told until a person has looked into it"
    records.reseal(office, 2, "đã so với bản giấy", "admin")
    assert found(office) == []


def test_sealing_again_needs_a_reason_and_a_document(office: Store) -> None:
    with pytest.raises(Problem) as problem:
        records.reseal(office, 2, "  ", "admin")
    assert (problem.value.code, problem.value.facts["field"]) == ("bad_value", "reason")
    with pytest.raises(Problem) as problem:
        records.reseal(office, 99, "x", "admin")
    assert problem.value.code == "not_found"


def test_a_purge_keeps_the_record_sealed_and_leaves_no_digest_of_what_it_held(office: Store) -> None:
    data = b"mat"
    receipt = records.receive(office, content_store.put_original(office, data), "m.txt", "text/plain", 3, "lan")
    records.refuse(office, receipt.document_id, Problem("classified", name="m.txt", mark="MẬT"))
    assert found(office) == []
    with office.db.reading() as session:
        rows = (
            session.query(AuditRow).where(AuditRow.document_id == receipt.document_id).order_by(AuditRow.id).all()
        )
    assert ["record" in row.detail for row in rows] == [False, True]


def test_the_digest_is_salted_and_reads_nothing_of_other_documents(office: Store) -> None:
    with office.db.reading() as session:
        rows = session.query(AuditRow).where(AuditRow.document_id == 1).all()
        contents = dict(record_digest.contents(session.connection(), [1, 2]))
        alone = record_digest.content(session.connection(), 1)
    digests: list[Any] = [row.detail.get("record") for row in rows if "record" in row.detail]
    assert len(digests) == len(set(digests)) > 3
    assert contents[1] == alone != contents[2]


def test_every_way_a_group_comes_and_goes_keeps_the_seals(office: Store) -> None:
    records.limit(office, 1, [], "admin")
    with office.db.reading() as session:
        assert groups.names_of(session, 1) == ()
    assert found(office) == []
