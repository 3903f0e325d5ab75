"""Lines of authority and title on drawn blocks: KT. by pen, a deputy's title stamped in red, a seal over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corpus.config import Settings
from corpus.document import Field
from corpus.rectangle import Rect
from ingest.fields.authority import capacity_of
from ingest.fields.signer_name import settled_name
from ingest.imaging.page_view import PageView
from ingest.ocr.words import Line, Recognised, Token
from ingest.second_readings.signature_lines import name_line, title_lines
from ingest.secondreader.reader import SecondReader, second_reader
from tests.ingest.making import font

DPI, SIZE = 200.0, (2339, 1654)
RED = (200, 30, 40)


@pytest.fixture(scope="module")
def reader() -> SecondReader:
    found = second_reader(Settings(_env_file=None))  # type: ignore[call-arg]
    if found is None:
        pytest.skip("the network is not installed here: script/reader")
    return found


def block(*lines: tuple[str, int, tuple[int, int, int]], seal: tuple[int, int] | None = None) -> Recognised:
    """A page with a block at its right: each line's text, how far down (px) and its ink; middle of a seal."""
    page = Image.new("RGB", (SIZE[1], SIZE[0]), (252, 252, 252))
    draw = ImageDraw.Draw(page)
    for text, down, ink in lines:
        draw.text((1150, 1600 + down), text, ink, font=font(38), anchor="mm")
    if seal is not None:
        x, y = 1150 + seal[0], 1600 + seal[1]
        for radius in (140, 130, 85):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED, width=4)
    return Recognised((), PageView.flat(np.asarray(page), DPI))


BLACK = (20, 20, 20)
REGION = Rect(780, 1540, 1600, 2150)


@pytest.mark.parametrize(
    ("page", "authority", "title", "why"),
    [
        (block(("HIỆU TRƯỞNG", 0, BLACK)), None, "HIỆU TRƯỞNG", "a chief"),
        (block(("GIÁM ĐỐC", 0, BLACK), seal=(-150, 160)), None, "GIÁM ĐỐC", "a chief beside the seal"),
        (block(("KT. GIÁM ĐỐC", 0, BLACK), ("PHÓ GIÁM ĐỐC", 40, BLACK)), "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "print"),
        (block(("GIÁM ĐỐC", 0, BLACK), ("PHÓ GIÁM ĐỐC", 36, RED)), "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC",
         "stamped in red"),
        (block(("KT. CHỦ TỊCH", 0, BLACK), ("PHÓ CHỦ TỊCH", 40, BLACK), seal=(-140, 140)),
         "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "a seal's rim over its left"),
    ],
)  # fmt: skip
def test_title_on_a_drawn_block(
    reader: SecondReader, page: Recognised, authority: str | None, title: str, why: str
) -> None:
    found = capacity_of(title_lines(page, REGION, reader))
    assert found is not None, why
    assert (found.authority, found.title) == (authority, title), why


@pytest.mark.parametrize(
    "page", [block(), block(("Nguyễn Văn An", 0, BLACK)), block(seal=(0, 60))], ids=["bare", "a name", "a seal"]
)
def test_no_title_seen(reader: SecondReader, page: Recognised) -> None:
    assert capacity_of(title_lines(page, REGION, reader)) is None


def test_block_at_the_foot_of_a_page(reader: SecondReader) -> None:
    assert title_lines(block(), Rect(780, 2320, 1600, 2339), reader) == ()


def named(printed: str, recognised: str) -> Recognised:
    """A page with a name printed below the block, and the line as recognition read it."""
    page = block((printed, 300, BLACK))
    tokens = tuple(
        Token(1000 + 100 * at, 1882, 1090 + 100 * at, 1918, word, 0.9)
        for at, word in enumerate(recognised.split())
    )
    return replace(page, lines=(Line(tokens, 0),))


@pytest.mark.parametrize(
    ("printed", "recognised", "want", "review", "why"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", "Nguyễn Văn An", False, "both alike"),
        (
            "Nguyễn Hồng Thanh",
            "Nguyễn Hễng Thanh",
            "Nguyễn Hễng Thanh",
            True,
            "a given name misread as a syllable",
        ),
        ("Lê Hoàng Anh", "Lý Hoàng Anh", "Lý Hoàng Anh", True, "another surname"),
    ],
)
def test_name_on_a_drawn_block(
    reader: SecondReader, printed: str, recognised: str, want: str, review: bool, why: str
) -> None:
    page = named(printed, recognised)
    seen = name_line(page.lines, page, REGION, reader)
    assert seen is not None, why
    assert seen.value == recognised
    found = settled_name(Field(recognised, recognised, 0.9), seen)
    assert found is not None
    assert (found.value, found.review) == (want, review), (why, seen.read)
