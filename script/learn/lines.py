"""Makes lines of handwritten digits between printed anchors (`Số: 123/KH-`, `ngày 05 tháng`),
with each glyph's place.

A line is drawn 96 px high (212 dpi) and given the look of an office scan; `prepare` of ingest brings it to the
net's height.
"""

from __future__ import annotations

import gzip
import itertools
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ingest.handwriting.line_image import prepare
from script.learn.strokes import FORMS, draw

Ink = NDArray[np.float32]
HEIGHT = 96
LEFT, RIGHT, BLANK = 10, 11, 12
_CODES = (
    "KH",
    "QĐ",
    "SYT",
    "TB",
    "BC",
    "CV",
    "UBND",
    "TTr",
    "CT",
    "NQ",
    "GM",
    "HD",
    "STTTT",
    "GP",
    "TTg",
    "BCĐ",
    "TM",
)
_DOUBLED, _LIKE = 0.4, 0.75
"""Share of numbers that get a pair of equal figures, and of pairs whose second is nearly the first's picture."""
_BARE = 0.05
"""Share of numbers with the slash alone: the product whitens a printed year after it."""
_JOINED, _CROWDED, _TALL = 0.15, 0.1, 0.1
"""Shares of lines with strokes between figures, with figures over each other, with one larger figure."""
_FONT_FOLDER = Path("/usr/share/fonts/truetype")
_UPRIGHT = ("croscore/Tinos-Regular.ttf", "liberation/LiberationSerif-Regular.ttf", "dejavu/DejaVuSerif.ttf")
_ITALIC = ("croscore/Tinos-Italic.ttf", "liberation/LiberationSerif-Italic.ttf")
_PRINTED = (
    *_UPRIGHT,
    *_ITALIC,
    "croscore/Arimo-Regular.ttf",
    "croscore/Cousine-Regular.ttf",
    "dejavu/DejaVuSans.ttf",
)


@dataclass(frozen=True, slots=True)
class DigitCollections:
    """The public collections: images by digit, ink as 0 to 255, trimmed to their ink."""

    mnist: tuple[tuple[NDArray[np.uint8], ...], ...]
    usps: tuple[tuple[NDArray[np.uint8], ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A prepared image (48 × W, ink 0 to 1), its classes in order and their spans in px of that image."""

    image: Ink
    classes: tuple[int, ...]
    spans: tuple[tuple[float, float], ...]


def _by_digit(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> tuple[tuple[NDArray[np.uint8], ...], ...]:
    sorted_images: list[list[NDArray[np.uint8]]] = [[] for _ in range(10)]
    for image, label in zip(images, labels, strict=True):
        rows, columns = np.where(image > 60)
        if len(rows):
            sorted_images[int(label)].append(image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    return tuple(tuple(images) for images in sorted_images)


def load_digits(folder: Path) -> DigitCollections:
    """Reads mnist-train-5000.npz, t10k-*-ubyte.gz and usps.npz."""
    train, usps = np.load(folder / "mnist-train-5000.npz"), np.load(folder / "usps.npz")
    with gzip.open(folder / "t10k-images-idx3-ubyte.gz") as stream:
        images = np.frombuffer(stream.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(folder / "t10k-labels-idx1-ubyte.gz") as stream:
        labels = np.frombuffer(stream.read(), np.uint8, offset=8)
    return DigitCollections(
        _by_digit(np.concatenate([train["imgs"], images]), np.concatenate([train["labs"], labels])),
        _by_digit(usps["imgs"], usps["labs"]),
    )


_fonts: dict[tuple[str, int], ImageFont.FreeTypeFont] = {}
_texts: dict[tuple[str, str, int], Ink] = {}


def printed(text: str, font: str, size: int) -> Ink:
    """Printed text as ink, trimmed at left and right; the baseline lies at 0.8 × its height."""
    key = (text, font, size)
    if key not in _texts:
        face = _fonts.setdefault((font, size), ImageFont.truetype(str(_FONT_FOLDER / font), size))
        canvas = Image.new("L", (size * (len(text) + 2), size * 2), 0)
        ImageDraw.Draw(canvas).text((size, round(size * 1.6)), text, 255, font=face, anchor="ls")
        ink = np.asarray(canvas, np.float32) / 255
        columns = np.where(ink.max(0) > 0.2)[0]
        if len(_texts) > 6000:
            _texts.clear()
        _texts[key] = ink[:, columns.min() : columns.max() + 1]
    return _texts[key]


def _lay(canvas: Ink, ink: Ink, x: float, y: float) -> None:
    """Lays ink on the canvas at (x, y), what sticks out is lost."""
    left, top = round(x), round(y)
    from_x, from_y = max(0, -left), max(0, -top)
    part = ink[
        from_y : from_y + max(0, HEIGHT - max(top, 0)), from_x : from_x + max(0, canvas.shape[1] - max(left, 0))
    ]
    if part.size:
        place = canvas[max(top, 0) : max(top, 0) + part.shape[0], max(left, 0) : max(left, 0) + part.shape[1]]
        np.maximum(place, part, out=place)


@dataclass(frozen=True, slots=True)
class WriterStyle:
    """One writer's line: where the glyphs come from, their height, slant, pen and form of each digit."""

    source: str
    height: float
    slant: float
    pen: float
    wobble: float
    forms: tuple[int, ...]
    font: str


def _hand(rng: np.random.Generator) -> WriterStyle:
    source = rng.choice(["mnist", "drawn", "usps", "mixed", "printed"], p=[0.28, 0.34, 0.04, 0.28, 0.06])
    height = float(np.clip(rng.normal(34, 8), 18, 58))
    if source == "printed":
        height = float(rng.uniform(24, 27))
    forms = tuple(int(rng.integers(len(FORMS[d]))) for d in range(10))
    font = str(rng.choice(_PRINTED))
    return WriterStyle(
        str(source),
        height,
        float(rng.normal(0.15, 0.17)),
        float(rng.uniform(1.6, 5.4)),
        float(rng.uniform(0.015, 0.06)),
        forms,
        font,
    )


def _collected(image: NDArray[np.uint8], height: float, slant: float, pen: float) -> Ink:
    """A digit of a collection at the hand's height and slant; a thicker pen lowers the threshold."""
    scale = height / image.shape[0]
    width = max(3, round(image.shape[1] * scale))
    shift = slant * height
    grown = np.float32([[width / image.shape[1], -slant * scale, max(shift, 0.0)], [0, scale, 0]])
    ink = cv2.warpAffine(image, grown, (round(width + abs(shift)) + 2, round(height)), flags=cv2.INTER_LINEAR)
    sharp = (ink.astype(np.float32) / 255 - 0.62 + 0.08 * pen) * 3 + 0.5
    return np.clip(sharp, 0, 1, dtype=np.float32)


def _glyph(digit: int, hand: WriterStyle, digits: DigitCollections, rng: np.random.Generator) -> Ink:
    height = hand.height * rng.uniform(0.85, 1.15)
    slant = hand.slant + rng.normal(0, 0.05)
    source = hand.source
    if source == "mixed":
        source = str(rng.choice(["mnist", "drawn", "usps"], p=[0.45, 0.5, 0.05]))
    if source in ("mnist", "usps") and digit in (1, 3, 4, 7) and rng.random() < 0.45:
        source = "drawn"
    if source == "printed":
        ink = printed(str(digit), hand.font, round(hand.height / 0.68))
        rows = np.where(ink.max(1) > 0.2)[0]
        return ink[rows.min() : rows.max() + 1]
    if source == "drawn":
        form = hand.forms[digit] if rng.random() < 0.8 else int(rng.integers(20))
        return draw(digit, form, height, slant, hand.pen, hand.wobble, rng)
    pool = (digits.mnist if source == "mnist" else digits.usps)[digit]
    return _collected(pool[rng.integers(len(pool))], height, slant - 0.1, hand.pen)


def _doubled(text: str, rng: np.random.Generator) -> str:
    """The text, in two cases of five with a figure repeated by its neighbour: nets lose one of such a pair."""
    if len(text) < 2 or rng.random() > _DOUBLED:
        return text
    at = int(rng.integers(1, len(text)))
    return text[:at] + text[at - 1] + text[at + 1 :]


def _label(kind: str, rng: np.random.Generator) -> str:
    if kind == "number":
        length = rng.choice([1, 2, 3, 4, 5], p=[0.05, 0.3, 0.27, 0.36, 0.02])
        text = _doubled("".join(str(d) for d in rng.integers(0, 10, length)), rng)
        return "0" + text[1:] if length == 2 and rng.random() < 0.3 else text
    value = int(rng.integers(1, 32 if kind == "day" else 13))
    return f"{value:02d}" if rng.random() < 0.75 else str(value)


def _anchors(kind: str, size: int, rng: np.random.Generator) -> tuple[Ink, Ink]:
    if kind == "number":
        font = str(rng.choice(_UPRIGHT, p=[0.7, 0.2, 0.1]))
        left = str(rng.choice(["Số:", "Số", "Số :", "Số.", "SỐ:"], p=[0.74, 0.1, 0.08, 0.05, 0.03]))
        if "Liberation" in font:
            left = left.replace("ố", "ó").replace("Ố", "O")
        code = str(rng.choice(_CODES))
        separator = str(rng.choice(["/", "/ ", "-", "/20"], p=[0.78, 0.12, 0.05, 0.05]))
        year = f"{rng.integers(4, 27):02d}/" if separator == "/20" else ""
        right = "/" if rng.random() < _BARE else f"{separator}{year}{code}-{rng.choice(_CODES)}"
        return printed(left, font, size), printed(right, font, size)
    font = str(rng.choice(_ITALIC, p=[0.8, 0.2]))
    words = ("ngày", "tháng") if kind == "day" else ("tháng", "năm")
    return printed(words[0], font, size), printed(words[1] + (" 1" if rng.random() < 0.3 else ""), font, size)


def _disturb(canvas: Ink, size: int, base: float, rng: np.random.Generator) -> None:
    """Dotted lines, rules, a stamp's corner, cut-off neighbouring lines, specks, show-through."""
    width = canvas.shape[1]
    if rng.random() < 0.22:
        y = int(base + rng.integers(-1, 5))
        canvas[y : y + 2, int(size * 1.5) : width - int(size) : int(rng.integers(4, 8))] = 1
    if rng.random() < 0.12:
        y = int(rng.integers(2, 22)) if rng.random() < 0.6 else int(rng.integers(78, 94))
        canvas[y : y + int(rng.integers(1, 3)), int(rng.integers(width // 2)) :] = 1
    for y in (-size * 1.1 + rng.uniform(-12, 12), base + size * 0.25 + rng.uniform(-4, 20)):
        if rng.random() < 0.55:
            words = "".join(rng.choice(list("ABCĐEGHIKLMNOPQRSTUVXY abcdeghiklmnopqrstuvxy"), 16))
            _lay(canvas, printed(words, _UPRIGHT[0], size), rng.uniform(-30, 30), y - 0.6 * size)
    if rng.random() < 0.08:
        x, y, reach = int(rng.integers(width)), int(rng.integers(10, HEIGHT - 10)), int(rng.integers(20, 90))
        canvas[y : y + 2, max(0, x - reach) : x] = 1
        canvas[y:, x : x + 2] = 1
    for _ in range(rng.poisson(1.0)):
        x, y, r = int(rng.integers(width)), int(rng.integers(HEIGHT)), int(rng.integers(1, 3))
        canvas[y : y + r, x : x + r] = 1
    if rng.random() < 0.08:
        ghost = cv2.GaussianBlur(np.roll(canvas[:, ::-1], int(rng.integers(60)), axis=1), (0, 0), 2.0)
        np.maximum(canvas, ghost * rng.uniform(0.1, 0.35), out=canvas)
    if rng.random() < 0.05:
        x = int(rng.integers(width))
        cv2.ellipse(canvas, (x, int(rng.integers(-60, 0))), (90, 90), 0, 0, 360, float(rng.uniform(0.2, 0.7)), 3)


def _look(canvas: Ink, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Paper grey values as a scanner would give them."""
    if rng.random() < 0.35:
        canvas = cv2.dilate(canvas, np.ones((2, 2), np.uint8)) if rng.random() < 0.5 else canvas
    grey = 255 - canvas * rng.uniform(130, 255)
    kind = rng.random()
    if kind < 0.45:
        scale = rng.uniform(0.7, 1.4)
        small = cv2.resize(
            grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        )
        small = small + rng.normal(0, 8, small.shape)
        level = grey.min() + (255 - grey.min()) * rng.uniform(0.35, 0.75)
        grey = cv2.resize(
            np.where(small > level, 255, 0).astype(np.float32), canvas.shape[::-1], interpolation=cv2.INTER_LINEAR
        )
    elif kind < 0.6:
        scale = rng.uniform(0.45, 0.8)
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        grey = cv2.resize(small, canvas.shape[::-1], interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.5:
        grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.4, 1.4))
    grey = np.clip(grey + rng.normal(0, rng.uniform(0, 6), grey.shape), 0, 255).astype(np.uint8)
    if rng.random() < 0.35:
        grey = cv2.imdecode(cv2.imencode(".jpg", grey, [1, int(rng.integers(30, 85))])[1], 0)
    return grey


def _glyphs(text: str, hand: WriterStyle, digits: DigitCollections, rng: np.random.Generator) -> list[Ink]:
    """The figures of a line; the second of two equal ones is mostly the first again, a little warped."""
    glyphs: list[Ink] = []
    for place, digit in enumerate(text):
        if place and digit == text[place - 1] and hand.source != "printed" and rng.random() < _LIKE:
            grown = rng.uniform(0.92, 1.08, 2) * glyphs[-1].shape
            size = (max(2, round(grown[1])), max(2, round(grown[0])))
            glyphs.append(np.asarray(cv2.resize(glyphs[-1], size, interpolation=cv2.INTER_LINEAR), np.float32))
        else:
            glyphs.append(_glyph(int(digit), hand, digits, rng))
    if hand.source != "printed" and rng.random() < _TALL:
        place = int(rng.choice([0, len(glyphs) - 1]))
        size = (round(glyphs[place].shape[1] * 1.3), round(glyphs[place].shape[0] * 1.45))
        glyphs[place] = np.asarray(cv2.resize(glyphs[place], size, interpolation=cv2.INTER_LINEAR), np.float32)
    return glyphs


def _gaps(text: str, glyphs: list[Ink], hand: WriterStyle, rng: np.random.Generator) -> list[float]:
    """Room behind each figure, px; below zero where pens run into each other."""
    if hand.source == "printed":
        return [2.0] * len(glyphs)
    mean = float(rng.normal(2, 3))
    gaps = [float(np.clip(mean + rng.normal(0, 2.2), -4.5, 14)) for _ in glyphs]
    if rng.random() < _CROWDED:
        gaps = [-float(rng.uniform(0.1, 0.25)) * glyph.shape[1] for glyph in glyphs]
    pairs = [place for place in range(1, len(text)) if text[place] == text[place - 1]]
    for place in pairs:
        gaps[place - 1] = float(rng.uniform(-4, 1))
    return gaps


def _join(canvas: Ink, places: list[tuple[Ink, float, float]], pen: float) -> None:
    """Strokes from the foot of each figure to the head of the next, as a pen that isn't lifted draws them."""
    for (ink, x, y), (after, to_x, to_y) in itertools.pairwise(places):
        foot = np.argwhere(ink > 0.5)
        head = np.argwhere(after > 0.5)
        if not len(foot) or not len(head):
            continue
        low = foot[np.argmax(foot[:, 0] * 0.5 + foot[:, 1])]
        high = head[np.argmin(head[:, 0] * 0.5 + head[:, 1])]
        ends = [(round(x + low[1]), round(y + low[0])), (round(to_x + high[1]), round(to_y + high[0]))]
        cv2.line(canvas, *ends, 0.9, max(1, round(pen * 0.6)), cv2.LINE_AA)


def make_line(digits: DigitCollections, rng: np.random.Generator) -> Line:
    """One line of a random kind."""
    kind = str(rng.choice(["number", "day", "month"], p=[0.64, 0.26, 0.1]))
    hand, size = _hand(rng), round(rng.normal(38, 2.2))
    text = _label(kind, rng)
    left, right = _anchors(kind, size, rng)
    glyphs = _glyphs(text, hand, digits, rng)
    gaps = _gaps(text, glyphs, hand, rng)
    room = sum(g.shape[1] for g in glyphs) + sum(gaps)
    before = float(rng.uniform(-6, 30)) if rng.random() < 0.75 else float(rng.uniform(30, 80))
    after = float(rng.uniform(-6, 30)) if rng.random() < 0.7 else float(rng.uniform(30, 110))
    start = float(rng.uniform(4, 34))
    end = start + left.shape[1] + before + room + after
    canvas = np.zeros((HEIGHT, round(end + rng.uniform(55, 95))), np.float32)
    base = HEIGHT / 2 + size * 0.25 + rng.normal(0, 4)
    _lay(canvas, left, start, base - size * 1.6)
    _lay(canvas, right, end, base - size * 1.6)
    classes, spans = [LEFT], [(start + left.shape[1] * 0.35, start + left.shape[1])]
    x, lift = start + left.shape[1] + before, rng.normal(0, 4)
    tilt = rng.normal(0, 0.04)
    laid: list[tuple[Ink, float, float]] = []
    for digit, ink, space in zip(text, glyphs, gaps, strict=True):
        y = base + lift + tilt * (x - end) + rng.normal(0, 2) - ink.shape[0] + 2
        if hand.source == "printed":
            y = base - ink.shape[0]
        _lay(canvas, ink * rng.uniform(0.85, 1), x, y)
        laid.append((ink, x, y))
        classes.append(int(digit))
        spans.append((x, x + ink.shape[1]))
        x += ink.shape[1] + space
    if hand.source != "printed" and rng.random() < _JOINED:
        _join(canvas, laid, hand.pen)
    classes.append(RIGHT)
    spans.append((end, end + min(right.shape[1], 50)))
    _disturb(canvas, size, base, rng)
    turn = cv2.getRotationMatrix2D((canvas.shape[1] / 2, HEIGHT / 2), float(rng.normal(0, 0.8)), 1)
    canvas = cv2.warpAffine(canvas, turn, canvas.shape[::-1])
    image = prepare(_look(canvas, rng))
    scale = image.shape[0] / HEIGHT
    return Line(image, tuple(classes), tuple((a * scale, b * scale) for a, b in spans))
