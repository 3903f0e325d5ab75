"""Types of this room: a mention of a document, and a relation as read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus.document import Relation
from corpus.numbering.number import Number

Kind = Literal["number", "name", "short", "blank", "child"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a document is named; offsets point into the scope's text.

    `end` is behind all that belongs to it (date, issuer); `lead` is where its provision begins, or its type word.
    """

    start: int
    end: int
    lead: int
    kind: Kind
    doc_type: str | None = None
    number: Number | None = None
    date: str | None = None
    issuer: str | None = None
    title: str | None = None
    provision: str | None = None
    linked: bool = False
    """Joined to the mention before it by nothing but a comma or `và`."""
    ordinal: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A relation with the words it was read from; `nested_in` is the mention whose title holds this one."""

    relation: Relation
    trigger: str | None = None
    nested_in: int | None = None
    third_party: Relation | None = None
    inverse: bool = False
