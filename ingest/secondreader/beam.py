"""Decoding of frame log probabilities to texts: best path, and a CTC prefix beam restricted by a grammar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.secondreader.grammar import Grammar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Logs = NDArray[np.float64]

BLANK = 0
_WIDTH = 30
_NEVER = -1e30
_LEAST = -16.0
"""A character less likely than this (log) in a frame starts no prefix."""
_HOPELESS = 22.0
_FIRST = 2
"""Letters that open every line, so that no printed word ends among them."""
_LAST = 2
"""Frames kept after the last printed character."""


@dataclass(frozen=True, slots=True)
class PathLetter:
    """A character of the best path: its frame and its probability there."""

    text: str
    frame: int
    probability: float


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Classes of the network, and the class of each character."""

    classes: tuple[str, ...]
    of: dict[str, int]

    @classmethod
    def from_classes(cls, classes: tuple[str, ...]) -> Alphabet:
        return cls(classes, {text: number for number, text in enumerate(classes) if number != BLANK})

    @property
    def space(self) -> int:
        return self.of[" "]


def best_path(logs: Logs, alphabet: Alphabet) -> list[PathLetter]:
    """Likeliest class of every frame, without repeats and blanks of CTC."""
    import numpy as np

    found: list[PathLetter] = []
    before = BLANK
    for frame, number in enumerate(logs.argmax(axis=1).tolist()):
        if number not in (before, BLANK):
            found.append(PathLetter(alphabet.classes[number], frame, float(np.exp(logs[frame, number]))))
        before = number
    return found


def without_spaces(logs: Logs, alphabet: Alphabet) -> Logs:
    """Count the blank between words as the blank of CTC: in a line of figures it means nothing."""
    import numpy as np

    joined = logs.copy()
    joined[:, BLANK] = np.logaddexp(logs[:, BLANK], logs[:, alphabet.space])
    joined[:, alphabet.space] = _NEVER
    return joined


def candidates(logs: Logs, grammar: Grammar, alphabet: Alphabet) -> dict[str, float]:
    """Values of the grammar with their share of everything it allows; {} if nothing of it is seen."""
    logs = without_spaces(logs, alphabet)
    texts = prefixes(logs[: _end(logs, grammar.end, alphabet)], grammar, alphabet)
    scores: dict[str, float] = {}
    for text, score in texts.items():
        value = grammar.value(text)
        if value is not None:
            scores[value] = _sum(scores.get(value, _NEVER), score)
    if not scores:
        return {}
    most = max(scores.values())
    shares = {value: math.exp(score - most) for value, score in scores.items()}
    whole = sum(shares.values())
    return {value: share / whole for value, share in shares.items()}


def _end(logs: Logs, printed: str, alphabet: Alphabet) -> int:
    """Frame at which the grammar's part ends, by its printed end on the best path; all frames without one."""
    for length in range(len(printed), 0, -1):
        at = behind(logs, printed[-length:], alphabet)
        if at is not None:
            return min(len(logs), at + _LAST - 1)
    return len(logs)


def behind(logs: Logs, printed: str, alphabet: Alphabet) -> int | None:
    """First frame after a printed word on the best path (a single letter counts at its last place); None if it
    isn't seen.
    """
    letters = [letter for letter in best_path(logs, alphabet) if letter.text != " "]
    text = "".join(letter.text for letter in letters)
    at = text.rfind(printed, _FIRST) if len(printed) == 1 else text.find(printed, _FIRST)
    return None if at < 0 else letters[at + len(printed) - 1].frame + 1


def prefixes(logs: Logs, grammar: Grammar, alphabet: Alphabet, width: int = _WIDTH) -> dict[str, float]:
    """Log probabilities of the best texts that the grammar allows."""
    following: dict[str, list[tuple[str, int]]] = {}
    beams: dict[str, tuple[float, float]] = {"": (0.0, _NEVER)}
    for frame in logs.tolist():
        grown: dict[str, tuple[float, float]] = {}
        for text, (blank, other) in beams.items():
            both = _sum(blank, other)
            _put(grown, text, both + frame[BLANK], other + frame[alphabet.of[text[-1]]] if text else _NEVER)
            if text not in following:
                following[text] = [(c, alphabet.of[c]) for c in grammar.following(text) if c in alphabet.of]
            for character, number in following[text]:
                if frame[number] > _LEAST:
                    before = blank if text and text[-1] == character else both
                    _put(grown, text + character, _NEVER, before + frame[number])
        ranked = sorted(((_sum(*pair), text) for text, pair in grown.items()), reverse=True)[:width]
        beams = {text: grown[text] for score, text in ranked if score > ranked[0][0] - _HOPELESS}
    return {text: _sum(*pair) for text, pair in beams.items()}


def _put(beams: dict[str, tuple[float, float]], text: str, blank: float, other: float) -> None:
    old = beams.get(text)
    beams[text] = (blank, other) if old is None else (_sum(old[0], blank), _sum(old[1], other))


def _sum(one: float, other: float) -> float:
    """log(e^one + e^other)."""
    if one < other:
        one, other = other, one
    return one if other <= _NEVER / 2 or other < one - 40 else one + math.log1p(math.exp(other - one))
