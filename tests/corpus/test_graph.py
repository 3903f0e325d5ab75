"""Citations find their documents in whatever order they come; a person's choice stays."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from corpus import graph
from corpus.db import utc_now
from corpus.identity import issuer_key
from corpus.models import Base, CitationRow, Document
from corpus.number import match_key

KG, AG = "Ủy ban nhân dân tỉnh Kiên Giang", "Ủy ban nhân dân tỉnh An Giang"


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened


def add(session: Session, id_: int, number: str, date: str, issuer: str, cites=()) -> Document:
    document = Document(
        id=id_, sha256=f"{id_:064d}", name="x", media_type="text/plain", size=1, status="review", number=number,
        number_key=match_key(number), date=date, year=int(date[:4]), issuer=issuer, issuer_key=issuer_key(issuer),
        received_at=utc_now(), received_by="t",
    )  # fmt: skip
    session.add(document)
    session.flush()
    for position, (cited, day, body) in enumerate(cites):
        session.add(
            CitationRow(
                document_id=id_, position=position, printed=cited, relation="refers", number=cited, date=day,
                number_key=match_key(cited), issuer=body, issuer_key=issuer_key(body), boxes=[],
            )
        )  # fmt: skip
    graph.resolve(session, document)
    return document


def state(session: Session):
    rows = session.scalars(select(CitationRow).order_by(CitationRow.document_id, CitationRow.position))
    return [(r.document_id, r.position, r.status, r.target_id, tuple(r.candidates)) for r in rows]


DOCUMENTS = [
    (1, "93/KH-UBND", "2022-04-12", KG, [("30/2020/NĐ-CP", None, None)]),
    (2, "93/KH-UBND", "2022-05-12", AG, []),
    (3, "31/KH-STTTT", "2022-04-27", "Sở Y tế tỉnh Kiên Giang",
     [("93/KH-UBND", "2022-04-12", KG), ("93/KH-UBND", None, None), ("7/KH-UBND", None, KG)]),
    (4, "30/2020/NĐ-CP", "2020-03-05", "Chính phủ", []),
]  # fmt: skip


def test_order_of_arrival_never_changes_the_graph():
    seen = set()
    for order in permutations(DOCUMENTS):
        engine = create_engine("sqlite://")
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            for one in order:
                add(session, *one)
            seen.add(tuple(state(session)))
    assert seen == {
        (
            (1, 0, "found", 4, ()),
            (3, 0, "found", 1, ()),
            (3, 1, "ambiguous", None, (1, 2)),
            (3, 2, "wanted", None, ()),
        )
    }


def test_a_withdrawn_document_is_no_target_and_what_was_ambiguous_is_decided_again(session):
    for one in DOCUMENTS:
        add(session, *one)
    first = session.get(Document, 1)
    first.status = "withdrawn"
    graph.resolve(session, first)
    assert next(row[2:4] for row in state(session) if row[0] == 3) == ("wanted", None)


def test_a_corrected_number_lets_go_of_what_pointed_to_it(session):
    for one in DOCUMENTS:
        add(session, *one)
    first = session.get(Document, 1)
    first.number, first.number_key = "39/KH-UBND", match_key("39/KH-UBND")
    graph.resolve(session, first)
    assert (3, 0, "wanted", None, ()) in state(session)
    assert (3, 1, "ambiguous", None, (2,)) in state(session)


def test_a_persons_choice_stays(session):
    for one in DOCUMENTS:
        add(session, *one)
    row = session.scalars(select(CitationRow).where(CitationRow.status == "ambiguous")).one()
    row.status, row.target_id, row.settled_by = "found", 2, "clerk"
    graph.resolve_all(session)
    assert row.target_id == 2


def test_a_successor_is_only_a_candidate(session):
    add(session, 1, "93/KH-UBND", "2022-04-12", KG)
    add(session, 2, "5/KH-STTTT", "2025-08-01", "Sở Y tế tỉnh An Giang", [("93/KH-UBND", "2022-04-12", AG)])
    assert state(session) == [(2, 0, "ambiguous", None, (1,))]


@pytest.mark.parametrize("ref", ["1", "93/KH-UBND", "93/kh-ubnd", "93 KH UBND"])
def test_a_document_is_found_by_number_or_id(session, ref):
    add(session, 1, "93/KH-UBND", "2022-04-12", KG)
    assert graph.find_documents(session, ref) == [1]
