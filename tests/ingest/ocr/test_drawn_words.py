"""Words of form fields over a scan: put into its recognised text, alone and through the whole reading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from corpus.config import Settings
from corpus.document import Box, Page, Reading, Word
from ingest.files.page import DrawnWord
from ingest.ocr.drawn_words import with_drawn
from ingest.pipeline import read
from tests.ingest.making import A4, Make, font
from tests.ingest.signing import DAY, LINES, NUMBER

_DPI = 200
_HIGH = 0.012


def _page(*lines: list[tuple[str, float, float]], tops: tuple[float, ...] = ()) -> Page:
    """Lines of words, each with its text and edges across."""
    words: list[Word] = []
    at = 0
    for row, line in enumerate(lines):
        top = tops[row] if tops else 0.1 + 0.03 * row
        for text, left, right in line:
            words.append(Word(at, at + len(text), Box(left, top, right, top + _HIGH), 0.9))
            at += len(text) + 1
        at += 0 if line else 1
    text = "\n".join(" ".join(word for word, _, _ in line) for line in lines)
    return Page(1, "ocr", text, tuple(words))


def _drawn(text: str, left: float, right: float, top: float = 0.1) -> DrawnWord:
    return DrawnWord(text, Box(left, top, right, top + _HIGH), "signed")


BLANK = [("Số:", 0.1, 0.13), ("/QĐ-UBND", 0.2, 0.3)]


class TestPlace:
    @pytest.mark.parametrize(
        ("line", "drawn", "text", "contested", "why"),
        [
            (BLANK, _drawn("354", 0.15, 0.18), "Số: 354 /QĐ-UBND", False, "in the blank"),
            (BLANK, _drawn("354", 0.15, 0.18, 0.106), "Số: 354 /QĐ-UBND", False, "half a line lower"),
            ([("Số:/QĐ-UBND", 0.1, 0.3)], _drawn("354", 0.15, 0.18), "Số: 354 /QĐ-UBND", False,
             "read across the blank"),
            ([("Số:……/QĐ-UBND", 0.1, 0.3)], _drawn("354", 0.15, 0.18), "Số: 354 /QĐ-UBND", False,
             "and its leaders"),
            ([("ngày……tháng", 0.1, 0.3), ("3", 0.31, 0.32)], _drawn("05", 0.15, 0.18), "ngày 05 tháng 3", False,
             "day"),
            ([*BLANK[:1], ("...", 0.15, 0.18), *BLANK[1:]], _drawn("354", 0.15, 0.18), "Số: 354 /QĐ-UBND", False,
             "dots"),
            ([*BLANK[:1], ("8", 0.16, 0.17), *BLANK[1:]], _drawn("354", 0.15, 0.18), "Số: 354 /QĐ-UBND", True,
             "another number"),
            ([*BLANK[:1], ("354", 0.15, 0.18), *BLANK[1:]], _drawn("354", 0.15, 0.18), "Số: 354 /QĐ-UBND", False,
             "the same"),
            ([("ngày", 0.1, 0.15), ("tháng", 0.16, 0.2)], _drawn("05", 0.14, 0.17), "ngày 05 tháng", False,
             "words stay"),
            ([("Số:", 0.1, 0.13)], _drawn("354", 0.14, 0.17), "Số: 354", False, "after the last word"),
            ([("/QĐ-UBND", 0.2, 0.3)], _drawn("354", 0.15, 0.18), "354 /QĐ-UBND", False, "before the first"),
        ],
    )  # fmt: skip
    def test_on_its_line(
        self, line: list[tuple[str, float, float]], drawn: DrawnWord, text: str, contested: bool, why: str
    ) -> None:
        page, (marked,) = with_drawn(_page(line), [drawn])
        assert (page.text, marked.contested) == (text, contested), why
        assert [page.text[word.start : word.end] for word in page.words] == text.split(" "), why

    def test_far_from_all_words_it_is_a_line_of_its_own(self) -> None:
        page, _ = with_drawn(_page(BLANK, [("Điều", 0.1, 0.13)], tops=(0.1, 0.3)), [_drawn("7", 0.12, 0.13, 0.2)])
        assert page.text == "Số: /QĐ-UBND\n7\nĐiều"

    def test_on_the_nearer_of_two_cells_at_one_height(self) -> None:
        cells = _page(BLANK, [("ngày", 0.6, 0.63), ("tháng", 0.7, 0.74)], tops=(0.1, 0.1))
        page, _ = with_drawn(cells, [_drawn("05", 0.65, 0.67), _drawn("354", 0.15, 0.18)])
        assert page.text == "Số: 354 /QĐ-UBND\nngày 05 tháng"

    def test_nothing_drawn_changes_nothing(self) -> None:
        page = _page(BLANK)
        assert with_drawn(page, []) == (page, ())

    def test_a_page_on_which_nothing_was_read(self) -> None:
        page, _ = with_drawn(Page(1, "ocr", ""), [_drawn("354", 0.15, 0.18)])
        assert page.text.strip() == "354"

    @given(
        st.lists(st.lists(st.tuples(st.text("aSố:/.1 ", min_size=1).map(lambda t: "".join(t.split()) or "a"),
                                    st.floats(0, 0.9)), min_size=0, max_size=5), max_size=5),
        st.lists(st.tuples(st.integers(0, 99999), st.floats(0, 0.9), st.floats(0, 0.9)), max_size=4),
    )  # fmt: skip
    def test_every_word_is_where_it_says(self, lines: Any, fields: Any) -> None:
        page = _page(*([(text, left, left + 0.05) for text, left in line] for line in lines))
        drawn = [_drawn(str(value), left, left + 0.03, top) for value, left, top in fields]
        found, marked = with_drawn(page, drawn)
        assert len(marked) == len(drawn)
        at = -1
        for word in found.words:
            assert word.start > at and found.text[word.start : word.end].strip()
            at = word.end
        assert {one.text for one in drawn} <= {found.text[word.start : word.end] for word in found.words}


def _scan() -> Image.Image:
    """The paper of `signing` as a scan, with blanks for number and day."""
    share = _DPI / 72
    page = Image.new("L", (round(A4[0] * share), round(A4[1] * share)), 250)
    pen = ImageDraw.Draw(page)
    for x, y, text in LINES:
        face = font(round(11 * share), "Tinos-Regular.ttf")
        pen.text((x * share, (A4[1] - y) * share), text, font=face, fill=20, anchor="ls")
    return page


def _with_field(
    pdf: pikepdf.Pdf, text: str, rect: tuple[float, float, float, float], *, turn: int = 0, signed: bool = True,
    kind: str = "/Widget",
) -> None:  # fmt: skip
    """A field on page 1 whose appearance writes figures; `turn`: clockwise degrees of the page as displayed."""
    wide, high = rect[2] - rect[0], rect[3] - rect[1]
    if turn in (90, 270):
        wide, high = high, wide
    face = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    shown = pdf.make_stream(f"BT /F1 11 Tf 1 4 Td ({text}) Tj ET".encode())
    shown.Type, shown.Subtype, shown.BBox = Name.XObject, Name.Form, Array([0, 0, wide, high])
    shown.Matrix = Array({0: [1, 0, 0, 1, 0, 0], 90: [0, 1, -1, 0, 0, 0], 180: [-1, 0, 0, -1, 0, 0],
                          270: [0, -1, 1, 0, 0, 0]}[turn])  # fmt: skip
    shown.Resources = Dictionary(Font=Dictionary(F1=face))
    made = Dictionary(
        Type=Name.Annot, Subtype=Name(kind), Rect=Array(list(rect)), F=132, AP=Dictionary(N=shown),
        T=pikepdf.String(f"Signature{text}"),
    )  # fmt: skip
    if kind == "/Widget":
        made.FT = Name.Sig if signed else Name.Tx
    if signed:
        made.V = Dictionary(Type=Name.Sig)
    page = pdf.pages[0]
    page.Annots = Array([*page.get("/Annots", []), pdf.make_indirect(made)])


def _turned(rect: tuple[float, ...], turn: int) -> tuple[float, float, float, float]:
    """A rectangle of the page as displayed (points from its lower left corner) on the page before its turn."""
    wide, high = A4
    x0, y0, x1, y1 = rect
    return {
        0: (x0, y0, x1, y1), 90: (high - y1, x0, high - y0, x1), 180: (wide - x1, high - y1, wide - x0, high - y0),
        270: (y0, wide - x1, y1, wide - x0),
    }[turn]  # fmt: skip


def _reading(make: Make, draw: Callable[[pikepdf.Pdf], Any]) -> Reading:
    path: Path = make.pdf(draw, name="ky.pdf")
    return read(path, "ky.pdf", Settings(_env_file=None))


class TestSignedScan:
    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_the_clerks_number_and_day_over_a_scan(self, make: Make, turn: int) -> None:
        def draw(pdf: pikepdf.Pdf) -> None:
            make.scan(_scan().rotate(turn, expand=True), _DPI, rotate=turn)(pdf)
            _with_field(pdf, "12", _turned(NUMBER, turn), turn=turn)
            _with_field(pdf, "05", _turned(DAY, turn), turn=turn)

        found = _reading(make, draw)
        number, date = found.fields.number, found.fields.date
        assert number is not None and date is not None
        assert (number.value, number.rule, number.confidence, number.review) == (
            "12/KH-SYT",
            "number.signed",
            1.0,
            False,
        )
        assert (date.value, date.rule, date.confidence, date.review) == ("2024-03-05", "date.signed", 1.0, False)
        for field, rect in ((number, NUMBER), (date, DAY)):
            (box,) = field.boxes
            assert rect[0] / A4[0] - 0.01 < box.left < box.right < rect[2] / A4[0] + 0.01
            assert 1 - rect[3] / A4[1] - 0.01 < box.top < box.bottom < 1 - rect[1] / A4[1] + 0.01
        assert not any(one.code in ("number_blank", "number_missing") for one in found.warnings)

    def test_the_page_as_cut_by_its_crop_box(self, make: Make) -> None:
        def draw(pdf: pikepdf.Pdf) -> None:
            page = make.scan(_scan(), _DPI)(pdf)
            page.Contents = pdf.make_stream(b"q 595 0 0 842 100 50 cm /Im0 Do Q")
            page.MediaBox, page.CropBox = Array([0, 0, 795, 942]), Array([100, 50, 695, 892])
            _with_field(pdf, "12", (NUMBER[0] + 100, NUMBER[1] + 50, NUMBER[2] + 100, NUMBER[3] + 50))

        number = _reading(make, draw).fields.number
        assert number is not None and (number.value, number.rule, number.review) == (
            "12/KH-SYT",
            "number.signed",
            False,
        )
        assert abs(number.boxes[0].left - NUMBER[0] / A4[0]) < 0.01

    def test_a_scan_that_is_askew(self, make: Make) -> None:
        tilted = _scan().rotate(1.2, fillcolor=250, resample=Image.Resampling.BICUBIC)

        def draw(pdf: pikepdf.Pdf) -> None:
            make.scan(tilted, _DPI)(pdf)
            _with_field(pdf, "12", NUMBER)

        number = _reading(make, draw).fields.number
        assert number is not None and (number.value, number.rule, number.review) == (
            "12/KH-SYT",
            "number.signed",
            False,
        )

    def test_a_figure_beneath_the_field_is_asked(self, make: Make) -> None:
        def draw(pdf: pikepdf.Pdf) -> None:
            page = _scan()
            share = _DPI / 72
            pen = ImageDraw.Draw(page)
            pen.text(
                (97 * share, (A4[1] - 750) * share), "48", font=font(31, "Tinos-Regular.ttf"), fill=20, anchor="ls"
            )
            make.scan(page, _DPI)(pdf)
            _with_field(pdf, "12", NUMBER)

        number = _reading(make, draw).fields.number
        assert number is not None and (number.value, number.review) == ("12/KH-SYT", True)

    def test_a_field_that_nobody_signed_has_a_rule_of_its_own(self, make: Make) -> None:
        def draw(pdf: pikepdf.Pdf) -> None:
            make.scan(_scan(), _DPI)(pdf)
            _with_field(pdf, "12", NUMBER, signed=False)

        number = _reading(make, draw).fields.number
        assert number is not None and (number.value, number.rule) == ("12/KH-SYT", "number.form_field")
