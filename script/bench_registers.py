"""Registers of a store with many documents: time of each question of the page, and of a number given.

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

from sqlalchemy import insert

from corpus import records
from corpus.authority.identity import issuer_key
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.register_rows import RegisterEntry
from corpus.database.store import Store, open_store
from corpus.queries import registers
from corpus.queries.registers import EVERYTHING, RegisterAsked
from corpus.registers.numbers import RegisterNumber

_TIMES = 40
_BATCH = 5000
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
             "state": "cancelled" if at % 301 == 0 else "given", "day": day.isoformat(), "by": "lan", "at": now}
        )  # fmt: skip
    with store.db.writing() as session:
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
        ("a week", lambda: page(since="2026-05-01", until="2026-05-07")),
        ("an issuer", lambda: page(body=chance.choice(_BODIES))),
        ("an issuer of none", lambda: page(body="Bộ Y tế")),
        ("urgent ones", lambda: page(urgency="KHẨN")),
        ("cancelled ones", lambda: page(state="cancelled")),
        ("withdrawn ones", lambda: page(state="withdrawn")),
        ("a number given", give),
    ]
    for name, ask in asked:
        wall, own = _percentiles(ask)
        print(f"{name:22} p95 {wall:6.1f} ms, of it {own:5.1f} ms on the processor", flush=True)


def _percentiles(ask: Callable[[], object]) -> tuple[float, float]:
    """95th percentiles, ms: by the clock, and on the processor, where other programs don't count."""
    wall, own = [], []
    for _ in range(_TIMES):
        began, used = time.perf_counter(), time.process_time()
        ask()
        wall.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - used) * 1000)
    at = int(_TIMES * 0.95) - 1
    return sorted(wall)[at], sorted(own)[at]


if __name__ == "__main__":
    main()
