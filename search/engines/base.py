"""The protocol of search engines: entries to write, a plan to answer, an answer with counts and facets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from search.engines.fields import EVERYONE as EVERYONE
from search.engines.fields import FACETS as FACETS
from search.engines.fields import IndexEntry as IndexEntry

Sort = Literal["relevance", "newest", "oldest"]
"""Order of an answer; `newest` and `oldest` are by the date of the document."""

SIGNED = "kyso:"
"""Prefix of the tokens of signatures among a document's keys: `kyso:yes`, `kyso:valid`, `kyso:broken` …"""
YEAR = "nam:"
"""Prefix of the token of a document's year among its keys: `nam:2022`."""
POSSIBLE = "so:"
"""Prefix of a number's digits among what may be right of a document (`maybe`): `so:31`."""


@dataclass(frozen=True, slots=True)
class Term:
    """Documents that have a token in a field."""

    field: str
    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Adjacent:
    """Documents that have tokens next to each other in `syl` (as written) or `fold`."""

    field: Literal["syl", "fold"]
    texts: tuple[str, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Starts:
    """Documents that have a token with this prefix in a field."""

    field: str
    prefix: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Within:
    """Documents with a day in a field between two, inclusive (ISO 8601); None: open. Adds nothing to a score."""

    field: str
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Every:
    """Documents that match all nodes."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Documents that match at least `minimum` nodes; the score is the sum over those that match."""

    nodes: tuple[Node, ...]
    minimum: int = 1


Node = Term | Adjacent | Starts | Within | Every | Some


@dataclass(frozen=True, slots=True)
class Plan:
    """A request to an engine: the documents wanted, and their order."""

    must: Node | None
    """None: every document."""
    should: tuple[Node, ...] = ()
    """Adds to the score of a document that is found anyway; adjacent words add more, the fewer of the best
    documents have them together.
    """
    without: tuple[Node, ...] = ()
    first: tuple[Node, ...] = ()
    """Documents that match one of these come before all others,
    those of an earlier one before those of a later one.
    """
    start: str | None = None
    end: str | None = None
    """Inclusive ISO bounds of the date."""
    groups: tuple[str, ...] | None = (EVERYONE,)
    """Groups that the reader belongs to; None: all documents.
    Counts and facets are of the documents that he may see.
    """
    hidden: tuple[int, ...] = ()
    """Ids of documents that the reader may not see though their entries don't reflect it yet."""
    facets: tuple[tuple[str, str], ...] = ()
    """(facet, value) that a document must have, as chosen by a click on a facet."""
    sort: Sort = "relevance"


@dataclass(frozen=True, slots=True)
class Answer:
    """Found documents in order (a window of them), with the count and facets of all of them."""

    total: int
    top: tuple[tuple[int, float], ...]
    """(document, score), best first."""
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    """`doc_type`, `issuer`, `year`, `recipient` → value → count, most frequent first."""


FACET_VALUES = 50
"""Values of a facet in an answer, the most frequent ones."""
RESCORED = 200
"""Number of the best documents by words alone that `should` orders; a page beyond them keeps the first order."""
UNSCORED = 0.01
"""Score of a word in a field without BM25."""
FIRST = 10_000.0
"""Added to the score of a document that matches the last of `first`,
twice as much for the one before it …: more than words can score.
"""

LATEST = 99_999_999
"""A day number after all others; LATEST minus a date orders documents oldest first, those without a date last."""


def rarity_among(held: int, looked_at: int) -> float:
    """BM25's weight (IDF) of words that `held` of the `looked_at` documents have together.

    Computed inside the result set: among documents that have all the words, it is more informative that some have
    them together than how rare that is in the whole index.
    """
    return math.log(1 + (looked_at - held + 0.5) / (held + 0.5))


def worth_together(held: int, looked_at: int) -> float:
    """Weight of words that `held` of the `looked_at` best documents have together: half the square of rarity,
    so that pairs of everyday words (`quy định`) weigh little and rare ones decide.

    nDCG of 209 judged questions as a ratio to plain BM25's, odd and even ones: 1.100 and 1.102 with the
    rarity itself, 1.104 and 1.117 with this (chosen by both); thirds and cubes are worse on both.
    """
    return rarity_among(held, looked_at) ** 2 / 2


class Answering(Protocol):
    """The part of an engine that a query uses."""

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        """The window `offset … offset + limit` of the answer; raises BrokenIndex if the index proves damaged."""

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        """Number of documents for each token, whoever may see them; tokens that no document has are left out."""

    def count(self) -> int:
        """Number of documents in the index."""


class Engine(Answering, Protocol):
    """One index in one folder (or on one server). One process writes at a time; any thread may read."""

    name: str

    def write(self, entries: Iterable[IndexEntry], removed: Sequence[int] = ()) -> int:
        """Replace entries and take others out in one durable commit; return the number written.

        A crash leaves the index as it was before or after the commit. Raises BrokenIndex if the index proves
        damaged.
        """

    def expunge(self) -> bool:
        """Rewrite what contains entries that were taken out, so that nothing of them stays on disk.

        False if this engine can't: then only a rebuilt index is rid of them.
        """

    def revisions(self) -> dict[int, int]:
        """Every document in the index with the revision that was written."""

    def close(self) -> None:
        """Release files and connections."""


class EngineClass(Protocol):
    """Maker of engines on a folder: of an empty index, or of one that is there."""

    def create(self, folder: Path) -> Engine:
        """An empty index in a folder, which is made for it."""

    def open(self, folder: Path) -> Engine:
        """The index in a folder; raises BrokenIndex if it is missing, damaged or of another schema."""

    def discard(self, folder: Path) -> None:
        """Remove an index that is no longer in force; one that is missing already is no fault."""


@runtime_checkable
class SharedEngineClass(EngineClass, Protocol):
    """Maker of engines whose index in force is one for all machines of a store."""

    @property
    def alias(self) -> str:
        """Name of the index in force."""

    def attach(self) -> Engine:
        """The index in force, whichever machine built it; raises BrokenIndex if there is none."""

    def put_in_force(self, folder: Path) -> None:
        """Put the index that was created in a folder in place of the one in force, in one step."""


class BrokenIndex(Exception):
    """The folder has no index that this version can read, or its files don't fit each other."""
