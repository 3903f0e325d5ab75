"""Codes of files: spellings of one code share a key, the year's list is in its order, a year may go before."""

from __future__ import annotations

import pytest

from corpus.files.codes import FileRef, code_key, code_parts, list_rank, reference

KEYS = [
    ("01.TCCB", "01. tccb", "blanks and case"),
    ("05.TĐKT", "05.TDKT", "marks"),
    ("Số 3/VP", "số3/vp", "what an office writes before it"),
]
PARTS = [
    ("01.TCCB", ("TCCB", 1), "Phụ lục V of the decree"),
    ("12/VP", ("VP", 12), "a slash"),
    ("TCCB-07", ("TCCB", 7), "the number last"),
    ("TCCB", ("TCCB", 0), "no number"),
    ("", ("", 0), "nothing"),
]
REFS = [
    ("2026/01.TCCB", FileRef("01.tccb", 2026), "with its year"),
    ("01.TCCB", FileRef("01.tccb"), "without"),
    ("1812/A", FileRef("1812/a"), "no year of ours"),
    (" 2026 / 01.TCCB ", FileRef("01.tccb", 2026), "blanks"),
]


@pytest.mark.parametrize(("one", "other", "reason"), KEYS)
def test_spellings_share_a_key(one: str, other: str, reason: str) -> None:
    assert code_key(one) == code_key(other), reason


@pytest.mark.parametrize(("code", "parts", "reason"), PARTS)
def test_parts_of_a_code(code: str, parts: tuple[str, int], reason: str) -> None:
    assert code_parts(code) == parts, reason


@pytest.mark.parametrize(("text", "ref", "reason"), REFS)
def test_a_reference_may_name_the_year(text: str, ref: FileRef, reason: str) -> None:
    assert reference(text) == ref, reason


def test_the_list_is_in_the_order_of_its_headings() -> None:
    headings = ["I. Văn thư", "II. Tổ chức", "IV- Tài chính", "IX. Đảng", "X. Khác", "VI không dấu chấm", ""]
    files = [(heading, "01.A") for heading in headings]
    ordered = sorted(files, key=lambda one: list_rank(*one))
    assert [one[0][:3] for one in ordered] == ["I. ", "II.", "IV-", "VI ", "IX.", "X. ", ""]
    assert list_rank("I. Văn thư", "02.A") < list_rank("I. Văn thư", "10.A")
