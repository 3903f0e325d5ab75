"""Folding: letter for letter, the same for short texts and for long ones, which are folded by a table."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.vietnamese.fold import beginnings, fold, fold_composed, words

EVERY = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x10000)]))


def test_a_long_text_is_folded_as_its_letters_are_one_by_one() -> None:
    assert fold_composed(EVERY) == "".join(fold_composed(letter) for letter in EVERY)


@given(st.text())
def test_a_fold_is_as_long_as_its_composed_text(text: str) -> None:
    assert len(fold(text)) == len(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "folded", "why"),
    [
        ("Đường lối", "duong loi", "đ is d"),
        ("THUỶ thủy", "thuy thuy", "either place of the tone"),
        ("Ho\u0300a", "hoa", "marks that stand apart"),
        ("31/KH-STTTT", "31/kh-stttt", "signs stay"),
    ],
)
def test_what_folding_takes_away(text: str, folded: str, why: str) -> None:
    assert fold(text) == folded, why


def test_words_are_parted_by_signs_and_begin_word_by_word() -> None:
    assert words("Thi đua,  khen thưởng") == "thi dua khen thuong"
    begun = {"luat", "luat thi", "luat thi dua", "luat luu", "luat luu tru"}
    assert beginnings(("luat thi dua", "luat luu tru")) == begun
