"""Compounds of a text by underthesea, in the form that queries look for: `thi_đua`, `ủy_ban_nhân_dân`.

For a background process: it segments some thirty documents a second and blocks its thread meanwhile. Compounds
only raise the score of a document that is found anyway, since underthesea segments a query otherwise than a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from search.tokens import syllables

LONGEST = 4
"""Syllables of the longest compound that a query looks for."""
_PARAGRAPH = re.compile(r"\n\s*\n|(?<=[.;:!?])\s*\n")
_LONGEST_PARAGRAPH = 2000
"""Characters; longer paragraphs are cut, since underthesea takes twice as long for each character of them."""

WordTokenize = Callable[[str], list[str]]


def segmented(pages: Sequence[str]) -> str:
    """The different compounds of these pages, separated by blanks; an empty sequence only loads the model."""
    tokenize = _tokenizer()
    found: dict[str, None] = {}
    for page in pages:
        for paragraph in paragraphs(page):
            found.update(dict.fromkeys(filter(None, map(_compound, tokenize(paragraph)))))
    return " ".join(found)


def paragraphs(page: str) -> Iterator[str]:
    """Yield the paragraphs of a page with their lines joined,
    since a compound may be broken at the end of a line.
    """
    for part in _PARAGRAPH.split(page):
        words = part.split()
        starts = [0]
        length = 0
        for at, word in enumerate(words):
            length += len(word) + 1
            if length > _LONGEST_PARAGRAPH:
                starts.append(at)
                length = len(word)
        for start, end in pairwise([*starts, len(words)]):
            if start < end:
                yield " ".join(words[start:end])


def joined(tokens: Sequence[str]) -> str:
    """Join syllables in normal form to one compound."""
    return "_".join(tokens)


def _compound(word: str) -> str:
    """A word of several syllables in normal form; empty for any other, and for what signs join (`KH-STTTT`)."""
    if not word.replace(" ", "").isalpha():
        return ""
    tokens = syllables(word).accented
    return joined(tokens) if 1 < len(tokens) <= LONGEST else ""


@lru_cache(maxsize=1)
def _tokenizer() -> WordTokenize:
    from underthesea import word_tokenize

    # The first call loads the model.
    word_tokenize("văn bản")
    tokenize: WordTokenize = word_tokenize
    return tokenize
