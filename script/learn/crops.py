"""Real lines from a folder of scans with gold records: cut by ingest's own rules,
for fitting and for measuring.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from corpus.config import Settings
from corpus.file_types import PDF
from ingest.files.open_pages import open_pages
from ingest.handwriting.locate import Places, place
from ingest.ocr.engines import OcrEngine, engine_of
from ingest.recognise import recognise
from script.bench_hands import crop_of, labelled
from script.learn.parts import part_of_bodies


@dataclass(frozen=True, slots=True)
class RealLine:
    """A crop with what stands on it; `group` is the office family that is held out together."""

    document: str
    group: str
    kind: str
    image: NDArray[np.uint8]
    digits: str
    written: bool
    part: int | None = None
    """Part of its body among labelled lines."""
    spelled: bool = False
    """True if the zero before a day or month is known to be there or not."""


def _places(path: Path, settings: Settings, engine: OcrEngine) -> Places:
    """The lines of page 1 as the product itself cuts them."""
    raw = next(open_pages(path, path.name, PDF, settings).pages)
    found = recognise(raw, engine, settings, first=True)
    return place(found.page, [word for line in found.lines for word in line.words], found.dpi)


def _lines(record: dict[str, str], places: Places) -> Iterator[RealLine]:
    group = "Kiên Giang" if "Kiên Giang" in record["issuer"] else "others"
    number, day = record["number"].split("/")[0], record["date"][8:10]
    if places.number is not None:
        yield RealLine(
            record["id"], group, "number", places.number.image, number, bool(record["number_handwritten"])
        )
    if places.day is not None:
        yield RealLine(record["id"], group, "day", places.day.image, day, bool(record["date_handwritten"]))
    if places.month is not None:
        month = str(int(record["date"][5:7]))
        yield RealLine(record["id"], group, "month", places.month.image, month, False)


def labelled_lines(folder: Path) -> list[RealLine]:
    """Number, day and month lines of a folder of labelled lines (labels.tsv, png/, net/); `group` is the body.

    A day or month of which the label says that it is print is left out, and so is what another set measures.
    """
    rows = list(labelled(folder))
    part = part_of_bodies([row["body"] for row in rows])
    found: list[RealLine] = []
    for row in rows:
        if row.get("also_in"):
            continue
        picture = cv2.imread(str(folder / "png" / f"{row['id']}.png"), cv2.IMREAD_GRAYSCALE)
        whole = np.asarray(picture, np.uint8)
        day, _, month = row["label"].partition("/")
        cuts = [("number" if row["kind"] == "number" else "day", day, crop_of(folder, whole, row))]
        name = (row.get("net_crop") or "").partition(",")[2]
        if month and name and row["month_writing"] == "handwriting":
            cuts.append(("month", month, np.asarray(cv2.imread(str(folder / "net" / name), cv2.IMREAD_GRAYSCALE))))
        found += [
            RealLine(row["id"], row["body"], kind, image, digits, True, part[row["body"]], True)
            for kind, digits, image in cuts
        ]
    return found


def real_lines(folder: Path) -> list[RealLine]:
    """Number, day and month lines of every scan in folder/pdf that has a record in folder/gold."""
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    engine = engine_of(settings)
    found: list[RealLine] = []
    for path in sorted((folder / "gold").glob("*.json")):
        places = _places(folder / "pdf" / f"{path.stem}.pdf", settings, engine)
        found += _lines(json.loads(path.read_text("utf-8")), places)
    return found
