"""Pages of an invented office drawn here, then turned, tilted and stamped: read in the order a person reads
them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corpus.config import Settings
from corpus.vietnamese.fold import fold
from ingest.files.page import RawPage
from ingest.ocr.engines import OcrEngine, engine_of
from ingest.ocr.words import Line, Recognised
from ingest.recognise import recognise
from tests.ingest.making import font, stamp, stamped

pytestmark = pytest.mark.ocr
DPI = 200
SETTINGS = Settings(_env_file=None)
LEFT_HEAD = ("UBND TỈNH HÀ LONG AN", "SỞ Y TẾ", "Số: 12/KH-SYT")
RIGHT_HEAD = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Hà Long An, ngày 05 tháng 3 năm 2024",
)
BODY = (
    "Thực hiện Quyết định số 34/QĐ-UBND ngày 02/01/2024 của Ủy ban nhân dân tỉnh,",
    "Sở Y tế xây dựng kế hoạch kiểm tra các đơn vị trực thuộc trên địa bàn như sau:",
    "nâng cao chất lượng khám bệnh, chữa bệnh cho nhân dân trong toàn tỉnh năm 2024.",
)
LEFT_FOOT = ("Nơi nhận:", "- Như trên;", "- Các phòng thuộc Sở;", "- Lưu: VT, NVY.")
RIGHT_FOOT = ("GIÁM ĐỐC",)
NAME = "Trần Văn Hòa"


def _column(pen: ImageDraw.ImageDraw, lines: tuple[str, ...], middle: float, top: float, size: int = 36) -> None:
    letters = font(size, "Tinos-Regular.ttf")
    for row, line in enumerate(lines):
        pen.text(
            (middle * 8.27 * DPI, top * 11.69 * DPI + row * size * 1.5),
            line,
            font=letters,
            fill="black",
            anchor="ma",
        )


def page(title: str = "KẾ HOẠCH", *, name: str = NAME, colour: str = "black") -> Image.Image:
    """Page 1 of a document: head of two cells, title, body, foot of two cells."""
    paper = Image.new("RGB", (round(8.27 * DPI), round(11.69 * DPI)), "white")
    pen = ImageDraw.Draw(paper)
    _column(pen, LEFT_HEAD, 0.27, 0.07)
    _column(pen, RIGHT_HEAD, 0.7, 0.07)
    _column(pen, (title,), 0.53, 0.18)
    letters = font(36, "Tinos-Regular.ttf")
    for row in range(9):
        pen.text((200, 560 + row * 62), BODY[row % 3], font=letters, fill="black")
    for row, line in enumerate(LEFT_FOOT):
        pen.text((200, 1300 + row * 45), line, font=font(32, "Tinos-Regular.ttf"), fill="black")
    _column(pen, RIGHT_FOOT, 0.7, 0.556)
    pen.text((0.7 * 8.27 * DPI, 1640), name, font=font(36), fill=colour, anchor="ma")
    return paper


def seal(paper: Image.Image, middle: tuple[int, int]) -> Image.Image:
    """A round red seal of 36 mm."""
    sealed = paper.copy()
    pen = ImageDraw.Draw(sealed)
    radius = round(18 * DPI / 25.4)
    for inner in (0, 34):
        r = radius - inner
        pen.ellipse((middle[0] - r, middle[1] - r, middle[0] + r, middle[1] + r), outline=(215, 40, 50), width=5)
    pen.text(middle, "SỞ Y TẾ", font=font(40), fill=(215, 40, 50), anchor="mm")
    return sealed


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    return engine_of(SETTINGS)


def _read(
    paper: Image.Image, engine: OcrEngine, *, first: bool = True, mode: str = "RGB", dpi: float = DPI
) -> Recognised:
    image = np.asarray(
        paper.convert("L").point(lambda v: 255 if v > 150 else 0) if mode == "1" else paper.convert(mode)
    )
    return recognise(RawPage(1, np.ascontiguousarray(image), dpi), engine, SETTINGS, first=first)


def _text(lines: tuple[Line, ...]) -> str:
    return "\n".join(line.text for line in lines)


def _in_order(text: str, wanted: tuple[str, ...]) -> bool:
    """Order is what is asked here; how well letters and marks are read is measured on real scans, by
    script/bench_ocr.py.
    """
    text, at = _bare(text), 0
    for part in wanted:
        at = text.find(_bare(part), at)
        if at < 0:
            return False
    return True


def _bare(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalpha())


WHOLE = (
    LEFT_HEAD[0],
    LEFT_HEAD[2],
    RIGHT_HEAD[0],
    RIGHT_HEAD[2],
    "KẾ HOẠCH",
    BODY[0],
    BODY[2],
    "Nơi nhận",
    "Lưu",
    "GIÁM ĐỐC",
    NAME,
)


@pytest.mark.parametrize("mode", ["RGB", "L", "1"], ids=["colour", "grey", "bilevel"])
def test_head_left_then_right_then_body_then_foot(engine: OcrEngine, mode: str) -> None:
    found = _read(page(), engine, mode=mode)
    assert _in_order(_text(found.lines), WHOLE), _text(found.lines)
    assert found.confidence > 0.8 and found.cautions == ()


def test_cells_of_the_head_are_named(engine: OcrEngine) -> None:
    found = _read(page(), engine)
    cells = {
        cell: _text(tuple(line for line in found.lines if line.cell == cell))
        for cell in ("head_left", "head_right", "page")
    }
    assert cells["head_left"].startswith(LEFT_HEAD[0]) and cells["head_left"].endswith(LEFT_HEAD[2])
    assert cells["head_right"] == "\n".join(RIGHT_HEAD)
    assert cells["page"].startswith("KẾ HOẠCH")


def test_a_later_page_has_no_head(engine: OcrEngine) -> None:
    assert {line.cell for line in _read(page(), engine, first=False).lines} == {"page"}


def test_blocks_grow_and_no_line_is_of_two_columns(engine: OcrEngine) -> None:
    found = _read(page(), engine)
    blocks = [line.block for line in found.lines]
    assert blocks == sorted(blocks)
    for line in found.lines:
        assert not ("nhận" in line.text and "GIÁM" in line.text), line.text


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_that_lies_wrong_is_turned(engine: OcrEngine, rotation: int) -> None:
    lying = page().rotate(rotation, expand=True)
    found = _read(lying, engine)
    assert found.rotation == rotation
    assert found.page.size == page().size[::-1]
    assert _in_order(_text(found.lines), WHOLE)


@pytest.mark.parametrize("angle", [-2.5, -0.7, 1.8])
def test_a_tilted_page_is_straightened(engine: OcrEngine, angle: float) -> None:
    tilted = page().rotate(angle, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert _in_order(_text(_read(tilted, engine).lines), WHOLE)


def test_boxes_lie_on_ink_of_the_image_that_is_given_back(engine: OcrEngine) -> None:
    tilted = page().rotate(1.8, fillcolor="white", resample=Image.Resampling.BICUBIC)
    found = _read(tilted, engine)
    for word in (word for line in found.lines for word in line.words):
        crop = found.page.cut(int(word.left), int(word.top), int(word.right) + 1, int(word.bottom) + 1)
        assert crop.size and crop.min() < 110, word


@pytest.mark.parametrize(("dpi", "why"), [(300, "finer than it is read at"), (120, "coarser")])
def test_any_resolution_gives_boxes_in_its_own_pixels(engine: OcrEngine, dpi: int, why: str) -> None:
    paper = page()
    scaled = paper.resize(
        (round(paper.width * dpi / DPI), round(paper.height * dpi / DPI)), Image.Resampling.LANCZOS
    )
    found = _read(scaled, engine, dpi=dpi)
    title = next(line for line in found.lines if line.text == "KẾ HOẠCH")
    assert title.left / scaled.width == pytest.approx(0.53 - 0.055, abs=0.02), why


def test_a_seal_does_not_hide_what_it_lies_over(engine: OcrEngine) -> None:
    found = _read(seal(page(), (1000, 1480)), engine)
    text = _text(found.lines)
    assert _in_order(text, WHOLE), text
    assert "SỞ Y TẾ" not in text.split("KẾ HOẠCH")[1]


def test_the_image_keeps_its_coloured_ink(engine: OcrEngine) -> None:
    found = _read(seal(page(), (1000, 1480)), engine)
    ink = found.page.whole()
    red = (ink[..., 0].astype(int) - ink[..., 1]) > 80
    assert red.sum() > 1000


def test_a_name_stamped_in_red_is_read(engine: OcrEngine) -> None:
    assert NAME in _text(_read(page(colour="#d01020"), engine).lines)


def test_a_boxed_stamp_is_no_bar_to_the_line_beside_it(engine: OcrEngine) -> None:
    marked = stamped(page(), stamp("HỎA TỐC", DPI), (0.1, 0.19), 3)
    text = _text(_read(marked, engine).lines)
    assert _in_order(text, (LEFT_HEAD[0], RIGHT_HEAD[2], "KẾ HOẠCH", BODY[0]))


def test_kinh_gui_is_not_of_the_issuers_cell(engine: OcrEngine) -> None:
    paper = page("")
    pen = ImageDraw.Draw(paper)
    pen.text((380, 400), "Kính gửi:", font=font(36, "Tinos-Regular.ttf"), fill="black")
    pen.text((600, 460), "- Giám đốc các bệnh viện trong tỉnh;", font=font(36, "Tinos-Regular.ttf"), fill="black")
    found = _read(paper, engine)
    addressed = next(line for line in found.lines if line.text.startswith("Kính gửi"))
    assert addressed.cell == "page"
    assert _in_order(_text(found.lines), (RIGHT_HEAD[2], "Kính gửi", "Giám đốc các bệnh viện", BODY[0]))


def test_bare_paper_is_blank(engine: OcrEngine) -> None:
    found = _read(Image.new("L", (1654, 2338), "white"), engine, mode="L")
    assert found.lines == () and [warning.code for warning in found.cautions] == ["page_blank"]


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (None, "the file gave none"),
        (np.zeros((0, 10), np.uint8), "no rows"),
        (np.full((1, 1), 255, np.uint8), "a pixel"),
        (np.full((2, 3000), 0, np.uint8), "a rule"),
        (np.random.default_rng(1).integers(0, 255, (300, 300), np.uint8), "noise"),
        (np.random.default_rng(2).integers(0, 255, (300, 300, 3), np.uint8), "coloured noise"),
    ],
)
def test_a_page_that_fails_says_so_and_raises_nothing(
    engine: OcrEngine, image: np.ndarray | None, why: str
) -> None:
    found = recognise(RawPage(3, image, DPI), engine, SETTINGS, first=True)
    assert all(warning.page == 3 for warning in found.cautions)
    assert found.cautions or found.lines, why


def test_time_that_runs_out_makes_a_page_unreadable(engine: OcrEngine) -> None:
    class Late:
        def recognise(self, image: np.ndarray, *, dpi: float, psm: int, timeout: float) -> tuple[Line, ...]:
            return engine.recognise(image, dpi=dpi, psm=psm, timeout=0.01)

        def recognise_each(
            self, images: Sequence[np.ndarray], *, dpi: float, psm: int, timeout: float
        ) -> tuple[tuple[Line, ...], ...]:
            return engine.recognise_each(images, dpi=dpi, psm=psm, timeout=0.01)

    raw = RawPage(1, np.asarray(page()), DPI)
    found = recognise(raw, Late(), SETTINGS, first=True)
    assert found.lines == () and [warning.code for warning in found.cautions] == ["page_unreadable"]


def test_a_line_knows_its_box(engine: OcrEngine) -> None:
    line = _read(page(), engine).lines[0]
    assert (line.left, line.right) == (line.words[0].left, line.words[-1].right)
    assert line.top <= min(word.top for word in line.words) and line.bottom >= max(
        word.bottom for word in line.words
    )
    assert dataclasses.replace(line, words=line.words[:1]).text == line.words[0].text
