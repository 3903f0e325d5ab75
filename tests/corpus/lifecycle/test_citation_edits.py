"""Citations by hand: what each change leaves, that it outlives readings and arrivals,
and the way back step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from corpus import records
from corpus.citations import resolution
from corpus.database.models import AuditRow, CitationRow, Document
from corpus.database.store import Store
from corpus.document import Citation
from corpus.errors import Problem
from corpus.lifecycle import citation_edits
from corpus.queries import citations
from tests.corpus.audit.test_record_seals import found as differences
from tests.corpus.lifecycle.test_settled_citations import AG, KG, UNCLEAR, add, reading, rows

OTHER = Citation("Kế hoạch số 30/KH-UBND", "basis", "Kế hoạch", "30/KH-UBND", "2021-01-11", KG)
DOUBTFUL = replace(OTHER, number="31/KH-UBND", printed="Kế hoạch số 31/KH-UBND", review=True, confidence=0.6)
BARE = (Citation("một văn bản của tỉnh", "refers"), Citation("một chương trình khác", "refers"))
SYT = "Sở Y tế tỉnh Kiên Giang"


def said(store: Store, document_id: int) -> dict[str, tuple[str, int | None, str | None]]:
    return {row.printed: (row.status, row.target_id, row.settled_by) for row in rows(store, document_id)}


def read_again(store: Store, document_id: int, *cites: Citation) -> None:
    records.withdraw(store, document_id, "đọc lại", "lan")
    records.retry(store, document_id, "lan")
    records.propose(store, document_id, reading(b"x", "7/KH-SYT", SYT, *cites))


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Problem) as caught:
        yield
    assert caught.value.code == code


@dataclass(frozen=True, slots=True)
class Step:
    """One change to the first citation of document 3, and what the citations are after it."""

    name: str
    act: Callable[[Store, int], object]
    status: str
    target: int | None


STEPS = [
    Step("settled", lambda s, c: records.settle_citation(s, c, 1, "lan"), "found", 1),
    Step("none of these", lambda s, c: records.settle_citation(s, c, None, "lan"), "wanted", None),
    Step("removed", lambda s, c: records.remove_citation(s, c, "lan", reason="là số hồ sơ"), "removed", None),
]


@pytest.fixture
def citing(store: Store) -> int:
    """Two plans of one number by two bodies, and document 3 that cites one without its body."""
    add(store, "20/KH-UBND", KG)
    add(store, "20/KH-UBND", AG)
    return add(store, "7/KH-SYT", SYT, UNCLEAR)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_each_change_is_a_row_outlives_readings_and_arrivals_and_goes_back(
    store: Store, citing: int, step: Step
) -> None:
    [row] = rows(store, citing)
    step.act(store, row.id)
    for _ in range(2):
        assert said(store, citing) == {UNCLEAR.printed: (step.status, step.target, "lan")}
        read_again(store, citing, UNCLEAR, OTHER)
        assert {one.id for one in rows(store, citing) if one.settled_by} == {row.id}, (
            "the trail means it by its ID"
        )
        read_again(store, citing, UNCLEAR)
    add(store, "20/KH-UBND", "Ủy ban nhân dân tỉnh Cà Mau")
    records.resolve_citations(store)
    assert said(store, citing) == {UNCLEAR.printed: (step.status, step.target, "lan")}
    with store.db.reading() as session:
        deed = session.scalars(select(AuditRow).where(AuditRow.action.in_(citation_edits.EDITS))).one()
        assert (deed.detail["was"], deed.detail["target"]) == (None, step.target)
    records.undo_citation(store, citing, None, "hoa")
    [now] = rows(store, citing)
    assert (now.status, now.settled_by, now.candidates) == ("ambiguous", None, [1, 2, 4])
    assert differences(store) == []


def test_the_way_back_is_step_by_step(store: Store, citing: int) -> None:
    [row] = rows(store, citing)
    for step in STEPS:
        step.act(store, row.id)
    with store.db.reading() as session:
        listed = citation_edits.history(session, citing)
    assert [one.can_undo for one in listed] == [True, False, False], "the newest first"
    with refused("stale"):
        records.undo_citation(store, citing, listed[1].row, "hoa")
    for step in reversed(STEPS[:2]):
        records.undo_citation(store, citing, None, "hoa")
        assert said(store, citing) == {UNCLEAR.printed: (step.status, step.target, "lan")}
    records.undo_citation(store, citing, None, "hoa")
    with refused("not_found"):
        records.undo_citation(store, citing, None, "hoa")


def test_a_removed_one_counts_nowhere(store: Store) -> None:
    held = add(store, "30/KH-UBND", KG)
    citing = add(store, "7/KH-SYT", SYT, OTHER, replace(UNCLEAR, number="99/KH-UBND", printed="số 99/KH-UBND"))
    first, second = rows(store, citing)
    for row in (first, second):
        records.remove_citation(store, row.id, "lan")
    with store.db.reading() as session:
        document, target = session.get_one(Document, citing), session.get_one(Document, held)
    view = citations.cites(store, document, lambda _: True)
    assert (view.out, view.chains, [row.id for row in view.removed]) == ((), (), [first.id, second.id])
    assert citations.cites(store, target, lambda _: True).into == ()
    assert citations.wanted(store) == []


def test_what_is_added_is_found_waits_and_is_read_later(store: Store) -> None:
    citing = add(store, "7/KH-SYT", SYT)
    made = records.add_citation(store, citing, OTHER, "lan")
    assert [one.label for one in citations.wanted(store)] == ["30/KH-UBND"]
    held = add(store, "30/KH-UBND", KG)
    assert said(store, citing) == {OTHER.printed: ("found", held, None)}
    with refused("citation_exists"):
        records.add_citation(store, citing, OTHER, "hoa")
    read_again(store, citing)
    assert [(one.id, one.added_by) for one in rows(store, citing)] == [(made, "lan")], "not read, not lost"
    read_again(store, citing, replace(OTHER, relation="refers"))
    assert [(one.id, one.relation) for one in rows(store, citing)] == [(made, "basis")], (
        "one, as the person said it"
    )
    records.undo_citation(store, citing, None, "lan")
    assert rows(store, citing) == []
    assert differences(store) == []


def test_a_doubtful_one_is_confirmed(store: Store) -> None:
    citing = add(store, "7/KH-SYT", SYT, DOUBTFUL)
    [row] = rows(store, citing)
    assert (row.review, row.confidence) == (True, 0.6)
    records.confirm_citation(store, row.id, "lan")
    read_again(store, citing, DOUBTFUL)
    [row] = rows(store, citing)
    assert (row.review, row.reviewed_by, row.status) == (False, "lan", "wanted")
    held = add(store, "31/KH-UBND", KG)
    assert said(store, citing) == {DOUBTFUL.printed: ("found", held, None)}, (
        "what it means is still the program's to find"
    )
    records.undo_citation(store, citing, None, "lan")
    assert [row.review for row in rows(store, citing)] == [True]


def test_a_choice_of_one_without_number_is_not_taken_for_another(store: Store) -> None:
    held = add(store, "20/KH-UBND", KG)
    citing = add(store, "7/KH-SYT", SYT, *BARE)
    records.settle_citation(store, rows(store, citing)[0].id, held, "lan")
    read_again(store, citing, *reversed(BARE))
    assert said(store, citing) == {
        BARE[0].printed: ("found", held, "lan"),
        BARE[1].printed: ("wanted", None, None),
    }


@pytest.mark.parametrize(
    ("act", "code", "reason"),
    [
        (lambda s, c: records.settle_citation(s, c, 3, "lan"), "bad_value", "the citing document itself"),
        (lambda s, c: records.settle_citation(s, c, 99, "lan"), "not_found", "no such document"),
        (lambda s, c: records.settle_citation(s, 99, 1, "lan"), "not_found", "no such citation"),
        (lambda s, c: records.settle_citation(s, c, 1, "lan", 0), "stale", "the record was changed since"),
        (lambda s, c: records.confirm_citation(s, c, "lan"), "not_found", "nothing doubtful"),
        (lambda s, c: records.undo_citation(s, 3, 1, "lan"), "not_found", "a row of another kind"),
        (lambda s, c: records.remove_citation(s, 99, "lan"), "not_found", "no such citation"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_changes_nothing(
    store: Store, citing: int, act: Callable[[Store, int], object], code: str, reason: str
) -> None:
    before = said(store, citing)
    with refused(code):
        act(store, rows(store, citing)[0].id)
    assert said(store, citing) == before, reason
    with store.db.reading() as session:
        assert session.scalars(select(AuditRow).where(AuditRow.action.in_(citation_edits.ACTIONS))).all() == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_the_order_of_arrival_changes_nothing(store: Store, order: tuple[int, ...]) -> None:
    """An added citation means the same, whether what it cites came before or after."""
    papers = [("30/KH-UBND", KG), ("30/KH-UBND", AG), ("7/KH-SYT", SYT)]
    for at in order:
        made = add(store, *papers[at])
        if at == 2:
            records.add_citation(store, made, OTHER, "lan")
    with store.db.reading() as session:
        row = session.scalars(select(CitationRow)).one()
        target = session.get_one(Document, row.target_id or 0)
        assert (row.status, target.issuer) == ("found", KG)
        assert resolution.find_documents(session, "30/KH-UBND")


def test_one_said_to_be_not_held_is_asked_again_when_its_number_comes(store: Store, citing: int) -> None:
    [row] = rows(store, citing)
    records.settle_citation(store, row.id, None, "lan")
    assert citations.ambiguous(store, lambda _: True) == []
    came = add(store, "20/KH-UBND", "Ủy ban nhân dân tỉnh Cà Mau")
    [(source, out)] = citations.ambiguous(store, lambda _: True)
    assert (source.id, out.row.id, [one.id for one in out.candidates]) == (citing, row.id, [came])
    assert citations.ambiguous(store, lambda one: one.id != came) == [], "nobody is told of what he may not see"
    records.settle_citation(store, row.id, None, "hoa")
    assert citations.ambiguous(store, lambda _: True) == [], "said once more: not this one either"
