"""Real lines from a folder of scans with gold records: cut by ingest's own rules, for fitting and for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.handwriting_place import Places, place

_DPI = 300


@dataclass(frozen=True, slots=True)
class RealLine:
    """A crop with what stands on it; `group` is the office family that is held out together."""

    document: str
    group: str
    kind: str
    image: NDArray[np.uint8]
    digits: str
    written: bool


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


def _page(path: Path) -> NDArray[np.uint8]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return np.ascontiguousarray(document[0].render(scale=_DPI / 72).to_numpy()[:, :, 2::-1])


def _words(image: NDArray[np.uint8]) -> list[_Word]:
    """One pass over the head of the page without its coloured ink."""
    import pytesseract

    head = image[: int(image.shape[0] * 0.4)]
    bright = head.max(axis=2)
    coloured = bright.astype(int) - head.min(axis=2) > 55
    data = pytesseract.image_to_data(
        np.where(coloured, 255, bright).astype(np.uint8),
        lang="vie",
        config="--psm 3 --dpi 300",
        output_type="dict",
    )
    boxes = zip(data["text"], data["left"], data["top"], data["width"], data["height"], strict=True)
    return [_Word(t, x, y, x + w, y + h) for t, x, y, w, h in boxes if t.strip()]


def _lines(record: dict[str, str], places: Places) -> Iterator[RealLine]:
    group = "Kiên Giang" if "Kiên Giang" in record["issuer"] else "others"
    number, day = record["number"].split("/")[0], record["date"][8:10]
    if places.number is not None:
        yield RealLine(
            record["id"], group, "number", places.number.image, number, bool(record["number_handwritten"])
        )
    if places.day is not None:
        yield RealLine(record["id"], group, "day", places.day.image, day, bool(record["date_handwritten"]))


def real_lines(folder: Path) -> list[RealLine]:
    """Number and day lines of every scan in folder/pdf that has a record in folder/gold."""
    found: list[RealLine] = []
    for path in sorted((folder / "gold").glob("*.json")):
        image = _page(folder / "pdf" / f"{path.stem}.pdf")
        found += _lines(json.loads(path.read_text("utf-8")), place(image, _words(image), _DPI))
    return found
