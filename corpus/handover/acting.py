"""The person behind an act and the person in whose name it is done: delegations (ủy quyền) from day to day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.access import accounts
from corpus.database.account_tables import Member, User
from corpus.database.connection import utc_now
from corpus.database.handover_tables import Delegation, Handover, HandoverPart
from corpus.errors import Problem
from corpus.numbering import dates
from corpus.numbering.typed_days import iso, today
from corpus.typed_text import clean_text

GIVERS = frozenset({"leader", "admin"})
"""Roles that hand papers over."""
_MOST = 50
"""Most delegations in force that one person may have given."""


@dataclass(frozen=True, slots=True)
class Acting:
    """An act's hand: `actor` as the trail names it, and the account behind it.

    user_id None: the command line, which acts for whoever it names.
    """

    actor: str
    user_id: int | None
    for_name: str = ""
    """Name of the person in whose name it is done; empty: the account's own."""


@dataclass(frozen=True, slots=True)
class Delegated:
    """One delegation in force, or to come."""

    id: int
    owner: str
    deputy: str
    first: str
    last: str
    reason: str
    in_force: bool


def owners_of(session: Session, user_id: int, day: str | None = None) -> dict[int, User]:
    """ID → account of those for whom a person acts on a day (ISO 8601; None: today)."""
    at = day or today()
    rows = select(User).join(Delegation, Delegation.owner_id == User.id)
    in_force = rows.where(
        Delegation.deputy_id == user_id,
        Delegation.ended_at.is_(None),
        Delegation.first <= at,
        Delegation.last >= at,
    )
    return {user.id: user for user in session.scalars(in_force.order_by(User.name))}


def groups_of(session: Session, user_id: int) -> tuple[int, ...]:
    """IDs of the units of a person, an administrator's too."""
    rows = select(Member.group_id).where(Member.user_id == user_id).order_by(Member.group_id)
    return tuple(session.scalars(rows))


def givers_for(session: Session, user: User) -> list[User]:
    """The persons in whose name an account may hand papers over, itself first."""
    own = [user] if user.role in GIVERS else []
    return own + [one for one in owners_of(session, user.id).values() if one.role in GIVERS and one.active]


def giver(session: Session, acting: Acting) -> User:
    """The person in whose name a paper is handed over.

    Raises Problem("forbidden") for who neither hands over nor acts for one who does, ("bad_value") when it must be
    named which of several.
    """
    if acting.user_id is None:
        named = accounts.user_named(session, acting.for_name)
        if named.role not in GIVERS:
            raise Problem("forbidden")
        return named
    possible = givers_for(session, session.get_one(User, acting.user_id))
    if acting.for_name.strip():
        wanted = accounts.name_key(acting.for_name)
        possible = [one for one in possible if accounts.name_key(one.name) == wanted]
    if not possible:
        raise Problem("forbidden")
    if len(possible) > 1 and possible[0].id != acting.user_id:
        names = ", ".join(one.name for one in possible)
        raise Problem("bad_value", field="for", value="", why=f"chọn làm thay cho ai: {names}")
    return possible[0]


def as_giver(session: Session, row: Handover, by: Acting) -> str:
    """Name of the giver in whose place an act is done; empty for the giver, and for an administrator.

    Raises Problem("forbidden") for everybody else.
    """
    if by.user_id == row.giver_id:
        return ""
    if by.user_id is None or row.giver_id in owners_of(session, by.user_id):
        return session.get_one(User, row.giver_id).name
    if session.get_one(User, by.user_id).role == "admin":
        return ""
    raise Problem("forbidden")


def as_receiver(session: Session, part: HandoverPart, by: Acting) -> str:
    """Name of the receiver in whose place an act is done; empty for the receiver and for members of the unit.

    Raises Problem("forbidden") for everybody else.
    """
    if by.user_id is None:
        return part.name
    if part.user_id == by.user_id or part.group_id in groups_of(session, by.user_id):
        return ""
    if part.user_id is not None and part.user_id in owners_of(session, by.user_id):
        return part.name
    raise Problem("forbidden")


def delegate(
    session: Session, owner: User, deputy_name: str, days: tuple[str, str], reason: str, by: str
) -> Delegation:
    """A new delegation; days: the first and the last as typed.

    Raises Problem("bad_value") for days out of order or long past, oneself, or a closed account; ("not_found").
    """
    deputy = accounts.user_named(session, deputy_name)
    if deputy.id == owner.id or not deputy.active:
        raise Problem("bad_value", field="deputy", value=deputy.name, why="chọn một người khác đang làm việc")
    first, last = _day("first_day", days[0]), _day("last_day", days[1])
    if last < first or last < today():
        raise Problem("bad_value", field="last_day", value=days[1][:40], why="phải từ ngày đầu trở đi và chưa qua")
    if len(every(session, owner.id)) >= _MOST:
        raise Problem("bad_value", field="deputy", value=deputy.name, why=f"đã có {_MOST} ủy quyền")
    row = Delegation(
        owner_id=owner.id,
        deputy_id=deputy.id,
        first=first,
        last=last,
        reason=clean_text("reason", reason),
        made_by=by,
        made_at=utc_now(),
    )
    session.add(row)
    session.flush()
    return row


def every(session: Session, user_id: int | None = None) -> list[Delegated]:
    """The delegations in force or to come that a person gave or got; None: everybody's."""
    at = today()
    rows = select(Delegation).where(Delegation.ended_at.is_(None), Delegation.last >= at)
    if user_id is not None:
        rows = rows.where((Delegation.owner_id == user_id) | (Delegation.deputy_id == user_id))
    found = list(session.scalars(rows.order_by(Delegation.first, Delegation.id)))
    ids = {one.owner_id for one in found} | {one.deputy_id for one in found}
    names = {row[0]: row[1] for row in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}
    return [
        Delegated(
            one.id, names[one.owner_id], names[one.deputy_id], one.first, one.last, one.reason, one.first <= at
        )
        for one in found
    ]


def open_delegation(session: Session, delegation_id: int, user_id: int | None) -> Delegation:
    """A delegation that this person gave (None: anybody); raises Problem("not_found")."""
    row = session.get(Delegation, delegation_id)
    if row is None or row.ended_at is not None or user_id not in (None, row.owner_id):
        raise Problem("not_found", what=delegation_id)
    return row


def _day(field: str, text: str) -> str:
    day = dates.day_of(iso(text[:40]))
    if day is None or not 2000 <= day.year <= 2100:
        raise Problem("bad_value", field=field, value=text[:40], why="cần là ngày/tháng/năm")
    return day.isoformat()
