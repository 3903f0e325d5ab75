"""Holders of certificates: whose name, organisation and units a certificate states, and the roots that are trusted here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.tables import rows as table

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

_LONGEST = 200
"""Letters of one name; X.520 allows 64 of a common name, and certificates of offices go beyond."""
_MOST_UNITS = 4
_PERSON = range(2, 7)
"""Words of a person's name."""
_MOST_ROOTS, _LARGEST_ROOT = 500, 1 << 20


@dataclass(frozen=True, slots=True)
class Holder:
    """The subject of a certificate. `person` is True for a person's own certificate, False for an office's."""

    name: str
    organization: str | None = None
    units: tuple[str, ...] = ()
    person: bool = False


def holder_of(certificate: Certificate) -> Holder:
    """The subject's common name (CN), organisation (O) and units (OU, there may be several), cleaned for the eye."""
    parts = _parts(certificate)
    names, organizations = parts.get("common_name", []), parts.get("organization_name", [])
    name = names[0] if names else ""
    organization = organizations[0] if organizations else None
    units = tuple(dict.fromkeys(parts.get("organizational_unit_name", [])))[:_MOST_UNITS]
    return Holder(name, organization, units, is_person(name, organization))


def _parts(certificate: Certificate) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for relative in certificate.subject.chosen:
        for part in relative:
            if text := cleaned(str(part["value"].native)):
                found.setdefault(str(part["type"].native), []).append(text)
    return found


def cleaned(text: str) -> str:
    """A name without control, formatting and direction characters, composed, blanks made one, at most 200 letters."""
    kept = (
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text[: 4 * _LONGEST])
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join("".join(kept).split())[:_LONGEST]


def is_person(name: str, organization: str | None = None) -> bool:
    """True if a common name is a person's: two to six words, a surname first, and neither a body's words nor its organisation."""
    words = spelled(name).split()
    if len(words) not in _PERSON or any(char.isdigit() for char in name):
        return False
    if words == spelled(organization or "").split() or _heads().match(" ".join(words)):
        return False
    return words[0] in _surnames()


def spelled(name: str) -> str:
    """A name's words in small letters with each tone after its word: `Uỷ BAN` and `Ủy ban` are the same."""
    plain = unicodedata.normalize("NFD", name.casefold())
    words = "".join(char if char.isalnum() or char in _MARKS else " " for char in plain).split()
    return " ".join(
        "".join(c for c in word if c not in _TONES) + "".join(c for c in word if c in _TONES) for word in words
    )


_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MARKS = _TONES + "\u0302\u0306\u031b"
"""Tones of Vietnamese, and with them the marks of â, ă, ơ (NFD)."""


@cache
def _surnames() -> frozenset[str]:
    return frozenset(spelled(row["surname"]) for row in table("surnames"))


@cache
def _heads() -> re.Pattern[str]:
    """Words that a body's name begins with; a lone syllable is one only where no surname reads the same."""
    heads = (spelled(row["head"]) for row in table("body_heads"))
    return re.compile("|".join(rf"{re.escape(head)}(?: |$)" for head in heads if head not in _surnames()))


def roots_in(place: str) -> tuple[Certificate, ...]:
    """The certificates in a file or a folder (PEM or DER); what is no certificate is passed over. Empty without a place."""
    return tuple(found for path in root_files(place) for found in certificates_in(path))


def root_files(place: str) -> tuple[Path, ...]:
    """The files that a setting of roots names; empty where there is nothing."""
    path = Path(place) if place else None
    if path is None or not path.exists():
        return ()
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return tuple(file for file in files[:_MOST_ROOTS] if file.is_file() and not file.name.startswith("."))


def certificates_in(path: Path) -> tuple[Certificate, ...]:
    """The certificates of one file; empty when it holds none or can't be read."""
    from asn1crypto import pem, x509

    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST_ROOT else b""
        blocks: Iterator[Any] = (
            iter(pem.unarmor(data, multiple=True)) if pem.detect(data) else iter([("", {}, data)])
        )
        found = [x509.Certificate.load(block, strict=True) for _, _, block in blocks]
        return tuple(one for one in found if one.subject.chosen is not None)
    except (OSError, ValueError, TypeError):
        return ()
