"""A number that was read held against its neighbours on record: what fits, what is doubted,
which candidate comes first.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.document import Candidate, Field, Fields, Page, Reading, Signer, SourceFile
from corpus.lifecycle.number_neighbours import Neighbours
from corpus.originals import content_store

DAY = date(2022, 6, 1)
ISSUER = "Sở Y tế tỉnh Kiên Giang"


def run(*pairs: tuple[int, int]) -> tuple[tuple[date, int], ...]:
    """Days before (negative) or after DAY, and ordinals."""
    return tuple((DAY + timedelta(days=days), ordinal) for days, ordinal in pairs)


@pytest.mark.parametrize(
    ("before", "after", "ordinal", "fits", "why"),
    [
        (run((-3, 390), (-9, 380)), run((4, 401)), 395, True, "between its neighbours"),
        (run((-3, 390), (-9, 380)), run((4, 401)), 39, False, "behind what was issued earlier"),
        (run((-3, 390)), run((4, 401)), 895, False, "before what was issued later"),
        (run((-3, 3900), (-5, 388), (-9, 380)), (), 395, True, "one neighbour that is wrong itself is outvoted"),
        ((), (), 7, True, "no neighbours say nothing"),
        (run((-3, 390)), (), 2391, True, "one neighbour tells no pace"),
        (run((-2, 390), (-9, 371), (-20, 340), (-30, 310)), (), 398, True, "at the pace of the series"),
        (run((-2, 390), (-9, 371), (-20, 340), (-30, 310)), (), 2391, False, "two thousand in two days"),
        (run((-2, 390), (-9, 371), (-20, 340), (-30, 310)), (), 430, True, "a busy week is no error"),
    ],
)
def test_what_fits_between_neighbours(
    before: tuple[tuple[date, int], ...], after: tuple[tuple[date, int], ...], ordinal: int, fits: bool, why: str
) -> None:
    assert Neighbours(DAY, before, after).fit(ordinal) is fits, why


@pytest.fixture
def store(settings: Settings) -> Store:
    return open_store(settings)


def put(
    store: Store,
    ordinal: int,
    day: date,
    *,
    issuer: str = ISSUER,
    symbol: str = "KH-SYT",
    number: Field | None = None,
    sure: bool = True,
) -> Document:
    """A document that was read so and, without doubts, went on record by itself."""
    data = f"{ordinal} {day} {issuer} {symbol}".encode()
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(store, sha256, "a.txt", "text/plain", len(data), "clerk", auto_accept=True)
    fields = Fields(
        number=number or said(f"{ordinal}/{symbol}"), date=said(day.isoformat(), review=not sure),
        issuer=said(issuer),
        doc_type=said("Quyết định" if symbol.startswith("QĐ") else "Kế hoạch"), subject=said("Triển khai"),
        signer=Signer(name=said("Nguyễn Văn A")),
    )  # fmt: skip
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(data))
    records.propose(store, receipt.document_id, Reading(source, (Page(1, "text", "Kế hoạch"),), fields))
    with store.db.reading() as session:
        return session.get_one(Document, receipt.document_id)


def said(value: str, *, review: bool = False) -> Field:
    return Field(value, value, 0.97, review)


def codes(document: Document) -> list[str]:
    return [warning["code"] for warning in (document.machine or {})["warnings"]]


def test_a_number_out_of_its_run_waits_for_a_person_and_says_why(store: Store) -> None:
    for ordinal, days in ((380, -9), (390, -3), (401, 4), (405, 8)):
        assert put(store, ordinal, DAY + timedelta(days=days)).status == "accepted"
    found = put(store, 895, DAY)
    assert (found.status, found.questions, codes(found)) == ("review", ["number"], ["number_out_of_run"])
    assert found.number == "895/KH-SYT", "what was read stays: a person decides"


@pytest.mark.parametrize(
    ("issuer", "symbol", "year", "why"),
    [
        ("Sở Y tế tỉnh An Giang", "KH-SYT", 2022, "another office"),
        (ISSUER, "QĐ-SYT", 2022, "another series"),
        (ISSUER, "KH-SYT", 2021, "another year begins at one again"),
    ],
)
def test_only_the_same_series_counts(store: Store, issuer: str, symbol: str, year: int, why: str) -> None:
    for ordinal, days in ((380, -9), (390, -3), (401, 4), (405, 8)):
        put(store, ordinal, DAY.replace(year=year) + timedelta(days=days), issuer=issuer, symbol=symbol)
    assert put(store, 895, DAY).status == "accepted", why


def test_of_doubted_candidates_those_that_fit_come_first_and_stay_doubted(store: Store) -> None:
    for ordinal, days in ((380, -9), (390, -3), (401, 4), (405, 8)):
        put(store, ordinal, DAY + timedelta(days=days))
    candidates = (Candidate("895/KH-SYT", 0.6), Candidate("395/KH-SYT", 0.3), Candidate("39/KH-SYT", 0.1))
    number = Field("895/KH-SYT", "?95/KH-SYT", 0.6, True, 1, (), "number.handwritten", candidates)
    found = put(store, 0, DAY, number=number)
    assert (found.status, found.number) == ("review", "395/KH-SYT")
    kept = (found.fields or {})["number"]
    assert kept["review"] and kept["candidates"][0]["value"] == "395/KH-SYT"
    assert sum(c["confidence"] for c in kept["candidates"]) == pytest.approx(1.0, abs=0.01)
    assert (found.machine or {})["fields"]["number"]["value"] == "895/KH-SYT", "the machine's own reading is kept"


def test_a_number_is_held_against_nothing_by_a_doubtful_date(store: Store) -> None:
    put(store, 390, DAY)
    found = put(store, 5, DAY + timedelta(days=30), sure=False)
    assert (found.questions, codes(found)) == (["date"], [])
