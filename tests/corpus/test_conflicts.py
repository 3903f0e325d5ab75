"""Contradictions are told as facts, and one that a person settled says why."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from corpus.conflicts import conflicts
from corpus.db import utc_now
from corpus.models import Base, CitationRow, Document, Settlement


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened


def add(session, id_, date, number, doc_type="Quyết định"):
    one = Document(
        id=id_, sha256=f"{id_:064d}", name="x", media_type="text/plain", size=1, status="accepted", number=number,
        number_key=number.upper(), date=date, year=int(date[:4]), doc_type=doc_type, issuer="A", issuer_key="a",
        received_at=utc_now(), received_by="t",
    )  # fmt: skip
    session.add(one)
    session.flush()
    return one


def cite(session, source, target, relation="refers", **more):
    row = CitationRow(
        document_id=source, position=0, printed="x", relation=relation, target_id=target, status="found", **more
    )
    session.add(row)
    session.flush()


@pytest.mark.parametrize(
    ("more", "code"),
    [({"date": "2020-01-02"}, "date_differs"), ({"doc_type": "Kế hoạch"}, "type_differs"),
     ({"issuer": "B", "issuer_key": "b"}, "issuer_differs"),
     ({"date": "2020-01-01", "doc_type": "Quyết định", "issuer": "A", "issuer_key": "a"}, None)],
)  # fmt: skip
def test_what_is_printed_against_what_is_held(session, more, code):
    source = add(session, 1, "2021-01-01", "1/QD-A")
    add(session, 2, "2020-01-01", "2/QD-A")
    cite(session, 1, 2, **more)
    assert [one.code for one in conflicts(session, source)] == ([code] if code else [])


@pytest.mark.parametrize(("day", "codes"), [("2020-12-31", ["superseded_basis"]), ("2021-01-02", [])])
def test_a_basis_is_judged_as_at_the_day_of_signing(session, day, codes):
    source = add(session, 1, "2021-01-01", "1/QD-A")
    add(session, 2, "2019-01-01", "2/QD-A")
    add(session, 3, day, "3/QD-A")
    cite(session, 1, 2, "basis")
    cite(session, 3, 2, "replaces")
    assert [one.code for one in conflicts(session, source)] == codes


def test_a_later_document_and_a_reused_number_and_a_settlement(session):
    source = add(session, 1, "2021-01-01", "1/QD-A")
    add(session, 2, "2021-06-01", "2/QD-A")
    add(session, 3, "2021-07-01", "1/QD-A")
    cite(session, 1, 2)
    later, reused = conflicts(session, source)
    assert (later.code, reused.code) == ("cites_later_document", "number_reused")
    session.add(Settlement(document_id=1, fingerprint=later.fingerprint, reason="đã xem", by="t", at=utc_now()))
    session.flush()
    assert [one.settled for one in conflicts(session, source)] == ["đã xem", None]
    assert "2021-06-01" in later.message() and "2021-06-01" in later.message("en")
