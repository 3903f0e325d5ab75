"""Issuer of the document (cơ quan ban hành) and its superior, from the head's lines, the symbol,
the body's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.authority.bodies import bodies_by_code, expand, known_body, tidy
from corpus.authority.communes import with_province
from corpus.authority.issuers import canonical_issuer, issuer_of, superior_of
from corpus.authority.provinces import Province, local_unit_in, province_at_end, province_named
from corpus.document import Field
from corpus.numbering.number import Number, parse
from corpus.vietnamese.casing import sentence_case
from corpus.vietnamese.fold import fold, words
from ingest.layout.issuer_lines import bodies_of, opening_of, printed
from ingest.layout.letterhead import Letterhead
from ingest.text.document_text import Text
from ingest.text.evidence import confidence_at, field_at, is_disputed, trimmed
from ingest.text.rows import Row
from ingest.text.syllables import strange_words

_ALIKE = 78.0
"""Similarity (0 to 100) from which a printed name damaged by OCR and the symbol's body are the same."""
_WORD = re.compile(r"[^\W_]+")
_SIDE = re.compile(r"\s*(\([^()]{3,40}\)?)\s*$")


@dataclass(frozen=True, slots=True)
class Bodies:
    """The two fields of the head's left side."""

    issuer: Field | None
    superior: Field | None


def printed_issuer(head: Letterhead) -> str:
    """The issuer's lines as printed, joined; empty if the head has none."""
    groups = bodies_of(head.issuer)
    return printed(groups[-1]) if groups else ""


def read_issuer(text: Text, head: Letterhead, number: str | None, place: str | None, date: str | None) -> Bodies:
    """Issuer and superior; what the head lacks follows from the symbol, the place and the first sentences."""
    groups = bodies_of(head.issuer)
    symbol = parse(number) if number else None
    if not groups:
        return _from_symbol(text, symbol, place, date)
    above = printed(groups[-2]) if len(groups) > 1 else None
    name, sure = _canonical_name(printed(groups[-1]), above, symbol, place, date, text)
    name, agrees = with_province(name, date, _province_above(groups))
    span = trimmed(text, groups[-1][0].start, groups[-1][-1].end)
    unread = confidence_at(text, *span) < 0.75 or is_disputed(text, *span)
    review = not agrees or (not sure and unread)
    issuer = field_at(text, name, span, "issuer.head", review=review)
    return Bodies(issuer, _superior(text, groups, place, name, date))


def _province_above(groups: list[list[Row]]) -> Province | None:
    """The province that the lines above a commune's body print."""
    said = [local_unit_in(sentence_case(printed(group))) for group in groups[:-1]]
    return next(
        (province_named(unit) for unit in said if unit and unit.lower().startswith(("tỉnh ", "thành phố "))), None
    )


def _canonical_name(
    lines: str, above: str | None, symbol: Number | None, place: str | None, date: str | None, text: Text
) -> tuple[str, bool]:
    """The canonical name, and whether a table or the symbol confirms it."""
    side = _SIDE.search(lines)
    name = canonical_issuer(lines[: side.start()] if side else lines, place, above, date)
    tail = f" {_in_brackets(side[1])}" if side else ""
    name = _with_place_corrected(name)
    known = known_body(expand(tidy(lines)))[0] is not None
    said = _by_symbol(symbol, place, date, f"{above or ''} {lines}")
    if said and fold(said) != fold(name) and _of_one_kind(said, name) and not _says_more(name, said):
        from rapidfuzz import fuzz

        alike = fuzz.ratio(fold(said), fold(name))
        if not known and alike >= 0.75 * _ALIKE:
            return said + tail, True
    return name + tail, known or said == name


def _says_more(name: str, said: str) -> bool:
    """True if a name has all words of another in their order and whole words more: what is printed
    (`Trung tâm Y tế khu vực Năm Căn`) is another body than the table's (`Trung tâm Y tế Năm Căn`).
    """
    left = words(said).split()
    more = [word for word in _WORD.findall(name) if not (left and fold(word) == left[0] and left.pop(0))]
    return not left and bool(more) and not any(strange_words(word) for word in more)


def _by_symbol(symbol: Number | None, place: str | None, date: str | None, head: str) -> str | None:
    """The one body of a code in the table; initials that the head's own words spell add nothing to them."""
    if symbol is None or len(symbol.issuer_codes) != 1 or symbol.issuer_codes[0] not in bodies_by_code():
        return None
    return issuer_of(symbol, place, date, head)


def _of_one_kind(one: str, other: str) -> bool:
    """True if two names have the same opening, or one has none: a code is used by a `Bộ` and by a `Phòng`."""
    first, second = opening_of(one), opening_of(other)
    return first == second or first is None or second is None


def _with_place_corrected(name: str) -> str:
    """A name that ends in a province, with the province's own letters:
    `… Thành phó Hò Chí Minh` → `… Hồ Chí Minh`.
    """
    found = province_at_end(name)
    if found is None:
        return name
    written, parts = found[0].name, name.split()
    size = len(written.split())
    if fold(" ".join(parts[-size:])) != fold(written):
        return name
    kind = found[0].full.removesuffix(written).strip()
    count = len(kind.split())
    if fold(" ".join(parts[-size - count : -size])) == fold(kind):
        return " ".join([*parts[: -size - count], kind, written])
    return " ".join([*parts[:-size], written])


def _in_brackets(side: str) -> str:
    return "(" + sentence_case(side.strip("()")) + ")"


def _superior(
    text: Text, groups: list[list[Row]], place: str | None, issuer: str, date: str | None
) -> Field | None:
    if len(groups) < 2:
        return None
    group = groups[-2]
    value = canonical_issuer(printed(group), place, None, date)
    derived = superior_of(issuer)
    if derived and fold(derived) != fold(value):
        from rapidfuzz import fuzz

        value = derived if fuzz.ratio(fold(derived), fold(value)) > _ALIKE else value
    return field_at(text, value, trimmed(text, group[0].start, group[-1].end), "superior.head")


def _from_symbol(text: Text, symbol: Number | None, place: str | None, date: str | None) -> Bodies:
    """The issuer of a paper without a head: the symbol's body, which the first sentences may spell out."""
    name = issuer_of(symbol, place, date, text.value[:3000]) if symbol else None
    if name is None or symbol is None:
        return Bodies(None, None)
    page = text.pages[0].number if text.pages else None
    issuer = Field(name, symbol.symbol, 0.9, False, page, (), "issuer.symbol")
    above = superior_of(name)
    superior = Field(above, symbol.symbol, 0.8, False, page, (), "superior.inferred") if above else None
    return Bodies(issuer, superior)
