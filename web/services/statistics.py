"""Statistics of a period for the caller: period as typed, numbers, file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Response

from corpus import records
from corpus.errors import Problem
from corpus.numbering.dates import day_of
from corpus.numbering.typed_days import iso, today
from corpus.queries import statistics
from corpus.queries.statistics import Statistics
from web import access
from web.formats import statistics_tables, tables
from web.present import trail_state
from web.present.catalogue import translator


def period(since: str | None, until: str | None) -> tuple[date, date]:
    """First and last day of a period as typed (`1/1/2026`, ISO 8601); empty: from 1 January of this year to today.

    Raises Problem("bad_request") for what is no day, or days in the wrong order.
    """
    now = date.fromisoformat(today())
    first = _day(since) if since and since.strip() else now.replace(month=1, day=1)
    last = _day(until) if until and until.strip() else now
    if last < first:
        raise Problem("bad_request", why="«đến ngày» trước «từ ngày»")
    return first, last


def _day(typed: str) -> date:
    day = day_of(iso(typed))
    if day is None or not date(1900, 1, 1) <= day < date(9000, 1, 1):
        raise Problem("bad_request", why=f"«{typed[:20]}» không phải ngày dạng ngày/tháng/năm")
    return day


def of_period(since: str | None, until: str | None) -> Statistics:
    """Numbers of the documents that the caller may see. Raises Problem("bad_request")."""
    first, last = period(since, until)
    return statistics.statistics(access.store(), first, last, date.fromisoformat(today()), access.belongs())


def as_file(form: str, parts: Mapping[str, Any]) -> Response:
    """The numbers as a file, with a row in the trail. Raises Problem: bad_request; not_found for another form."""
    if form not in tables.FORMS:
        raise Problem("not_found", what=form[:20])
    found = of_period(parts.get("from"), parts.get("to"))
    detail = {"what": "statistics", "q": f"{found.since:%d/%m/%Y}–{found.until:%d/%m/%Y}"}
    records.note(access.store(), access.user().name, "export", None, detail)
    headers = {
        "Content-Disposition": f"attachment; filename=thong-ke.{form}",
        trail_state.HEADER: trail_state.head_of(access.store()).text,
    }
    words = translator(access.store().settings.lang)
    return Response(statistics_tables.whole(form, found, words), mimetype=tables.FORMS[form], headers=headers)


def to_json(found: Statistics) -> dict[str, Any]:
    """The numbers as JSON: days ISO 8601, questions by the names of their fields."""
    data = asdict(found)
    return {
        **data, "since": found.since.isoformat(), "until": found.until.isoformat(),
        "questions": [{"field": name, "count": count} for name, count in found.questions],
    }  # fmt: skip
