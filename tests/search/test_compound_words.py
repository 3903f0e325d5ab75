"""Compounds by underthesea: which are kept, in what form, how they come into the index and what they are for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus import records
from corpus.database.store import Store
from corpus.queue import compounds as kept
from ingest.worker import compound_jobs
from search import compound_words
from search.engines.base import Engine
from search.index import indexer
from search.results import finder

LINES = "Ủy ban nhân dân tỉnh tổ chức phong trào thi\nđua, khen thưởng năm 2022."


@pytest.mark.parametrize(
    ("pages", "held", "left_out"),
    [
        ([LINES], {"thi_đua", "khen_thưởng", "tổ_chức"}, {"2022", "năm"}),  # broken at the end of a line
        (["Hoà bình và thuỷ lợi"], {"hòa_bình", "thủy_lợi"}, {"hoà_bình"}),  # one tone placement
        (["số 31/KH-STTTT ngày 12/4/2022"], set(), {"kh_stttt", "31_kh", "12_4_2022"}),  # no numbers
        (["thi đua", "thi đua"], {"thi_đua"}, set()),  # each once
        ([""], set(), set()),
    ],
)
def test_compounds_of_pages(pages: list[str], held: set[str], left_out: set[str]) -> None:
    found = compound_words.segmented(pages).split()
    assert held <= set(found) and not left_out & set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        ("một dòng\nvà nữa", ["một dòng và nữa"]),
        ("hết câu.\nCâu sau", ["hết câu.", "Câu sau"]),
        ("đoạn một\n\nđoạn hai", ["đoạn một", "đoạn hai"]),
        (" \n \n", []),
        ("chữ " * 1200, ["chữ" + " chữ" * 499, "chữ" + " chữ" * 499, "chữ" + " chữ" * 199]),
    ],
)
def test_paragraphs(page: str, parts: list[str]) -> None:
    assert list(compound_words.paragraphs(page)) == parts


@pytest.fixture(params=["whoosh", "tantivy"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _holds(store: Store, text: str) -> bool:
    live: Engine | None = indexer.reader(store)
    assert live is not None
    return text in live.frequencies("cmp", [text])


def test_compounds_come_into_the_index_after_the_words(
    store: Store, engine: str, put: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = put(LINES)
    indexer.rebuild(store, engine)
    assert (finder.find(store, "thi đua").total, _holds(store, "thi_đua")) == (1, False)
    assert compound_jobs.work_off(compound_words.segmented, store, "a")
    assert not compound_jobs.work_off(compound_words.segmented, store, "a")
    assert indexer.state(store).stale == 1
    assert indexer.sync(store) == 1
    assert (_holds(store, "thi_đua"), indexer.state(store).stale, indexer.sync(store)) == (True, 0, 0)
    monkeypatch.setattr(compound_words, "_tokenizer", None)
    indexer.rebuild(store, engine)
    records.correct(store, document_id, {"subject": "khác"}, "clerk", None)
    assert indexer.sync(store) == 1
    assert _holds(store, "thi_đua"), "a rebuild and a correction never segment again"


def test_a_compound_lifts_but_is_never_needed(store: Store, engine: str, put: Callable[..., int]) -> None:
    across = put("Xe thi đua nhau")
    together = put("Ai thi đua nhau")
    with store.db.writing() as session:
        found = kept.waiting(session, [across, together])
        kept.keep(session, zip(found, ("", "thi_đua"), strict=True))
    indexer.rebuild(store, engine)
    assert [hit.id for hit in finder.find(store, "thi đua").hits] == [together, across]
    assert finder.find(store, "thi dua").total == 2
