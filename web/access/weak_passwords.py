"""Check for passwords that are guessed first: common ones and words in disguise, names, dates, keyboard walks.

The list is the data table `common_passwords` with the names of provinces and bodies (ASVS 5.0, 6.2.4: at least the
3,000 most used that fit the policy). Additions to a word that satisfy a rule (`Admin@2024!`, `P@ssw0rd1`, `Kiên
Giang 123`) are removed before the look-up. A sentence of several words passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from corpus.tables import rows
from corpus.vietnamese.fold import fold, words

_LEET = (str.maketrans("@$!013457", "asioieast"), str.maketrans("@$!013457", "asioleast"))
"""Signs for letters; 1 stands for i or l."""
_EDGES = re.compile(r"[\W\d_]+")
_MOST_ADDED = 10
"""Most digits and signs around a word that don't make it a password: a date, a telephone number."""
_LEAST_LEFT = 8
"""Fewest letters and digits left when the account's own names are taken out."""
_DIGITS_ONLY = 12
"""Length below which digits alone are weak: a date, a telephone or an identity number."""
_ROWS = ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
_WALK = 0.75
"""Share of steps to a neighbouring key from which a password is a walk over the keyboard."""


def is_weak(password: str, names: tuple[str, ...] = ()) -> bool:
    """True if a password is guessed early. names: the account's and its owner's, which it must not consist of."""
    folded = fold(password)
    joined = _without_signs(folded)
    if len(set(joined)) < 4 or (joined.isdigit() and len(joined) < _DIGITS_ONLY):
        return True
    if _is_walk(folded) or any(one in common() or _is_office(one) for one in _variants(folded)):
        return True
    return any(_is_of_name(joined, name) for name in names)


@cache
def common() -> frozenset[str]:
    """The table's passwords and words, and the names of provinces and bodies, folded and without blanks."""
    return frozenset({_without_signs(row["word"]) for row in rows("common_passwords")}) | _places() | _bodies()


@cache
def _places() -> frozenset[str]:
    """`kiengiang`, `tinhkiengiang`."""
    names = {part for row in rows("provinces") for part in (row["name"], *row["variants"].split(","))}
    kinds = {f"{row['kind']} {row['name']}" for row in rows("provinces")}
    return frozenset(name for one in {*names, *kinds} if len(name := words(one).replace(" ", "")) > 2)


@cache
def _bodies() -> frozenset[str]:
    """`soyte`, `syt`."""
    names = {part for row in rows("bodies") for part in (row["name"], row["code"], *row["also"].split(","))}
    bare = (words(re.sub(r"\{\w+\}", "", one)).replace(" ", "") for one in names)
    return frozenset(one for one in bare if len(one) > 2)


def _is_office(text: str) -> bool:
    """True if the text is a body of a province: `soytekiengiang`."""
    return any(text[:at] in _bodies() and text[at:] in _places() for at in range(3, len(text) - 2))


def _variants(folded: str) -> Iterator[str]:
    """Variants of a password: whole, without additions around its word, with letters for similar signs."""
    begin, end = _EDGES.match(folded), re.search(r"[\W\d_]+\Z", folded)
    cut_begin, cut_end = begin.end() if begin else 0, end.start() if end else len(folded)
    cores = [folded]
    if len(folded) - cut_end <= _MOST_ADDED:
        cores.append(folded[:cut_end])
        if cut_begin + len(folded) - cut_end <= _MOST_ADDED:
            cores.append(folded[cut_begin:cut_end])
    for core in cores:
        for one in (core, *(core.translate(table) for table in _LEET)):
            yield (plain := _without_signs(one))
            yield _once(plain)


def _once(text: str) -> str:
    """The repeated part of a text (`lanlan` → `lan`), else the text."""
    at = (text + text).find(text, 1)
    return text[:at] if 0 < at < len(text) else text


def _is_of_name(joined: str, name: str) -> bool:
    parts = {_without_signs(fold(name)), *(_without_signs(one) for one in re.split(r"[\W_]+", fold(name)))}
    left = joined
    for part in sorted((one for one in parts if len(one) > 2), key=len, reverse=True):
        left = left.replace(part, "")
    return left != joined and (len(left) < _LEAST_LEFT or left.isdigit() or _once(left) in common())


def _without_signs(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


@cache
def _keys() -> dict[str, tuple[float, float]]:
    return {key: (column + row * 0.5, row) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)}


def _is_walk(folded: str) -> bool:
    """True if most steps go to a neighbouring key, or on in the alphabet."""
    keys = _keys()
    steps = list(pairwise(folded))
    near = 0
    for one, next_ in steps:
        here, there = keys.get(one), keys.get(next_)
        beside = here and there and abs(here[0] - there[0]) <= 1.0 and abs(here[1] - there[1]) <= 1
        near += bool(beside) or abs(ord(one) - ord(next_)) <= 1
    return bool(steps) and near / len(steps) >= _WALK
