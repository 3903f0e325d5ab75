"""The list of all conflicts: its filters as an address has them, and the list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from corpus.errors import Problem
from corpus.queries import conflict_list
from web import access
from web.formats import tables
from web.formats.tables import Row
from web.present.catalogue import CONFLICTS
from web.present.fields import day
from web.services import downloads

COLUMNS = (
    "Loại mâu thuẫn", "Mâu thuẫn", "Mã văn bản", "Số, ký hiệu", "Ngày", "Cơ quan", "Ở văn bản này", "Trang",
    "Mã văn bản kia", "Văn bản kia", "Ở văn bản kia", "Trang ở văn bản kia", "Đã xem xét vì",
)  # fmt: skip
_STATES = ("open", "settled", "all")
_LONGEST = 200


def asked(parts: Mapping[str, Any]) -> conflict_list.ConflictFilter:
    """The filters of an address; what is not understood asks for all. kind, year, issuer, state."""
    kind, year, state = str(parts.get("kind") or ""), str(parts.get("year") or ""), str(parts.get("state") or "")
    plain = year.isascii() and year.isdigit() and len(year) <= 4
    return conflict_list.ConflictFilter(
        kind if kind in conflict_list.KINDS else "",
        int(year) if plain else None,
        str(parts.get("issuer") or "").strip()[:_LONGEST],
        state if state in _STATES else "open",
    )


def parts(wanted: conflict_list.ConflictFilter) -> dict[str, str]:
    """The filters as the parts of an address; what asks for all is left out."""
    told = {
        "kind": wanted.kind,
        "year": "" if wanted.year is None else str(wanted.year),
        "issuer": wanted.issuer,
        "state": "" if wanted.state == "open" else wanted.state,
    }
    return {name: value for name, value in told.items() if value}


def as_file(form: str, wanted: conflict_list.ConflictFilter) -> Response:
    """The conflicts as a file, both sides with their pages; raises Problem("not_found") for another form."""
    if form not in tables.FORMS:
        raise Problem("not_found", what=form[:20])
    rows = conflict_list.every(access.store(), wanted, access.visible, access.seen())
    told = {"what": "conflicts", "filters": parts(wanted)}
    return downloads.as_file(form, "mau-thuan", COLUMNS, (line(one) for one in rows), told)


def line(row: conflict_list.ConflictRow) -> Row:
    """One conflict in the order of COLUMNS."""
    told, found, other = row.told, row.document, row.other
    ours, theirs = told.ours, told.theirs
    return (
        CONFLICTS.get(told.code, told.code), told.message, found.id, found.number or found.name, day(found.date),
        found.issuer, ours.printed if ours else None, ours.page if ours else None,
        other.id if other else None, (other.number or other.name) if other else None,
        theirs.printed if theirs else None, theirs.page if theirs else None, told.settled,
    )  # fmt: skip
