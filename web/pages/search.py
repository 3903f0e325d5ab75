"""Search and a document's page, the first pages of every role."""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.access import groups
from corpus.authority.doc_types import doc_types
from corpus.errors import Problem
from corpus.files.copies import MEDIUM_NAMES
from corpus.json_shapes import boxes_to_json
from corpus.lifecycle import reread
from corpus.lifecycle.cleared import is_cleared
from corpus.queries import (
    cataloguing,
    citations,
    documents,
    file_lists,
    file_versions,
    files,
    page_lineage,
    share_links,
)
from search.results import finder
from search.results.similar import similar
from web import access
from web.access import cookies
from web.pages import feeds
from web.present import fields, signed, understanding
from web.present.catalogue import ACTIONS, EFFECTS, RELATIONS
from web.present.search_address import FACETS, FORM, LONGEST, SORTS, SearchRequest, asked
from web.present.version_words import VERSION_STATES
from web.present.whole_number import whole
from web.services import account, edxml_files, handover, page_works, registers, review, searches, uploads
from web.services.documents import VIEWED, original_file, picture_of, searchable_copy, suggestions, thumbnail_of
from web.services.searchable_pdfs import is_scan

pages = Blueprint("lookup", __name__)

PER_PAGE = 20
"""Results of a page."""
_NO_SMALL = "vanban_no_thumbnails"
"""Cookie of a browser whose lists have no small pictures."""
_YEAR = 31_536_000
"""Seconds."""


@pages.get("/")
def home() -> ResponseReturnValue:
    """The search box; with a query, its results."""
    search = asked()
    if search.is_empty:
        return render_template(
            "lookup/home.html",
            latest=documents.latest(access.store(), access.seen()),
            search=search,
            saved=account.saved(),
            feed=feeds.address,
            shared=account.shared(),
            form=FORM,
            kinds=doc_types(),
        )
    offset = (search.page - 1) * PER_PAGE
    followed = _saved_search(search)
    results = finder.find(
        access.store(),
        search.query,
        limit=PER_PAGE,
        offset=offset,
        sort=search.sort,
        viewer=access.viewer(),
        filters=search.filters,
        effects=True,
    )
    if followed is not None and followed.known != results.total:
        records.save_search(access.store(), access.user().id, followed.address, followed.words, results.total)
    searches.note(search.query, results, offset, search.filters)
    return render_template(
        "lookup/results.html",
        search=search,
        results=results,
        facets=FACETS,
        sorts=SORTS,
        offset=offset,
        last=max(1, ceil(results.total / PER_PAGE)),
        followed=followed,
        effects=EFFECTS,
        open_files=files.open_files(access.store()) if access.may("files.put") else [],
        read_as=(read_as := search.words_of(results.read_as)),
        chips=[understanding.chip(one, search, read_as or None) for one in results.meant],
        form=FORM,
        kinds=doc_types(),
        small=_small_pictures([hit.id for hit in results.hits]),
        with_small=_has_small_pictures(),
        tags_of=cataloguing.tags_of(access.store(), [hit.id for hit in results.hits]),
        all_tags=cataloguing.all_tags(access.store()) if access.may("tags.put") else [],
        cut=len(request.args.get("q", "")) > LONGEST,
    )


@pages.get("/goi-y")
def suggest() -> ResponseReturnValue:
    """Numbers, issuers and subjects that begin with the typed text."""
    return jsonify(suggestions(request.args.get("q", "")))


@pages.get("/van-ban/<int:document_id>")
@pages.get("/van-ban/<int:document_id>-<tail>")
def document(document_id: int, tail: str = "") -> ResponseReturnValue:
    """A document: its record, its pages with evidence, its citations in both directions."""
    found = access.document(document_id)
    query, proper = request.args.get("q", "")[:1000], fields.slug(found.subject)
    if found.subject and tail != proper:
        return redirect(url_for("lookup.document", document_id=document_id, tail=proper, q=query or None))
    view = citations.cites(access.store(), found, access.visible, access.seen())
    with access.store().db.reading() as session:
        reading_again = found.status in reread.STANDING and reread.is_waiting(session, found.id)
        limits = groups.names_of(session, found.id) if found.limited else ()
        own_groups = groups.open_to(session, access.belongs()) if access.may("groups.limit") else []
    cleared = is_cleared(found)
    hits = finder.hit_boxes(access.store(), document_id, query) if query and cleared else []
    more = [("hit", page, boxes_to_json(tuple(boxes))) for page, boxes in hits]
    return render_template(
        "lookup/document.html",
        found=found,
        entries=fields.entries(found),
        sheets=fields.sheets(
            access.store(), found, more + _citation_marks(document_id) + signed.marks(found.signatures)
        ),
        company=documents.company(access.store(), document_id, access.seen()),
        signatures=signed.lines(found.signatures, access.store().settings.lang),
        unsigned=found.signatures == [] and found.media_type == "application/pdf",
        view=view,
        unread=fields.unread(found),
        reading_again=reading_again,
        limits=limits,
        groups=own_groups,
        relations=RELATIONS,
        effects=EFFECTS,
        actions=ACTIONS,
        scanned=is_scan(documents.pages(access.store(), document_id)),
        cleared=cleared,
        fault=uploads.fault_of(found) if access.may("intake.retry") else "",
        history=citations.history(access.store(), document_id) if access.may("api_desk.history") else [],
        lineage=page_lineage.lineage(access.store(), document_id, access.seen())
        if access.may("sheets.board")
        else None,
        composable=page_works.is_composable(found),
        twins=review.twins(found) if access.may("api_queue.twins") else [],
        query=query,
        **registers.on_document(found),
        handed=handover.on_document(document_id),
        file=files.of_document(access.store(), document_id),
        open_files=files.open_files(access.store()) if access.may("files.put") else [],
        copies=file_lists.copies_of(access.store(), document_id),
        copy_media=MEDIUM_NAMES,
        versions=file_versions.of_document(access.store(), document_id, access.store().settings.lang),
        version_states=VERSION_STATES,
        viewed=VIEWED,
        shares=share_links.of_document(access.store(), document_id) if access.may("shares.make") else [],
        **_catalogue_of(document_id),
    )


@pages.get("/van-ban/<int:document_id>/tuong-tu")
def alike(document_id: int) -> ResponseReturnValue:
    """Similar documents, loaded when the reader scrolls down."""
    found = access.content(document_id)
    try:
        hits = similar(access.store(), found.id, limit=5, viewer=access.viewer())
    except Problem:
        hits = ()
    return render_template("lookup/similar.html", hits=hits)


@pages.get("/van-ban/<int:document_id>/trang/<int:page>.png")
def page_image(document_id: int, page: int) -> ResponseReturnValue:
    """The picture of a page."""
    return picture_of(document_id, page, request.args.get("w", 1240, type=whole))


@pages.get("/van-ban/<int:document_id>/anh-nho.png")
def thumbnail(document_id: int) -> ResponseReturnValue:
    """The small picture of the first page, loaded when it comes into view."""
    return thumbnail_of(document_id)


@pages.post("/anh-nho")
def thumbnails() -> ResponseReturnValue:
    """Switch the small pictures of lists on or off, for this browser."""
    answer = redirect(access.own_path(request.form.get("ve", "")) or url_for("lookup.home"), 303)
    if request.form.get("anh") == "1":
        cookies.drop(answer, _NO_SMALL)
    else:
        cookies.put(answer, _NO_SMALL, "1", _YEAR)
    return answer


@pages.get("/van-ban/<int:document_id>/ban-goc")
def original(document_id: int) -> ResponseReturnValue:
    """The original file as a download, never shown by the browser on this site's behalf."""
    return original_file(document_id)


@pages.get("/van-ban/<int:document_id>/lien-thong.edxml")
def edxml(document_id: int) -> ResponseReturnValue:
    """The record with its file as an edXML message, for another office."""
    return edxml_files.download(document_id, request.args.get("status", "")[:2] or None)


@pages.get("/van-ban/<int:document_id>/tim-duoc.pdf")
def searchable(document_id: int) -> ResponseReturnValue:
    """The scan as a PDF with text that can be searched and copied."""
    return searchable_copy(document_id)


def _has_small_pictures() -> bool:
    """True if lists show small pictures: they are switched off in a browser by a cookie."""
    return cookies.read(request, _NO_SMALL) is None


def _small_pictures(ids: list[int]) -> frozenset[int]:
    """The documents of a list that have a small picture; none while they are switched off."""
    return documents.thumbnailed(access.store(), ids, fields.PICTURES) if _has_small_pictures() else frozenset()


def _catalogue_of(document_id: int) -> dict[str, Any]:
    """Tags and the office's own fields of a document; changes for who may see its history."""
    store = access.store()
    return {
        "tags": cataloguing.tags_of(store, [document_id]).get(document_id, ()),
        "all_tags": cataloguing.all_tags(store) if access.may("tags.put") else [],
        "own": cataloguing.entries(store, document_id),
        "own_changes": cataloguing.changes(store, document_id) if access.may("api_desk.history") else [],
    }


def _saved_search(search: SearchRequest) -> account.Saved | None:
    """This search among the followed ones; None if it isn't."""
    return next((row for row, _ in account.saved(count=False) if row.address == search.plain), None)


def _citation_marks(document_id: int) -> list[tuple[str, int, list[Any]]]:
    rows = documents.citation_rows(access.store(), document_id)
    return [
        (f"cite-{row.id}", row.page, row.boxes) for row in rows if row.page is not None and row.status != "removed"
    ]
