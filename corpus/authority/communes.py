"""Communes, wards and special zones (xã, phường, đặc khu) of the two-tier government: in which provinces a name stands."""

from __future__ import annotations

import re
from functools import cache

from corpus.authority.provinces import Province, province_at_end, province_named
from corpus.tables import in_force, rows
from corpus.vietnamese.fold import words

TWO_TIERS = "2025-07-01"
"""The first day without districts (Nghị quyết 203/2025/QH15, Luật Tổ chức chính quyền địa phương 72/2025/QH15)."""
COMMUNE = re.compile(r"(?<!\w)(?P<kind>xã|phường|đặc khu) (?P<name>[^,;()]+?)\Z")
"""The commune that a body's name ends with: `Phòng Kinh tế xã Định Mỹ`."""


@cache
def _by_name() -> dict[str, tuple[dict[str, str], ...]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows("communes"):
        found.setdefault(words(row["name"]), []).append(row)
    return {name: tuple(same) for name, same in found.items()}


def provinces_of(name: str, kind: str | None, date: str) -> tuple[str, ...]:
    """Names of the provinces that have a commune of this name (and kind, if one has) on the day; none before 1/7/2025."""
    if date < TWO_TIERS:
        return ()
    same = [row for row in _by_name().get(words(name), ()) if in_force(row, date)]
    of_kind = [row for row in same if kind is None or row["kind"] == kind]
    return tuple(dict.fromkeys(row["province"] for row in of_kind or same))


def province_of_place(place: str | None, date: str | None) -> Province | None:
    """The province of a place that is a commune by the table, where its name is in one province alone."""
    if not place or not date:
        return None
    kind = re.match(r"(xã|phường|đặc khu) ", place.lower())
    found = provinces_of(place[kind.end() :] if kind else place, kind[1] if kind else None, date)
    return province_named(found[0], date) if len(found) == 1 else None


def is_commune(place: str | None, date: str | None) -> bool:
    """True if the place is a commune of the two-tier government, and so no province."""
    return bool(
        place and date and provinces_of(re.sub(r"^(?:xã|phường|đặc khu) ", "", place, flags=re.I), None, date)
    )


def commune_in(issuer: str, date: str | None) -> re.Match[str] | None:
    """The commune that the name of a body ends with and that lacks its province; None before 1/7/2025."""
    if not date or date < TWO_TIERS or (province_at_end(issuer) is not None and "," in issuer):
        return None
    return COMMUNE.search(issuer)


def is_unclear_commune(issuer: str | None, date: str | None) -> bool:
    """True if the body is a commune's whose name stands in several provinces, and none is told: two bodies of one name."""
    commune = commune_in(issuer, date) if issuer else None
    return bool(commune and date and len(provinces_of(commune["name"], commune["kind"], date)) > 1)


def with_province(issuer: str, date: str | None, said: Province | None) -> tuple[str, bool]:
    """The body of a commune with its province, and whether that is sure.

    `said` is the province that the paper prints; without one, a name that is in one province alone is completed. A
    printed province that has no such commune by the table is kept, and a question.
    """
    commune = commune_in(issuer, date)
    if commune is None or date is None:
        return issuer, True
    possible = provinces_of(commune["name"], commune["kind"], date)
    if said is not None:
        return f"{issuer}, {said.full}", not possible or said.name in possible
    if len(possible) == 1 and (only := province_named(possible[0], date)) is not None:
        return f"{issuer}, {only.full}", True
    return issuer, True
