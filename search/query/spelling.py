"""Words one letter away that the index has, by the words next to them: "did you mean", and a wider search."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.vietnamese.fold import fold
from search.engines.base import Adjacent, Answering, Plan, Term
from search.query.clauses import AnyOf, Query, WordTerm

LONG_ENOUGH = 5
"""Letters from which on a folded word is searched with one letter wrong too;
shorter ones have too many neighbours.
"""
_WORTH_ASKING = 3
"""Letters from which on a folded word gets a suggestion."""
_MOST = 8
"""Corrections of one word."""
_LOOKED_AT = 24
"""Words one letter away that are weighed, the commonest."""
_WORDS = 6
"""Words of a query that are looked up."""
_LONGEST = 12
"""Letters up to which a folded word is corrected."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that no document has, and its likely meanings, commonest first."""

    word: WordTerm
    meant: tuple[str, ...]


def corrections(engine: Answering, query: Query, groups: tuple[str, ...] | None) -> list[Correction]:
    """Corrections for the free words that no document visible to this reader has.

    A word typed with accents is corrected to one with accents. Words of documents that only others may see are not
    offered.
    """
    found = []
    for word in dict.fromkeys(query.words[:_WORDS]):
        if not _WORTH_ASKING <= len(word.folded) <= _LONGEST or not word.folded.isalpha():
            continue
        if _occurs(engine, "fold", word.folded, groups):
            continue
        field, text = ("syl", word.text) if word.accented else ("fold", word.folded)
        counts = engine.frequencies(field, list(neighbours(text)))
        common = sorted(counts, key=lambda token: (-counts[token], token))[:_LOOKED_AT]
        held = [token for token in common if _occurs(engine, field, token, groups)]
        together = {token: _together(engine, query.words, word, token, groups) for token in held}
        meant = tuple(sorted(held, key=lambda token: (-together[token], -counts[token], token)))[:_MOST]
        if meant:
            found.append(Correction(word, meant))
    return found


def tolerant(query: Query, known: list[Correction]) -> Query | None:
    """The query with each long corrected word in any of its forms; None if there is no such word."""
    meant = {
        each.word: AnyOf((each.word, *map(_word, each.meant)))
        for each in known
        if len(each.word.folded) >= LONG_ENOUGH
    }
    must = tuple(meant.get(clause, clause) if isinstance(clause, WordTerm) else clause for clause in query.must)
    return replace(query, must=must) if meant else None


def suggestion(text: str, known: list[Correction]) -> str:
    """The text as typed, with each corrected word in its likeliest form."""
    text = unicodedata.normalize("NFC", text)
    for each in known:
        typed = re.compile(rf"(?<![^\W_]){re.escape(each.word.text)}(?![^\W_])", re.IGNORECASE)
        text = typed.sub(each.meant[0], text)
    return text


def neighbours(word: str) -> Iterator[str]:
    """Every string one letter away: one left out, inserted or replaced, or two that changed places."""
    seen = {word}
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        made = [head + letter + tail for letter in string.ascii_lowercase]
        if tail:
            made += [head + tail[1:], *(head + letter + tail[1:] for letter in string.ascii_lowercase)]
        if len(tail) > 1:
            made.append(head + tail[1] + tail[0] + tail[2:])
        for one in made:
            if one and one not in seen:
                seen.add(one)
                yield one


def _together(
    engine: Answering, words: tuple[WordTerm, ...], typed: WordTerm, meant: str, groups: tuple[str, ...] | None
) -> int:
    """Number of documents that have a correction next to its neighbours: `kiên giag` → `giang`,
    though `giam` is commoner.
    """
    found = 0
    for first, second in pairwise(words):
        if typed in (first, second) and first != second:
            pair = tuple(fold(meant) if word == typed else word.folded for word in (first, second))
            found += engine.search(Plan(Adjacent("fold", pair), groups=groups), limit=0).total
    return found


def _occurs(engine: Answering, field: str, text: str, groups: tuple[str, ...] | None) -> bool:
    return engine.search(Plan(Term(field, text), groups=groups), limit=0).total > 0


def _word(text: str) -> WordTerm:
    return WordTerm(text, fold(text))
