"""Loads a folder with documents.jsonl and edges.tsv into an empty database, resolves it and times both."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from time import perf_counter

from sqlalchemy import create_engine, func, insert, select
from sqlalchemy.orm import Session

from corpus import graph
from corpus.db import utc_now
from corpus.identity import issuer_key
from corpus.models import Base, CitationRow, Document
from corpus.number import match_key


def iso(date: str) -> str | None:
    """`19/04/2011` → `2011-04-19`."""
    parts = date.split("/")
    return "-".join(reversed(parts)) if len(parts) == 3 else None


def documents(folder: Path) -> list[dict[str, object]]:
    rows = []
    for id_, line in enumerate((folder / "documents.jsonl").read_text(encoding="utf-8").splitlines(), 1):
        one = json.loads(line)
        date = iso(one.get("ngay_ban_hanh") or "")
        rows.append({
            "id": id_, "sha256": f"{id_:064d}", "name": "x", "media_type": "text/plain", "size": 1, "page_count": 1,
            "status": "accepted", "number": one["so_ky_hieu"], "number_key": match_key(one["so_ky_hieu"] or ""),
            "date": date, "year": int(date[:4]) if date else None, "issuer": one["co_quan_ban_hanh"],
            "issuer_key": issuer_key(one["co_quan_ban_hanh"]), "received_at": utc_now(), "received_by": "bench",
        })  # fmt: skip
    return rows


def citations(folder: Path, held: list[dict[str, object]]) -> list[dict[str, object]]:
    by_number = {(one["number"], one["date"]): one["id"] for one in held}
    with (folder / "edges.tsv").open(encoding="utf-8", newline="") as lines:
        edges = list(csv.DictReader(lines, delimiter="\t"))
    return [
        {
            "document_id": by_number[(edge["src_so"], iso(edge["src_ngay"]))], "position": position,
            "printed": edge["dst_so"], "relation": "basis" if "căn cứ" in edge["relation"] else "refers",
            "number": edge["dst_so"], "number_key": match_key(edge["dst_so"]), "boxes": [], "candidates": [],
        }
        for position, edge in enumerate(edges)
        if (edge["src_so"], iso(edge["src_ngay"])) in by_number
    ]  # fmt: skip


def main(folder: Path) -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        start = perf_counter()
        held = documents(folder)
        session.execute(insert(Document), held)
        session.execute(insert(CitationRow), citations(folder, held))
        loaded = perf_counter()
        graph.resolve_all(session)
        done = perf_counter()
        states = session.execute(select(CitationRow.status, func.count()).group_by(CitationRow.status)).all()
        session.commit()
        session.expunge_all()
        one = session.get_one(Document, 1)
        again = perf_counter()
        graph.resolve(session, one)
        print(
            f"load {loaded - start:.1f} s, resolve {done - loaded:.1f} s, one more {perf_counter() - again:.3f} s"
        )
        print(dict(map(tuple, states)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
