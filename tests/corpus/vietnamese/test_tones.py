"""The place of the tone: of old on the last vowel of an open syllable, today on the first."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.vietnamese.lookalikes import plain_d
from corpus.vietnamese.tones import new_place, places


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("hoà", "hòa", "an open syllable"),
        ("UỶ BAN", "ỦY BAN", "capitals"),
        ("Uỷ ban", "Ủy ban", "one capital"),
        ("khoẻ", "khỏe", "oe"),
        ("hoàn", "hoàn", "a closed syllable has one place only"),
        ("quý", "quý", "behind q the u is no vowel"),
        ("hòa", "hòa", "as it is"),
    ],
)
def test_the_tone_of_an_open_syllable_moves(old: str, new: str, reason: str) -> None:
    assert new_place(old) == new, reason


@given(st.text("hoaòàáuyỷýqn HOÀUỶ", max_size=20))
def test_moving_keeps_length_and_is_done_once(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    moved = new_place(text)
    assert len(moved) == len(text) and new_place(moved) == moved


def test_every_pair_differs_in_the_place_alone() -> None:
    assert len(places()) == len(set(places())) == 15
    for old, new in places():
        apart = [unicodedata.normalize("NFD", form) for form in (old, new)]
        assert sorted(apart[0]) == sorted(apart[1]) and old != new


def test_letters_that_look_like_d_with_a_stroke_are_it() -> None:
    assert plain_d("QÐ, QĐÐ, QÐĐ, Ɖảng, ðã, QLĐĐ") == "QĐ, QĐ, QĐ, Đảng, đã, QLĐĐ"
