"""The codes a number's symbol (ký hiệu) is made of: known types and bodies,
and the mending of what OCR did to them.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpus.tables import rows
from corpus.vietnamese.fold import fold
from corpus.vietnamese.lookalikes import plain_d

_AMBIGUOUS_FOLDS = frozenset({"hd", "da", "cd"})
"""Folded codes that HĐ/HD, ĐA/DA and CĐ/CD share: only the type word tells them apart (documents.md 3.5)."""


@cache
def state_types() -> frozenset[str]:
    """Codes that may open a state number's symbol: `KH`, `QyĐ`, `NĐ`, `TTLT`."""
    return frozenset(row["code"] for row in rows("doc_types") if row["code"] and row["family"] == "state")


@cache
def codes_with(trait: str) -> frozenset[str]:
    """Codes of the types with the trait: `joined`, `joint` (corpus/data/doc_types.tsv says what each means)."""
    return frozenset(row["code"] for row in rows("doc_types") if row["code"] and trait in row["traits"].split(","))


@cache
def party_types() -> frozenset[str]:
    """Codes between hyphen and slash of a Party number: `NQ`, `QĐi`, `KL`."""
    return frozenset(row["code"] for row in rows("doc_types") if row["code"] and row["family"] in ("party", "old"))


@cache
def old_types() -> frozenset[str]:
    """Codes of that family before 2005: `SL` of a Sắc lệnh."""
    return frozenset(row["code"] for row in rows("doc_types") if row["code"] and row["family"] == "old")


@cache
def standard_types() -> frozenset[str]:
    """Codes that open the number of a standard: `QCVN`, `TCVN`."""
    return frozenset(row["code"] for row in rows("doc_types") if row["code"] and row["family"] == "standard")


@cache
def bodies() -> frozenset[str]:
    """Every symbol of a body in the authority table, its other spellings included."""
    main = {row["code"] for row in rows("bodies")}
    return frozenset(main | {also for row in rows("bodies") for also in row["also"].split(",") if also})


@cache
def _spellings() -> dict[str, str]:
    """Folded code → its one right spelling; a fold that two codes share is left out."""
    found: dict[str, set[str]] = {}
    for code in state_types() | party_types() | bodies():
        found.setdefault(fold(code), set()).add(code)
    return {folded: codes.pop() for folded, codes in found.items() if len(codes) == 1}


@cache
def _damage() -> dict[str, str]:
    return {row["read"]: row["printed"] for row in rows("ocr_symbols")}


@cache
def _codes_of_type_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows("doc_types"):
        if row["code"]:
            found.setdefault(fold(row["name"]), []).append(row["code"])
    return {name: tuple(dict.fromkeys(codes)) for name, codes in found.items()}


def codes_of(type_word: str | None) -> tuple[str, ...]:
    """The codes a printed type word may have: `Quy định` → `QyĐ`, `QĐi`, `QĐ`; none for `Công văn` but `CV`."""
    return _codes_of_type_word().get(fold(type_word.strip()), ()) if type_word else ()


_TERM = re.compile(r"(QH|UBTVQH)([1Il][0-9OoIl]|[1-9])")
_TO_DIGIT = str.maketrans("OoIl", "0011")


@lru_cache(maxsize=8192)
def mend(code: str, type_word: str | None = None) -> str:
    """`code` as its table spells it (`QD` → `QĐ`, `TTG` → `TTg`, `TVV` → `TW`); unknown codes stay as they are."""
    if term := _TERM.fullmatch(code):
        return term[1] + term[2].translate(_TO_DIGIT)
    code = code.replace("@&", "&").replace("@", "&")
    folded = fold(code)
    for spelled in codes_of(type_word):
        if fold(spelled) == folded:
            return spelled
    if code in state_types() or code in party_types() or code in bodies():
        return code
    if code in _damage():
        return _damage()[code]
    if folded in _AMBIGUOUS_FOLDS:
        return code.upper() if code.islower() else code
    return _spellings().get(folded, code)


@lru_cache(maxsize=8192)
def known(code: str) -> bool:
    """True if the code is one of a type or body, also with a term number after it (`QH15`, `BCĐ138`)."""
    return code in bodies() or code in state_types() or code.rstrip("0123456789") in bodies()


def split_joined(code: str) -> tuple[str, str] | None:
    """The type and issuer of a symbol that lost its hyphen: `QĐUBND` → `QĐ`, `UBND`;
    None when it is no such pair.
    """
    if code in state_types() or known(mend(code)):
        return None
    for cut in range(2, min(6, len(code) - 1)):
        head, tail = mend(code[:cut]), mend(code[cut:])
        if head in state_types() and tail in bodies():
            return head, tail
    return None


@lru_cache(maxsize=8192)
def plausible(code: str) -> bool:
    """True if letters can be a code: known, or at least half of them capitals (`GDTrH`, not `Lưu`)."""
    if known(code) or (len(code) > 1 and known(mend(code))):
        return True
    if re.search(r"\d[^\W\d]", code):
        return False
    capitals = sum(char.isupper() for char in code)
    letters = sum(char.isalpha() for char in code)
    return capitals >= 1 and capitals * 2 >= letters


def repair_symbol(text: str) -> str:
    """The symbol alone as it should stand: `/KH- SYT` → `KH-SYT`, `QÐ-UBND` → `QĐ-UBND`, `QĐUBND` → `QĐ-UBND`.

    A leading slash and blanks are dropped; an unknown code is kept as printed.
    """
    text = plain_d(text).replace("–", "-").replace("—", "-").replace("−", "-")
    text = "".join(text.split()).strip("/\\-.,;:")
    party = "/" in text
    if not party and "-" not in text and (pair := split_joined(text)):
        return "-".join(pair)
    out: list[str] = []
    code = ""
    for char in text + "-":
        if char in "-./":
            out.append(mend(code) + ("-" if char == "." else char))
            code = ""
        else:
            code += char
    return "".join(out)[:-1]
