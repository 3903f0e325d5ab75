"""Certificates as evidence about the record: they confirm, complete or contradict signer, issuer and date.

Measured on 73 signed papers: a person's certificate names the printed signer letter by letter in 44 of 45; an
office's the issuer in 61; a signing day is the paper's in 62, and never before it except for initials and for
signers whose paper was numbered later. On a scan the office that made the copy may be another one: there only
agreement counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.authority.provinces import province_at_end, province_named
from corpus.document import Candidate, Field, Fields, Signature
from corpus.vietnamese.fold import words
from ingest.signatures.certificates import spelled
from ingest.signatures.roles import RoledSignature, is_like

SURE = 0.99
_LIKELY = 0.9
_SPOILED = ("broken", "changed_after")
_OFFICE = ("office", "number", "date")
_CLERK = ("number", "date", "copy")
_PARENTS = ("ủy ban nhân dân ", "ubnd ")


def witnessed(fields: Fields, signed: Sequence[RoledSignature], scanned: bool) -> Fields:
    """The record after the evidence of its signatures; unchanged for a paper without signatures.

    A paper with a broken signature, or changed after one, is not trusted: its number and date become open
    questions.
    """
    if any(one.signature.state in _SPOILED for one in signed):
        return replace(fields, number=_doubt(fields.number), date=_doubt(fields.date))
    sound = [one for one in signed if one.signature.name]
    if not sound:
        return fields
    name = _signer(fields.signer.name, sound, scanned)
    return replace(
        fields,
        signer=replace(fields.signer, name=name),
        issuer=_issuer(fields.issuer, fields.superior, sound, scanned),
        date=_date(fields.date, [one.signature for one in sound], scanned),
    )


def _doubt(field: Field | None) -> Field | None:
    return replace(field, review=True) if field is not None else None


def _settle(field: Field, value: str | None = None) -> Field:
    """The field confirmed: the paper and a certificate agree."""
    return replace(
        field, value=value or field.value, review=False, confidence=max(field.confidence, SURE), candidates=()
    )


def _ask(field: Field, other: str) -> Field:
    """The field as an open question, with the printed value and the certificate's as candidates."""
    known = [one for one in field.candidates if one.value not in (field.value, other)]
    candidates = (Candidate(field.value, min(field.confidence, 0.5)), Candidate(other, 0.5), *known)
    return replace(field, review=True, candidates=candidates)


def _signer(printed: Field | None, signed: Sequence[RoledSignature], scanned: bool) -> Field | None:
    persons = [one for one in signed if one.person and one.signature.role == "signer"]
    if not persons:
        return printed
    one = persons[-1]
    name = one.signature.name
    if printed is None:
        boxes, page = one.signature.boxes, one.signature.page
        return Field(_title_case(name), name, _LIKELY, True, page, boxes, "signer.certificate")
    if spelled(printed.value) == spelled(name):
        return _settle(printed)
    if is_like(name, printed.value):
        # Recognised letters may be wrong; printed ones are the paper's own, and a certificate's tones may differ.
        recognised = printed.review or scanned
        return replace(_settle(printed, _title_case(name)), rule="signer.certificate") if recognised else printed
    return _ask(printed, _title_case(name)) if one.in_block and not scanned else printed


def _title_case(name: str) -> str:
    return name.title() if name.isupper() else name


def _issuer(
    printed: Field | None, superior: Field | None, signed: Sequence[RoledSignature], scanned: bool
) -> Field | None:
    """The issuer; a certificate of the body printed above it raises no question: a council without a seal uses
    its parent's.
    """
    offices = [one.signature for one in signed if not one.person and one.signature.role in (*_OFFICE, "copy")]
    if not offices:
        return printed
    names = list(dict.fromkeys(name for one in offices for name in office_names(one)))
    if printed is None:
        return None if scanned else _complete_issuer(offices[0])
    if any(words(name) == words(printed.value) for name in names):
        return _settle(printed)
    whole = words(printed.value)
    alike = (
        words(spelling) for name in names for spelling in (name, _with_successor(name)) if len(words(name)) > 3
    )
    above = words(superior.value) if superior is not None else whole
    related = any(name in whole or whole in name or name in above for name in alike)
    return printed if scanned or related else _ask(printed, names[0])


def _with_successor(name: str) -> str:
    """The name of the successor for a province merged since, at the end of a name: certificates outlive a
    merger.
    """
    found = province_at_end(name)
    return found[0].successor if found and found[0].successor else name


def _complete_issuer(one: Signature) -> Field:
    name = max(office_names(one), key=len)
    return Field(name, one.name, 0.6, True, one.page, one.boxes, "issuer.certificate")


def office_names(one: Signature) -> Iterator[str]:
    """Names of the office in a certificate: alone, with the place, or with the parent in O and OU.

    A parent may be the issuer itself, a place (`Tỉnh Đồng Tháp`) may not.
    """
    yield one.name
    above = [part for part in (*(one.unit or "").split("; "), one.organization) if part]
    for part in above:
        if province_named(part) is None:
            yield part
        yield f"{one.name} {part}"
        for parent in _PARENTS:
            if part.lower().startswith(parent):
                yield f"{one.name} {part[len(parent) :]}"


def _date(printed: Field | None, signed: Sequence[Signature], scanned: bool) -> Field | None:
    days = [(one.role, one.time[:10]) for one in signed if one.time]
    if not days:
        return printed
    given = [day for role, day in days if role in _CLERK]
    latest = min(given, default=max(day for _, day in days))
    if printed is None:
        office = [day for role, day in days if role in ("number", "date")]
        return None if scanned or not office else Field(office[0], "", 0.5, True, None, (), "date.certificate")
    if printed.value > latest:
        return _ask(printed, latest)
    return _settle(printed) if printed.review and printed.value in {day for _, day in days} else printed
