"""Which value of a written figure is taken, and when a person is asked: the table, row by row, each with its
reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Candidate
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.decision import (
    TABLE,
    Decision,
    FigureReadings,
    Rule,
    decide,
    decide_year,
    parts,
    weighed,
    with_mention,
    with_name,
)


def read(**shares: float) -> tuple[Candidate, ...]:
    return tuple(Candidate(value.lstrip("_"), share) for value, share in shares.items())


@dataclass(frozen=True)
class Case:
    """What each witness read; the value that must come first, whether it passes, and why."""

    net: tuple[Candidate, ...]
    second: tuple[Candidate, ...] | None
    seen: str | None
    value: str | None
    sure: bool
    why: str
    kind: Kind = "number"
    printed: bool = False
    placed: bool = True
    clear: float = 0.95


CASES = (
    Case(read(_31=0.9), read(_31=0.9), None, "31", True, "net and second reader agree"),
    Case(read(_31=0.5, _37=0.4), read(_31=0.5, _37=0.5), None, "31", False, "both waver"),
    Case(read(_31=0.99), read(_37=0.99), None, "31", False, "sure of different values: a question"),
    Case(read(_31=0.3, _37=0.2), read(_31=0.99), None, "31", True, "one is sure, the other leans the same way"),
    Case(read(_3171=0.3, _317=0.2), read(_317=0.99), None, "317", False, "the net leans another way"),
    Case(
        read(_31=0.97), read(_37=0.6, _31=0.4), None, "31", True, "the net is sure, the second reader leans there"
    ),
    Case(read(_20=0.999), read(_30=0.52, _20=0.46), None, "20", False, "a day it only leans to", kind="day"),
    Case(read(_8=0.6, _3=0.4), read(_3=0.995), None, "3", True, "a day that the net leans to", kind="day"),
    Case(read(_31=0.99), read(), None, "31", False, "the second reader saw no such line"),
    Case(read(), read(_31=0.99), None, "31", False, "the net saw no figure"),
    Case(read(), read(), None, None, False, "nobody saw a figure"),
    Case(read(), read(), "31", "31", False, "OCR alone"),
    Case(read(_31=0.6), read(_31=0.6), "31", "31", True, "three alike"),
    Case(read(_31=0.9), read(_31=0.9), "81", "31", True, "OCR reads pens badly; both others agree"),
    Case(read(_31=0.6, _81=0.3), read(_31=0.5, _81=0.4), "81", "31", False, "the others waver"),
    Case(read(_31=0.9), read(_31=0.9), None, "31", True, "place guessed, both agree", placed=False),
    Case(read(_1=0.9), read(_77=0.9), "77", "77", True, "print is OCR's; the second reader agrees", printed=True),
    Case(read(_1=0.99), read(_1=0.2, _7=0.2), "77", "77", False, "print is OCR's, but alone", printed=True),
    Case(read(_77=0.9), None, "77", "77", True, "no second reader: net and OCR", printed=True),
    Case(read(_31=0.93), None, "37", "31", False, "no second reader: they differ"),
    Case(read(_31=0.9), None, None, "31", True, "no second reader: the net is sure"),
    Case(read(_31=0.9), None, None, "31", False, "no second reader, place guessed", placed=False),
    Case(read(_5=0.5), read(_5=0.6), None, "5", True, "a day that both read", kind="day"),
    Case(read(_5=0.99), read(_3=0.9), None, "5", False, "a day read two ways", kind="day"),
    Case(read(_3=0.5), read(_3=0.9), "3", "3", True, "a printed month", kind="month"),
    Case(read(_3=0.9), read(_8=0.9), "3", "3", False, "a month that the second reader denies", kind="month"),
    Case(read(_3=0.99), read(_3=0.99), "2", "3", False, "a month that OCR misread", kind="month"),
    Case(read(_3=0.9), read(_3=0.9), "31", "3", True, "OCR's figure is no month", kind="month"),
    Case((), read(_3=0.99), "3", "3", True, "OCR and the second reader without the net", kind="month"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_the_table(case: Case) -> None:
    seen = FigureReadings(case.kind, case.net, case.second, case.seen, case.clear, case.printed, case.placed)
    decided = decide(seen)
    assert (decided.candidates[0].value if decided.candidates else None) == case.value
    assert decided.sure is case.sure


@pytest.mark.parametrize(
    ("printed", "clear", "second", "years", "sure", "why"),
    [
        ("2018", True, read(_2018=0.9), ["2018"], True, "both alike"),
        ("2018", False, read(_2018=0.9), ["2018"], False, "OCR was not sure"),
        ("2016", True, read(_2018=0.9), ["2016", "2018"], False, "2018 read 2016: asked, both offered"),
        ("2018", True, read(_2016=0.4, _2018=0.35), ["2018", "2016"], False, "the second reader wavers"),
        ("2018", True, (), ["2018"], True, "the second reader saw no year"),
        ("2018", True, None, ["2018"], True, "no second reader"),
        (None, True, read(_2018=0.9), ["2018"], False, "OCR read none"),
        (None, True, read(_2018=0.3), [], False, "nobody did"),
        (None, True, None, [], False, "nobody there"),
    ],
)
def test_a_year_read_two_ways_is_asked(
    printed: str | None, clear: bool, second: tuple[Candidate, ...] | None, years: list[str], sure: bool, why: str
) -> None:
    decided = decide_year(printed, clear, second)
    assert ([c.value for c in decided.candidates], decided.sure) == (years, sure), why


shares = st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1)), max_size=6, unique_by=lambda pair: pair[0])


@given(shares, shares)
@settings(deadline=None)
def test_weighed_shares_are_a_distribution_over_what_either_read(
    net: list[tuple[int, float]], second: list[tuple[int, float]]
) -> None:
    one, other = (tuple(Candidate(str(v), p) for v, p in read) for read in (net, second))
    found = weighed(one, other)
    assert {c.value for c in found} <= {c.value for c in (*one, *other)}
    assert [c.confidence for c in found] == sorted((c.confidence for c in found), reverse=True)
    assert sum(c.confidence for c in found) <= 1.001 and bool(found) == bool(net or second)


def test_days_and_months_of_dates() -> None:
    dates = (Candidate("5/3", 0.6), Candidate("6/3", 0.3), Candidate("5/8", 0.1))
    assert parts(dates, 0)[0] == Candidate("5", 0.7) and parts(dates, 1)[0] == Candidate("3", 0.9)


def _passes(rule: Rule, share: float) -> Decision:
    """The decision on witnesses of the row's kind whose share is `share`."""
    kind: Kind = "number" if rule.figure == "number" else "day"
    net = (Candidate("7", share),)
    seen = {"alike": "7", "reads another pen": "1"}
    seen_value = next((value for word, value in seen.items() if word in rule.agreement), None)
    placed = "guessed" not in rule.agreement
    return decide(FigureReadings(kind, net, None, seen_value, 0.95, False, placed))


@pytest.mark.parametrize(
    "rule", [r for r in TABLE if r.witnesses.startswith("net") and "no second" in r.agreement]
)
def test_a_row_of_the_net_passes_from_its_share_on_and_not_below(rule: Rule) -> None:
    assert rule.least is not None
    assert _passes(rule, rule.least + 0.005).sure
    assert not _passes(rule, rule.least - 0.005).sure


@pytest.mark.parametrize(
    ("agreement", "seen"), [("both lean", None), ("reads the best", "7"), ("reads another;", "1")]
)
def test_a_row_of_both_readers_passes_from_its_share_on_and_not_below(agreement: str, seen: str | None) -> None:
    [rule] = [rule for rule in TABLE if agreement in rule.agreement and "second" in rule.witnesses]
    assert rule.least is not None
    for share in (0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.97):
        net = second = (Candidate("7", share), Candidate("2", 1 - share))
        decided = decide(FigureReadings("number", net, second, seen, 0.9, False, True))
        weighed_share = next(c.confidence for c in weighed(net, second) if c.value == "7")
        first = weighed(net, second)[0].value == "7"
        assert decided.sure == (weighed_share > rule.least and first), share


def test_two_readers_that_lean_to_the_same_mistake_are_not_sure() -> None:
    net = (Candidate("14", 0.6249), Candidate("114", 0.2981), Candidate("144", 0.0302))
    second = (Candidate("14", 0.632), Candidate("44", 0.1034), Candidate("4", 0.0298), Candidate("114", 0.0135))
    assert not decide(FigureReadings("number", net, second, None, 0.0, False, True)).sure, "114 was written"


@pytest.mark.parametrize("rule", [rule for rule in TABLE if rule.least is None])
def test_a_row_that_never_passes_names_who_asks(rule: Rule) -> None:
    figure = (Candidate("7", 0.999), Candidate("5", 0.001))
    asked = {
        "only one": [FigureReadings("number", figure, (), None, 0.99, False, True), FigureReadings("number", (),
         figure, None, 0.99, False, True)],
        "no other": [FigureReadings("number", figure, (Candidate("2", 0.9),), "1", 0.99, True, True)],
    }  # fmt: skip
    for words, witnesses in asked.items():
        if words in rule.agreement:
            assert not any(decide(one).sure for one in witnesses)
    if "digits alone" in rule.witnesses:
        assert not with_name(Decision(figure, False), figure[1], whole=False).sure


@pytest.mark.parametrize(
    ("shares", "settled", "mentioned", "first", "sure", "why"),
    [
        (read(_87=0.9, _37=0.1), True, "87", "87", True, "it repeats what both readers saw"),
        (read(_37=0.6, _87=0.3), False, "87", "87", True, "print settles what the readers wavered about"),
        (read(_440=0.9996, _40=0.0001), True, "40", "440", False, "a written mention misread: 440 passed as 40"),
        (read(_440=0.8, _40=0.01), False, "40", "40", False, "too unlikely to settle anything, but offered first"),
    ],
)
def test_a_second_mention_settles_only_what_was_open(
    shares: tuple[Candidate, ...], settled: bool, mentioned: str, first: str, sure: bool, why: str
) -> None:
    after = with_mention(Decision(shares, settled), mentioned)
    assert (after.candidates[0].value, after.sure) == (first, sure), why
    assert {c.value for c in after.candidates} == {c.value for c in shares}, "both are offered"


@given(
    shares=st.lists(st.floats(0.001, 0.999), min_size=1, max_size=4),
    sure=st.booleans(),
    at=st.integers(0, 3),
    whole=st.booleans(),
)
def test_a_files_name_never_turns_review_off_but_by_digits_and_symbol(
    shares: list[float], sure: bool, at: int, whole: bool
) -> None:
    found = tuple(Candidate(str(place), share) for place, share in enumerate(shares))
    candidate = found[at % len(found)]
    after = with_name(Decision(found, sure), candidate, whole=whole)
    if after.sure and not sure:
        assert whole and after.candidates[0].value == candidate.value
    if sure and after.sure:
        assert after.candidates[0].value == found[0].value, "what was settled is not changed unasked"
    assert {c.value for c in after.candidates} == {c.value for c in found}


def test_the_document_shows_the_table_as_it_is() -> None:
    shown = (Path(__file__).parents[3] / "docs" / "measurements.md").read_text(encoding="utf-8")
    rows = "\n".join(
        f"| {r.figure} | {r.witnesses} | {r.agreement} | {'never' if r.least is None else f'{r.least:g}'} | "
        f"{r.measured} |"
        for r in TABLE
    )
    assert rows in shown, rows
