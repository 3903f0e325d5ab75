"""Notes at the foot of a page: which lines are notes, and what sentences and citations do about them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw

from corpus.config import Settings
from corpus.document import Box, Page, Word
from ingest.citations.find import find_citations
from ingest.pipeline import read
from ingest.text.document_text import Text
from ingest.text.notes import notes_of, only, without
from tests.ingest.making import Make, font

_BODY = [f"Các phòng, đơn vị thuộc Sở tổ chức thực hiện kế hoạch này, dòng {at}," for at in range(6)]
_NOTE = "1 Quyết định số 88/QĐ-UBND ngày 02/02/2024 của Ủy ban nhân dân tỉnh."

_Lines = list[tuple[str, float]]
"""Lines of a page from its foot up to its top, given from top to bottom: text and size in points."""


def _page(number: int, lines: _Lines, *, origin: str = "text", column: float = 0.0) -> Page:
    """A page whose last line stands at its foot; column: share of the width added between the first two words."""
    words: list[Word] = []
    at, down = 0, 0.95 - 0.02 * len(lines)
    for text, size in lines:
        left = 0.12
        for position, word in enumerate(text.split()):
            left += column if position == 1 else 0.0
            wide = 0.008 * len(word)
            words.append(Word(at, at + len(word), Box(left, down, left + wide, down + size / 842)))
            at, left = at + len(word) + 1, left + wide + 0.005
        down += 0.02
    return Page(number, origin, "\n".join(" ".join(text.split()) for text, _ in lines), tuple(words))  # type: ignore[arg-type]


def _body(*last: str) -> _Lines:
    return [(line, 13.0) for line in (*_BODY, *last)]


@pytest.mark.parametrize(
    ("lines", "noted", "reason"),
    [
        ([*_body(), (_NOTE, 10.0)], _NOTE, "smaller letters behind a bare figure"),
        ([*_body(), (f"¹{_NOTE[1:]}", 10.0)], f"¹{_NOTE[1:]}", "a raised mark"),
        ([*_body(), (f"[1]{_NOTE[1:]}", 11.0)], f"[1]{_NOTE[1:]}", "a mark in brackets"),
        ([*_body(), (_NOTE, 10.0), ("2 Xem phụ lục.", 10.0), ("12", 13.0)], f"{_NOTE}\n2 Xem phụ lục.",
         "page number below"),
        ([*_body(), (_NOTE, 13.0)], None, "a numbered line of the body is no note"),
        ([*_body(), ("- UBND tỉnh (b/c);", 11.0), ("- Lưu: VT.", 11.0)], None,
         "recipients are as small and have no mark"),
        ([*_body(), ("2024", 10.0)], None, "a figure alone is a page's number"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_notes_are_small_lines_at_the_foot_behind_a_mark(lines: _Lines, noted: str | None, reason: str) -> None:
    text = Text.of_pages((_page(1, lines),))
    found = [text.value[start:end] for start, end in notes_of(text)]
    assert found == ([noted] if noted else []), reason


def test_a_table_has_none() -> None:
    lines = [*_body(), (_NOTE, 10.0)]
    assert notes_of(Text.of_pages((_page(1, lines, column=0.05),))) == (), (
        "the figure stands in a column of its own"
    )


@pytest.mark.parametrize(
    ("lines", "noted", "reason"),
    [
        ([*_body(), (_NOTE, 10.0)], _NOTE, "smaller letters behind a figure"),
        ([*_body(), (f"'{_NOTE[1:]}", 10.0)], f"'{_NOTE[1:]}", "a raised figure read as a sign"),
        ([*_body(), (_NOTE, 10.0), ("trên địa bàn.", 13.0)], f"{_NOTE}\ntrên địa bàn.",
         "its last line is too short to judge"),
        ([*_body(), (_NOTE, 12.0)], None, "nearly as large as the text"),
        ([*_body(), (f"1. {_NOTE[2:]}", 10.0)], None, "an item of the text whose letters were seen too small"),
        ([*_body(), ("\" Thành viên", 10.0), ("\" Thành viên", 10.0), ("\" Thành viên", 10.0)], None,
         "ditto marks of a list"),
        ([*_body(), ("- Lưu: VT, các phòng thuộc Sở và các đơn vị.", 10.0)], None, "a recipient"),
    ],
)  # fmt: skip
def test_notes_of_a_recognised_page_are_clearly_smaller(lines: _Lines, noted: str | None, reason: str) -> None:
    text = Text.of_pages((_page(1, lines, origin="ocr"),))
    assert [text.value[start:end] for start, end in notes_of(text)] == ([noted] if noted else []), reason


def test_notes_of_a_scan_are_searched_and_stay_out_of_a_sentence_over_two_pages(make: Make) -> None:
    def sheet(body: Sequence[str], notes: Sequence[str]) -> Image.Image:
        page = Image.new("L", (1654, 2339), 250)
        pen = ImageDraw.Draw(page)
        for row, line in enumerate(body):
            pen.text((250, 1300 + 45 * row), line, font=font(36, "Tinos-Regular.ttf"), fill=20)
        pen.line((250, 2040, 650, 2040), fill=20, width=2)
        for row, line in enumerate(notes):
            pen.text((250, 2052), "1", font=font(17, "Tinos-Regular.ttf"), fill=20)
            pen.text((264, 2055 + 34 * row), line, font=font(27, "Tinos-Regular.ttf"), fill=20)
        return page

    body = [line.replace("dòng", "mục") for line in _BODY] * 2
    first = sheet(
        [*body, "Sở Nội vụ xây dựng kế hoạch thực hiện Kế hoạch số"],
        ["Ban hành kèm theo Quyết định số 88/QĐ-UBND ngày 02/02/2024 của Ủy ban nhân dân tỉnh",
         "về công tác văn thư, lưu trữ."],
    )  # fmt: skip
    second = sheet(["112/KH-UBND ngày 15/3/2024 của Ủy ban nhân dân tỉnh như sau:", *body], [])
    path = make.pdf(make.scan(first), make.scan(second), name="chu-thich.pdf")
    found = read(path, path.name, Settings(_env_file=None))
    assert {(one.number, one.date) for one in found.citations} == {
        ("112/KH-UBND", "2024-03-15"), ("88/QĐ-UBND", "2024-02-02"),
    }  # fmt: skip


def test_a_note_that_goes_on_over_the_page_is_whole() -> None:
    long = "và các văn bản khác của Ủy ban nhân dân tỉnh về công tác văn thư, lưu trữ trên địa bàn toàn tỉnh."
    pages = (
        _page(1, [*_body(), ("1 Theo các quyết định về công tác văn thư", 10.0)]),
        _page(2, [*_body(), (long, 10.0), ("2 Xem phụ lục.", 10.0)]),
    )
    text = Text.of_pages(pages)
    assert [text.value[start:end].split()[0] for start, end in notes_of(text)] == ["1", "và"]


def test_offsets_stay() -> None:
    spans = ((2, 5), (8, 11))
    assert without("abcde\nfghij\nk", spans) == "ab   \nfg   \nk"
    assert only("abcde\nfghij\nk", spans) == "  cde\n  hij\n "


def _cited(*pages: Page) -> list[tuple[str | None, str | None]]:
    found, _ = find_citations(
        Text.of_pages(pages), issuer="Sở Nội vụ tỉnh Trường Khê", place=None, doc_type=None, number=None, date=None
    )
    return [(citation.number, citation.date) for citation in found]


@pytest.mark.parametrize(
    ("last", "first", "wanted", "reason"),
    [
        ("3. Thực hiện Kế hoạch số 112/KH-UBND", "ngày 15/3/2024 của Ủy ban nhân dân tỉnh.", ("112/KH-UBND",
         "2024-03-15"), "the day stands on the next page"),
        ("3. Thực hiện Kế hoạch số", "112/KH-UBND ngày 15/3/2024 của Ủy ban nhân dân tỉnh.", ("112/KH-UBND",
         "2024-03-15"), "the number does: the note's mark is none"),
    ],
    ids=["day", "number"],
)  # fmt: skip
def test_a_sentence_runs_on_over_notes_and_page_number(
    last: str, first: str, wanted: tuple[str, str], reason: str
) -> None:
    pages = _page(1, [*_body(last), (_NOTE, 10.0)]), _page(2, [("2", 13.0), (first, 13.0), *_body()])
    assert _cited(*pages) == [wanted, ("88/QĐ-UBND", "2024-02-02")], reason


def test_a_note_under_the_signature_is_searched() -> None:
    closing: _Lines = [("Nơi nhận:", 12.0), ("- Như trên;", 11.0), ("- Lưu: VT.", 11.0), ("Lê Thử Nghiệm", 13.0)]
    assert _cited(_page(1, [*_body(), *closing, (_NOTE, 10.0)])) == [("88/QĐ-UBND", "2024-02-02")]


def test_notes_without_places_open_with_a_raised_figure() -> None:
    body = "Thực hiện kế hoạch của tỉnh về văn thư.\nNơi nhận:\n- Lưu: VT.\n"
    page = Page(1, "text", f"{body}¹ Kế hoạch số 130/KH-UBND ngày 15/3/2024 của Ủy ban nhân dân tỉnh.")
    assert _cited(page) == [("130/KH-UBND", "2024-03-15")]
