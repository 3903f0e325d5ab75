"""Hand-over for pages and API: who may, lists with their counts, acts by name, notes, delegations, the mailbox.

Any account may be acting for a leader, so every role reaches these; corpus.handover decides who may do what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g

from corpus import records
from corpus.access import groups
from corpus.database.account_tables import User
from corpus.database.handover_tables import Mailbox
from corpus.errors import Problem
from corpus.handover import acting
from corpus.handover.acting import Acting, Delegated
from corpus.handover.orders import Order, Receiver
from corpus.handover.states import STATES
from corpus.queries import accounts, document_notes
from corpus.queries import handover as lists
from corpus.queries.document_notes import NoteShown
from corpus.queries.handover import HandoverPage, HandoverShown, Viewing, Wish
from web import access

OVERSEERS = frozenset({"leader", "clerk", "auditor", "admin"})
"""Roles that see the hand-overs of others, of papers that they may see."""
ACTS = ("finish", "return", "recall", "reopen", "deadline")


@dataclass(frozen=True, slots=True)
class Receivers:
    """Names that a paper can be handed over to, and the persons in whose name the caller may do so."""

    units: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    """(Name, full name) of accounts."""
    givers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnDocument:
    """Hand-overs and notes of a document; `receivers` is None for who may not hand it over."""

    handovers: tuple[HandoverShown, ...]
    notes: tuple[NoteShown, ...]
    receivers: Receivers | None
    owners: tuple[str, ...]
    """Those for whom the caller acts today."""
    colleagues: dict[int, list[tuple[str, str]]]
    """Part → (name, full name) of those to whom the caller may hand it on."""


def reader() -> Viewing:
    """The signed-in account as the reader of lists, read at this request."""
    if "handover_reader" not in g:
        with access.store().db.reading() as session:
            days = access.store().settings.due_soon_days
            g.handover_reader = lists.viewing(session, access.user(), access.seen(), days)
    found: Viewing = g.handover_reader
    return found


def offered() -> tuple[str, ...]:
    """The lists that the signed-in account has."""
    if access.user().role in OVERSEERS:
        return lists.LISTS
    with access.store().db.reading() as session:
        gives = bool(acting.givers_for(session, access.user()))
    return lists.LISTS[:3] if gives or lists.has_given(access.store(), reader()) else lists.LISTS[:2]


def wish_of(which: str, due: str, finished: bool, after: str) -> Wish:
    """A list as it was asked for by name; raises Problem("forbidden"), ("bad_request")."""
    if which not in lists.LISTS or due not in lists.DUES:
        raise Problem("bad_request", why=f"{which} {due}"[:50])
    if which not in offered():
        raise Problem("forbidden")
    day, _, last = after.partition("_")
    known = len(day) == 10 and last.isascii() and last.isdigit() and len(last) < 17
    return Wish(which, "" if finished else due, finished, (day, int(last)) if known else None)


def place(following: tuple[str, int] | None) -> str | None:
    """The address of a page's beginning; the reverse of what `wish_of` takes."""
    return f"{following[0]}_{following[1]}" if following else None


def page(wish: Wish, size: int = lists.PER_PAGE) -> HandoverPage:
    """One page of a list."""
    return lists.page(access.store(), reader(), wish, size)


def counts(wish: Wish) -> dict[str, int]:
    """Open rows of a list by deadline: all (``), `overdue`, `soon`; above MOST_COUNTED: that and one."""
    return {due: lists.count(access.store(), reader(), Wish(wish.which, due)) for due in lists.DUES}


def waiting(which: str) -> str:
    """The number of open tasks of the caller or his units, for menu and tabs: empty for none, `99+` for many.

    Empty for the other lists, which are nobody's to do.
    """
    if which not in ("mine", "unit"):
        return ""
    known: dict[str, int] = g.setdefault("handover_waiting", {})
    if which not in known:
        known[which] = lists.count(access.store(), reader(), Wish(which), lists.IN_MENU)
    count = known[which]
    return "" if count == 0 else f"{lists.IN_MENU}+" if count > lists.IN_MENU else str(count)


def on_document(document_id: int) -> OnDocument:
    """Hand-overs and notes of a document that the caller has been shown."""
    store, user = access.store(), access.user()
    shown = lists.of_document(store, reader(), document_id, user.role in OVERSEERS)
    notes = document_notes.of_document(store, document_id, user)
    return OnDocument(
        shown, notes, receivers(), tuple(one.name for one in reader().owners.values()), colleagues(shown)
    )


def receivers() -> Receivers | None:
    """Names that the caller may choose from; None for who hands over neither for himself nor for another."""
    with access.store().db.reading() as session:
        givers = tuple(one.name for one in acting.givers_for(session, access.user()))
        if not givers:
            return None
        units = tuple(group.name for group in groups.open_to(session, None))
    return Receivers(units, tuple(people()), givers)


def people() -> list[tuple[str, str]]:
    """(Name, full name) of the accounts that can sign in: one of them may be made a deputy."""
    return accounts.active_people(access.store())


def give(document_id: int, order: Order, for_name: str) -> int:
    """Hand a document over; return the hand-over's ID."""
    found = access.document(document_id)
    return records.hand_over(access.store(), found.id, order, _hand(for_name))


def hand_on(part_id: int, order: Order, why: str, for_name: str = "") -> tuple[int, int]:
    """Hand a part on inside its receiver's unit; return (the document's ID, the new hand-over's).

    Raises Problem("not_found") for what the caller may not know of, and as `onward.give` does.
    """
    shown = _visible(lists.of_part(access.store(), part_id) or 0)
    return shown.document_id, records.hand_on(access.store(), part_id, order, why, _hand(for_name))


def colleagues(shown: Sequence[HandoverShown]) -> dict[int, list[tuple[str, str]]]:
    """Part → (name, full name) of those to whom the caller may hand it on; only parts that he may hand on."""
    mine = [part.id for one in shown for part in one.parts if part.may_hand_on and one.state == "open"]
    return lists.colleagues(access.store(), mine)


def receivers_of(chosen: Sequence[tuple[str, str]]) -> tuple[Receiver, ...]:
    """Receivers from (kind, `u:NAME` for an account or `g:NAME` for a unit); empty ones are left out."""
    return tuple(Receiver(kind, name[2:], unit=name[:2] == "g:") for kind, name in chosen if name[2:].strip())


def change(handover_id: int, act: str, *, part: int | None, text: str) -> int:
    """Do one of ACTS; part: the receiver that `finish` and `return` are about; return the document's ID.

    text: result, reason or deadline. Raises Problem("not_found") for what the caller may not know of.
    """
    shown, store, by = _visible(handover_id), access.store(), _hand()
    if act not in ACTS:
        raise Problem("bad_request", why=act[:50])
    if act in ("finish", "return"):
        part_id = _part(shown, part)
        if act == "finish":
            records.finish_part(store, part_id, text, by)
        else:
            records.return_part(store, part_id, by)
    elif act == "recall":
        records.recall_handover(store, handover_id, text, by)
    elif act == "reopen":
        records.reopen_handover(store, handover_id, by)
    else:
        records.set_deadline(store, handover_id, text, by)
    return shown.document_id


def add_note(document_id: int, text: str, for_name: str) -> int:
    """Add a note to a document; return its ID."""
    found = access.document(document_id)
    return records.add_note(access.store(), found.id, text, _hand(for_name))


def remove_note(note_id: int) -> int:
    """Remove a note; return the document's ID. Raises Problem("not_found"), ("forbidden")."""
    document_id = document_notes.document_of(access.store(), note_id)
    if document_id is None:
        raise Problem("not_found", what=note_id)
    access.document(document_id)
    records.remove_note(access.store(), note_id, _hand())
    return document_id


def delegations() -> list[Delegated]:
    """The delegations that concern the caller; an administrator sees all."""
    with access.store().db.reading() as session:
        return acting.every(session, None if access.user().role == "admin" else access.user().id)


def delegate(owner: str, deputy: str, days: tuple[str, str], reason: str) -> int:
    """Let a person act for the caller; an administrator may name another owner. Raises Problem("forbidden")."""
    name = access.user().name
    if owner.strip() and owner != name and access.user().role != "admin":
        raise Problem("forbidden")
    return records.delegate(access.store(), owner.strip() or name, deputy, days, reason, name)


def end_delegation(delegation_id: int) -> None:
    """End a delegation that the caller gave, or any for an administrator; raises Problem("not_found")."""
    whose = None if access.user().role == "admin" else access.user().id
    records.end_delegation(access.store(), delegation_id, whose, access.user().name)


def mailbox() -> Mailbox | None:
    """The mailbox that the caller's notices go to."""
    with access.store().db.reading() as session:
        return session.get(Mailbox, access.user().id)


def set_mailbox(address: str, notices: bool, digest: bool) -> None:
    """Set where the caller's notices go; empty: nowhere."""
    name = access.user().name
    records.set_mailbox(access.store(), name, address, name, notices_wanted=notices, digest=digest)


def state_label(state: str, language: str) -> str:
    """A state in words."""
    return STATES[state][language == "en"]


def _hand(for_name: str = "") -> Acting:
    user: User = access.user()
    return Acting(user.name, user.id, for_name)


def _visible(handover_id: int) -> HandoverShown:
    """A hand-over whose document and itself the caller may know of; raises Problem("not_found")."""
    shown = lists.one(access.store(), reader(), handover_id)
    if shown is None or not (access.user().role in OVERSEERS or lists.concerns(shown, reader())):
        raise Problem("not_found", what=handover_id)
    access.document(shown.document_id)
    return shown


def _part(shown: HandoverShown, part: int | None) -> int:
    """The part that an act is about: as named, or the one part that is the caller's.

    Raises Problem("not_found"), ("forbidden").
    """
    if part is not None:
        if part not in [one.id for one in shown.parts]:
            raise Problem("not_found", what=part)
        return part
    own = [one.id for one in shown.parts if one.mine and one.state == "open"] or [
        one.id for one in shown.parts if one.mine
    ]
    if not own:
        raise Problem("forbidden")
    return own[0]
