"""Words typed by Telex and VNI keys, and words that only look like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.database.store import Store
from search.index import indexer
from search.query.typed_keys import has_typed_keys, meant_by
from search.results import finder

MEANT = [
    ("chir", "chỉ", "a tone at the end"),
    ("chaats", "chất", "a doubled vowel"),
    ("quyeets", "quyết", "behind qu"),
    ("ddinhj", "định", "a doubled d"),
    ("hoachj", "hoạch", "two vowels before a coda"),
    ("mowif", "mời", "a hook before another vowel"),
    ("dduwowngf", "đường", "two hooks"),
    ("duongwf", "dường", "a hook behind the syllable"),
    ("nhwng", "nhưng", "a hook for its vowel"),
    ("thuyr", "thủy", "an open syllable"),
    ("hoaf", "hòa", "the same"),
    ("giaays", "giấy", "behind gi"),
    ("muwowif", "mười", "three vowels"),
    ("taif", "tài", "two vowels without a coda"),
    ("ngoaif", "ngoài", "three vowels without a shape"),
    ("cha61t", "chất", "figures within"),
    ("d9i5nh", "định", "a nine"),
    ("quye61t", "quyết", "figures behind qu"),
    ("ca1o", "cáo", "a figure before a vowel"),
    ("d9u7o7ng2", "đường", "two sevens"),
    ("chi3", "chỉ", "a figure at the end"),
]


@pytest.mark.parametrize(("word", "meant", "reason"), MEANT, ids=[row[2] for row in MEANT])
def test_meant(word: str, meant: str, reason: str) -> None:
    assert meant_by(word) == meant, reason


@pytest.mark.parametrize("word", ["chat", "kh31", "stttt", "virus", "file", "internet", "31", "xml", "tets1s"])
def test_no_keys(word: str) -> None:
    assert meant_by(word) is None


@pytest.mark.parametrize(("text", "expected", "reason"), [
    ("chir thij 05", True, "Telex"),
    ("chi3 thi5 05", True, "VNI"),
    ("tổ 3", False, "a word and a figure"),
    ("cv so5", False, "one word with a figure behind"),
    ("te61", True, "one word with two figures"),
    ('"chir thij"', False, "quoted words stay as they are"),
    ("chỉ thị 05", False, "letters"),
])  # fmt: skip
def test_text_with_keys(text: str, expected: bool, reason: str) -> None:
    assert has_typed_keys(text) is expected, reason


def test_a_question_typed_by_keys_is_answered(store: Store, put: Callable[..., int]) -> None:
    told = put("Tăng cường quản lý", number="05/CT-UBND", kind="Chỉ thị", subject="Quản lý chất thải y tế")
    put("Xét nghiệm test nhanh", number="6/KH-X", kind="Kế hoạch", subject="Tiết kiệm, tét bánh")
    indexer.rebuild(store)
    for text in ("chir thij 05", "chi3 thi5 05", "chaats thari y tees", "cha61t tha3i", "Chaats Thari, y tees"):
        found = finder.find(store, text)
        assert [hit.id for hit in found.hits] == [told], text
        assert found.read_as is not None and found.read_as.lower().startswith("ch"), text
    assert finder.find(store, "chir thij 05").read_as == "chỉ thị 05"
    assert [one.label for one in finder.find(store, "chir thij 05").meant] == ["Chỉ thị"]
    for text in ("test nhanh", "xét nghiệm test"):
        found = finder.find(store, text)
        assert found.total == 1 and found.read_as is None, "a word that documents have is no keys"


@given(st.text(alphabet="abcdeghiklmnopqrstuvxywsfrxj0123456789", max_size=9))
def test_no_word_makes_an_error(word: str) -> None:
    meant = meant_by(word)
    assert meant is None or meant != word
