"""State of the trail in words for pages, files and commands: its head, its last seal, the rows after it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corpus import audit
from corpus.audit import Seal, seals, trail_check
from corpus.audit.seals import SealLine
from corpus.audit.trail_check import TrailCheck
from corpus.database.store import Store
from corpus.errors import Language, Problem
from web.present.fields import moment

Json = dict[str, Any]

HEADER = "X-Vanban-Audit-Head"
"""Header that carries the head out of the machine with each exported file."""
_HEAD = re.compile(r"(\d{1,18})[ :]([0-9a-f]{64})")
_ONE = threading.Semaphore(1)


@dataclass(frozen=True, slots=True)
class TrailHead:
    """The last row with its hash, the last seal, and the number of rows after it."""

    head: Seal | None
    seal: SealLine | None
    after: int

    @property
    def text(self) -> str:
        """The head as `vanban audit verify --against` takes it; empty for an empty trail."""
        return f"{self.head.row}:{self.head.hash}" if self.head else ""


def head_of(store: Store) -> TrailHead:
    """The present head and the last seal; nothing is checked."""
    seal = seals.latest(audit.seal_file(store.settings))
    with store.db.reading() as session:
        last = audit.head(session)
    row = last.row if last else 0
    return TrailHead(last, seal, row - min(seal.seal.row, row) if seal else row)


def checked(store: Store, against: tuple[Seal, ...] = ()) -> TrailCheck:
    """Run the check of the trail, as the command does; one at a time in a process, else raises
    Problem("store_busy").
    """
    with _alone():
        return trail_check.check(store, against)


def heads(text: str) -> tuple[Seal, ...]:
    """A head that left the machine, `ROW:HASH`, empty for none; raises Problem("bad_value")."""
    if not text.strip():
        return ()
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        raise Problem("bad_value", field="against", value=text[:80], why="cần DÒNG:MÃ, mã băm gồm 64 chữ số hệ 16")
    return (Seal(int(found[1]), found[2]),)


def standing(found: TrailCheck, language: Language = "vi") -> Iterator[str]:
    """Sentences of a check: figures, the seal used, rows after it, the head."""
    english = language == "en"
    if english:
        yield f"Checked: {found.rows} rows, {found.seals} seals, {found.documents} sealed records."
    else:
        yield f"Đã kiểm tra: {found.rows} dòng, {found.seals} dấu niêm, {found.documents} bản ghi đã niêm."
    if found.seal is None:
        yield (
            "No seal yet: nothing outside the database vouches for these rows."
            if english
            else ("Chưa có dấu niêm nào: chưa có gì ngoài cơ sở dữ liệu làm chứng cho các dòng này.")
        )
    elif english:
        seal = f"row {found.seal.seal.row} ({found.seal.at})"
        yield f"Last seal: {seal}; {found.after} rows follow it, not sealed yet."
    else:
        keyed = ", có khóa" if found.seal.mac else ""
        yield (
            f"Dấu niêm cuối: dòng {found.seal.seal.row} ({sealed_at(found.seal)}{keyed}); "
            f"sau đó còn {found.after} dòng chưa niêm."
        )
    if found.head is not None:
        words = "Head" if english else "Đầu chuỗi"
        yield f"{words}: {found.head.row}:{found.head.hash}"


def to_json(found: TrailCheck, language: Language) -> Json:
    """The check for programs."""
    return {
        "ok": not found.faults,
        "rows": found.rows,
        "records": found.documents,
        "head": _seal(found.head),
        "seals": found.seals,
        "seal": _line(found.seal) if found.seal else None,
        "rows_after_seal": found.after,
        "faults": [
            {
                "row": one.row,
                "code": one.code,
                "document": one.document,
                "message": trail_check.message(one, language),
            }
            for one in found.faults
        ],
        "advice": [
            {"code": code, "message": trail_check.ADVICE[code][0 if language == "vi" else 1]}
            for code in found.advice
        ],
    }


def sealed_at(line: SealLine) -> str:
    """The moment of a seal on a clock in Việt Nam."""
    try:
        return moment(datetime.fromisoformat(line.at.removesuffix("Z")))
    except ValueError:
        return line.at


def _line(one: SealLine) -> Json:
    return {"row": one.seal.row, "hash": one.seal.hash, "at": one.at, "keyed": one.mac is not None}


def _seal(one: Seal | None) -> Json | None:
    return {"row": one.row, "hash": one.hash} if one else None


@contextmanager
def _alone() -> Iterator[None]:
    """Exclusive turn: a check reads everything, so a second one in this process would only slow down both."""
    if not _ONE.acquire(blocking=False):
        raise Problem("store_busy")
    try:
        yield
    finally:
        _ONE.release()
