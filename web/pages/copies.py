"""Copies of documents (sao y, sao lục, trích sao): the register of a year, one copy as it is printed."""

from __future__ import annotations

from math import ceil

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.files.copies import KINDS, MEDIUM_NAMES
from corpus.queries import file_lists
from web import access
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import files

pages = Blueprint("copies", __name__)

PER_PAGE = 50


@pages.get("/ban-sao")
def listing() -> ResponseReturnValue:
    """The copies of a year, or of all, as far as their originals may be seen."""
    year, page = _year(), max(1, min(request.args.get("trang", 1, type=whole), 10_000))
    lines, total = file_lists.copies_in(access.store(), year, access.seen(), PER_PAGE, (page - 1) * PER_PAGE)
    return render_template(
        "copies/register.html",
        lines=lines,
        total=total,
        year=year,
        years=file_lists.copy_years(access.store()),
        kinds=KINDS,
        page=page,
        last=max(1, ceil(total / PER_PAGE)),
    )


@pages.get("/ban-sao.<form>")
def register(form: str) -> Response:
    """The register of copies as CSV or XLSX."""
    return files.copies_file(form, _year())


@pages.post("/van-ban/<int:document_id>/ban-sao")
def make(document_id: int) -> ResponseReturnValue:
    """Make a copy with the next number."""
    made = files.make_copy(document_id, request.form)
    return redirect(url_for("copies.show", copy_id=made), 303)


@pages.get("/ban-sao/<int:copy_id>")
def show(copy_id: int) -> ResponseReturnValue:
    """A copy as it is printed: the original's pages, and the copy's block below them."""
    found = files.copy(copy_id)
    return render_template(
        "copies/copy.html",
        found=found,
        form=KINDS[found.kind],
        medium=MEDIUM_NAMES.get(found.medium, ""),
        sheets=files.pages_to_print(found.document_id) if found.kind != "TrS" else [],
    )


@pages.post("/ban-sao/<int:copy_id>")
def cancel(copy_id: int) -> ResponseReturnValue:
    """Cancel a copy, with the reason; its number is not given again."""
    files.cancel_copy(copy_id, request.form.get("reason", ""))
    flash(translator(access.store().settings.lang)("Đã hủy bản sao."))
    return redirect(url_for("copies.show", copy_id=copy_id), 303)


def _year() -> int | None:
    year = request.args.get("year", "")
    return int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
