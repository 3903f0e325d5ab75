"""The second reader's one interface: a line's text with its letters' probabilities, or values that a grammar allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import Candidate
from ingest.secondreader.beam import Alphabet, Letter, behind, best_path, candidates
from ingest.secondreader.grammar import Grammar, Year
from ingest.secondreader.head import Head
from ingest.secondreader.network import Network, open_network
from ingest.secondreader.picture import pieces, renderings, tensor

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Features = NDArray[np.float32]
    Logs = NDArray[np.float64]

CANDIDATES = 8
_NOTHING = 1e-4


@dataclass(frozen=True, slots=True)
class LineRead:
    """A line's text and the probability of each of its characters (0 to 1)."""

    text: str
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SecondReader:
    """The network with our head for figures; its own head for words."""

    network: Network
    head: Head
    alphabet: Alphabet

    def read_line(self, picture: Image) -> LineRead:
        """The text of a line's picture (grey or RGB), upright and cut by someone else; too wide a line is cut at gaps."""
        letters: list[Letter] = []
        for piece in pieces(picture):
            _, logs = self.network.run(tensor(piece, centred=True, factor=1.0))
            found = best_path(logs, self.alphabet)
            letters += [Letter(" ", -1, 1.0)] * bool(letters and found) + found
        return LineRead("".join(each.text for each in letters), tuple(each.probability for each in letters))

    def look(self, picture: Image) -> LineLook:
        """A line as the network sees it in each of its renderings; what it says is asked afterwards.

        Where the network fails it has seen nothing: that costs a question, never the document.
        """
        lines = [tensor(grey, centred=centred, factor=factor) for grey, centred, factor in renderings(picture)]
        try:
            return LineLook(self, tuple(self.network.run(line) for line in lines))
        except Exception:  # onnxruntime's errors have no class of their own below this one
            return LineLook(self, ())

    def candidates(self, picture: Image, grammar: Grammar) -> tuple[Candidate, ...]:
        """Values of a line that the grammar allows, best first, with probabilities: the mean over its renderings."""
        return self.look(picture).candidates(grammar)


@dataclass(frozen=True, slots=True)
class LineLook:
    """A line that the network has seen: features (T × 512) and its own log probabilities (T × 227) of each rendering."""

    reader: SecondReader
    looks: tuple[tuple[Features, Logs], ...]

    def candidates(self, grammar: Grammar) -> tuple[Candidate, ...]:
        """Values that the grammar allows, by our head, best first: the mean over the renderings."""
        alphabet, head = self.reader.alphabet, self.reader.head
        return _mean([candidates(head.logs(features), grammar, alphabet) for features, _ in self.looks])

    def year(self, latest: int) -> tuple[Candidate, ...]:
        """The year behind `năm`, best first: the mean over the renderings under our head and under the network's own."""
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
    ranked = sorted(shares.items(), key=lambda pair: -pair[1])[:CANDIDATES]
    return tuple(Candidate(value, round(share, 4)) for value, share in ranked if share > _NOTHING)


def second_reader(settings: Settings) -> SecondReader | None:
    """The reader, loaded once per process when first asked for; None when it is switched off or its files are missing."""
    return _loaded() if settings.second_reader == "auto" else None


@cache
def _loaded() -> SecondReader | None:
    network = open_network()
    if network is None:
        return None
    return SecondReader(network, Head.load(), Alphabet.from_classes(network.classes))
