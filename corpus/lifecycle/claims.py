"""Claims: values of a record that somebody else than the paper states (an imported list, a plugin's rule).

A claim never replaces what was read. It fills an empty field, which then waits for a person; it is a candidate of
a field that reads otherwise, which then waits too; and a list kept by people that agrees answers a doubt of OCR.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from corpus.authority.doc_types import doc_type_named
from corpus.authority.identity import issuer_key
from corpus.document import Candidate, Field, Fields, Warning
from corpus.errors import Problem, caution_message
from corpus.json_shapes import with_values
from corpus.lifecycle.flat_fields import MANY
from corpus.lifecycle.typed_values import cleaned
from corpus.numbering import number, typed_days
from corpus.record_fields import BY_NAME, RecordField
from corpus.vietnamese.fold import fold

_HALF = 0.5
"""Confidence of a claim that nothing on the paper confirms: as good as open."""
_OF_THE_PAPER = frozenset({"signature_broken", "signature_changed", "date_suspect", "body_not_of_its_time"})
"""Codes of the warnings that are about the paper and not about its recognition."""
DIFFERS, ALONE = "claim_differs", "claim_alone"
"""Codes of the warnings: the paper reads otherwise; the paper shows no such value."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One value of one field, by the name that forms use, and where it is from."""

    field: str
    value: str
    source: str
    independent: bool = False
    """True if whoever made it did not read it from the same recognised text (a list kept by people)."""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Claim:
        return cls(data["field"], data["value"], data["source"], bool(data["independent"]))


def canonical(claim: Claim) -> Claim:
    """The claim with its value as a record holds it.

    Raises Problem("bad_value") for a value that no record can hold, ("bad_request") for an unknown field.
    """
    known = BY_NAME.get(claim.field)
    if known is None or not known.editable:
        raise Problem("bad_request", why=f"không có trường «{claim.field[:50]}»")
    typed = typed_days.iso(claim.value) if known.is_day else claim.value
    return replace(claim, value=cleaned(claim.field, typed))


def weigh(
    fields: Fields, claims: Iterable[Claim], known_warnings: Iterable[Warning] = ()
) -> tuple[Fields, tuple[Warning, ...]]:
    """The fields with canonical claims compared with them, and a warning for each that the paper does not confirm.

    known_warnings: those of the reading; with one about the paper itself no claim answers a doubt.
    """
    warnings: list[Warning] = []
    open_anyway = any(one.code in _OF_THE_PAPER for one in known_warnings)
    for claim in claims:
        known = BY_NAME[claim.field]
        if not claim.value:
            continue
        if known.kind == "many":
            fields, said = _with_item(fields, known, claim)
        else:
            fields, said = _with_value(fields, known, claim, may_answer=not open_anyway)
        warnings += said
    return fields, tuple(warnings)


def agree(name: str, one: str, other: str) -> bool:
    """True if two values of a field mean the same, however they are spelled."""
    if one == other:
        return True
    if name == "number":
        first, second = number.match_key(one), number.match_key(other)
        return first is not None and first == second
    if BY_NAME[name].learned and name not in MANY:
        return (issuer_key(one) or fold(one)) == (issuer_key(other) or fold(other))
    if name == "doc_type":
        return (doc_type_named(one) or fold(one)) == (doc_type_named(other) or fold(other))
    if name == "subject":
        return _bare(one) == _bare(other)
    return fold(one) == fold(other)


def _bare(subject: str) -> str:
    """A subject by its letters, without its opening words; accents stay, since a wrong one is to be seen."""
    letters = "".join(letter for letter in subject.lower() if letter.isalnum())
    return letters.removeprefix("vềviệc").removeprefix("vv")


def _with_value(
    fields: Fields, known: RecordField, claim: Claim, *, may_answer: bool
) -> tuple[Fields, list[Warning]]:
    read: Field | None = known.of(fields)
    if read is None or not read.value:
        alone = Field(claim.value, "", _HALF, review=True, rule=f"claim.{claim.source}")
        return with_values(fields, {known.name: alone}), [_warning(ALONE, known, claim)]
    if agree(known.name, read.value, claim.value):
        answered = may_answer and read.review and claim.independent and claim.value == read.value
        return (with_values(fields, {known.name: replace(read, review=False)}) if answered else fields), []
    others = tuple(one for one in read.candidates if one.value != claim.value)
    asked = replace(read, review=True, candidates=(Candidate(claim.value, _HALF), *others))
    return with_values(fields, {known.name: asked}), [_warning(DIFFERS, known, claim, read.value)]


def _with_item(fields: Fields, known: RecordField, claim: Claim) -> tuple[Fields, list[Warning]]:
    """A list with an item that the paper lacks: added if nothing was read, else only reported."""
    items: tuple[Field, ...] = known.of(fields)
    if any(agree(known.name, item.value, claim.value) for item in items):
        return fields, []
    if all(item.rule == f"claim.{claim.source}" for item in items):
        added = Field(claim.value, "", _HALF, review=True, rule=f"claim.{claim.source}")
        return with_values(fields, {known.name: (*items, added)}), [_warning(ALONE, known, claim)]
    return fields, [_warning(DIFFERS, known, claim, items[0].value)]


def _warning(code: str, known: RecordField, claim: Claim, read: str = "") -> Warning:
    facts = {"source": claim.source, "field": known.label, "value": claim.value[:200], "read": read[:200]}
    return Warning(code, caution_message(code, "vi", **facts))
