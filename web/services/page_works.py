"""Acts on pages: the board of pages, the plan that a person makes on it, and the new documents; the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from corpus import records
from corpus.database.models import Document, PageText
from corpus.database.read_only import StoredDocument
from corpus.errors import Problem
from corpus.lifecycle import page_works
from corpus.lifecycle.page_works import PageOrigin
from corpus.numbering.number import match_key
from corpus.originals import content_store
from corpus.records import NewPart
from ingest.views.composed import COMPOSABLE, PagePick, PageSourceFile, compose
from web import access
from web.present.whole_number import whole
from web.services import renderings

MOST_SOURCES = 20
"""Most documents that are merged at a time."""
TURNS = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """One page of the plan: document, number, degrees clockwise from how it is shown; `begins` a new document."""

    document_id: int
    page: int
    turn: int = 0
    begins: bool = False


def is_composable(found: StoredDocument) -> bool:
    """True if the pages of a document can be arranged: a PDF or a scan, in review or on record."""
    return found.media_type in COMPOSABLE and found.status in page_works.OPEN


def sources(first: int, others: Sequence[str]) -> list[Document]:
    """The documents whose pages are on the board: the first, and those that are merged with it (number or ID).

    Raises Problem("not_found"), ("ambiguous"), ("pages_kind"), and as `page_works.demand_open` does.
    """
    ids = list(dict.fromkeys([first, *(_id_named(one) for one in others if one.strip())]))
    if len(ids) > MOST_SOURCES:
        raise Problem("bad_request", why=f"gộp nhiều nhất {MOST_SOURCES} văn bản một lần")
    found = [access.content(one) for one in ids]
    for one in found:
        if one.media_type not in COMPOSABLE:
            raise Problem("pages_kind", name=one.name)
    with access.store().db.reading() as session:
        page_works.demand_open(session, found)
    return found


def _id_named(text: str) -> int:
    """The document that a person names by ID (`#12`, `12`) or by number; raises Problem("not_found")."""
    said = text.strip().removeprefix("#")
    with suppress(ValueError):
        return whole(said)
    key = match_key(said)
    same = select(Document.id).where(
        Document.number_key == key, Document.status.in_(page_works.OPEN), access.seen()
    )
    with access.store().db.reading() as session:
        ids = list(session.scalars(same.limit(2))) if key else []
    if len(ids) != 1:
        raise Problem("not_found", what=said[:100])
    return ids[0]


def change(plan: Sequence[PlannedPage], seen: Mapping[int, int | None], reason: str) -> list[int]:
    """Make the new documents of a plan and withdraw the old ones; return the new IDs.

    seen: each document of the plan → the revision that the person saw. Raises Problem("bad_request") for a plan
    that changes nothing, is empty or names other pages, and as `records.make_parts` and `compose` do.
    """
    found = {one.id: one for one in sources(next(iter(seen)), [str(one) for one in list(seen)[1:]])}
    parts = _parts(plan)
    _demand_change(plan, parts, found)
    store = access.store()
    order = list(found)
    turns = _shown_turns(found)
    picks = [
        [PagePick(order.index(one.document_id), one.page, _turn(one, turns)) for one in part] for part in parts
    ]
    files = [
        PageSourceFile(content_store.original_path(store, one.sha256, document=one.id), one.name, one.media_type)
        for one in found.values()
    ]
    with renderings.turn(store, "long"):
        made = compose(files, picks, store.settings)
    stem = Path(found[order[0]].name).stem[:150]
    stored: list[NewPart] = []
    try:
        for at, (data, part, pick) in enumerate(zip(made, parts, picks, strict=True), start=1):
            name = f"{stem} ({at}).pdf" if len(made) > 1 else f"{stem}.pdf"
            origins = tuple(
                PageOrigin(one.document_id, one.page, picked.turn) for one, picked in zip(part, pick, strict=True)
            )
            sha256 = content_store.put_original(store, data, name=name)
            stored.append(NewPart(sha256, name, len(data), origins))
        return records.make_parts(store, seen, stored, reason, access.user().name, access.belongs())
    except Exception:
        for one in stored:
            with suppress(Problem):
                records.drop_unclaimed(store, one.sha256)
        raise


def undo(document_id: int) -> list[int]:
    """Undo the last act on the pages of a document; return the documents that are back in review."""
    found = access.document(document_id)
    return records.undo_parts(access.store(), found.id, access.user().name, access.belongs())


def _parts(plan: Sequence[PlannedPage]) -> list[list[PlannedPage]]:
    parts: list[list[PlannedPage]] = []
    for one in plan:
        if not parts or one.begins:
            parts.append([])
        parts[-1].append(one)
    return parts


def _demand_change(
    plan: Sequence[PlannedPage], parts: Sequence[Sequence[PlannedPage]], found: Mapping[int, Document]
) -> None:
    """Check that a plan takes pages of these documents, none twice, and comes to something else than is there."""
    places = [(one.document_id, one.page) for one in plan]
    every = [(one.id, page) for one in found.values() for page in range(1, one.page_count + 1)]
    if not plan or len(set(places)) < len(places) or not set(places) <= set(every):
        raise Problem("bad_request", why="trang được chọn không đúng")
    if any(one.turn not in TURNS for one in plan):
        raise Problem("bad_request", why="góc xoay")
    if len(found) == len(parts) == 1 and places == every and not any(one.turn for one in plan):
        raise Problem("bad_request", why="chưa đổi gì")


def _shown_turns(found: Mapping[int, Document]) -> dict[tuple[int, int], int]:
    """Degrees by which each page is turned when it is shown: recognition turned it upright."""
    rows = select(PageText.document_id, PageText.number, PageText.rotation)
    with access.store().db.reading() as session:
        held = session.execute(rows.where(PageText.document_id.in_(found)))
        return {(row[0], row[1]): row[2] for row in held}


def _turn(one: PlannedPage, shown: Mapping[tuple[int, int], int]) -> int:
    """Degrees on the file's own page; one that is not turned keeps the turn of the file."""
    return (one.turn + shown.get((one.document_id, one.page), 0)) % 360 if one.turn else 0
