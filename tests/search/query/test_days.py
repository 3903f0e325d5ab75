"""Days and periods as people type them, and what looks like one and is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.days import period_at, short_days
from search.tokens import syllables

READ = [
    ("27/4/2022", "day", "2022-04-27", "2022-04-27", "slashes"),
    ("06-11-2017", "day", "2017-11-06", "2017-11-06", "hyphens and noughts"),
    ("6.11.2017", "day", "2017-11-06", "2017-11-06", "dots"),
    ("6/11/17", "day", "2017-11-06", "2017-11-06", "a year of two figures"),
    ("ngày 6 tháng 11 năm 2017", "day", "2017-11-06", "2017-11-06", "in words"),
    ("ngay 6/11/2017", "day", "2017-11-06", "2017-11-06", "without accents"),
    ("6 thang 11 nam 2017", "day", "2017-11-06", "2017-11-06", "without the first word"),
    ("2017-11-06", "day", "2017-11-06", "2017-11-06", "ISO"),
    ("tháng 11 năm 2017", "month", "2017-11-01", "2017-11-30", "a month"),
    ("11/2017", "month", "2017-11-01", "2017-11-30", "a month in figures"),
    ("tháng 2/2024", "month", "2024-02-01", "2024-02-29", "a leap year"),
    ("t11/2017", "month", "2017-11-01", "2017-11-30", "a month in short"),
    ("quý II năm 2020", "quarter", "2020-04-01", "2020-06-30", "a quarter in Roman figures"),
    ("quý 4/2019", "quarter", "2019-10-01", "2019-12-31", "a quarter"),
    ("q1/2020", "quarter", "2020-01-01", "2020-03-31", "a quarter in short"),
    ("năm 2017", "year", "2017-01-01", "2017-12-31", "a year"),
    ("2017", "year", "2017-01-01", "2017-12-31", "a bare year"),
    ("từ 1/11/2017 đến 30/11/2017", "range", "2017-11-01", "2017-11-30", "between days"),
    ("từ ngày 1/1/2018 tới tháng 3 năm 2018", "range", "2018-01-01", "2018-03-31", "a day and a month"),
    ("từ tháng 1 đến tháng 3 năm 2018", "range", "2018-01-01", "2018-03-31", "one year for both months"),
    ("từ năm 2016 đến 2018", "range", "2016-01-01", "2018-12-31", "between years"),
    ("từ 2020", "range", "2020-01-01", None, "open to the end"),
    ("trước 2018", "range", None, "2017-12-31", "before a year"),
    ("sau 31/12/2017", "range", "2018-01-01", None, "after a day"),
    ("tháng mười năm 2017", "month", "2017-10-01", "2017-10-31", "a month in words"),
    ("tháng mười hai năm 2017", "month", "2017-12-01", "2017-12-31", "a month of two words"),
    ("tháng tư năm 2018", "month", "2018-04-01", "2018-04-30", "the fourth"),
    ("tháng năm năm 2018", "month", "2018-05-01", "2018-05-31", "the fifth, which is the word for year"),
    ("tháng chạp năm 2018", "month", "2018-12-01", "2018-12-31", "the last"),
    ("ngày mùng 5 tháng 4 năm 2018", "day", "2018-04-05", "2018-04-05", "one of the first ten days"),
    ("mồng 5/4/2018", "day", "2018-04-05", "2018-04-05", "the same in the North"),
    ("ngày hai mươi mốt tháng mười hai năm 2017", "day", "2017-12-21", "2017-12-21", "all in words"),
    ("ngày ký: 06/11/2017", "day", "2017-11-06", "2017-11-06", "with the field's name"),
    ("ngày ban hành 06/11/2017", "day", "2017-11-06", "2017-11-06", "with its other name"),
    ("date:2017-11-06", "day", "2017-11-06", "2017-11-06", "with its English name"),
    ("20171211", "day", "2017-12-11", "2017-12-11", "the name of a file"),
    ("năm 2017-2018", "range", "2017-01-01", "2018-12-31", "two years"),
    ("2016 đến 2018", "range", "2016-01-01", "2018-12-31", "two years with a word between"),
    ("từ năm 2016 đến năm 2018", "range", "2016-01-01", "2018-12-31", "the same word twice"),
    ("cuối năm 2017", "range", "2017-10-01", "2017-12-31", "the end of a year"),
    ("đầu năm 2018", "range", "2018-01-01", "2018-03-31", "its beginning"),
]


@pytest.mark.parametrize(("text", "span", "start", "end", "reason"), READ, ids=[row[4] for row in READ])
def test_read(text: str, span: str, start: str | None, end: str | None, reason: str) -> None:
    words = syllables(text).folded
    found = period_at(words, 0, short_days(text))
    assert found is not None, reason
    assert (found.span, found.start, found.end, found.length) == (span, start, end, len(words)), reason


@pytest.mark.parametrize("text", [
    "31/02/2022", "12/31/2024", "năm học", "quý khách", "tháng giêng", "1234", "từ điển", "trước mắt", "27 4",
    "20171311",
    "6 11 17", "3000", "tháng này năm 2017", "năm hai nghìn", "đầu tư 2018", "cuối cùng", "ngày ký", "ba năm 2017",
    "hai tháng 3",
])  # fmt: skip
def test_no_day(text: str) -> None:
    assert period_at(syllables(text).folded, 0, short_days(text)) is None


def test_years_of_a_stage_are_words() -> None:
    for text in ("giai đoạn 2021 - 2025", "năm học 2017-2018", "nhiệm kỳ 2021-2026"):
        found = period_at(syllables(text).folded, 2, frozenset())
        assert found is None or found.span == "year", text
    half = period_at(syllables("6 tháng đầu năm 2018").folded, 2, frozenset())
    assert half is None, "half a year that a paper is about"


@given(
    st.lists(
        st.sampled_from(
            [
                "tu",
                "den",
                "ngay",
                "thang",
                "nam",
                "quy",
                "1",
                "12",
                "2017",
                "27",
                "iv",
                "t11",
                "sau",
                "truoc",
                "x",
                "muoi",
                "hai",
                "cuoi",
                "mung",
            ]
        ),
        min_size=1,
    )
)
def test_no_words_make_an_error(words: list[str]) -> None:
    for at in range(len(words)):
        found = period_at(words, at, frozenset())
        assert found is None or 0 < found.length <= len(words) - at
