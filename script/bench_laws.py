"""Measures names of laws by date: what a paper of a day that names a law so is linked to.

python script/bench_laws.py FILE.tsv [--verbose]

FILE has the columns name, day (ISO 8601) and expected: a number, `ambiguous`, or empty for a name no law had.
Each name is read as the legal basis of a paper of that day; the last line is `A of N right`.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

from corpus import tables
from corpus.authority import laws
from corpus.authority.laws import law_title_key
from ingest.citations.find import find_citations
from ingest.text.document_text import Text


def linked(name: str, day: str) -> str:
    """The number that the paper is linked to, `ambiguous`, or nothing."""
    found, _ = find_citations(
        Text.of_string(f"QUYẾT ĐỊNH\n\nCăn cứ {name};\n"), issuer=None, place=None, doc_type=None, number=None,
        date=day
    )  # fmt: skip
    if not found:
        return ""
    first = found[0]
    if first.number:
        return first.number
    meaning = laws.law_meant(law_title_key(first.title or ""), day, first.date)
    return meaning.law.number if meaning.law else "ambiguous" if meaning.laws else ""


def load() -> float:
    """Seconds of processor time in which every table is read for the first time."""
    begun = time.process_time()
    for name in tables.table_names():
        tables.rows(name)
    laws.law_keys()
    return time.process_time() - begun


def main() -> None:
    """Prints the misses with --verbose, the time to load the tables, and the score last."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", type=Path, metavar="FILE.tsv")
    asked.add_argument("--verbose", action="store_true")
    given = asked.parse_args()
    print(f"tables: {load():.3f} s")
    with given.file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    right = 0
    for row in rows:
        told = linked(row["name"], row["day"])
        right += told == (row["expected"] or "").strip()
        if given.verbose and told != row["expected"]:
            print(f"  {row['day']} {row['name']}: {told or '–'} for {row['expected'] or '–'}")
    print(f"{right} of {len(rows)} right")


if __name__ == "__main__":
    main()
