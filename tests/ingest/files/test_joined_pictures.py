"""Photos of pages become one PDF: their bytes untouched, upright, in order, and the same file each time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw

from corpus.config import Settings
from corpus.errors import Problem
from ingest.files.joined_pictures import join_pictures
from ingest.sandbox.child import Limits, run_in_child

LIMITS = Limits.of(Settings(_env_file=None))
PIXELS = 180_000_000


def photo(
    path: Path, kind: str = "JPEG", size: tuple[int, int] = (600, 800), mode: str = "RGB", **more: Any
) -> Path:
    """A page with a black block in its upper left corner."""
    picture = Image.new(mode, size, "white")
    ImageDraw.Draw(picture).rectangle((20, 20, 160, 120), fill="black")
    picture.save(path, kind, **more)
    return path


def join(paths: list[Path], turns: list[int], max_pixels: int = PIXELS) -> bytes:
    """What the confined child makes of them."""
    names = tuple(path.name for path in paths)
    return run_in_child(join_pictures, tuple(paths), names, tuple(turns), max_pixels, limits=LIMITS)


def corners(data: bytes, page: int) -> tuple[int, int]:
    """Row and column (0 or 1) of the dark corner of a page as people see it."""
    import pypdfium2

    shown = pypdfium2.PdfDocument(data)[page].render(scale=0.2).to_numpy().mean(axis=2)
    half = np.array(shown.shape) // 2
    dark = [
        shown[: half[0], : half[1]],
        shown[: half[0], half[1] :],
        shown[half[0] :, : half[1]],
        shown[half[0] :, half[1] :],
    ]
    return divmod(int(np.argmin([part.mean() for part in dark])), 2)


def test_the_bytes_of_each_photo_are_in_the_document(tmp_path: Path) -> None:
    paths = [photo(tmp_path / f"{number}.jpg", quality=60 + number) for number in range(3)]
    made = join(paths, [0, 0, 0])
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 3
        held = [next(iter(page.get_images().values())).read_raw_bytes() for page in pdf.pages]
        assert held == [path.read_bytes() for path in paths]
        assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [631, 842], "the long side of A4"
    assert join(paths, [0, 0, 0]) == made, "sent twice it is the same file"


ORIENTED = {1: (0, 0), 3: (1, 1), 6: (0, 1), 8: (1, 0)}
"""Orientation that a camera notes (EXIF) → where the corner block is seen then."""


@pytest.mark.parametrize("orientation", ORIENTED)
def test_a_page_is_turned_as_the_camera_noted(orientation: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = photo(tmp_path / "a.jpg", exif=exif)
    assert corners(join([path], [0]), 0) == ORIENTED[orientation]


@pytest.mark.parametrize(("turn", "seen"), [(0, (0, 0)), (90, (0, 1)), (180, (1, 1)), (270, (1, 0))])
def test_a_page_is_turned_as_the_sender_turned_it(turn: int, seen: tuple[int, int], tmp_path: Path) -> None:
    assert corners(join([photo(tmp_path / "a.jpg")], [turn]), 0) == seen


def test_both_turns_add_up(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert corners(join([photo(tmp_path / "a.jpg", exif=exif)], [270]), 0) == (0, 0)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1", "I;16"])
def test_pictures_of_every_kind_are_taken(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    if mode == "I;16":
        Image.fromarray(np.full((80, 60), 60_000, np.uint16)).save(path)
    else:
        picture = Image.new("RGBA", (60, 80), (0, 0, 0, 0))
        (picture if mode == "RGBA" else picture.convert("LA").convert(mode)).save(path)
    with pikepdf.open(io.BytesIO(join([path], [0]))) as pdf:
        assert len(pdf.pages) == 1


def test_a_cmyk_and_a_progressive_jpeg_are_taken(tmp_path: Path) -> None:
    paths = [tmp_path / "a.jpg", photo(tmp_path / "b.jpg", progressive=True)]
    Image.new("CMYK", (60, 80)).save(paths[0], "JPEG")
    with pikepdf.open(io.BytesIO(join(paths, [0, 0]))) as pdf:
        assert len(pdf.pages) == 2


def test_what_is_transparent_is_white_paper(tmp_path: Path) -> None:
    import pypdfium2

    Image.new("RGBA", (60, 80), (0, 0, 0, 0)).save(tmp_path / "a.png")
    shown = pypdfium2.PdfDocument(join([tmp_path / "a.png"], [0]))[0].render(scale=0.2).to_numpy()
    assert shown.min() > 250


REFUSED = [
    ("a text", b"Kinh gui", "not_a_photo"),
    ("a PDF", b"%PDF-1.7 abc", "not_a_photo"),
    ("a GIF", b"GIF89a" + bytes(40), "not_a_photo"),
    ("nothing", b"", "not_a_photo"),
    ("a JPEG cut off", b"", "truncated"),
    ("a JPEG cut off near its end", b"", "truncated"),
    ("a PNG cut off", b"", "truncated"),
]


@pytest.mark.parametrize(("why", "data", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_no_photo_is_refused_by_name(why: str, data: bytes, code: str, tmp_path: Path) -> None:
    good, bad = photo(tmp_path / "a.jpg"), tmp_path / "b.jpg"
    if code == "truncated":
        whole = photo(tmp_path / "whole", "JPEG" if "JPEG" in why else "PNG").read_bytes()
        data = whole[: 300 if why == "a JPEG cut off" else len(whole) * 2 // 3]
    bad.write_bytes(data)
    with pytest.raises(Problem) as raised:
        join([good, bad], [0, 0])
    assert (raised.value.code, raised.value.facts["name"]) == (code, "b.jpg")


def test_a_picture_beyond_the_limit_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(Problem) as raised:
        join([photo(tmp_path / "a.jpg")], [0], max_pixels=1000)
    assert raised.value.code == "too_many_pixels"
