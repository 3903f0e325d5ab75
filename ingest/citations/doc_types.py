"""The type words of citations (`Quyết định`, `Luật … số`): where they stand, and what they tell of a number's letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from corpus.authority.doc_types import doc_type_of, doc_types
from corpus.authority.laws import law_title, law_title_key
from corpus.numbering.number import Number, parse
from corpus.numbering.symbol import codes_of
from corpus.vietnamese.fold import fold
from ingest.citations.scope import Scope


@dataclass(frozen=True, slots=True)
class Word:
    """A type word: its place and the type it names."""

    start: int
    end: int
    name: str


_TYPE_WORDS = {"van ban": "Văn bản", "cong van": "Công văn", "bo luat": "Bộ luật", "to trinh": "Tờ trình"}
_TOKENS = re.compile(r"[a-z]+")


@cache
def type_words() -> dict[str, str]:
    """Folded type word → name of the type."""
    return {fold(name): name for name in reversed(doc_types())} | _TYPE_WORDS


def type_before(scope: Scope, end: int) -> Word | None:
    """The type word that ends right before `end`."""
    window = max(0, end - 48)
    piece = scope.folded[window:end].rstrip(" :.`'’‘*")
    tokens = list(_TOKENS.finditer(piece))[-6:]
    if not tokens or tokens[-1].end() != len(piece):
        return None
    for first in range(len(tokens)):
        name = type_words().get(" ".join(token.group() for token in tokens[first:]))
        if name and "\n" not in scope.flat[window + tokens[first].start() : end]:
            return Word(window + tokens[first].start(), window + tokens[-1].end(), name)
    return None


_CAPITAL_TYPE = re.compile(
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị định|Nghị quyết|Quyết định|Thông tư|Chỉ thị|Kế hoạch|Công văn|Báo cáo|Tờ trình|Thông báo"
    r"|Chương trình|Hướng dẫn|Quy chế|Quy định|Đề án|Phương án|Kết luận|Công điện|Văn bản|Quy chuẩn|Tiêu chuẩn|Giấy mời|Biên bản)"
    r"(?:\s(?:liên tịch|phối hợp|hành động|thẩm định|thẩm tra|kết luận|hợp nhất|liên ngành))?(?!\w)"
)


def type_further_left(scope: Scope, anchor: int, least: int) -> Word | None:
    """The type word before a title or issuer that stands between it and the number (`Luật Lưu trữ số …`)."""
    window = max(anchor - 130, least)
    piece = scope.flat[window:anchor]
    cut = max(piece.rfind(sign) for sign in ";.\n()")
    words = list(_CAPITAL_TYPE.finditer(piece, cut + 1))
    if not words:
        return None
    amending = (
        words[0].group().endswith("uật")
        and "sua do" in scope.folded[window:anchor]
        and not numbers_amended(scope, anchor)
    )
    last = words[0] if amending else words[-1]
    gap = piece[last.end() :].strip(" :")
    if gap and not _may_stand_between(gap, last.group()):
        return None
    name = type_words().get(fold(last.group()), last.group())
    return Word(window + last.start(), window + last.end(), name)


_NUMBER_BEHIND = re.compile(r"\s?(?:số\s)?(?P<number>[\d ]{1,4}/\d{4}/QH\d{2})(?P<more>,\s(?:Luật|Bộ luật))?")


def numbers_amended(scope: Scope, end: int) -> bool:
    """Whether the number at `end`, behind `Luật sửa đổi … của Luật A`, is that of Luật A and not of the amending law."""
    behind = _NUMBER_BEHIND.match(scope.flat, end)
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
    """The number read again where only the type word can tell what its letters mean, or what one misread letter was."""
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
    """The type word's code when `code` differs from it in one letter: `QU` of a Quyết định is `QĐ`."""
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
