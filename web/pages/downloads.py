"""Whole lists for a spreadsheet, CSV or XLSX: search results, wanted documents, audit rows, as far as the reader
may see.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from web.present.search_address import asked
from web.services import conflict_files
from web.services.downloads import changes, deeds, found, not_held

pages = Blueprint("lists", __name__)


@pages.get("/ket-qua.<form>")
def results(form: str) -> Response:
    """Results of a search, in its order, at most all_rows.MOST."""
    return found(form, asked())


@pages.get("/can-tim.<form>")
def wanted(form: str) -> Response:
    """Wanted documents (cited, not on record), most cited first."""
    return not_held(form)


@pages.get("/mau-thuan.<form>")
def conflicts(form: str) -> Response:
    """All conflicts that the reader may see, as the list is narrowed."""
    return conflict_files.as_file(form, conflict_files.asked(request.args))


@pages.get("/nhat-ky.<form>")
def audit(form: str) -> Response:
    """Rows of the audit trail, newest first, with the page's filter."""
    return deeds(form, request.args)


@pages.get("/van-ban/<int:document_id>/lich-su.<form>")
def history(document_id: int, form: str) -> Response:
    """The changes to one record, old and new values, newest first."""
    return changes(form, document_id)
