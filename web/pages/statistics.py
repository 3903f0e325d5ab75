"""Page of the statistics, and its file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from corpus.errors import Problem
from web import access
from web.formats import statistics_tables
from web.services import statistics

pages = Blueprint("statistics", __name__)


@pages.get("/thong-ke")
def numbers() -> ResponseReturnValue:
    """The numbers of a period; a period that is not understood is named, and this year's numbers shown."""
    since, until = request.args.get("from", "")[:20], request.args.get("to", "")[:20]
    fault, status = "", 200
    try:
        found = statistics.of_period(since, until)
    except Problem as problem:
        fault, status = problem.message(access.store().settings.lang), problem.fault.status
        found = statistics.of_period("", "")
    page = render_template(
        "statistics/numbers.html", found=found, sheets=statistics_tables.sheets(found), fault=fault,
        since=since if fault else f"{found.since:%d/%m/%Y}", until=until if fault else f"{found.until:%d/%m/%Y}",
    )  # fmt: skip
    return page, status


@pages.get("/thong-ke.<form>")
def file(form: str) -> Response:
    """The numbers of a period as a workbook or CSV."""
    return statistics.as_file(form, request.args)
