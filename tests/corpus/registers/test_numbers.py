"""Numbers of a register: how they are written, read and ordered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.registers.numbers import RegisterNumber as N
from corpus.registers.numbers import number_of, printed_on

NUMBERS = st.builds(N, st.integers(1, 9_999_999), st.integers(0, 26 * 27 + 26 * 26))


@given(NUMBERS)
def test_a_number_is_read_as_it_is_written(number: N) -> None:
    assert number_of(str(number)) == number
    assert number_of(f" 0{str(number).upper()} ") == number


@given(NUMBERS, NUMBERS)
def test_the_order_is_by_number_and_then_by_what_was_put_in_late(one: N, other: N) -> None:
    assert (one < other) == ((one.ordinal, one.minor) < (other.ordinal, other.minor))
    assert (str(one) == str(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        ("12", N(12), "plain"),
        ("012", N(12), "as stamps print it"),
        ("12a", N(12, 1), "the first put in behind 12"),
        ("12B", N(12, 2), "capitals"),
        ("12aa", N(12, 27), "beyond z"),
        ("１２", N(12), "wide digits of an input method"),
        ("0", None, "no register begins at nothing"),
        ("a12", None, "letters come behind"),
        ("12.", None, "no number"),
        ("99999999", None, "beyond any register"),
        ("12abcde", None, "no such suffix"),
        ("", None, "nothing"),
    ],
)
def test_typed_numbers(text: str, number: N | None, reason: str) -> None:
    assert number_of(text) == number, reason


@pytest.mark.parametrize(
    ("code", "ordinal", "reason"),
    [
        ("31/KH-UBND", 31, "a paper of the state"),
        ("045 /UBND-VX", 45, "zeros and a blank"),
        ("34-CT/TW", 34, "a paper of the Party"),
        ("1961/2020/QĐ-UBND", 1961, "with its year"),
        ("/KH-UBND", None, "not numbered yet"),
        ("31", None, "no symbol"),
        ("", None, "nothing"),
    ],
)
def test_the_number_that_a_paper_bears(code: str, ordinal: int | None, reason: str) -> None:
    assert printed_on(code) == ordinal, reason


def test_the_order_of_a_page() -> None:
    mixed = [N(13), N(12, 2), N(2), N(12), N(12, 1), N(12, 27)]
    assert [str(one) for one in sorted(mixed)] == ["2", "12", "12a", "12b", "12aa", "13"]
