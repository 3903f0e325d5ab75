"""Gain of `vanban learn` from an office's confirmed numbers: script/bench learn FOLDER [--counts 20 50 100].

FOLDER with labels.tsv and png/, as for `script/bench hands`. The digit net's last layer is fitted as the product
does it. `own`: of the office with the most numbers the first are learned, the others read. `others`: as many
of other offices are learned and the same office read, which shows how much of the gain is its own hands. The net
that ships saw some of these offices.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import numpy as np  # noqa: E402

from ingest.handwriting.adapt import Confirmed, fitted, score  # noqa: E402
from ingest.handwriting.digit_net import DigitReader  # noqa: E402
from script.bench_hands import crop_of, labelled  # noqa: E402

_LEAST_READ = 20
"""Numbers kept aside to read."""


def confirmed(folder: Path) -> list[tuple[str, Confirmed]]:
    """Body and line of each number, in the order of the table."""
    found: list[tuple[str, Confirmed]] = []
    for row in labelled(folder):
        if row["kind"] == "number":
            picture = cv2.imread(str(folder / "png" / f"{row['id']}.png"), cv2.IMREAD_GRAYSCALE)
            line = crop_of(folder, np.asarray(picture, np.uint8), row)
            found.append((row["body"], Confirmed(line, row["wanted"])))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--counts", type=int, nargs="+", default=[20, 50, 100])
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    net, lines = DigitReader.load(), confirmed(arguments.folder)
    office = Counter(body for body, _ in lines).most_common(1)[0][0]
    own = [line for body, line in lines if body == office]
    others = [line for body, line in lines if body != office]
    for name, taught in (("own", own), ("others", others)):
        for count in arguments.counts:
            read = own[count:] if name == "own" else own
            if len(taught) < count or len(read) < _LEAST_READ:
                print(f"{name:6} {count:4} numbers: too few in this folder")
                continue
            before, after = score(net, read), score(fitted(net, taught[:count]), read)
            print(
                f"{name:6} {count:4} numbers learned, {len(read)} of the office read: right {before.right} before,"
                f" {after.right} after; wrong and sure {before.silent}, {after.silent}",
                flush=True,
            )


if __name__ == "__main__":
    main()
