"""The indented tree: from the top down, dates and the time between, what is missing told as a gap."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from corpus import records
from corpus.database.store import Store
from corpus.queries.citation_tree import Apart, apart

SignIn = Callable[[str], FlaskClient]
PLAN, DIRECTIVE = 1, 2


@pytest.mark.parametrize(
    ("upper", "lower", "told", "reason"),
    [
        ("2022-01-10", "2022-01-10", (0, "day", False), "on the same day"),
        ("2022-01-10", "2022-02-28", (49, "day", False), "some weeks are told as days"),
        ("2022-01-10", "2022-04-27", (3, "month", False), "a month counts once it is full"),
        ("2022-01-31", "2022-04-30", (2, "month", False), "and not a day before"),
        ("2019-07-01", "2022-06-30", (2, "year", False), "years too"),
        ("2022-04-27", "2022-04-12", (15, "day", True), "carried out before it was there"),
        ("2022", "2022-04-12", None, "a year alone is no day"),
        (None, "2022-04-12", None, "no date"),
    ],
)
def test_the_time_between_two_documents(upper, lower, told, reason):
    found = apart(upper, lower)
    assert (found and (found.count, found.unit, found.early)) == told, reason
    assert found is None or isinstance(found, Apart)


def test_the_way_down_with_what_is_missing(sign_in: SignIn) -> None:
    told = sign_in("reader").get(f"/api/documents/{PLAN}/tree").json
    (way,) = told["ways"]  # type: ignore[index]
    assert [(one["depth"], one["document"]["id"], one["relation"]) for one in way] == [
        (1, DIRECTIVE, ""),
        (2, PLAN, "implements"),
    ]
    assert way[1]["apart"] == {"count": 3, "unit": "month", "early": False}
    assert [(one["relation"], one["label"], one["ambiguous"]) for one in way[1]["gaps"]] == [
        ("basis", "99/QĐ-UBND", False)
    ]
    page = sign_in("reader").get(f"/van-ban/{PLAN}/cay").text
    assert "sau 3 tháng" in page and page.count('class="gap"') == 1 and "99/QĐ-UBND" in page


def test_what_hangs_below_counts_from_the_document_itself(filled: Store, sign_in: SignIn) -> None:
    below = sign_in("reader").get(f"/api/documents/{DIRECTIVE}/tree").json["below"]  # type: ignore[index]
    assert [(one["document"]["id"], one["apart"]["count"]) for one in below] == [(PLAN, 3)]
    records.correct(filled, PLAN, {"date": "2021-12-01"}, "clerk", None)
    assert "trước văn bản trên 40 ngày" in sign_in("reader").get(f"/van-ban/{DIRECTIVE}/cay").text
