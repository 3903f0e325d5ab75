"""Edits that the measurement of keystrokes types, and the fields that it takes for wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from script.bench_keys import Edit, cheapest, wrong

TEXT = st.text(alphabet="ab đ\n1/", max_size=12)


def typed(now: str, edit: Edit) -> str:
    """The text after an edit, by the rules of a text field."""
    text, at, chosen = now, len(now), False
    for press in edit.presses:
        if press == "Control+a":
            chosen = True
        elif press == "Delete" and chosen:
            text, at, chosen = "", 0, False
        elif press == "Control+End":
            at = len(text)
        elif press == "Control+Home":
            at = 0
        elif press in ("ArrowLeft", "ArrowRight"):
            at += 1 if press == "ArrowRight" else -1
        elif press == "Backspace":
            text, at = text[: at - 1] + text[at:], at - 1
        else:
            assert press == "Delete"
            text = text[:at] + text[at + 1 :]
    if chosen and edit.text:
        return edit.text
    return text[:at] + edit.text + text[at:]


@given(TEXT, TEXT)
def test_an_edit_gives_the_wanted_text(now: str, wanted: str) -> None:
    assert typed(now, cheapest(now, wanted)) == wanted


@pytest.mark.parametrize(
    ("now", "wanted", "cost", "why"),
    [
        ("31/KH-UBND", "31/KH-UBND", 0, "nothing differs"),
        ("", "31/KH-UBND", 11, "typed whole, after one press"),
        ("81/KH-UBND", "31/KH-UBND", 3, "from the beginning: Home, Delete, 3"),
        ("Lê Hoàng An", "Lê Hoàng Anh", 2, "from the end: End, h"),
        ("xyz", "", 2, "all chosen, Delete"),
    ],
)
def test_the_cheapest_way(now: str, wanted: str, cost: int, why: str) -> None:
    assert cheapest(now, wanted).cost == cost, why


@pytest.mark.parametrize(
    ("values", "gold", "expected", "why"),
    [
        ({"number": "31/KH-UBND"}, {"number": "31 / KH-UBND"}, [], "blanks make no other number"),
        ({"number": "37/KH-UBND"}, {"number": "31/KH-UBND"}, [("number", "31/KH-UBND")], "another number"),
        ({"date": "27/04/2022"}, {"date": "2022-04-27"}, [], "the form shows days as people write them"),
        ({"date": ""}, {"date": "2022-04-27"}, [("date", "27/04/2022")], "nothing read"),
        (
            {"signer_authority": "KT."},
            {"signer_authority": None},
            [("signer_authority", "")],
            "it has none",
        ),
        ({"subject": "Về việc khen thưởng"}, {"subject": "khen thưởng"}, [], "V/v is no part of a subject"),
        ({"place": "Hà Nội"}, {"place": "Kiên Giang"}, [], "not measured"),
    ],
)
def test_wrong_fields(
    values: dict[str, str], gold: dict[str, Any], expected: list[tuple[str, str]], why: str
) -> None:
    assert list(wrong(values, gold)) == expected, why
