"""Words one letter away that the index knows: for "did you mean", and for searching on when a word finds little."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.vietnamese.fold import fold
from search.engines.base import Answering, Plan, Term
from search.query.language import AnyOf, Query, Word

LONG_ENOUGH = 5
"""Folded words of so many letters are searched for with one letter wrong too; shorter ones have too many neighbours."""
_WORTH_ASKING = 3
"""Folded words of so many letters get a suggestion."""
_MOST = 8
_WORDS = 6
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that no document holds, and what it may mean, commonest first, as many as are searched for."""

    word: Word
    meant: tuple[str, ...]


def corrections(engine: Answering, query: Query, groups: tuple[str, ...] | None) -> list[Correction]:
    """Corrections for the free words that no document of this reader holds.

    A word typed with accents is corrected to one with accents. What only others may see is neither known nor offered.
    """
    found = []
    for word in dict.fromkeys(query.words[:_WORDS]):
        if not _WORTH_ASKING <= len(word.folded) <= _LONGEST or not word.folded.isalpha():
            continue
        if _held(engine, "fold", word.folded, groups):
            continue
        field, text = ("syl", word.text) if word.accented else ("fold", word.folded)
        counts = engine.frequencies(field, list(neighbours(text)))
        common = sorted(counts, key=lambda token: (-counts[token], token))[:_MOST]
        meant = tuple(token for token in common if _held(engine, field, token, groups))
        if meant:
            found.append(Correction(word, meant))
    return found


def tolerant(query: Query, known: list[Correction]) -> Query | None:
    """The query with each long corrected word in any of its forms; None when there is no such word."""
    meant = {
        each.word: AnyOf((each.word, *map(_word, each.meant)))
        for each in known
        if len(each.word.folded) >= LONG_ENOUGH
    }
    must = tuple(meant.get(clause, clause) if isinstance(clause, Word) else clause for clause in query.must)
    return replace(query, must=must) if meant else None


def suggestion(text: str, known: list[Correction]) -> str:
    """What was typed, with each corrected word in its likeliest form."""
    text = unicodedata.normalize("NFC", text)
    for each in known:
        typed = re.compile(rf"(?<![^\W_]){re.escape(each.word.text)}(?![^\W_])", re.IGNORECASE)
        text = typed.sub(each.meant[0], text)
    return text


def neighbours(word: str) -> Iterator[str]:
    """Every string one letter away: left out, put in, another, or two that changed places."""
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


def _held(engine: Answering, field: str, text: str, groups: tuple[str, ...] | None) -> bool:
    return engine.search(Plan(Term(field, text), groups=groups), limit=0).total > 0


def _word(text: str) -> Word:
    return Word(text, fold(text))
