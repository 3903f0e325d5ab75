"""Evidence boxes on the picture that the desk serves: on the ink of their words, however the page was scanned."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from corpus import records
from corpus.database.models import Document, PageText
from corpus.database.store import Store
from corpus.document import Box
from corpus.json_shapes import unpack_words
from corpus.originals import content_store
from ingest.pipeline import read_safely
from tests.ingest.making import LETTER, Make, font
from tests.ingest.signing import Authority, Desk

DPI = 200
_BOX_SHARE = 0.9
"""Share of a word's ink that its box covers."""
_CLIPPED = 0.05
"""Share of words whose boxes an engine, or a font that lies about its widths, cuts short."""

Paper = Callable[[Path], Path]


def _paper() -> Image.Image:
    """The letter on A4, its words and lines far enough apart that ink belongs to one word only."""
    page = Image.new("L", (round(8.27 * DPI), round(11.69 * DPI)), 255)
    pen, letters = ImageDraw.Draw(page), font(DPI // 7, "Tinos-Regular.ttf")
    across, down = DPI * 0.9, DPI * 1.0
    for line in LETTER.split("\n"):
        for word in line.split():
            if across + pen.textlength(word, letters) > page.width - DPI * 0.9:
                across, down = DPI * 0.9, down + DPI * 0.35
            pen.text((across, down), word, font=letters, fill=0)
            across += pen.textlength(word, letters) + DPI * 0.11
        across, down = DPI * 0.9, down + DPI * 0.35
    return page


def _scan(*, tilt: float = 0.0, turned: int = 0, rotate: int = 0, form: str = "png") -> Paper:
    """A scan tilted clockwise by `tilt` degrees, lying on its side, its PDF saying /Rotate."""

    def made(folder: Path) -> Path:
        page = _paper().rotate(-tilt, Image.Resampling.BICUBIC, fillcolor=255).rotate(-turned, expand=True)
        return _saved(page, folder / f"scan.{form}", rotate)

    return made


def _photo(*, tilt: float = 0.0, form: str = "jpg") -> Paper:
    """The page on a dark table, seen at a slant."""

    def made(folder: Path) -> Path:
        page = np.asarray(_paper().rotate(-tilt, Image.Resampling.BICUBIC, fillcolor=255))
        high, wide = page.shape
        start = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
        end = np.array([[260, 180], [1830, 240], [1900, 2590], [170, 2480]], np.float32)
        matrix = cv2.getPerspectiveTransform(start, end)
        seen = cv2.warpPerspective(page, matrix, (2100, 2800), flags=cv2.INTER_AREA, borderValue=(55,))
        return _saved(Image.fromarray(np.asarray(seen, np.uint8)), folder / f"photo.{form}", 0)

    return made


def _born_digital(rotate: int) -> Paper:
    """A page with its own text, which the file says is to be shown turned."""

    def made(folder: Path) -> Path:
        make, text = Make(folder), "\n\n".join(line.replace(" ", "   ") for line in LETTER.split("\n"))
        return make.pdf(make.text(text, rotate=rotate))

    return made


def _saved(page: Image.Image, path: Path, rotate: int) -> Path:
    page.save(path, resolution=DPI, dpi=(DPI, DPI), quality=92)
    if path.suffix == ".pdf":
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            pdf.pages[0].Rotate = rotate
            pdf.save(path)
    return path


PAPERS = [
    (_scan(), "a straight scan"),
    (_scan(tilt=0.5), "half a degree of skew"),
    (_scan(tilt=1.0), "one degree"),
    (_scan(tilt=-2.0), "two degrees, the other way"),
    (_scan(tilt=3.0), "three degrees: a line is a line off at the edge"),
    (_scan(turned=90), "a page on its side"),
    (_scan(turned=180), "a page on its head"),
    (_scan(turned=270, tilt=1.5), "on its other side, and tilted"),
    (_scan(tilt=2.0, form="pdf"), "a tilted scan within a PDF"),
    (_scan(turned=90, tilt=-1.0, rotate=270, form="pdf"), "a PDF that turns its tilted picture upright"),
    (_scan(tilt=1.0, rotate=90, form="pdf"), "a PDF that turns its picture over"),
    (_photo(), "a photographed page: the table is no part of it"),
    (_photo(tilt=2.0, form="pdf"), "a photograph within a PDF, the print tilted on its page"),
    (_born_digital(0), "a born-digital page"),
    (_born_digital(90), "a born-digital page with /Rotate"),
    (_born_digital(180), "a born-digital page with /Rotate 180"),
    (_born_digital(270), "a born-digital page with /Rotate 270"),
]


@pytest.fixture
def kept(filled: Store, tmp_path: Path) -> Callable[[Paper], int]:
    """Receives and reads a paper as the product does; the document's number."""

    def stored(paper: Paper) -> int:
        path = paper(tmp_path)
        data = path.read_bytes()
        reading = read_safely(path, path.name, filled.settings)
        sha256 = content_store.put_original(filled, data)
        media_type = reading.source.media_type
        receipt = records.receive(filled, sha256, path.name, media_type, len(data), "clerk", auto_accept=False)
        records.propose(filled, receipt.document_id, reading)
        return receipt.document_id

    return stored


def _served(client: FlaskClient, document: int, width: int) -> np.ndarray:
    answer = client.get(f"/van-ban/{document}/trang/1.png?w={width}")
    assert answer.status_code == 200, answer.text
    return np.asarray(Image.open(io.BytesIO(answer.data)).convert("L"))


def _words(store: Store, document: int) -> list[tuple[str, Box]]:
    """The words of page 1 on record, those that are more than a sign."""
    with store.db.reading() as session:
        row = session.get(PageText, (document, 1))
    assert row is not None
    words = [(row.text[word.start : word.end], word.box) for word in unpack_words(row.words)]
    return [(text, box) for text, box in words if sum(letter.isalnum() for letter in text) > 1]


def _covered(picture: np.ndarray, box: Box) -> float:
    """Share that a box covers of the ink of all words that it touches; 0.0 where there is none."""
    ink = np.asarray(picture < 140, np.uint8)
    _, labels = cv2.connectedComponents(cv2.dilate(ink, np.ones((5, 9), np.uint8)))
    high, wide = ink.shape
    part = np.s_[
        int(box.top * high) : int(box.bottom * high) + 1, int(box.left * wide) : int(box.right * wide) + 1
    ]
    inside = labels[part][ink[part] > 0]
    touched = [label for label in np.unique(inside) if (inside == label).sum() > 3]
    whole = int(np.isin(labels[ink > 0], touched).sum()) if touched else 0
    return int(np.isin(inside, touched).sum()) / whole if whole else 0.0


@pytest.fixture
def read_again(sign_in: Callable[[str], FlaskClient], post: Callable[..., Any]) -> Callable[[int, Box], str]:
    """Draws a box on page 1 as a clerk does; what the desk reads there."""

    def text(document: int, box: Box) -> str:
        edges = {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
        answer = post(sign_in("clerk"), f"/can-xem/{document}/doc-o", {"page": 1, "field": "subject", **edges})
        assert answer.status_code == 200, answer.text
        return str(answer.json["text"])

    return text


@pytest.mark.ocr
@pytest.mark.parametrize(("paper", "reason"), PAPERS, ids=[reason for _, reason in PAPERS])
def test_boxes_cover_their_ink_on_the_picture_served(
    paper: Paper, reason: str, kept: Callable[[Paper], int], filled: Store, sign_in: Callable[[str], FlaskClient]
) -> None:
    document = kept(paper)
    picture = _served(sign_in("clerk"), document, 1240)
    words = _words(filled, document)
    assert len(words) > 40, "too few words were read to judge"
    shares = {f"{at} {text}": _covered(picture, box) for at, (text, box) in enumerate(words)}
    beside = {text: round(share, 2) for text, share in shares.items() if share < _BOX_SHARE}
    assert len(beside) <= _CLIPPED * len(words), f"{reason}: {beside}"
    assert np.mean(list(shares.values())) > 0.97


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        (_scan(tilt=3.0), "a tilted scan"),
        (_scan(turned=90, tilt=-1.0, rotate=270, form="pdf"), "a tilted picture that its PDF turns"),
        (_photo(), "a photograph"),
    ],
    ids=["tilted", "turned", "photograph"],
)
def test_a_box_drawn_on_the_picture_reads_the_print_in_it(
    paper: Paper, reason: str, kept: Callable[[Paper], int], filled: Store, read_again: Callable[[int, Box], str]
) -> None:
    document = kept(paper)
    words = [(text, box) for text, box in _words(filled, document) if text in ("nghiệp", "Kiểm", "khám", "Quyết")]
    assert len(words) > 2
    for text, box in words:
        wider = Box(box.left - 0.004, box.top - 0.003, box.right + 0.004, box.bottom + 0.003)
        assert read_again(document, wider).strip(" .,") == text, reason


@pytest.mark.ocr
def test_a_picture_is_drawn_again_when_the_page_is_read_in_another_frame(
    kept: Callable[[Paper], int], filled: Store, sign_in: Callable[[str], FlaskClient]
) -> None:
    document = kept(_scan(tilt=3.0))
    level = _served(sign_in("clerk"), document, 160)
    with filled.db.writing() as session:
        row = session.get(PageText, (document, 1))
        assert row is not None
        row.text = ""
    flat = _served(sign_in("clerk"), document, 160)
    assert level.shape == flat.shape and (level != flat).any()


@pytest.mark.ocr
def test_the_box_of_a_signature_is_on_what_its_field_draws(
    tmp_path: Path, kept: Callable[[Paper], int], filled: Store, sign_in: Callable[[str], FlaskClient]
) -> None:
    """A field is drawn on the file's page, and shown on the page as it was read."""
    made = Authority()
    scan = _scan(tilt=3.0, form="pdf")(tmp_path)
    desk = Desk(made, scan.read_bytes())
    desk.sign("Signature1", made.office("Sở Y tế", "Tỉnh Hà Long An"), (60, 100, 140, 125), text="12")
    document = kept(lambda folder: desk.save(folder))
    with filled.db.reading() as session:
        (signature,) = session.get_one(Document, document).signatures or ()
    assert signature["role"] == "number"
    assert _covered(_served(sign_in("clerk"), document, 1240), Box(*signature["boxes"][0])) >= _BOX_SHARE
