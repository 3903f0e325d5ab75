"""Document numbers (số, ký hiệu văn bản): the grammar of every family, parsed, found in running text, printed again.

The grammar is domain knowledge of NĐ 30/2020/NĐ-CP, HD 36-HD/VPTW and the habits before them; damage by OCR is
mended only where a number is expected. All patterns are bounded, so a search is linear in the text's length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from corpus.fold import fold
from corpus.lookalikes import plain
from corpus.number_patterns import BLANK, DATED, FORM, LABEL, NUMBER, SAID, SPLIT_DIGITS, STANDARD
from corpus.symbol import (
    JOINT_TYPES,
    bodies,
    codes_of,
    known,
    mend,
    party_types,
    plausible,
    split_joined,
    state_types,
)

Family = Literal["state", "cv", "qh", "party", "old", "standard", "blank"]


@dataclass(frozen=True, slots=True)
class Number:
    """One document number, taken apart. `canonical` is how its family writes it, without spaces."""

    family: Family
    ordinal: int | None
    ordinal_text: str
    suffix: str
    sub: str
    year: int | None
    type_code: str | None
    issuer_codes: tuple[str, ...]
    unit_code: str | None
    raw: str
    canonical: str
    match_key: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Found:
    """A number in running text: `text[start:end]` is what was printed."""

    start: int
    end: int
    number: Number


_TO_DIGIT = str.maketrans("OoQlI|]§", "00011118")
_TERM_BODY = re.compile(r"(QH|UBTVQH)\d{1,2}")
_TERM_READ = re.compile(r"[QO0]H ?[1I]([0-9IlOo])")
"""The National Assembly's term as OCR may leave it: `OHI5`, `QH 13`."""
_OLD_BODIES = frozenset({"HĐBT", "HĐCP", "CP", "TTg", "CT", "BYT", "TC", "BNV"})


@lru_cache(maxsize=16384)
def parse(text: str, *, type_word: str | None = None) -> Number | None:
    """The one number that `text` is; it may carry `Số:`, a type word, spaces and OCR damage. None when it is none.

    `type_word` is the type printed on the document: it alone decides what letters cannot (`CT-TTHT` of a công văn).
    """
    clean = plain(unicodedata.normalize("NFC", text)).text.strip()
    label = LABEL.match(clean)
    body = clean[label.end() :].rstrip(" .,;:") if label else clean
    labelled = bool(label and label.group().strip(" \"'(*"))
    word = type_word or (_type_word_before(label.group()) if label else None)
    if found := STANDARD.fullmatch(body) or STANDARD.fullmatch(clean):
        return _standard(found)
    if found := BLANK.fullmatch(clean.rstrip(" .,;:")) or BLANK.search(clean):
        return _blank(found, word)
    return _parse_body(_join_digits(body), word, labelled, text)


def _join_digits(body: str) -> str:
    """`4 7/2020/…` → `47/2020/…`: one space between the digits before the first slash."""
    return re.sub(r"^(\d{1,3}) (\d{1,3})(?= ?/)", r"\1\2", body)


def _parse_body(body: str, word: str | None, labelled: bool, raw: str) -> Number | None:
    found = NUMBER.fullmatch(body) or NUMBER.fullmatch(_restore_case(body))
    if found is None:
        return None
    read = _read(found, word, said=labelled, alone=True)
    if read is None or read[1] != found.end() or not (labelled or _trusted(read[0])):
        return None
    return replace(read[0], raw=raw)


def _restore_case(body: str) -> str:
    """`19/ct-ttg` → `19/CT-TTg`: codes typed or read in small letters."""
    head, *rest = re.split(r"(?<=\d)\s*([/-])\s*(?=[a-zđ])", body, maxsplit=1)
    return head + rest[0] + re.sub(r"[a-zđ]+", lambda m: mend(m.group().upper()), rest[1]) if rest else body


def _type_word_before(label: str) -> str | None:
    words = label.strip(" :.;").rsplit(" ", 1)[0].strip() if " " in label.strip() else ""
    return words or None


def _trusted(number: Number) -> bool:
    """Whether a number without `số` before it can only be one: typed, dated by year, or of a known body."""
    if number.type_code or number.year:
        return True
    return number.family == "party" or any(known(code) for code in number.issuer_codes) or "-" in number.symbol


def find(text: str) -> Iterator[Found]:
    """Every number in running `text`, in order; offsets point into `text` as given. Total and linear.

    Dates, ratios, periods, form numbers (`Mẫu số 01/…`) and bare ordinals are none.
    """
    prepared = plain(text)
    clean = prepared.text
    hits = [hit for match in NUMBER.finditer(clean) if (hit := _hit(clean, match))]
    if "QC" in clean or "TC" in clean:
        hits += [Found(m.start(), m.end(), _standard(m)) for m in STANDARD.finditer(clean)]
    hits += [
        Found(m.start(), m.end(), number) for m in BLANK.finditer(clean) if (number := _blank(m, None)) is not None
    ]
    for hit in sorted(hits, key=lambda hit: hit.start):
        start, end = prepared.origin(hit.start), prepared.origin(hit.end)
        raw = text[start:end]
        yield Found(start, end, hit.number if hit.number.raw == raw else replace(hit.number, raw=raw))


def _hit(clean: str, match: re.Match[str]) -> Found | None:
    start = match.start()
    left = clean[max(0, start - 28) : start]
    said = bool(SAID.search(left))
    if not said and (split := SPLIT_DIGITS.search(left)) and match["old"] is None and match["ptype"] is None:
        joined = NUMBER.match(split["head"].translate(_TO_DIGIT) + match.group())
        start, match, said = start - len(split["head"]) - 1, joined or match, True
        read = _read(match, None, said=True, alone=False)
        return Found(start, start + read[1] - match.start() + 1, read[0]) if read and joined else None
    said = said or DATED.match(clean, match.end()) is not None
    read = _read(match, None, said=said, alone=False)
    if read is None or (not said and not _stands_alone(read[0], left)) or FORM.search(left):
        return None
    if match["slash"] is not None and not match["slash"].strip(" lI|") and not said:
        return None
    return Found(start, read[1], read[0])


def _stands_alone(number: Number, left: str) -> bool:
    """Without `số` before it a number must be unmistakable: typed and hyphenated, or with a year, or a known body's."""
    if number.family in ("qh", "standard") or number.year:
        return True
    if number.family == "old":
        return False
    if number.type_code:
        return bool(number.issuer_codes) and (number.family == "state" or "-" in number.raw)
    return len(number.symbol) > 3 and "-" in number.symbol and number.issuer_codes[0] in bodies()


def _read(m: re.Match[str], word: str | None, *, said: bool, alone: bool) -> tuple[Number, int] | None:
    """The number of a match and the offset where it really ends (a match may run on into the next words)."""
    digits = m["no"].translate(_TO_DIGIT)
    if not digits.isdigit() or not (any(char.isdigit() for char in m["no"]) or said):
        return None
    head = _Head(digits, m["sfx"] or "", m["sub"] or "", m["year"].translate(_TO_DIGIT) if m["year"] else None)
    if head.year and not 1900 <= int(head.year) <= 2099:
        return None
    if m["ptype"]:
        return _read_party(m, head, word, said or alone)
    if m["old"]:
        return _read_old(m, head, word, said, alone)
    return _read_state(m, head, word, said or alone)


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the symbol, cleaned."""

    digits: str
    suffix: str
    sub: str
    year: str | None

    @property
    def text(self) -> str:
        return self.digits + self.suffix + self.sub


def _codes(symbol: str) -> list[tuple[str, int]]:
    """The codes of a matched symbol with the offset behind each; stops at the first that cannot be a code."""
    found: list[tuple[str, int]] = []
    for match in re.finditer(r"[^-./\s'’`\"]+", symbol):
        code = match.group()
        gap = symbol[found[-1][1] : match.start()] if found else ""
        loose = gap.startswith(" ") and gap.endswith((" ", "\n")) and gap.count("-") < 2
        if not plausible(code) or (loose and not (len(found) == 1 and mend(found[0][0]) in state_types())):
            break
        found.append((code, match.end()))
    return found


def _read_state(m: re.Match[str], head: _Head, word: str | None, said: bool) -> tuple[Number, int] | None:
    symbol = m["sym"]
    if term := _TERM_READ.fullmatch(symbol):
        return _state(head, (f"QH1{term[1].translate(_TO_DIGIT)}",), word, m.group()), m.end("sym")
    if symbol[0].islower():
        symbol = "-".join(mend(part.upper()) for part in symbol.split("-"))
    parts = _codes(symbol)
    if not parts and said and "-" not in symbol and len(symbol) <= 4:
        parts = [(symbol, len(symbol))]
    if not parts:
        return None
    codes, end = [code for code, _ in parts], m.start("sym") + parts[-1][1]
    if m["sym2"] and len(codes) == 1 and mend(codes[0], word) in state_types() | {"QĐ"}:
        more = _codes(m["sym2"])
        codes += [code for code, _ in more]
        end = m.start("sym2") + more[-1][1] if more else end
    elif m["sym2"] and said and len(codes) == 2 and "-" not in m["sym2"]:
        codes[1] = f"{codes[1]}/{m['sym2']}"
        end = m.end("sym2")
    if len(codes) == 1 and (pair := split_joined(codes[0])):
        codes = list(pair)
    codes = [mend(codes[0], word), *(mend(code) for code in codes[1:])]
    return _state(head, tuple(codes), word, m.group()), end


def _state(head: _Head, codes: tuple[str, ...], word: str | None, raw: str) -> Number:
    symbol = "-".join(codes)
    canonical = f"{head.text}/{head.year}/{symbol}" if head.year else f"{head.text}/{symbol}"
    is_letter = word is not None and fold(word) == "cong van" and codes[0] != "CV"
    typed = codes[0] in state_types() and len(codes) > 1 and not is_letter
    if head.year and _TERM_BODY.fullmatch(codes[0]):
        return _number("qh", head, None, codes[:1], None, raw, canonical, symbol)
    if typed and codes[0] in JOINT_TYPES:
        return _number("state", head, codes[0], codes[1:], None, raw, canonical, symbol)
    unit = "-".join(codes[2:] if typed else codes[1:]) or None
    if typed:
        return _number("state", head, codes[0], codes[1:2], unit, raw, canonical, symbol)
    return _number("cv", head, None, codes[:1], unit, raw, canonical, symbol)


def _read_party(m: re.Match[str], head: _Head, word: str | None, said: bool) -> tuple[Number, int] | None:
    glued = "-" not in m.group()[: m.start("ptype") - m.start()]
    parts = _codes(m["porg"])
    if not parts or (glued and not said):
        return None
    code = mend(m["ptype"], word)
    if code not in party_types() | {"L"}:
        return None
    orgs = [mend(part) for part, _ in parts]
    symbol = f"{code}/{'-'.join(orgs)}"
    family: Family = "old" if code in ("SL", "L") else "party"
    unit = "-".join(orgs[1:]) or None
    number = _number(family, head, code, tuple(orgs[:1]), unit, m.group(), f"{head.text}-{symbol}", symbol)
    return number, m.start("porg") + parts[-1][1]


def _read_old(
    m: re.Match[str], head: _Head, word: str | None, said: bool, alone: bool
) -> tuple[Number, int] | None:
    codes = re.split(r"[-/]", m["old"])
    if not (said or alone) or not all(plausible(code) and sum(c.isupper() for c in code) >= 2 for code in codes):
        return None
    if not alone and not (codes[-1] in _OLD_BODIES or known(codes[-1]) or known(codes[0]) or word):
        return None
    type_code = codes[0] if len(codes) > 1 and codes[0] in state_types() else None
    issuers = tuple(codes[1:] if type_code else codes[:1])
    number = _number("old", head, type_code, issuers, None, m.group(), f"{head.text}-{m['old']}", m["old"])
    return number, m.end()


def _standard(m: re.Match[str]) -> Number:
    kind, org = mend(m["std"]), m["org"]
    canonical = f"{kind} {m['no']}:{m['year']}" + (f"/{mend(org)}" if org else "")
    digits = re.search(r"\d{1,6}", m["no"])
    head = _Head(digits.group() if digits else "0", "", "", m["year"])
    orgs = (mend(org),) if org else ()
    number = _number("standard", head, kind, orgs, None, m.group(), canonical, kind)
    return replace(number, match_key=_key_of_symbol(canonical.replace(" ", "-").replace(":", "-")))


def _blank(m: re.Match[str], word: str | None) -> Number | None:
    codes = tuple(mend(code) for code in re.split(r"\s?[-/.]\s?", m["sym"]))
    if mend(codes[0], word) not in state_types() | party_types() and codes[0] not in bodies():
        return None
    symbol = f"{codes[0]}/{'-'.join(codes[1:])}" if m["sep"] == "-" else "-".join(codes)
    year = m["year"]
    canonical = f"?{m['sep']}{year + '/' if year else ''}{symbol}"
    typed = codes[0] in state_types() | party_types()
    head = _Head("", "", "", year)
    issuers = codes[1:2] if typed else codes[:1]
    return _number("blank", head, codes[0] if typed else None, issuers, None, m.group(), canonical, symbol)


def _number(
    family: Family, head: _Head, type_code: str | None, issuers: tuple[str, ...], unit: str | None,
    raw: str, canonical: str, symbol: str,
) -> Number:  # fmt: skip
    ordinal = int(head.digits) if head.digits else None
    year = int(head.year) if head.year else None
    lead = f"{'?' if ordinal is None else ordinal}{head.suffix}{head.sub}".upper()
    key = "-".join(filter(None, (lead, head.year, _key_of_symbol(symbol))))
    return Number(
        family, ordinal, head.digits, head.suffix, head.sub, year, type_code, issuers, unit, raw, canonical, key, symbol
    )  # fmt: skip


def _key_of_symbol(symbol: str) -> str:
    return re.sub(r"[-/.]", "-", fold(symbol)).upper()


@lru_cache(maxsize=16384)
def match_key(text: str) -> str | None:
    """The key under which spellings of one number meet: `05/QĐ-UBND.NC` and `5/QD-UBND-NC` → `5-QD-UBND-NC`.

    Also of a number typed with spaces or small letters (`31 kh stttt`). It is a way to find, not an identity:
    ĐA and DA share it. Blank numbers have none.
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
