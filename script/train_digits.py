"""Trains the digit net and writes ingest/weights/digits.npz: `python -m script.train_digits make|fit|real …`.

    make DIGITS LINES.pkl --count 16000      made lines (two processes)
    fit LINES.pkl NET.pt --seconds 400       frames, then CTC
    real NET.pt LINES.pkl CROPS.pkl OUT.pt   a short fit on real crops [--leave GROUP]
    pack NET.pt ingest/weights/digits.npz    half precision, normalisation folded in

DIGITS holds MNIST (mnist-train-5000.npz, t10k-*-ubyte.gz) and USPS (usps.npz). CROPS.pkl is a list of
(id, group, kind, crop as uint8 array, digits as text).
"""

from __future__ import annotations

import argparse
import multiprocessing
import pickle
from pathlib import Path

import numpy as np

from script.learn.lines import LEFT, RIGHT, Line, load_digits, make_line


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
    steps = fit(net, lines[:-500], arguments.seconds, np.random.default_rng(2), arguments.rate)
    torch.save(net.state_dict(), arguments.net)
    print(f"{steps} steps; {exact(net, lines[-500:]):.3f} of made lines kept back are right")


def real_lines(path: Path, leave: str) -> list[Line]:
    """Real crops of every group but `leave` as lines whose glyph places are not known."""
    from ingest.handwriting_image import prepare

    rows = pickle.loads(path.read_bytes())
    return [
        Line(prepare(crop), (LEFT, *(int(d) for d in text), RIGHT), ())
        for _, group, _, crop, text in rows
        if group != leave
    ]


def real(arguments: argparse.Namespace) -> None:
    """Fits on real crops among made lines."""
    import torch

    from script.learn.fit import fit_real
    from script.learn.network import LineNet

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    net = LineNet()
    net.load_state_dict(torch.load(arguments.net))
    made = _loaded(arguments.lines)
    crops = real_lines(arguments.crops, arguments.leave)
    fit_real(net, crops, made, arguments.steps, np.random.default_rng(3))
    torch.save(net.state_dict(), arguments.out)
    print(f"{len(crops)} real lines, {arguments.steps} steps")


def pack(arguments: argparse.Namespace) -> None:
    """Writes the weights that ship."""
    import torch

    from script.learn.network import LineNet, save

    net = LineNet()
    net.load_state_dict(torch.load(arguments.net))
    save(net, arguments.out)
    print(f"{arguments.out.stat().st_size} bytes")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for command, names in (
        (make, ("digits", "lines")),
        (fit, ("lines", "net")),
        (real, ("net", "lines", "crops", "out")),
        (pack, ("net", "out")),
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
        sub.add_argument("--threads", type=int, default=1)
        sub.add_argument("--steps", type=int, default=110)
        sub.add_argument("--leave", default="")
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _arguments()
    arguments.run(arguments)
