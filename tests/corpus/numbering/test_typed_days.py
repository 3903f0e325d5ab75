"""Days as people of an office type and read them."""

from __future__ import annotations

import pytest

from corpus.numbering import typed_days


@pytest.mark.parametrize(
    ("iso", "text", "reason"),
    [
        ("2026-12-01", "01/12/2026", "two figures for the day"),
        ("2022-04-27", "27/04/2022", "and for the month"),
        (None, "", "no day"),
        ("1945", "1945", "no whole day is shown as it is"),
        ("32/1/2024", "32/1/2024", "what a person typed wrong stays for mending"),
    ],
)
def test_a_day_is_shown_with_two_figures(iso: str | None, text: str, reason: str) -> None:
    assert typed_days.day_text(iso) == text, reason


@pytest.mark.parametrize("day", ["2022-04-27", "2024-02-29", "1999-10-05"])
def test_a_day_that_is_shown_is_understood_again(day: str) -> None:
    assert typed_days.iso(typed_days.day_text(day)) == day
