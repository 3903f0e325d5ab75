"""Interpretation of a matched number: codes repaired, family determined, canonical spelling and match key built.

Damage by OCR is repaired only where the patterns expect a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from corpus.numbering.symbol import (
    bodies,
    codes_with,
    known,
    mend,
    old_types,
    party_types,
    plausible,
    split_joined,
    state_types,
)
from corpus.vietnamese.fold import fold

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


TO_DIGIT = str.maketrans("OoQlI|]§", "00011118")
_TERM_BODY = re.compile(r"(QH|UBTVQH)\d{1,2}")
_TERM_READ = re.compile(r"[QO0]H ?[1I]([0-9IlOo])")
"""The National Assembly's term as OCR may leave it: `OHI5`, `QH 13`."""
_OLD_BODIES = frozenset({"HĐBT", "HĐCP", "CP", "TTg", "CT", "BYT", "TC", "BNV"})


_Reading = tuple[Number, int] | None
_MOST_READ = 16384
"""Most entries of the cache; it is emptied when full."""


@cache
def _readings() -> dict[tuple[str, str | None, bool, bool], _Reading]:
    """Matches read before, their ends counted from their starts: texts name the same documents over and over."""
    return {}


def read(m: re.Match[str], word: str | None, *, said: bool, alone: bool) -> _Reading:
    """The number of a match and the offset where it really ends (a match may run on into the next words)."""
    asked, memory = (m.group(), word, said, alone), _readings()
    known = memory.get(asked, ())
    if known == ():
        fresh = _read_match(m, word, said=said, alone=alone)
        known = (fresh[0], fresh[1] - m.start()) if fresh else None
        if len(memory) >= _MOST_READ:
            memory.clear()
        memory[asked] = known
    return (known[0], known[1] + m.start()) if known else None


def _read_match(m: re.Match[str], word: str | None, *, said: bool, alone: bool) -> _Reading:
    digits = m["no"].translate(TO_DIGIT)
    if not digits.isdigit() or not (any(char.isdigit() for char in m["no"]) or said):
        return None
    digits, insert = _without_thousands_dot(digits, m["sfx"] or "", m["sub"] or "")
    head = _Head(digits, m["sfx"] or "", insert, m["year"].translate(TO_DIGIT) if m["year"] else None)
    if head.year and not 1900 <= int(head.year) <= 2099:
        return None
    if m["ptype"]:
        return _read_party(m, head, word, said or alone)
    if m["old"]:
        return _read_old(m, head, word, said, alone)
    return _read_state(m, head, word, said or alone)


def _without_thousands_dot(digits: str, suffix: str, insert: str) -> tuple[str, str]:
    """`1.247` is number 1247: a number put in between (`66.15/2026/NQ-CP`) has one or two figures behind its
    dot.
    """
    if len(insert) == 4 and len(digits) <= 3 and not suffix and not digits.startswith("0"):
        return digits + insert[1:], ""
    return digits, insert


@dataclass(frozen=True, slots=True)
class _Head:
    """The part of a number before the symbol, cleaned."""

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
    for match in re.finditer(r"(?:[^-./\s'’`\"]|(?<=&)\s(?=[A-ZĐ]{2}))+", symbol):
        code = re.sub(r"\s", "", match.group())
        gap = symbol[found[-1][1] : match.start()] if found else ""
        loose = gap.startswith(" ") and gap.endswith((" ", "\n")) and gap.count("-") < 2
        if not plausible(code) or (loose and not (len(found) == 1 and mend(found[0][0]) in state_types())):
            break
        found.append((code, match.end()))
    return found


def _read_state(m: re.Match[str], head: _Head, word: str | None, said: bool) -> tuple[Number, int] | None:
    if term := _TERM_READ.fullmatch(m["sym"]):
        return _state(head, (f"QH1{term[1].translate(TO_DIGIT)}",), word, m.group()), m.end("sym")
    parts = _symbol_codes(m["sym"], said)
    if not parts:
        return None
    codes, end = _with_second([code for code, _ in parts], m, m.start("sym") + parts[-1][1], word, said)
    if len(codes) == 1 and (pair := split_joined(codes[0])):
        codes = list(pair)
    codes = [mend(codes[0], word), *(mend(code) for code in codes[1:])]
    found = _state(head, tuple(codes), word, m.group())
    if m["unit"] and end == m.end("sym"):
        return _with_unit(found, m["unit"]), m.end("unit") + 1
    return found, end


def _with_unit(number: Number, unit: str) -> Number:
    """The number with a unit in brackets (`409/TTr-CAT(PC04)`); a hyphen in their place finds it too."""
    symbol = f"{number.symbol}({unit})"
    return replace(
        number, symbol=symbol, canonical=f"{number.canonical}({unit})", unit_code=unit,
        match_key=f"{number.match_key}-{fold(unit).upper()}",
    )  # fmt: skip


def _symbol_codes(symbol: str, said: bool) -> list[tuple[str, int]]:
    """The codes of a symbol with the offset behind each; small letters are set,
    and behind `số` a short word is a code too.
    """
    if symbol[0].islower():
        symbol = "-".join(mend(part.upper()) for part in symbol.split("-"))
    found = _codes(symbol)
    return [(symbol, len(symbol))] if not found and said and "-" not in symbol and len(symbol) <= 4 else found


def _with_second(
    codes: list[str], m: re.Match[str], end: int, word: str | None, said: bool
) -> tuple[list[str], int]:
    """The codes with what a second slash leads to: issuers behind a type alone (`QĐ/UBND`),
    a unit behind two codes.
    """
    if not m["sym2"]:
        return codes, end
    if len(codes) == 1 and mend(codes[0], word) in state_types() | {"QĐ"}:
        more = _codes(m["sym2"])
        return codes + [code for code, _ in more], m.start("sym2") + more[-1][1] if more else end
    if said and len(codes) == 2 and "-" not in m["sym2"]:
        return [codes[0], f"{codes[1]}/{m['sym2']}"], m.end("sym2")
    return codes, end


def _state(head: _Head, codes: tuple[str, ...], word: str | None, raw: str) -> Number:
    symbol = "-".join(codes)
    canonical = f"{head.text}/{head.year}/{symbol}" if head.year else f"{head.text}/{symbol}"
    is_letter = word is not None and fold(word) == "cong van" and codes[0] != "CV"
    typed = codes[0] in state_types() and len(codes) > 1 and not is_letter
    if head.year and _TERM_BODY.fullmatch(codes[0]):
        return _number("qh", head, None, codes[:1], None, raw, canonical, symbol)
    if typed and codes[0] in codes_with("joint"):
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
    if code not in party_types():
        return None
    orgs = [mend(part) for part, _ in parts]
    symbol = f"{code}/{'-'.join(orgs)}"
    family: Family = "old" if code in old_types() else "party"
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


def standard(m: re.Match[str]) -> Number:
    kind, org = mend(m["std"]), m["org"]
    canonical = f"{kind} {m['no']}:{m['year']}" + (f"/{mend(org)}" if org else "")
    digits = re.search(r"\d{1,6}", m["no"])
    head = _Head(digits.group() if digits else "0", "", "", m["year"])
    orgs = (mend(org),) if org else ()
    number = _number("standard", head, kind, orgs, None, m.group(), canonical, kind)
    return replace(number, match_key=key_of_symbol(canonical.replace(" ", "-").replace(":", "-")))


def blank(m: re.Match[str], word: str | None) -> Number | None:
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
    key = "-".join(filter(None, (lead, head.year, key_of_symbol(symbol))))
    return Number(
        family, ordinal, head.digits, head.suffix, head.sub, year, type_code, issuers, unit, raw, canonical, key,
        symbol
    )  # fmt: skip


def key_of_symbol(symbol: str) -> str:
    return re.sub(r"[-/.]", "-", fold(symbol)).upper()
