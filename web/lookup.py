"""Search and a document's page: what every role opens first."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from corpus import files, groups, records
from corpus.errors import Problem
from corpus.models import CitationRow, Document, PageText, SavedSearch
from corpus.wire import boxes_to_json
from search import service
from search.completion import complete
from search.similar import similar
from web import access, feeds, metrics, own, page_images, shown, signed, trail_views
from web.asked import FACETS, SORTS, Asked, asked
from web.searchable_files import is_scan, searchable_file
from web.texts import RELATIONS

pages = Blueprint("lookup", __name__)

PER_PAGE = 20


@pages.get("/")
def home() -> ResponseReturnValue:
    """The search box; with a question, its answer."""
    search = asked()
    if not search.text and not search.filters:
        return render_template(
            "lookup/home.html", latest=_latest(), search=search, saved=own.saved(), feed=feeds.address
        )
    offset = (search.page - 1) * PER_PAGE
    followed = _followed(search)
    results = service.find(
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
    if search.page == 1:
        records.note(
            access.store(), access.user().name, "search", None, {"q": search.text, "total": results.total}
        )
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


def suggestions(text: str) -> list[str]:
    """What begins so; nothing while the index can't answer: a search box must not fail for want of help."""
    try:
        return complete(access.store(), text, viewer=access.viewer())
    except Problem:
        return []


@pages.get("/van-ban/<int:document_id>")
@pages.get("/van-ban/<int:document_id>-<tail>")
def document(document_id: int, tail: str = "") -> ResponseReturnValue:
    """A document: its record, its pages with evidence, what it cites and what cites it."""
    found = access.document(document_id)
    query, proper = request.args.get("q", "")[:1000], shown.slug(found.subject)
    if found.subject and tail != proper:
        return redirect(url_for("lookup.document", document_id=document_id, tail=proper, q=query or None))
    records.note(access.store(), access.user().name, "view", document_id)
    view = trail_views.cites(access.store(), found, access.visible, access.seen())
    with access.store().db.reading() as session:
        limits = groups.names_of(session, found.id) if found.limited else ()
        own_groups = groups.open_to(session, access.belongs()) if access.may("groups.limit") else []
    hits = service.hit_boxes(access.store(), document_id, query) if query else []
    more = [("hit", page, boxes_to_json(tuple(boxes))) for page, boxes in hits]
    return render_template(
        "lookup/document.html",
        found=found,
        entries=shown.entries(found),
        sheets=shown.sheets(access.store(), found, more + _citation_marks(document_id) + signed.marks(found)),
        signatures=signed.lines(found, access.store().settings.lang),
        unsigned=found.signatures == [] and found.media_type == "application/pdf",
        view=view,
        limits=limits,
        groups=own_groups,
        relations=RELATIONS,
        scanned=_is_scan(document_id),
        history=trail_views.history(access.store(), document_id) if access.may("review.form") else [],
        query=query,
    )


@pages.get("/van-ban/<int:document_id>/tuong-tu")
def alike(document_id: int) -> ResponseReturnValue:
    """Documents like this one, for its page to show when somebody looks so far down."""
    found = access.document(document_id)
    try:
        hits = similar(access.store(), found.id, limit=5, viewer=access.viewer())
    except Problem:
        hits = ()
    return render_template("lookup/similar.html", hits=hits)


@pages.get("/van-ban/<int:document_id>/trang/<int:page>.png")
def page_image(document_id: int, page: int) -> ResponseReturnValue:
    """The picture of a page."""
    return picture_of(document_id, page, request.args.get("w", 1240, type=int))


def picture_of(document_id: int, page: int, width: int) -> Response:
    """The picture of a page so many pixels wide, turned as it was read."""
    found = access.document(document_id)
    with access.store().db.reading() as session:
        row = session.get(PageText, (document_id, page))
    path = page_images.picture(access.store(), found, page, row.rotation if row else 0, width)
    answer = send_file(path, mimetype="image/png", max_age=3600)
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@pages.get("/van-ban/<int:document_id>/ban-goc")
def original(document_id: int) -> ResponseReturnValue:
    """The file as it came in, never shown by the browser on this site's behalf."""
    found = access.document(document_id)
    path = files.original_path(access.store(), found.sha256, document=document_id)
    records.note(access.store(), access.user().name, "download", document_id)
    return as_download(path, found.media_type, found.name)


@pages.get("/van-ban/<int:document_id>/tim-duoc.pdf")
def searchable(document_id: int) -> ResponseReturnValue:
    """The scan as a PDF whose text can be searched and copied."""
    found = access.document(document_id)
    path = searchable_file(access.store(), found)
    records.note(access.store(), access.user().name, "download", document_id, {"form": "searchable"})
    return as_download(path, "application/pdf", f"{Path(found.name).stem}.tim-duoc.pdf")


def as_download(path: Path, media_type: str, name: str) -> Response:
    """A file to keep, never shown by the browser on this site's behalf."""
    answer = send_file(path, mimetype=media_type, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _followed(search: Asked) -> SavedSearch | None:
    """This search among those the person follows."""
    return next((row for row, _ in own.saved(count=False) if row.address == search.plain), None)


def _is_scan(document_id: int) -> bool:
    with access.store().db.reading() as session:
        return is_scan(list(session.scalars(select(PageText).where(PageText.document_id == document_id))))


def _latest() -> list[Document]:
    rows = select(Document).where(Document.status.in_(("review", "accepted")), access.seen())
    with access.store().db.reading() as session:
        return list(session.scalars(rows.order_by(Document.received_at.desc(), Document.id.desc()).limit(8)))


def _citation_marks(document_id: int) -> list[tuple[str, int, list[Any]]]:
    rows = select(CitationRow).where(CitationRow.document_id == document_id, CitationRow.page.is_not(None))
    with access.store().db.reading() as session:
        return [(f"cite-{row.id}", row.page or 0, row.boxes) for row in session.scalars(rows)]
