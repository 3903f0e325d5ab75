"""A person's choice of what a citation means outlives a new reading, and is a row of the trail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from corpus import records
from corpus.database.models import AuditRow, CitationRow, Document
from corpus.database.store import Store
from corpus.document import Citation, Field, Fields, Page, Reading, SourceFile
from corpus.originals import content_store

KG, AG = "Ủy ban nhân dân tỉnh Kiên Giang", "Ủy ban nhân dân tỉnh An Giang"
UNCLEAR = Citation("Kế hoạch số 20/KH-UBND", "refers", "Kế hoạch", "20/KH-UBND")


def reading(data: bytes, number: str, issuer: str, *cites: Citation) -> Reading:
    told = {"number": number, "date": "2021-01-11", "issuer": issuer, "doc_type": "Kế hoạch", "subject": "Thi đua"}
    fields = Fields(**{name: Field(value, value, 0.99) for name, value in told.items()})
    return Reading(
        SourceFile("a.txt", "0" * 64, "text/plain", 1, len(data)), (Page(1, "text", "x"),), fields, cites
    )


def add(store: Store, number: str, issuer: str, *cites: Citation) -> int:
    data = f"{number} {issuer}".encode()
    receipt = records.receive(
        store, content_store.put_original(store, data), "a.txt", "text/plain", len(data), "lan"
    )
    records.propose(store, receipt.document_id, reading(data, number, issuer, *cites))
    return receipt.document_id


def rows(store: Store, document_id: int) -> list[CitationRow]:
    with store.db.reading() as session:
        return list(session.scalars(select(CitationRow).where(CitationRow.document_id == document_id)))


@pytest.mark.parametrize(("chosen", "status"), [(1, "found"), (None, "wanted")])
def test_a_choice_is_kept_when_the_document_is_read_again(store: Store, chosen: int | None, status: str) -> None:
    add(store, "20/KH-UBND", KG)
    add(store, "20/KH-UBND", AG)
    citing = add(store, "7/KH-SYT", "Sở Y tế tỉnh Kiên Giang", UNCLEAR)
    [row] = rows(store, citing)
    assert (row.status, row.candidates) == ("ambiguous", [1, 2])
    records.settle_citation(store, row.id, chosen, "lan")
    records.withdraw(store, citing, "đọc lại", "lan")
    records.retry(store, citing, "lan")
    other = replace(UNCLEAR, number="21/KH-UBND", printed="Kế hoạch số 21/KH-UBND")
    records.propose(store, citing, reading(b"x", "7/KH-SYT", "Sở Y tế tỉnh Kiên Giang", other, UNCLEAR))
    told = {row.number: (row.status, row.target_id, row.settled_by) for row in rows(store, citing)}
    assert told == {"20/KH-UBND": (status, chosen, "lan"), "21/KH-UBND": ("wanted", None, None)}
    keys = {row.number: row.wanted_key for row in rows(store, citing)}
    assert (keys["20/KH-UBND"] is not None) == (status == "wanted"), "on the list of what is to be found"


def test_a_choice_is_a_row_of_the_trail_and_outlives_arrivals(store: Store) -> None:
    first, _ = add(store, "20/KH-UBND", KG), add(store, "20/KH-UBND", AG)
    citing = add(store, "7/KH-SYT", "Sở Y tế tỉnh Kiên Giang", UNCLEAR)
    records.settle_citation(store, rows(store, citing)[0].id, first, "lan")
    add(store, "20/KH-UBND", "Ủy ban nhân dân tỉnh Cà Mau")
    assert [(row.status, row.target_id) for row in rows(store, citing)] == [("found", first)]
    with store.db.reading() as session:
        [row] = session.scalars(select(AuditRow).where(AuditRow.action == "settle_citation"))
        assert (row.actor, row.document_id, row.detail["target"]) == ("lan", citing, first)


def test_what_waited_is_linked_when_it_arrives_and_let_go_when_corrected(store: Store) -> None:
    cited = replace(UNCLEAR, date="2021-01-11", issuer=KG)
    citing = add(store, "7/KH-SYT", "Sở Y tế tỉnh Kiên Giang", cited)
    assert [row.status for row in rows(store, citing)] == ["wanted"]
    arrived = add(store, "20/KH-UBND", KG)
    assert [(row.status, row.target_id) for row in rows(store, citing)] == [("found", arrived)]
    with store.db.reading() as session:
        revision = session.get_one(Document, arrived).revision
    records.correct(store, arrived, {"number": "26/KH-UBND"}, "lan", revision)
    assert [(row.status, row.target_id) for row in rows(store, citing)] == [("wanted", None)]
    records.correct(store, arrived, {"number": "20/KH-UBND"}, "lan", revision + 1)
    assert [(row.status, row.target_id) for row in rows(store, citing)] == [("found", arrived)]
