"""Statistics of a period for those who may see the documents: by month, type, body and unit, in time or late, read
without a hand, and what is asked.

Documents limited to groups are counted for members of these groups and administrators only, in every number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from corpus.access import groups
from corpus.access.groups import Groups
from corpus.database.account_tables import Group, Limit
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.lifecycle.timeliness import Stay, Timeliness, timeliness
from corpus.numbering.typed_days import HANOI

MOST_LISTED = 100
"""Types, bodies or units that are listed; the others are one row."""
_WAITING = frozenset({"queued", "reading", "review"})
_BY_HAND = ("accept", "correct", "undo")
"""Actions of the trail by which a person puts a document on record or changes its record."""
_TYPED = '%"person"%'
"""Pattern of a change whose values have the rule `person`; accepting a value that was asked is none."""
_PAGE_ASKED = "page_"
_Column = ColumnElement[str | None] | InstrumentedAttribute[str | None]


@dataclass(frozen=True, slots=True)
class Tally:
    """Documents under one name ("" for none): how many came, how many are on record, how many wait."""

    name: str
    came: int
    on_record: int
    waiting: int


@dataclass(frozen=True, slots=True)
class MonthTally:
    """Documents that came in a month (`2026-03`), with those in time and late."""

    month: str
    came: int
    on_record: int
    waiting: int
    times: Timeliness


@dataclass(frozen=True, slots=True)
class Hands:
    """Documents on record: all, those whose values are the machine's, and those that no person had to accept."""

    on_record: int
    unchanged: int
    alone: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers of the documents that came within a period, its last day included."""

    since: date
    until: date
    whole: Tally
    times: Timeliness
    months: tuple[MonthTally, ...]
    types: tuple[Tally, ...]
    bodies: tuple[Tally, ...]
    units: tuple[Tally, ...]
    """By the groups that documents are limited to; "" for those that are limited to none."""
    hands: Hands
    questions: tuple[tuple[str, int], ...]
    """Names of the fields that wait for a person, most frequent first; `page` for a page that was not read."""


def statistics(store: Store, since: date, until: date, today: date, by: Groups = None) -> Statistics:
    """The numbers of a period in days of Việt Nam; by: groups of the person who asks, None for administrators."""
    wanted = and_(
        Document.received_at >= _start_of(since), Document.received_at < _start_of(until + timedelta(days=1)),
        groups.seen_by(by),
    )  # fmt: skip
    with store.db.reading() as session:
        stays = _stays(session, wanted, store.db.is_sqlite)
        return Statistics(
            since,
            until,
            _whole(stays),
            timeliness((stay for stay, _ in stays), today),
            _months(stays, today),
            _tallies(session.execute(_by(Document.doc_type, wanted))),
            _tallies(session.execute(_by(Document.issuer_key, wanted, func.max(Document.issuer)))),
            _units(session, wanted, by),
            _hands(session, wanted),
            _questions(session, wanted),
        )


def _start_of(day: date) -> datetime:
    """UTC moment at which a day begins in Việt Nam."""
    return datetime.combine(day, datetime.min.time()) - HANOI


_Stays = list[tuple[Stay, str]]
"""Documents by the days they came and went on record, with their status."""


def _stays(session: Session, wanted: ColumnElement[bool], is_sqlite: bool) -> _Stays:
    came, done = (_day(column, is_sqlite) for column in (Document.received_at, Document.accepted_at))
    rows = (
        select(came, done, Document.status, func.count())
        .where(wanted)
        .group_by(text("1"), text("2"), Document.status)
    )
    found = []
    for came_on, done_on, status, count in session.execute(rows):
        on_record = date.fromisoformat(done_on) if done_on and status == "accepted" else None
        found.append((Stay(date.fromisoformat(came_on), on_record, count, status in _WAITING), status))
    return found


def _day(column: InstrumentedAttribute[Any], is_sqlite: bool) -> ColumnElement[str]:
    """ISO 8601 day of a moment, in Việt Nam."""
    if is_sqlite:
        return func.strftime("%Y-%m-%d", column, "+7 hours")
    return func.to_char(column + literal_column("interval '7 hours'"), "YYYY-MM-DD")


def _whole(stays: _Stays) -> Tally:
    return _tally("", ((stay.count, status) for stay, status in stays))


def _tally(name: str, counts: Iterable[tuple[int, str]]) -> Tally:
    kept = list(counts)
    return Tally(
        name, sum(count for count, _ in kept), sum(count for count, status in kept if status == "accepted"),
        sum(count for count, status in kept if status in _WAITING),
    )  # fmt: skip


def _months(stays: _Stays, today: date) -> tuple[MonthTally, ...]:
    by_month: dict[str, _Stays] = {}
    for stay, status in stays:
        by_month.setdefault(f"{stay.came:%Y-%m}", []).append((stay, status))
    found = []
    for month, ones in sorted(by_month.items()):
        whole = _whole(ones)
        times = timeliness((stay for stay, _ in ones), today)
        found.append(MonthTally(month, whole.came, whole.on_record, whole.waiting, times))
    return tuple(found)


def _by(
    column: _Column, wanted: ColumnElement[bool], name: _Column | None = None
) -> Select[str | None, str, int, str | None]:
    shown = column if name is None else name
    return select(shown, Document.status, func.count(), column).where(wanted).group_by(column, Document.status)


def _tallies(rows: Iterable[Row[str | None, str, int, str | None]]) -> tuple[Tally, ...]:
    """Tallies of rows (name, status, number, key), most frequent first; beyond MOST_LISTED one for the rest."""
    counts: dict[str, list[tuple[int, str]]] = {}
    names: dict[str, str] = {}
    for name, status, count, key in rows:
        names.setdefault(key or "", name or "")
        counts.setdefault(key or "", []).append((count, status))
    found = sorted(
        (_tally(names[key], ones) for key, ones in counts.items()), key=lambda one: (-one.came, one.name)
    )
    rest = found[MOST_LISTED:]
    if not rest:
        return tuple(found)
    others = Tally("…", *(sum(getattr(one, part) for one in rest) for part in ("came", "on_record", "waiting")))
    return (*found[:MOST_LISTED], others)


def _units(session: Session, wanted: ColumnElement[bool], by: Groups) -> tuple[Tally, ...]:
    """By groups that the person belongs to: the names of others stay unknown to him."""
    rows = (
        select(Group.name, Document.status, func.count(), Group.name)
        .join(Limit, Limit.document_id == Document.id)
        .join(Group, Group.id == Limit.group_id)
        .where(wanted, *(() if by is None else (Group.id.in_(by),)))
        .group_by(Group.name, Document.status)
    )
    nameless = literal("")
    open_ones = (
        select(nameless, Document.status, func.count(), nameless)
        .where(wanted, Document.limited.is_(False))
        .group_by(Document.status)
    )
    named = _tallies(session.execute(rows.select_from(Document)))
    return (*named, *_tallies(session.execute(open_ones)))


def _hands(session: Session, wanted: ColumnElement[bool]) -> Hands:
    """Documents on record, with no value in the trail that a person typed, and with no act of a person there."""
    on_record = and_(wanted, Document.status == "accepted")
    acted = and_(AuditRow.document_id == Document.id, AuditRow.action.in_(_BY_HAND))
    changes = cast(AuditRow.detail["after"], Text)
    changed = and_(acted, changes.like(_TYPED))

    def count(condition: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(Document).where(condition)) or 0

    return Hands(
        count(on_record),
        count(and_(on_record, ~exists().where(changed))),
        count(and_(on_record, ~exists().where(acted))),
    )


def _questions(session: Session, wanted: ColumnElement[bool]) -> tuple[tuple[str, int], ...]:
    asked: Counter[str] = Counter()
    for names in session.scalars(select(Document.questions).where(wanted, Document.status == "review")):
        asked.update({"page" if name.startswith(_PAGE_ASKED) else name for name in names or []})
    return tuple(sorted(asked.items(), key=lambda pair: (-pair[1], pair[0])))
