"""Whole lists for a spreadsheet, CSV or XLSX: what a search finds, what is wanted, who did what; as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, request

from corpus import records
from corpus.errors import Problem
from search import listing
from web import access, audit_rows, tables, trail_views
from web.asked import Asked, asked

pages = Blueprint("lists", __name__)

_WANTED = ("Văn bản", "Loại", "Ngày", "Cơ quan", "Số văn bản viện dẫn")
_MOST_WANTED = 10_000


@pages.get("/ket-qua.<form>")
def results(form: str) -> Response:
    """The documents that a search finds, in its order, at most listing.MOST."""
    return found(form, asked())


@pages.get("/can-tim.<form>")
def wanted(form: str) -> Response:
    """Documents that are cited but not held, most cited first."""
    rows = trail_views.wanted(access.store(), _MOST_WANTED, access.seen())
    lines = ((row.label, row.doc_type, row.date, row.issuer, row.count) for row in rows)
    return _answer(form, "can-tim", _WANTED, lines, {"what": "wanted"})


@pages.get("/nhat-ky.<form>")
def audit(form: str) -> Response:
    """Who did what and when, newest first, as the list of the trail is narrowed."""
    return deeds(form, audit_rows.asked(request.args))


def deeds(form: str, wanted: audit_rows.Wanted) -> Response:
    """Rows of the trail, as a file."""
    rows = audit_rows.listed(access.store(), wanted, access.hidden())
    return _answer(form, "nhat-ky", audit_rows.COLUMNS, rows, {"what": "audit", "q": wanted.words})


def found(form: str, search: Asked) -> Response:
    """What a search finds, as a file."""
    rows = listing.rows(
        access.store(), search.text, sort=search.sort, viewer=access.viewer(), filters=search.filters
    )
    return _answer(form, "ket-qua", listing.COLUMNS, rows, {"what": "results", "q": search.text})


def _answer(
    form: str, name: str, columns: tables.Columns, rows: Iterable[tables.Row], told: dict[str, str]
) -> Response:
    """The file, noted in the audit trail; a form that is none of them is not there."""
    if form not in tables.FORMS:
        raise Problem("not_found", what=form[:20])
    body = tables.whole(form, name, columns, rows)
    records.note(access.store(), access.user().name, "export", None, told)
    headers = {"Content-Disposition": f"attachment; filename={name}.{form}"}
    return Response(body, mimetype=tables.FORMS[form], headers=headers)
