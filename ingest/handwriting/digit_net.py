"""Reader of handwritten numbers and days between printed anchors (`Số: 123/KH-`, `ngày 05 tháng`), by a small net.

Use in the pipeline: `places = place(page, words, dpi)` (ingest.handwriting.locate) crops the lines from page 1 by
the words already recognised; `reader = DigitReader.load()`; `reader.read(places.number, "number")` returns up to
five candidates, best first. The best passes without a flag (review False) only if its confidence is at least
decision.ACCEPT[kind]; below that the field is for a person, with the candidates. `looks_printed` distinguishes a
printed number from a written one: for a printed one OCR's own reading is the better evidence, and agreement of the
two is enough to accept.

The net (48 px high lines, 195,000 parameters) is trained by script/train_digits.py; here it is run with numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from corpus.config import office_weights
from corpus.document import Candidate
from ingest.handwriting.beam_search import BLANK, LEFT, RIGHT, Kind, values
from ingest.handwriting.line_image import prepare

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ingest.handwriting.locate import Crop

    Array = NDArray[np.float32]


_WIDTHS: dict[Kind, tuple[float, ...]] = {
    "number": (0.85, 1.0, 1.15, 1.3),
    "day": (0.9, 1.0, 1.12),
    "month": (1.0,),
}
"""Relative widths at which a line is read: a value read at one width only is not trusted.

Measured on numbers of unseen offices: 35 → 40 of 52 right, wrong at 0.9: 2 → 0.
"""
_ABSENT = 0.135
"""Share assumed for a value that a reading lacks, relative to that reading's least."""
CANDIDATES = 5
_EVIDENCE = 40
"""Values kept of a look, most of them unlikely: the second reader may be sure of one of them.

By folds of bodies, 102 numbers of the first part: 5 → 40 values: 90 → 91 right, in the first five 95 → 99.
"""
_POOLS = ((2, 2), (2, 1), (2, 1), (2, 1))
_VIEWS = ((-2, 0.8, 1.0), (2, 0.8, 1.0), (0, 0.7, 0.96), (0, 1.6, 1.0))
"""Jittered views of one line: shift down in px, power of the ink, stretch of the height.

Eight are no better than these.
"""


@dataclass(frozen=True, slots=True)
class DigitNetOutput:
    """One line as the net saw it."""

    ink: Array
    """0 to 1, 48 × W."""
    frames: NDArray[np.float64]
    """Log probabilities of the classes (W/2 × 13) at the line's own width, the mean over jittered views."""
    candidates: tuple[Candidate, ...]
    """Values, best first, down to unlikely ones."""


@dataclass(frozen=True, slots=True)
class DigitReader:
    """The net's kernels (out × in × height × width) and biases, layer by layer."""

    kernels: tuple[Array, ...]
    biases: tuple[Array, ...]

    @staticmethod
    def load(path: Path | None = None) -> DigitReader:
        """Load the shipped weights, or an office's own of `vanban learn`, once per process.

        Raises OSError or ValueError if `path` is no such file.
        """
        return _load(path, path.stat().st_mtime_ns if path else 0)

    @staticmethod
    def of_office(home: Path) -> DigitReader:
        """Weights that an office trained, in its store's folder `home`; the shipped ones if there are none to
        read.
        """
        try:
            return DigitReader.load(office_weights(home))
        except (OSError, ValueError):
            return DigitReader.load()

    def save(self, path: Path) -> None:
        """Write the weights in half precision; `load` reads them back."""
        import numpy as np

        arrays: dict[str, Any] = {f"k{n}": kernel.astype(np.float16) for n, kernel in enumerate(self.kernels)}
        arrays |= {f"b{n}": bias.astype(np.float16) for n, bias in enumerate(self.biases)}
        with path.open("wb") as stream:
            np.savez_compressed(stream, **arrays)

    def read(self, crop: Crop, kind: Kind) -> tuple[Candidate, ...]:
        """Up to five values of a crop from `place`, best first, with calibrated probabilities; () without digits.

        A number keeps its leading zeros; a day (1–31) and a month (1–12) come without.
        """
        return self.look(crop.image, kind).candidates[:CANDIDATES]

    def read_line(self, image: NDArray[np.uint8], kind: Kind, *, limit: int = CANDIDATES) -> tuple[Candidate, ...]:
        """Values of a bare image (grey or RGB) of the line with both printed anchors, as `read` returns them."""
        return self.look(image, kind).candidates[:limit]

    def look(self, image: NDArray[np.uint8], kind: Kind) -> DigitNetOutput:
        """Run the net on a line: its ink, log probabilities of its frames, and the values."""
        import cv2
        import numpy as np

        ink = prepare(image)
        frames = {}
        for width in _WIDTHS[kind]:
            size = (max(16, round(ink.shape[1] * width)), ink.shape[0])
            stretched = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_LINEAR), np.float32)
            frames[width] = self._frames(stretched)
        found = _mean([dict(values(logs, kind)) for logs in frames.values()])[:_EVIDENCE]
        return DigitNetOutput(ink, frames[1.0], tuple(Candidate(value, round(share, 4)) for value, share in found))

    def _frames(self, ink: Array) -> NDArray[np.float64]:
        import numpy as np

        scores = self.scores(views(ink)).astype(np.float64)
        logs = scores - np.logaddexp.reduce(scores, axis=2, keepdims=True)
        mean = logs.mean(axis=0)
        return np.asarray(mean - np.logaddexp.reduce(mean, axis=1, keepdims=True))

    def scores(self, ink: Array) -> Array:
        """Scores (B × W/2 × 13) of prepared lines (B × 48 × W)."""
        return _weigh(self.features(ink), self.kernels[-1], self.biases[-1])

    def features(self, ink: Array) -> Array:
        """Inputs of the last layer: B × W/2 × 96 for prepared lines (B × 48 × W)."""
        import numpy as np

        x = ink[:, None]
        for layer, (kernel, bias) in enumerate(zip(self.kernels[:-1], self.biases[:-1], strict=True)):
            x = np.maximum(_convolve(x, kernel, bias, layer), 0)
            if layer < len(_POOLS):
                x = _pool(x, _POOLS[layer])
        return x[:, :, 0, :].transpose(0, 2, 1)


def _mean(looks: list[dict[str, float]]) -> list[tuple[str, float]]:
    """Geometric mean of the values' shares over the readings, best first; a reading without a value counts
    against it.
    """
    import numpy as np

    values_seen = sorted(set().union(*looks))
    if not values_seen:
        return []
    least = [min(look.values(), default=1.0) * _ABSENT for look in looks]
    logs = np.array(
        [
            [np.log(max(look.get(v, low), 1e-12)) for look, low in zip(looks, least, strict=True)]
            for v in values_seen
        ]
    )
    score = logs.mean(axis=1)
    shares = np.exp(score - np.logaddexp.reduce(score))
    return sorted(zip(values_seen, shares.tolist(), strict=True), key=lambda pair: -pair[1])


def _weigh(features: Array, kernel: Array, bias: Array) -> Array:
    """Apply the last layer: a 1 × 1 convolution is one product per frame."""
    scores: Array = features @ kernel[:, :, 0, 0].T + bias
    return scores


@cache
def _load(path: Path | None, _written: int) -> DigitReader:
    """Load once per file and modification time: an office may train again while its worker runs."""
    import numpy as np

    source = path if path is not None else resources.files("ingest").joinpath("weights/digits.npz")
    layers = range(len(_POOLS) + 4)
    try:
        with source.open("rb") as stream, np.load(stream) as arrays:
            kernels = tuple(arrays[f"k{n}"].astype(np.float32) for n in layers)
            biases = tuple(arrays[f"b{n}"].astype(np.float32) for n in layers)
    except (EOFError, KeyError, BadZipFile) as error:
        raise ValueError(f"no weights of this net: {source}") from error
    return DigitReader(kernels, biases)


def _padding(kernel: Array, layer: int) -> tuple[int, int, int]:
    """Rows and columns of padding, and the dilation, of a layer; the fifth covers all three remaining rows."""
    height, width = kernel.shape[2:]
    dilation = 2 if width == 5 and layer == len(_POOLS) + 2 else 1
    return (height // 2 if layer < len(_POOLS) else 0), width // 2 * dilation, dilation


def _convolve(x: Array, kernel: Array, bias: Array, layer: int) -> Array:
    """Convolution as one matrix product."""
    import numpy as np

    rows, columns, dilation = _padding(kernel, layer)
    padded = np.pad(x, ((0, 0), (0, 0), (rows, rows), (columns, columns)))
    out, inside, height, width = kernel.shape
    span = (width - 1) * dilation + 1
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, span), axis=(2, 3))[..., ::dilation]
    batch, _, tall, wide = windows.shape[:4]
    matrix = windows.transpose(0, 1, 4, 5, 2, 3).reshape(batch, inside * height * width, tall * wide)
    product = kernel.reshape(out, -1) @ matrix + bias[:, None]
    return np.asarray(product.reshape(batch, out, tall, wide), np.float32)


def _pool(x: Array, size: tuple[int, int]) -> Array:
    """Maximum of each field; a last odd column is left out."""
    import numpy as np

    down, across = size
    height, width = x.shape[2] // down * down, x.shape[3] // across * across
    tall = x[:, :, 0:height:down, :width]
    for row in range(1, down):
        tall = np.maximum(tall, x[:, :, row:height:down, :width])
    pooled = tall[..., 0:width:across]
    for column in range(1, across):
        pooled = np.maximum(pooled, tall[..., column:width:across])
    return pooled


def views(ink: Array) -> Array:
    """Views of a line, slightly higher, lower, thicker, thinner, taller: (views × 48 × W, W even and at least
    96).
    """
    import cv2
    import numpy as np

    height, width = ink.shape
    padded = np.pad(ink, ((0, 0), (4, max(4, 92 - width) + width % 2)))
    looks = []
    for shift, power, stretch in _VIEWS:
        matrix = np.array([[1, 0, 0], [0, stretch, shift + height / 2 * (1 - stretch)]], np.float32)
        moved = cv2.warpAffine(padded, matrix, (padded.shape[1], height), flags=cv2.INTER_LINEAR)
        looks.append(np.clip(moved, 0, 1) ** power)
    return np.asarray(np.stack(looks), np.float32)


def looks_printed(look: DigitNetOutput) -> bool:
    """True if the text between the anchors is print: digits of one height on one line, as tall as the print
    around.

    Errs towards handwriting: a written number taken for print would lose the net's evidence.
    """
    import cv2
    import numpy as np

    span, ink = digit_span(look.frames), look.ink
    if span is None:
        return False
    left, right = max(0, span[0] - 4), min(ink.shape[1], span[1] + 4)
    part = (ink[:, left:right] > 0.5).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    bodies = stats[1:][(stats[1:, 3] >= 7) & (stats[1:, 1] > 2) & (stats[1:, 1] + stats[1:, 3] < ink.shape[0] - 2)]
    if not len(bodies):
        return False
    tops, bottoms = bodies[:, 1], bodies[:, 1] + bodies[:, 3]
    even = max(np.ptp(tops), np.ptp(bottoms)) <= 1
    return bool(even and (bodies[:, 3] >= 11).all() and (bodies[:, 3] <= 15).all() and (bodies[:, 2] <= 11).all())


def digit_span(logs: NDArray[np.float64]) -> tuple[int, int] | None:
    """Range of the digits in px of the 48 px high line (views are padded by 4 at the left); None without
    digits.
    """
    import numpy as np

    best = logs.argmax(1)
    lefts, rights = np.flatnonzero(best == LEFT), np.flatnonzero(best == RIGHT)
    frames = np.flatnonzero((best < LEFT) & (best != BLANK))
    if len(lefts):
        frames = frames[frames > lefts[0]]
    if len(rights):
        frames = frames[frames < rights[-1]]
    return (int(frames[0]) * 2 - 4, int(frames[-1]) * 2 - 2) if len(frames) else None
