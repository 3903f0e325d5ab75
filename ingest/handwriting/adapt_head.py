"""Adaptation of the second reader's head to an office's handwriting, from lines that its clerks confirmed.

The head is judged by folds of the lines, together with the digit net as the product decides: each line is read by
a head that was fitted on the others. It is taken only if clearly more are right and no more would go wrong unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Candidate
from ingest.handwriting.adapt import FEWEST, Confirmed, Score
from ingest.handwriting.decision import FigureReadings, decide
from ingest.handwriting.digit_net import DigitReader
from ingest.secondreader.beam import Alphabet
from ingest.secondreader.fitting import Fitting, HeadLine, fitted
from ingest.secondreader.grammar import NumberLine
from ingest.secondreader.head import HeadWeights
from ingest.secondreader.picture import FITTED
from ingest.secondreader.reader import FigureHead, LineLook, SecondReader

_FOLDS = 4
_GAIN = 2
"""Least gain in lines: of fifty, one more by folds was one less among the office's others."""
HOW = Fitting(epochs=20, rate=1e-3, pull=1e-3)
"""Half the step of the shipped head's fit and five times its pull, but more passes: an office has few lines."""


@dataclass(frozen=True, slots=True)
class HeadAdaptation:
    """Head fitted on all lines; `before` is the shipped head's score on them, `after` that of folds."""

    learned: HeadWeights
    lines: int
    before: Score
    after: Score

    @property
    def better(self) -> bool:
        """True if by folds clearly more lines are right, and no more wrong unseen."""
        return self.after.right >= self.before.right + _GAIN and self.after.silent <= self.before.silent


@dataclass(frozen=True, slots=True)
class NumberSeen:
    """A confirmed number as the network saw its line and as the digit net reads it."""

    digits: str
    symbol: str
    look: LineLook
    net: tuple[Candidate, ...]

    def line(self, alphabet: Alphabet) -> HeadLine:
        """The line to fit a head on."""
        import numpy as np

        text = f"Số:{self.digits}{self.symbol}".replace("–", "-").replace(" ", "")
        target = tuple(alphabet.of[character] for character in text if character in alphabet.of)
        return HeadLine(tuple(features.astype(np.float16) for features, _ in self.look.looks[:FITTED]), target)


def adapt_head(shipped: SecondReader, net: DigitReader, confirmed: Sequence[Confirmed]) -> HeadAdaptation | None:
    """Fit the shipped head to the lines and judge it by folds; None with fewer than FEWEST whole lines.

    net: weights that saw none of the lines, since what they have learned by heart would hide the head's errors.
    """
    seen = [
        NumberSeen(line.digits, line.symbol, look, net.look(line.image, "number").candidates)
        for line in confirmed
        if line.whole is not None and (look := shipped.look(line.whole, number=True)).looks
    ]
    return judged(shipped, seen) if len(seen) >= FEWEST else None


def judged(shipped: FigureHead, seen: Sequence[NumberSeen]) -> HeadAdaptation:
    """The head of all lines, with the scores of the shipped one and of folds."""
    after = Score(0, 0)
    for fold in range(_FOLDS):
        head = head_from(shipped, [one for place, one in enumerate(seen) if place % _FOLDS != fold])
        after = _sum(after, score_head(head, shipped, seen[fold::_FOLDS]))
    before = score_head(shipped.head, shipped, seen)
    return HeadAdaptation(head_from(shipped, seen), len(seen), before, after)


def head_from(shipped: FigureHead, seen: Sequence[NumberSeen]) -> HeadWeights:
    """The shipped head fitted to the lines."""
    lines = [one.line(shipped.alphabet) for one in seen]
    return fitted(lines, shipped.head, shipped.alphabet.space, HOW)


def score_head(head: HeadWeights, shipped: FigureHead, seen: Sequence[NumberSeen]) -> Score:
    """Score a head on lines with known values, together with the digit net."""
    right = silent = 0
    reader = FigureHead(head, shipped.alphabet)
    for one in seen:
        found = LineLook(reader, one.look.looks).candidates(NumberLine(one.symbol))
        decided = decide(FigureReadings("number", one.net, found, None, 0.0, False, True))
        good = bool(decided.candidates) and decided.candidates[0].value == one.digits
        right += good
        silent += decided.sure and not good
    return Score(right, silent)


def _sum(one: Score, other: Score) -> Score:
    return Score(one.right + other.right, one.silent + other.silent)
