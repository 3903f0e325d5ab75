"""The surroundings of a document: both ways, every relation, what is missing, what may not be known,
never too much.
"""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from corpus.citations.surroundings import MOST_NODES, Edge, around
from corpus.database.connection import utc_now
from corpus.database.models import Base, CitationRow, Document, StatementRow


def held(id_: int) -> Document:
    return Document(
        id=id_, sha256=str(id_), name="x", media_type="text/plain", size=1, date="2022-01-01", number=f"{id_}/KH",
        status="withdrawn" if id_ == 9 else "accepted", received_at=utc_now(), received_by="t",
    )  # fmt: skip


def store(*edges: tuple[int, int | str | tuple[int, ...], str], count: int = 9) -> Session:
    """Documents 1…9 (9 withdrawn) with citations: to a document, of a number not held, of one of several."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = Session(engine)
    session.add_all(held(id_) for id_ in range(1, count + 1))
    session.flush()
    for at, (source, end, relation) in enumerate(edges):
        row = CitationRow(document_id=source, position=at, printed=str(end), relation=relation, candidates=[])
        if isinstance(end, int):
            row.target_id, row.status = end, "found"
        elif isinstance(end, tuple):
            row.candidates, row.status = list(end), "ambiguous"
        else:
            row.number, row.status, row.wanted_key = end, "wanted", end
        session.add(row)
    session.flush()
    return session


@pytest.mark.parametrize(
    ("edges", "steps", "nodes", "reason"),
    [
        ([(1, 2, "refers"), (3, 1, "basis")], 1, {"1": 0, "2": 1, "3": 1}, "both ways, every relation"),
        ([(1, 2, "basis"), (2, 3, "basis")], 1, {"1": 0, "2": 1}, "one step is one step"),
        ([(1, 2, "basis"), (3, 2, "basis")], 2, {"1": 0, "2": 1, "3": 2}, "up, then down"),
        ([(1, 2, "basis"), (2, 3, "basis"), (3, 4, "basis"), (4, 5, "basis")], 7, {"1": 0, "2": 1, "3": 2, "4": 3},
         "never more than three steps"),
        ([(1, 9, "basis")], 1, {"1": 0, "9?": 1}, "what was withdrawn is not held"),
        ([(1, "5/CT", "basis"), (2, "5/CT", "basis")], 3, {"1": 0, "5/CT": 1},
         "no way leads through what is missing"),
        ([(1, "5/CT", "basis"), (1, 2, "basis"), (2, "5/CT", "basis")], 1, {"1": 0, "2": 1, "5/CT": 1},
         "missing once"),
        ([(1, (2, 3), "basis")], 1, {"1": 0, "(2, 3)?": 1}, "which one is meant is not decided"),
        ([(1, 1, "basis")], 1, {"1": 0}, "itself is no neighbour"),
    ],
)  # fmt: skip
def test_the_nodes(edges, steps, nodes, reason):
    with store(*edges) as session:
        found = around(session, 1, steps)
        told = {
            key[1:] if key not in found.lacking else _told(found.lacking[key]): step
            for key, step in found.steps.items()
        }
        assert told == nodes, reason


def _told(one) -> str:
    return one.row.number or f"{one.row.printed}?"


def test_edges_join_all_nodes_that_are_shown_those_of_the_rim_too():
    edges = [(1, 2, "basis"), (1, 3, "basis"), (2, 3, "amends"), (3, "5/CT", "refers"), (1, "5/CT", "basis")]
    with store(*edges) as session:
        found = around(session, 1, 1)
        (lack,) = found.lacking
        assert set(found.edges) == {
            Edge("d1", "d2", "basis"), Edge("d1", "d3", "basis"), Edge("d2", "d3", "amends"),
            Edge("d3", lack, "refers"), Edge("d1", lack, "basis"),
        }  # fmt: skip


def test_what_a_third_document_says_of_two_others_is_an_edge_and_ends_one():
    with store((4, 2, "refers"), (4, 3, "refers"), (1, 2, "basis"), (1, 3, "basis")) as session:
        subject, cited = (
            session.query(CitationRow).filter_by(document_id=4, target_id=id_).one() for id_ in (2, 3)
        )
        subject.number, subject.date = "2/KH", "2022-01-01"
        session.add(StatementRow(document_id=4, subject_id=subject.id, relation="replaces", object_id=cited.id))
        session.flush()
        found = around(session, 1, 1)
        assert Edge("d2", "d3", "replaces", 4) in found.edges and found.ended == {3}
        hidden = around(session, 1, 1, Document.id != 4)
        assert hidden.ended == frozenset() and all(one.stated_by is None for one in hidden.edges)


def test_a_document_that_may_not_be_known_is_one_that_is_not_held():
    with store((1, 2, "basis"), (2, 3, "basis"), (4, 1, "replaces"), (5, 2, "basis")) as session:
        for steps in (1, 3):
            found = around(session, 1, steps, Document.id.not_in([2, 4]))
            assert [found.steps[key] for key in found.lacking] == [1] and len(found.steps) == 2
            assert found.ended == frozenset()


def test_a_hub_is_cut_and_counted():
    edges = [(n, 1, "basis") for n in range(2, 402)]
    with store(*edges, count=401) as session:
        session.get_one(Document, 9).status = "accepted"
        found = around(session, 1, 3)
        assert (len(found.steps), found.left_out) == (MOST_NODES, 400 - MOST_NODES + 1)
