"""The lines of a register for pages, calls, commands and files, as far as a viewer may see their papers.

A number is shown to everybody who may open registers; what its paper says only to those who may see the paper, and
no filter by content finds a line whose paper the viewer may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, load_only

from corpus.authority.identity import issuer_key
from corpus.database.handover_tables import Handover, HandoverPart
from corpus.database.models import AuditRow, Document, Recipient
from corpus.database.register_rows import RegisterEntry
from corpus.database.store import Store
from corpus.lifecycle.intake import is_classified
from corpus.numbering.typed_days import HANOI
from corpus.registers.numbers import Kind, RegisterLine, RegisterName, RegisterNumber, State

_APART = ("reserved", "cancelled")
"""States of numbers that are nobody's."""
_FEW = 2000
"""Papers that are asked for by their IDs."""
_AT_ONCE = 500
"""Lines of one query, and IDs: within the limit of every database."""
_SHOWN = (
    Document.id, Document.status, Document.fault, Document.limited, Document.number, Document.date,
    Document.doc_type, Document.issuer, Document.subject, Document.signer, Document.urgency, Document.page_count,
    Document.name,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sight:
    """A viewer: may see a document's content (as a test and as a condition), may know of it at all."""

    sees: Callable[[Document], bool]
    seen: ColumnElement[bool]
    knows: Callable[[Document], bool]


EVERYTHING = Sight(lambda _: True, true(), lambda _: True)
"""The sight of the command line, which runs on the store itself."""


@dataclass(frozen=True, slots=True)
class RegisterAsked:
    """A register and its filters; empty ones ask for all. since, until: days, ISO 8601; body: an issuer's name."""

    kind: Kind
    year: int
    since: str = ""
    until: str = ""
    body: str = ""
    urgency: str = ""
    state: State | Literal[""] = ""
    register: str = ""
    """Code of the register; empty: that of the direction."""

    @property
    def book(self) -> RegisterName:
        """The register that is asked for."""
        return RegisterName(self.kind, self.register)


@dataclass(frozen=True, slots=True)
class BookedPaper:
    """The document of a line, as far as a line shows it."""

    id: int
    name: str
    number: str
    date: str
    doc_type: str
    subject: str
    issuer: str
    signer: str
    urgency: str
    pages: int
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandedOn:
    """A hand-over of a paper: its day in Việt Nam (ISO 8601), and the names of those in charge (chủ trì)."""

    day: str
    to: str


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of a register. `paper` None: only reserved, cancelled before use, or not to be seen (`hidden`)."""

    number: RegisterNumber
    kind: Kind
    year: int
    day: str
    state: State
    by: str
    paper: BookedPaper | None
    hidden: bool
    unit: str
    copies: int | None
    note: str
    reason: str
    """The reason of a cancellation, a reservation, a withdrawal or a purge."""
    register: str = ""
    """Code of the register; empty: that of the direction."""
    moved: RegisterLine | None = None
    """The number that its paper got in another register; None for a number whose paper was not moved."""
    handed: HandedOn | None = None
    """The first hand-over (chuyển xử lý) of the paper; None for none, or if the paper is not to be seen."""

    @property
    def receiver(self) -> str:
        """Unit or person that gets the paper: as noted, else those in charge by its hand-over."""
        return self.unit or (self.handed.to if self.handed else "")


@dataclass(frozen=True, slots=True)
class BookPage:
    """A stretch of a register in its order, and the numbers to go on from in both directions (None: no more)."""

    lines: tuple[BookLine, ...]
    before: RegisterNumber | None
    after: RegisterNumber | None


def page(
    store: Store,
    asked: RegisterAsked,
    sight: Sight,
    limit: int,
    *,
    after: RegisterNumber | None = None,
    before: RegisterNumber | None = None,
) -> BookPage:
    """The lines behind `after`, or those before `before`; the last ones of the register without either."""
    back = after is None
    with store.db.reading() as session:
        rows = _lines(session, asked, sight)
        if after is not None:
            rows = rows.where(_place() > (after.ordinal, after.minor))
        elif before is not None:
            rows = rows.where(_place() < (before.ordinal, before.minor))
        found = session.execute(_in_order(rows, back=back).limit(limit + 1)).all()
        more, found = len(found) > limit, found[:limit]
        lines = _to_lines(session, found[::-1] if back else found, sight)
    if not lines:
        return BookPage((), None, None)
    first, last = lines[0].number, lines[-1].number
    earlier = first if (more if back else True) else None
    later = last if (before is not None if back else more) else None
    return BookPage(lines, earlier, later)


def every(store: Store, asked: RegisterAsked, sight: Sight, most: int) -> Iterator[BookLine]:
    """All lines in their order, at most `most`."""
    after, left = RegisterNumber(0), most
    while left > 0:
        with store.db.reading() as session:
            rows = _lines(session, asked, sight).where(_place() > (after.ordinal, after.minor))
            rows = _in_order(rows, back=False)
            lines = _to_lines(session, session.execute(rows.limit(min(_AT_ONCE, left))).all(), sight)
        yield from lines
        if len(lines) < min(_AT_ONCE, left):
            return
        after, left = lines[-1].number, left - len(lines)


def line(store: Store, wanted: RegisterLine, sight: Sight) -> BookLine | None:
    """One line; None if the register has no such number."""
    number = wanted.number
    with store.db.reading() as session:
        rows = _lines(session, RegisterAsked(wanted.kind, wanted.year, register=wanted.register), sight)
        rows = rows.where(RegisterEntry.ordinal == number.ordinal, RegisterEntry.minor == number.minor)
        return next(iter(_to_lines(session, session.execute(rows).all(), sight)), None)


def of_document(store: Store, document_id: int) -> list[BookLine]:
    """The numbers that a document has or had, for a viewer who may see it."""
    rows = select(RegisterEntry, Document).join(Document, Document.id == RegisterEntry.document_id)
    rows = rows.where(RegisterEntry.document_id == document_id).order_by(RegisterEntry.id)
    with store.db.reading() as session:
        return list(_to_lines(session, session.execute(rows).all(), EVERYTHING))


def document_of(store: Store, wanted: RegisterLine) -> int | None:
    """The document of a number; None if there is none, or no such number."""
    rows = select(RegisterEntry.document_id).where(
        RegisterEntry.kind == wanted.kind,
        RegisterEntry.register == wanted.register,
        RegisterEntry.year == wanted.year,
        RegisterEntry.ordinal == wanted.number.ordinal,
        RegisterEntry.minor == wanted.number.minor,
    )
    with store.db.reading() as session:
        return session.scalars(rows).first()


def counts(store: Store, kind: Kind, year: int, register: str = "") -> dict[str, int]:
    """The largest number of a register (`last`) and its numbers that are reserved or cancelled; of all viewers.

    Those that are given are not counted: that would be a walk through the whole register at every look.
    """
    within = (RegisterEntry.kind == kind, RegisterEntry.register == register, RegisterEntry.year == year)
    last = select(RegisterEntry.ordinal).where(*within).order_by(RegisterEntry.ordinal.desc()).limit(1)
    rest = select(RegisterEntry.state, func.count()).where(*within, RegisterEntry.state.in_(_APART))
    with store.db.reading() as session:
        found = {row[0]: row[1] for row in session.execute(rest.group_by(RegisterEntry.state))}
        return {"last": session.scalar(last) or 0, **found}


def years(store: Store, kind: Kind, register: str = "") -> tuple[int, int] | None:
    """First and last year in which a register of a kind has numbers; None for none."""
    # Two questions: each is one step in the index, together they would be a walk through it.
    within = (RegisterEntry.kind == kind, RegisterEntry.register == register)
    rows = select(RegisterEntry.year).where(*within).limit(1)
    with store.db.reading() as session:
        first = session.scalar(rows.order_by(RegisterEntry.year, RegisterEntry.ordinal))
        last = session.scalar(rows.order_by(RegisterEntry.year.desc(), RegisterEntry.ordinal.desc()))
    return (first, last) if first is not None and last is not None else None


def totals(store: Store, asked: RegisterAsked, sight: Sight) -> list[tuple[str, str, int]]:
    """Counts for a report: by month and state, then by type and by issuer of the papers that may be seen."""
    month = func.substr(RegisterEntry.day, 1, 7)
    found: list[tuple[str, str, int]] = []
    with store.db.reading() as session:
        conditions = tuple(_conditions(session, asked, sight))
        of = _join(select(month, RegisterEntry.state, func.count())).where(*conditions)
        for name, state, count in session.execute(of.group_by(month, RegisterEntry.state).order_by(month)):
            found.append((name, state, count))
        for what, column in (("doc_type", Document.doc_type), ("issuer", Document.issuer)):
            rows = _join(select(column, func.count())).where(*conditions)
            rows = rows.where(RegisterEntry.state == "given", sight.seen, column.is_not(None))
            grouped = rows.group_by(column).order_by(func.count().desc(), column).limit(_AT_ONCE)
            found += [(what, name, count) for name, count in session.execute(grouped)]
    return found


def _lines(session: Session, asked: RegisterAsked, sight: Sight) -> Select[RegisterEntry, Document]:
    rows = _join(select(RegisterEntry, Document)).where(*_conditions(session, asked, sight))
    return rows.options(load_only(*_SHOWN))


def _join(rows: Select) -> Select:  # type: ignore[type-arg]
    return rows.select_from(RegisterEntry).outerjoin(Document, Document.id == RegisterEntry.document_id)


def _conditions(session: Session, asked: RegisterAsked, sight: Sight) -> Iterator[ColumnElement[bool]]:
    papers = _of_papers(asked)
    ids = session.scalars(select(Document.id).where(*papers, sight.seen).limit(_FEW + 1)).all() if papers else []
    if papers and len(ids) <= _FEW:
        # By their IDs, and by no other index: a walk along the register to a page of them would go through all.
        yield RegisterEntry.document_id.in_(ids)
        yield func.coalesce(RegisterEntry.kind, "") == asked.kind
        yield func.coalesce(RegisterEntry.register, "") == asked.register
        yield func.coalesce(RegisterEntry.year, 0) == asked.year
    else:
        yield RegisterEntry.kind == asked.kind
        yield RegisterEntry.register == asked.register
        yield RegisterEntry.year == asked.year
        if papers:
            yield and_(*papers, sight.seen)
    if asked.since:
        yield RegisterEntry.day >= asked.since
    if asked.until:
        yield RegisterEntry.day <= asked.until
    if asked.state:
        yield RegisterEntry.state == (asked.state if asked.state in _APART else "given")


def _of_papers(asked: RegisterAsked) -> list[ColumnElement[bool]]:
    """Conditions by what papers say or what became of them, for those alone that the viewer may see."""
    found: list[ColumnElement[bool]] = []
    if asked.body:
        found.append(Document.issuer_key == (issuer_key(asked.body) or "")[:200])
    if asked.urgency:
        found.append(Document.urgency == asked.urgency)
    if asked.state == "withdrawn":
        found.append(Document.status == "withdrawn")
    elif asked.state == "purged":
        found += [Document.status == "refused", Document.fault["code"].as_string() == "classified"]
    return found


def _place() -> ColumnElement[bool]:
    return tuple_(RegisterEntry.ordinal, RegisterEntry.minor)  # type: ignore[return-value]


def _in_order(rows: Select, *, back: bool) -> Select:  # type: ignore[type-arg]
    order = (RegisterEntry.ordinal, RegisterEntry.minor)
    return rows.order_by(*(one.desc() for one in order)) if back else rows.order_by(*order)


def _to_lines(
    session: Session, rows: Sequence[Row[RegisterEntry, Document | None]], sight: Sight
) -> tuple[BookLine, ...]:
    seen = [paper.id for _, paper in rows if paper is not None and sight.sees(paper)]
    recipients, reasons = _recipients(session, seen), _reasons(session, rows, sight)
    moved = _new_places(session, [entry.moved_to for entry, _ in rows if entry.moved_to is not None])
    lines = [
        replace(_line(entry, paper, sight, recipients, reasons), moved=moved.get(entry.moved_to or 0))
        for entry, paper in rows
    ]
    handed = _first_handovers(session, [line.paper.id for line in lines if line.paper is not None])
    return tuple(replace(line, handed=handed.get(line.paper.id)) if line.paper else line for line in lines)


def _first_handovers(session: Session, ids: Sequence[int]) -> dict[int, HandedOn]:
    """The first hand-over of each document that was not taken back."""
    rows = (
        select(Handover.document_id, Handover.id, Handover.given_at, HandoverPart.name)
        .join(HandoverPart, HandoverPart.handover_id == Handover.id)
        .where(Handover.document_id.in_(ids), Handover.state != "recalled", HandoverPart.kind == "lead")
        .order_by(Handover.id, HandoverPart.id)
    )
    found: dict[int, tuple[int, str, list[str]]] = {}
    for document_id, handover_id, at, name in session.execute(rows):
        first = found.setdefault(document_id, (handover_id, (at + HANOI).date().isoformat(), []))
        if first[0] == handover_id:
            first[2].append(name)
    return {one: HandedOn(day, ", ".join(names)) for one, (_, day, names) in found.items()}


def _line(
    entry: RegisterEntry,
    paper: Document | None,
    sight: Sight,
    recipients: dict[int, list[str]],
    reasons: dict[int, str],
) -> BookLine:
    known = paper is None or sight.knows(paper)
    shown = paper if paper is not None and sight.sees(paper) else None
    hidden = paper is not None and shown is None
    state = _state(entry, paper) if known else _plain(entry)
    kind: Kind = entry.kind  # type: ignore[assignment]
    if state in ("withdrawn", "purged") and paper is not None:
        reason = reasons.get(paper.id, "")
    else:
        reason = "" if hidden else entry.reason or (entry.purpose if state == "reserved" else "")
    return BookLine(
        RegisterNumber(entry.ordinal, entry.minor), kind, entry.year, entry.day, state, entry.by,
        _paper(shown, recipients.get(shown.id, [])) if shown is not None and state != "purged" else None,
        hidden, "" if hidden else entry.unit, None if hidden else entry.copies, "" if hidden else entry.note,
        reason, entry.register,
    )  # fmt: skip


def _new_places(session: Session, ids: Sequence[int]) -> dict[int, RegisterLine]:
    """The lines of rows, by their IDs."""
    if not ids:
        return {}
    rows = session.scalars(select(RegisterEntry).where(RegisterEntry.id.in_(ids)))
    return {row.id: _place_of(row) for row in rows}


def _place_of(row: RegisterEntry) -> RegisterLine:
    kind: Kind = row.kind  # type: ignore[assignment]
    return RegisterLine(kind, row.year, RegisterNumber(row.ordinal, row.minor), row.register)


def _plain(entry: RegisterEntry) -> State:
    state: State = entry.state  # type: ignore[assignment]
    return state


def _state(entry: RegisterEntry, paper: Document | None) -> State:
    if entry.state != "given" or paper is None:
        return _plain(entry)
    if is_classified(paper):
        return "purged"
    return "withdrawn" if paper.status == "withdrawn" else "given"


def _paper(found: Document, recipients: list[str]) -> BookedPaper:
    return BookedPaper(
        found.id, found.name, found.number or "", found.date or "", found.doc_type or "", found.subject or "",
        found.issuer or "", found.signer or "", found.urgency or "", found.page_count, tuple(recipients),
    )  # fmt: skip


def _recipients(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = select(Recipient.document_id, Recipient.value).where(Recipient.document_id.in_(ids))
    for document_id, value in session.execute(rows.order_by(Recipient.document_id, Recipient.position)):
        found.setdefault(document_id, []).append(value)
    return found


def _reasons(
    session: Session, rows: Sequence[Row[RegisterEntry, Document | None]], sight: Sight
) -> dict[int, str]:
    """The last reason of a withdrawal or purge, of the papers of which the viewer may see that."""
    gone = [p.id for _, p in rows if p is not None and p.status in ("withdrawn", "refused") and sight.sees(p)]
    if not gone:
        return {}
    acts = or_(AuditRow.action == "withdraw", AuditRow.action == "classify")
    found = select(AuditRow.document_id, AuditRow.detail).where(AuditRow.document_id.in_(gone), acts)
    told = session.execute(found.order_by(AuditRow.id)).all()
    return {document: str(detail.get("reason", "")) for document, detail in told if document is not None}
