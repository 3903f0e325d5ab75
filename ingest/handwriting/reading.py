"""Readings of page 1 by the digit net: number, day and month that were written, stamped or printed between
anchors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Box, Candidate
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.digit_net import DigitReader, looks_printed
from ingest.handwriting.locate import Crop, Places
from ingest.secondreader.reader import LineLook


@dataclass(frozen=True, slots=True)
class DigitReading:
    """Values, best first, down to unlikely ones as evidence; `box` is the crop that a person is shown; `sure` if
    both anchors were read; `given` if a form field draws the figures, so that they are known and not read.
    """

    kind: Kind
    candidates: tuple[Candidate, ...]
    box: Box
    printed: bool
    sure: bool
    given: bool = False

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class HandwrittenFields:
    """Readings of page 1; None if no line was found or the page came as text."""

    number: DigitReading | None = None
    day: DigitReading | None = None
    month: DigitReading | None = None
    number_line: LineLook | None = None
    date_line: LineLook | None = None
    """The lines as the second reader saw them; None without one."""


def read_hand(places: Places, reader: DigitReader) -> HandwrittenFields:
    """Read the lines that were found by the digit net."""
    return HandwrittenFields(
        _read(places.number, "number", reader),
        _read(places.day, "day", reader),
        _read(places.month, "month", reader),
    )


def _read(crop: Crop | None, kind: Kind, reader: DigitReader) -> DigitReading | None:
    if crop is None:
        return None
    look = reader.look(crop.image, kind)
    return DigitReading(kind, look.candidates, crop.box, looks_printed(look), crop.sure)


def boost_candidate(candidates: Sequence[Candidate], value: str, least: float) -> tuple[Candidate, ...]:
    """Re-weight candidates after a second source read `value`: at least `least` for it, the others scaled,
    added if new.
    """
    shares = {candidate.value: candidate.confidence for candidate in candidates}
    share = shares.pop(value, 0.0)
    share = max(least, share + (1 - share) * 0.7) if share else least
    rest = sum(shares.values())
    scale = (1 - share) / rest if rest > 1 - share else 1.0
    others = [Candidate(name, round(part * scale, 4)) for name, part in shares.items()]
    return tuple(sorted([Candidate(value, round(share, 4)), *others], key=lambda c: -c.confidence))[:5]
