"""The citing document's issuer, place and date, by which `tỉnh`, `huyện`,
`Bộ` and `Sở` in its citations are understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.authority.bodies import known_body
from corpus.authority.communes import is_commune, province_of_place
from corpus.authority.provinces import (
    Province,
    assumed_province,
    local_unit_in,
    of_printed_kind,
    province_at_end,
    province_named,
)


@dataclass(frozen=True, slots=True)
class CitingDocument:
    """Fields of the citing document by which relative words (`tỉnh`, `huyện`, `Bộ`, `Sở`) are understood."""

    issuer: str | None
    place: str | None
    date: str | None

    @property
    def province(self) -> Province | None:
        """The province in the issuer's name,
        else of the place of issue (địa danh) unless that is a district or commune.
        """
        unit = local_unit_in(self.issuer or "")
        if unit is not None and unit.startswith(("tỉnh ", "thành phố ", "Thành phố ")):
            known = province_named(unit, self.date)
            return of_printed_kind(known, unit) if known else assumed_province(unit)
        if (found := province_at_end(self.issuer or "")) is not None:
            return found[0]
        if self.is_central:
            return None
        said = self.place is not None and self.place.startswith("tỉnh ")
        known = province_named(self.place, self.date) or province_of_place(self.place, self.date)
        if known is not None or is_commune(self.place, self.date):
            return known
        return assumed_province(self.place) if said or unit is None else None

    @property
    def is_central(self) -> bool:
        """True if the issuer is a ministry or the like, whose seat does not say which province it writes about."""
        body = known_body(self.issuer)[0] if self.issuer else None
        return body is not None and body.level == "central" and not body.slot


_PROVINCE_SAID = re.compile(r"\btỉnh (?=[A-ZĐÀ-Ỹ])[^\n,;.()]{2,40}")


def citing_of(text: str, issuer: str | None, place: str | None, date: str | None) -> CitingDocument:
    """The citing document; for a district or commune without a province the one that its text names."""
    citing = CitingDocument(issuer, place, date)
    if citing.province is None and (said := _PROVINCE_SAID.search(text)) and (unit := local_unit_in(said.group())):
        return CitingDocument(issuer, unit, date)
    return citing
