"""Whole lists for a spreadsheet, CSV or XLSX: what a search finds, what is wanted, who did what; as far as the reader may see it."""

from __future__ import annotations

from flask import Blueprint, Response, request

from web.present.search_address import asked
from web.services.downloads import changes, deeds, found, not_held

pages = Blueprint("lists", __name__)


@pages.get("/ket-qua.<form>")
def results(form: str) -> Response:
    """The documents that a search finds, in its order, at most all_rows.MOST."""
    return found(form, asked())


@pages.get("/can-tim.<form>")
def wanted(form: str) -> Response:
    """Documents that are cited but not held, most cited first."""
    return not_held(form)


@pages.get("/nhat-ky.<form>")
def audit(form: str) -> Response:
    """Who did what and when, newest first, as the list of the trail is narrowed."""
    return deeds(form, request.args)


@pages.get("/van-ban/<int:document_id>/lich-su.<form>")
def history(document_id: int, form: str) -> Response:
    """The changes to one record, old and new values, newest first."""
    return changes(form, document_id)
