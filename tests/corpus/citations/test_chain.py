"""The ways up and the tree down: every top is reached, circles end, hubs do not hang a page."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from corpus.citations import chain
from corpus.database.connection import utc_now
from corpus.database.models import Base, CitationRow, Document


def store(edges, withdrawn=()) -> Session:
    """Documents 1…9 with these (source, target, relation) citations."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = Session(engine)
    session.add_all(
        Document(
            id=id_, sha256=str(id_), name="x", media_type="text/plain", size=1, date=f"20{id_:02d}-01-01",
            status="withdrawn" if id_ in withdrawn else "accepted", received_at=utc_now(), received_by="t",
        )
        for id_ in range(1, 10)
    )  # fmt: skip
    session.flush()
    session.add_all(
        CitationRow(document_id=a, position=n, printed="x", relation=relation, target_id=b, status="found")
        for n, (a, b, relation) in enumerate(edges)
    )
    session.flush()
    return session


def flat(branches, depth=1):
    for one in branches:
        yield depth, one.document_id, one.again
        yield from flat(one.below, depth + 1)


@pytest.mark.parametrize(
    ("edges", "ways", "reason"),
    [([(1, 2, "implements"), (2, 3, "basis")], [(1, 2, 3)], "up to the top directive"),
     ([(1, 2, "implements"), (1, 3, "basis"), (2, 3, "basis")], [(1, 2, 3), (1, 3)],
      "both ways, the longer first"),
     ([(1, 2, "refers"), (1, 3, "mentions")], [], "a mention carries nothing out"),
     ([(1, 2, "basis"), (2, 1, "basis")], [(1, 2)], "a circle ends where it closes"),
     ([(1, 1, "basis")], [], "itself is no way up"),
     ([(1, 2, "basis"), (1, 2, "implements")], [(1, 2)], "cited twice is one way"),
     ([(1, 9, "basis"), (9, 3, "basis")], [], "a withdrawn document leads nowhere")],
)  # fmt: skip
def test_the_ways_up(edges, ways, reason):
    with store(edges, withdrawn=(9,)) as session:
        assert chain.ways_up(session, 1) == ways, reason


@pytest.mark.parametrize(
    ("edges", "lines", "reason"),
    [([(2, 1, "implements"), (3, 2, "basis")], [(1, 2, False), (2, 3, False)], "level below level"),
     ([(2, 1, "basis"), (3, 1, "basis"), (3, 2, "basis")], [(1, 2, False), (2, 3, True), (1, 3, False)],
      "opened once, where it is closest to the top"),
     ([(2, 1, "basis"), (1, 2, "basis")], [(1, 2, False), (2, 1, True)], "a circle ends where it closes")],
)  # fmt: skip
def test_the_tree_down(edges, lines, reason):
    with store(edges) as session:
        assert list(flat(chain.tree_down(session, 1))) == lines, reason


_EDGE = st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from(["basis", "implements", "refers"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(_EDGE, max_size=40))
def test_any_graph_ends_and_no_document_stands_twice_in_a_way(edges):
    with store(edges) as session:
        ways = chain.ways_up(session, 1)
        opened = [one for _, one, again in flat(chain.tree_down(session, 1)) if not again]
    carried = {(a, b) for a, b, relation in edges if relation != "refers"}
    assert all(len(set(way)) == len(way) and way[0] == 1 for way in ways)
    assert all(step in carried for way in ways for step in pairwise(way))
    assert len(opened) == len(set(opened))
