"""The indented tree of a document: from the top directive down to it, then all that carries it out,
with what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from corpus.citations import chain, endings, surroundings
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.numbering.dates import day_of
from corpus.queries.citations import Visible, documents, label_of

_MOST_LINES, _MOST_READ = 500, 5000
"""Most lines shown below a document; most branches read for them."""
_DAYS_TOLD, _MONTHS_TOLD = 60, 24
"""Longest times shown in days (below 60 days) and in months (below 24 months); longer ones in years."""


class Apart(BaseModel, frozen=True):
    """Time between a document and the one it carries out; `early`: it has the earlier date of the two."""

    count: int
    unit: Literal["day", "month", "year"]
    early: bool


class MissingAbove(BaseModel, frozen=True):
    """A document that belongs above a line, and is not on record or may be one of several."""

    relation: str
    label: str
    doc_type: str | None
    date: str | None
    issuer: str | None
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One line of the tree; `again`: its branches are shown elsewhere."""

    depth: int
    document: Document
    relation: str
    """Relation of its citation to the line it hangs on; empty at the top."""
    again: bool = False
    apart: Apart | None = None
    """From the line it hangs on; None where a date is not known."""
    gaps: tuple[MissingAbove, ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """The ways down from the top directives to the document, the longest first, and the tree below it."""

    ways: tuple[tuple[TreeLine, ...], ...]
    below: tuple[TreeLine, ...]
    more: bool
    """There is more below than is shown."""


def tree(store: Store, found: Document, visible: Visible, seen: ColumnElement[bool]) -> Tree:
    """The whole tree of a document, as far as the reader may know of it."""
    with store.db.reading() as session:
        ways = chain.ways_up(session, found.id)
        flat = list(islice(_flat(chain.tree_down(session, found.id)), _MOST_READ))
        ids = {id_ for way in ways for id_ in way} | {one.document_id for _, one in flat} | {found.id}
        held = documents(session, ids, visible) | {found.id: found}
        up = chain.neighbours(session, {id_ for way in ways for id_ in way}, up=True)
        lines = list(islice(_visible_lines(flat, held), _MOST_LINES + 1))
        shown = {
            found.id,
            *(id_ for way in ways for id_ in way if id_ in held),
            *(one.document.id for one in lines),
        }
        gaps, ended = _gaps(session, shown, seen), endings.ended(session, shown, seen)
    told = _Completion(held, gaps, ended)
    downwards = (_down(way, held, up) for way in ways)
    return Tree(
        tuple(dict.fromkeys(told.lines(way) for way in downwards if len(way) > 1)),
        told.lines(lines[:_MOST_LINES], found),
        len(lines) > _MOST_LINES,
    )


def below(store: Store, found: Document, visible: Visible) -> tuple[TreeLine, ...]:
    """Lines below a document, without missing documents and times between."""
    with store.db.reading() as session:
        flat = list(islice(_flat(chain.tree_down(session, found.id)), _MOST_READ))
        held = documents(session, {one.document_id for _, one in flat}, visible)
    return tuple(islice(_visible_lines(flat, held), _MOST_LINES))


@dataclass(frozen=True, slots=True)
class _Completion:
    """Documents of a tree, from which its lines are completed."""

    held: dict[int, Document]
    gaps: dict[int, tuple[MissingAbove, ...]]
    ended: frozenset[int]

    def lines(self, bare: Iterable[TreeLine], root: Document | None = None) -> tuple[TreeLine, ...]:
        """Complete lines with missing documents above each and the time since the line it hangs on, or since
        `root`.
        """
        open_: list[Document | None] = [root]
        filled = []
        for one in bare:
            del open_[one.depth :]
            upper = open_[-1]
            open_.append(one.document)
            filled.append(
                TreeLine(
                    one.depth,
                    one.document,
                    one.relation,
                    one.again,
                    apart(upper.date, one.document.date) if upper is not None else None,
                    () if one.again else self.gaps.get(one.document.id, ()),
                    one.document.id in self.ended,
                )
            )
        return tuple(filled)


def apart(upper: str | None, lower: str | None) -> Apart | None:
    """The time from one day to another; None where a day is not known to the day."""
    first, second = day_of(upper), day_of(lower)
    if first is None or second is None:
        return None
    days, early = abs((second - first).days), second < first
    if days <= _DAYS_TOLD:
        return Apart(count=days, unit="day", early=early)
    first, second = min(first, second), max(first, second)
    months = (second.year - first.year) * 12 + second.month - first.month - (second.day < first.day)
    if months <= _MONTHS_TOLD:
        return Apart(count=months, unit="month", early=early)
    return Apart(count=months // 12, unit="year", early=early)


def _flat(branches: tuple[chain.Branch, ...], depth: int = 1) -> Iterator[tuple[int, chain.Branch]]:
    for branch in branches:
        yield depth, branch
        yield from _flat(branch.below, depth + 1)


def _visible_lines(flat: Iterable[tuple[int, chain.Branch]], held: dict[int, Document]) -> Iterator[TreeLine]:
    """The lines that may be shown; branches below one that isn't visible are left out with it."""
    out_from: int | None = None
    for depth, one in flat:
        if out_from is not None and depth > out_from:
            continue
        out_from = None if one.document_id in held else depth
        if out_from is None:
            yield TreeLine(depth, held[one.document_id], one.relation, one.again)


def _down(
    way: tuple[int, ...], held: dict[int, Document], up: dict[int, list[tuple[int, str]]]
) -> tuple[TreeLine, ...]:
    """A way from the top down to the document, cut above the first that isn't visible; each line hangs on the one
    before.
    """
    cut = way[: next((at for at, id_ in enumerate(way) if id_ not in held), len(way))]
    relations = [dict(up.get(lower, ())).get(upper, "") for lower, upper in pairwise(cut)]
    pairs = reversed([*zip(cut, [*relations, ""], strict=True)])
    return tuple(TreeLine(depth, held[id_], relation) for depth, (id_, relation) in enumerate(pairs, start=1))


def _gaps(session: Session, ids: Iterable[int], seen: ColumnElement[bool]) -> dict[int, tuple[MissingAbove, ...]]:
    """Document → the documents it carries out that are not on record, each once."""
    found: dict[int, dict[str, MissingAbove]] = {}
    for lack in surroundings.lacking(session, ids, seen, chain.UPWARD):
        row = lack.row
        gap = MissingAbove(
            relation=row.relation,
            label=label_of(row),
            doc_type=row.doc_type,
            date=row.date,
            issuer=row.issuer,
            ambiguous=lack.ambiguous,
        )
        found.setdefault(row.document_id, {}).setdefault(lack.key, gap)
    return {id_: tuple(gaps.values()) for id_, gaps in found.items()}
