"""Measures the search for citations: on worked sentences, numbers, dates, real texts and clean pages,
and its speed.

python script/bench_citations.py [--domain FOLDER] [--texts FOLDER] [--scans FOLDER] [--megabytes N] [--verbose]

Without folders it measures speed alone, on the tests' own texts. FOLDERs: `--domain` holds
citation_examples.jsonl, number_examples.jsonl and date_examples.jsonl; `--texts` holds .txt files and index.tsv
(file, number, date); `--scans` holds text/ID.txt and gold/ID.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from corpus.document import Citation
from corpus.numbering import dates, number
from ingest.citations.find import find_citations
from ingest.text.document_text import Text

_SAMPLES = Path(__file__).parents[1] / "tests" / "tables"
_HURTING = (
    "số 1/2020/12 4 7/ số: 12/3/ ",
    "1/2-3 số ",
    "số ",
    "0",
    "/",
    "ngày 1/1/ ",
    "khoản 1 Điều 2 ",
    "Căn cứ ",
    "(",
    " \n",
)
_OFFICE = {"issuer": "Sở Thông tin và Truyền thông tỉnh Kiên Giang", "place": "Kiên Giang"}
_NAMES = {"LEGAL_BASIS": "basis", "REPLIES_TO": "replies"}
_COARSE = {
    "mentions": "refers", "considers": "refers", "follows_up": "refers", "transmits": "refers", "nested": "refers",
    "suspends": "repeals", "revokes": "repeals", "corrects": "amends", "extends": "amends",
    "promulgates": "promulgated_with", "annex_of": "promulgated_with",
}  # fmt: skip
"""Relations that measurements from outside put together."""


def find(text: str, **own: str | None) -> tuple[Citation, ...]:
    fields: dict[str, str | None] = dict.fromkeys(("issuer", "place", "doc_type", "number", "date")) | own
    found, _ = find_citations(
        Text.of_string(text), issuer=fields["issuer"], place=fields["place"], doc_type=fields["doc_type"],
        number=fields["number"], date=fields["date"],
    )  # fmt: skip
    return found


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sentences(path: Path, verbose: bool) -> None:
    """Worked sentences: numbers with dates, and relations, found and right."""
    pairs = relations = wanted_pairs = wanted_relations = extra = 0
    for row in lines(path):
        found = find(row["text"], **_OFFICE, date="2022-04-27")
        gold = [
            (c["number"], c["date"], _NAMES.get(c["relation"], c["relation"].lower())) for c in row["citations"]
        ]
        told = [(c.number, c.date, c.relation) for c in found]
        hits = _shared([one[:2] for one in told], [one[:2] for one in gold])
        right = _shared(told, gold)
        pairs, wanted_pairs, extra = pairs + hits, wanted_pairs + len(gold), extra + len(told) - hits
        relations, wanted_relations = relations + right, wanted_relations + len(gold)
        if verbose and right < max(len(gold), len(told)):
            print(f"  {row['id']}: {told} for {gold}")
    print(
        f"sentences: number and date {pairs}/{wanted_pairs}, with relation {relations}/{wanted_relations}, more "
        f"{extra}"
    )


def _shared(told: Iterable[Any], gold: Iterable[Any]) -> int:
    return sum((Counter(told) & Counter(gold)).values())


def numbers(path: Path, verbose: bool) -> None:
    """Numbers read alone, and strings that are none, in running text too."""
    right = total = false = none = 0
    for row in lines(path):
        read = number.parse(row["raw"], type_word=row.get("type_word"))
        told = read.canonical if read else None
        if row["canonical"] is None:
            none += 1
            wrong = told is not None or bool(find(row["raw"], **_OFFICE)) or bool(list(number.find(row["raw"])))
            false += wrong
        else:
            total += 1
            wrong = told != row["canonical"]
            right += not wrong
        if wrong and verbose:
            print(f"  {row['raw']!r}: {told!r} for {row['canonical']!r}")
    print(f"numbers: {right}/{total}; false in {false} of {none} strings that hold none")


def days(path: Path, verbose: bool) -> None:
    """Dates read alone, and strings that are none."""
    rows = lines(path)
    told = [(read.iso or read.pattern if (read := dates.parse(row["raw"])) else None) for row in rows]
    right = [one == row["iso"] for one, row in zip(told, rows, strict=True)]
    for one, row, fits in zip(told, rows, right, strict=True):
        if verbose and not fits:
            print(f"  {row['raw']!r}: {one!r} for {row['iso']!r}")
    print(f"dates: {sum(right)}/{len(rows)}")


def texts(folder: Path, verbose: bool) -> None:
    """Real texts: citations found, and how many of them are the text's own number (the one its title in the index
    bears).
    """
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        index = {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}
    count = own = header = 0
    for name, row in sorted(index.items()):
        mine = next(number.find(row["title"]), None)
        value = unicodedata.normalize("NFC", (folder / name).read_text(encoding="utf-8"))
        if mine is None:
            continue
        key = mine.number.match_key
        known = [c for c in find(value, number=mine.number.canonical) if number.match_key(c.number or "") == key]
        unknown = [c for c in find(value) if number.match_key(c.number or "") == key and c.relation != "annex_of"]
        count, own, header = count + 1, own + len(known), header + len(unknown)
        for false in (*known, *unknown) if verbose else ():
            print(f"  {name}: {false.printed!r} at {false.start}")
    print(f"texts: of {count} own numbers {own} cited; {header} when the own number is not known, annexes aside")


def clean_pages(folder: Path, verbose: bool) -> None:
    """Transcribed first pages of scans beside the gold record's citations of that page."""
    by_number, whole = Counter[str](), Counter[str]()
    for path in sorted((folder / "text").glob("*.txt")):
        gold = json.loads((folder / "gold" / f"{path.stem}.json").read_text(encoding="utf-8"))
        if gold["citations"] is None:
            continue
        own = {name: gold[name] for name in ("issuer", "place", "doc_type", "number", "date")}
        found = find(unicodedata.normalize("NFC", path.read_text(encoding="utf-8")), **own)
        told = [(c.number, c.date, _COARSE.get(c.relation, c.relation)) for c in found if c.number]
        want = [
            (c["number"].replace(" ", ""), c["date"], _COARSE.get(c["relation"], c["relation"]))
            for c in gold["citations"] if c["number"] and c["page"] == 1
        ]  # fmt: skip
        by_number.update(hit=_shared([t[0] for t in told], [w[0] for w in want]), all=len(told) + len(want))
        whole.update(hit=_shared(told, want), all=len(told) + len(want))
        if verbose and sorted(map(str, told)) != sorted(map(str, want)):
            print(f"  {path.stem}: more {set(told) - set(want)}, missed {set(want) - set(told)}")
    if by_number["all"]:
        scores = [2 * one["hit"] / one["all"] for one in (by_number, whole)]
        print(f"clean pages: number F1 {scores[0]:.4f}, number, date and relation F1 {scores[1]:.4f}")


def speed(folder: Path, size: float) -> None:
    """MB of UTF-8 a second of processor time: on a folder's texts, and on texts made to hurt,
    at a tenth of the size too.
    """
    find("Căn cứ Luật Lưu trữ; " * 200)  # what a process does once: tables, libraries
    real = [
        unicodedata.normalize("NFC", path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))
    ]
    print(f"speed: {_rate(real):6.2f} MB/s  {len(real)} texts of {folder.name}")
    for piece in _HURTING:
        rates = [_rate([piece * int(part * 1e6 / len(piece.encode()))]) for part in (size / 10, size)]
        print(f"speed: {rates[1]:6.2f} MB/s  {piece!r} repeated to {size:g} MB ({rates[0]:.2f} at a tenth of it)")


def _rate(values: list[str]) -> float:
    start = time.process_time()
    for value in values:
        find(value, place="Hà Nội")
    return sum(len(value.encode()) for value in values) / 1e6 / (time.process_time() - start)


def main() -> None:
    """Prints one line a measure; with --verbose every miss before it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--domain", "--texts", "--scans"):
        asked.add_argument(name, type=Path)
    asked.add_argument("--megabytes", type=float, default=1.0)
    asked.add_argument("--verbose", action="store_true")
    given = asked.parse_args()
    if given.domain:
        sentences(given.domain / "citation_examples.jsonl", given.verbose)
        numbers(given.domain / "number_examples.jsonl", given.verbose)
        days(given.domain / "date_examples.jsonl", given.verbose)
    if given.texts:
        texts(given.texts, given.verbose)
    if given.scans:
        clean_pages(given.scans, given.verbose)
    speed(given.texts or _SAMPLES, given.megabytes)


if __name__ == "__main__":
    main()
