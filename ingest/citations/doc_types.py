"""Type words of citations (`Quyết định`, `Luật … số`):
their places, and the meaning they give to a number's letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from corpus.authority.doc_types import doc_type_of, reference_words, types_with
from corpus.authority.doc_types import type_words as printed_types
from corpus.authority.laws import law_title, law_title_key
from corpus.numbering.number import Number, parse
from corpus.numbering.symbol import codes_of
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import fold
from ingest.citations.scope import CitationText


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A type word: its place and the type it names."""

    start: int
    end: int
    name: str


_TOKENS = re.compile(r"[a-z]+")


@cache
def type_words() -> dict[str, str]:
    """Folded type word → name of the type."""
    return {fold(name): name for name in reversed(printed_types())}


def type_before(scope: CitationText, end: int) -> TypeWord | None:
    """The type word that ends right before `end`; None for none."""
    window = max(0, end - 48)
    piece = scope.folded[window:end].rstrip(" :.`'’‘*")
    tokens = list(_TOKENS.finditer(piece))[-6:]
    if not tokens or tokens[-1].end() != len(piece):
        return None
    for first in range(len(tokens)):
        name = type_words().get(" ".join(token.group() for token in tokens[first:]))
        if name and "\n" not in scope.flat[window + tokens[first].start() : end]:
            return TypeWord(window + tokens[first].start(), window + tokens[-1].end(), name)
    return None


@cache
def _capital_type() -> re.Pattern[str]:
    """A type word in running text: `Kế hoạch`, `Kế hoạch phối hợp`."""
    return re.compile(rf"{any_of(printed_types())}(?:\s{any_of(reference_words('kind'))})?(?!\w)")


def type_further_left(scope: CitationText, anchor: int, least: int, number: Number) -> TypeWord | None:
    """The type word with a title or issuer between it and the number (`Luật Lưu trữ số …`); None for none."""
    window = max(anchor - 130, least)
    piece = scope.flat[window:anchor]
    cut = max(piece.rfind(sign) for sign in ";.\n()")
    words = list(_capital_type().finditer(piece, cut + 1))
    if not words:
        return None
    amending = (
        words[0].group().endswith("uật")
        and "sua do" in scope.folded[window:anchor]
        and not numbers_amended(scope, anchor)
    )
    last = words[0] if amending else _of_number(words, piece, number)
    if not _reaches(last, piece):
        return None
    name = type_words().get(fold(last.group()), last.group())
    return TypeWord(window + last.start(), window + last.end(), name)


def _of_number(words: list[re.Match[str]], piece: str, number: Number) -> re.Match[str]:
    """The last type word that fits the number's symbol (`Quyết định phê duyệt Dự án … số 12/QĐ-UBND`), else the
    last.

    A word that can't reach the number and whose type is not often cited is skipped: it is part of a title.
    """
    reaching = [word for word in words if _reaches(word, piece)]
    fitting = [word for word in reaching if _fits(word.group(), number)]
    last = words[-1]
    if not fitting and reaching and last not in reaching and last.group() not in types_with("bare"):
        return reaching[-1]
    return fitting[-1] if fitting else last


def _fits(word: str, number: Number) -> bool:
    """True if the symbol may be of the type:
    of a law, with the type's own code, or without a code for a công văn.
    """
    if number.family == "qh":
        return word in types_with("headed")
    if number.family == "cv":
        return word in ("Công văn", *reference_words("general"))
    return number.type_code in codes_of(word)


def _reaches(word: re.Match[str], piece: str) -> bool:
    """True if the words between the type word and the end of the piece may be a title or an issuer."""
    gap = piece[word.end() :].strip(" :")
    return not gap or _may_stand_between(gap, word.group())


@cache
def _number_behind() -> re.Pattern[str]:
    """A law's number, and whether another law follows: ` số 33/2024/QH15, Luật`."""
    laws = any_of(sorted(types_with("named")))
    return re.compile(rf"\s?(?:số\s)?(?P<number>[\d ]{{1,4}}/\d{{4}}/QH\d{{2}})(?P<more>,\s{laws})?")


def numbers_amended(scope: CitationText, end: int) -> bool:
    """True if the number at `end`, behind `Luật sửa đổi … của Luật A`,
    is that of Luật A and not of the amending law.
    """
    behind = _number_behind().match(scope.flat, end)
    if behind is None:
        return False
    of = scope.flat.rfind(" của ", max(0, end - 260), end)
    amended = law_title(behind["number"].replace(" ", ""))
    return bool(behind["more"]) or (
        amended is not None and law_title_key(amended) == law_title_key(scope.flat[of + 5 : end])
    )


def _may_stand_between(gap: str, word: str) -> bool:
    if word.endswith("uật") or word == "Pháp lệnh":
        return "này" not in gap.split()
    if word in ("Quy chuẩn", "Tiêu chuẩn"):
        return True
    return gap.startswith(("của ", "do ", "ngày ", "về ")) or (
        len(gap.split()) <= 4 and gap.islower() and "này" not in gap.split()
    )


def with_type(number: Number, type_word: str | None) -> Number:
    """The number parsed again with the type word, if only that decides its letters or corrects a misread one."""
    if type_word is None:
        return number
    is_letter = type_word == "Công văn" and number.family == "state"
    if number.family == "cv" and number.unit_code and (meant := _misread(number.issuer_codes[0], type_word)):
        again = parse(
            number.canonical.replace(f"/{number.issuer_codes[0]}-", f"/{meant}-", 1), type_word=type_word
        )
    elif is_letter or number.type_code in ("HD", "DA", "HĐ", "ĐA") or number.symbol.startswith("CD-"):
        again = parse(number.canonical, type_word=type_word)
    else:
        return number
    return replace(again, raw=number.raw) if again else number


def _misread(code: str, type_word: str) -> str | None:
    """The type word's code if `code` differs from it in one letter:
    `QU` of a Quyết định is `QĐ`. None if none does.
    """
    for meant in codes_of(type_word):
        if len(meant) == len(code) and sum(a != b for a, b in zip(code, meant, strict=True)) == 1:
            return meant
    return None


def type_name(printed: str | None, number: Number, previous: str | None) -> str | None:
    if number.family == "standard":
        return doc_type_of(number.type_code, number.family)
    if printed == "Văn bản":
        return "Công văn" if number.family == "cv" else printed
    if printed:
        return printed
    if previous:
        return previous
    return doc_type_of(number.type_code, number.family)
