"""Words that a question has for types, bodies and equal spellings, out of the tables that a clerk can edit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.authority.bodies import bodies_by_code, body_names, names_in_text
from corpus.authority.provinces import provinces
from corpus.tables import rows
from corpus.vietnamese.fold import words as folded_words
from search.tokens import syllables

Words = tuple[str, ...]

LONGEST = 9
"""Words of the longest name that is looked for."""
_LETTER = "công văn"
"""The type without a symbol of its own; people write `cv` for it."""
_LETTER_SHORT = "cv"
_LONGEST_CODE = 4
"""Letters of the longest symbol of a type that may begin a question (`BGN`, `TTLT`)."""


_SYLLABLE = re.compile(
    r"(?:[bcdghklmnpqrstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?"
    r"(?:(?:[aeiou]|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|ua|ue|ui|uo|uy|uoi|uye|ieu|uu)(?:c|ch|m|n|ng|nh|p|t)?|y)\Z"
)


@dataclass(frozen=True, slots=True)
class Named:
    """Meaning of a name: its words in the record, folded, its symbols, and itself for people."""

    value: Words
    codes: Words
    label: str

    def is_written(self, words: Sequence[str]) -> bool:
        """True if words that spell the name out have its accents, as far as they have any."""
        written = syllables(self.label).accented
        pairs = zip(words, self.value, written, strict=False)
        return len(words) != len(self.value) or all(word in (bare, proper) for word, bare, proper in pairs)


@cache
def types() -> dict[Words, Named]:
    """Folded words of a type's name, and its folded symbols as one word, → the type; of two types with a symbol
    the first of the table.
    """
    found: dict[Words, Named] = {}
    for row in rows("doc_types"):
        named = Named(_words_of(row["name"]), (), row["name"])
        found.setdefault(named.value, named)
        if row["family"] in ("state", "party") and 2 <= len(row["code"]) <= _LONGEST_CODE:
            found.setdefault(_words_of(row["code"]), named)
        if row["name"].lower() == _LETTER:
            found.setdefault((_LETTER_SHORT,), named)
    return found


@cache
def dated_types() -> frozenset[Words]:
    """Folded words of the types whose numbers have the year: `Thông tư 06/2017`."""
    return frozenset(_words_of(row["name"]) for row in rows("doc_types") if row["kind"] == "normative")


@cache
def bodies() -> dict[Words, Named]:
    """Folded words of a body's name, of its short forms and of its symbols → the body."""
    labels = _labels()
    codes: dict[str, dict[str, None]] = {}
    for code, named in bodies_by_code().items():
        for body in named:
            codes.setdefault(folded_words(body.name), {})["".join(_words_of(code))] = None
    found: dict[Words, Named] = {}
    for short in names_in_text():
        name = labels.get(short) or _long_form(short)
        if name is not None and len(key := tuple(short.split())) <= LONGEST:
            value = _words_of(name)
            found.setdefault(key, Named(value, tuple(codes.get(" ".join(value), ())), name))
    for code, named in bodies_by_code().items():
        key = _words_of(code)
        # A symbol of two letters means too much, and one that can be read is a word.
        if len("".join(key)) > 2 and not is_readable(key):
            value = _words_of(named[0].name)
            # `kcb` is a department's symbol, and what everybody writes for its subject.
            if key in _short_words() and value not in _short_words()[key]:
                continue
            found.setdefault(key, Named(value, tuple(codes.get(" ".join(value), ())), named[0].name))
    # One word that is a name too (`thuế`) is mostly meant as a word.
    return {key: named for key, named in found.items() if len("".join(key)) > 2 and key != named.value[:1]}


def is_readable(words: Sequence[str]) -> bool:
    """True if there is one folded word, and it may be a syllable: `thu`, not `syt`."""
    return len(words) == 1 and _SYLLABLE.match(words[0]) is not None


@cache
def _short_words() -> dict[Words, frozenset[Words]]:
    """Folded spellings of search_words.tsv → the other spellings, folded."""
    groups = [[_words_of(form) for form in row["forms"].split("|")] for row in rows("search_words")]
    return {form: frozenset(group) for group in groups for form in group}


@cache
def _labels() -> dict[str, str]:
    return {folded_words(name): name for name in reversed(body_names())}


@cache
def _short_forms() -> dict[Words, str]:
    return {_words_of(row["short"]): row["full"] for row in reversed(rows("abbreviations"))}


def _long_form(short: str) -> str | None:
    """`so tttt` → `Sở Thông tin và Truyền thông`; None for a name with no known word in short form."""
    labels = _labels()
    words = tuple(short.split())
    for length in range(len(words), 0, -1):
        for at in range(len(words) - length + 1):
            full = _short_forms().get(words[at : at + length])
            if full is not None:
                long = " ".join((*words[:at], folded_words(full), *words[at + length :]))
                if long in labels:
                    return labels[long]
    return None


@cache
def places() -> frozenset[Words]:
    """Folded words of the provinces' names, those of former times too."""
    return frozenset(_words_of(province.name) for province in provinces())


@cache
def spellings() -> dict[Words, tuple[Words, ...]]:
    """Written words of a spelling, and its folded words, → the written words of the others (search_words.tsv,
    abbreviations.tsv).
    """
    groups = [row["forms"].split("|") for row in rows("search_words")]
    groups += [[row["full"], row["short"]] for row in rows("abbreviations") if len(row["short"]) > 2]
    found: dict[Words, dict[Words, None]] = {}
    for group in groups:
        forms = list(dict.fromkeys(syllables(form).accented for form in group))
        for form in forms:
            others = {other: None for other in forms if other != form}
            found.setdefault(form, {}).update(others)
            bare = _words_of(" ".join(form))
            # One syllable without accents may be any of a dozen words.
            if len("".join(bare)) > 2 and len(bare) > 1:
                found.setdefault(bare, {}).update(others)
            if len(bare) == 1 and len(bare[0]) > 3:
                found.setdefault(bare, {}).update(others)
    return {form: tuple(others) for form, others in found.items() if others}


@cache
def surnames() -> frozenset[str]:
    """The folded first words of surnames."""
    return frozenset(words[0] for row in rows("surnames") if (words := _words_of(row["surname"])))


def longest(table: Mapping[Words, object], words: Sequence[str], at: int) -> Words | None:
    """The longest entry of a table that begins with a word; None if there is none."""
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        if (key := tuple(words[at : at + length])) in table:
            return key
    return None


def _words_of(text: str) -> Words:
    return syllables(text).folded
