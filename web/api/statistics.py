"""API of the statistics: numbers of a period, as JSON and as a file."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from web.api.downloads import TablePath
from web.api.shapes import PROBLEMS, SECURITY, of_kind
from web.formats import tables
from web.services import statistics

calls = APIBlueprint("api_statistics", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class PeriodQuery(BaseModel):
    """Days between which documents came; empty: this year up to today."""

    since: str = Field("", alias="from", max_length=20, description="First day, 2026-01-31 or 31/1/2026.")
    until: str = Field("", alias="to", max_length=20, description="Last day.")


class CountedDocuments(BaseModel):
    """Documents under one name: how many came, are on record, wait."""

    name: str
    came: int
    on_record: int
    waiting: int


class CountedTimes(BaseModel):
    """On record in time or late; waiting within their time or beyond it."""

    on_time: int
    late: int
    waiting: int
    overdue: int


class CountedMonth(BaseModel):
    """Documents that came in a month, `2026-03`."""

    month: str
    came: int
    on_record: int
    waiting: int
    times: CountedTimes


class CountedHands(BaseModel):
    """Documents on record; with all values as read; without a person's acceptance."""

    on_record: int
    unchanged: int
    alone: int


class CountedQuestion(BaseModel):
    """A field that waits for a person, and in how many documents."""

    field: str
    count: int


class StatisticsShape(BaseModel):
    """Numbers of a period, of the documents that the caller may see."""

    since: str
    until: str
    whole: CountedDocuments
    times: CountedTimes
    months: list[CountedMonth]
    types: list[CountedDocuments]
    bodies: list[CountedDocuments]
    units: list[CountedDocuments] = Field(description="By the groups that documents are limited to.")
    hands: CountedHands
    questions: list[CountedQuestion]


@calls.get("/api/statistics", responses={200: StatisticsShape})
def numbers(query: PeriodQuery) -> Any:
    """Numbers of the documents that came in a period."""
    return jsonify(statistics.to_json(statistics.of_period(query.since, query.until)))


@calls.get("/api/statistics.<form>", responses={200: of_kind(*tables.FORMS.values())})
def file(path: TablePath, query: PeriodQuery) -> Any:
    """The same as a workbook with a sheet for each table, or CSV."""
    return statistics.as_file(path.form, {"from": query.since, "to": query.until})
