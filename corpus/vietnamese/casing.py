"""Capitals of names: text printed in capitals only, rewritten as in running text."""

from __future__ import annotations

import re
from functools import cache

from corpus.tables import rows
from corpus.vietnamese.fold import fold

_TOKEN = re.compile(r"[^\W_][\w&]*|[^\w\s]|\s+")
_SYLLABLE = re.compile(r"[bcdghklmnpqrstvx]{0,3}[aeiouy]{1,3}[cghmnpt]{0,2}\Z")


@cache
def _openings() -> frozenset[tuple[str, ...]]:
    """Phrases after which a capital is written (NĐ 30/2020/NĐ-CP, Phụ lục II: names of bodies)."""
    return frozenset(tuple(row["phrase"].split()) for row in rows("casing") if row["opens"] == "yes")


@cache
def _phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Folded words of a phrase → its words as written; of authority names, provinces and common phrases."""
    names = [re.sub(r"\s*\{\w+\}", "", row["name"]) for row in rows("bodies")]
    names += [row["name"] for row in rows("provinces")]
    names += [row["phrase"] for row in rows("casing")]
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for name in names:
        written = tuple(re.findall(r"[^\W_]+", name))
        found[tuple(fold(word) for word in written)] = written
        if len(written) > 2 and written[0] in ("Bộ", "Sở", "Phòng"):
            found.setdefault(tuple(fold(word) for word in written[1:]), written[1:])
    return found


def sentence_case(text: str) -> str:
    """Rewrite text printed in capitals only with the capitals of running text; return other text unchanged.

    `SỞ Y TẾ` → `Sở Y tế`. Words of no known phrase are taken as proper names, short ones without a vowel as
    acronyms.
    """
    letters = [char for char in text if char.isalpha()]
    if not letters or sum(char.isupper() for char in letters) < 0.9 * len(letters):
        return text
    tokens = _TOKEN.findall(text)
    places = [at for at, token in enumerate(tokens) if token[0].isalnum()]
    index = 0
    before: tuple[str, ...] = ()
    while index < len(places):
        written = _longest([fold(tokens[at]) for at in places[index : index + 10]])
        for offset, word in enumerate(written or (_alone(tokens[places[index]]),)):
            at = places[index + offset]
            tokens[at] = _cased_like(word, tokens[at])
        if before in _openings() and written and before != written:
            tokens[places[index]] = tokens[places[index]][:1].upper() + tokens[places[index]][1:]
        before = written
        index += max(1, len(written))
    joined = "".join(tokens)
    return joined[:1].upper() + joined[1:]


def _longest(folded: list[str]) -> tuple[str, ...]:
    phrases = _phrases()
    for size in range(len(folded), 0, -1):
        if (written := phrases.get(tuple(folded[:size]))) is not None:
            return written
    return ()


def _cased_like(word: str, printed: str) -> str:
    """The printed letters (their marks are the paper's) with the capitals of `word`."""
    if len(word) != len(printed):
        return word
    return "".join(char if like.isupper() else char.lower() for char, like in zip(printed, word, strict=True))


def _alone(printed: str) -> str:
    if not _SYLLABLE.match(fold(printed)):
        return printed
    return printed[0] + printed[1:].lower()
