"""Makes ingest/weights/tones.txt.gz from a folder of sound texts: `python -m script.learn_tones FOLDER…`.

A line is a pair of neighbouring syllables with their marks, of all pairs that share its letters the one that is nearly
always meant (`kế hoạch`, never `kê hoạch`). What is counted are pairs only; no text can be put together from them.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from corpus.fold import fold
from ingest.syllables import is_syllable
from ingest.tones import TABLE, even

LEAST, SHARE = 4, 0.93
_SENTENCE = re.compile(r"[^\w\s]+|\n+")


def counted(texts: list[str]) -> Counter[tuple[str, str]]:
    """Pairs of neighbouring syllables within a clause."""
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for clause in _SENTENCE.split(even(text).lower()):
            pairs.update(pair for pair in pairwise(clause.split()) if all(map(is_syllable, pair)))
    return pairs


def meant(pairs: Counter[tuple[str, str]]) -> list[str]:
    """The pairs that their letters nearly always mean."""
    forms: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for pair, count in pairs.items():
        forms[fold(" ".join(pair))][pair] += count
    kept = []
    for group in forms.values():
        pair, count = group.most_common(1)[0]
        if count >= LEAST and count >= SHARE * group.total():
            kept.append(" ".join(pair))
    return sorted(kept)


def main() -> None:
    """Reads the folders and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    texts = [
        path.read_text("utf-8") for folder in parser.parse_args().folders for path in sorted(folder.glob("*.txt"))
    ]
    lines = meant(counted(texts))
    data = gzip.compress("\n".join(lines).encode(), mtime=0)
    (Path("ingest") / TABLE).write_bytes(data)
    print(f"{len(texts)} texts, {len(lines)} pairs, {len(data)} bytes")


if __name__ == "__main__":
    main()
