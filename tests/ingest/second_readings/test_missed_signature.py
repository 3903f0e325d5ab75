"""What a second look at a signature block takes over: lines that read like print, never what was read before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ingest.ocr.column_sheet import ColumnSheet, Placed
from ingest.ocr.columns import ColumnRegion
from ingest.ocr.words import Line, Token
from ingest.second_readings.missed_signature import is_name, with_missed

PATH = np.full(10, 0.5)


def line(text: str, top: float = 700, confidence: float = 0.9, left: float = 600) -> Line:
    words = [
        Token(left + 60 * n, top, left + 50 + 60 * n, top + 20, word, confidence)
        for n, word in enumerate(text.split())
    ]
    return Line(tuple(words), 1)


class Second:
    """An engine that gives these lines of any crop."""

    def __init__(self, *lines: Line) -> None:
        self.lines, self.calls = lines, 0

    def recognise(self, image: np.ndarray, *, dpi: float, psm: int, timeout: float) -> Sequence[Line]:
        self.calls += 1
        return self.lines

    def recognise_each(
        self, images: Sequence[np.ndarray], *, dpi: float, psm: int, timeout: float
    ) -> Sequence[Sequence[Line]]:
        return [self.recognise(image, dpi=dpi, psm=psm, timeout=timeout) for image in images]


def sheet(*, foot: bool = True) -> ColumnSheet:
    image = np.full((1000, 800), 255, np.uint8)
    image[520:980, 500:760:9] = 0
    last = ColumnRegion(0.5, 1.0, PATH, None) if foot else ColumnRegion(0.5, 1.0)
    return ColumnSheet(image, (Placed(ColumnRegion(0.0, 0.5), 0, 0), Placed(last, 500, 500)))


@pytest.mark.parametrize(
    ("text", "confidence", "wanted", "why"),
    [
        ("Trần Văn Hòa", 0.9, True, "three words"),
        ("Lê Anh", 0.9, True, "two words"),
        ("Trần Văn Hòa", 0.2, False, "hardly read"),
        ("GIÁM ĐỐC", 0.9, False, "a title"),
        ("Hòa", 0.9, False, "one word"),
        ("Nơi nhận:", 0.9, False, "no name"),
        ("Sở Y Tế 2024", 0.9, False, "a number"),
    ],
)
def test_what_reads_like_a_name(text: str, confidence: float, wanted: bool, why: str) -> None:
    assert is_name(line(text, confidence=confidence)) is wanted, why


def test_a_name_that_was_missed_comes_in_below_the_title() -> None:
    title, name = line("GIÁM ĐỐC", 550), line("Trần Văn Hòa", 300)
    found = with_missed((line("Kế hoạch", 100), title), sheet(), Second(name), dpi=200, timeout=9)
    assert [each.text for each in found] == ["Kế hoạch", "GIÁM ĐỐC", "Trần Văn Hòa"]


@pytest.mark.parametrize(
    ("second", "confidence", "why"),
    [
        ("lÃ yrế jöi", 0.9, "the seal's own lettering is read as words of no case"),
        ("Trần Văn Hòa", 0.3, "hardly read"),
        ("— | ~ ‹", 0.9, "strokes"),
        ("Hòa", 0.9, "one word may be anything"),
    ],
)
def test_what_is_no_print_stays_out(second: str, confidence: float, why: str) -> None:
    title = line("GIÁM ĐỐC", 550)
    missed = line(second, 300, confidence)
    assert with_missed((title,), sheet(), Second(missed), dpi=200, timeout=9) == (title,), why


def test_nothing_is_read_twice() -> None:
    title = line("GIÁM ĐỐC", 760)
    again = line("GIÁM ĐỐC", 260, left=120)
    found = with_missed((title,), sheet(), Second(again), dpi=200, timeout=9)
    assert [each.text for each in found] == ["GIÁM ĐỐC"]


@pytest.mark.parametrize(
    ("lines", "foot", "why"),
    [
        ((line("GIÁM ĐỐC", 550), line("Trần Văn Hòa", 800)), True, "a name was read"),
        ((line("GIÁM ĐỐC", 550),), False, "the page has no foot"),
    ],
)
def test_a_second_look_is_not_paid_for_without_need(lines: tuple[Line, ...], foot: bool, why: str) -> None:
    engine = Second()
    assert with_missed(lines, sheet(foot=foot), engine, dpi=200, timeout=9) == lines
    assert engine.calls == 0, why
