"""Fits the second reader's head for figures, ingest/weights/head_figures.npz: `python -m script.train_head
features|folds|fit …`.

    features FOLDER FEATURES.pkl   inputs and outputs of network and digit net for each line of FOLDER (labels.tsv,
                                   png/); two minutes of CPU
    folds FEATURES.pkl [NET.npz …] four parts, each read by a head that saw no body of it (model card), and by the
                                   digit net of that part's place in the list (train_digits real --part)
    fit FEATURES.pkl HEAD.npz      the head that ships: all lines but those of documents that another set measures
    office FEATURES.pkl            gain of an office's own head (`vanban learn`): the body with the most numbers,
                                   from a head that saw no line of it

A figure on lines that the head was fitted on is no figure. Bodies are parted, never lines: one clerk writes many
papers.
"""

from __future__ import annotations

import argparse
import os
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
from numpy.typing import NDArray

from corpus.document import Candidate
from ingest.handwriting.adapt_head import NumberSeen, judged, score_head
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.decision import Decision, FigureReadings, decide, parts
from ingest.handwriting.digit_net import DigitReader
from ingest.secondreader.beam import Alphabet
from ingest.secondreader.fitting import HeadLine, fitted
from ingest.secondreader.grammar import DateLine, Grammar, NumberLine
from ingest.secondreader.head import HeadWeights
from ingest.secondreader.network import Network, open_network
from ingest.secondreader.picture import FITTED, number_renderings, renderings, tensor
from ingest.secondreader.reader import FigureHead, LineLook
from script.bench_hands import Tally, crop_of, labelled
from script.learn.head import head_of
from script.learn.parts import PARTS, part_of_bodies

_MOST = 60
"""Lines that all of one body count for at most: a single office wrote nearly half of them."""
_COUNTS, _LEAST_READ = (20, 50, 100), 20
_OWN_LINES = 40
"""Lines from which the network's own last layer is solved: 513 unknowns for each class, some 50 frames a line."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A labelled line, what the digit net reads of it,
    and for each rendering the features and the network's own logs.
    """

    name: str
    kind: str
    label: str
    symbol: str
    body: str
    measured_elsewhere: bool
    crop: NDArray[np.uint8]
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
        rendered = number_renderings(line) if row["kind"] == "number" else renderings(line)
        runs = [network.run(tensor(grey, centred=c, factor=f)) for grey, c, f in rendered]
        looks = tuple((a.astype(np.float16), b.astype(np.float16)) for a, b in runs)
        crop = crop_of(arguments.folder, line, row)
        read = net.look(crop, "number" if row["kind"] == "number" else "day").candidates
        elsewhere = bool(row.get("also_in"))
        found.append(
            Seen(row["id"], row["kind"], row["label"], row["symbol"], row["body"], elsewhere, crop, read, looks)
        )
    arguments.features.write_bytes(pickle.dumps((network.classes, found)))
    print(f"{len(found)} lines")


def _loaded(path: Path) -> tuple[Alphabet, list[Seen]]:
    classes, found = pickle.loads(path.read_bytes())
    return Alphabet.from_classes(classes), [line for line in found if line.printed]


def _start(lines: Sequence[Seen]) -> HeadWeights:
    looks = [line.looks[0] for line in lines[:_OWN_LINES]]
    return head_of([a.astype(np.float32) for a, _ in looks], [b.astype(np.float32) for _, b in looks])


def _head(lines: Sequence[Seen], start: HeadWeights, alphabet: Alphabet) -> HeadWeights:
    of_body = Counter(line.body for line in lines)
    known = [
        HeadLine(
            tuple(look for look, _ in line.looks[:FITTED]),
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
    of = part_of_bodies([line.body for line in lines])
    for part in range(PARTS):
        inside = [line for line in lines if of[line.body] == part]
        head = _head([line for line in lines if of[line.body] != part], start, alphabet)
        reader = FigureHead(head, alphabet)
        for line in inside:
            found = _look(reader, line).candidates(line.grammar)
            yield line, part, found if line.kind == "number" else parts(found, 0)


def folds(arguments: argparse.Namespace) -> None:
    """Prints the figures by part and kind: the second reader alone, then decided with the digit net that ships."""
    alphabet, lines = _loaded(arguments.features)
    read = list(by_folds(alphabet, _with_nets(lines, arguments)))
    for part in (*range(PARTS), None):
        for kind in ("number", "date"):
            rows = [each for each in read if each[0].kind == kind and part in (None, each[1])]
            print(f"{'all' if part is None else f'part {part}'} {kind:6} {_figures(rows)}", flush=True)


def _with_nets(lines: list[Seen], arguments: argparse.Namespace) -> list[Seen]:
    """The lines read by the nets that saw none of their part's bodies."""
    if not arguments.nets:
        return lines
    nets = [DigitReader.load(path) for path in arguments.nets]
    part = part_of_bodies([line.body for line in lines])
    return [replace(line, net=nets[part[line.body]].look(line.crop, _kind(line)).candidates) for line in lines]


def _kind(line: Seen) -> Kind:
    return "number" if line.kind == "number" else "day"


def _figures(rows: Sequence[Read]) -> str:
    alone, both = Tally(), Tally()
    for line, _, found in rows:
        alone.take(line.name, line.value, Decision(found, False))
        both.take(
            line.name, line.value, decide(FigureReadings(_kind(line), line.net, found, None, 0.0, False, True))
        )
    return (
        f"{both.lines}: alone {alone.exact}, first five {alone.first}; with the net {both.exact}, "
        f"first five {both.first}, unflagged {both.unflagged}, of them wrong {both.wrong}"
    )


def office(arguments: argparse.Namespace) -> None:
    """Prints what 20, 50 and 100 of the first numbers of an office teach the head, read on its other numbers."""
    alphabet, lines = _loaded(arguments.features)
    body = Counter(line.body for line in lines if line.kind == "number").most_common(1)[0][0]
    others = [line for line in lines if line.body != body]
    head = _head(others, _start(others), alphabet)
    shipped = FigureHead(head, alphabet)
    seen = [
        NumberSeen(line.label, f"/{line.symbol}", _look(shipped, line), line.net)
        for line in lines
        if line.body == body and line.kind == "number"
    ]
    for count in _COUNTS:
        read = seen[count:]
        if len(read) < _LEAST_READ:
            print(f"{count:4} numbers: too few in this folder")
            continue
        found = judged(shipped, seen[:count])
        before, after = score_head(head, shipped, read), score_head(found.learned, shipped, read)
        taken = "taken" if found.better else "not taken"
        print(
            f"{count:4} numbers learned ({taken}: by folds {found.before.right} →"
            f" {found.after.right}), {len(read)} others read: right {before.right} before, {after.right} after;"
            f" wrong unseen {before.silent}, {after.silent}",
            flush=True,
        )


def _look(reader: FigureHead, line: Seen) -> LineLook:
    return LineLook(reader, tuple((a.astype(np.float32), b.astype(np.float64)) for a, b in line.looks))


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
        (office, ("features",)),
    ):
        sub = commands.add_parser(command.__name__)
        sub.set_defaults(run=command)
        for name in names:
            sub.add_argument(name, type=Path)
        if command is folds:
            sub.add_argument("nets", type=Path, nargs="*")
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    arguments.run(arguments)
