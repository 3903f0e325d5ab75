"""Values of the office's own fields: what is typed, what is stored, what finds it."""

from __future__ import annotations

import pytest

from corpus.cataloguing import own_values
from corpus.cataloguing.tags import key_of
from corpus.errors import Problem

CHOICES = ("Chờ ký", "Đã ký")
STORED = [
    ("text", "  Hợp  đồng số 5 ", "Hợp đồng số 5", "Hợp đồng số 5", "single blanks"),
    ("text", "", "", "", "an empty one removes the value"),
    ("number", "1.250.000", "1250000", "1.250.000", "points group thousands"),
    ("number", "3,50", "3.5", "3,5", "a comma is the decimal sign"),
    ("number", "-7", "-7", "-7", "below nought"),
    ("number", "007", "7", "7", "no leading noughts"),
    ("date", "5/3/2026", "2026-03-05", "5/3/2026", "day first"),
    ("date", "2026-03-05", "2026-03-05", "5/3/2026", "ISO 8601"),
    ("choice", "cho ky", "Chờ ký", "Chờ ký", "a choice in any spelling is the listed one"),
]
REFUSED = [
    ("number", "năm", "no number"),
    ("number", "1.2.3", "no grouping"),
    ("date", "31/2/2026", "no such day"),
    ("date", "hôm qua", "no day"),
    ("choice", "Khác", "not listed"),
    ("text", "x" * 501, "too long"),
]
FINDS = [
    ("text", "Hợp đồng số 5/2026", "hop dong", True, "some of its words, without accents"),
    ("text", "Hợp đồng số 5/2026", "hop thu", False, "a word that it lacks"),
    ("number", "1250000", "1.250.000", True, "as people write it"),
    ("number", "1250000", "1250", False, "another number"),
    ("date", "2026-03-05", "5/3/2026", True, "the day"),
    ("date", "2026-03-05", "3/2026", True, "its month"),
    ("date", "2026-03-05", "2026", True, "its year"),
    ("date", "2026-03-05", "2025", False, "another year"),
    ("choice", "Chờ ký", "cho-ky", True, "a choice in one word"),
    ("choice", "Chờ ký", "ky", False, "a part of a choice is another one"),
]


@pytest.mark.parametrize(("kind", "typed", "stored", "shown", "why"), STORED, ids=[row[-1] for row in STORED])
def test_stored(kind: str, typed: str, stored: str, shown: str, why: str) -> None:
    assert own_values.canonical("Trường", kind, CHOICES, typed) == stored, why
    assert own_values.shown(kind, stored) == shown
    assert own_values.canonical("Trường", kind, CHOICES, shown) == stored, "what is shown can be sent back"


@pytest.mark.parametrize(("kind", "typed", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(kind: str, typed: str, why: str) -> None:
    with pytest.raises(Problem) as caught:
        own_values.canonical("Trường", kind, CHOICES, typed)
    assert caught.value.code == "bad_value" and caught.value.facts["field"] == "Trường", why


@pytest.mark.parametrize(("kind", "stored", "typed", "found", "why"), FINDS, ids=[row[-1] for row in FINDS])
def test_found(kind: str, stored: str, typed: str, found: bool, why: str) -> None:
    wanted = own_values.wanted("ma", kind, typed)
    assert wanted and (set(wanted) <= set(own_values.tokens("ma", kind, stored))) == found, why


@pytest.mark.parametrize("name", ["Chờ ký", "cho ky", "CHỜ-KÝ", "chờ_ký"])
def test_a_tag_is_one_in_any_spelling(name: str) -> None:
    assert key_of(name) == "choky"
