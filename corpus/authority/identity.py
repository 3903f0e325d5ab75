"""Identity of issuing bodies: one key for all the ways a body is named, its successors' keys,
and the Party's terms.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpus.authority.bodies import bodies_by_code, bodies_by_words, expand, leaders, tidy
from corpus.authority.communes import commune_heirs
from corpus.authority.provinces import province_at_end, province_successor
from corpus.tables import rows
from corpus.vietnamese.fold import words

_CENTRAL_PARTY = ("bo chinh tri", "ban bi thu", "ban chap hanh trung uong", "hoi nghi lan thu")


@cache
def _key_leaders() -> tuple[str, ...]:
    """Folded titles that are left out of a key; the Prime Minister is a body of his own."""
    return tuple(words(title) for title in leaders("name") if "Thủ tướng" not in title)


@lru_cache(maxsize=8192)
def issuer_key(name: str | None) -> str | None:
    """The identity of a body: folded, its place kept, a head counted as the body led.

    `Giám đốc Sở Y tế tỉnh Kiên Giang` and `Sở Y tế Kiên Giang` share a key; Bộ Chính trị, Ban Bí thư and BCH Trung
    ương number in one series (`/TW`) and share one too. None for no name.
    """
    folded = words(expand(tidy(name))) if name else ""
    for head in _key_leaders():
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


@lru_cache(maxsize=4096)
def successor_keys(key: str | None) -> frozenset[str]:
    """The keys of the bodies that took over a body or its land: `so thong tin va truyen thong kien giang` →
    the departments of science of Kiên Giang and of An Giang, and An Giang's own of information.
    """
    if not key:
        return frozenset()
    found = province_at_end(key)
    body, place = (found[1], words(found[0].name)) if found else (key, "")
    heir = province_successor(found[0].name) if found else None
    places = [place, words(heir)] if heir else [place]
    keys = {
        f"{one} {where}".strip() for one in (body, *_heirs(body), *commune_heirs(body, places)) for where in places
    }
    return frozenset(keys - {key})


_MOST_HEIRS = 12
"""Most successors followed, against a cycle in an office's own rows."""


def _heirs(body: str) -> list[str]:
    """The folded names of the bodies that took over one, nearest first; a ministry that was split has several."""
    heirs: list[str] = []
    known = bodies_by_words().get(body)
    waiting = list(known.successors) if known is not None else []
    while waiting and len(heirs) < _MOST_HEIRS:
        heir = next(iter(bodies_by_code().get(waiting.pop(0), ())), None)
        if heir is not None and words(heir.name) not in heirs:
            heirs.append(words(heir.name))
            waiting += heir.successors
    return heirs


def party_term(date: str, *, central: bool) -> str | None:
    """The term of the Party that a day lies in; None for a day that local bodies count to either of two."""
    began = [row for row in rows("party_terms") if row["central_from" if central else "local_from"] <= date]
    if not began or (not central and began[-1]["local_to"] and date > began[-1]["local_to"]):
        return None
    return began[-1]["term"]
