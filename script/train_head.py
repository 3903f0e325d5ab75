"""Fits the second reader's head for figures, ingest/weights/head_figures.npz: `python -m script.train_head features|folds|fit …`.

    features FOLDER FEATURES.pkl        what network and digit net see of each line of FOLDER (labels.tsv, png/), two minutes of CPU
    folds FEATURES.pkl                  four parts, each read by a head that saw no body of it; the figures of the model card
    fit FEATURES.pkl HEAD.npz           the head that ships: all lines but those of documents that another set measures

A figure on lines that the head was fitted on is no figure. Bodies are parted, never lines: one clerk writes many papers.
"""

from __future__ import annotations

import argparse
import os
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
from numpy.typing import NDArray

from corpus.document import Candidate
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.decision import Decision, Witnesses, decide, parts
from ingest.handwriting.digit_net import DigitReader
from ingest.secondreader.beam import Alphabet
from ingest.secondreader.grammar import DateLine, Grammar, NumberLine
from ingest.secondreader.head import Head
from ingest.secondreader.network import Network, open_network
from ingest.secondreader.picture import renderings, tensor
from ingest.secondreader.reader import LineLook, SecondReader
from script.bench_hands import Tally, crop_of, labelled
from script.learn.head import HeadLine, fitted, head_of

PARTS = 4
_MOST = 60
"""Lines that all of one body count for at most: a single office wrote nearly half of them."""
_OWN_LINES = 40
"""Lines from which the network's own last layer is solved: 513 unknowns for each class, some 50 frames a line."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A labelled line, what the digit net reads of it, and for each rendering the features and the network's own logs."""

    name: str
    kind: str
    label: str
    symbol: str
    body: str
    measured_elsewhere: bool
    net: tuple[Candidate, ...]
    looks: tuple[tuple[NDArray[np.float16], NDArray[np.float16]], ...]

    @property
    def printed(self) -> str:
        """The line's text without blanks; "" when not all of it is known."""
        if self.kind == "number":
            return f"Số:{self.label}/{self.symbol}".replace("–", "-").replace(" ", "")
        day, _, month = self.label.partition("/")
        return f"ngày{day}tháng{month}năm" if day and month else ""

    @property
    def value(self) -> str:
        """The number as written, or the day."""
        return self.label if self.kind == "number" else str(int(self.label.partition("/")[0]))

    @property
    def grammar(self) -> Grammar:
        return NumberLine(f"/{self.symbol}") if self.kind == "number" else DateLine()


def _network() -> Network:
    network = open_network()
    if network is None:
        raise SystemExit("asternet.onnx is not installed: script/reader")
    return network


def features(arguments: argparse.Namespace) -> None:
    """Runs the network and the digit net over the lines."""
    network, net, found = _network(), DigitReader.load(), []
    for row in labelled(arguments.folder):
        picture = cv2.imread(str(arguments.folder / "png" / f"{row['id']}.png"), cv2.IMREAD_GRAYSCALE)
        line = np.asarray(picture, np.uint8)
        runs = [network.run(tensor(grey, centred=c, factor=f)) for grey, c, f in renderings(line)]
        looks = tuple((a.astype(np.float16), b.astype(np.float16)) for a, b in runs)
        read = net.look(
            crop_of(arguments.folder, line, row), "number" if row["kind"] == "number" else "day"
        ).candidates
        elsewhere = bool(row.get("also_in"))
        found.append(
            Seen(row["id"], row["kind"], row["label"], row["symbol"], row["body"], elsewhere, read, looks)
        )
    arguments.features.write_bytes(pickle.dumps((network.classes, found)))
    print(f"{len(found)} lines")


def _loaded(path: Path) -> tuple[Alphabet, list[Seen]]:
    classes, found = pickle.loads(path.read_bytes())
    return Alphabet.from_classes(classes), [line for line in found if line.printed]


def _start(lines: Sequence[Seen]) -> Head:
    looks = [line.looks[0] for line in lines[:_OWN_LINES]]
    return head_of([a.astype(np.float32) for a, _ in looks], [b.astype(np.float32) for _, b in looks])


def _head(lines: Sequence[Seen], start: Head, alphabet: Alphabet) -> Head:
    of_body = Counter(line.body for line in lines)
    known = [
        HeadLine(
            tuple(look for look, _ in line.looks),
            _target(line.printed, alphabet),
            min(1.0, _MOST / of_body[line.body]),
        )
        for line in lines
    ]
    return fitted(known, start, alphabet.space)


def _target(text: str, alphabet: Alphabet) -> tuple[int, ...]:
    return tuple(alphabet.of[character] for character in text if character in alphabet.of)


Read = tuple[Seen, int, tuple[Candidate, ...]]


def by_folds(alphabet: Alphabet, lines: Sequence[Seen]) -> Iterator[Read]:
    """Each line with its part and the candidates that a head gives which saw no line of its body."""
    start = _start(lines)
    bodies = [body for body, _ in Counter(line.body for line in lines).most_common()]
    for part in range(PARTS):
        inside = [line for line in lines if bodies.index(line.body) % PARTS == part]
        head = _head([line for line in lines if bodies.index(line.body) % PARTS != part], start, alphabet)
        reader = SecondReader(None, head, alphabet)  # type: ignore[arg-type]
        for line in inside:
            look = LineLook(reader, tuple((a.astype(np.float32), b.astype(np.float64)) for a, b in line.looks))
            found = look.candidates(line.grammar)
            yield line, part, found if line.kind == "number" else parts(found, 0)


def folds(arguments: argparse.Namespace) -> None:
    """Prints the figures by part and kind: the second reader alone, then decided with the digit net that ships."""
    read = list(by_folds(*_loaded(arguments.features)))
    for part in (*range(PARTS), None):
        for kind in ("number", "date"):
            rows = [each for each in read if each[0].kind == kind and part in (None, each[1])]
            print(f"{'all' if part is None else f'part {part}'} {kind:6} {_figures(rows)}", flush=True)


def _figures(rows: Sequence[Read]) -> str:
    alone, both = Tally(), Tally()
    for line, _, found in rows:
        alone.take(line.name, line.value, Decision(found, False))
        kind: Kind = "number" if line.kind == "number" else "day"
        both.take(line.name, line.value, decide(Witnesses(kind, line.net, found, None, 0.0, False, True)))
    return (
        f"{both.lines}: alone {alone.exact}, first five {alone.first}; with the net {both.exact}, "
        f"first five {both.first}, unflagged {both.unflagged}, of them wrong {both.wrong}"
    )


def fit(arguments: argparse.Namespace) -> None:
    """Writes the head that ships."""
    alphabet, lines = _loaded(arguments.features)
    kept = [line for line in lines if not line.measured_elsewhere]
    _head(kept, _start(lines), alphabet).save(arguments.head)
    print(f"{len(kept)} lines, {arguments.head.stat().st_size} bytes")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for command, names in (
        (features, ("folder", "features")),
        (folds, ("features",)),
        (fit, ("features", "head")),
    ):
        sub = commands.add_parser(command.__name__)
        sub.set_defaults(run=command)
        for name in names:
            sub.add_argument(name, type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    arguments.run(arguments)
