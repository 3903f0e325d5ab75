"""Types of this room: a mention of a document, and a relation as read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus.document import Relation
from corpus.numbering.number import Number

Kind = Literal["number", "name", "short", "blank", "child"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place in the text that names a document; offsets point into the scope's text.

    `end` is behind all that belongs to it (date, issuer); `lead` is the start of its provision, or of its type
    word.
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
    """True if only a comma or `và` separates it from the mention before."""
    ordinal: str | None = None


@dataclass(frozen=True, slots=True)
class RelationReading:
    """A relation with the words it was read from; `nested_in` is the mention whose title contains this one."""

    relation: Relation
    trigger: str | None = None
    nested_in: int | None = None
    third_party: Relation | None = None
    inverse: bool = False
