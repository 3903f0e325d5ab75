"""Document numbers (số, ký hiệu văn bản): the grammar of every family, parsed, found in running text,
printed again.

The grammar is domain knowledge of NĐ 30/2020/NĐ-CP, HD 36-HD/VPTW and the habits before them; damage by OCR is
mended only where a number is expected. All patterns are bounded, so a search is linear in the text's length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.numbering.interpret import TO_DIGIT, Number, blank, read, standard
from corpus.numbering.patterns import (
    BLANK,
    DATED,
    FORM,
    LABEL,
    SAID,
    SPLIT_DIGITS,
    number_pattern,
    standard_pattern,
    standard_spellings,
)
from corpus.numbering.symbol import bodies, codes_of, known, mend, state_types
from corpus.vietnamese.lookalikes import plain

__all__ = ["FoundNumber", "Number", "find", "match_key", "parse"]


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in running text, printed as `text[start:end]`."""

    start: int
    end: int
    number: Number


@lru_cache(maxsize=16384)
def parse(text: str, *, type_word: str | None = None) -> Number | None:
    """Parse `text` as one number; it may carry `Số:`, a type word, spaces and OCR damage. None if it is none.

    `type_word` is the type printed on the document: it alone decides what letters cannot (`CT-TTHT` of a công
    văn).
    """
    clean = plain(unicodedata.normalize("NFC", text)).text.strip()
    label = LABEL.match(clean)
    body = clean[label.end() :].rstrip(" .,;:") if label else clean
    labelled = bool(label and label.group().strip(" \"'(*"))
    word = type_word or (_type_word_before(label.group()) if label else None)
    if found := standard_pattern().fullmatch(body) or standard_pattern().fullmatch(clean):
        return standard(found)
    if found := BLANK.fullmatch(clean.rstrip(" .,;:")) or BLANK.search(clean):
        return blank(found, word)
    return _parse_body(_join_digits(body), word, labelled, text)


def _join_digits(body: str) -> str:
    """`4 7/2020/…` → `47/2020/…`: one space between the digits before the first slash."""
    return re.sub(r"^(\d{1,3}) (\d{1,3})(?= ?/)", r"\1\2", body)


def _parse_body(body: str, word: str | None, labelled: bool, raw: str) -> Number | None:
    if labelled and (double := _DOUBLE.match(body)):
        number = _parse_body(body[double.start("second") :], word, labelled, raw)
        return _with_book(number, double["first"]) if number else None
    found = number_pattern().fullmatch(body) or number_pattern().fullmatch(_restore_case(body))
    if found is None:
        return None
    told = read(found, word, said=labelled, alone=True)
    if told is None or told[1] != found.end() or not (labelled or _is_unmistakable(told[0])):
        return None
    return replace(told[0], raw=raw)


_DOUBLE = re.compile(r"(?P<first>\d{1,4})-(?P<second>\d{1,3})/[A-ZĐ]")
"""An ordinal of two parts on a number line (`122-12/PT-NC`); in running text it is a span of two documents."""


def _with_book(number: Number, first: str) -> Number:
    """The number with the part in front of its ordinal."""
    return replace(
        number, ordinal=int(first), ordinal_text=first, sub=f"-{number.ordinal_text}{number.sub}",
        canonical=f"{first}-{number.canonical}", match_key=f"{int(first)}-{number.match_key}",
    )  # fmt: skip


def _restore_case(body: str) -> str:
    """`19/ct-ttg` → `19/CT-TTg`: codes typed or read in small letters."""
    head, *rest = re.split(r"(?<=\d)\s*([/-])\s*(?=[a-zđ])", body, maxsplit=1)
    return head + rest[0] + re.sub(r"[a-zđ]+", lambda m: mend(m.group().upper()), rest[1]) if rest else body


def _type_word_before(label: str) -> str | None:
    words = label.strip(" :.;").rsplit(" ", 1)[0].strip() if " " in label.strip() else ""
    return words or None


def _is_unmistakable(number: Number) -> bool:
    """True if text without `số` before it can only be a number: with a type, a year, or a known body."""
    if number.type_code or number.year:
        return True
    return number.family == "party" or any(known(code) for code in number.issuer_codes) or "-" in number.symbol


def find(text: str) -> Iterator[FoundNumber]:
    """Yield every number in running `text`, in order; offsets point into `text` as given. Total and linear.

    Dates, ratios, periods, form numbers (`Mẫu số 01/…`) and bare ordinals are none.
    """
    prepared = plain(text)
    clean = prepared.text
    hits = [hit for match in number_pattern().finditer(clean) if (hit := _hit(clean, match))]
    if any(code in clean for code in standard_spellings()):
        hits += [FoundNumber(m.start(), m.end(), standard(m)) for m in standard_pattern().finditer(clean)]
    hits += [
        FoundNumber(m.start(), m.end(), number)
        for m in BLANK.finditer(clean)
        if (number := blank(m, None)) is not None
    ]
    for hit in sorted(hits, key=lambda hit: hit.start):
        start, end = prepared.origin(hit.start), prepared.origin(hit.end)
        raw = text[start:end]
        yield FoundNumber(start, end, hit.number if hit.number.raw == raw else replace(hit.number, raw=raw))


def _hit(clean: str, match: re.Match[str]) -> FoundNumber | None:
    start = match.start()
    left = clean[max(0, start - 28) : start]
    said = bool(SAID.search(left))
    if not said and (split := SPLIT_DIGITS.search(left)) and match["old"] is None and match["ptype"] is None:
        joined = number_pattern().match(split["head"].translate(TO_DIGIT) + match.group())
        start, match, said = start - len(split["head"]) - 1, joined or match, True
        told = read(match, None, said=True, alone=False)
        return FoundNumber(start, start + told[1] - match.start() + 1, told[0]) if told and joined else None
    said = said or DATED.match(clean, match.end()) is not None
    told = read(match, None, said=said, alone=False)
    if told is None or (not said and not _stands_alone(told[0], left)) or FORM.search(left):
        return None
    if match["slash"] is not None and not match["slash"].strip(" lI|") and not said:
        return None
    return FoundNumber(start, told[1], told[0])


def _stands_alone(number: Number, left: str) -> bool:
    """True if a number without `số` before it is unmistakable: type and hyphen, or a year, or a known body."""
    if number.family in ("qh", "standard") or number.year:
        return True
    if number.family == "old":
        return False
    if number.type_code:
        return bool(number.issuer_codes) and (number.family == "state" or "-" in number.raw)
    return len(number.symbol) > 3 and "-" in number.symbol and number.issuer_codes[0] in bodies()


@lru_cache(maxsize=16384)
def match_key(text: str) -> str | None:
    """Return the key shared by all spellings of a number: `05/QĐ-UBND.NC` and `5/QD-UBND-NC` → `5-QD-UBND-NC`.

    Also for a number typed with spaces or small letters (`31 kh stttt`). It serves to find, not to identify: ĐA
    and DA share it. Blank numbers have none.
    """
    number = parse(text)
    if number is None and (
        typed := re.match(r"^\s*(\d{1,6}[a-zđ]?)\s+((?:\w{1,12}[\s/-]+){0,4}\w{1,12})\s*$", text)
    ):
        codes = [mend(part.upper()) for part in re.split(r"[\s/-]+", typed[2])]
        joined = f"{typed[1]}/{'-'.join(codes)}".replace("-QH", "/QH", 1 if codes[0].isdigit() else 0)
        year = re.match(r"^(\d+)/((?:19|20)\d\d)-(.+)$", joined)
        known_enough = codes_of(codes[0]) or codes[0] in state_types() | bodies() or year
        number = parse(f"{year[1]}/{year[2]}/{year[3]}" if year else joined) if known_enough else None
    return number.match_key if number and number.family != "blank" else None
