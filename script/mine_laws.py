"""Mines days and typed edges of laws, decrees and circulars from public lists and texts, and tells what differs
from corpus/data/laws.tsv.

python script/mine_laws.py [--texts FOLDER] [--graph FOLDER] [--rows FILE.tsv] [--verbose]

`--texts` holds .txt files and index.tsv (file, number, date, effective, title); `--graph` holds documents.jsonl
(so_ky_hieu, ngay_ban_hanh, ngay_hieu_luc, loai_van_ban, trich_yeu) and edges.tsv (src_so, src_ngay, relation,
dst_so). A text says its own first day and, in its last articles, what it replaces. What at least two sources say
alike is agreed; nobody's word alone makes a row. `--rows` writes the agreed new rows as laws.tsv has them.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Field
from corpus.numbering.number import match_key
from corpus.tables import shipped_columns, shipped_rows
from ingest.citations.find import find_citations
from ingest.fields.effect import read_effect
from ingest.text.document_text import Text

INDEX, TEXT, LIST, EDGE = "danh mục văn bản", "toàn văn", "cơ sở dữ liệu văn bản", "quan hệ văn bản"
_NATIONAL = re.compile(r"\d+/\d{4}/(?:QH\d+|UBTVQH\d+|NĐ-CP|QĐ-TTg|TT-[A-ZĐ]+|TTLT-[A-ZĐ-]+)")
_TYPES = frozenset(
    {"Luật", "Bộ luật", "Pháp lệnh", "Nghị quyết", "Nghị định", "Thông tư", "Thông tư liên tịch", "Quyết định"}
)
_ENDS, _ENDED = "Văn bản bị thay thế/bãi bỏ/hủy bỏ/đình chỉ", "Văn bản thay thế/bãi bỏ/hủy bỏ/đình chỉ"
"""Edges of a whole ending: the listed document ends the other, or is ended by it."""
_TITLE_HEAD = re.compile(rf"(?:{'|'.join(sorted(_TYPES))})(?: số)? \S+\s+(?:về )?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that one source says of a document: a day, what ended it, its type or its title."""

    number: str
    column: str
    value: str
    source: str


def iso(day: str) -> str:
    """`19/04/2011` as ISO 8601; empty for anything else."""
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", day.strip())
    return f"{found[3]}-{found[2]}-{found[1]}" if found else ""


def of_texts(folder: Path) -> Iterator[Told]:
    """What the index of the texts says, and what each text says of itself and of those it ends."""
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file, delimiter="\t"))
    for row in listed:
        number, title = row["number"].strip(), row["title"].strip()
        kind = next((one for one in sorted(_TYPES, key=len, reverse=True) if title.startswith(one)), "")
        yield from _row(
            number, kind, _TITLE_HEAD.sub("", title, count=1), row["date"], iso(row["effective"]), INDEX
        )
        text = Text.of_string((folder / row["file"]).read_text(encoding="utf-8"))
        yield from _of_text(text, number, kind, row["date"])


def _of_text(text: Text, number: str, kind: str, day: str) -> Iterator[Told]:
    signed = Field(day, day, 1.0) if day else None
    since = read_effect(text, signed).since
    if since is not None and not since.review:
        yield Told(number, "effective", since.value, TEXT)
    found, _ = find_citations(
        text, issuer=None, place=None, doc_type=kind or None, number=number, date=day or None
    )
    for one in found:
        if one.number and one.relation == "replaces" and not one.provision and not one.review:
            yield Told(one.number, "ended_by", number, TEXT)
        if one.number and one.date and not one.review:
            yield Told(one.number, "passed", one.date, TEXT)


def of_graph(folder: Path) -> Iterator[Told]:
    """What the list of documents says, and its edges of one document that ends another as a whole."""
    days: dict[str, str] = {}
    for line in (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        number, passed = one["so_ky_hieu"].strip(), iso(one["ngay_ban_hanh"] or "")
        days[number] = passed
        title = (one["trich_yeu"] or "").strip().rstrip(".")
        yield from _row(number, one["loai_van_ban"], title, passed, iso(one["ngay_hieu_luc"] or ""), LIST)
    with (folder / "edges.tsv").open(encoding="utf-8", newline="") as file:
        for edge in csv.DictReader(file, delimiter="\t"):
            yield from _edge(edge, days)


def _edge(edge: dict[str, str], days: dict[str, str]) -> Iterator[Told]:
    """The end that an edge tells of; the later one ends the earlier, another order is no end."""
    if edge["relation"] not in (_ENDS, _ENDED):
        return
    pair = (edge["src_so"].strip(), edge["dst_so"].strip())
    ender, ended = pair if edge["relation"] == _ENDS else pair[::-1]
    if days.get(ender, "9999") > days.get(ended, ""):
        yield Told(ended, "ended_by", ender, EDGE)


def _row(number: str, kind: str, title: str, passed: str, effective: str, source: str) -> Iterator[Told]:
    said = {"type": kind, "title": title, "passed": passed, "effective": effective}
    for column, value in said.items():
        if value and (column != "type" or value in _TYPES):
            yield Told(number, column, value, source)


Found = dict[str, dict[str, dict[str, set[str]]]]
"""Number → column → value → the sources that say so."""


def gathered(told: Iterable[Told]) -> Found:
    """What was told, by document; numbers that are not given out once in the whole country are left out."""
    found: Found = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for one in told:
        if _NATIONAL.fullmatch(one.number):
            found[one.number][one.column][one.value].add(one.source)
    return found


def agreed(said: dict[str, set[str]]) -> str:
    """The value that at least two sources say and none denies; empty for none."""
    return next(iter(said)) if len(said) == 1 and len(next(iter(said.values()))) > 1 else ""


def new_row(number: str, said: dict[str, dict[str, set[str]]]) -> dict[str, str] | None:
    """A row for a document that the table lacks: both its days agreed, its type undisputed; None for no such."""
    passed, effective = agreed(said["passed"]), agreed(said["effective"])
    kinds, titles = list(said["type"]), sorted(said["title"], key=len, reverse=True)
    if not passed or not effective or effective < passed or len(kinds) != 1 or not titles:
        return None
    if f"/{passed[:4]}/" not in number:
        return None
    sources = sorted({one for column in ("passed", "effective") for one in said[column][agreed(said[column])]})
    title = " ".join(titles[0].split()).rstrip(" .;,")
    title = title if kinds[0] in ("Luật", "Bộ luật", "Pháp lệnh") else title[:1].upper() + title[1:]
    return {
        "title": title, "number": number, "type": kinds[0], "passed": passed, "effective": effective, "sure": "V",
        "source": "; ".join(sources),
    }  # fmt: skip


def compare(found: Found) -> tuple[Counter[str], list[str], list[dict[str, str]]]:
    """Counts, what contradicts the table in words, and the agreed new rows."""
    table = {match_key(row["number"]): row for row in shipped_rows("laws")}
    counts: Counter[str] = Counter()
    against: list[str] = []
    new: list[dict[str, str]] = []
    for number, said in sorted(found.items()):
        row = table.get(match_key(number))
        if row is None:
            added = new_row(number, said)
            counts["new, agreed" if added else "new, on one source's word or without a day"] += 1
            new += [added] if added else []
            continue
        for column in ("passed", "effective", "ended_by"):
            for value, sources in said[column].items():
                kind = _kind(row[column], value, len(sources), column)
                counts[f"{column}: {kind}"] += 1
                if kind not in ("same", "empty in the table, one source"):
                    against.append(
                        f"{number}\t{column}\t{row[column]}\t{value}\t{'; '.join(sorted(sources))}\t{kind}"
                    )
    return counts, against, new


def _kind(ours: str, value: str, sources: int, column: str) -> str:
    here = {match_key(part) for part in ours.split("|")} if column == "ended_by" else {ours}
    if (match_key(value) if column == "ended_by" else value) in here:
        return "same"
    several = "two sources" if sources > 1 else "one source"
    return f"{'contradicts' if ours else 'empty in'} the table, {several}"


def main() -> None:
    """Prints the counts, with --verbose what differs as tab-separated lines, and writes the rows asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--texts", type=Path)
    asked.add_argument("--graph", type=Path)
    asked.add_argument("--rows", type=Path)
    asked.add_argument("--verbose", action="store_true")
    given = asked.parse_args()
    told = [*(of_texts(given.texts) if given.texts else ()), *(of_graph(given.graph) if given.graph else ())]
    counts, against, new = compare(gathered(told))
    for line in against if given.verbose else ():
        print(line)
    for kind, count in sorted(counts.items()):
        print(f"{count:6} {kind}")
    if given.rows:
        columns = shipped_columns("laws")
        lines = ["\t".join(row.get(column, "") for column in columns).rstrip("\t") for row in new]
        given.rows.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
