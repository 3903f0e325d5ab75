"""Measures links to laws in a store: is each one to the law in force on the citing day, and which conflicts say
that a basis had ended.

python script/bench_links.py HOME [--sample N]

HOME is a store into which papers were read. The sample, laid out evenly over all links, has a line each: citing
number and day, printed words, the law, and the reason. A name must mean the law in force on the day (one that is
passed where the paper carries it out or no other has the name); a number means what it says, whatever its time.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from corpus.authority.laws import Law, law_title_key, laws
from corpus.citations.conflicts import conflicts
from corpus.citations.law_links import CARRIED_OUT, law_of
from corpus.citations.resolution import LIVE
from corpus.config import Settings
from corpus.database.models import CitationRow, Document
from corpus.database.store import open_store
from corpus.numbering.number import match_key


def reason(row: CitationRow, day: str | None, law: Law, target: Document | None) -> str:
    """The ground of a link in words; begins with `WRONG` where the link has none."""
    if target is not None and match_key(target.number or "") != match_key(law.number):
        return f"WRONG: linked to {target.number}"
    if row.number:
        return "by its number"
    if day is None:
        return "the paper has no day"
    if row.date and row.date == law.passed:
        return f"by the day it was passed, {law.passed}"
    if law.in_force(day):
        return f"in force since {law.begins}" + (f", until {law.ended}" if law.ended else "")
    if row.relation in CARRIED_OUT and law.was_passed(day) and not law.had_ended(day):
        return f"passed {law.passed}, in force from {law.begins}: the paper carries it out"
    key = law_title_key(law.title)
    others = [one for one in laws() if law_title_key(one.title) == key and one.in_force(day)]
    if others or not law.was_passed(day):
        return (
            f"WRONG: in force {law.begins} to {law.ended or '…'}, beside {', '.join(one.number for one in others)}"
        )
    return f"none of the name is in force on the day, the last one passed: {law.begins} to {law.ended or '…'}"


def main() -> None:
    """Prints the sample, the links by ground, those without one, and every conflict of an ended basis."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("home", type=Path)
    asked.add_argument("--sample", type=int, default=100)
    given = asked.parse_args()
    lines: list[str] = []
    kinds: Counter[str] = Counter()
    ended: list[str] = []
    papers = 0
    with open_store(Settings(home=given.home)).db.reading() as session:
        for document in session.scalars(select(Document).where(Document.status.in_(LIVE)).order_by(Document.id)):
            papers += 1
            rows = session.scalars(
                select(CitationRow).where(CitationRow.document_id == document.id).order_by(CitationRow.position)
            )
            for row in rows:
                if (law := law_of(row, document.date)) is None:
                    kinds["names that mean no one law"] += bool(row.title_key and not row.number)
                    continue
                target = session.get(Document, row.target_id) if row.target_id else None
                ground = reason(row, document.date, law, target)
                kinds[ground.split(",")[0].rstrip("0123456789-… ")] += 1
                lines.append(f"{document.number} of {document.date} | {row.printed} | {law.name} | {ground}")
            ended += [
                f"{document.number} of {document.date} | {one.message('en')}"
                for one in conflicts(session, document)
                if one.code == "superseded_basis"
            ]
    step = max(1, len(lines) // given.sample)
    for line in [*lines[::step][: given.sample], *(one for one in lines if "WRONG" in one)]:
        print(line)
    print(f"{papers} papers, {len(lines)} links to laws")
    for kind, count in kinds.most_common():
        print(f"{count:6} {kind}")
    print(f"superseded_basis: {len(ended)}")
    for line in ended:
        print(line)


if __name__ == "__main__":
    main()
