"""A picture of a document's surroundings as data: nodes, edges, and the list that says the same in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, select

from corpus.citations import surroundings
from corpus.database.models import CitationRow, Document
from corpus.database.store import Store
from corpus.queries.citations import LIGHT, label_of

State = Literal["held", "replaced", "wanted", "ambiguous"]

FAMILIES: dict[str, tuple[str, ...]] = {
    "carries": ("basis", "implements", "guides", "annex_of"),
    "changes": ("amends", "extends", "corrects", "consolidates"),
    "ends": ("replaces", "repeals", "suspends", "revokes"),
    "issues": ("promulgates", "approves"),
    "answers": ("replies", "on_proposal", "follows_up", "transmits"),
    "refers": ("refers", "mentions", "considers", "nested"),
}
"""Relations that share a colour, the weightiest first."""
FAMILY_OF = {relation: family for family, ones in FAMILIES.items() for relation in ones}
STATES: dict[State, str] = {
    "held": "có trong kho",
    "replaced": "đã bị thay thế, bãi bỏ",
    "wanted": "chưa có trong kho",
    "ambiguous": "chưa xác định",
}


class Node(BaseModel, frozen=True):
    """A document, on record or only cited."""

    id: str
    document: int | None = Field(description="Its ID when it is held.")
    number: str | None
    label: str = Field(description="Its number, else its name.")
    date: str | None
    doc_type: str | None
    issuer: str | None
    subject: str | None
    state: State
    steps: int = Field(description="Steps that it is away from the document in the middle.")


class GraphEdge(BaseModel, frozen=True):
    """`source` cites `target`."""

    source: str
    target: str
    relation: str
    family: str = Field(description="The kind of relation, which has one colour.")
    stated_by: int | None = Field(description="The document that says this of two others.")
    doubtful: bool = Field(False, description="Read in doubt: no person has looked at it.")


class Graph(BaseModel, frozen=True):
    """The surroundings of a document, which comes first among the nodes."""

    document: int
    depth: int
    nodes: tuple[Node, ...]
    edges: tuple[GraphEdge, ...]
    left_out: int = Field(description="Nodes that were reached and are over the limit.")

    def families(self) -> dict[str, list[str]]:
        """The relations that occur, by the colour they share."""
        there = {one.relation for one in self.edges}
        told = {family: [one for one in ones if one in there] for family, ones in FAMILIES.items()}
        return {family: ones for family, ones in told.items() if ones}

    def states(self) -> dict[State, str]:
        """The states of documents that occur, with their words."""
        there = {one.state for one in self.nodes}
        return {state: words for state, words in STATES.items() if state in there}

    def rows(self) -> list[list[GraphRow]]:
        """Rows of the list in words: for each step out its nodes, and their links to the step before."""
        nodes = {one.id: one for one in self.nodes}
        rows: dict[str, GraphRow] = {}
        for edge in sorted(self.edges, key=lambda one: _WEIGHT.get(one.relation, len(_WEIGHT))):
            for far, near, cites in ((edge.source, edge.target, True), (edge.target, edge.source, False)):
                if nodes[far].steps == nodes[near].steps + 1:
                    rows.setdefault(
                        far, GraphRow(nodes[far], edge.relation, edge.family, nodes[near], cites, edge.doubtful)
                    )
        told = [rows[one.id] for one in self.nodes if one.id in rows]
        return [list(ones) for _, ones in groupby(told, key=lambda row: row.node.steps)]


@dataclass(frozen=True, slots=True)
class GraphRow:
    """A line of the list: a node, and by which citation it hangs on one that is nearer to the middle."""

    node: Node
    relation: str
    family: str
    nearer: Node
    cites: bool
    """True if the node cites the nearer one, False if it is cited."""
    doubtful: bool = False
    """True if that citation was read in doubt."""


_WEIGHT = {relation: at for at, relation in enumerate(FAMILY_OF)}


def graph(
    store: Store, found: Document, depth: int, visible: Callable[[Document], bool], seen: ColumnElement[bool]
) -> Graph:
    """Graph around a document, as far as the reader may know of it."""
    with store.db.reading() as session:
        around = surroundings.around(session, found.id, depth, seen)
        ids = [surroundings.document_of(key) for key in around.steps if key not in around.lacking]
        rows = session.scalars(select(Document).where(Document.id.in_(ids)).options(*LIGHT))
        held = {surroundings.held_key(row.id): row for row in rows if row.id == found.id or visible(row)}
    nodes = tuple(
        _node(key, steps, around, held)
        for key, steps in around.steps.items()
        if key in held or key in around.lacking
    )
    there = {one.id for one in nodes}
    edges = tuple(
        GraphEdge(
            source=one.source,
            target=one.target,
            relation=one.relation,
            family=FAMILY_OF.get(one.relation, "refers"),
            stated_by=one.stated_by,
            doubtful=one.doubtful,
        )
        for one in around.edges
        if one.source in there and one.target in there
    )
    return Graph(document=found.id, depth=depth, nodes=nodes, edges=edges, left_out=around.left_out)


def _node(key: str, steps: int, around: surroundings.Surroundings, held: dict[str, Document]) -> Node:
    state: State
    if (lack := around.lacking.get(key)) is not None:
        cited, state = lack.row, "ambiguous" if lack.ambiguous else "wanted"
        return _node_of(key, steps, cited, state, None, label_of(cited), cited.title)
    row = held[key]
    state = "replaced" if row.id in around.ended else "held"
    return _node_of(key, steps, row, state, row.id, row.number or row.subject or row.name, row.subject)


def _node_of(
    key: str,
    steps: int,
    row: Document | CitationRow,
    state: State,
    document: int | None,
    label: str,
    subject: str | None,
) -> Node:
    return Node(
        id=key,
        document=document,
        number=row.number,
        label=label,
        date=row.date,
        doc_type=row.doc_type,
        issuer=row.issuer,
        subject=subject,
        state=state,
        steps=steps,
    )
