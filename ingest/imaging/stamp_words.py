"""Words of a stamp recognised by shape where other print covers them and no engine reads a line.

Overprinting adds ink and removes none: there is ink on nearly all strokes of the right word, on those of any other
word only by chance. That is true in black and white as in grey.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

    Ink = NDArray[np.float32]
    Weights = NDArray[np.float32]

MARKED = "MẬT"
RIVALS = {"KHẨN": "KHẨN", "TỐC": "HỎA TỐC"}
"""Other stamps in a frame of this size: urgency (Nghị định 30/2020/NĐ-CP)."""
BEFORE = {"TỐI": "TỐI MẬT", "TUYỆT": "TUYỆT MẬT", "GIẢI": "GIẢI MẬT", "BẢO": "BẢO MẬT"}
"""Syllables that may precede MẬT, and the resulting words."""
WORDS = (MARKED, *RIVALS, *BEFORE)
SHAPES = Path(__file__).parent.parent / "weights" / "stamp_words.npz"
_HIGH = 44
"""Height in pixels of the inside of a frame when shapes are matched."""
_SCALES = (0.5, 0.56, 0.62, 0.69, 0.77, 0.86)
"""Height of the words as shares of the inside of their frame."""
_STRETCHES = (0.85, 1.0, 1.15)
"""Width of the letters relative to the font's."""
_LEADS = 0.45
"""Least score for a syllable before MẬT."""
_TALLEST = 40
"""Height in pixels of the shape of `Ậ` with its marks."""
_STROKE = 100
"""Ink of a shape (0 to 255) from which it counts as a stroke."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A word and its score: share of its strokes covered by ink, less the share of ink right next to them."""

    words: str
    score: float


@dataclass(frozen=True, slots=True)
class _Kernel:
    """One word of one font at one size: its weights sum to 1 on its strokes and to -1 next to them."""

    word: str
    cut: tuple[int, float, float]
    """Font, scale and stretch, which the words of one stamp share."""
    weights: Weights


@dataclass(frozen=True, slots=True)
class _Fit:
    kernel: _Kernel
    score: float
    left: int
    top: int


def likeness(crop: Image) -> Likeness:
    """Words whose shape fits best on the upright inside of a frame (height × width grey, dark on white)."""
    field = _ink(crop).astype(np.float32)
    fits = [fit for word in (MARKED, *RIVALS) for kernel in _kernels()[word] if (fit := _fit(field, kernel))]
    best = max(fits, key=lambda fit: fit.score, default=None)
    if best is None:
        return Likeness("", 0.0)
    if best.kernel.word != MARKED:
        return Likeness(RIVALS[best.kernel.word], best.score)
    return Likeness(_whole(field, best), best.score)


def _whole(field: Ink, last: _Fit) -> str:
    """MẬT with the syllable that precedes it in the same font, scale and stretch."""
    high = last.kernel.weights.shape[0]
    before = field[:, max(last.left - 4 * high, 0) : last.left]
    leading = [
        fit
        for word in BEFORE
        for kernel in _kernels()[word]
        if kernel.cut == last.kernel.cut and (fit := _fit(before, kernel))
    ]
    best = max(leading, key=lambda fit: fit.score, default=None)
    return BEFORE[best.kernel.word] if best is not None and best.score >= _LEADS else MARKED


def _ink(crop: Image) -> Image:
    """Mask: 1 for ink of any strength; paper is the lightest grey, and a pale stamp counts as ink like black
    print.
    """
    import cv2

    wide = max(round(crop.shape[1] * _HIGH / max(crop.shape[0], 1)), _HIGH)
    small = cv2.resize(crop, (wide, _HIGH), interpolation=cv2.INTER_AREA)
    paper = float(np.percentile(small, 90))
    return np.asarray(small < paper - _CONTRAST, np.uint8)


_CONTRAST = 70.0


def _fit(field: Ink, kernel: _Kernel) -> _Fit | None:
    import cv2

    shape = kernel.weights.shape
    if shape[0] > field.shape[0] or shape[1] > field.shape[1]:
        return None
    _, score, _, (left, top) = cv2.minMaxLoc(cv2.matchTemplate(field, kernel.weights, cv2.TM_CCORR))
    return _Fit(kernel, score, left, top)


@cache
def _kernels() -> dict[str, tuple[_Kernel, ...]]:
    """Each word in each font, size and width."""
    found: dict[str, list[_Kernel]] = {word: [] for word in WORDS}
    with np.load(SHAPES) as shapes:
        for name in shapes.files:
            font, _, word = name.partition("/")
            for scale in _SCALES:
                for stretch in _STRETCHES:
                    weights = _weights(shapes[name], scale, stretch)
                    found[word].append(_Kernel(word, (int(font), scale, stretch), weights))
    return {word: tuple(kernels) for word, kernels in found.items()}


def _weights(shape: Image, scale: float, stretch: float) -> Weights:
    import cv2

    # A syllable with marks above and below fills the whole height; its neighbours keep their share of it.
    high = round(_HIGH * scale * shape.shape[0] / _TALLEST)
    wide = round(shape.shape[1] * stretch * high / shape.shape[0])
    small = cv2.resize(shape, (wide, high), interpolation=cv2.INTER_AREA)
    stroke = (small > _STROKE).astype(np.float32)
    beside = 1 - cv2.dilate(stroke, np.ones((3, 3), np.uint8))
    return np.asarray(stroke / max(stroke.sum(), 1) - beside / max(beside.sum(), 1), np.float32)
