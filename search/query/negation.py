"""Words that belong to a negated one: `y tế -chất thải` leaves out `chất thải`, not every paper with `chất`."""

from __future__ import annotations

import re
import unicodedata

from search.compound_words import LONGEST, joined
from search.engines.base import Adjacent, Answering, Node, Plan, Term
from search.query.clauses import Phrase, Query, WordTerm
from search.tokens import is_accented, syllables

_NEGATED = re.compile(rf"(?<!\S)-([^\W\d_]+(?:\s+(?!OR\b|HOẶC\b)[^\W\d_]+(?!\S)){{1,{LONGEST - 1}}})")
"""A word behind a minus with the words that follow it."""
_TOGETHER = 0.5
"""Share of the documents with the rarer of two words that have the two next to each other, from which on they are
one word.
"""


def has_negations(text: str) -> bool:
    """True if other words follow a negated one."""
    return "-" in text and _NEGATED.search(unicodedata.normalize("NFC", text)) is not None


def with_whole_negations(engine: Answering, text: str, groups: tuple[str, ...] | None) -> str:
    """The query with each negated compound in quotation marks: `-"chất thải"`.

    A compound is what the index knows as one, or two words that documents seldom have apart; documents that these
    groups may not see are not counted.
    """
    text = unicodedata.normalize("NFC", text)
    for match in reversed(list(_NEGATED.finditer(text))):
        words = re.findall(r"\S+", match[1])
        length = _length(engine, words, groups)
        if length > 1:
            end = match.start(1) + [each.end() for each in re.finditer(r"\S+", match[1])][length - 1]
            text = f'{text[: match.start(1)]}"{text[match.start(1) : end]}"{text[end:]}'
    return text


def left_out(query: Query) -> tuple[str, ...]:
    """The negated words and phrases of a query, as typed."""
    found = []
    for clause in query.without:
        match clause:
            case WordTerm(text):
                found.append(text)
            case Phrase(words):
                found.append(" ".join(word.text for word in words))
    return tuple(found)


def _length(engine: Answering, words: list[str], groups: tuple[str, ...] | None) -> int:
    """Number of these words, from the first on, that are one compound; 1 if there is none."""
    written = [syllables(word).written for word in words]
    stretches = {joined(written[:length]): length for length in range(2, len(words) + 1)}
    known = engine.frequencies("cmp", list(stretches))
    if known:
        return max(stretches[compound] for compound in known)
    return 2 if _are_together(engine, (written[0], written[1]), groups) else 1


def _are_together(engine: Answering, pair: tuple[str, str], groups: tuple[str, ...] | None) -> bool:
    accented = any(map(is_accented, pair))
    texts = pair if accented else tuple(syllables(word).bare for word in pair)

    def held(node: Node) -> int:
        return engine.search(Plan(node, groups=groups), limit=0).total

    together = held(Adjacent("syl" if accented else "fold", texts))
    return together > 0 and together >= _TOGETHER * min(
        held(Term("syl" if accented else "fold", text)) for text in texts
    )
