"""Time of the lists of hand-overs in a store of many documents: `script/bench handover [DOCUMENTS] [OPEN]`.

Prints for each list, as its person sees it, the median and the 95th percentile in milliseconds, counts included,
the processor's time, and how many bare queries for fifty rows of the same run that is: the machine may be shared.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, text

from corpus import records
from corpus.access import accounts, groups
from corpus.config import Settings
from corpus.database.account_tables import Limit
from corpus.database.connection import utc_now
from corpus.database.handover_tables import Handover, HandoverPart
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.numbering import working_days
from corpus.numbering.typed_days import today
from corpus.queries import handover as lists
from corpus.queries.handover import Wish

PEOPLE, UNITS, TIMES = 100, 20, 40
_BARE = text(
    "SELECT p.*, h.note, d.number, d.subject FROM handover_parts p JOIN handovers h ON h.id = p.handover_id"
    " JOIN documents d ON d.id = h.document_id WHERE p.user_id = 50 AND p.state = 'open'"
    " ORDER BY p.day, p.id LIMIT 50"
)
FIELDS = {"subject": {"value": "x" * 1500}}
"""About as large as the fields of a real record with their evidence."""


def fill(store: Store, documents: int, opened: int) -> None:
    """Documents, a hundredth of them limited; hand-overs to one person and one unit each, half overdue."""
    for number in range(UNITS):
        records.add_group(store, f"Phòng {number}", "admin")
    for number in range(PEOPLE):
        records.add_user(store, f"p{number}", "leader" if number < 5 else "reader", "-")
        for unit in (number % UNITS, (number * 7) % UNITS):
            records.join_group(store, f"Phòng {unit}", f"p{number}", "admin")
    now = utc_now()
    for first in range(1, documents + 1, 5000):
        rows = [
            {
                "id": id_, "sha256": f"{id_:064}", "name": f"{id_}.pdf", "media_type": "application/pdf",
                "size": 1,
                "status": "accepted" if id_ % 10 else "review", "limited": id_ % 100 == 0, "number": f"{id_}/UBND",
                "subject": f"Việc số {id_}", "fields": FIELDS, "machine": FIELDS, "received_at": now,
                "received_by": "p0",
            }
            for id_ in range(first, min(first + 5000, documents + 1))
        ]  # fmt: skip
        with store.db.writing() as session:
            session.execute(insert(Document), rows)
            limits = [{"document_id": row["id"], "group_id": 1} for row in rows if row["limited"]]
            session.execute(insert(Limit), limits)
    _hand_over(store, documents, opened)


def _hand_over(store: Store, documents: int, opened: int) -> None:
    """Twice as many finished as open ones; every fourth is handed on from the one before it."""
    start = utc_now().date() - timedelta(days=30)
    rows, parts = [], []
    for id_ in range(1, opened * 3 + 1):
        state, day = ("open" if id_ % 3 else "done"), (start + timedelta(days=id_ % 60)).isoformat()
        state = "open" if id_ <= opened else "done"
        rows.append({
            "id": id_, "document_id": id_ * 7 % documents + 1, "giver_id": id_ % 5 + 1, "given_by": f"p{id_ % 5}",
            "given_at": utc_now(), "note": "Xử lý", "deadline": day, "asks": True, "state": state, "day": day,
            "known": [], "onward_of": (id_ - 1) * 2 if id_ % 4 == 0 else None, "why": "",
        })  # fmt: skip
        for at, (kind, user, group) in enumerate(
            (("lead", id_ % PEOPLE + 1, None), ("with", None, id_ % UNITS + 1))
        ):
            parts.append({
                "id": id_ * 2 + at, "handover_id": id_, "kind": kind, "user_id": user, "group_id": group,
                "name": "x", "state": state, "day": day, "result": "",
            })  # fmt: skip
    for table, every in ((Handover, rows), (HandoverPart, parts)):
        for first in range(0, len(every), 5000):
            with store.db.writing() as session:
                session.execute(insert(table), every[first : first + 5000])


def measure(store: Store, name: str, wish: Wish) -> tuple[float, float, float, int]:
    """(Median and 95th percentile by the clock, median of processor time, all in ms; rows) of a list."""
    took, busy = [], []
    for _ in range(TIMES):
        began, worked = time.perf_counter(), time.process_time()
        with store.db.reading() as session:
            user = accounts.user_named(session, name)
            seen = groups.seen_by(groups.of_user(session, user))
            reader = lists.viewing(session, user, seen, 2)
        rows = lists.page(store, reader, wish).rows
        for due in lists.DUES:
            lists.count(store, reader, Wish(wish.which, due))
        took.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - worked) * 1000)
    return statistics.median(took), sorted(took)[int(len(took) * 0.95)], statistics.median(busy), len(rows)


def _bare(store: Store) -> float:
    """Median of the processor's time, ms, for fifty open parts with hand-over and document, as SQL alone."""
    busy = []
    for _ in range(TIMES):
        worked = time.process_time()
        with store.db.reading() as session:
            session.execute(_BARE).all()
        busy.append((time.process_time() - worked) * 1000)
    return statistics.median(busy)


def main(documents: int, opened: int) -> None:
    """Fill a store and print one line a list."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Settings(_env_file=None, home=Path(folder) / "home"))
        fill(store, documents, opened)
        soon = working_days.after(today(), 2)
        print(f"{documents} documents, {opened} open hand-overs, today {today()}, soon {soon}")
        for name, wish in (
            ("p50", Wish("mine")), ("p50", Wish("mine", "overdue")), ("p50", Wish("mine", "soon")),
            ("p50", Wish("unit")), ("p50", Wish("unit", "overdue")), ("p50", Wish("mine", finished=True)),
            ("p1", Wish("given")), ("p1", Wish("given", "overdue")), ("p1", Wish("all")),
            ("p1", Wish("all", "overdue")), ("p1", Wish("all", finished=True)),
        ):  # fmt: skip
            bare = _bare(store)
            median, most, busy, rows = measure(store, name, wish)
            what = f"{wish.which} {wish.due or ('finished' if wish.finished else 'open')}"
            print(
                f"{what:15} median {median:6.1f} ms   p95 {most:6.1f} ms   processor {busy:6.1f} ms   {rows} rows"
                f"   {busy / bare:5.1f} bare queries ({bare:.1f} ms)"
            )
        store.close()


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:3]]
    main(*given, *(100_000, 20_000)[len(given) :])
