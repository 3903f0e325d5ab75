"""Citations find their documents in whatever order they come; a person's choice stays."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from corpus.authority.identity import issuer_key
from corpus.citations import resolution
from corpus.database.connection import utc_now
from corpus.database.models import Base, CitationRow, Document
from corpus.numbering.number import match_key

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
    resolution.resolve(session, document)
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
    resolution.resolve(session, first)
    assert next(row[2:4] for row in state(session) if row[0] == 3) == ("wanted", None)


def test_a_corrected_number_lets_go_of_what_pointed_to_it(session):
    for one in DOCUMENTS:
        add(session, *one)
    first = session.get(Document, 1)
    first.number, first.number_key = "39/KH-UBND", match_key("39/KH-UBND")
    resolution.resolve(session, first, was="93/KH-UBND")
    assert (3, 0, "wanted", None, ()) in state(session)
    assert (3, 1, "ambiguous", None, (2,)) in state(session)


def test_a_persons_choice_stays(session):
    for one in DOCUMENTS:
        add(session, *one)
    row = session.scalars(select(CitationRow).where(CitationRow.status == "ambiguous")).one()
    row.status, row.target_id, row.settled_by = "found", 2, "clerk"
    resolution.resolve_all(session)
    assert row.target_id == 2


def test_a_successor_is_only_a_candidate(session):
    add(session, 1, "93/KH-UBND", "2022-04-12", KG)
    add(session, 2, "5/KH-STTTT", "2025-08-01", "Sở Y tế tỉnh An Giang", [("93/KH-UBND", "2022-04-12", AG)])
    assert state(session) == [(2, 0, "ambiguous", None, (1,))]


@pytest.mark.parametrize("ref", ["1", "93/KH-UBND", "93/kh-ubnd", "93 KH UBND"])
def test_a_document_is_found_by_number_or_id(session, ref):
    add(session, 1, "93/KH-UBND", "2022-04-12", KG)
    assert resolution.find_documents(session, ref) == [1]


_CHOICES = [
    ("93/KH-UBND", "2022"),
    ("93/KH-UBND", "2021"),
    ("30/2020/NĐ-CP", "2020"),
    ("5-NQ/TU", "2022"),
    ("5-NQ/TU", "2021"),
]
_BODIES = (KG, AG, None)
_CITED = st.tuples(
    st.sampled_from([number for number, _ in _CHOICES]), st.sampled_from([None, "2022-04-12", "2021-04-12"]),
    st.sampled_from(_BODIES),
)  # fmt: skip
_DOCUMENT = st.tuples(
    st.sampled_from(_CHOICES), st.sampled_from(["-04-12", "-05-01"]), st.sampled_from((KG, AG)),
    st.lists(_CITED, max_size=3),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_DOCUMENT, min_size=1, max_size=5), st.randoms(use_true_random=False), st.data())
def test_whatever_happens_on_the_way_the_graph_is_that_of_what_is_held_now(described, random, data):
    """Arrivals in any order, numbers corrected, documents withdrawn: in the end as if all were decided anew."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        order = list(enumerate(described, 1))
        random.shuffle(order)
        for id_, ((number, year), day, body, cites) in order:
            add(session, id_, number, year + day, body, cites)
        for _ in range(2):
            document = session.get_one(Document, random.randint(1, len(described)))
            was, (document.number, _) = document.number, random.choice(_CHOICES)
            document.number_key = match_key(document.number)
            document.status = random.choice(("review", "withdrawn"))
            resolution.resolve(session, document, was=was)
        reached = state(session)
        resolution.resolve_all(session)
        assert reached == state(session)


@pytest.mark.parametrize(
    ("cited", "day", "body", "reason"),
    [("30/2020/NĐ-CP", "2020-03-06", "Chính phủ",
     "the year in the number tells the year; the day is the paper's slip"),
     ("30/2020/NĐ-CP", "2021-03-05", None, "the same with a wrong year, and no issuer printed"),
     ("93/KH-UBND", "2022-04-13", KG, "issuer, number and year agree, the day does not"),
     ("34-CT/TW", "2015-04-07", "Ban Bí thư", "the Party numbers through a term: 2014 and 2015 are one")],
)  # fmt: skip
def test_a_document_is_found_though_the_cited_day_differs(session, cited, day, body, reason):
    add(session, 1, "30/2020/NĐ-CP", "2020-03-05", "Chính phủ")
    add(session, 2, "93/KH-UBND", "2022-04-12", KG)
    add(session, 3, "34-CT/TW", "2014-04-07", "Bộ Chính trị")
    add(session, 4, "7/KH-STTTT", "2022-08-01", KG, [(cited, day, body)])
    target = {"30/2020/NĐ-CP": 1, "93/KH-UBND": 2, "34-CT/TW": 3}[cited]
    assert state(session) == [(4, 0, "found", target, ())], reason


@pytest.mark.parametrize(
    ("cited", "day", "body", "status", "reason"),
    [("93/KH-UBND", "2021-04-12", KG, "wanted", "another year is another document"),
     ("93/KH-UBND", "2022-04-12", AG, "ambiguous", "An Giang holds Kiên Giang's land today: a person decides"),
     ("93/KH-UBND", "2022-04-12", "Ủy ban nhân dân tỉnh Cà Mau", "wanted", "another province"),
     ("93/KH-UBND", None, KG, "ambiguous", "without a year it may be any year's"),
     ("34-CT/TW", "2018-04-07", "Ban Bí thư", "wanted", "the next term of the Party"),
     ("5/QĐ-STTTT", "2022-02-02", "Sở Khoa học và Công nghệ tỉnh Kiên Giang", "ambiguous",
      "the heir of a merged department"),
     ("5/QĐ-STTTT", "2022-02-02", "Sở Y tế tỉnh Kiên Giang", "wanted", "no heir of it")],
)  # fmt: skip
def test_what_is_not_sure_is_not_linked(session, cited, day, body, status, reason):
    add(session, 1, "93/KH-UBND", "2022-04-12", KG)
    add(session, 2, "34-CT/TW", "2014-04-07", "Bộ Chính trị")
    add(session, 3, "5/QĐ-STTTT", "2022-02-02", "Sở Thông tin và Truyền thông tỉnh Kiên Giang")
    add(session, 4, "7/KH-SYT", "2025-08-01", "Sở Y tế tỉnh An Giang", [(cited, day, body)])
    assert [row[2] for row in state(session)] == [status], reason


@pytest.mark.parametrize(
    ("cited", "day", "body", "status", "reason"),
    [("93/KH-UBND", "2022-04-12", "Ủy ban nhân dân", "found", "the body named without its place, the day agrees"),
     ("93/KH-UBND", "2022-04-13", "Ủy ban nhân dân", "ambiguous", "without its place, and another day"),
     ("5/KH-SNV", "2022-02-02", "Sở Nội", "found", "a name cut short at the line's end, the day agrees"),
     ("93/KH-UBND", "2022-04-12", "Ủy ban nhân dân huyện Gò Đước", "ambiguous",
      "the citing body filled in for one not read: same number and day elsewhere"),
     ("93/KH-UBND", "2022-04-19", "Ủy ban nhân dân huyện Gò Đước", "wanted", "the same with another day")],
)  # fmt: skip
def test_a_body_that_was_not_read_whole(session, cited, day, body, status, reason):
    add(session, 1, "93/KH-UBND", "2022-04-12", KG)
    add(session, 2, "5/KH-SNV", "2022-02-02", "Sở Nội vụ tỉnh Kiên Giang")
    add(session, 3, "7/KH-UBND", "2022-08-01", "Ủy ban nhân dân huyện Gò Đước", [(cited, day, body)])
    assert [row[2] for row in state(session)] == [status], reason


def test_both_predecessors_are_candidates_after_the_merger(session):
    """`UBND tỉnh` of An Giang after 1/7/2025 with a number from before may mean either old province."""
    add(session, 1, "93/KH-UBND", "2022-04-12", KG)
    add(session, 2, "93/KH-UBND", "2022-05-12", AG)
    add(session, 3, "7/KH-SYT", "2025-08-01", "Sở Y tế tỉnh An Giang", [("93/KH-UBND", "2022-06-12", AG)])
    assert state(session) == [(3, 0, "ambiguous", None, (1, 2))]


@pytest.mark.parametrize(
    ("day", "target"), [("2022-04-27", 1), ("2024-05-01", 2), ("2003-01-01", None)]
)  # fmt: skip
def test_a_law_by_name_is_the_one_of_the_citing_day(session, day, target):
    add(session, 1, "15/2003/QH11", "2003-11-26", "Quốc hội")
    add(session, 2, "06/2022/QH15", "2022-06-15", "Quốc hội")
    citing = add(session, 3, "7/KH-SYT", day, KG)
    session.add(
        CitationRow(
            document_id=3, position=0, printed="Luật Thi đua, khen thưởng", relation="basis", boxes=[],
            title="Luật Thi đua, khen thưởng", title_key="luat thi dua khen thuong",
        )
    )  # fmt: skip
    resolution.resolve(session, citing)
    assert [row[3] for row in state(session)] == [target]
