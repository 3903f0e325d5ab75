"""Acts on pages (xoay, tách, gộp, sắp xếp): documents that may be taken apart, origins of pages, shared sheets.

Functions on a session; corpus.records commits.

No original is changed: a new document is made of the pages of others, which are withdrawn and stay in the store.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from corpus.access import groups
from corpus.database.account_tables import Limit
from corpus.database.connection import utc_now
from corpus.database.desk_tables import PageSource, PageWork, WorkStart
from corpus.database.file_tables import CaseFilePaper, Copy
from corpus.database.handover_tables import Handover
from corpus.database.models import Document, Enclosure
from corpus.database.register_rows import RegisterEntry
from corpus.errors import Problem
from corpus.json_shapes import fields_from_json
from corpus.lifecycle.claims import Claim
from corpus.record_fields import EDITABLE

OPEN = ("review", "accepted")
"""States of a document whose pages may be taken."""
BY_PERSON, BY_BATCH = "pages", "batch"
_MOST_KIN = 10_000


@dataclass(frozen=True, slots=True)
class PageOrigin:
    """One page of a new document: the document and page it is of, and the degrees by which it is turned."""

    document_id: int
    page: int
    turn: int = 0


def demand_open(session: Session, documents: Sequence[Document]) -> None:
    """Raise Problem("wrong_state"), ("pages_bound") or ("pages_limits") if their pages may not be taken.

    One that is in a register or a file, is being handled or was copied is bound to its paper. All must have the
    same limit: their pages become visible together.
    """
    for one in documents:
        if one.status not in OPEN:
            raise Problem("wrong_state", document=one.id, status=one.status)
        if is_bound(session, one.id):
            raise Problem("pages_bound", document=one.id)
    limits = {(one.limited, frozenset(groups.limit_ids(session, one.id))) for one in documents}
    if len(limits) > 1:
        raise Problem("pages_limits", document=documents[0].id)


def is_bound(session: Session, document_id: int) -> bool:
    """True if a register, a file, an open hand-over, a copy or a mail holds on to a document."""
    asked = (
        select(RegisterEntry.id).where(RegisterEntry.document_id == document_id, RegisterEntry.state == "given"),
        select(CaseFilePaper.document_id).where(CaseFilePaper.document_id == document_id),
        select(Handover.id).where(Handover.document_id == document_id, Handover.state == "open"),
        select(Copy.id).where(Copy.document_id == document_id, Copy.cancelled.is_(None)),
        select(Enclosure.cover_id).where(Enclosure.cover_id == document_id),
    )
    return any(session.scalar(one.limit(1)) is not None for one in asked)


def begin(session: Session, kind: str, actor: str, sources: Sequence[Document]) -> PageWork:
    """A new act on pages, with the state of each document before it."""
    work = PageWork(kind=kind, by=actor[:100], at=utc_now())
    session.add(work)
    session.flush()
    session.add_all(WorkStart(work_id=work.id, document_id=one.id, was=one.status) for one in sources)
    return work


def take_over(session: Session, work: PageWork, document: Document, pages: Sequence[PageOrigin]) -> None:
    """Note the origin of each page of a new document; it takes over limit, overruled mark and sample."""
    first = session.get_one(Document, pages[0].document_id)
    session.add_all(
        PageSource(
            document_id=document.id, position=position, work_id=work.id, source_id=one.document_id,
            source_page=one.page, turn=one.turn,
        )
        for position, one in enumerate(pages, start=1)
    )  # fmt: skip
    document.limited, document.sample = first.limited, first.sample
    limits = sorted(groups.limit_ids(session, first.id))
    session.add_all(Limit(document_id=document.id, group_id=group_id) for group_id in limits)
    sources = {one.document_id for one in pages}
    released = (session.get_one(Document, one).released for one in sorted(sources))
    document.released = next((reason for reason in released if reason), None)
    session.flush()


def claims_of(source: Document) -> tuple[Claim, ...]:
    """The values of a document on record, as claims of the one that takes its place."""
    fields = fields_from_json(source.fields or {})
    held = ((field.name, field.of(fields)) for field in EDITABLE if field.kind == "one")
    return tuple(
        Claim(name, value.value, f"#{source.id}", independent=True)
        for name, value in held
        if value and value.value
    )


def is_made_by_person(session: Session, document_id: int) -> bool:
    """True if a person made a document of the pages of others."""
    made = select(PageWork.kind).join(PageSource, PageSource.work_id == PageWork.id)
    return session.scalar(made.where(PageSource.document_id == document_id).limit(1)) == BY_PERSON


def work_of(session: Session, document_id: int) -> PageWork | None:
    """The last act that a document came out of, or went into; None if there is none that is not undone."""
    made = select(PageSource.work_id).where(PageSource.document_id == document_id)
    used = select(WorkStart.work_id).where(WorkStart.document_id == document_id)
    wanted = select(PageWork).where(or_(PageWork.id.in_(made), PageWork.id.in_(used)))
    return session.scalars(
        wanted.where(PageWork.undone_at.is_(None)).order_by(PageWork.id.desc()).limit(1)
    ).first()


def made_by(session: Session, work_id: int) -> list[int]:
    """IDs of the documents that an act made, in their order."""
    rows = select(PageSource.document_id).where(PageSource.work_id == work_id).distinct()
    return list(session.scalars(rows.order_by(PageSource.document_id)))


def starts_of(session: Session, work_id: int) -> list[WorkStart]:
    """The documents that an act took out."""
    return list(
        session.scalars(select(WorkStart).where(WorkStart.work_id == work_id).order_by(WorkStart.document_id))
    )


def origins_of(session: Session, document_id: int) -> list[PageSource]:
    """The origin of each page of a document; [] if it came in from outside."""
    rows = select(PageSource).where(PageSource.document_id == document_id)
    return list(session.scalars(rows.order_by(PageSource.position)))


def sharing(session: Session, document_id: int) -> list[int]:
    """Other documents whose files hold a page that this one holds too, through all acts on pages.

    What proves to be classified has to go out of each of them.
    """
    kin = _kin(session, document_id)
    if len(kin) == 1:
        return []
    own = _sheets(session, document_id)
    return sorted(other for other in kin if other != document_id and not own.isdisjoint(_sheets(session, other)))


def _kin(session: Session, document_id: int) -> set[int]:
    """All documents that are joined with one through acts on pages, itself among them."""
    found, new = {document_id}, {document_id}
    while new and len(found) < _MOST_KIN:
        made = select(PageSource.document_id).where(PageSource.source_id.in_(new))
        used = select(PageSource.source_id).where(PageSource.document_id.in_(new))
        new = {*session.scalars(made), *session.scalars(used)} - found
        found |= new
    return found


def _sheets(session: Session, document_id: int) -> frozenset[tuple[int, int]]:
    """The sheets of paper in a document's file: (document that came in, page); page 0 is any page of it."""
    rows = origins_of(session, document_id)
    if not rows:
        return frozenset(_all_of(session, document_id))
    found: set[tuple[int, int]] = set()
    for row in rows:
        older = origins_of(session, row.source_id)
        if older and row.source_page <= len(older):
            whole = _sheet_of(session, older[row.source_page - 1])
            found.add(whole)
        else:
            found.add((row.source_id, row.source_page))
    return frozenset(found)


def _sheet_of(session: Session, row: PageSource) -> tuple[int, int]:
    """The sheet that one page of a made document is, through all acts."""
    while older := origins_of(session, row.source_id):
        if row.source_page > len(older):
            break
        row = older[row.source_page - 1]
    return row.source_id, row.source_page


def _all_of(session: Session, document_id: int) -> Collection[tuple[int, int]]:
    """The sheets of a document that came in from outside, as far as acts on pages name them."""
    pages = select(PageSource.source_page).where(PageSource.source_id == document_id).distinct()
    return [(document_id, page) for page in session.scalars(pages)]
