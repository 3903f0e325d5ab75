"""Surroundings of a document: citations in both directions for some steps, with cited documents not on record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, not_, or_, select, true
from sqlalchemy.orm import Session, aliased, load_only

from corpus.citations import chain, endings
from corpus.citations.resolution import is_live, wanted_key
from corpus.database.models import CitationRow, Document, StatementRow

MOST_NODES = 300
"""Most nodes of a picture; the rest is counted."""
MOST_STEPS = 3
EVERYTHING: ColumnElement[bool] = true()
"""Condition on `documents` for a reader who sees all."""
_MOST_EDGES = 1500
"""Most citations read for one step of a picture."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A cited document that is not on record, or may be more than one."""

    key: str
    row: CitationRow
    """The first citation of it that was met."""
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """One citation between two nodes: `d7` is document 7, other keys are those of `Lacking`."""

    source: str
    target: str
    relation: str
    stated_by: int | None = None
    """The document that says this of two others."""
    doubtful: bool = False
    """True if every citation that says so was read in doubt."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Nodes with the steps that they are away from the document in the middle, nearest first,
    and what joins them.
    """

    steps: dict[str, int]
    lacking: dict[str, Lacking]
    edges: tuple[Edge, ...]
    ended: frozenset[int]
    """Documents among the nodes that are replaced, repealed or withdrawn as a whole."""
    left_out: int
    """Nodes that were reached and are over the limit."""


def around(
    session: Session,
    start: int,
    steps: int,
    seen: ColumnElement[bool] = EVERYTHING,
    *,
    most: int = MOST_NODES,
) -> Surroundings:
    """Walk from `start` along citations of every relation, both ways, never through documents not on record.

    seen: the documents visible to the reader; a citation of another counts as of one that is not on record.
    """
    found: dict[str, int] = {held_key(start): 0}
    lacks: dict[str, Lacking] = {}
    level, left_out = [start], 0
    for step in range(1, min(steps, MOST_STEPS) + 1):
        missing = {one.key: one for one in lacking(session, level, seen)}
        reached = [key for key in _next_nodes(session, level, missing, seen) if key not in found]
        taken = reached[: most - len(found)]
        left_out += len(reached) - len(taken)
        found |= dict.fromkeys(taken, step)
        lacks |= {key: missing[key] for key in taken if key in missing}
        level = [document_of(key) for key in taken if key not in missing]
        if not level:
            break
    held = [document_of(key) for key in found if key not in lacks]
    edges = dict.fromkeys(
        (*_between(session, held), *_to_lacking(session, held, found, seen), *_statements(session, held, seen))
    )
    edges = {one: None for one in edges if not one.doubtful or replace(one, doubtful=False) not in edges}
    return Surroundings(found, lacks, tuple(edges), endings.ended(session, held, seen), left_out)


def held_key(document_id: int) -> str:
    """Key of the node of a document on record."""
    return f"d{document_id}"


def document_of(key: str) -> int:
    """ID of the document on record of a node."""
    return int(key[1:])


def _next_nodes(
    session: Session, level: list[int], missing: dict[str, Lacking], seen: ColumnElement[bool]
) -> dict[str, None]:
    """The nodes one step on: cited ones, then missing ones, then citing ones."""
    cited, citing = (
        chain.neighbours(session, level, up=up, relations=None, seen=seen).values() for up in (True, False)
    )
    return dict.fromkeys(
        (
            *(held_key(other) for ends in cited for other, _ in ends),
            *missing,
            *(held_key(other) for ends in citing for other, _ in ends),
        )
    )


def lacking(
    session: Session, ids: Iterable[int], seen: ColumnElement[bool], relations: tuple[str, ...] | None = None
) -> list[Lacking]:
    """Cited documents not on record or hidden from the reader, in the order of the citations; relations: None for
    all.
    """
    there = and_(CitationRow.status == "found", is_live(), seen)
    rows = (
        select(CitationRow)
        .outerjoin(Document, Document.id == CitationRow.target_id)
        .where(
            CitationRow.document_id.in_(list(ids)), CitationRow.status != "removed",
            or_(Document.id.is_(None), not_(there)),
        )
        .order_by(CitationRow.document_id, CitationRow.position)
        .limit(_MOST_EDGES)
        .options(
            load_only(
                CitationRow.document_id, CitationRow.relation, CitationRow.printed, CitationRow.number,
                CitationRow.number_key, CitationRow.doc_type, CitationRow.date, CitationRow.issuer,
                CitationRow.issuer_key, CitationRow.title, CitationRow.title_key, CitationRow.status,
                CitationRow.target_id, CitationRow.candidates, CitationRow.wanted_key, CitationRow.review,
            )
        )
    )  # fmt: skip
    found = session.scalars(rows if relations is None else rows.where(CitationRow.relation.in_(relations))).all()
    possible = {one for row in found for one in row.candidates}
    shown = set(session.scalars(select(Document.id).where(Document.id.in_(possible), is_live(), seen)))
    return [_lack(row, bool(shown.intersection(row.candidates))) for row in found]


def _lack(row: CitationRow, ambiguous: bool) -> Lacking:
    told = f"?{row.number_key or row.id}" if ambiguous else row.wanted_key or wanted_key(row)
    return Lacking("w" + hashlib.sha256(told.encode()).hexdigest()[:12], row, ambiguous)


def _between(session: Session, held: list[int]) -> list[Edge]:
    rows = (
        select(CitationRow.document_id, CitationRow.target_id, CitationRow.relation, CitationRow.review)
        .where(
            CitationRow.document_id.in_(held), CitationRow.target_id.in_(held), CitationRow.status == "found",
            CitationRow.document_id != CitationRow.target_id,
        )
        .order_by(CitationRow.document_id, CitationRow.position)
        .limit(_MOST_EDGES)
    )  # fmt: skip
    return [
        Edge(held_key(one), held_key(other or 0), relation, doubtful=review)
        for one, other, relation, review in session.execute(rows)
    ]


def _to_lacking(session: Session, held: list[int], found: dict[str, int], seen: ColumnElement[bool]) -> list[Edge]:
    return [
        Edge(held_key(one.row.document_id), one.key, one.row.relation, doubtful=one.row.review)
        for one in lacking(session, held, seen)
        if one.key in found
    ]


def _statements(session: Session, held: list[int], seen: ColumnElement[bool]) -> list[Edge]:
    """`A amends B` as a third document states it."""
    subject, cited = aliased(CitationRow), aliased(CitationRow)
    rows = (
        select(subject.target_id, cited.target_id, StatementRow.relation, StatementRow.document_id)
        .join(subject, subject.id == StatementRow.subject_id)
        .join(cited, cited.id == StatementRow.object_id)
        .join(Document, Document.id == StatementRow.document_id)
        .where(subject.target_id.in_(held), cited.target_id.in_(held), is_live(), seen)
        .order_by(StatementRow.id)
        .limit(_MOST_EDGES)
    )
    return [
        Edge(held_key(one or 0), held_key(other or 0), relation, by)
        for one, other, relation, by in session.execute(rows)
    ]
