"""Identity of issuing bodies: one key for all the ways a body is named."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.authority import HEADS, expand, tidy
from corpus.fold import words
from corpus.provinces import province_at_end

_KEY_HEADS = tuple(words(head) for head in HEADS if "Thủ tướng" not in head)
_CENTRAL_PARTY = ("bo chinh tri", "ban bi thu", "ban chap hanh trung uong", "hoi nghi lan thu")


@lru_cache(maxsize=8192)
def issuer_key(name: str | None) -> str | None:
    """The identity of a body: folded, its place kept, a head counted as the body led.

    `Giám đốc Sở Y tế tỉnh Kiên Giang` and `Sở Y tế Kiên Giang` share a key; Bộ Chính trị, Ban Bí thư and BCH Trung ương
    number in one series (`/TW`) and share one too. None for no name.
    """
    folded = words(expand(tidy(name))) if name else ""
    for head in _KEY_HEADS:
        rest = folded.removeprefix(head + " ")
        folded = f"ban {rest}" if head == "truong ban" and rest != folded else rest
    if not folded:
        return None
    if folded.startswith(_CENTRAL_PARTY) and "doan" not in folded.split():
        return "trung uong dang"
    for organ in ("ban thuong vu ", "ban chap hanh dang bo ", "thuong truc "):
        folded = folded.removeprefix(organ) if "uy" in folded.split() or "dang bo" in organ else folded
    return _without_kind(folded)


_KIND = re.compile(r" (?:tinh|thanh pho|tp) (?=(?:\w+ ){0,4}\w+\Z)")


def _without_kind(folded: str) -> str:
    """`so y te tinh kien giang` → `so y te kien giang`: a province's kind says nothing its name does not.

    A known name gets its one spelling, and the committee of a province's Party is its `tỉnh ủy`.
    """
    folded = re.sub(r"^(?:tinh|thanh pho) (?!uy\b|doan\b)(?=\w+ \w+)", "tinh uy ", folded)
    folded = _KIND.sub(" ", folded)
    found = province_at_end(folded)
    return f"{found[1]} {words(found[0].name)}".strip() if found else folded
