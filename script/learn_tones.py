"""Makes ingest/weights/tones.txt.gz from sound texts:
`python -m script.learn_tones PATH…` (folders, .txt and .jsonl files).

Counted are words and pairs of neighbours within a clause; no text can be put together from them. A pair that
occurs once counts too: it tells that a rare word may stand there (without them three times as many right words
were changed). The shipped table was made from law texts, questions on law and subjects of documents: 7,820 texts,
1.7 million words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from ingest.ocr.tone_marks import COMMA, LEVELS, STEP, TABLE, TOKEN, table_form


def texts(path: Path) -> Iterator[str]:
    """The texts of a file or of every file below a folder; of a JSON line all that is text."""
    if path.is_dir():
        for below in sorted(path.rglob("*")):
            if below.is_file():
                yield from texts(below)
    elif path.suffix == ".txt":
        yield path.read_text("utf-8")
    elif path.suffix == ".jsonl":
        for line in path.read_text("utf-8").splitlines():
            yield "\n\n".join(value for value in json.loads(line).values() if isinstance(value, str))


def clauses(text: str) -> Iterator[list[str]]:
    """Words and numbers between signs; a comma ends none."""
    clause: list[str] = []
    for found in TOKEN.finditer(unicodedata.normalize("NFC", text)):
        token = found.group()
        if token[0].isalnum():
            clause.append(table_form(token))
        elif token != COMMA:
            yield clause
            clause = []
    yield clause


def level(count: int) -> str:
    """A count as one digit."""
    return LEVELS[min(round(math.log(count, STEP)), len(LEVELS) - 1)]


def written(forms: Counter[str], pairs: Counter[tuple[str, str]]) -> str:
    """The table as ingest.ocr.tone_marks reads it."""
    following: defaultdict[str, list[str]] = defaultdict(list)
    for (one, two), count in sorted(pairs.items()):
        following[one].append(two + level(count))
    return "\n".join(" ".join([form, level(forms[form]), *following[form]]) for form in sorted(forms))


def main() -> None:
    """Reads the paths and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    forms: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    read = 0
    for text in (text for path in parser.parse_args().paths for text in texts(path)):
        read += 1
        for clause in clauses(text):
            forms.update(clause)
            pairs.update(pairwise(clause))
    data = gzip.compress(written(forms, pairs).encode(), mtime=0)
    (Path("ingest") / TABLE).write_bytes(data)
    print(f"{read} texts, {sum(forms.values())} words, {len(data)} bytes")


if __name__ == "__main__":
    main()
