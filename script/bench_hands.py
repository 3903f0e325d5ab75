"""How well written numbers and days are read: script/bench hands FOLDER, FOLDER with labels.tsv and png/.

Each line alone, as the product reads it with the printed symbol known: the digit net and the second reader,
weighed by ingest.handwriting.decision; OCR is not asked, since it reads no pens. The net gets what the product cut
for it (FOLDER/net), else that part of the line, by where the printed words usually stand. What the shipped weights
were fitted on is a fitted figure: the README of ingest/weights has those by folds. `--off`: without the second
reader; `--misses`: each line that is read wrong.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from corpus.config import Settings  # noqa: E402
from corpus.document import Candidate  # noqa: E402
from ingest.handwriting.beam_search import Kind  # noqa: E402
from ingest.handwriting.decision import Decision, FigureReadings, decide, parts  # noqa: E402
from ingest.handwriting.digit_net import DigitReader, looks_printed  # noqa: E402
from ingest.secondreader.grammar import DateLine, NumberLine  # noqa: E402
from ingest.secondreader.reader import SecondReader, second_reader  # noqa: E402

Image = NDArray[np.uint8]
FIRST = 5
_LETTER = 32
"""Mean width of a capital of a symbol, px at 300 dpi."""
_MONTH_AT = 0.43
"""Where `tháng` begins between `ngày` and the end of `năm`."""
_UP, _HEIGHT, _BEFORE, _BEHIND = 81, 136, 25, 115
"""What the product cuts around the baseline, before `Số` or `ngày`,
and behind the slash or the start of `tháng`."""


@dataclass(slots=True)
class Tally:
    """Lines of a kind: exact, among the first five, passed without a question, and of these wrong."""

    lines: int = 0
    exact: int = 0
    first: int = 0
    unflagged: int = 0
    wrong: int = 0
    misses: list[str] = field(default_factory=list)

    def take(self, name: str, wanted: str, decided: Decision) -> None:
        values = [candidate.value for candidate in decided.candidates[:FIRST]]
        right = values[:1] == [wanted]
        self.lines += 1
        self.exact += right
        self.first += wanted in values
        self.unflagged += decided.sure
        self.wrong += decided.sure and not right
        if not right:
            told = ", ".join(f"{c.value} {c.confidence:.2f}" for c in decided.candidates[:FIRST])
            self.misses.append(f"{name} {wanted}: {told}{' UNFLAGGED' if decided.sure else ''}")


def ink_box(line: Image) -> tuple[int, int, int]:
    """Left and right end of the line's ink and the baseline of the print at its right end, px."""
    ink = line < line.mean() - 25
    columns, right_part = np.flatnonzero(ink.sum(axis=0) > 1), ink[:, int(line.shape[1] * 0.55) :]
    if not len(columns):
        return 0, line.shape[1], round(line.shape[0] * 0.68)
    rows = cv2.blur(right_part.sum(axis=1).astype(np.float32)[:, None], (1, 3))[:, 0]
    falls = rows[:-4] - rows[4:]
    half = line.shape[0] // 2
    return int(columns[0]), int(columns[-1]) + 1, half + int(falls[half:].argmax()) + 2


def net_crop(line: Image, row: Mapping[str, str]) -> Image:
    """The part of a whole line that the product would cut for its net."""
    scale = 300 / float(row.get("dpi") or 300)
    line = np.asarray(cv2.resize(line, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    left, right, base = ink_box(line)
    behind = len(f"/{row['symbol']}") * _LETTER if row["kind"] == "number" else (right - left) * (1 - _MONTH_AT)
    end = min(line.shape[1], round(right - behind) + _BEHIND)
    edge = int(np.percentile(line, 90))
    above, below = max(0, _UP - base), max(0, _HEIGHT - _UP - (line.shape[0] - base))
    padded = cv2.copyMakeBorder(
        line[:, :end], above, below, max(0, _BEFORE - left), 0, cv2.BORDER_CONSTANT, value=[edge]
    )
    return np.asarray(padded[max(0, base - _UP) :][:_HEIGHT], np.uint8)


def crop_of(folder: Path, line: Image, row: Mapping[str, str]) -> Image:
    """What the product cut of the page for its net, where the folder has it (net/);
    else the like part of the line.
    """
    path = folder / "net" / (row.get("net_crop") or "").partition(",")[0]
    cut = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) if path.is_file() else None
    return net_crop(line, row) if cut is None else np.asarray(cut, np.uint8)


def decided(
    line: Image, crop: Image, row: Mapping[str, str], net: DigitReader, second: SecondReader | None
) -> Decision:
    """What the product would make of a line."""
    kind: Kind = "number" if row["kind"] == "number" else "day"
    look = net.look(crop, kind)
    others: tuple[Candidate, ...] | None = None
    if second is not None and kind == "number":
        others = second.candidates(line, NumberLine(f"/{row['symbol']}"))
    elif second is not None:
        others = parts(second.candidates(line, DateLine()), 0)
    return decide(FigureReadings(kind, look.candidates, others, None, 0.0, looks_printed(look), True))


def labelled(folder: Path) -> Iterator[dict[str, str]]:
    """The rows whose number or day is known."""
    with (folder / "labels.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            row["wanted"] = row["label"] if row["kind"] == "number" else row["label"].partition("/")[0]
            if row["wanted"]:
                yield row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--off", action="store_true")
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    settings = Settings(_env_file=None, second_reader="off" if arguments.off else "auto")  # type: ignore[call-arg]
    net, second = DigitReader.load(), second_reader(settings)
    if second is None:
        print("without the second reader")
    tallies = {"number": Tally(), "date": Tally()}
    for row in labelled(arguments.folder):
        picture = cv2.imread(str(arguments.folder / "png" / f"{row['id']}.png"), cv2.IMREAD_GRAYSCALE)
        line = np.asarray(picture, np.uint8)
        wanted = row["wanted"] if row["kind"] == "number" else str(int(row["wanted"]))
        found = decided(line, crop_of(arguments.folder, line, row), row, net, second)
        tallies[row["kind"]].take(row["id"], wanted, found)
    numbers, days = tallies["number"], tallies["date"]
    if arguments.misses:
        print("\n".join([*numbers.misses, *days.misses]))
    print(
        f"numbers exact {numbers.exact} of {numbers.lines}, first five {numbers.first}, "
        f"unflagged {numbers.unflagged}, of them wrong {numbers.wrong}; "
        f"days exact {days.exact} of {days.lines}, unflagged {days.unflagged}, of them wrong {days.wrong}"
    )


if __name__ == "__main__":
    main()
