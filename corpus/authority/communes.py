"""Communes, wards and special zones (xã, phường, đặc khu) of the two-tier government, and their provinces."""

from __future__ import annotations

import re
from collections.abc import Collection
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
    """Names of the provinces that have a commune of this name (and kind, if one has) on the day;
    none before 1/7/2025.
    """
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
    """True if the body is of a commune whose name occurs in several provinces and none is given: two bodies of one
    name.
    """
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


_FORMER = re.compile(r"(?P<body>.*?)\b(?P<unit>(?:xa|phuong|thi tran) .+)\Z")
_DISTRICT = re.compile(r"^(?:huyen|quan|thi xa|thanh pho) ")


@cache
def _made_of() -> dict[str, tuple[tuple[str, dict[str, str]], ...]]:
    """Folded former unit with its kind → (its district if known, the commune that it joined on 1/7/2025)."""
    now = {row["code"]: row for row in rows("communes")}
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for row in rows("communes_before"):
        if row["code"] in now:
            told = (words(row["of"]), now[row["code"]])
            found.setdefault(words(f"{row['kind']} {row['name']}"), []).append(told)
    return {unit: tuple(ones) for unit, ones in found.items()}


def commune_heirs(body: str, places: Collection[str]) -> tuple[str, ...]:
    """Folded names, without province, of the bodies of the communes that a former unit of these provinces became
    part of.

    `uy ban nhan dan xa my phu dong huyen thoai son` of An Giang → `uy ban nhan dan xa dinh my`; none where the
    name stands for units of several communes and no district tells them apart.
    """
    match = _FORMER.match(body)
    if match is None:
        return ()
    same, district = _successors_of(match["unit"].split(), places)
    told = [row for of, row in same if district and _DISTRICT.sub("", of) == _DISTRICT.sub("", district)]
    meant = {row["code"]: row for row in told or [row for _, row in same]}
    if len(meant) != 1:
        return ()
    return tuple(f"{match['body']}{words(row['kind'] + ' ' + row['name'])}" for row in meant.values())


def _successors_of(unit: list[str], places: Collection[str]) -> tuple[list[tuple[str, dict[str, str]]], str]:
    """The communes that a folded unit became part of, by its longest known name, and the words behind it:
    its district.
    """
    for end in range(len(unit), 1, -1):
        found = _made_of().get(" ".join(unit[:end]), ())
        if same := [(of, row) for of, row in found if words(row["province"]) in places]:
            return same, " ".join(unit[end:])
    return [], ""
