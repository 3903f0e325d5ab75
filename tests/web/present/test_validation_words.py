"""Reasons of pydantic in the language of the office."""

from __future__ import annotations

from typing import Any, Literal

import pydantic
import pytest

from web.present.validation_words import words


class _Model(pydantic.BaseModel, extra="forbid"):
    limit: int = pydantic.Field(1, ge=1, le=100)
    name: str = pydantic.Field("x", max_length=3)
    sort: Literal["relevance", "newest"] = "newest"
    listed: list[int] = []
    open: bool = True


CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"limit": 1000}, "lớn nhất là 100", "above a limit"),
    ({"limit": 0}, "nhỏ nhất là 1", "below a limit"),
    ({"limit": "x"}, "cần là số nguyên", "no number"),
    ({"name": "xxxx"}, "dài quá 3 ký tự", "too long"),
    ({"name": 1}, "cần là chữ", "no text"),
    ({"sort": "x"}, "chỉ có: 'relevance', 'newest'", "no such choice"),
    ({"listed": 1}, "cần là danh sách", "no list"),
    ({"open": "x"}, "cần là true hoặc false", "no truth value"),
    ({"other": 1}, "không có mục này", "no such part"),
]


@pytest.mark.parametrize(("given", "vi", "reason"), CASES, ids=[one[-1] for one in CASES])
def test_a_reason_is_said_in_the_language(given: dict[str, Any], vi: str, reason: str) -> None:
    with pytest.raises(pydantic.ValidationError) as raised:
        _Model(**given)
    error = raised.value.errors()[0]
    assert words(error, "vi") == vi, reason
    assert words(error, "en") == error["msg"], "pydantic speaks English"


def test_a_reason_of_our_own_stays() -> None:
    own = {"type": "value_error", "msg": "Value error, chỉ có whoosh, tantivy", "ctx": {"error": ValueError()}}
    assert words(own, "vi") == "chỉ có whoosh, tantivy"
