"""Writes the handwritten numbers and days of the sample scans: `python -m script.pen_samples corpus/samples`.

The digits are drawn as Vietnamese clerks write them (1 with an upstroke, 7 with a bar: `script.learn.strokes`), in
the blank between the printed words. The blank is erased first, so the script can run again.
"""

from __future__ import annotations

import argparse
import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import img2pdf
import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image

from script.learn.strokes import draw

Picture = NDArray[np.uint8]
_BLUE, _BLACK = (52, 70, 168), (0, 0, 0)
_DPI = 200


@dataclass(frozen=True, slots=True)
class Pen:
    """A clerk's hand: pen width and digit height (px at 200 dpi), slant (px sideways a px up), digit forms."""

    width: float
    height: float
    slant: float
    forms: tuple[int, int, int, int, int, int, int, int, int, int]
    colour: tuple[int, int, int] = _BLACK


@dataclass(frozen=True, slots=True)
class Entry:
    """Digits to write on page 1 of a sample; the blank is left, top, right, bottom in px."""

    file: str
    digits: str
    blank: tuple[int, int, int, int]
    baseline: int
    pen: Pen
    seed: int


_PROVINCE = Pen(3.4, 36, 0.28, (0, 1, 2, 0, 1, 2, 0, 1, 0, 0))
_HOME_AFFAIRS = Pen(4.2, 34, 0.18, (1, 1, 0, 2, 2, 1, 1, 2, 1, 1))
_DISTRICT = Pen(3.0, 37, 0.34, (2, 2, 3, 0, 1, 0, 0, 1, 2, 2))
_PROVINCE_BLUE = Pen(3.6, 38, 0.28, (0, 1, 2, 0, 1, 2, 0, 1, 0, 0), _BLUE)
_INFORMATION = Pen(3.2, 36, 0.22, (0, 2, 0, 4, 1, 1, 0, 1, 0, 0), _BLUE)

ENTRIES = (
    Entry("18-kh-snv.pdf", "18", (355, 258, 441, 320), 310, _HOME_AFFAIRS, 1),
    Entry("18-kh-snv.pdf", "26", (1104, 248, 1187, 315), 305, _HOME_AFFAIRS, 2),
    Entry("31-kh-snv.pdf", "31", (359, 254, 455, 320), 313, _HOME_AFFAIRS, 3),
    Entry("31-kh-stttt.pdf", "31", (326, 302, 422, 370), 358, _INFORMATION, 4),
    Entry("31-kh-stttt.pdf", "27", (1104, 250, 1187, 322), 308, _INFORMATION, 5),
    Entry("311-snv-vtlt.pdf", "311", (323, 262, 419, 326), 310, _HOME_AFFAIRS, 6),
    Entry("311-snv-vtlt.pdf", "10", (1104, 250, 1188, 315), 304, _HOME_AFFAIRS, 7),
    Entry("512-qd-ubnd.pdf", "512", (334, 258, 431, 324), 310, _PROVINCE, 8),
    Entry("512-qd-ubnd.pdf", "06", (1116, 252, 1199, 318), 306, _PROVINCE, 9),
    Entry("27-kh-ubnd.tif", "27", (331, 259, 429, 324), 310, _DISTRICT, 10),
    Entry("27-kh-ubnd.tif", "15", (1092, 250, 1175, 316), 304, _DISTRICT, 11),
    Entry("96-bc-ubnd.tif", "96", (323, 264, 423, 326), 314, _DISTRICT, 12),
    Entry("96-bc-ubnd.tif", "20", (1083, 250, 1166, 318), 304, _DISTRICT, 13),
    Entry("42-kh-ubnd.jpg", "42", (336, 256, 433, 324), 312, _PROVINCE_BLUE, 14),
)


def written(digits: str, pen: Pen, seed: int) -> NDArray[np.float32]:
    """The digits in one hand, touching as they come: ink 0 to 1, trimmed, standing on one baseline."""
    rng = np.random.default_rng(seed)
    glyphs = [
        draw(int(d), pen.forms[int(d)], pen.height * rng.uniform(0.93, 1.07), pen.slant, pen.width, 0.02, rng)
        for d in digits
    ]
    gap = -0.06 * pen.height
    width = round(sum(glyph.shape[1] + gap for glyph in glyphs) + pen.height)
    height = max(glyph.shape[0] for glyph in glyphs)
    line, x = np.zeros((height, width), np.float32), 0.0
    for glyph in glyphs:
        part = line[height - glyph.shape[0] :, round(x) : round(x) + glyph.shape[1]]
        np.maximum(part, glyph[:, : part.shape[1]], out=part)
        x += glyph.shape[1] + gap + rng.uniform(0, 0.08) * pen.height
    return line[:, : np.flatnonzero(line.max(0) > 0.1).max() + 1]


def enter(page: Picture, entry: Entry) -> None:
    """Erases the blank of an RGB page and writes the entry's digits there, in place."""
    left, top, right, bottom = entry.blank
    blank = page[top:bottom, left:right]
    blank[:] = np.median(blank.reshape(-1, 3), axis=0)
    ink = written(entry.digits, entry.pen, entry.seed)
    if ink.shape[1] > right - left - 6:
        ink = cv2.resize(ink, (right - left - 6, ink.shape[0]), interpolation=cv2.INTER_AREA)
    x, y = left + (right - left - ink.shape[1]) // 2, entry.baseline - ink.shape[0] + round(entry.pen.width)
    place = page[y : y + ink.shape[0], x : x + ink.shape[1]]
    covered = ink[..., None]
    place[:] = np.rint(place * (1 - covered) + np.asarray(entry.pen.colour) * covered).astype(np.uint8)


def _encoded(page: Picture, bilevel: bool, kind: str) -> bytes:
    picture, out = Image.fromarray(page), io.BytesIO()
    if bilevel:
        ink = picture.convert("L").point(lambda value: 255 * (value > 140)).convert("1")
        ink.save(out, "TIFF", compression="group4", dpi=(_DPI, _DPI))
    else:
        picture.save(out, kind, quality=78, dpi=(_DPI, _DPI))
    return out.getvalue()


def _in_pdf(path: Path, entries: list[Entry]) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        name, image = next(iter(pdf.pages[0].get_images().items()))
        picture = pikepdf.PdfImage(image).as_pil_image()
        page = np.array(picture.convert("RGB"))
        for entry in entries:
            enter(page, entry)
        encoded = img2pdf.convert(_encoded(page, picture.mode == "1", "JPEG"))
        with pikepdf.open(io.BytesIO(encoded)) as made:
            new = next(iter(made.pages[0].get_images().values()))
            pdf.pages[0].Resources.XObject[name] = pdf.copy_foreign(new)
        pdf.save(path, deterministic_id=True)


def write(folder: Path) -> None:
    """Enters all numbers and days into the samples of a folder."""
    for file in dict.fromkeys(entry.file for entry in ENTRIES):
        entries, path = [entry for entry in ENTRIES if entry.file == file], folder / file
        if path.suffix == ".pdf":
            _in_pdf(path, entries)
            continue
        with Image.open(path) as picture:
            bilevel, page = picture.mode == "1", np.array(picture.convert("RGB"))
        for entry in entries:
            enter(page, entry)
        path.write_bytes(_encoded(page, bilevel, "JPEG"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    write(parser.parse_args().folder)
