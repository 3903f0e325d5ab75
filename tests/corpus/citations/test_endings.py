"""A basis that was no longer in force: by the table of laws, held or not,
by the day in force and never before it.
"""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, true
from sqlalchemy.orm import Session

from corpus.authority.identity import issuer_key
from corpus.authority.laws import law_title_key
from corpus.citations.conflicts import conflicts, shown
from corpus.citations.effect import effect_of
from corpus.database.connection import utc_now
from corpus.database.models import Base, CitationRow, Document
from corpus.numbering.number import match_key, parse


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened


def add(session, id_, date, number, issuer="Chính phủ", doc_type="Nghị định", effective=None) -> Document:
    fields = {"effective": {"from": {"value": effective}}} if effective else {}
    one = Document(
        id=id_, sha256=f"{id_:064d}", name="x", media_type="text/plain", size=1, status="accepted", number=number,
        number_key=match_key(number), symbol=parse(number).symbol, date=date, year=int(date[:4]),
        doc_type=doc_type,
        issuer=issuer, issuer_key=issuer_key(issuer), received_at=utc_now(), received_by="t", fields=fields,
    )  # fmt: skip
    session.add(one)
    session.flush()
    return one


def cite(session, source, relation="basis", target=None, **more) -> None:
    title = more.get("title")
    session.add(
        CitationRow(
            document_id=source, position=0, printed="x", relation=relation, target_id=target,
            status="found" if target else "wanted", title_key=law_title_key(title) if title else None, boxes=[],
                **more,
        )
    )  # fmt: skip
    session.flush()


def paper(session, day: str) -> Document:
    return add(session, 1, day, "50/QĐ-SNV", "Sở Nội vụ tỉnh An Giang", "Quyết định")


@pytest.mark.parametrize(
    ("day", "said", "by", "reason"),
    [
        ("2026-05-02", {"title": "Luật Lưu trữ", "date": "2011-11-11"}, "33/2024/QH15", "by name and day"),
        ("2026-05-02", {"number": "77/2015/QH13", "doc_type": "Luật"}, "65/2025/QH15", "by number"),
        ("2026-05-02", {"number": "45/2013/QH13", "doc_type": "Luật"}, "31/2024/QH15", "brought forward"),
        ("2025-07-01", {"number": "01/2011/QH13", "doc_type": "Luật"}, "33/2024/QH15",
         "on the first day of the new law"),
        ("2025-06-30", {"number": "01/2011/QH13", "doc_type": "Luật"}, None, "its last day"),
        ("2024-10-15", {"title": "Luật Lưu trữ", "date": "2011-11-11"}, None,
         "the successor is passed, not in force"),
        ("2026-05-02", {"title": "Luật Lưu trữ"}, None, "the name means the law in force"),
        ("2025-08-01", {"title": "Luật Khoáng sản"}, "54/2024/QH15", "a name that ended"),
        ("2026-05-02", {"number": "110/2004/NĐ-CP", "doc_type": "Nghị định"}, "30/2020/NĐ-CP", "a decree"),
        ("2026-05-02", {"number": "20/2026/QH16", "doc_type": "Nghị quyết"}, None, "no end is known"),
    ],
)  # fmt: skip
def test_a_basis_that_is_not_held_is_judged_by_the_table(session, day, said, by, reason):
    source = paper(session, day)
    cite(session, 1, **said)
    found = conflicts(session, source)
    assert [one.code for one in found] == (["superseded_basis"] if by else []), reason
    if by:
        assert by in found[0].message() and "theo bảng" in found[0].message()
        assert "table of laws" in found[0].message("en")


def test_only_a_basis_is_superseded(session):
    source = paper(session, "2026-05-02")
    cite(session, 1, "mentions", number="01/2011/QH13", doc_type="Luật")
    assert conflicts(session, source) == []


def test_an_end_from_memory_says_so(session):
    source = paper(session, "2026-05-02")
    cite(session, 1, number="77/2015/QH13", doc_type="Luật")
    [one] = conflicts(session, source)
    assert one.law.end_is_from_memory and "chưa được đối chiếu" in one.message()


@pytest.mark.parametrize(
    ("day", "effective", "told", "reason"),
    [
        ("2026-03-15", "2026-07-01", False, "what ends it says that it is in force later"),
        ("2026-07-01", "2026-07-01", True, "on its first day"),
        ("2026-02-01", None, False, "a decree counts from 45 days after its signing at the earliest"),
        ("2026-04-01", None, True, "long after"),
    ],
)
def test_a_held_successor_counts_from_its_day_in_force(session, day, effective, told, reason):
    source = paper(session, day)
    add(session, 2, "2020-03-05", "30/2020/NĐ-CP")
    add(session, 3, "2026-01-10", "500/2026/NĐ-CP", effective=effective)
    cite(session, 1, target=2, number="30/2020/NĐ-CP", doc_type="Nghị định")
    cite(session, 3, "replaces", target=2, number="30/2020/NĐ-CP", doc_type="Nghị định")
    assert [one.code for one in conflicts(session, source)] == (["superseded_basis"] if told else []), reason


def test_a_held_law_that_repeals_another_does_not_end_it_before_its_day(session):
    source = paper(session, "2024-10-15")
    add(session, 2, "2011-11-11", "01/2011/QH13", "Quốc hội", "Luật")
    add(session, 3, "2024-06-21", "33/2024/QH15", "Quốc hội", "Luật")
    cite(session, 1, target=2, number="01/2011/QH13", doc_type="Luật")
    cite(session, 3, "repeals", target=2, number="01/2011/QH13", doc_type="Luật")
    assert conflicts(session, source) == []


@pytest.mark.parametrize(
    ("number", "date", "fields", "day", "state", "reason"),
    [
        ("33/2024/QH15", "2024-06-21", {}, "2025-06-30", "coming", "by the table, not yet"),
        ("33/2024/QH15", "2024-06-21", {}, "2025-07-01", "in_force", "by the table"),
        ("01/2011/QH13", "2011-11-11", {}, "2025-07-01", "ended", "by the table"),
        ("500/2026/NĐ-CP", "2026-01-10", {"from": {"value": "2026-07-01"}}, "2026-03-01", "coming", "as it says"),
        ("500/2026/NĐ-CP", "2026-01-10", {"from": {"value": "2026-07-01"}}, "2026-07-01", "in_force",
         "as it says"),
        ("9/2026/NĐ-CP", "2026-01-10", {"from": {"value": "2026-02-01"}, "until": {"value": "2026-12-31"}},
         "2027-01-01", "ended", "its last day is over"),
        ("9/QĐ-UBND", "2026-01-12", {"from": {"value": "2026-01-10", "rule": "effective.signing"}}, "2026-01-11",
         "coming", "the day of signing, as a person corrected it"),
        ("9/KH-UBND", "2026-01-12", {}, "2026-02-01", None, "a plan says nothing of it"),
    ],
)  # fmt: skip
def test_how_a_document_stands_on_a_day(session, number, date, fields, day, state, reason):
    kind = "Luật" if "QH" in number else "Nghị định"
    document = add(session, 1, date, number, "Quốc hội" if "QH" in number else "Chính phủ", kind)
    document.fields = {"effective": fields}
    session.flush()
    found = effect_of(session, document, day, true())
    assert (found.state if found else None) == state, reason


@pytest.mark.parametrize(
    ("provision", "state"), [("Điều 3", "partly"), (None, "ended")], ids=["some provisions", "the whole"]
)
def test_what_another_document_ends(session, provision, state):
    document = add(session, 1, "2020-03-05", "3/2020/NĐ-CP", effective="2020-04-01")
    add(session, 2, "2025-01-10", "5/2025/NĐ-CP", effective="2025-03-01")
    cite(session, 2, "repeals", target=1, number="3/2020/NĐ-CP", provision=provision)
    assert effect_of(session, document, "2026-01-01", true()).state == state
    assert effect_of(session, document, "2026-01-01", Document.id != 2).state == "in_force", (
        "who may not see it isn't told"
    )


def test_who_may_not_see_the_ending_document_is_told_by_the_table(session):
    source = paper(session, "2026-05-02")
    add(session, 2, "2011-11-11", "01/2011/QH13", "Quốc hội", "Luật")
    add(session, 3, "2024-06-21", "33/2024/QH15", "Quốc hội", "Luật")
    cite(session, 1, target=2, number="01/2011/QH13", doc_type="Luật")
    cite(session, 3, "repeals", target=2, number="01/2011/QH13", doc_type="Luật")
    found = conflicts(session, source)
    assert [one.other_id for one in shown(found, {1, 2, 3})] == [3], "once, with both pieces of evidence"
    assert [one.other_id for one in shown(found, {1, 2})] == [None], "by the table alone"
