"""The secrecy gate sees what a person sees: stamps over print, annotations, fields, WordArt and pictures."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

from corpus.config import Settings
from corpus.document import Fields
from corpus.errors import Problem
from ingest import pipeline, secrecy_gate
from ingest.imaging import stamp_shapes
from ingest.imaging.stamp_frames import framed
from ingest.ocr.engines import ONE_LINE, OcrEngine, engine_of
from tests.ingest.files.test_open_pages import paragraph
from tests.ingest.making import Make, W, as_bytes, font
from tests.ingest.stamped_pages import letter, mark, stamped_letter

pytestmark = pytest.mark.ocr
SETTINGS = Settings(_env_file=None)
LONG = "Sở Y tế xây dựng kế hoạch kiểm tra các đơn vị trực thuộc trên địa bàn như sau. " * 8


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    return engine_of(SETTINGS)


def _stamps(image: Image.Image, dpi: int, engine: OcrEngine) -> secrecy_gate.StampReadings:
    def read(crops: Any) -> list[str]:
        read = engine.recognise_each(crops, dpi=300.0, psm=ONE_LINE, timeout=60)
        return [" ".join(line.text for line in lines) for lines in read]

    pixels = np.asarray(image.convert("L") if image.mode == "1" else image)
    return secrecy_gate.stamps_in_image(pixels, float(dpi), read)


@pytest.mark.parametrize(
    ("words", "ink", "place", "dpi", "angle"),
    [
        ("MẬT", "red", "free", 150, 0),
        ("MẬT", "grey", "subject", 200, 0),
        ("MẬT", "black", "subject", 300, 0),
        ("MẬT", "bilevel", "motto", 200, 0),
        ("TỐI MẬT", "bilevel", "subject", 200, 0),
        ("TỐI MẬT", "grey", "subject", 150, 8),
        ("TỐI MẬT", "red", "motto", 200, 0),
        ("TỐI MẬT", "black", "free", 200, -8),
        ("TUYỆT MẬT", "grey", "margin", 200, 0),
        ("TUYỆT MẬT", "bilevel", "free", 300, 8),
        ("TUYỆT MẬT", "black", "subject", 200, -8),
        ("TUYỆT MẬT", "red", "subject", 150, 0),
    ],
)
def test_stamps_free_and_over_print(
    engine: OcrEngine, words: str, ink: Any, place: Any, dpi: int, angle: float
) -> None:
    quality = None if ink in ("bilevel", "black") else 70
    assert _stamps(stamped_letter(words, ink, place, dpi, angle, quality=quality), dpi, engine).mark


@pytest.mark.parametrize(("words", "told"), [("KHẨN", "KHẨN"), ("HỎA TỐC", "HỎA TỐC")])
def test_urgency_over_print_is_no_secrecy_and_is_told(engine: OcrEngine, words: str, told: str) -> None:
    seen = _stamps(stamped_letter(words, "bilevel", "subject", 200), 200, engine)
    assert seen.mark is None and told in seen.words


def test_a_letter_without_a_stamp_and_a_table_give_no_alarm(engine: OcrEngine) -> None:
    page = letter(200)
    assert _stamps(page, 200, engine).mark is None
    pen = ImageDraw.Draw(page)
    for row in range(6):
        for column in range(3):
            left, top = 250 + column * 320, 1500 + row * 64
            pen.rectangle((left, top, left + 320, top + 64), outline=(20, 20, 20), width=3)
            pen.text((left + 20, top + 12), "Mật độ dân số", font=font(36), fill=(20, 20, 20))
    assert _stamps(page, 200, engine).mark is None


def test_frames_are_found_by_their_sides_at_a_hands_angle() -> None:
    for angle in (0, 3, -7, 10):
        page = np.asarray(stamped_letter("TỐI MẬT", "black", "subject", 120, angle).convert("L"))
        (rectangle,) = framed((page < 150).astype(np.uint8), 120 / 25.4)
        (across, down), (wide, high), turned = rectangle
        assert abs(wide * 25.4 / 120 - 30) < 3 and abs(high * 25.4 / 120 - 8) < 2
        assert abs(turned + angle) <= 2 and 55 < across * 25.4 / 120 < 110 and 55 < down * 25.4 / 120 < 80
    assert framed(np.zeros((400, 300), np.uint8), 4.7) == []


@pytest.mark.parametrize(
    ("line", "expected", "why"),
    [
        ("TỐI MAT", "TỐI MẬT", "a mark lost by the engine"),
        ("[TUYET MẬT]", "TUYỆT MẬT", "what is left of a frame"),
        ("06.02.2025 16:43:37", None, "the moment of a digital signature, whose digits look like letters"),
        ("Lê Thị Mật", None, "a name"),
        ("MẬT KHẨU", None, "another word"),
    ],
)
def test_words_recognised_beside_the_text(line: str, expected: str | None, why: str) -> None:
    assert secrecy_gate.mark_in_words([line], recognised=True) == expected, why


# What lies on a page of a born-digital PDF, beside its text.


def _word_picture(words: str, colour: tuple[int, int, int] = (0, 0, 0)) -> Image.Image:
    image = Image.new("RGB", (600, 150), "white")
    ImageDraw.Draw(image).text((300, 75), words, font=font(80), fill=colour, anchor="mm")
    return image


def _picture(pdf: pikepdf.Pdf, image: Image.Image) -> Any:
    return pdf.make_stream(
        zlib.compress(image.tobytes()),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB,
        Filter=Name.FlateDecode,
    )


def _annotated(
    make: Make, subtype: str, image: Image.Image | None, *, flags: int = 4, form: bool = False, **entries: Any
) -> Path:
    """A letter with one annotation that looks like the picture, at the head's left."""

    def draw(pdf: pikepdf.Pdf) -> None:
        page = make.text()(pdf)
        annotation = Dictionary(
            Type=Name.Annot, Subtype=Name("/" + subtype), Rect=[60, 560, 160, 585], F=flags, P=page.obj, **entries
        )
        if image is not None:
            look = pdf.make_stream(
                b"q 100 0 0 25 0 0 cm /Im0 Do Q",
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=[0, 0, 100, 25],
                Resources=Dictionary(XObject=Dictionary(Im0=_picture(pdf, image))),
            )
            annotation.AP = Dictionary(N=look)
        made = pdf.make_indirect(annotation)
        page.obj.Annots = pdf.make_indirect(pikepdf.Array([made]))
        if form:
            pdf.Root.AcroForm = Dictionary(Fields=[made], DA=pikepdf.String("/Helv 12 Tf 0 g"))

    return make.pdf(draw)


def _drawn(make: Make, image: Image.Image) -> Path:
    """The word as a picture in the page's own drawing, as letters set as outlines look."""

    def draw(pdf: pikepdf.Pdf) -> None:
        page = make.text(extra=b"q 100 0 0 25 60 560 cm /Im0 Do Q")(pdf)
        page.obj.Resources.XObject = Dictionary(Im0=_picture(pdf, image))

    return make.pdf(draw)


SHOWN: list[tuple[str, Callable[[Make], Path], str | None]] = [
    ("FreeText", lambda make: _annotated(make, "FreeText", _word_picture("TUYỆT MẬT")), "TUYỆT MẬT"),
    ("Stamp in red", lambda make: _annotated(make, "Stamp", _word_picture("MẬT", (200, 0, 0))), "MẬT"),
    ("field without a form", lambda make: _annotated(make, "Widget", _word_picture("TỐI MẬT")), "TỐI MẬT"),
    (
        "signature field",
        lambda make: _annotated(
            make, "Widget", _word_picture("TỐI MẬT"), form=True, FT=Name.Sig, T=pikepdf.String("s")
        ),
        "TỐI MẬT",
    ),
    (
        "words of an annotation without a look",
        lambda make: _annotated(make, "FreeText", None, Contents=pikepdf.String("TỐI MẬT")),
        "TỐI MẬT",
    ),
    ("picture or outlines", lambda make: _drawn(make, _word_picture("TỐI MẬT")), "TỐI MẬT"),
    ("hidden annotation", lambda make: _annotated(make, "FreeText", _word_picture("MẬT"), flags=2), None),
    ("another word", lambda make: _annotated(make, "Stamp", _word_picture("ĐÃ DUYỆT")), None),
    ("in a sentence", lambda make: _annotated(make, "FreeText", _word_picture("bảo mật thông tin")), None),
]


@pytest.mark.parametrize(("why", "file", "expected"), SHOWN, ids=[row[0] for row in SHOWN])
def test_what_a_pdf_page_shows_beside_its_text(
    make: Make, why: str, file: Callable[[Make], Path], expected: str | None
) -> None:
    assert _mark(file(make)) == expected, why


def test_a_page_without_anything_beside_its_text_has_nothing_to_read(make: Make) -> None:
    (page,) = make.pages(make.pdf(make.text()))
    assert page.patches == () and page.noted == ()


# Word documents.

V = "urn:schemas-microsoft-com:vml"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def _header(inside: str) -> dict[str, str]:
    return {
        "word/header1.xml": f'<w:hdr xmlns:w="{W}" xmlns:v="{V}" '
        f'xmlns:a="{A}"><w:p><w:r>{inside}</w:r></w:p></w:hdr>'
    }


WORDART = '<w:pict><v:shape><v:textpath string="{}"/></v:shape></w:pict>'
DRAWN = "<w:drawing><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></w:drawing>"
BOX = "<w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict>"
NOTES = f'<w:endnotes xmlns:w="{W}"><w:endnote><w:p><w:r><w:t>MẬT</w:t></w:r></w:p></w:endnote></w:endnotes>'
DOCUMENTS: list[tuple[str, dict[str, str], str | None]] = [
    ("WordArt of VML", _header(WORDART.format("TUYỆT MẬT")), "TUYỆT MẬT"),
    ("WordArt of DrawingML", _header(DRAWN.format("TỐI MẬT")), "TỐI MẬT"),
    ("text box in the header", _header(BOX.format("MẬT")), "MẬT"),
    ("end note", {"word/endnotes.xml": NOTES}, "MẬT"),
    ("watermark of a draft", _header(WORDART.format("DỰ THẢO")), None),
]


@pytest.mark.parametrize(("why", "parts", "expected"), DOCUMENTS, ids=[row[0] for row in DOCUMENTS])
def test_what_a_word_document_shows(make: Make, why: str, parts: dict[str, str], expected: str | None) -> None:
    assert _mark(make.docx(paragraph(LONG), parts=parts)) == expected, why


@pytest.mark.parametrize("ink", ["red", "black"])
def test_a_picture_of_a_stamp_in_a_long_document(make: Make, ink: Any) -> None:
    data = as_bytes(mark("TỐI MẬT", 300, ink), "PNG")
    body = f'<w:document xmlns:w="{W}"><w:body>{paragraph(LONG)}</w:body></w:document>'
    members = [
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", body.encode()),
        ("word/media/image1.png", data),
    ]
    assert _mark(make.zip(members, name="a.docx")) == "TỐI MẬT"


def _mark(path: Path) -> str | None:
    """The mark that the gate refuses a file for."""
    try:
        reading = pipeline.read(path, path.name, SETTINGS)
    except Problem as problem:
        assert problem.code == "classified"
        return str(problem.facts["mark"])
    assert isinstance(reading.fields, Fields)
    return None


@pytest.mark.parametrize(
    ("others", "cell", "reason"),
    [
        ([], False, "a frame by itself"),
        ([((100.0, 50.0), (60.0, 20.0), 0.0)], False, "the same frame found twice"),
        ([((170.0, 51.0), (55.0, 20.0), 0.0)], False, "a stamp beside another stamp"),
        ([((170.0, 51.0), (55.0, 20.0), 0.0), ((240.0, 49.0), (40.0, 19.0), 0.0)], True, "a row of a table"),
        ([((100.0, 72.0), (60.0, 30.0), 0.0), ((101.0, 98.0), (58.0, 21.0), 0.0)], True, "a column of a table"),
        ([((400.0, 300.0), (60.0, 20.0), 0.0), ((400.0, 330.0), (60.0, 20.0), 0.0)], False, "a table elsewhere"),
    ],
)
def test_cells_of_a_table_with_broken_rules_are_no_stamps(others: list[Any], cell: bool, reason: str) -> None:
    assert stamp_shapes._is_cell(((100.0, 50.0), (60.0, 20.0), 0.0), others) is cell, reason
