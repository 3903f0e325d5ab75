"""Interface of the second reader: a line's text with letter probabilities, or values that a grammar allows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.config import Settings, office_head
from corpus.document import Candidate
from ingest.secondreader.beam import Alphabet, PathLetter, behind, best_path, candidates
from ingest.secondreader.grammar import Grammar, NumberLine, Year
from ingest.secondreader.head import HeadWeights
from ingest.secondreader.lexicon import Match, matches
from ingest.secondreader.network import Network, open_network
from ingest.secondreader.picture import number_renderings, pieces, renderings, tensor

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Features = NDArray[np.float32]
    Logs = NDArray[np.float64]

CANDIDATES = 30
"""Values kept of a line, most of them unlikely: the digit net may be sure of one of them."""
_NOTHING = 1e-4
_UNSEEN = 1e-3
"""Share assumed for a value that a rendering does not give.

By folds of bodies, 102 numbers of the first part: the product over the renderings leaves 84 without a question,
the mean 81, none of them wrong.
"""


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word and the probability of its least certain letter (0 to 1)."""

    text: str
    sure: float


@dataclass(frozen=True, slots=True)
class LineRead:
    """Text of a line and the probability of each of its characters (0 to 1)."""

    text: str
    probabilities: tuple[float, ...]

    def words(self) -> tuple[SeenWord, ...]:
        """Its words from left to right."""
        return tuple(
            SeenWord(found.group(), min(self.probabilities[found.start() : found.end()]))
            for found in re.finditer(r"\S+", self.text)
        )


@dataclass(frozen=True, slots=True)
class FigureHead:
    """Our head for figures with the classes it tells apart: all that a line already seen by the network needs."""

    head: HeadWeights
    alphabet: Alphabet


@dataclass(frozen=True, slots=True)
class SecondReader(FigureHead):
    """The network with our head for figures and its own head for words."""

    network: Network

    def read_line(self, picture: Image) -> LineRead:
        """Text of a line's picture (grey or RGB), upright and cropped; a line too wide is split at gaps.

        A failure of the network counts as seeing nothing.
        """
        letters: list[PathLetter] = []
        for piece in pieces(picture):
            try:
                _, logs = self.network.run(tensor(piece, centred=True, factor=1.0))
            except Exception:  # onnxruntime's errors have no class of their own below this one
                return LineRead("", ())
            found = best_path(logs, self.alphabet)
            letters += [PathLetter(" ", -1, 1.0)] * bool(letters and found) + found
        return LineRead("".join(each.text for each in letters), tuple(each.probability for each in letters))

    def among(
        self, picture: Image, texts: Sequence[str], also: Callable[[str], Sequence[str]] | None = None
    ) -> tuple[Match, ...]:
        """Texts that a line may be, best first, by the network's own head; () if the network fails.

        also: makes further texts from the network's own reading.
        """
        try:
            _, logs = self.network.run(tensor(picture, centred=True, factor=1.0))
        except Exception:  # onnxruntime's errors have no class of their own below this one
            return ()
        own = "".join(letter.text for letter in best_path(logs, self.alphabet))
        return matches(logs, tuple(dict.fromkeys((*texts, *(also(own) if also else ())))), self.alphabet)

    def look(self, picture: Image, *, number: bool = False) -> LineLook:
        """Run the network on each rendering of a line; values are derived from the result later.

        number: it is a number's line, most of which are written by hand: three more renderings.
        A failure of the network counts as seeing nothing: that costs a question, never the document.
        """
        rendered = number_renderings(picture) if number else renderings(picture)
        lines = [tensor(grey, centred=centred, factor=factor) for grey, centred, factor in rendered]
        try:
            return LineLook(self, tuple(self.network.run(line) for line in lines))
        except Exception:  # onnxruntime's errors have no class of their own below this one
            return LineLook(self, ())

    def candidates(self, picture: Image, grammar: Grammar) -> tuple[Candidate, ...]:
        """Values of a line that the grammar allows, best first, with probabilities, from all its renderings."""
        return self.look(picture, number=isinstance(grammar, NumberLine)).candidates(grammar)


@dataclass(frozen=True, slots=True)
class LineLook:
    """A line seen by the network: features (T × 512) and own log probabilities (T × 227) of each rendering."""

    reader: FigureHead
    looks: tuple[tuple[Features, Logs], ...]

    def candidates(self, grammar: Grammar) -> tuple[Candidate, ...]:
        """Values that the grammar allows, by our head, best first: the product over the renderings."""
        alphabet, head = self.reader.alphabet, self.reader.head
        return _product([candidates(head.logs(features), grammar, alphabet) for features, _ in self.looks])

    def year(self, latest: int) -> tuple[Candidate, ...]:
        """Year after `năm`, best first: the mean over the renderings under our head and under the network's
        own.
        """
        alphabet, found = self.reader.alphabet, []
        for features, own in self.looks:
            logs = self.reader.head.logs(features)
            at = next(
                (frame for each in (logs, own) if (frame := behind(each, "năm", alphabet)) is not None), None
            )
            if at is not None:
                found += [candidates(each[at:], Year(latest), alphabet) for each in (logs, own)]
        return _mean(found)


def _mean(reads: Sequence[dict[str, float]]) -> tuple[Candidate, ...]:
    shares: dict[str, float] = {}
    for read in reads:
        for value, share in read.items():
            shares[value] = shares.get(value, 0.0) + share / len(reads)
    return _best_first(shares)


def _product(reads: Sequence[dict[str, float]]) -> tuple[Candidate, ...]:
    """Geometric mean of the shares: a value that one rendering denies is not trusted; one that sees nothing
    makes all less sure.
    """
    values = {value for read in reads for value in read}
    scores = {
        value: sum(math.log(max(read.get(value, 0.0), _UNSEEN)) for read in reads) / len(reads) for value in values
    }
    most = max(scores.values(), default=0.0)
    shares = {value: math.exp(score - most) for value, score in scores.items()}
    whole = sum(shares.values())
    return _best_first({value: share / whole for value, share in shares.items()})


def _best_first(shares: dict[str, float]) -> tuple[Candidate, ...]:
    ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))[:CANDIDATES]
    return tuple(Candidate(value, round(share, 4)) for value, share in ranked if share > _NOTHING)


def second_reader(settings: Settings) -> SecondReader | None:
    """The second reader with an office's own head where it learned one, else with the shipped head.

    The network is loaded once per process on first use; None if switched off or its files are missing.
    """
    shipped = _load() if settings.second_reader == "auto" else None
    path = office_head(settings.home)
    try:
        written = path.stat().st_mtime_ns
    except OSError:
        return shipped
    return None if shipped is None else _with_head(shipped, path, written)


def shipped_reader() -> SecondReader | None:
    """The second reader with the head that ships; None if its files are missing."""
    return _load()


@cache
def _load() -> SecondReader | None:
    network = open_network()
    if network is None:
        return None
    return SecondReader(HeadWeights.load(), Alphabet.from_classes(network.classes), network)


_heads: dict[tuple[Path, int], HeadWeights] = {}
"""Heads of offices by file and modification time: an office may train again while its worker runs."""


def _with_head(shipped: SecondReader, path: Path, written: int) -> SecondReader:
    """The reader with the head of this file; a file that can't be read leaves the shipped one in force."""
    if (path, written) not in _heads:
        try:
            _heads[path, written] = HeadWeights.load(path)
        except (OSError, ValueError):
            _heads[path, written] = shipped.head
    return replace(shipped, head=_heads[path, written])
