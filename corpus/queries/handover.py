"""Lists of hand-overs: mine, my units', given by me, all; by deadline, page by page, each from its index's order.

A list holds papers that are in review or on record and that the reader may see, no others: neither rows nor counts
tell of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from corpus.citations.resolution import is_live
from corpus.database.account_tables import User
from corpus.database.handover_tables import Handover, HandoverPart
from corpus.database.models import CitationRow, Document
from corpus.database.store import Store
from corpus.handover import acting, deadlines, onward
from corpus.handover.states import ACTING, FINISHED
from corpus.numbering import working_days
from corpus.numbering.typed_days import today

PER_PAGE = 50
MOST_COUNTED = 999
"""Counts stop here: a page says "more than"."""
IN_MENU = 99
"""The count of the menu stops here."""
EVERYTHING: ColumnElement[bool] = true()
"""Condition on `documents` for a reader who sees all."""
List = Literal["mine", "unit", "given", "all"]
LISTS: tuple[str, ...] = ("mine", "unit", "given", "all")
DUES: tuple[str, ...] = ("", "overdue", "soon")


@dataclass(frozen=True, slots=True)
class Wish:
    """A list as it was asked for."""

    which: str = "mine"
    due: str = ""
    """`overdue`, `soon`, or empty for all."""
    finished: bool = False
    after: tuple[str, int] | None = None
    """The place (day, ID) of the last row of the page before."""


@dataclass(frozen=True, slots=True)
class PartShown:
    """One receiver as people read it."""

    id: int
    kind: str
    name: str
    unit: bool
    state: str
    done_at: datetime | None
    done_by: str | None
    result: str
    full_name: str = ""
    """Of an account, if it has one."""
    mine: bool = False
    """True if the reader may finish it."""
    for_name: str = ""
    """The person in whose place the reader would finish it."""
    may_hand_on: bool = False
    """True if the reader may hand it on (chuyển tiếp)."""


@dataclass(frozen=True, slots=True)
class StepShown:
    """A hand-over above or below one in its chain: who gave it to whom, until when."""

    id: int
    giver: str
    to: str
    note: str
    deadline: str | None
    state: str
    standing: str


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """The paper that answers, with the citation that is the evidence."""

    document_id: int
    number: str | None
    date: str | None
    printed: str
    page: int | None


@dataclass(frozen=True, slots=True)
class HandoverShown:
    """One hand-over as people read it."""

    id: int
    document_id: int
    number: str | None
    name: str
    doc_type: str | None
    date: str | None
    issuer: str | None
    subject: str | None
    urgency: str | None
    note: str
    deadline: str | None
    standing: str
    """`overdue`, `soon`, `later`, `none`; `closed` once it is not open."""
    state: str
    given_at: datetime
    giver: str
    giver_full_name: str
    given_by: str
    """The account that gave it; another than the giver's: in the giver's place."""
    closed_at: datetime | None
    closed_by: str | None
    """None where a paper closed it that the reader may not see."""
    parts: tuple[PartShown, ...]
    answer: AnswerShown | None
    may_change: bool
    why: str = ""
    """The reason for a deadline later than the one received."""
    above: tuple[StepShown, ...] = ()
    """The chain that it came by, from its beginning."""
    below: tuple[StepShown, ...] = ()
    """The steps by which its receivers handed it on."""
    depth: int = 0
    """Steps from the beginning of its chain."""


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """One page of a list; `following` is the place that the next page begins after, None on the last."""

    rows: tuple[HandoverShown, ...]
    following: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Viewing:
    """The reader of a list: the account, what it may see of documents, whom it acts for, its units."""

    user: User
    seen: ColumnElement[bool]
    owners: dict[int, User]
    units: tuple[int, ...]
    day: str
    """Today, ISO 8601."""
    soon: str
    """The last day that counts as near."""


_DOCUMENT = (
    Document.id, Document.number, Document.name, Document.doc_type, Document.date, Document.issuer,
    Document.subject, Document.urgency,
)  # fmt: skip


def viewing(session: Session, user: User, seen: ColumnElement[bool], soon_days: int) -> Viewing:
    """The reader of lists; soon_days: working days before a deadline that count as near."""
    day = today()
    soon = working_days.after(day, soon_days)
    return Viewing(user, seen, acting.owners_of(session, user.id), acting.groups_of(session, user.id), day, soon)


def page(store: Store, reader: Viewing, wish: Wish, size: int = PER_PAGE) -> HandoverPage:
    """One page of a list, the nearest deadline first; of finished ones the last first."""
    with store.db.reading() as session:
        found: list[tuple[str, int, int]] = []
        for rows in _runs(reader, wish):
            found += [(row[0], row[1], row[2]) for row in session.execute(rows.limit(size + 1))]
        found.sort(reverse=wish.finished)
        chosen = found[:size]
        following = (chosen[-1][0], chosen[-1][1]) if len(found) > size else None
        shown = _load(session, reader, list(dict.fromkeys(handover for _, _, handover in chosen)))
    return HandoverPage(tuple(shown), following)


def count(store: Store, reader: Viewing, wish: Wish, most: int = MOST_COUNTED) -> int:
    """Number of rows of a list, at most `most` + 1."""
    total = 0
    with store.db.reading() as session:
        for rows in _runs(reader, wish):
            if total > most:
                break
            part = rows.order_by(None).limit(most + 1 - total).subquery()
            total += session.scalar(select(func.count()).select_from(part)) or 0
    return total


def of_document(store: Store, reader: Viewing, document_id: int, all_of_them: bool) -> tuple[HandoverShown, ...]:
    """The hand-overs of a document, newest first; all_of_them: also those that don't concern the reader."""
    rows = select(Handover.id).where(Handover.document_id == document_id)
    if not all_of_them:
        people = (reader.user.id, *reader.owners)
        theirs = or_(HandoverPart.user_id.in_(people), HandoverPart.group_id.in_(reader.units))
        mine = select(HandoverPart.handover_id).where(theirs)
        rows = rows.where(or_(Handover.giver_id.in_(people), Handover.id.in_(mine)))
    with store.db.reading() as session:
        chosen = set(session.scalars(rows))
        above = _parents(session, document_id)
        if not all_of_them:
            # Whoever has a step of a chain sees where it came from, and what became of it below.
            chosen |= {up for one in list(chosen) for up in _up(one, above)}
            chosen |= {one for one in above if chosen & set(_up(one, above))} if chosen else set()
        ids = _in_chains(chosen, above)
        return tuple(_load(session, reader, ids, live=False))


def _parents(session: Session, document_id: int) -> dict[int, int | None]:
    """Hand-over of a document → the hand-over that it was handed on from."""
    rows = select(Handover.id, HandoverPart.handover_id).join(
        HandoverPart, HandoverPart.id == Handover.onward_of, isouter=True
    )
    return {row[0]: row[1] for row in session.execute(rows.where(Handover.document_id == document_id))}


def _up(one: int, above: dict[int, int | None]) -> Iterable[int]:
    upper = above.get(one)
    while upper is not None:
        yield upper
        upper = above.get(upper)


def _in_chains(chosen: set[int], above: dict[int, int | None]) -> list[int]:
    """The newest chain first, each step behind the one that it came from."""
    ordered = sorted(chosen, key=lambda one: tuple(reversed([one, *_up(one, above)])))
    chains: dict[int, list[int]] = {}
    for one in ordered:
        chains.setdefault([one, *_up(one, above)][-1], []).append(one)
    return [one for root in sorted(chains, reverse=True) for one in chains[root]]


def of_part(store: Store, part_id: int) -> int | None:
    """ID of the hand-over that a part is of; None for no such part."""
    with store.db.reading() as session:
        return session.scalar(select(HandoverPart.handover_id).where(HandoverPart.id == part_id))


def colleagues(store: Store, part_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Part → (name, full name) of those to whom its receiver may hand it on."""
    if not part_ids:
        return {}
    with store.db.reading() as session:
        found = session.scalars(select(HandoverPart).where(HandoverPart.id.in_(part_ids))).all()
        return {part.id: [(one.name, one.full_name) for one in onward.colleagues(session, part)] for part in found}


def has_given(store: Store, reader: Viewing) -> bool:
    """True if the reader, or one for whom he acts, ever handed a paper over or on."""
    rows = select(Handover.id).where(Handover.giver_id.in_((reader.user.id, *reader.owners))).limit(1)
    with store.db.reading() as session:
        return session.scalar(rows) is not None


def one(store: Store, reader: Viewing, handover_id: int) -> HandoverShown | None:
    """One hand-over whose document the reader may see."""
    with store.db.reading() as session:
        return next(iter(_load(session, reader, [handover_id])), None)


def concerns(shown: HandoverShown, reader: Viewing) -> bool:
    """True if the reader gave a hand-over, got a part of it, or acts for who did."""
    return shown.may_change or any(part.mine for part in shown.parts)


def _runs(reader: Viewing, wish: Wish) -> Iterable[Select[str, int, int]]:
    """Queries for (day, ID, hand-over), each a run of one index in the order of the list."""
    states = FINISHED if wish.finished else ("open",)
    keys: list[tuple[ColumnElement[bool], type[Handover] | type[HandoverPart]]]
    if wish.which in ("mine", "unit"):
        column = HandoverPart.user_id if wish.which == "mine" else HandoverPart.group_id
        whose = (reader.user.id, *reader.owners) if wish.which == "mine" else reader.units
        keys = [(column == one, HandoverPart) for one in whose]
    else:
        whose = (reader.user.id, *reader.owners)
        keys = [(Handover.giver_id == one, Handover) for one in whose] if wish.which == "given" else []
        keys = keys if wish.which == "given" else [(true(), Handover)]
    for key, table in keys:
        for state in states:
            yield _run(reader, wish, table, and_(key, table.state == state))


def _run(
    reader: Viewing, wish: Wish, table: type[Handover] | type[HandoverPart], key: ColumnElement[bool]
) -> Select[str, int, int]:
    rows: Select[str, int, int]
    if table is HandoverPart:
        rows = select(table.day, table.id, HandoverPart.handover_id)
        rows = rows.join(Handover, Handover.id == HandoverPart.handover_id)
    else:
        rows = select(table.day, table.id, Handover.id)
    rows = rows.join(Document, Document.id == Handover.document_id).where(key, is_live(), reader.seen)
    if wish.due == "overdue":
        rows = rows.where(table.day < reader.day)
    elif wish.due == "soon":
        rows = rows.where(table.day >= reader.day, table.day <= reader.soon)
    if wish.after is not None:
        day, last = wish.after
        later = and_(table.day == day, table.id < last if wish.finished else table.id > last)
        rows = rows.where(
            table.day <= day if wish.finished else table.day >= day,
            or_(table.day < day if wish.finished else table.day > day, later),
        )
    order = (table.day.desc(), table.id.desc()) if wish.finished else (table.day, table.id)
    return rows.order_by(*order)


def _load(session: Session, reader: Viewing, ids: Sequence[int], *, live: bool = True) -> list[HandoverShown]:
    """The hand-overs with these IDs, in their order, as far as the reader may see their documents."""
    rows = select(Handover, User.name, *_DOCUMENT, User.full_name).join(User, User.id == Handover.giver_id)
    rows = rows.join(Document, Document.id == Handover.document_id).where(Handover.id.in_(ids), reader.seen)
    found = {row[0].id: row for row in session.execute(rows.where(is_live()) if live else rows)}
    parts: dict[int, list[PartShown]] = {}
    listed = select(HandoverPart, User.full_name).join(User, User.id == HandoverPart.user_id, isouter=True)
    for part, full_name in session.execute(
        listed.where(HandoverPart.handover_id.in_(list(found))).order_by(HandoverPart.id)
    ):
        parts.setdefault(part.handover_id, []).append(_part(reader, part, full_name or ""))
    answers = _answers(session, reader, [row[0] for row in found.values()])
    shown = [_one(reader, found[id_], parts.get(id_, []), answers) for id_ in ids if id_ in found]
    return _with_chains(session, reader, shown, {id_: row[0].onward_of for id_, row in found.items()})


def _with_chains(
    session: Session, reader: Viewing, shown: list[HandoverShown], onward_of: dict[int, int | None]
) -> list[HandoverShown]:
    """The hand-overs with the steps above and below them; their documents have been seen to be visible."""
    part_ids = {part.id for one in shown for part in one.parts}
    lower: dict[int, list[StepShown]] = {}
    below = select(Handover).where(Handover.onward_of.in_(part_ids)).order_by(Handover.id)
    beneath = list(session.scalars(below)) if part_ids else []
    upper, parts = _uppers(session, {one for one in onward_of.values() if one is not None})
    steps = _steps(session, reader, [*upper.values(), *beneath])
    of_part = {part.id: one.id for one in shown for part in one.parts}
    for row in beneath:
        lower.setdefault(of_part[row.onward_of or 0], []).append(steps[row.id])
    chained = []
    for one in shown:
        chain, at = list[StepShown](), onward_of[one.id]
        while at is not None and at in parts:
            row = upper[parts[at]]
            chain.insert(0, steps[row.id])
            at = row.onward_of
        chained.append(replace(one, above=tuple(chain), below=tuple(lower.get(one.id, ())), depth=len(chain)))
    return chained


def _uppers(session: Session, wanted: set[int]) -> tuple[dict[int, Handover], dict[int, int]]:
    """(ID → hand-over, part → ID of its hand-over) for parts and all that is above them; a query for each step."""
    rows: dict[int, Handover] = {}
    parts: dict[int, int] = {}
    while wanted:
        asked = select(HandoverPart.id, Handover).join(Handover, Handover.id == HandoverPart.handover_id)
        found = session.execute(asked.where(HandoverPart.id.in_(wanted))).all()
        rows |= {row.id: row for _, row in found}
        parts |= {part: row.id for part, row in found}
        wanted = {row.onward_of for _, row in found if row.onward_of is not None} - parts.keys()
    return rows, parts


def _steps(session: Session, reader: Viewing, rows: Sequence[Handover]) -> dict[int, StepShown]:
    """Hand-overs by their IDs as steps of a chain."""
    if not rows:
        return {}
    ids, givers = {row.id for row in rows}, {row.giver_id for row in rows}
    people = select(User.id, User.name, User.full_name).where(User.id.in_(givers))
    names = {id_: full or name for id_, name, full in session.execute(people)}
    to: dict[int, list[str]] = {}
    asked = select(HandoverPart.handover_id, HandoverPart.name).where(HandoverPart.handover_id.in_(ids))
    for handover_id, name in session.execute(asked.order_by(HandoverPart.id)):
        to.setdefault(handover_id, []).append(name)
    return {
        row.id: StepShown(
            row.id, names.get(row.giver_id, ""), ", ".join(to.get(row.id, ())), row.note, row.deadline,
            "done" if row.state == "answered" else row.state,
            deadlines.standing(row.deadline, reader.day, reader.soon) if row.state == "open" else "closed",
        )
        for row in rows
    }  # fmt: skip


def _one(reader: Viewing, found: Any, parts: list[PartShown], answers: dict[int, AnswerShown]) -> HandoverShown:
    row: Handover = found[0]
    answer = answers.get(row.id)
    hides = row.state == "answered" and answer is None
    standing = deadlines.standing(row.deadline, reader.day, reader.soon) if row.state == "open" else "closed"
    giver = row.giver_id == reader.user.id or row.giver_id in reader.owners or reader.user.role == "admin"
    return HandoverShown(
        id=row.id, document_id=row.document_id, number=found[3], name=found[4], doc_type=found[5],
        date=found[6], issuer=found[7], subject=found[8], urgency=found[9], note=row.note,
        deadline=row.deadline, standing=standing, state="done" if hides else row.state,
        given_at=row.given_at, giver=found[1], giver_full_name=found[10], given_by=row.given_by,
        closed_at=row.closed_at,
        closed_by=None if hides else row.closed_by, parts=tuple(parts), answer=answer, may_change=giver,
        why=row.why,
    )  # fmt: skip


def _part(reader: Viewing, part: HandoverPart, full_name: str) -> PartShown:
    own = part.user_id == reader.user.id or part.group_id in reader.units
    owner = reader.owners.get(part.user_id or 0)
    return PartShown(
        part.id, part.kind, part.name, part.user_id is None, part.state, part.done_at, part.done_by, part.result,
        full_name=full_name, mine=own or owner is not None, for_name="" if own or owner is None else owner.name,
        may_hand_on=(own or owner is not None) and part.state == "open" and part.kind in ACTING,
    )  # fmt: skip


def _answers(session: Session, reader: Viewing, rows: Sequence[Handover]) -> dict[int, AnswerShown]:
    """Hand-over → the paper that answers it, where the reader may see that one."""
    wanted = {row.id: row for row in rows if row.state == "answered" and row.answer_id is not None}
    citations = [row.answer_citation for row in wanted.values() if row.answer_citation is not None]
    asked = select(
        CitationRow.id, CitationRow.printed, CitationRow.page, Document.id, Document.number, Document.date
    )
    asked = asked.join(Document, Document.id == CitationRow.document_id)
    found = {
        row[0]: AnswerShown(row[3], row[4], row[5], row[1], row[2])
        for row in session.execute(asked.where(CitationRow.id.in_(citations), is_live(), reader.seen))
    }
    return {id_: found[row.answer_citation] for id_, row in wanted.items() if row.answer_citation in found}
