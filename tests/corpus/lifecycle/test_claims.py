"""Claims: compared with the paper, never put in its place; each field value and its doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.document import Field, Fields, Warning
from corpus.errors import Problem
from corpus.lifecycle.claims import ALONE, DIFFERS, Claim, agree, canonical, weigh

READ = Fields(
    number=Field("12/KH-SNV", "Số: 12/KH-SNV", 0.99),
    date=Field("2022-04-27", "ngày 27 tháng 4 năm 2022", 0.7, review=True),
    recipients=(Field("Như trên", "Như trên", 0.9),),
)


@pytest.mark.parametrize(
    ("claim", "value", "review", "codes", "reason"),
    [
        (Claim("number", "12/kh-snv", "sổ", True), "12/KH-SNV", False, [], "the same number, spelled otherwise"),
        (Claim("number", "21/KH-SNV", "sổ", True), "12/KH-SNV", True, [DIFFERS], "another number is asked"),
        (Claim("date", "27/4/2022", "sổ", True), "2022-04-27", False, [], "people's own list answers OCR's doubt"),
        (
            Claim("date", "27/4/2022", "luật", False),
            "2022-04-27",
            True,
            [],
            "what read the same text answers nothing",
        ),
        (
            Claim("date", "28/4/2022", "sổ", True),
            "2022-04-27",
            True,
            [DIFFERS],
            "a doubt with another day stays one",
        ),
        (
            Claim("place", "Kiên Giang", "sổ", True),
            "Kiên Giang",
            True,
            [ALONE],
            "not on the paper: filled and asked",
        ),
        (Claim("number", "", "sổ", True), "12/KH-SNV", False, [], "an empty cell says nothing"),
    ],
)
def test_a_claim_is_weighed(claim: Claim, value: str, review: bool, codes: list[str], reason: str) -> None:
    fields, warnings = weigh(READ, [canonical(claim)])
    kept = getattr(fields, claim.field)
    assert (kept.value, kept.review) == (value, review), reason
    assert [one.code for one in warnings] == codes, reason


@pytest.mark.parametrize("code", ["signature_broken", "signature_changed", "date_suspect", "body_not_of_its_time"])
def test_a_doubt_about_the_paper_itself_is_answered_by_no_list(code: str) -> None:
    claim = canonical(Claim("date", "27/4/2022", "sổ", True))
    fields, _ = weigh(READ, [claim], [Warning(code, "…")])
    assert fields.date is not None and fields.date.review


def test_a_contradiction_is_the_first_candidate() -> None:
    fields, (warning,) = weigh(READ, [Claim("number", "21/KH-SNV", "sổ 2022.xlsx", True)])
    assert fields.number is not None and fields.number.candidates[0].value == "21/KH-SNV"
    assert "sổ 2022.xlsx" in warning.message and "12/KH-SNV" in warning.message


def test_lists_are_filled_only_where_nothing_was_read() -> None:
    claim = Claim("recipients", "Sở Y tế", "sổ", True)
    fields, (warning,) = weigh(READ, [claim])
    assert fields.recipients == READ.recipients and warning.code == DIFFERS
    empty, _ = weigh(replace(READ, recipients=()), [claim, replace(claim, value="Sở Nội vụ")])
    assert [(one.value, one.review) for one in empty.recipients] == [("Sở Y tế", True), ("Sở Nội vụ", True)]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("date", "32/13/2022", "bad_value"), ("nothing", "x", "bad_request"), ("secrecy", "MẬT", "bad_request")],
)
def test_what_no_record_holds_is_refused(field: str, value: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        canonical(Claim(field, value, "sổ"))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("subject", "V/v phát động thi đua.", "v/v Phát động  thi đua", True),
        ("subject", "Về việc phát động thi đua", "Phát động thi đua", True),
        ("subject", "đột nát", "dột nát", False),
        ("doc_type", "KẾ HOẠCH", "Kế hoạch", True),
        ("signer_name", "Nguyễn Văn An", "NGUYỄN VĂN AN", True),
        ("number", "12/KH-SNV", "12/KH-SYT", False),
    ],
)
def test_spelling_is_no_contradiction(field: str, one: str, other: str, same: bool) -> None:
    assert agree(field, one, other) is same
