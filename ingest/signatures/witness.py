"""Certificates as witnesses of the record: they confirm, complete or contradict signer, issuer and date.

Measured on 73 signed papers: a person's certificate names the printed signer letter by letter in 44 of 45; an office's the
issuer in 61; a signing day is the paper's in 62, and never before it but for initials and signers whose paper was numbered
later. On a scan the office that made the copy may be another one: there only agreement counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.authority.provinces import province_at_end, province_named
from corpus.document import Candidate, Field, Fields, Signature
from corpus.vietnamese.fold import words
from ingest.signatures.certificates import spelled
from ingest.signatures.roles import Signed, is_like

SURE = 0.99
_LIKELY = 0.9
_SPOILED = ("broken", "changed_after")
_OFFICE = ("office", "number", "date")
_CLERK = ("number", "date", "copy")
_PARENTS = ("ủy ban nhân dân ", "ubnd ")


def witnessed(fields: Fields, signed: Sequence[Signed], scanned: bool) -> Fields:
    """The record with what its signatures say of it; unchanged for a paper without signatures.

    A paper with a signature that is broken, or that was changed after one, is believed by nobody: its number and date
    are open questions.
    """
    if any(one.signature.state in _SPOILED for one in signed):
        return replace(fields, number=_doubted(fields.number), date=_doubted(fields.date))
    sound = [one for one in signed if one.signature.name]
    if not sound:
        return fields
    name = _signer(fields.signer.name, sound, scanned)
    return replace(
        fields,
        signer=replace(fields.signer, name=name),
        issuer=_issuer(fields.issuer, sound, scanned),
        date=_date(fields.date, [one.signature for one in sound], scanned),
    )


def _doubted(field: Field | None) -> Field | None:
    return replace(field, review=True) if field is not None else None


def _settled(field: Field, value: str | None = None) -> Field:
    """The field as both the paper and a certificate have it."""
    return replace(
        field, value=value or field.value, review=False, confidence=max(field.confidence, SURE), candidates=()
    )


def _asked(field: Field, other: str) -> Field:
    """The field as an open question, with what is printed and what the certificate says."""
    known = [one for one in field.candidates if one.value not in (field.value, other)]
    candidates = (Candidate(field.value, min(field.confidence, 0.5)), Candidate(other, 0.5), *known)
    return replace(field, review=True, candidates=candidates)


def _signer(printed: Field | None, signed: Sequence[Signed], scanned: bool) -> Field | None:
    persons = [one for one in signed if one.person and one.signature.role == "signer"]
    if not persons:
        return printed
    one = persons[-1]
    name = one.signature.name
    if printed is None:
        boxes, page = one.signature.boxes, one.signature.page
        return Field(_cased(name), name, _LIKELY, True, page, boxes, "signer.certificate")
    if spelled(printed.value) == spelled(name):
        return _settled(printed)
    if is_like(name, printed.value):
        # Recognised letters may be wrong; printed ones are as the paper has them, and a certificate's tone may differ.
        recognised = printed.review or scanned
        return replace(_settled(printed, _cased(name)), rule="signer.certificate") if recognised else printed
    return _asked(printed, _cased(name)) if one.in_block and not scanned else printed


def _cased(name: str) -> str:
    return name.title() if name.isupper() else name


def _issuer(printed: Field | None, signed: Sequence[Signed], scanned: bool) -> Field | None:
    offices = [one.signature for one in signed if not one.person and one.signature.role in (*_OFFICE, "copy")]
    if not offices:
        return printed
    names = list(dict.fromkeys(name for one in offices for name in office_names(one)))
    if printed is None:
        return None if scanned else _completed(offices[0])
    if any(words(name) == words(printed.value) for name in names):
        return _settled(printed)
    whole = words(printed.value)
    alike = (words(spelling) for name in names for spelling in (name, _renamed(name)) if len(words(name)) > 3)
    related = any(name in whole or whole in name for name in alike)
    return printed if scanned or related else _asked(printed, names[0])


def _renamed(name: str) -> str:
    """The bare name of the province that took the land of the one a name ends with: certificates outlive a merger."""
    found = province_at_end(name)
    return found[0].successor if found and found[0].successor else name


def _completed(one: Signature) -> Field:
    name = max(office_names(one), key=len)
    return Field(name, one.name, 0.6, True, one.page, one.boxes, "issuer.certificate")


def office_names(one: Signature) -> Iterator[str]:
    """What a certificate calls its office: alone, with the place or the parent that O and OU name.

    A parent may be the issuer itself, a place (`Tỉnh Đồng Tháp`) is none.
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
        return _asked(printed, latest)
    return _settled(printed) if printed.review and printed.value in {day for _, day in days} else printed
