"""Days that contradict each other are asked: a later paper cited, an arrival stamp of before."""

from __future__ import annotations

import pytest

from corpus.document import Citation, Field, Fields, Incoming
from ingest.fields.date_contradictions import held_against


def day(value: str | None) -> Field | None:
    return Field(value, value, 0.95) if value else None


def cites(date: str | None) -> Citation:
    return Citation("Quyết định số 5/QĐ-UBND", "basis", number="5/QĐ-UBND", date=date)


@pytest.mark.parametrize(
    ("own", "cited", "review", "why"),
    [
        ("2018-05-01", ["2018-04-30"], False, "an earlier one"),
        ("2018-05-01", ["2018-05-01"], False, "of the same day, as a plan and the decision on it are"),
        ("2018-05-01", ["2018-05-02"], True, "a later one: 2018 read 2016 shows so"),
        ("2018-05-01", [None, "2017-01-01"], False, "no day is no contradiction"),
        ("2018-05-01", [], False, "nothing cited"),
    ],
)
def test_a_later_paper_cited(own: str, cited: list[str | None], review: bool, why: str) -> None:
    fields, warnings = held_against(Fields(date=day(own)), [cites(each) for each in cited])
    assert fields.date is not None
    assert (fields.date.review, [one.code for one in warnings]) == (review, ["date_suspect"] * review), why


@pytest.mark.parametrize(
    ("own", "arrived", "review", "why"),
    [
        ("2018-05-01", "2018-05-03", False, "it arrives afterwards"),
        ("2018-05-01", "2018-05-01", False, "on the day"),
        ("2018-05-01", "2015-05-03", True, "before it was written"),
    ],
)
def test_an_arrival_before_the_day(own: str, arrived: str, review: bool, why: str) -> None:
    fields, _ = held_against(Fields(date=day(own), incoming=Incoming(date=day(arrived))), [])
    assert fields.incoming.date is not None and fields.date is not None
    assert fields.incoming.date.review is review, why
    assert not fields.date.review, why


def test_without_a_date_nothing_contradicts() -> None:
    assert held_against(Fields(), [cites("2018-05-02")]) == (Fields(), ())
