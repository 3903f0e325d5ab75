"""A scan made searchable: what was read is found in the PDF where it is seen, however the page was turned or
tilted.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from corpus.config import Settings
from corpus.document import Box, Page, Word
from corpus.errors import Problem
from ingest.files.open_pages import open_pages
from ingest.ocr.engines import engine_of
from ingest.ocr.page_text import page_of
from ingest.recognise import recognise
from ingest.views.searchable_pdf import searchable_pdf
from tests.ingest.making import LETTER, printed

SETTINGS = Settings(_env_file=None)


def scan(folder: Path, *, turned: int = 0, rotate: int = 0, tilt: float = 0.0) -> Path:
    """A PDF of one picture: `turned` clockwise on the paper, `rotate` said by the PDF, tilted by some degrees."""
    paper = printed(LETTER, 200).convert("L").rotate(tilt, fillcolor=255).rotate(-turned, expand=True)
    data = io.BytesIO()
    paper.save(data, "PDF", resolution=200)
    path = folder / "scan.pdf"
    with pikepdf.open(io.BytesIO(data.getvalue())) as pdf:
        pdf.pages[0].Rotate = rotate
        pdf.save(path)
    return path


def read(path: Path, media_type: str = "application/pdf") -> Page:
    raw = next(open_pages(path, path.name, media_type, SETTINGS).pages)
    return page_of(recognise(raw, engine_of(SETTINGS), SETTINGS, first=False), 1)


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("turned", "rotate", "tilt"),
    [(0, 0, 0.0), (0, 0, 1.5), (0, 90, 0.0), (90, 0, 0.0), (180, 180, 0.0), (270, 270, -1.0)],
)
def test_words_are_found_where_their_ink_is(tmp_path: Path, turned: int, rotate: int, tilt: float) -> None:
    path = scan(tmp_path, turned=turned, rotate=rotate, tilt=tilt)
    page = read(path)
    data = searchable_pdf(path, path.name, "application/pdf", SETTINGS, (page,))
    with pypdfium2.PdfDocument(data) as pdf:
        text = pdf[0].get_textpage()
        said = text.get_text_bounded()
        assert {"bệnh,", "Quyết", "định", "34/QĐ-UBND"} <= set(said.split())
        picture = np.asarray(pdf[0].render(scale=1, may_draw_forms=False).to_pil().convert("L"))
        found = text.search("Quyết", match_case=True).get_next()
        assert found is not None
        left, bottom, right, top = text.get_charbox(found[0])
        at = pdf[0].get_size()
        x, y = _seen((left + right) / 2, (bottom + top) / 2, at, rotate)
        around = picture[max(0, int(y) - 9) : int(y) + 9, max(0, int(x) - 9) : int(x) + 9]
        assert around.min() < 150, "no ink where the word is said to be"


def _seen(x: float, y: float, size: tuple[float, float], rotate: int) -> tuple[float, float]:
    """From the PDF's own points to px of the page as it is shown."""
    wide, high = size
    return {0: (x, high - y), 90: (y, x), 180: (wide - x, y), 270: (wide - y, high - x)}[rotate]


@pytest.mark.ocr
def test_an_image_becomes_a_pdf_of_its_size(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    printed(LETTER, 200).convert("RGB").save(path, dpi=(200, 200))
    data = searchable_pdf(path, path.name, "image/png", SETTINGS, (read(path, "image/png"),))
    with pypdfium2.PdfDocument(data) as pdf, Image.open(path) as image:
        assert pdf[0].get_size() == pytest.approx((image.width * 0.36, image.height * 0.36), abs=0.5)
        assert "Sở Y tế xây dựng kế hoạch" in " ".join(pdf[0].get_textpage().get_text_bounded().split())
        assert np.asarray(pdf[0].render(scale=1).to_pil().convert("L")).min() < 100, "the scan itself is seen"


@pytest.mark.ocr
@pytest.mark.parametrize("form", ["photo.jpg", "photo.pdf"])
def test_a_photographed_page_becomes_the_page_alone(tmp_path: Path, form: str) -> None:
    """Words were read on the sheet that was cut out of the picture, so that sheet is what they lie on."""
    table = Image.new("RGB", (2200, 2900), (60, 45, 40))
    table.paste(printed(LETTER, 200).convert("RGB"), (250, 300))
    path = tmp_path / form
    table.save(path, resolution=200, dpi=(200, 200))
    media_type = "application/pdf" if form.endswith("pdf") else "image/jpeg"
    data = searchable_pdf(path, path.name, media_type, SETTINGS, (read(path, media_type),))
    with pypdfium2.PdfDocument(data) as pdf:
        assert len(pdf) == 1
        text, picture = pdf[0].get_textpage(), np.asarray(pdf[0].render(scale=1).to_pil().convert("L"))
        assert picture.mean() > 200, "the table is gone"
        found = text.search("Quyết", match_case=True).get_next()
        assert found is not None
        left, bottom, right, top = text.get_charbox(found[0])
        y, x = int(pdf[0].get_size()[1] - (bottom + top) / 2), int((left + right) / 2)
        assert picture[y - 9 : y + 9, x - 9 : x + 9].min() < 150


def test_the_layer_is_never_seen(tmp_path: Path) -> None:
    path = tmp_path / "white.png"
    Image.new("L", (1654, 2339), 255).save(path, dpi=(200, 200))
    words = (Word(0, 4, Box(0.1, 0.1, 0.4, 0.15), 0.9),)
    data = searchable_pdf(path, path.name, "image/png", SETTINGS, (Page(1, "ocr", "Biển", words),))
    with pypdfium2.PdfDocument(data) as pdf:
        assert pdf[0].get_textpage().get_text_bounded().strip() == "Biển"
        assert np.asarray(pdf[0].render(scale=1).to_pil().convert("L")).min() == 255


@pytest.mark.parametrize("media_type", ["text/plain", "application/zip"])
def test_what_has_no_pages_has_no_such_pdf(tmp_path: Path, media_type: str) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(Problem) as raised:
        searchable_pdf(tmp_path / "a", "a", media_type, SETTINGS, ())
    assert raised.value.code == "not_found"
