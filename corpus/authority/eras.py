"""Bodies and units that did not exist on a day: ministries merged, districts ended,
provinces not yet or no longer there.
"""

from __future__ import annotations

import re

from corpus.authority.bodies import bodies_named, expand, known_body, tidy
from corpus.authority.communes import TWO_TIERS
from corpus.authority.provinces import local_unit_in, provinces
from corpus.tables import in_force
from corpus.vietnamese.fold import fold, words

_DISTRICTS = re.compile(r"(?:huyện|quận|thị xã|thị trấn) ")


def existed(issuer: str, date: str) -> bool:
    """False if by the tables the body, or the unit it belongs to, did not exist on the day (ISO 8601).

    True for everything that no table has: only a known end or beginning counts.
    """
    body, _ = known_body(expand(tidy(issuer)))
    eras = bodies_named(words(body.name)) if body is not None else ()
    if eras and not any(in_force(one.era, date) for one in eras):
        return False
    unit = local_unit_in(issuer)
    return unit is None or _unit_existed(unit, date)


def _unit_existed(unit: str, date: str) -> bool:
    if _DISTRICTS.match(unit):
        return date < TWO_TIERS
    if not unit.lower().startswith(("tỉnh ", "thành phố ")):
        return True
    kind, name = ("tỉnh", unit[5:]) if unit.startswith("tỉnh ") else ("thành phố", unit[10:])
    named = [one for one in provinces() if fold(one.name) == fold(name)]
    if not named:
        # A city that is no province's equal was one of a province, and ended with the districts.
        return kind == "tỉnh" or date < TWO_TIERS
    return any(one.stood_on(date) and one.kind == kind for one in named)
