"""Deciding words of a drawn page by the second reader: subject, doubted numbers; what is alike is settled."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corpus.config import Settings
from ingest.imaging.page_view import PageView
from ingest.ocr.page_text import page_of
from ingest.ocr.words import Line, Recognised, Token
from ingest.second_readings.deciding_words import _places, read_again, says
from ingest.secondreader.reader import SecondReader, SeenWord, second_reader
from ingest.text.evidence import DISPUTED
from tests.ingest.making import font


@pytest.fixture(scope="module")
def reader() -> SecondReader:
    found = second_reader(Settings(_env_file=None))  # type: ignore[call-arg]
    if found is None:
        pytest.skip("the network is not installed here: script/reader")
    return found


def page_with(printed: str, recognised: str, sure: float) -> Recognised:
    """A page with one printed line, and how recognition read it: as many words, all as sure."""
    picture = Image.new("L", (1654, 2339), 252)
    draw = ImageDraw.Draw(picture)
    left, tokens = 200.0, []
    for word, read in zip(printed.split(), recognised.split(), strict=True):
        wide = draw.textlength(word, font=font(34))
        draw.text((left, 1200), word, 20, font=font(34), anchor="ls")
        tokens.append(Token(left, 1172, left + wide, 1208, read, sure))
        left += wide + 10
    return Recognised((Line(tuple(tokens), 0),), PageView.flat(np.asarray(picture), 200.0))


@pytest.mark.parametrize(
    ("printed", "recognised", "sure", "want", "why"),
    [
        ("theo Quyết định số 1675/QĐ-UBND ngày 09/8/2017", None, 0.5, 0.97, "alike: settled"),
        ("theo Quyết định số 5681/QĐ-BYT ngày 19/12/2017", "theo Quyết định số 2681/QĐ-BYT ngày 19/12/2017", 0.7,
         DISPUTED, "another number: asked"),
        ("theo Quyết định số 1675/QĐ-UBND ngày 09/8/2017", None, 0.95, 0.95, "sure of it: not looked at"),
    ],
)  # fmt: skip
def test_number_cited_on_a_page(
    reader: SecondReader, printed: str, recognised: str | None, sure: float, want: float, why: str
) -> None:
    found = page_with(printed, recognised or printed, sure)
    page = read_again(found, page_of(found, 2), reader, first=False)
    assert page.words[4].confidence == want, why
    assert page.words[0].confidence == sure, "words that decide nothing stay as they were"


def test_every_word_of_a_span_has_its_place() -> None:
    page = page_of(page_with("theo Quyết định số 1", "theo Quyết định số 1", 0.5), 1)
    assert [list(_places(page, *span)) for span in ((0, 4), (0, 20), (5, 15), (4, 5))] == [
        [0], [0, 1, 2, 3, 4], [1, 2], [],
    ]  # fmt: skip


def test_without_a_second_reader_nothing_changes() -> None:
    found = page_with("theo Quyết định số 1675/QĐ-UBND", "theo Quyết định số 1675/QĐ-UBND", 0.5)
    page = page_of(found, 1)
    assert read_again(found, page, None, first=True) is page


def seen(text: str, sure: float = 0.9) -> list[SeenWord]:
    return [SeenWord(word, sure) for word in text.split()]


@pytest.mark.parametrize(
    ("line", "printed", "want", "why"),
    [
        ("12/2021/QĐ-TTg 1", "12/2021/QĐ-TTg", True, "a stroke at its side"),
        ("17/NQ- CP", "17/NQ-CP", True, "a blank within"),
        ("436/7Tg-CĐS r", "436/TTg-CĐS", True, "letters and figures of one shape"),
        ("59/2012/NĐ-CP,", "39/2012/NĐ-CP", False, "another number"),
        ("05/Cty", "05/CTr", False, "another symbol"),
        ("04/GAVI", "04/GA", False, "it goes on"),
        ("5423/TTg-CĐS", "423/TTg-CĐS", None, "what precedes it may look like a figure"),
        ("ố496%/QĐ-BYT n", "4969/QĐ-BYT", None, "no number at all"),
        ("24/3/2021", "24/3/2021", True, "a day"),
        ("21/3/2021", "24/3/2021", False, "another day"),
        ("", "24/3/2021", None, "nothing seen"),
    ],
)
def test_number_on_a_line(line: str, printed: str, want: bool | None, why: str) -> None:
    assert says(seen(line), printed) is want, why


def test_unsure_reading_denies_nothing() -> None:
    assert says(seen("59/2012/NĐ-CP", 0.3), "39/2012/NĐ-CP") is None
