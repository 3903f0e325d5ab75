"""The answer of a child: whatever a reading may be comes back equal, and nothing else comes back at all."""

from __future__ import annotations

import json
import pickle
import struct
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import document as d
from corpus.errors import Problem
from ingest.sandbox import answer

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=12) | st.just("C\udcf4ng v\udca8n.pdf")
SHARES = st.floats(allow_nan=False, allow_infinity=False, width=64)
WHOLE = st.integers(-(2**63), 2**63)
st.register_type_strategy(str, TEXTS)
st.register_type_strategy(float, SHARES)


@settings(max_examples=60, deadline=None)
@given(st.from_type(d.Reading))
def test_a_reading_comes_back_equal(reading: d.Reading) -> None:
    assert answer.unpack(answer.pack(reading, d.Reading), d.Reading) == reading


@given(st.lists(st.tuples(TEXTS, WHOLE, st.none() | st.binary(max_size=9), st.booleans())))
def test_rows_of_plain_values_come_back_equal(rows: list[Any]) -> None:
    kind = list[tuple[str, int, bytes | None, bool]]
    assert answer.unpack(answer.pack(rows, kind), kind) == rows


@given(st.binary(max_size=300))
def test_noise_is_no_reading(data: bytes) -> None:
    with pytest.raises(answer.Garbled):
        answer.unpack(data, d.Reading)


@given(st.datetimes(timezones=st.none() | st.timezones()))
def test_a_moment_comes_back_equal(moment: datetime) -> None:
    back = answer.unpack(answer.pack(moment, datetime), datetime)
    assert back.replace(tzinfo=None) == moment.replace(tzinfo=None) and back.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize("shape", [(0,), (3,), (4, 5), (2, 3, 3)])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "int64", "bool"])
def test_a_picture_comes_back_equal(shape: tuple[int, ...], dtype: str) -> None:
    import numpy as np
    from numpy.typing import NDArray

    made = np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)
    back = answer.unpack(answer.pack(made, NDArray[np.uint8]), NDArray[np.uint8])
    assert back.dtype == made.dtype and back.shape == made.shape and (back == made).all()
    assert back.flags.writeable and answer.unpack(answer.pack(None, bytes | None), bytes | None) is None


def body(value: object, raw: bytes = b"") -> bytes:
    text = json.dumps(value).encode()
    return struct.pack(">QQ", len(text), len(raw)) + text + raw


@pytest.mark.parametrize(
    ("value", "kind", "reason"),
    [
        ("1", int, "a text is no number"),
        (True, int, "nor is a truth"),
        (1.5, int, "nor a share"),
        (1, str, "a number is no text"),
        (1, bool, "nor a truth"),
        (None, str, "nothing is no text"),
        ([1, 2, 3, 4], d.Word, "a word has a box"),
        ([0, 0, 1], d.Box, "too few fields"),
        ([0, 0, 1, 1, 1], d.Box, "too many"),
        ({"left": 0}, d.Box, "fields go by their place"),
        (["a", "b", "c"], tuple[str, str], "a longer tuple"),
        ("ab", tuple[str, ...], "a text is no row"),
        ("none of them", d.Origin, "a word outside the literal"),
        ([0, 99], bytes, "bytes beyond the end"),
        ([-1, 2], bytes, "bytes before the start"),
        ([0, True], bytes, "a place is whole numbers"),
    ],
)
def test_what_is_not_of_the_type_is_garbled(value: object, kind: Any, reason: str) -> None:
    with pytest.raises(answer.Garbled):
        answer.unpack(body(value, b"12345678"), kind)


@pytest.mark.parametrize(
    "value",
    [
        ["uint8", [3], [0, 8]], ["uint8", [-8], [0, 8]], ["object", [1], [0, 8]], ["O", [1], [0, 8]],
        ["uint8", [1 << 40, 1 << 40], [0, 8]], ["uint8", "8", [0, 8]], ["uint8", [8]],
    ],
)  # fmt: skip
def test_pictures_that_are_none(value: object) -> None:
    import numpy as np
    from numpy.typing import NDArray

    with pytest.raises(answer.Garbled):
        answer.unpack(body(value, b"12345678"), NDArray[np.uint8])


def test_depth_and_digits_without_end_are_garbled() -> None:
    for text in (b"[" * 200_000, b"9" * 20_000):
        with pytest.raises(answer.Garbled):
            answer.unpack(struct.pack(">QQ", len(text), 0) + text, d.Reading)


def test_a_pickle_is_not_run() -> None:
    with pytest.raises(answer.Garbled):
        answer.unpack(pickle.dumps(Problem("internal", id="x")), d.Reading)


def test_a_problem_comes_back_with_its_facts() -> None:
    back = answer.unpack_problem(
        answer.pack_problem(Problem("too_many_pages", name="C\udcf4ng", pages=3, limit=2))
    )
    assert (back.code, back.facts) == ("too_many_pages", {"name": "C\udcf4ng", "pages": 3, "limit": 2})


@pytest.mark.parametrize("data", [b"", b"[]", b'["no such code", {}]', b'["internal", []]',
 b'["internal", {"id": [1]}]', b'["internal", {"code": "x"}]'])  # fmt: skip
def test_a_problem_that_is_none_is_garbled(data: bytes) -> None:
    with pytest.raises(answer.Garbled):
        answer.unpack_problem(data)


def test_a_function_says_what_it_answers() -> None:
    def silent(progress: object):  # type: ignore[no-untyped-def]
        return 1

    def anything(progress: object) -> Any:
        return 1

    with pytest.raises(TypeError):
        answer.promised(silent)
    with pytest.raises(TypeError):
        answer.pack(1, answer.promised(anything))
