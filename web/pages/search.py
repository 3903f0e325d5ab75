"""Search and a document's page: what every role opens first."""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.access import groups
from corpus.database.models import SavedSearch
from corpus.errors import Problem
from corpus.json_shapes import boxes_to_json
from corpus.lifecycle import reread
from corpus.lifecycle.cleared import is_cleared
from corpus.queries import citations, documents
from search.results import finder
from search.results.similar import similar
from web import access, metrics
from web.pages import feeds
from web.present import fields, signed
from web.present.catalogue import ACTIONS, EFFECTS, RELATIONS
from web.present.search_address import FACETS, SORTS, Asked, asked
from web.present.whole_number import whole
from web.services import account, review, searches, uploads
from web.services.documents import original_file, picture_of, searchable_copy, suggestions
from web.services.searchable_pdfs import is_scan

pages = Blueprint("lookup", __name__)

PER_PAGE = 20


@pages.get("/")
def home() -> ResponseReturnValue:
    """The search box; with a question, its answer."""
    search = asked()
    if not search.text and not search.filters:
        return render_template(
            "lookup/home.html",
            latest=documents.latest(access.store(), access.seen()),
            search=search,
            saved=account.saved(),
            feed=feeds.address,
        )
    offset = (search.page - 1) * PER_PAGE
    followed = _followed(search)
    results = finder.find(
        access.store(),
        search.text,
        limit=PER_PAGE,
        offset=offset,
        sort=search.sort,
        viewer=access.viewer(),
        filters=search.filters,
    )
    metrics.SEARCHES.add(results.took_ms / 1000)
    if followed is not None and followed.known != results.total:
        records.save_search(access.store(), access.user().id, followed.address, followed.words, results.total)
    searches.note(search.text, results, offset, search.filters)
    return render_template(
        "lookup/results.html",
        search=search,
        results=results,
        facets=FACETS,
        sorts=SORTS,
        offset=offset,
        last=max(1, ceil(results.total / PER_PAGE)),
        followed=followed,
    )


@pages.get("/goi-y")
def suggest() -> ResponseReturnValue:
    """Numbers, issuers and subjects that begin so."""
    return jsonify(suggestions(request.args.get("q", "")))


@pages.get("/van-ban/<int:document_id>")
@pages.get("/van-ban/<int:document_id>-<tail>")
def document(document_id: int, tail: str = "") -> ResponseReturnValue:
    """A document: its record, its pages with evidence, what it cites and what cites it."""
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
        twins=review.twins(found) if access.may("api_queue.twins") else [],
        query=query,
    )


@pages.get("/van-ban/<int:document_id>/tuong-tu")
def alike(document_id: int) -> ResponseReturnValue:
    """Documents like this one, for its page to show when somebody looks so far down."""
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


@pages.get("/van-ban/<int:document_id>/ban-goc")
def original(document_id: int) -> ResponseReturnValue:
    """The file as it came in, never shown by the browser on this site's behalf."""
    return original_file(document_id)


@pages.get("/van-ban/<int:document_id>/tim-duoc.pdf")
def searchable(document_id: int) -> ResponseReturnValue:
    """The scan as a PDF whose text can be searched and copied."""
    return searchable_copy(document_id)


def _followed(search: Asked) -> SavedSearch | None:
    """This search among those the person follows."""
    return next((row for row, _ in account.saved(count=False) if row.address == search.plain), None)


def _citation_marks(document_id: int) -> list[tuple[str, int, list[Any]]]:
    rows = documents.citation_rows(access.store(), document_id)
    return [(f"cite-{row.id}", row.page, row.boxes) for row in rows if row.page is not None]
