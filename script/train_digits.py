"""Trains the digit net and writes ingest/weights/digits.npz: `python -m script.train_digits make|fit|real …`.

    make DIGITS LINES.pkl --count 16000      made lines (two processes)
    fit LINES.pkl NET.pt --seconds 400       frames, then CTC
    crops SCANS CROPS.pkl                    real lines of a folder of scans with gold records
    hands FOLDER CROPS.pkl                   real lines of a folder with labels.tsv and png/
    real NET.pt LINES.pkl CROPS.pkl OUT.pt   a short fit on real crops: --leave GROUP, --part K,
                                             --more CROPS.pkl
    pack NET.pt digits.npz                   half precision, normalisation folded in
    measure digits.npz CROPS.pkl             exact, top 3, top 5, accepted and wrong [--only GROUP]

DIGITS holds MNIST (mnist-train-5000.npz, t10k-*-ubyte.gz) and USPS (usps.npz). The weights that ship are in
ingest/weights/digits.npz; a figure on scans the net was fitted on is no figure, so `--leave` one office group, or
one of five parts (0 to 4), and `measure --only` it; of labelled lines leave out `--part` 0 to 3, all lines of a
quarter of the bodies. NET.pt may be packed weights (.npz), which are then fitted further.
"""

from __future__ import annotations

import argparse
import multiprocessing
import pickle
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from script.learn.crops import RealLine
from script.learn.lines import LEFT, RIGHT, Line, load_digits, make_line

if TYPE_CHECKING:
    from script.learn.network import LineNet

MOST = 60
"""Lines that all of one body count for at most."""


def _many(job: tuple[Path, int, int]) -> list[Line]:
    folder, count, seed = job
    digits, rng = load_digits(folder), np.random.default_rng(seed)
    return [make_line(digits, rng) for _ in range(count)]


def make(arguments: argparse.Namespace) -> None:
    """Makes lines in two processes."""
    jobs = [(arguments.digits, arguments.count // 8, arguments.seed + k) for k in range(8)]
    with multiprocessing.Pool(2) as pool:
        lines = [line for part in pool.imap(_many, jobs) for line in part]
    arguments.lines.write_bytes(pickle.dumps(lines))
    print(f"{len(lines)} lines")


def _loaded(path: Path) -> list[Line]:
    lines: list[Line] = pickle.loads(path.read_bytes())
    return lines


def fit(arguments: argparse.Namespace) -> None:
    """Fits on made lines; the last 500 are kept back."""
    import torch

    from script.learn.fit import exact, fit
    from script.learn.network import LineNet

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    lines, net = _loaded(arguments.lines), LineNet()
    if arguments.begin:
        net.load_state_dict(torch.load(arguments.begin))
    steps = fit(net, lines[:-500], arguments.seconds, np.random.default_rng(2), arguments.rate, arguments.ctc_from)
    torch.save(net.state_dict(), arguments.net)
    print(f"{steps} steps; {exact(net, lines[-500:]):.3f} of made lines kept back are right")


def crops(arguments: argparse.Namespace) -> None:
    """Cuts the real lines."""
    from script.learn.crops import real_lines

    found = real_lines(arguments.scans)
    arguments.crops.write_bytes(pickle.dumps(found))
    print(f"{len(found)} lines")


def hands(arguments: argparse.Namespace) -> None:
    """Takes the real lines of labelled ones."""
    from script.learn.crops import labelled_lines

    found = labelled_lines(arguments.folder)
    arguments.crops.write_bytes(pickle.dumps(found))
    print(f"{len(found)} lines")


def fold_of(document: str) -> int:
    """Which of five parts a document belongs to, by its name."""
    return sum(document.encode()) % 5


def _known(rows: list[RealLine], net: LineNet) -> list[Line]:
    """Real crops as lines whose glyph places are not known.

    The record of a day or month does not tell whether a zero was written before it: the net says which is
    likelier.
    """
    from ingest.handwriting.line_image import prepare
    from script.learn.fit import likelier

    known = []
    for row in rows:
        certain = row.kind == "number" or row.spelled
        spellings = {row.digits} if certain else {row.digits.lstrip("0"), row.digits.zfill(2)}
        options = [Line(prepare(row.image), (LEFT, *map(int, text), RIGHT), ()) for text in sorted(spellings)]
        known.append(likelier(net, options) if len(options) > 1 else options[0])
    return known


def _kept(path: Path, leave: str, part: int | None) -> list[RealLine]:
    """The rows but those of the group, of the fifth of the documents, or of the bodies' part that is left out."""
    rows: list[RealLine] = pickle.loads(path.read_bytes())
    return [
        row
        for row in rows
        if row.group != leave
        and not (leave.isdigit() and fold_of(row.document) == int(leave))
        and (part is None or row.part != part)
    ]


def real(arguments: argparse.Namespace) -> None:
    """Fits on real crops among made lines; no body counts for more than MOST lines."""
    import torch

    from script.learn.fit import fit_real
    from script.learn.network import loaded

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    net = loaded(arguments.net)
    made = _loaded(arguments.lines)
    rows = [
        row for path in (arguments.crops, *arguments.more) for row in _kept(path, arguments.leave, arguments.part)
    ]
    of_group = Counter(row.group for row in rows)
    weights = [min(1.0, MOST / of_group[row.group]) for row in rows]
    fit_real(net, _known(rows, net), made, arguments.steps, np.random.default_rng(3), weights)
    torch.save(net.state_dict(), arguments.out)
    print(f"{len(rows)} real lines, {arguments.steps} steps")


def pack(arguments: argparse.Namespace) -> None:
    """Writes the weights that ship."""
    from script.learn.network import loaded, save

    save(loaded(arguments.net), arguments.out)
    print(f"{arguments.out.stat().st_size} bytes")


def measure(arguments: argparse.Namespace) -> None:
    """Scores weights on real lines, one row for each kind and threshold."""
    from script.learn.measure import report

    rows: list[RealLine] = pickle.loads(arguments.crops.read_bytes())
    kept = [row for row in rows if arguments.only in ("", row.group, str(fold_of(row.document)))]
    print(report(arguments.weights, kept))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for command, names in (
        (make, ("digits", "lines")),
        (fit, ("lines", "net")),
        (real, ("net", "lines", "crops", "out")),
        (pack, ("net", "out")),
        (crops, ("scans", "crops")),
        (hands, ("folder", "crops")),
        (measure, ("weights", "crops")),
    ):
        sub = commands.add_parser(command.__name__)
        sub.set_defaults(run=command)
        for name in names:
            sub.add_argument(name, type=Path)
        sub.add_argument("--count", type=int, default=16000)
        sub.add_argument("--seed", type=int, default=100)
        sub.add_argument("--seconds", type=float, default=400)
        sub.add_argument("--rate", type=float, default=3e-3)
        sub.add_argument("--begin", type=Path)
        sub.add_argument("--ctc-from", type=float, default=0.45)
        sub.add_argument("--threads", type=int, default=1)
        sub.add_argument("--steps", type=int, default=110)
        sub.add_argument("--leave", default="")
        sub.add_argument("--only", default="")
        sub.add_argument("--part", type=int)
        sub.add_argument("--more", type=Path, nargs="*", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    arguments.run(arguments)
