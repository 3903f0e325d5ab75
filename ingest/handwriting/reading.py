"""What the digit net reads on page 1: the number, day and month that a hand, a stamp or a printer put between anchors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Box, Candidate
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.digit_net import DigitReader, looks_printed
from ingest.handwriting.locate import Crop, place
from ingest.handwriting.thresholds import ACCEPT
from ingest.ocr.words import Recognised
from ingest.secondreader.reader import LineLook, SecondReader


@dataclass(frozen=True, slots=True)
class Digits:
    """Up to five values, best first; `box` is the crop that a person is shown; `sure` when both anchors were read."""

    kind: Kind
    candidates: tuple[Candidate, ...]
    box: Box
    printed: bool
    sure: bool

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None

    @property
    def accepted(self) -> bool:
        """Whether the best value may go on without a person."""
        return bool(self.best) and self.sure and self.candidates[0].confidence >= ACCEPT[self.kind]


@dataclass(frozen=True, slots=True)
class Hand:
    """The three lines of page 1; None where no line was found or the page came as text."""

    number: Digits | None = None
    day: Digits | None = None
    month: Digits | None = None
    number_line: LineLook | None = None
    date_line: LineLook | None = None
    """The lines as the second reader saw them; None where there is none."""


def read_hand(page: Recognised, reader: DigitReader, second: SecondReader | None = None) -> Hand:
    """Finds and reads the lines of a recognised first page."""
    words = [word for line in page.lines for word in line.words]
    places = place(page.page, words, page.dpi)
    return Hand(
        _read(places.number, "number", reader),
        _read(places.day, "day", reader),
        _read(places.month, "month", reader),
        *(second.look(line.image) if second and line else None for line in (places.number_line, places.date_line)),
    )


def _read(crop: Crop | None, kind: Kind, reader: DigitReader) -> Digits | None:
    if crop is None:
        return None
    look = reader.look(crop.image, kind)
    return Digits(kind, look.candidates, crop.box, looks_printed(look), crop.sure)


def agreeing(candidates: Sequence[Candidate], value: str, least: float) -> tuple[Candidate, ...]:
    """The candidates after another witness read `value`: its share grows, the others' shrink; it is put in if it is new."""
    shares = {candidate.value: candidate.confidence for candidate in candidates}
    share = shares.pop(value, 0.0)
    share = max(least, share + (1 - share) * 0.7) if share else least
    rest = sum(shares.values())
    scale = (1 - share) / rest if rest > 1 - share else 1.0
    others = [Candidate(name, round(part * scale, 4)) for name, part in shares.items()]
    return tuple(sorted([Candidate(value, round(share, 4)), *others], key=lambda c: -c.confidence))[:5]
