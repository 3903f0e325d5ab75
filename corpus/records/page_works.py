"""Acts on pages: new documents made of the pages of others, and the way back; each is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import groups
from corpus.access.groups import Groups
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.file_types import PDF
from corpus.lifecycle import corrections, intake, page_works
from corpus.lifecycle.intake import Arrival, Receipt
from corpus.lifecycle.page_works import PageOrigin as PageOrigin
from corpus.originals import content_store
from corpus.records.access import limit_document
from corpus.records.transaction import locked_document, transaction
from corpus.typed_text import clean_text


@dataclass(frozen=True, slots=True)
class NewPart:
    """A new document: its bytes as stored (`content_store.put_original`), its name, the origins of its pages."""

    sha256: str
    name: str
    size: int
    pages: tuple[PageOrigin, ...]


def make_parts(
    store: Store,
    sources: Mapping[int, int | None],
    parts: Sequence[NewPart],
    reason: str,
    actor: str,
    by: Groups = None,
) -> list[int]:
    """Put the parts in the place of the documents they are made of, which are withdrawn; return the new IDs.

    sources: document → the revision that the person saw. The new documents have the limit of the old ones and are
    read from the start, the secrecy gate with it. Raises Problem("stale"), ("wrong_state"), ("pages_bound"),
    ("pages_limits"), ("not_found"), ("bad_value") without a reason.
    """
    said = clean_text("reason", reason, required=True)
    with transaction(store) as session:
        old = [_visible(session, one, by) for one in sorted(sources)]
        for one in old:
            corrections.check_revision(one, sources[one.id])
        page_works.demand_open(session, old)
        work = page_works.begin(session, page_works.BY_PERSON, actor, old)
        one_for_one = len(old) == len(parts) == 1 and old[0].status == "accepted"
        claims = page_works.claims_of(old[0]) if one_for_one else ()
        made: list[int] = []
        for part in parts:
            if not content_store.has_original(store, part.sha256):
                raise Problem("store_busy")
            arrival = Arrival(part.sha256, part.name, PDF, part.size, actor, claims=claims)
            receipt = intake.receive(session, arrival)
            if receipt.existing:
                raise Problem("store_busy")
            document = session.get_one(Document, receipt.document_id)
            page_works.take_over(session, work, document, part.pages)
            made.append(document.id)
            detail = {"work": work.id, "of": sorted({one.document_id for one in part.pages})}
            audit.append(session, actor, "make_of_pages", document.id, {**detail, "pages": len(part.pages)})
        for one in old:
            corrections.withdraw(session, one, f"{said} → {', '.join(f'#{number}' for number in made)}", actor)
        return made


def receive_batch(
    store: Store,
    whole: NewPart,
    media_type: str,
    parts: Sequence[NewPart],
    actor: str,
    *,
    auto_accept: bool = False,
    limited_to: Sequence[str] = (),
    by: Groups = None,
) -> list[Receipt]:
    """Take in the papers of one file, which is kept, withdrawn and linked with them; return a receipt for each.

    A file that is on record already changes nothing: its own receipt is the only one. Raises as `receive` does.
    """
    for one in (whole, *parts):
        if not content_store.has_original(store, one.sha256):
            raise Problem("store_busy")
    with transaction(store) as session:
        receipt = intake.receive(session, Arrival(whole.sha256, whole.name, media_type, whole.size, actor), by)
        if receipt.existing:
            return [receipt]
        document = session.get_one(Document, receipt.document_id)
        if any(one.strip() for one in limited_to):
            groups.check_own(session, limited_to, by)
            limit_document(session, document, limited_to, actor, by)
        work = page_works.begin(session, page_works.BY_BATCH, actor, [document])
        receipts: list[Receipt] = []
        for part in parts:
            found = intake.receive(
                session, Arrival(part.sha256, part.name, PDF, part.size, actor, auto_accept=auto_accept)
            )
            if found.existing:
                raise Problem("store_busy")
            pages = [PageOrigin(document.id, one.page) for one in part.pages]
            page_works.take_over(session, work, session.get_one(Document, found.document_id), pages)
            detail = {"work": work.id, "of": [document.id], "pages": len(pages)}
            audit.append(session, actor, "make_of_pages", found.document_id, detail)
            receipts.append(found)
        names = ", ".join(f"#{one.document_id}" for one in receipts)
        corrections.withdraw(session, document, f"tệp gồm nhiều văn bản, đã tách → {names}", actor)
        return receipts


def undo_parts(store: Store, document_id: int, actor: str, by: Groups = None) -> list[int]:
    """Undo the last act on pages that a document came out of or went into; return the documents that are back.

    What the act made is withdrawn, what it took out goes back to review. Raises Problem("not_found") if there is
    none, ("stale") if a page was used again since, ("wrong_state"), ("pages_bound").
    """
    with transaction(store) as session:
        work = page_works.work_of(session, document_id)
        if work is None or work.kind != page_works.BY_PERSON:
            raise Problem("not_found", what=document_id)
        made = [_visible(session, one, by) for one in page_works.made_by(session, work.id)]
        back = [_visible(session, one.document_id, by) for one in page_works.starts_of(session, work.id)]
        for one in made:
            if page_works.is_bound(session, one.id):
                raise Problem("pages_bound", document=one.id)
            last = page_works.work_of(session, one.id)
            if last is not None and last.id != work.id:
                raise Problem("stale", document=one.id)
            if intake.is_purged(one):
                raise Problem("wrong_state", document=one.id, status=one.status)
            if one.status != "withdrawn":
                corrections.withdraw(session, one, "hoàn tác việc tách, gộp, xoay trang", actor)
        for one in back:
            corrections.reinstate(session, one, actor)
        work.undone_at, work.undone_by = utc_now(), actor[:100]
        ids = [one.id for one in back]
        audit.append(session, actor, "undo_pages", document_id, {"work": work.id, "of": ids})
        return ids


def _visible(session: Session, document_id: int, by: Groups) -> Document:
    """A document that the person may know of, locked; raises Problem("not_found")."""
    document = locked_document(session, document_id)
    if not groups.may_see(session, document, by):
        raise Problem("not_found", what=document_id)
    return document
