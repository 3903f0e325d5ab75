"""A whole result list for a spreadsheet: CSV or XLSX, as far as the reader may see it."""

from __future__ import annotations

import io

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.errors import Problem
from search import listing
from web import access, exports
from web.asked import asked

pages = Blueprint("lists", __name__)

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/ket-qua.<form>")
def results(form: str) -> ResponseReturnValue:
    """The documents that a search finds, in its order, at most listing.MOST; a cell never begins as a formula does."""
    if form not in ("csv", "xlsx"):
        raise Problem("not_found", what=form)
    search = asked()
    rows = listing.rows(
        access.store(), search.text, sort=search.sort, viewer=access.viewer(), filters=search.filters
    )
    if form == "csv":
        body = "".join(exports.csv_lines(listing.COLUMNS, rows)).encode()
    else:
        out = io.BytesIO()
        listing.write_xlsx(listing.COLUMNS, rows, out)
        body = out.getvalue()
    records.note(access.store(), access.user().name, "export", None, {"what": "results", "q": search.text})
    headers = {"Content-Disposition": f"attachment; filename=ket-qua.{form}"}
    return Response(body, mimetype="text/csv" if form == "csv" else _XLSX, headers=headers)
