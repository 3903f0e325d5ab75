"""Groups of users and the documents limited to them (văn bản hạn chế người xem); functions on a session,
corpus.records commits.

A document without a limit is for everyone who may see its state. One that is limited exists only for the members
of its groups, whatever their role, and for administrators, who hand out the membership.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, delete, func, or_, select, true
from sqlalchemy.orm import Session

from corpus.access import names as account_names
from corpus.database.account_tables import Group, Limit, Member, User
from corpus.database.models import AuditRow, Document
from corpus.errors import Problem
from corpus.typed_text import clean_text

Groups = tuple[int, ...] | None
"""IDs of a person's groups; None for administrators, who see all documents."""


@dataclass(frozen=True, slots=True)
class LimitChange:
    """One change of a document's limit: the groups by name before and after, and who made it."""

    row: int
    at: str
    """UTC, ISO 8601."""
    actor: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """One group as an administrator sees it."""

    id: int
    name: str
    members: tuple[str, ...]
    documents: int


def seen_by(groups: Groups | BindParameter[Any]) -> ColumnElement[bool]:
    """SQL condition on `documents`: those that members of these groups may see."""
    if groups is None:
        return true()
    theirs = select(Limit.document_id).where(Limit.group_id.in_(groups))
    return or_(Document.limited.is_(False), Document.id.in_(theirs))


def hidden_from(session: Session, groups: Groups) -> frozenset[int]:
    """IDs of the documents hidden from these groups: limited, but to none of them."""
    return frozenset(session.scalars(select(Document.id).where(Document.limited, ~seen_by(groups))))


def may_see(session: Session, document: Document, groups: Groups) -> bool:
    """True if members of these groups may see a document."""
    if not document.limited or groups is None:
        return True
    theirs = select(Limit.group_id).where(Limit.document_id == document.id, Limit.group_id.in_(groups))
    return session.scalars(theirs.limit(1)).first() is not None


def check_own(session: Session, names: Sequence[str], by: Groups) -> None:
    """Check that each name is a group of the caller; raises Problem("not_found")."""
    for name in names:
        if name.strip() and (found := named(session, name)).id not in ((found.id,) if by is None else by):
            raise Problem("not_found", what=name[:100])


def of_user(session: Session, user: User) -> Groups:
    """The groups of an account; None for an administrator."""
    if user.role == "admin":
        return None
    rows = select(Member.group_id).where(Member.user_id == user.id).order_by(Member.group_id)
    return tuple(session.scalars(rows))


def names_of(session: Session, document_id: int) -> tuple[str, ...]:
    """The groups that a document is limited to, by name."""
    rows = select(Group.name).join(Limit, Limit.group_id == Group.id).where(Limit.document_id == document_id)
    return tuple(session.scalars(rows.order_by(Group.name)))


def limit_changes(session: Session, document_id: int) -> list[LimitChange]:
    """The changes of a document's limit, oldest first; those of a purged one are gone."""
    rows = select(AuditRow).where(AuditRow.document_id == document_id, AuditRow.action == "limit")
    return [
        LimitChange(row.id, row.at.isoformat(), row.actor, tuple(row.detail["before"]), tuple(row.detail["after"]))
        for row in session.scalars(rows.order_by(AuditRow.id))
        if "before" in row.detail
    ]


def open_to(session: Session, groups: Groups) -> list[Group]:
    """The groups that a member of these may limit a document to: his own; all for an administrator."""
    rows = select(Group).order_by(Group.name)
    return list(session.scalars(rows if groups is None else rows.where(Group.id.in_(groups))))


def listing(session: Session) -> list[ListedGroup]:
    """All groups with their members and the number of documents limited to each."""
    members: dict[int, list[str]] = {}
    named = select(Member.group_id, User.name).join(User, User.id == Member.user_id).order_by(User.name)
    for group_id, name in session.execute(named):
        members.setdefault(group_id, []).append(name)
    counted = select(Limit.group_id, func.count()).group_by(Limit.group_id)
    counts = {row[0]: row[1] for row in session.execute(counted)}
    rows = session.scalars(select(Group).order_by(Group.name))
    return [ListedGroup(row.id, row.name, tuple(members.get(row.id, ())), counts.get(row.id, 0)) for row in rows]


def named(session: Session, name: str) -> Group:
    """The group with this name in any case; raises Problem("not_found")."""
    wanted = clean_text("group", name).casefold()
    # Compared here and not by the database: SQLite's lower() knows no letter beyond ASCII.
    found = next((row for row in session.scalars(select(Group)) if row.name.casefold() == wanted), None)
    if found is None:
        raise Problem("not_found", what=name[:100])
    return found


def add(session: Session, name: str) -> Group:
    """A new group; raises Problem("bad_value") for a name that is taken or empty."""
    name = account_names.checked("group", name)
    if name.casefold() in {one.casefold() for one in session.scalars(select(Group.name))}:
        raise Problem("bad_value", field="group", value=name, why="tên nhóm đã có")
    group = Group(name=name)
    session.add(group)
    session.flush()
    return group


def remove(session: Session, group: Group) -> None:
    """Remove a group.

    Raises Problem("bad_value") while a document is limited to it, which would otherwise become open or invisible.
    """
    if session.scalar(select(func.count()).where(Limit.group_id == group.id)):
        raise Problem("bad_value", field="group", value=group.name, why="còn văn bản giới hạn cho nhóm này")
    session.execute(delete(Member).where(Member.group_id == group.id))
    session.delete(group)
    session.flush()


def join(session: Session, group: Group, user: User) -> bool:
    """Add an account to a group; False if it was a member before."""
    if session.get(Member, (user.id, group.id)) is not None:
        return False
    session.add(Member(user_id=user.id, group_id=group.id))
    session.flush()
    return True


def leave(session: Session, group: Group, user: User) -> bool:
    """Remove an account from a group; False if it was no member."""
    row = session.get(Member, (user.id, group.id))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def is_limit(session: Session, document: Document, names: Sequence[str]) -> bool:
    """True if a document is limited to just these groups."""
    wanted = {named(session, name).id for name in names if name.strip()}
    return document.limited == bool(wanted) and limit_ids(session, document.id) == wanted


def limit(
    session: Session, document: Document, names: Sequence[str], by: Groups
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Limit a document to these groups, or to none if the list is empty; return the group names before and after.

    by: groups of the person who asks. A member changes limits to his own groups only, and can't hide a document
    from himself: Raises Problem("bad_value"). A group that isn't his is unknown to him: raises
    Problem("not_found").
    """
    chosen = {named(session, name).id for name in names if name.strip()}
    held = limit_ids(session, document.id)
    before = names_of(session, document.id)
    if by is not None:
        for name in names:
            if name.strip() and named(session, name).id not in {*by, *held}:
                raise Problem("not_found", what=name[:100])
        chosen = (held - set(by)) | (chosen & set(by))
        if chosen and not chosen & set(by):
            raise Problem("bad_value", field="group", value="", why="văn bản sẽ không còn hiện với chính bạn")
    session.execute(delete(Limit).where(Limit.document_id == document.id))
    session.add_all(Limit(document_id=document.id, group_id=group_id) for group_id in sorted(chosen))
    document.limited = bool(chosen)
    document.revision += 1
    session.flush()
    return before, names_of(session, document.id)


def limit_ids(session: Session, document_id: int) -> set[int]:
    """IDs of the groups that a document is limited to."""
    return set(session.scalars(select(Limit.group_id).where(Limit.document_id == document_id)))
