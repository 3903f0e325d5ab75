"""Contradictions are told as facts with both pieces of evidence; one that a person settled says why."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from corpus import tables
from corpus.authority import table_checks
from corpus.authority.identity import issuer_key
from corpus.citations.conflict_words import WORDS
from corpus.citations.conflicts import conflicts
from corpus.database.connection import utc_now
from corpus.database.models import Base, CitationRow, Document, OwnBody, Settlement, StatementRow
from corpus.numbering.number import match_key, parse

KG, AG = "Ủy ban nhân dân tỉnh Kiên Giang", "Ủy ban nhân dân tỉnh An Giang"


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened


def add(session, id_, date, number, issuer=KG, doc_type="Quyết định", subject=None) -> Document:
    parsed = parse(number)
    printed = {"page": 3, "printed": f"ngày in trên {id_}"}
    one = Document(
        id=id_, sha256=f"{id_:064d}", name="x", media_type="text/plain", size=1, status="accepted", number=number,
        number_key=match_key(number), symbol=parsed.symbol, date=date, year=int(date[:4]) if date else None,
        doc_type=doc_type,
        issuer=issuer, issuer_key=issuer_key(issuer), subject=subject, received_at=utc_now(), received_by="t",
        fields={"date": printed},
    )  # fmt: skip
    session.add(one)
    session.flush()
    return one


def cite(session, source, target, relation="refers", **more: Any) -> CitationRow:
    row = CitationRow(
        document_id=source, position=0, printed=f"viện dẫn {target}", page=2, relation=relation, target_id=target,
        status="found", **more,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def codes(session, document) -> list[str]:
    return [one.code for one in conflicts(session, document)]


@pytest.mark.parametrize(
    ("more", "code", "reason"),
    [({"date": "2020-01-02"}, "date_differs", "another day"),
     ({"doc_type": "Kế hoạch"}, "type_differs", "another type"),
     ({"doc_type": "Văn bản"}, None, "the word for any document says nothing of its type"),
     ({"doc_type": "Quyết định liên tịch"}, None, "the type told more closely"),
     ({"issuer": AG}, None, "An Giang took Kiên Giang over"),
     ({"issuer": "Ủy ban nhân dân tỉnh Cà Mau"}, "issuer_differs", "another province"),
     ({"issuer": "Ủy ban nhân dân"}, None, "named without its place"),
     ({"issuer": "Chủ tịch Ủy ban nhân dân tỉnh Kiên Giang"}, None, "a head counts as the body led"),
     ({"issuer": "Văn phòng Ủy ban nhân dân tỉnh Kiên Giang"}, "issuer_differs", "the office is another body"),
     ({"issuer": f"Sở Y tế; {KG}"}, None, "one of the joint issuers"),
     ({"date": "2020-01-01", "doc_type": "Quyết định", "issuer": KG}, None, "all agrees"),
     ({}, None, "nothing printed, nothing to differ")],
)  # fmt: skip
def test_what_is_printed_against_what_is_held(session, more, code, reason):
    source = add(session, 1, "2021-01-01", "1/QĐ-STC", "Sở Tài chính tỉnh Kiên Giang")
    add(session, 2, "2020-01-01", "2/QĐ-UBND")
    cite(session, 1, 2, **more)
    assert codes(session, source) == ([code] if code else []), reason


def test_both_sides_stand_on_paper(session):
    source = add(session, 1, "2021-01-01", "1/QĐ-STC", "Sở Tài chính tỉnh Kiên Giang")
    add(session, 2, "2020-01-01", "2/QĐ-UBND")
    cite(session, 1, 2, date="2020-01-02")
    [one] = conflicts(session, source)
    assert (one.ours.document_id, one.ours.page, one.ours.printed) == (1, 2, "viện dẫn 2")
    assert (one.theirs.document_id, one.theirs.page, one.theirs.printed) == (2, 3, "ngày in trên 2")


@pytest.mark.parametrize(
    ("day", "relation", "provision", "expected", "reason"),
    [("2020-12-31", "replaces", None, ["superseded_basis"], "ended before the signing"),
     ("2021-01-02", "replaces", None, [], "what came later does not count: as at the day of signing"),
     ("2021-01-01", "repeals", None, [], "on the day itself nobody can have known"),
     ("2020-12-31", "repeals", "Điều 3", [], "an article's end is not the document's"),
     ("2020-12-31", "amends", None, [], "an amended basis stands")],
)  # fmt: skip
def test_a_basis_is_judged_as_at_the_day_of_signing(session, day, relation, provision, expected, reason):
    source = add(session, 1, "2021-01-01", "1/QĐ-STC", "Sở Tài chính tỉnh Kiên Giang")
    add(session, 2, "2019-01-01", "2/QĐ-UBND")
    add(session, 3, day, "9/QĐ-UBND")
    cite(session, 1, 2, "basis")
    cite(session, 3, 2, relation, provision=provision)
    assert codes(session, source) == expected, reason


def test_a_basis_ended_as_a_third_document_states(session):
    """`A thay thế B` said by C: its page is the evidence, though A itself is not held."""
    source = add(session, 1, "2021-01-01", "1/QĐ-STC", "Sở Tài chính tỉnh Kiên Giang")
    add(session, 2, "2019-01-01", "2/QĐ-UBND")
    add(session, 3, "2022-01-01", "9/BC-UBND")
    cite(session, 1, 2, "basis")
    subject = cite(session, 3, None, number="5/QĐ-UBND", date="2020-06-01")
    ended = cite(session, 3, 2, "nested")
    session.add(StatementRow(document_id=3, subject_id=subject.id, relation="replaces", object_id=ended.id))
    session.flush()
    [one] = conflicts(session, source)
    assert (one.code, one.other_id, one.theirs.page) == ("superseded_basis", 3, 2)
    assert "5/QĐ-UBND ngày 01/06/2020" in one.message()


def test_a_later_document_and_a_reused_number_and_a_settlement(session):
    source = add(session, 1, "2021-01-01", "1/QĐ-UBND")
    add(session, 2, "2021-06-01", "2/QĐ-UBND")
    add(session, 3, "2021-07-01", "1/QĐ-UBND")
    cite(session, 1, 2)
    later, reused = conflicts(session, source)
    assert (later.code, reused.code) == ("cites_later_document", "number_reused")
    session.add(Settlement(document_id=1, fingerprint=later.fingerprint, reason="đã xem", by="t", at=utc_now()))
    session.flush()
    assert [one.settled for one in conflicts(session, source)] == ["đã xem", None]
    assert "01/06/2021" in later.message() and "01/06/2021" in later.message("en")


@pytest.mark.parametrize(
    ("number", "issuer", "first", "second", "subject", "expected", "reason"),
    [("1/QĐ-UBND", KG, "2021-01-01", "2021-07-01", None, ["number_reused"], "two days, one number"),
     ("1/QĐ-UBND", KG, "2021-01-01", "2022-01-01", None, [], "numbers begin anew each year"),
     ("1/QĐ-UBND", KG, "2021-01-01", "2021-01-01", None, [], "the same paper scanned twice"),
     ("1/QĐ-UBND", KG, "2021-01-01", "2021-01-01", "khác", ["number_reused"], "two subjects, one number"),
     ("5-NQ/TU", "Tỉnh ủy Kiên Giang", "2021-06-01", "2023-06-01", None, ["number_reused"], "the Party: one term"),
     ("5-NQ/TU", "Tỉnh ủy Kiên Giang", "2019-06-01", "2021-06-01", None, [], "the Party: two terms")],
)  # fmt: skip
def test_a_number_used_twice(session, number, issuer, first, second, subject, expected, reason):
    source = add(session, 1, first, number, issuer, subject="Về việc thi đua")
    add(session, 2, second, number, issuer, subject=subject or "Về việc thi đua")
    assert codes(session, source) == expected, reason


@pytest.mark.parametrize(
    ("title", "expected", "reason"),
    [("phân bổ dự toán ngân sách năm 2021", ["title_of_another"],
     "document 3's subject under document 2's number"),
     ("Về việc phê duyệt kế hoạch sử dụng đất", [], "document 2's own"),
     ("phê duyệt kế hoạch sử dụng đất năm 2020 của các huyện", [], "its own, going on behind it"),
     ("một việc không văn bản nào mang tên", [], "nobody's subject: the text may shorten it"),
     ("ngân sách", [], "too short to tell")],
)  # fmt: skip
def test_a_quoted_subject_that_belongs_to_another(session, title, expected, reason):
    source = add(session, 1, "2021-01-01", "1/QĐ-STC", "Sở Tài chính tỉnh Kiên Giang")
    add(session, 2, "2020-01-01", "2/QĐ-UBND", subject="Về việc phê duyệt kế hoạch sử dụng đất")
    add(session, 3, "2020-02-01", "9/QĐ-UBND", subject="Phân bổ dự toán ngân sách năm 2021")
    cite(session, 1, 2, title=title, number="2/QĐ-UBND", number_key=match_key("2/QĐ-UBND"))
    assert codes(session, source) == expected, reason


@pytest.mark.parametrize(
    ("held", "expected", "reason"),
    [((1, 2, 3), "5", "one number missing right below"),
     ((1, 2), "3–5", "three missing of six"),
     ((5,), None, "no gap"),
     ((2,), None, "too few to speak of a run"),
     ((1, 20), None, "nobody keeps this run here")],
)  # fmt: skip
def test_a_gap_in_an_issuers_numbers(session, held, expected, reason):
    source = add(session, 1, "2021-06-01", "6/QĐ-UBND")
    session.add(OwnBody(name=source.issuer or "", issuer_key=source.issuer_key))
    for id_, ordinal in enumerate(held, 2):
        add(session, id_, "2021-01-01", f"{ordinal}/QĐ-UBND")
    if held == (1, 2, 3):
        add(session, 9, "2021-01-01", "4/QĐ-UBND")
    add(session, 10, "2020-01-01", "5/QĐ-UBND")
    add(session, 11, "2021-01-01", "5/QĐ-UBND", AG)
    told = conflicts(session, source)
    assert [(one.code, one.cited) for one in told] == ([("number_gap", expected)] if expected else []), reason
    assert all("6/QĐ-UBND" in one.message() for one in told)


def test_every_sentence_is_a_fact_in_both_languages():
    for vietnamese, english in WORDS.values():
        assert vietnamese.endswith(".") and english.endswith(".")
        assert not {"có thể", "sai", "lỗi"} & set(vietnamese.lower().split())


def test_gaps_are_told_of_the_archives_own_bodies_alone(session):
    source = add(session, 1, "2021-06-01", "6/QĐ-UBND")
    for id_, ordinal in enumerate((1, 2, 3, 4), 2):
        add(session, id_, "2021-01-01", f"{ordinal}/QĐ-UBND")
    session.add(OwnBody(name=AG, issuer_key=issuer_key(AG)))
    assert codes(session, source) == []


@pytest.mark.parametrize(
    ("issuer", "date", "expected", "reason"),
    [("Ủy ban nhân dân huyện Hòn Đất, tỉnh Kiên Giang", "2025-06-30", [], "the last day of districts"),
     ("Ủy ban nhân dân huyện Hòn Đất, tỉnh Kiên Giang", "2025-07-01", ["body_not_there"],
      "two tiers of government since"),
     ("Ủy ban nhân dân tỉnh Kiên Giang", "2025-08-01", ["body_not_there"], "merged into An Giang"),
     ("Ủy ban nhân dân tỉnh An Giang", "2025-08-01", [], "goes on"),
     ("Câu lạc bộ Hưu trí", "2025-08-01", [], "no table knows it: nothing is said")],
)  # fmt: skip
def test_a_body_that_did_not_exist_on_the_day(session, issuer, date, expected, reason):
    assert codes(session, add(session, 1, date, "6/QĐ-UBND", issuer)) == expected, reason


def _signed(authority: str | None, title: str | None, *, review: bool = False) -> dict[str, Any]:
    def told(value: str | None) -> dict[str, Any] | None:
        return None if value is None else {"value": value, "printed": value, "page": 2, "review": review}

    return {"signer": {"authority": told(authority), "title": told(title), "name": told("Trần B")}}


@pytest.mark.parametrize(
    ("date", "title", "authority", "doc_type", "expected", "reason"),
    [("2004-04-07", "Phó Giám đốc", None, "Quyết định", 0, "no rule that the table knows counts yet"),
     ("2004-04-08", "Phó Giám đốc", None, "Quyết định", 1, "Decree 110/2004"),
     ("2020-03-05", "Phó Giám đốc", None, "Quyết định", 1, "Decree 30/2020"),
     ("2008-12-31", "Chánh Văn phòng", "TL. BỘ TRƯỞNG", "Thông tư", 0, "before the law of 2008"),
     ("2009-01-01", "Chánh Văn phòng", "TL. BỘ TRƯỞNG", "Thông tư", 1, "the law of 2008"),
     ("2025-05-01", "Chánh Văn phòng", "TL. BỘ TRƯỞNG", "Nghị định", 1, "the law of 2025"),
     (None, "Phó Giám đốc", None, "Quyết định", 0, "a paper without a day")],
)  # fmt: skip
def test_a_signers_authority_goes_by_the_rules_of_the_day(
    session, date, title, authority, doc_type, expected, reason
):
    source = add(session, 1, date, "6/QĐ-UBND", doc_type=doc_type)
    source.fields = _signed(authority, title)
    assert codes(session, source) == ["signer_beyond_authority"] * expected, reason


def test_an_office_adds_a_rule_of_its_own(session, tmp_path):
    (tmp_path / "data").mkdir()
    head = "rule\tauthority\ttitle\tdoc_type\tvalid_from\tvalid_to\tsource"
    (tmp_path / "data" / "signing_rules.tsv").write_text(
        f"{head}\nby_order\tTUQ\tTrưởng\tQuyết định\t2020-01-01\t\tquy chế\n", encoding="utf-8"
    )
    source = add(session, 1, "2021-06-01", "6/QĐ-UBND")
    source.fields = _signed("TUQ. GIÁM ĐỐC", "Trưởng phòng Tổ chức")
    assert codes(session, source) == []
    tables.use_office_rows(tmp_path)
    try:
        assert table_checks.check(tmp_path) == []
        assert codes(session, source) == ["signer_beyond_authority"]
    finally:
        tables.use_office_rows(tmp_path / "none")


@pytest.mark.parametrize(
    ("authority", "title", "doc_type", "review", "expected", "reason"),
    [("KT. GIÁM ĐỐC", "Phó Giám đốc", "Quyết định", False, [], "a deputy for the head"),
     ("KT.", "Phó Giám đốc", "Quyết định", False, [], "KT. without the head's title"),
     ("TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH", "Phó Chủ tịch", "Quyết định", False, [],
      "of a body that decides together"),
     ("T/M BAN THƯỜNG VỤ", "Phó Bí thư", "Kế hoạch", False, [], "the Party's form"),
     (None, "Phó Giám đốc", "Quyết định", False, ["signer_beyond_authority"], "in his own name"),
     (None, "Phó Giám đốc", "Quyết định", True, [], "the reading is doubtful: nobody is accused"),
     (None, "Giám đốc", "Quyết định", False, [], "the head himself"),
     ("KT. GIÁM ĐỐC", "Giám đốc", "Quyết định", False, ["signer_beyond_authority"], "for himself"),
     ("TL. BỘ TRƯỞNG", "Chánh Văn phòng", "Thông tư", False, ["signer_beyond_authority"], "no circular by order"),
     ("TL. BỘ TRƯỞNG", "Chánh Văn phòng", "Công văn", False, [], "a letter may be"),
     ("KT. GIÁM ĐỐC", None, "Quyết định", False, [], "the title was not read")],
)  # fmt: skip
def test_a_signer_beyond_authority(session, authority, title, doc_type, review, expected, reason):
    source = add(session, 1, "2021-06-01", "6/QĐ-UBND", doc_type=doc_type)
    source.fields = _signed(authority, title, review=review)
    told = conflicts(session, source)
    assert [one.code for one in told] == expected, reason
    for one in told:
        assert (
            one.ours is not None
            and one.ours.page == 2
            and one.cited in one.message()
            and one.cited in one.message("en")
        )
