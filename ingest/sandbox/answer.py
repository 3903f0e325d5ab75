"""A child's answer as data: JSON followed by raw bytes, rebuilt by the function's declared return type.

The child may be controlled by the maker of the file, so nothing in its answer is executed (as pickle would) and no
value passes that is not of the declared type: frozen dataclasses, tuples, lists, texts, numbers, bytes and
pictures. A dataclass is encoded as the list of its fields in order, bytes and pictures as a place in the raw part.
"""

from __future__ import annotations

import json
import struct
import sys
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from corpus.errors import CATALOGUE, Problem

_LENGTHS = struct.Struct(">QQ")
_MOST_PIXELS = 1 << 31
_DTYPES = ("uint8", "int32", "int64", "float32", "float64", "bool")
_PLAIN = (str, int, float, bool)


class Garbled(Exception):
    """The bytes are no answer of the declared type."""


@dataclass(slots=True)
class _Raw:
    """Raw part: pieces appended while it is written, and read from the same offsets."""

    data: bytearray | memoryview = field(default_factory=bytearray)

    def put(self, piece: bytes) -> list[int]:
        at = len(self.data)
        self.data += piece  # type: ignore[operator]
        return [at, len(piece)]

    def get(self, place: object) -> bytes:
        if not (isinstance(place, list) and len(place) == 2 and all(type(n) is int for n in place)):
            raise Garbled("place")
        at, length = place
        if at < 0 or length < 0 or at + length > len(self.data):
            raise Garbled("place")
        return bytes(self.data[at : at + length])


@dataclass(frozen=True, slots=True)
class _Way:
    """Encoder and decoder of one type; `read` raises Garbled for any other value."""

    write: Callable[[Any, _Raw], Any]
    read: Callable[[Any, _Raw], Any]


def promised(function: Callable[..., Any]) -> Any:
    """Return type of a function; names that its module imports only for type checkers are numpy's.

    Raises TypeError for a function without an annotation: its answer could not be checked.
    """
    hint = getattr(function, "__annotations__", {}).get("return", ...)
    if hint is ...:
        raise TypeError(f"{function!r} runs in a child and needs a return annotation")
    if isinstance(hint, str):
        known = {"Any": Any, "NDArray": _Picture, "np": sys.modules.get("numpy"), "Image": _Picture}
        hint = eval(hint, {**known, **getattr(function, "__globals__", {})})  # noqa: S307 - our own source text
    return hint


def pack(value: object, kind: Any) -> bytes:
    """Encode a value of this type."""
    raw = _Raw()
    text = json.dumps(_way(kind).write(value, raw), separators=(",", ":")).encode("ascii")
    return _LENGTHS.pack(len(text), len(raw.data)) + text + bytes(raw.data)


def unpack(data: bytes, kind: Any) -> Any:
    """Decode a value of this type that `pack` encoded. Raises Garbled."""
    try:
        text_length, raw_length = _LENGTHS.unpack_from(data)
        if len(data) != _LENGTHS.size + text_length + raw_length:
            raise Garbled("length")
        body = memoryview(data)[_LENGTHS.size :]
        raw = _Raw(body[text_length:])
        return _way(kind).read(json.loads(bytes(body[:text_length])), raw)
    except Garbled:
        raise
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError, struct.error) as error:
        raise Garbled(type(error).__name__) from error


def pack_problem(problem: Problem) -> bytes:
    """Encode a Problem; a fact that is no plain value is sent as its text."""
    facts = {key: fact if type(fact) in _PLAIN else str(fact) for key, fact in problem.facts.items()}
    return json.dumps([problem.code, facts]).encode("ascii")


def unpack_problem(data: bytes) -> Problem:
    """Decode a Problem of the catalogue that `pack_problem` encoded. Raises Garbled."""
    try:
        code, facts = json.loads(data)
    except (ValueError, TypeError, RecursionError) as error:
        raise Garbled("problem") from error
    if (
        not isinstance(code, str)
        or code not in CATALOGUE
        or not isinstance(facts, dict)
        or not {"code", "self"}.isdisjoint(facts)
    ):
        raise Garbled("problem")
    if not all(type(fact) in _PLAIN for fact in facts.values()):
        raise Garbled("problem")
    return Problem(code, **facts)


class _Picture:
    """Placeholder for a numpy array of any shape and number type."""

    def __class_getitem__(cls, _: object) -> type[_Picture]:
        return cls


@cache
def _way(kind: Any) -> _Way:
    """Encoder and decoder of a type; raises TypeError for a type that no answer may have."""
    if kind is _Picture or _is_array(kind):
        return _Way(_write_picture, _read_picture)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return _Way(lambda value, _: value, _one_of(inner))
    if origin in (typing.Union, types.UnionType):
        return _union(inner)
    if origin in (tuple, list) or origin is Sequence:
        return _row(tuple if origin is Sequence else origin, inner)
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind)
    raise TypeError(f"no answer may be {kind!r}")


def _is_array(kind: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and (kind is numpy.ndarray or typing.get_origin(kind) is numpy.ndarray)


def _exactly(*types_: type) -> Callable[[Any, _Raw], Any]:
    def read(value: Any, _: _Raw) -> Any:
        if type(value) not in types_:
            raise Garbled(types_[0].__name__)
        return value

    return read


def _read_float(value: Any, _: _Raw) -> float:
    if type(value) not in (float, int):
        raise Garbled("float")
    return float(value)


def _read_moment(value: Any, _: _Raw) -> datetime:
    if type(value) is not str:
        raise Garbled("datetime")
    return datetime.fromisoformat(value)


_SIMPLE: dict[Any, _Way] = {
    str: _Way(lambda value, _: str(value), _exactly(str)),
    int: _Way(lambda value, _: int(value), _exactly(int)),
    bool: _Way(lambda value, _: bool(value), _exactly(bool)),
    float: _Way(lambda value, _: float(value), _read_float),
    datetime: _Way(lambda value, _: value.isoformat(), _read_moment),
    bytes: _Way(lambda value, raw: raw.put(value), lambda value, raw: raw.get(value)),
    None: _Way(lambda _value, _: None, _exactly(type(None))),
    type(None): _Way(lambda _value, _: None, _exactly(type(None))),
}


def _one_of(allowed: tuple[Any, ...]) -> Callable[[Any, _Raw], Any]:
    def read(value: Any, _: _Raw) -> Any:
        for one in allowed:
            if type(one) is type(value) and one == value:
                return one
        raise Garbled("literal")

    return read


def _union(kinds: tuple[Any, ...]) -> _Way:
    """None or one other type: an answer never leaves the choice open."""
    others = [kind for kind in kinds if kind is not type(None)]
    if len(others) != 1 or len(others) == len(kinds):
        raise TypeError(f"no answer may be one of {kinds!r}")
    way = _way(others[0])
    return _Way(
        lambda value, raw: None if value is None else way.write(value, raw),
        lambda value, raw: None if value is None else way.read(value, raw),
    )


def _row(made: type, inner: tuple[Any, ...]) -> _Way:
    """A tuple or list of any length of one type, or a tuple of fixed types."""
    if made is tuple and len(inner) > 1 and inner[1] is not ...:
        return _fixed_tuple(tuple(map(_way, inner)))
    way = _way(inner[0])

    def read(value: Any, raw: _Raw) -> Any:
        if type(value) is not list:
            raise Garbled("row")
        return made([way.read(one, raw) for one in value])

    return _Way(lambda value, raw: [way.write(one, raw) for one in value], read)


def _fixed_tuple(ways: tuple[_Way, ...]) -> _Way:
    def write(value: Any, raw: _Raw) -> list[Any]:
        return [way.write(one, raw) for way, one in zip(ways, value, strict=True)]

    def read(value: Any, raw: _Raw) -> tuple[Any, ...]:
        if type(value) is not list or len(value) != len(ways):
            raise Garbled("tuple")
        return tuple(way.read(one, raw) for way, one in zip(ways, value, strict=True))

    return _Way(write, read)


def _record(kind: type) -> _Way:
    hints = typing.get_type_hints(kind)
    names = tuple(one.name for one in fields(kind))
    parts = _fixed_tuple(tuple(_way(hints[name]) for name in names))
    return _Way(
        lambda value, raw: parts.write([getattr(value, name) for name in names], raw),
        lambda value, raw: kind(*parts.read(value, raw)),
    )


def _write_picture(value: Any, raw: _Raw) -> list[Any]:
    return [value.dtype.name, list(value.shape), raw.put(value.tobytes())]


def _read_picture(value: Any, raw: _Raw) -> Any:
    import numpy as np

    if type(value) is not list or len(value) != 3 or value[0] not in _DTYPES or type(value[1]) is not list:
        raise Garbled("picture")
    dtype, shape, place = value
    if len(shape) > 4 or not all(type(n) is int and 0 <= n < _MOST_PIXELS for n in shape):
        raise Garbled("picture")
    # A length that doesn't fit the shape is a ValueError, which unpack turns into Garbled.
    return np.frombuffer(raw.get(place), dtype=dtype).reshape(shape).copy()
