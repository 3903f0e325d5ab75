"""Text of born-digital pages by geometry: words, lines, columns, tables, and what annotations draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Dictionary, Name

from corpus.config import Settings
from corpus.document import Box
from ingest.files.pdf_appearances import Appearance, appearances_of, is_signing_data
from ingest.files.pdf_text_layer import Layer, read_layer
from ingest.pipeline import read
from ingest.text.reading_order import in_reading_order

_WIDE, _HIGH = 595, 842


class Sheet:
    """One page on which text is put at places, and annotations with appearances of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content: list[str] = []
        self.annotations: list[Callable[[pikepdf.Pdf], Any]] = []
        self.letters: list[str] = []

    def put(self, x: float, y: float, text: str, *, size: float = 13, matrix: str = "1 0 0 1") -> None:
        """Text with its baseline at (x, y) points from the lower left corner."""
        self.content.append(f"BT /F1 {size} Tf {matrix} {x} {y} Tm <{self._codes(text)}> Tj ET")

    def draw(self, operators: str) -> None:
        self.content.append(operators)

    def field(
        self, rect: tuple[float, float, float, float], text: str, *, kind: str = "/Sig", flags: int = 132,
        matrix: str = "1 0 0 1 0.5 3.5", frame: bool = False,
    ) -> None:  # fmt: skip
        """A field whose appearance is nested as the State's signing software writes it: N → FRM → n2."""
        lines = text.split("\n")
        body = " ".join(
            f"BT {matrix if at == 0 else f'1 0 0 1 0.5 {3.5 - 12 * at}'} Tm /F1 12 Tf <{self._codes(line)}> Tj ET"
            for at, line in enumerate(lines)
        )

        def annotate(pdf: pikepdf.Pdf) -> Any:
            wide, high = rect[2] - rect[0], rect[3] - rect[1]
            inner = self._form(pdf, body, wide, high, Font=Dictionary(F1=self._font(pdf)))
            middle = self._form(pdf, "q 1 0 0 1 0 0 cm /n2 Do Q", wide, high, XObject=Dictionary(n2=inner))
            outer = self._form(pdf, "q 1 0 0 1 0 0 cm /FRM Do Q", wide, high, XObject=Dictionary(FRM=middle))
            made = Dictionary(
                Type=Name.Annot, Subtype=Name.Widget if kind.startswith("/S") or kind == "/Tx" else Name(kind),
                Rect=list(rect), F=flags, T=pikepdf.String("Signature1"), AP=Dictionary(N=outer),
            )  # fmt: skip
            if kind in ("/Sig", "/Tx"):
                made.FT = Name(kind)
            return pdf.make_indirect(made)

        self.annotations.append(annotate)

    def save(self, **page: Any) -> Path:
        pdf = pikepdf.new()
        sheet = pdf.add_blank_page(page_size=(_WIDE, _HIGH))
        sheet.Resources = Dictionary(Font=Dictionary(F1=self._font(pdf)))
        sheet.Contents = pdf.make_stream("\n".join(self.content).encode())
        sheet.Annots = pikepdf.Array([annotate(pdf) for annotate in self.annotations])
        for key, value in page.items():
            sheet[f"/{key}"] = value
        path = self.folder / "sheet.pdf"
        pdf.save(path)
        return path

    def _codes(self, text: str) -> str:
        for letter in text:
            if letter not in self.letters:
                self.letters.append(letter)
        return bytes(33 + self.letters.index(letter) for letter in text).hex()

    def _form(self, pdf: pikepdf.Pdf, content: str, wide: float, high: float, **resources: Any) -> Any:
        form = pdf.make_stream(content.encode())
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, [0, 0, wide, high]
        form.Resources = Dictionary(**resources)
        return form

    def _font(self, pdf: pikepdf.Pdf) -> Any:
        pairs = "".join(f"<{33 + n:02x}> <{c.encode('utf-16-be').hex()}>\n" for n, c in enumerate(self.letters))
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
            f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(self.letters)} "
            f"beginbfchar\n{pairs}endbfchar endcmap end end"
        )
        widths = [0] * 224
        for at, letter in enumerate(self.letters):
            widths[at + 1] = 250 if letter == " " else 500
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/TestSerif"), Encoding=Name.WinAnsiEncoding,
                FirstChar=32, LastChar=255, Widths=pikepdf.Array(widths), ToUnicode=pdf.make_stream(cmap.encode()),
            )
        )  # fmt: skip


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path)


def layer_of(path: Path) -> Layer:
    drawn = [one for one in appearances_of(path) if not is_signing_data(one)]
    with pdfplumber.open(path) as pdf:
        layer = read_layer(pdf.pages[0], 1, drawn)
    assert layer is not None
    return layer


def lines_of(path: Path) -> list[str]:
    return layer_of(path).page.text.split("\n")


def _head(sheet: Sheet, number: str = "Số:      /QĐ-UBND") -> None:
    sheet.put(100, 780, "ỦY BAN NHÂN DÂN")
    sheet.put(300, 780, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    sheet.put(115, 760, "TỈNH BẮC KẠN")
    sheet.put(350, 760, "Độc lập - Tự do - Hạnh phúc")
    sheet.put(105, 730, "Số:")
    sheet.put(165, 730, "/QĐ-UBND")
    sheet.put(330, 730, "Bắc Kạn, ngày      tháng 02 năm 2025")


class TestLines:
    def test_columns_of_a_head_are_read_one_after_the_other(self, sheet: Sheet) -> None:
        _head(sheet)
        assert lines_of(sheet.save()) == [
            "ỦY BAN NHÂN DÂN", "TỈNH BẮC KẠN", "Số: /QĐ-UBND",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Bắc Kạn, ngày tháng 02 năm 2025",
        ]  # fmt: skip

    def test_drawing_order_does_not_matter(self, sheet: Sheet) -> None:
        _head(sheet)
        sheet.put(80, 690, "Căn cứ Luật Lưu trữ số 33/2024/QH15 ngày 21 tháng 6 năm 2024 của Quốc hội;")
        forwards = lines_of(sheet.save())
        sheet.content.reverse()
        assert lines_of(sheet.save()) == forwards

    @pytest.mark.parametrize(
        ("gap", "words", "why"),
        [
            (0.0, ["VÀTHI"], "letters that touch are one word, whatever was drawn apart"),
            (0.5, ["VÀTHI"], "kerning is no blank"),
            (3.2, ["VÀ", "THI"], "a blank that no letter stands for is seen by its width"),
        ],
    )
    def test_a_blank_is_a_gap(self, sheet: Sheet, gap: float, words: list[str], why: str) -> None:
        sheet.put(100, 700, "VÀ")
        sheet.put(100 + 2 * 6.5 + gap, 700, "THI")
        assert lines_of(sheet.save()) == [" ".join(words)], why

    @pytest.mark.parametrize(
        ("mark", "text", "why"),
        [
            ("1", "112/KH-UBND ¹ ngày", "a raised figure is a footnote's mark"),
            ("(2)", "112/KH-UBND ⁽²⁾ ngày", "with its brackets"),
        ],
    )
    def test_raised_figures_are_no_part_of_a_number(self, sheet: Sheet, mark: str, text: str, why: str) -> None:
        sheet.put(100, 700, "112/KH-UBND")
        sheet.put(100 + 11 * 6.5, 705, mark, size=8)
        sheet.put(100 + 11 * 6.5 + len(mark) * 4 + 3, 700, "ngày")
        assert lines_of(sheet.save()) == [text], why

    def test_what_is_set_aslant_is_told_apart(self, sheet: Sheet) -> None:
        sheet.put(80, 700, "Căn cứ Luật Lưu trữ")
        sheet.put(200, 300, "DỰ THẢO", size=60, matrix="0.7 0.7 -0.7 0.7")
        layer = layer_of(sheet.save())
        assert layer.page.text == "Căn cứ Luật Lưu trữ" and layer.aslant == "DỰ THẢO"

    def test_a_shadow_is_no_second_text(self, sheet: Sheet) -> None:
        sheet.put(100, 700, "SỞ NỘI VỤ")
        sheet.put(100.6, 699.5, "SỞ NỘI VỤ")
        assert lines_of(sheet.save()) == ["SỞ NỘI VỤ"]

    def test_figures_written_over_a_blank_belong_to_its_line(self, sheet: Sheet) -> None:
        _head(sheet)
        sheet.put(140, 724, "47")
        assert "Số: 47 /QĐ-UBND" in lines_of(sheet.save())


class TestTables:
    def _grid(self, sheet: Sheet, xs: list[int], ys: list[int]) -> None:
        for x in xs:
            sheet.draw(f"{x} {ys[-1]} m {x} {ys[0]} l S")
        for y in ys:
            sheet.draw(f"{xs[0]} {y} m {xs[-1]} {y} l S")

    def test_a_ruled_table_is_read_cell_by_cell(self, sheet: Sheet) -> None:
        self._grid(sheet, [80, 280, 500], [700, 660, 620])
        sheet.put(85, 685, "Thông tư số")
        sheet.put(85, 668, "30/2024/TT-BGDĐT")
        sheet.put(285, 685, "Sở Giáo dục")
        sheet.put(285, 668, "và Đào tạo")
        sheet.put(85, 640, "Nghị định")
        sheet.put(285, 640, "Chính phủ")
        assert lines_of(sheet.save()) == [
            "Thông tư số", "30/2024/TT-BGDĐT", "Sở Giáo dục", "và Đào tạo", "Nghị định", "Chính phủ",
        ]  # fmt: skip

    def test_shading_behind_paragraphs_is_no_table(self, sheet: Sheet) -> None:
        for y in (690, 670, 650):
            sheet.draw(f"1 g 80 {y} 200 20 re f 280 {y} 220 20 re f 0 g")
            sheet.put(85, y + 6, "được sửa đổi, bổ sung và Quy trình nội bộ giải quyết thủ tục")
        assert lines_of(sheet.save()) == ["được sửa đổi, bổ sung và Quy trình nội bộ giải quyết thủ tục"] * 3


class TestAppearances:
    def test_the_clerks_number_and_day_stand_in_their_blanks(self, sheet: Sheet) -> None:
        _head(sheet)
        sheet.field((128, 726, 160, 746), "354")
        sheet.field((410, 726, 430, 746), "19", matrix="1 0 0.21256 1 0.5 3.5")
        layer = layer_of(sheet.save())
        assert "Số: 354 /QĐ-UBND" in layer.page.text.split("\n")
        assert "Bắc Kạn, ngày 19 tháng 02 năm 2025" in layer.page.text.split("\n")
        assert len(layer.drawn) == 2, "and their places are known as drawn by fields"

    @pytest.mark.parametrize("rotate", [0, 90, 180, 270])
    def test_the_place_is_that_of_the_page_as_shown(self, sheet: Sheet, rotate: int) -> None:
        _head(sheet)
        sheet.field((128, 726, 160, 746), "354")
        layer = layer_of(sheet.save(Rotate=rotate))
        assert "Số: 354 /QĐ-UBND" in layer.page.text.split("\n")
        assert layer.page.rotation == (360 - rotate) % 360

    @pytest.mark.parametrize(
        ("text", "expected", "why"),
        [
            ("354", False, "a number"),
            ("Ký bởi: Sở Nội vụ\nThời gian ký: 19/02/2025", True, "who signed and when"),
            ("SAO Y; Văn phòng; 20/02/2025", True, "a copy's mark"),
        ],
    )
    def test_frames_of_signing_data_are_told(self, sheet: Sheet, text: str, expected: bool, why: str) -> None:
        sheet.field((100, 600, 300, 640), text)
        (found,) = appearances_of(sheet.save())
        assert is_signing_data(found) is expected, why

    @pytest.mark.parametrize(
        ("rect", "kind", "flags", "kinds", "why"),
        [
            ((100, 600, 100, 600), "/Sig", 132, [], "an invisible signature has no area"),
            ((100, 600, 200, 620), "/Sig", 2, [], "hidden"),
            ((100, 600, 200, 620), "/Sig", 32, [], "not shown on screen"),
            ((100, 600, 200, 620), "/Tx", 4, ["field"], "a form field"),
            ((100, 600, 200, 620), "/FreeText", 4, ["note"], "free text"),
            ((100, 600, 200, 620), "/Link", 4, [], "a link draws nothing"),
        ],
    )
    def test_what_a_viewer_shows_counts(
        self, sheet: Sheet, rect: Any, kind: str, flags: int, kinds: list[str], why: str
    ) -> None:
        sheet.put(100, 700, "Số: 47/KH-SNV")
        sheet.field(rect, "47", kind=kind, flags=flags)
        assert [one.kind for one in appearances_of(sheet.save())] == kinds, why

    @pytest.mark.parametrize("cut", [0, 20, 200, 600])
    def test_a_damaged_file_has_none(self, sheet: Sheet, cut: int) -> None:
        sheet.field((100, 600, 200, 620), "47")
        path = sheet.save()
        path.write_bytes(path.read_bytes()[:cut])
        assert all(isinstance(one, Appearance) for one in appearances_of(path))

    def test_an_appearance_that_draws_itself_ends(self, sheet: Sheet) -> None:
        _head(sheet)
        sheet.field((100, 600, 200, 620), "47")
        path = sheet.save()
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            outer = pdf.pages[0].Annots[0].AP.N
            outer.Resources.XObject.FRM.Resources.XObject.n2 = outer
            pdf.save(path)
        assert appearances_of(path) == ()

    def test_a_number_that_is_drawn_as_outlines_is_unread_and_not_blank(self, sheet: Sheet) -> None:
        _head(sheet)
        sheet.put(80, 600, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;")
        blank = read(sheet.save(), "a.pdf", Settings(_env_file=None))
        assert [one.code for one in blank.warnings] == ["number_blank"]
        sheet.draw("130 731 4 9 re f 138 731 4 9 re f 146 731 4 9 re f")
        shown = read(sheet.save(), "a.pdf", Settings(_env_file=None))
        assert [one.code for one in shown.warnings] == ["number_missing"]

    def test_the_number_among_a_thousand_fields(self, sheet: Sheet) -> None:
        _head(sheet)
        for at in range(1000):
            sheet.field((100, 10 + at % 600, 160, 30 + at % 600), str(at))
        sheet.field((128, 726, 160, 746), "354")
        assert [one.text for one in appearances_of(sheet.save())][-1] == "354"

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda pdf, form, note: setattr(note, "Parent", note), "a field that is its own parent"),
            (lambda pdf, form, note: setattr(note, "Rect", [-(10**9), -(10**9), 10**9, 10**9]),
             "a rectangle beyond all pages"),
            (lambda pdf, form, note: setattr(form, "Matrix", [0, 0, 0, 0, 0, 0]), "a matrix that maps to nothing"),
            (lambda pdf, form, note: setattr(_face(form), "FontDescriptor", _descriptor(pdf)), "a font of 50 MB"),
        ],
    )  # fmt: skip
    def test_hostile_fields_cost_only_themselves(self, sheet: Sheet, change: Any, reason: str) -> None:
        _head(sheet)
        sheet.field((128, 726, 160, 746), "354")
        sheet.field((410, 726, 430, 746), "19")
        path = sheet.save()
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            note = pdf.pages[0].Annots[1]
            change(pdf, note.AP.N, note)
            pdf.save(path)
        number = read(path, path.name, Settings(_env_file=None)).fields.number
        assert number is not None and number.value == "354/QĐ-UBND", reason


def _face(form: Any) -> Any:
    return form.Resources.XObject.FRM.Resources.XObject.n2.Resources.Font.F1


def _descriptor(pdf: pikepdf.Pdf) -> Any:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor, FontName=Name("/TestSerif"), Flags=32, FontBBox=[0, 0, 1000, 1000],
            ItalicAngle=0, Ascent=800, Descent=-200, CapHeight=700, StemV=80,
            FontFile2=pdf.make_stream(bytes(range(256)) * 4096 * 50),
        )
    )  # fmt: skip


@given(st.permutations(range(12)))
def test_reading_order_is_that_of_places_not_of_drawing(order: list[int]) -> None:
    """Two columns of five lines under a title, over a closing line."""
    boxes = [Box(0.2, 0.05, 0.8, 0.08)]
    boxes += [Box(0.1, 0.1 + 0.05 * row, 0.45, 0.13 + 0.05 * row) for row in range(5)]
    boxes += [Box(0.55, 0.11 + 0.05 * row, 0.9, 0.14 + 0.05 * row) for row in range(5)]
    boxes += [Box(0.1, 0.5, 0.9, 0.53)]
    read = in_reading_order([boxes[at] for at in order], [""] * 12)
    assert [order[at] for at in read] == list(range(12))
