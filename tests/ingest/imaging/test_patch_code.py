"""PATCH T sheets: as they come out of printers and scanners, and pages that must not be taken for one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from ingest.imaging.patch_code import has_patch
from tests.ingest.making import printed

NARROW, WIDE = 0.08, 0.20
T = (NARROW, WIDE, NARROW, WIDE)
OTHERS = {
    "patch 1": (WIDE, WIDE, NARROW, NARROW), "patch 2": (WIDE, NARROW, NARROW, WIDE),
    "patch 4": (NARROW, WIDE, WIDE, NARROW), "patch 6": (NARROW, NARROW, WIDE, WIDE),
}  # fmt: skip
DPI = 150


def bars(image: Image.Image, pattern: tuple[float, ...], left: float, top: float, *, upright: bool = False,
         scale: float = 1.0, long: float = 2.5, space: float = 0.08) -> None:  # fmt: skip
    """Draw bars one below the other, or side by side if `upright`; inches."""
    pen, at = ImageDraw.Draw(image), 0.0
    for thick in pattern:
        near, far = at * scale, (at + thick) * scale
        box = (left, top + near, left + long * scale, top + far)
        if upright:
            box = (left + near, top, left + far, top + long * scale)
        pen.rectangle([round(one * DPI) for one in box[:2]] + [round(one * DPI) - 1 for one in box[2:]], fill=20)
        at += thick + space


def sheet(pattern: tuple[float, ...] = T, **more: float) -> Image.Image:
    """An A4 sheet with the code at its head, and a line of print."""
    image = Image.new("L", (1240, 1754), 252)
    bars(image, pattern, 2.8, 0.5, **more)  # type: ignore[arg-type]
    ImageDraw.Draw(image).text((500, 900), "PATCH T - DOCUMENT SEPARATOR", fill=20)
    return image


def on_all_edges() -> Image.Image:
    image = Image.new("L", (1240, 1754), 252)
    for left, top, upright in ((2.8, 0.4, False), (2.8, 10.4, False), (0.4, 4.0, True), (7.0, 4.0, True)):
        bars(image, T, left, top, upright=upright)
    return image


def noisy(image: Image.Image) -> Image.Image:
    """Uneven light, grain, specks of dust and holes in the ink."""
    chance = np.random.default_rng(5)
    grey = np.asarray(image, np.float32) * np.linspace(0.8, 1.0, image.width)[None, :] + chance.normal(
        0, 12, (image.height, image.width)
    )
    grey[chance.random(grey.shape) < 0.004] = 0
    grey[chance.random(grey.shape) < 0.004] = 255
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def turned(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=252)


SHEETS = {
    "as printed": sheet(),
    "on all edges": on_all_edges(),
    "upside down": sheet().rotate(180),
    "on its side": sheet().rotate(90, expand=True),
    "2 degrees askew": turned(sheet(), 2),
    "7 degrees askew": turned(sheet(), -7),
    "noisy": noisy(sheet()),
    "noisy and askew": noisy(turned(sheet(), 3)),
    "blurred": sheet().filter(ImageFilter.GaussianBlur(2)),
    "fitted to the paper": sheet(scale=0.9),
    "printed larger": sheet(scale=1.15),
    "faint": sheet().point(lambda level: 120 + level // 2),
}


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("dpi", [100, 200])
def test_a_sheet_is_seen(name: str, dpi: int) -> None:
    image = SHEETS[name].resize((round(SHEETS[name].width * dpi / DPI), round(SHEETS[name].height * dpi / DPI)))
    assert has_patch(np.asarray(image), dpi)


def table(thick: int = 3) -> Image.Image:
    """A page with a ruled table."""
    image = printed().resize((1240, 1754)).convert("L")
    pen = ImageDraw.Draw(image)
    for row in range(12):
        pen.line((150, 500 + 60 * row, 1100, 500 + 60 * row), fill=0, width=thick)
    for column in (150, 300, 700, 1100):
        pen.line((column, 500, column, 1160), fill=0, width=thick)
    return image


def loose_lines() -> Image.Image:
    """Four rules under each other, as in a form."""
    image = Image.new("L", (1240, 1754), 252)
    pen = ImageDraw.Draw(image)
    for at, thick in enumerate((3, 8, 3, 8)):
        pen.rectangle((300, 400 + 40 * at, 900, 400 + 40 * at + thick), fill=0)
    return image


def barcode(count: int = 30, long: float = 2.5) -> Image.Image:
    """Bars narrow and wide as a linear barcode has them, as large as a patch."""
    image = Image.new("L", (1240, 1754), 252)
    chance = np.random.default_rng(3)
    bars(
        image,
        (*T, *(float(one) for one in chance.choice([NARROW, WIDE], count))),
        1.0,
        1.0,
        upright=True,
        long=long,
    )
    return image


def small_barcode() -> Image.Image:
    image = printed().resize((1240, 1754)).convert("L")
    bars(image, T * 6, 1.0, 1.0, upright=True, scale=0.2, long=3.0)
    return image


def letterhead() -> Image.Image:
    """Wide spaces: bars of the right thickness, not a patch."""
    return sheet(space=0.3)


PAGES = {
    "a page of print": printed().resize((1240, 1754)).convert("L"),
    "a bare page": Image.new("L", (1240, 1754), 250),
    "a black page": Image.new("L", (1240, 1754), 5),
    "a table": table(),
    "a table with heavy rules": table(12),
    "loose rules": loose_lines(),
    "a large barcode": barcode(),
    "a barcode of eight bars": barcode(4),
    "a small barcode": small_barcode(),
    "bars far apart": letterhead(),
    "short bars": sheet(long=0.8),
    "three bars": sheet(T[:3]),
    "five bars": sheet((*T, NARROW)),
    **{name: sheet(pattern) for name, pattern in OTHERS.items()},
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("degrees", [0, 2])
def test_another_page_is_none(name: str, degrees: int) -> None:
    for image in (turned(PAGES[name], degrees), noisy(turned(PAGES[name], degrees))):
        assert not has_patch(np.asarray(image), DPI)
