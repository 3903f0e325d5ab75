"""Comparison of a line with the texts that it may be: best fit by CTC, and the cost of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.secondreader.beam import BLANK, Alphabet, best_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Logs = NDArray[np.float64]

_NEVER = -1e9
_FEWEST = 4
"""Letters."""
_LARGEST, _LEAST = 600.0, 1e-280
"""Bounds within which a share neither overflows nor disappears: greatest logarithm, least value."""
_OTHER_INK = 2.0
"""Cost (log) of a letter outside the text: a seal's rim or a pen's stroke at its side."""


@dataclass(frozen=True, slots=True)
class Match:
    """A text and the log of its probability on the line, per letter, less that of the best path.

    0 is the text that the network would have read by itself; each letter seen differently costs.
    """

    text: str
    fit: float

    @property
    def cost(self) -> float:
        """Log of the text's probability on the line, less that of the best path."""
        return self.fit * max(len(self.text), 1)


def matches(logs: Logs, texts: Sequence[str], alphabet: Alphabet) -> tuple[Match, ...]:
    """The texts, best first, without those with a letter for which the network has no class.

    () for a line on which it sees next to nothing: bare paper contradicts no text.
    """
    known = [text for text in texts if text and all(letter in alphabet.of for letter in text)]
    if not known or len(best_path(logs, alphabet)) < _FEWEST:
        return ()
    best = float(logs.max(axis=1).sum())
    scored = sorted(zip(_scores(logs, known, alphabet).tolist(), known, strict=True), reverse=True)
    return tuple(Match(text, (score - best) / len(text)) for score, text in scored)


def _scores(logs: Logs, texts: Sequence[str], alphabet: Alphabet) -> NDArray[np.float64]:
    """Log probability of each text: forward sums of CTC, all texts at once, other ink before and after allowed.

    The sums are shares of each text's greatest one, whose logarithm is kept aside: plain products cost a tenth of
    sums of logarithms.
    """
    import numpy as np

    wide = 2 * max(map(len, texts)) + 1
    states = np.full((len(texts), wide), BLANK)
    for number, text in enumerate(texts):
        states[number, 1 : 2 * len(text) : 2] = [alphabet.of[letter] for letter in text]
    skips = np.zeros(states.shape)
    skips[:, 2:] = (states[:, 2:] != BLANK) & (states[:, 2:] != states[:, :-2])
    ends = np.array([2 * len(text) + 2 for text in texts])
    each = np.arange(len(texts))
    passed = _other_ink_before(logs)
    behind = passed[-1] - passed
    shares = np.exp(logs)
    whole = np.full(len(texts), _NEVER)
    sums = np.zeros((len(texts), wide + 2))  # Two states that nothing enters precede the first.
    most = np.full(len(texts), passed[0])
    for at, frame in enumerate(shares):
        here = sums[:, 2:] + sums[:, 1:-1] + sums[:, :-2] * skips
        here[:, :2] += np.exp(np.minimum(passed[at] - most, _LARGEST))[:, None]
        here *= frame[states]
        greatest = np.maximum(here.max(axis=1), _LEAST)
        sums[:, 2:] = here / greatest[:, None]
        most = most + np.log(greatest)
        ended = sums[each, ends] + sums[each, ends - 1]
        whole = np.logaddexp(whole, np.log(np.maximum(ended, _LEAST)) + most + behind[at + 1])
    return np.asarray(whole)


def _other_ink_before(logs: Logs) -> NDArray[np.float64]:
    """Log probability of the best path up to each frame (T + 1), less the cost of each of its letters as other
    ink.
    """
    import numpy as np

    classes = logs.argmax(axis=1)
    begins = (classes != BLANK) & (classes != np.concatenate([[BLANK], classes[:-1]]))
    return np.concatenate([[0.0], np.cumsum(logs.max(axis=1) - _OTHER_INK * begins)])
