"""Tokens of documents and queries: tone placement, folding that keeps offsets, numbers and dates in text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.vietnamese.fold import fold
from search import tokens

SYLLABLES = [
    ("Kế hoạch", ["kế", "hoạch"], ["ke", "hoach"], "lower case, marks folded"),
    ("ĐỘC LẬP đi đâu", ["độc", "lập", "đi", "đâu"], ["doc", "lap", "di", "dau"], "đ folds to d"),
    ("hoà thuỷ khoẻ loè", ["hòa", "thủy", "khỏe", "lòe"], ["hoa", "thuy", "khoe", "loe"],
     "old tone placement to new"),
    ("hòa thủy khỏe", ["hòa", "thủy", "khỏe"], ["hoa", "thuy", "khoe"], "new tone placement stays"),
    ("quý quả quỳ", ["quý", "quả", "quỳ"], ["quy", "qua", "quy"], "the u of qu bears no tone"),
    ("hoàn thuyền toán", ["hoàn", "thuyền", "toán"], ["hoan", "thuyen", "toan"],
     "closed syllables are the same in both"),
    ("giá giò", ["giá", "giò"], ["gia", "gio"], "gi is an onset"),
    ("31/KH-STTTT", ["31", "kh", "stttt"], ["31", "kh", "stttt"], "signs part a number"),
    ("kinh tế-xã hội", ["kinh", "tế", "xã", "hội"], ["kinh", "te", "xa", "hoi"], "a hyphen parts words"),
    ("thi_đua", ["thi", "đua"], ["thi", "dua"], "an underscore parts words"),
    ("KH31 2022", ["kh31", "2022"], ["kh31", "2022"], "letters and digits together stay one token"),
    ("“Thi đua”, khen…thưởng!", ["thi", "đua", "khen", "thưởng"], ["thi", "dua", "khen", "thuong"],
     "quotes and dots"),
    ("\u0130stanbul", ["\u0130stanbul"], ["istanbul"], "a letter that is two in lower case stays whole"),
    ("", [], [], "no text"),
    (" \n\t— ", [], [], "signs alone"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "accented", "folded", "reason"), SYLLABLES, ids=[row[3] for row in SYLLABLES])
def test_syllables(text: str, accented: list[str], folded: list[str], reason: str) -> None:
    found = tokens.syllables(text)
    assert (list(found.accented), list(found.folded)) == (accented, folded), reason
    assert (len(found), bool(found)) == (len(accented), bool(accented)), reason


@given(st.text())
@example("Hoà giải, thuỷ lợi; ĐẶNG")
def test_nfd_and_nfc_give_the_same_tokens(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert tokens.syllables(decomposed) == tokens.syllables(unicodedata.normalize("NFC", text))


@given(st.text())
def test_both_forms_stand_at_the_same_positions(text: str) -> None:
    found = tokens.syllables(text)
    assert len(found.accented) == len(found.folded) == len(found)
    assert all(fold(a) == f for a, f in zip(found.accented, found.folded, strict=True))


@given(st.text())
@example("Hoà giải, thuỷ lợi; ĐẶNG quý")
@example("Ế ɐ \u2011 ﬁ İ ẞ Σ ά 漢字 \U0001f600 \ud800 \uf0b7 \x00")
@example("a" * 90 + " " + "ộ" * 90 + "-" + "á" * 65)
def test_a_long_text_has_the_tokens_of_its_parts(text: str) -> None:
    """Long ones go through arrays, short ones letter by letter."""
    long = tokens.syllables("\n".join([text] * (1 + 600 // max(1, len(text)))))
    short = tokens.syllables(text)
    assert len(long) % max(1, len(short)) == 0
    assert long.accented[: len(short)] == short.accented and long.folded[: len(short)] == short.folded


@given(st.text())
@example("Ế ɐ \u2011 ﬁ İ ẞ 漢字 \U0001f600 \ud800")
@example("một trang dài, \x00 kẻ khung ─")
@example("hai nửa liền nhau \ud83d\ude00")
def test_folding_keeps_offsets(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    for whole in (text, "\n".join([text] * (1 + 600 // max(1, len(text))))):
        bare = tokens.folded(whole)
        assert len(bare) == len(whole)
        assert bare == "".join(f if len(f := fold(char)) == 1 else char for char in whole)


@pytest.mark.parametrize(("text", "found"), [
    ("Căn cứ Kế hoạch số 93/KH-UBND ngày 12/4/2022", ("93/KH-UBND",)),
    ("Nghị định 30/2020/NĐ-CP và 34-CT/TW", ("30/2020/NĐ-CP", "34-CT/TW")),
    ("31 /KH-STTTT, 31 /KH-STTTT", ("31 /KH-STTTT",)),
    ("không có số nào cả 12 34", ()),
])  # fmt: skip
def test_number_candidates(text: str, found: tuple[str, ...]) -> None:
    assert tokens.number_candidates(text) == found


@pytest.mark.parametrize(("text", "found"), [
    ("ngày 12/4/2022, 01-12-2021 và 5.6.2020", ("2022-04-12", "2021-12-01", "2020-06-05")),
    ("12/4/2022 rồi 12/04/2022", ("2022-04-12",)),
    ("32/1/2022, 1/13/2022, 0/1/2022", ()),
    ("số 12/4/20225 và 112/4/2022", ()),
])  # fmt: skip
def test_dates(text: str, found: tuple[str, ...]) -> None:
    assert tokens.dates(text) == found


@given(st.text(alphabet="0123456789/-. aKHđ"))
def test_numbers_and_dates_never_raise(text: str) -> None:
    tokens.number_candidates(text)
    tokens.dates(text)


def test_a_token_without_end_is_cut() -> None:
    assert [len(token) for token in tokens.syllables("a" * 500).accented] == [64]
