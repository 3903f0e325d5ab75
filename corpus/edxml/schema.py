"""Check of an edXML message against the schema, which is written from the tables of QCVN 102:2016/BTTTT."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from corpus.edxml.codes import NAMESPACE

_PATH = Path(__file__).parents[1] / "data" / "edxml.xsd"
_OF_VALUE = frozenset(
    {"SCHEMAV_CVC_PATTERN_VALID", "SCHEMAV_CVC_DATATYPE_VALID_1_2_1", "SCHEMAV_CVC_MAXINCLUSIVE_VALID"}
)
_ELEMENT = re.compile(r"Element '(?:\{[^}]*\})?([^']{1,100})'")
"""The element in a sentence of the validator."""
_MOST = 20
"""Deviations that are listed of one message."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One place where a message is not of the schema: local name of its element, and the validator's sentence."""

    element: str
    why: str
    of_value: bool = False
    """True if the element's own text is not what it must be, such as a day that is none."""


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_PATH)))


def deviations(root: etree._Element) -> tuple[Deviation, ...]:
    """Places where a message deviates from the schema, in order; () for a valid one."""
    schema = _schema()
    if schema.validate(root):
        return ()
    found = []
    for error in list(schema.error_log)[:_MOST]:
        named = _ELEMENT.match(error.message)
        name = named[1] if named else "edXML"
        why = error.message.replace(f"{{{NAMESPACE}}}", "")[:300]
        found.append(Deviation(name, why, error.type_name in _OF_VALUE))
    return tuple(found)
