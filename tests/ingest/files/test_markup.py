"""Markdown's marks out of a text: what goes, what stays, and time that grows no faster than the text."""

from __future__ import annotations

import time

import pytest

from ingest.files.markup import without_markup


@pytest.mark.parametrize(
    ("source", "expected", "why"),
    [
        ("# KẾ HOẠCH ##", "KẾ HOẠCH", "a heading closed by its sign"),
        ("# Số 5#", "Số 5#", "a sign that belongs to the word"),
        ("[Handwritten signature in blue ink]\nA", "\nA", "a transcriber's remark"),
        ("[Stamp: TỐI MẬT]", "[Stamp: TỐI MẬT]", "a secrecy stamp is no mere remark"),
        ("[MẬT [chữ ký] x", "[MẬT  x", "the remark within, not the mark before it"),
        ("[a [b](https://c.vn/d) e", "a [b e", "a link as its words"),
        ("![hình](/a.png)", "hình", "a picture as its words"),
        ("[a](file:x) [b](", "[a](file:x) [b](", "no address that is known"),
        ("a <!-- b\nc --> d <!-- e", "a  d <!-- e", "comments; one without an end stays"),
        ("[" + "x" * 121 + "signed]", "[" + "x" * 121 + "signed]", "a paragraph that tells of a signature"),
    ],
    ids=lambda value: value[:20],
)
def test_what_goes_and_what_stays(source: str, expected: str, why: str) -> None:
    assert without_markup(source) == expected, why


@pytest.mark.parametrize(
    "unit",
    [
        "[ ",
        "![ ",
        "[signature ",
        "<!-- ",
        "](#",
        "[a](#",
        "[x](http://",
        "[signed] ",
        "# a    ",
        "*a ",
        "__a",
        "\\",
    ],
)
def test_four_times_the_text_takes_four_times_as_long(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        best = 1e9
        for _ in range(3):
            begun = time.process_time()
            without_markup(text)
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(160_000) < 9 * max(seconds(40_000), 0.002)


def test_a_long_gap_within_a_heading() -> None:
    text = "# a" + " " * 200_000 + "b"
    begun = time.process_time()
    without_markup(text)
    once = time.process_time() - begun
    begun = time.process_time()
    without_markup("# a" + " " * 800_000 + "b")
    assert time.process_time() - begun < 9 * max(once, 0.002)
