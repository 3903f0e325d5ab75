"""What every search engine takes and gives: entries to write, a plan to answer, an answer with counts and facets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from search.tokens import Syllables

Sort = Literal["relevance", "newest", "oldest"]

EVERYONE = "all"
"""The group whose documents every reader may see."""

SIGNED = "kyso:"
"""Begins the tokens of signatures among a document's keys: `kyso:yes`, `kyso:valid`, `kyso:broken` …"""

NOTHING = Syllables("", "")


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as an index takes it; texts are tokens already, so every engine sees the same ones."""

    id: int
    revision: int
    body: tuple[Syllables, ...]
    """All that is searched, part by part (record, then pages); no phrase reaches over two parts."""
    subject: Syllables = NOTHING
    issuer: Syllables = NOTHING
    recipient: Syllables = NOTHING
    signer: Syllables = NOTHING
    type: Syllables = NOTHING
    number: tuple[str, ...] = ()
    """Parts of its own number, folded: `31 kh stttt`."""
    keys: tuple[str, ...] = ()
    """Its own number's match key, and the states of its digital signatures (SIGNED)."""
    mentions: tuple[str, ...] = ()
    """Match keys of the numbers and ISO dates in its text."""
    cites: tuple[str, ...] = ()
    compounds: tuple[str, ...] = ()
    """Compounds by underthesea (`thi_đua`), empty until the background pass has been over it."""
    date: str | None = None
    doc_type: str | None = None
    issuer_name: str | None = None
    recipients: tuple[str, ...] = ()
    groups: tuple[str, ...] = (EVERYONE,)


@dataclass(frozen=True, slots=True)
class Term:
    """Documents that hold a token in a field."""

    field: str
    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Adjacent:
    """Documents that hold tokens next to each other in `syl` (as written) or `fold`."""

    field: Literal["syl", "fold"]
    texts: tuple[str, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Starts:
    """Documents that hold a token that begins so."""

    field: str
    prefix: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Every:
    """All of these."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least `minimum` of these; the score is the sum over those that hold."""

    nodes: tuple[Node, ...]
    minimum: int = 1


Node = Term | Adjacent | Starts | Every | Some


@dataclass(frozen=True, slots=True)
class Plan:
    """What an engine is asked: which documents, and in what order."""

    must: Node | None
    """None: every document."""
    should: tuple[Node, ...] = ()
    """Adds to the score of a document that is found anyway; neighbours the more, the fewer of the best hold them."""
    without: tuple[Node, ...] = ()
    first: tuple[Node, ...] = ()
    """Documents that answer one of these come before all others, an earlier one before a later one."""
    start: str | None = None
    end: str | None = None
    """Inclusive ISO bounds of the date."""
    groups: tuple[str, ...] | None = (EVERYONE,)
    """Groups that the reader belongs to; None: sees all. Counts and facets are of what he may see."""
    hidden: tuple[int, ...] = ()
    """Documents that the reader may not see though their entries don't say so yet."""
    facets: tuple[tuple[str, str], ...] = ()
    """(facet, value) that a document must have, as a click on a facet asks for."""
    sort: Sort = "relevance"


@dataclass(frozen=True, slots=True)
class Answer:
    """Found documents in order (a window of them), with the count and facets of all."""

    total: int
    top: tuple[tuple[int, float], ...]
    """(document, score), best first."""
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    """`doc_type`, `issuer`, `year`, `recipient` → value → count, most frequent first."""


FACETS = ("doc_type", "issuer", "year", "recipient")
FACET_VALUES = 50
RESCORED = 200
"""So many of the best by words alone are put in order by `should`; a page beyond them keeps the first order."""


def rarity_among(held: int, looked_at: int) -> float:
    """BM25's weight of what so many of the documents looked at hold.

    Among those that hold the words already, that some hold them together tells more than how rare it is anywhere.
    """
    return math.log(1 + (looked_at - held + 0.5) / (held + 0.5))


class Answering(Protocol):
    """What a question needs of an engine."""

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        """The window `offset … offset + limit` of the answer; raises BrokenIndex when the index proves torn."""

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        """In how many documents tokens stand, whoever may see them; tokens that stand in none are left out."""

    def count(self) -> int:
        """How many documents the index holds."""


class Engine(Answering, Protocol):
    """One index in one folder (or on one server). Writing is for one process at a time; reading for any thread."""

    name: str

    def write(self, entries: Iterable[Entry], removed: Sequence[int] = ()) -> int:
        """Puts entries in place of older ones and takes others out, in one durable commit; how many were written."""

    def expunge(self) -> bool:
        """Rewrites what holds entries that were taken out, so that nothing of them stays on disk; False when this engine
        can't, so that only an index built anew is rid of them.
        """

    def revisions(self) -> dict[int, int]:
        """Every document in the index with the revision that was written."""

    def close(self) -> None:
        """Lets go of files."""


class EngineClass(Protocol):
    """How an engine is made on a folder: an empty index, or one that is there."""

    def create(self, folder: Path) -> Engine:
        """An empty index in a folder that is made for it."""

    def open(self, folder: Path) -> Engine:
        """The index in a folder; raises BrokenIndex when what lies there is lost, torn or of another schema."""

    def discard(self, folder: Path) -> None:
        """Removes an index that is no longer in force; one that is lost already is no fault."""


class BrokenIndex(Exception):
    """What lies in the folder is no index that this version can read, or its files don't fit each other."""
