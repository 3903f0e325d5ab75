"""Certificates: name, organisation and units of their holders, and the trusted roots."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.tables import rows as table
from corpus.vietnamese.tones import MARKS, TONES

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

_LONGEST = 200
"""Letters of one name; X.520 allows 64 for a common name, and certificates of offices exceed it."""
_MOST_UNITS = 4
_PERSON = range(2, 7)
"""Number of words in a person's name."""
_MOST_ROOTS, _LARGEST_ROOT = 500, 1 << 20


@dataclass(frozen=True, slots=True)
class CertificateHolder:
    """Subject of a certificate. `person` is True for a person's own certificate, False for an office's."""

    name: str
    organization: str | None = None
    units: tuple[str, ...] = ()
    person: bool = False


def holder_of(certificate: Certificate) -> CertificateHolder:
    """The subject's common name (CN), organisation (O) and units (OU, possibly several), cleaned for display."""
    parts = _parts(certificate)
    names, organizations = parts.get("common_name", []), parts.get("organization_name", [])
    name = names[0] if names else ""
    organization = organizations[0] if organizations else None
    units = tuple(dict.fromkeys(parts.get("organizational_unit_name", [])))[:_MOST_UNITS]
    return CertificateHolder(name, organization, units, is_person(name, organization))


def _parts(certificate: Certificate) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for relative in certificate.subject.chosen:
        for part in relative:
            if text := cleaned(str(part["value"].native)):
                found.setdefault(str(part["type"].native), []).append(text)
    return found


def cleaned(text: str) -> str:
    """A name without control, formatting and direction characters, in NFC, with single blanks, at most 200
    letters.
    """
    kept = (
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", text[: 4 * _LONGEST])
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join("".join(kept).split())[:_LONGEST]


def is_person(name: str, organization: str | None = None) -> bool:
    """True if a common name is a person's: two to six words, a surname first, no word of a body, not the
    organisation.
    """
    words = spelled(name).split()
    if len(words) not in _PERSON or any(char.isdigit() for char in name):
        return False
    if words == spelled(organization or "").split() or _heads().match(" ".join(words)):
        return False
    return words[0] in _surnames()


def spelled(name: str) -> str:
    """A name's words in lower case with each tone moved to the end of its word: `Uỷ BAN` equals `Ủy ban`."""
    plain = unicodedata.normalize("NFD", name.casefold())
    words = "".join(char if char.isalnum() or char in MARKS else " " for char in plain).split()
    return " ".join(
        "".join(c for c in word if c not in TONES) + "".join(c for c in word if c in TONES) for word in words
    )


@cache
def _surnames() -> frozenset[str]:
    return frozenset(spelled(row["surname"]) for row in table("surnames"))


@cache
def _heads() -> re.Pattern[str]:
    """First words of bodies' names; a single syllable counts only if no surname is spelled the same."""
    heads = (spelled(row["head"]) for row in table("body_heads"))
    return re.compile("|".join(rf"{re.escape(head)}(?: |$)" for head in heads if head not in _surnames()))


def roots_in(place: str) -> tuple[Certificate, ...]:
    """Certificates in a file or a folder (PEM or DER); other files are skipped. Empty without a place."""
    return tuple(found for path in root_files(place) for found in certificates_in(path))


def root_files(place: str) -> tuple[Path, ...]:
    """Files that a setting of roots names; empty if there is nothing."""
    path = Path(place) if place else None
    if path is None or not path.exists():
        return ()
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return tuple(file for file in files[:_MOST_ROOTS] if file.is_file() and not file.name.startswith("."))


def certificates_in(path: Path) -> tuple[Certificate, ...]:
    """Certificates of one file; empty if it has none or can't be read."""
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
