"""Typed questions: rank of the paper asked for among papers that nobody has looked at, by way of asking.

Usage: script/bench typed HOME GOLD... HOME is a store into which the files of the gold records were ingested
(`vanban ingest`, nothing accepted); GOLD are folders of gold records named after the files. Questions are made by
rule from the gold: days as people type them, type and number, abbreviations, three words of a subject. Figures
are for every other paper (fit) and for the rest (believed). What more than five papers fulfil by gold records
(a day on which one office signed eleven) no order can answer; figures without such questions are printed too.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.tables import rows
from search.results import finder
from search.tokens import syllables

_FIRST = 5
_CODES = {row["name"]: row["code"] for row in reversed(rows("doc_types")) if row["code"]} | {"Công văn": "CV"}
_SHORT = (("Ủy ban nhân dân", "UBND"), ("Hội đồng nhân dân", "HĐND"), ("Sở Y tế", "SYT"), ("Sở Nội vụ", "SNV"),
          ("Sở Giáo dục và Đào tạo", "SGDĐT"), ("Sở Thông tin và Truyền thông", "STTTT"), ("Bộ Y tế", "BYT"),
          ("Bộ Giáo dục và Đào tạo", "BGDĐT"), ("Bộ Nội vụ", "BNV"), ("bảo hiểm y tế", "BHYT"),
          ("bảo hiểm xã hội", "BHXH"), ("công nghệ thông tin", "CNTT"), ("cải cách hành chính", "CCHC"),
          ("trung học phổ thông", "THPT"), ("thi đua, khen thưởng", "TĐKT"))  # fmt: skip
Gold = dict[str, Any]
Ask = Callable[[Gold, random.Random], str]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in the store with its gold record."""

    id: int
    gold: Gold


def papers(store: Store, folders: list[Path]) -> list[Paper]:
    """The papers that have a gold record, by their files' names."""
    files = [path for folder in folders for path in folder.glob("*.json")]
    gold = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}
    with store.db.reading() as session:
        found = session.execute(select(Document.id, Document.name).order_by(Document.name)).all()
    return [Paper(id, gold[Path(name).stem]) for id, name in found if Path(name).stem in gold]


def _day(form: str) -> Ask:
    def ask(gold: Gold, _: random.Random) -> str:
        if not gold.get("date"):
            return ""
        year, month, day = (int(part) for part in gold["date"].split("-"))
        return form.format(d=day, m=month, y=year)

    return ask


def _numbered(short: bool, between: str) -> Ask:
    def ask(gold: Gold, _: random.Random) -> str:
        digits = re.match(r"\d+", gold.get("number") or "")
        kind = gold.get("doc_type") or ""
        kind = _CODES.get(kind, "") if short else kind
        return f"{kind.lower()}{between}{digits[0]}" if digits and kind else ""

    return ask


def _number_and_body(gold: Gold, rng: random.Random) -> str:
    """`cv 574 ubnd`."""
    told, body = _numbered(True, " ")(gold, rng), _shortened(gold.get("issuer") or "")
    code = next((word for word in body.split() if word.isupper()), "")
    return f"{told} {code.lower()}" if told and code else ""


def _words_and_body(gold: Gold, rng: random.Random) -> str:
    """`syt tiêm chủng mở rộng`: four words of the subject that stand together, behind the body's symbol."""
    body = next((word for word in _shortened(gold.get("issuer") or "").split() if word.isupper()), "")
    told = syllables(gold.get("subject") or "").accented
    if not body or len(told) < 6:
        return ""
    at = rng.randrange(len(told) - 4)
    return f"{body.lower()} {' '.join(told[at : at + 4])}"


def _subject_in_short(gold: Gold, _: random.Random) -> str:
    """The first eight words of a subject, with what has a short form in it."""
    told = _shortened(gold.get("subject") or "")
    if told == gold.get("subject"):
        return ""
    at = max(0, next((m.start() for m in re.finditer(r"[A-ZĐ]{3,}", told)), 0) - 20)
    return " ".join(told[at:].split()[1:6] if at else told.split()[:5]).lower()


def _shortened(text: str) -> str:
    for full, short in _SHORT:
        text = re.sub(re.escape(full), short, text, flags=re.IGNORECASE)
    return text


def _three_words(gold: Gold, rng: random.Random) -> str:
    found = [word for word in dict.fromkeys(syllables(gold.get("subject") or "").accented) if len(word) > 2]
    return " ".join(rng.sample(found, 3)) if len(found) > 3 else ""


ASKED: dict[str, dict[str, Ask]] = {
    "day": {
        "27/4/2022": _day("{d}/{m}/{y}"), "27-04-2022": _day("{d:02}-{m:02}-{y}"),
        "ngày 27 tháng 4 năm 2022": _day("ngày {d} tháng {m} năm {y}"), "27.4.2022": _day("{d}.{m}.{y}"),
    },
    "type + number": {
        "kế hoạch 31": _numbered(False, " "), "kế hoạch số 31": _numbered(False, " số "),
        "kh 31": _numbered(True, " "),
    },
    "abbreviations": {
        "cv 574 ubnd": _number_and_body, "syt + four words": _words_and_body, "bhyt …": _subject_in_short,
    },
    "words": {"three words of the subject": _three_words},
}  # fmt: skip


def asked(papers: list[Paper]) -> Iterator[tuple[str, str, int, str]]:
    """(way of asking, form, place of the paper in the list, question)."""
    for way, forms in ASKED.items():
        for form, ask in forms.items():
            rng = random.Random(f"{way} {form}")
            for at, paper in enumerate(papers):
                if text := ask(paper.gold, rng):
                    yield way, form, at, text


def fulfils(way: str, form: str, text: str, asked: Gold, other: Gold) -> bool:
    """True if a question made from one gold record asks for another as well."""
    words = syllables(other.get("subject") or "").accented
    if way == "day":
        return other.get("date") == asked.get("date")
    if way == "words":
        return set(words).issuperset(syllables(text).accented)
    if form == "syt + four words":
        code, _, four = text.partition(" ")
        return (
            code in _shortened(other.get("issuer") or "").lower().split() and f" {four} " in f" {' '.join(words)} "
        )
    if form == "bhyt …":
        short = " ".join(_shortened(other.get("subject") or "").lower().split())
        return text in short
    return other.get("number") == asked.get("number") and other.get("doc_type") == asked.get("doc_type")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("home", type=Path)
    arguments.add_argument("gold", type=Path, nargs="+")
    arguments.add_argument(
        "--misses", action="store_true", help="print the questions whose paper is not among them"
    )
    arguments.add_argument("--half", choices=["fit", "believed"], help="misses of one half alone")
    given = arguments.parse_args()
    store = open_store(Settings(_env_file=None, home=given.home))
    held = papers(store, given.gold)
    found: dict[tuple[str, int], list[bool]] = defaultdict(list)
    by_form: dict[tuple[str, str], list[bool]] = defaultdict(list)
    possible: dict[tuple[str, int], list[bool]] = defaultdict(list)
    for way, form, at, text in asked(held):
        ids = [hit.id for hit in finder.find(store, text, limit=50, snippet=False).hits]
        first = held[at].id in ids[:_FIRST]
        found[way, at % 2].append(first)
        by_form[way, form].append(first)
        many = sum(fulfils(way, form, text, held[at].gold, paper.gold) for paper in held)
        if many <= _FIRST:
            possible[way, at % 2].append(first)
        if given.misses and not first and (given.half is None or (at % 2 == 0) == (given.half == "fit")):
            rank = ids.index(held[at].id) + 1 if held[at].id in ids else 0
            print(f"{way}: {text!r} paper {held[at].id} rank {rank} of {len(ids)}; {many} fulfil it")
    for (way, form), each in by_form.items():
        print(f"{way:14} {form:28} in the first {_FIRST}: {sum(each) / len(each):.1%} of {len(each)}")
    told = []
    for way in ASKED:
        fit, rest = found[way, 0], found[way, 1]
        told.append(f"{way} {sum(rest) / max(1, len(rest)):.1%} of {len(rest)}")
        some = possible[way, 0] + possible[way, 1]
        print(f"{way:14} that at most {_FIRST} papers fulfil: {sum(some) / max(1, len(some)):.1%} of {len(some)}")
        print(f"{way:14} fit {sum(fit) / max(1, len(fit)):.1%} of {len(fit)}, believed {told[-1]}")
    print(f"{len(held)} papers, in the first {_FIRST}: {', '.join(told)}")


if __name__ == "__main__":
    main()
