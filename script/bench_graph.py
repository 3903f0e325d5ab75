"""Measures the citation graph at real shape, then at size: loading, resolving, what a page asks,
one document more.

python script/bench_graph.py FOLDER [--copies N] [--store FOLDER]

FOLDER holds documents.jsonl (so_ky_hieu, ngay_ban_hanh, loai_van_ban, co_quan_ban_hanh, trich_yeu) and edges.tsv
(src_so, src_ngay, relation, dst_so). With --copies the graph is laid out N times, every document citing into three
of the copies: 25 make 100,000 documents and 1,000,000 citations. --store names where the big store is laid out and
kept; one that lies there already is measured again as it is.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import func, insert, select, true

from corpus import records
from corpus.authority.identity import issuer_key
from corpus.citations import chain, resolution
from corpus.citations.surroundings import MOST_STEPS
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import CitationRow, Document, StatementRow
from corpus.database.store import Store, open_store
from corpus.document import Citation, Field, Fields, Page, Reading, SourceFile
from corpus.numbering.number import match_key, parse
from corpus.originals import content_store
from corpus.queries import citations as trail_views
from corpus.queries.citation_graph import graph as graph_of
from web.formats import citation_export

RELATIONS = {
    "Văn bản dẫn chiếu": ("refers", False),
    "Văn bản căn cứ": ("basis", False),
    "Văn bản bị thay thế/bãi bỏ/hủy bỏ/đình chỉ": ("replaces", False),
    "Văn bản bị thay thế/bãi bỏ/hủy bỏ/đình chỉ một phần": ("repeals", False),
    "Văn bản bị sửa đổi bổ xung/được đính chính": ("amends", False),
    "Văn bản được hướng dẫn": ("guides", False),
    "Văn bản thay thế/bãi bỏ/hủy bỏ/đình chỉ": ("replaces", True),
    "Văn bản thay thế/bãi bỏ/hủy bỏ/đình chỉ một phần": ("repeals", True),
    "Văn bản sửa đổi bổ sung/đính chính": ("amends", True),
    "Văn bản hướng dẫn": ("guides", True),
}
"""The source's relations and whether the listed document is the one that acts (told by the days of both)."""
Edge = tuple[str, str, str]
Json = dict[str, Any]


def iso(date: str) -> str | None:
    """`19/04/2011` → `2011-04-19`."""
    parts = date.split("/")
    return "-".join(reversed(parts)) if len(parts) == 3 else None


def documents(folder: Path) -> list[Json]:
    rows = []
    for id_, line in enumerate((folder / "documents.jsonl").read_text(encoding="utf-8").splitlines(), 1):
        one = json.loads(line)
        date, number = iso(one.get("ngay_ban_hanh") or ""), one["so_ky_hieu"]
        parsed = parse(number or "")
        rows.append({
            "id": id_, "sha256": f"{id_:064d}", "name": "x", "media_type": "text/plain", "size": 1,
            "page_count": 1,
            "status": "accepted", "number": number, "number_key": match_key(number or ""), "date": date,
            "symbol": parsed.symbol if parsed else None, "year": int(date[:4]) if date else None,
            "doc_type": one["loai_van_ban"] or None, "issuer": one["co_quan_ban_hanh"],
            "issuer_key": issuer_key(one["co_quan_ban_hanh"]), "subject": one["trich_yeu"],
            "received_at": utc_now(), "received_by": "bench", "indexed_revision": 1,
        })  # fmt: skip
    return rows


def load_edges(folder: Path) -> list[tuple[tuple[str, str | None], str, str]]:
    """((source, its day), relation as the source of the data names it, target)."""
    with (folder / "edges.tsv").open(encoding="utf-8", newline="") as lines:
        return [
            ((edge["src_so"], iso(edge["src_ngay"])), edge["relation"], edge["dst_so"])
            for edge in csv.DictReader(lines, delimiter="\t")
        ]


def typed(edges: list[Any]) -> set[Edge]:
    """The edges as (who acts, how, on what)."""
    told = set()
    for (source, _), label, target in edges:
        relation, inverse = RELATIONS[label]
        told.add((target, relation, source) if inverse else (source, relation, target))
    return told


def citations(edges: list[Any], held: list[Json]) -> tuple[list[Json], list[Json]]:
    """Rows for the edges: a citation each; where the listed document acts, a statement of it about the source."""
    by_number = {(one["number"], one["date"]): one for one in held}
    made: list[Json] = []
    stated: list[Json] = []
    for source, label, target in edges:
        document = by_number[source]
        relation, inverse = RELATIONS[label]
        made.append(_citation(len(made) + 1, document, target, "nested" if inverse else relation))
        if inverse:
            own = _citation(len(made) + 1, document, document["number"], "mentions")
            made.append(own | {"status": "found", "target_id": document["id"], "settled_by": "bench"})
            stated.append({
                "document_id": document["id"], "subject_id": len(made) - 1, "relation": relation,
                "object_id": len(made)
            })  # fmt: skip
    return made, stated


def _citation(id_: int, document: Json, number: str, relation: str) -> Json:
    return {
        "id": id_, "document_id": document["id"], "position": id_, "printed": number, "relation": relation,
        "number": number, "number_key": match_key(number), "boxes": [], "candidates": [], "status": "wanted",
        "target_id": None, "settled_by": None, "page": 1,
    }  # fmt: skip


def real_shape(folder: Path, home: Path) -> None:
    """Loads, resolves and gives the typed edges back."""
    store = open_store(Settings(_env_file=None, home=home), create=True)
    start = perf_counter()
    held, edges = documents(folder), load_edges(folder)
    made, stated = citations(edges, held)
    with store.db.writing() as session:
        for table, rows in ((Document, held), (CitationRow, made), (StatementRow, stated)):
            session.execute(insert(table), rows)
        loaded = perf_counter()
        resolution.resolve_all(session)
    done = perf_counter()
    with store.db.reading() as session:
        rows = [dict(zip(citation_export.COLUMNS, row, strict=True)) for row in citation_export.edges(session)]
        own = {id_ for (id_,) in session.execute(select(CitationRow.id).where(CitationRow.settled_by == "bench"))}
        states = Counter(dict(session.execute(
            select(CitationRow.status, func.count()).where(CitationRow.settled_by.is_(None))
            .group_by(CitationRow.status)
        ).all()))  # type: ignore[arg-type]  # fmt: skip
        wrong = sum(
            1 for cited, bears in session.execute(
                select(CitationRow.number, Document.number).join(Document, Document.id == CitationRow.target_id)
            ) if match_key(cited or "") != match_key(bears or "")
        )  # fmt: skip
    told = {
        (row["source_number"], row["relation"], row["number"])
        for row in rows
        if row["relation"] not in ("nested", "mentions")
    }
    want = typed(edges)
    print(f"{len(held)} documents, {len(edges)} edges: load {loaded - start:.1f} s, resolve {done - loaded:.1f} s")
    print(f"citations {dict(states)}, linked to another number {wrong}, own ones {len(own)}")
    print(f"typed edges back: {len(told & want)} of {len(want)}, more {len(told - want)}")
    store.close()


def copies(folder: Path, count: int, home: Path) -> Store:
    """The graph laid out `count` times in one store, each document citing into its own and the two next copies."""
    store = open_store(Settings(_env_file=None, home=home), create=True)
    held, edges = documents(folder), load_edges(folder)
    places = {(one["number"], one["date"]): one["id"] for one in held}
    days = {one["number"]: one["date"] for one in held}
    plain = [(places[source], RELATIONS[label][0], target) for source, label, target in edges]
    keys = {number: match_key(number) for _, _, number in plain}
    size = len(held)
    start = perf_counter()
    with store.db.writing() as session:
        for copy in range(count):
            session.execute(insert(Document), [_moved(one, copy, size) for one in held])
            session.execute(insert(CitationRow), list(_cites(plain, keys, days, copy, count, size)))
        print(f"laid out in {perf_counter() - start:.0f} s")
        start = perf_counter()
        resolution.resolve_all(session)
        print(f"resolved in {perf_counter() - start:.0f} s")
    return store


def _renumbered(number: str | None, copy: int) -> str | None:
    return re.sub(r"^\d+", lambda m: str(int(m.group()) + 7000 * copy), number) if number else None


def _moved(one: Json, copy: int, size: int) -> Json:
    id_ = one["id"] + copy * size
    return one | {
        "id": id_, "sha256": f"{id_:064d}", "number": _renumbered(one["number"], copy),
        "number_key": _renumbered(one["number_key"], copy), "subject": f"{one['subject']} ({copy})",
    }  # fmt: skip


def _cites(plain: list[Any], keys: Json, days: Json, copy: int, count: int, size: int) -> Iterator[Json]:
    for step in range(3):
        into = (copy + step) % count
        for position, (source, relation, number) in enumerate(plain):
            yield {
                "document_id": source + copy * size, "position": position * 3 + step, "printed": number,
                "relation": relation, "number": _renumbered(number, into), "date": days.get(number),
                "number_key": _renumbered(keys[number], into), "boxes": [], "candidates": [], "status": "wanted",
                "page": 1,
            }  # fmt: skip


def at_size(store: Store) -> None:
    """What a page asks and what one document more costs."""
    with store.db.reading() as session:
        total = session.scalar(select(func.count()).select_from(Document)) or 0
        cited = session.scalar(select(func.count()).select_from(CitationRow)) or 0
        states = dict(session.execute(select(CitationRow.status, func.count()).group_by(CitationRow.status)).all())  # type: ignore[arg-type]
        hubs = session.execute(
            select(CitationRow.target_id, func.count()).where(CitationRow.target_id.is_not(None))
            .group_by(CitationRow.target_id).order_by(func.count().desc()).limit(20)
        ).all()  # fmt: skip
    print(f"{total} documents, {cited} citations {states}")
    chosen = random.Random(4).sample(range(1, total + 1), 400)
    print("page of any document:   " + _times(lambda id_: page(store, id_), chosen))
    spent = _times(lambda id_: page(store, id_), [id_ for id_, _ in hubs])
    print(f"page of the most cited: {spent} (up to {hubs[0][1]} citations)")
    for depth in (1, MOST_STEPS):
        pictured = _times(partial(picture, store, depth), chosen[:100])
        print(f"surroundings, {depth} out:    {pictured}")
    print("wanted list:            " + _times(lambda _: trail_views.wanted(store), [0] * 3))
    print("one document more:      " + _times(lambda at: one_more(store, chosen[at]), list(range(40))))
    print(
        "a hub withdrawn:        "
        + _times(lambda id_: records.withdraw(store, id_, "đo", "bench"), [h for h, _ in hubs[:5]])
    )


def page(store: Store, id_: int) -> None:
    """Out, in, chain, conflicts, the tree down: all that the citation page shows."""
    with store.db.reading() as session:
        found = session.get_one(Document, id_)
        chain.tree_down(session, id_)
    trail_views.cites(store, found, lambda _: True, most_in=200)


def picture(store: Store, depth: int, id_: int) -> None:
    """What stands around a document, as the page draws it."""
    with store.db.reading() as session:
        found = session.get_one(Document, id_)
    graph_of(store, found, depth, lambda _: True, true())


def one_more(store: Store, near: int) -> None:
    """A document that cites ten others comes in and is put on record."""
    with store.db.reading() as session:
        numbers = session.scalars(select(Document.number).where(Document.id.between(near - 5, near + 5))).all()
    data = f"{near} {utc_now()}".encode()
    sha256 = content_store.put_original(store, data)
    id_ = records.receive(store, sha256, "a.txt", "text/plain", len(data), "bench", auto_accept=True).document_id
    field = Field("x", "x", 0.99)
    fields = Fields(
        number=Field(f"{near}/QĐ-UBND", "", 0.99), date=Field("2026-01-05", "", 0.99), doc_type=field,
        issuer=Field("Ủy ban nhân dân tỉnh An Giang", "", 0.99), subject=field,
    )  # fmt: skip
    cites = tuple(Citation(f"số {number}", "basis", None, number) for number in numbers if number)
    source = SourceFile("a.txt", sha256, "text/plain", 1)
    records.propose(store, id_, Reading(source, (Page(1, "text", "x"),), fields, cites))


def _times(call: Callable[[Any], object], given: list[Any]) -> str:
    """Time by the clock, and of the processor alone: on a machine that does other work the first says little."""
    took = []
    for one in given:
        clock, processor = perf_counter(), process_time()
        call(one)
        took.append(((perf_counter() - clock) * 1000, (process_time() - processor) * 1000))
    wall, busy = sorted(one for one, _ in took), sorted(one for _, one in took)
    at = int(len(took) * 0.95)
    return (
        f"median {wall[len(took) // 2]:.1f} ms, p95 {wall[at]:.1f} ms; "
        f"processor: median {busy[len(took) // 2]:.1f} ms, p95 {busy[at]:.1f} ms"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--copies", type=int, default=0)
    asked.add_argument("--store", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        big = given.store or Path(home) / "size"
        if (big / "vanban.sqlite3").exists():
            at_size(open_store(Settings(_env_file=None, home=big)))
            return
        real_shape(given.folder, Path(home) / "real")
        if given.copies:
            at_size(copies(given.folder, given.copies, big))


if __name__ == "__main__":
    main()
