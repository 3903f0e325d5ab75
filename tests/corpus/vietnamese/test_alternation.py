"""Lists of words as one pattern: it matches what a plain choice of them, longest first, matches."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from corpus.vietnamese.alternation import any_of

_WORDS = st.lists(st.text("ab đ.(|", min_size=1, max_size=4), min_size=1, max_size=8)


@given(_WORDS, st.text("ab đ.(|", max_size=12))
def test_a_tree_of_words_matches_as_a_choice_of_them_does(words: list[str], text: str) -> None:
    choice = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    assert re.findall(any_of(words), text) == re.findall(f"(?:{choice})", text)


def test_the_longest_word_wins_and_a_shorter_one_is_taken_where_the_longer_does_not_fit() -> None:
    pattern = re.compile(any_of(["Kế hoạch", "Kế hoạch phối hợp"]) + r"\s\d")
    assert pattern.match("Kế hoạch phối hợp 5") and pattern.match("Kế hoạch 5")
    assert not pattern.match("Kế hoạch phối 5")


def test_no_words_match_nothing() -> None:
    assert re.search(any_of([]), "Kế hoạch") is None
