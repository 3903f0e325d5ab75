"""Registers of a store with many documents: time of each question of the page, and of a number given.

The machine may be shared, so each time stands beside that of a bare query for as many rows in the same run.

script/bench registers [DOCUMENTS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from corpus import records
from corpus.authority.identity import issuer_key
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.register_rows import Register, RegisterEntry
from corpus.database.store import Store, open_store
from corpus.queries import register_books, registers
from corpus.queries.registers import EVERYTHING, RegisterAsked
from corpus.registers.numbers import RegisterNumber

_TIMES = 40
_BARE = text(
    "SELECT e.*, d.number, d.date, d.doc_type, d.issuer, d.subject, d.name FROM register_entries e"
    " LEFT JOIN documents d ON d.id = e.document_id WHERE e.kind = 'incoming' AND e.register = ''"
    " AND e.year = 2026 ORDER BY e.ordinal DESC, e.minor DESC LIMIT 50"
)
_BATCH = 5000
_BOOK = {
    "code": "so-cong-van", "kind": "incoming", "name": "Sổ công văn", "types": "Công văn", "senders": "",
    "made_by": "lan",
}  # fmt: skip
"""A register of the office's own, which a fifth of the numbers are in."""
_BODIES = tuple(f"Sở {name} tỉnh Kiên Giang" for name in ("Y tế", "Nội vụ", "Tài chính", "Xây dựng", "Tư pháp"))


def main() -> None:
    """Fill a store with documents of one year, each in its register, and ask."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="vanban-bench-") as folder:
        store = open_store(Settings(_env_file=None, home=Path(folder) / "home"))
        for start in range(0, documents, _BATCH):
            _fill(store, range(start, min(start + _BATCH, documents)), documents)
        _measure(store, documents)
        store.close()


def _fill(store: Store, some: range, of: int) -> None:
    now, chance = utc_now(), random.Random(some.start)
    papers: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for at in some:
        body = chance.choice(_BODIES)
        papers.append(
            {"id": at + 1, "sha256": f"{at:064d}", "name": f"{at}.pdf", "media_type": "application/pdf", "size": 1,
             "status": "withdrawn" if at % 997 == 0 else "accepted", "date": "2026-01-05",
             "number": f"{at}/KH-SYT", "year": 2026, "doc_type": "Kế hoạch", "issuer": body,
             "issuer_key": issuer_key(body),
             "subject": f"Kế hoạch phát động thi đua lần {at}", "urgency": "KHẨN" if at % 400 == 0 else None,
             "fields": {}, "machine": {}, "questions": [], "received_at": now, "received_by": "lan"}
        )  # fmt: skip
        day = date(2026, 1, 1) + timedelta(days=at * 360 // of)
        lines.append(
            {"kind": "incoming", "year": 2026, "ordinal": at + 1, "minor": 0, "document_id": at + 1,
             "register": "so-cong-van" if at % 5 == 0 else "", "owner": 0,
             "state": "cancelled" if at % 301 == 0 else "given", "day": day.isoformat(), "by": "lan", "at": now}
        )  # fmt: skip
    with store.db.writing() as session:
        if some.start == 0:
            session.execute(insert(Register), [_BOOK | {"made_at": now}])
        session.execute(insert(Document), papers)
        session.execute(insert(RegisterEntry), lines)


def _measure(store: Store, documents: int) -> None:
    chance = random.Random(1)
    unused = iter(range(1, documents))

    def page(**filters: Any) -> object:
        return registers.page(store, RegisterAsked("incoming", 2026, **filters), EVERYTHING, 50)

    def middle() -> object:
        after = RegisterNumber(chance.randrange(documents))
        return registers.page(store, RegisterAsked("incoming", 2026), EVERYTHING, 50, after=after)

    def give() -> object:
        return records.give_number(store, next(unused) * 2, "outgoing", "lan", date(2026, 3, 1))

    asked: list[tuple[str, Callable[[], object]]] = [
        ("the last page", page),
        ("a page in the middle", middle),
        (
            "counts and years",
            lambda: (registers.counts(store, "incoming", 2026), registers.years(store, "incoming")),
        ),
        ("another register", lambda: page(register="so-cong-van")),
        ("all registers of a year", lambda: register_books.books(store, 2026)),
        ("a week", lambda: page(since="2026-05-01", until="2026-05-07")),
        ("an issuer", lambda: page(body=chance.choice(_BODIES))),
        ("an issuer of none", lambda: page(body="Bộ Y tế")),
        ("urgent ones", lambda: page(urgency="KHẨN")),
        ("cancelled ones", lambda: page(state="cancelled")),
        ("withdrawn ones", lambda: page(state="withdrawn")),
        ("a number given", give),
    ]
    for name, ask in asked:
        (wall, own), (_, bare) = _percentiles(ask, lambda: _bare(store))
        print(
            f"{name:24} p95 {wall:6.1f} ms, of it {own:5.1f} ms on the processor: {own / bare:4.1f} bare queries"
            f" ({bare:.1f} ms)",
            flush=True,
        )


def _bare(store: Store) -> object:
    """The last fifty rows of the register with their documents, as SQL and nothing else."""
    with store.db.reading() as session:
        return session.execute(_BARE).all()


def _percentiles(*asks: Callable[[], object]) -> list[tuple[float, float]]:
    """95th percentiles, ms, of acts that take turns: by the clock, and on the processor, where no other counts."""
    wall: list[list[float]] = [[] for _ in asks]
    own: list[list[float]] = [[] for _ in asks]
    for _ in range(_TIMES):
        for one, ask in enumerate(asks):
            began, used = time.perf_counter(), time.process_time()
            ask()
            wall[one].append((time.perf_counter() - began) * 1000)
            own[one].append((time.process_time() - used) * 1000)
    at = int(_TIMES * 0.95) - 1
    return [(sorted(wall[one])[at], sorted(own[one])[at]) for one in range(len(asks))]


if __name__ == "__main__":
    main()
