"""What is said to an OpenSearch server and understood of it, exchange by exchange.

The exchanges stand in exchanges.json. They were not taken from a server: requests are pinned as they were looked over once,
replies have the shape that OpenSearch's reference gives for them. On a server itself the table of test_engine.py runs, when
VANBAN_TEST_OPENSEARCH names one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from opensearchpy import Connection
from opensearchpy.exceptions import ConnectionError as Unreached

from corpus.errors import Problem
from search.engines.base import Adjacent, BrokenIndex, Entry, Every, Plan, Some, Starts, Term
from search.engines.opensearch.engine import OpenSearchMaker
from search.tokens import syllables

EXCHANGES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "exchanges.json").read_text(encoding="utf-8")
)
PLAN = Plan(
    Every((Term("fold", "thi"), Some((Term("syl", "đua", 2.0), Starts("fold", "khe"))))),
    should=(Adjacent("syl", ("thi", "đua"), 0.8), Term("subject", "thi")),
    without=(Term("fold", "thuyen"),),
    first=(Term("keys", "31-KH-STTTT"),),
    start="2022-01-01",
    facets=(("doc_type", "Kế hoạch"),),
)
ENTRY = Entry(
    7, 3, (syllables("Thi đua"), syllables("khen")), number=("31",), date="2022-04-27", doc_type="Kế hoạch"
)


@pytest.fixture
def talk(tmp_path: Path) -> Callable[..., OpenSearchMaker]:
    """A maker whose server knows these exchanges, in this order, and nothing else."""

    def made(*names: str) -> OpenSearchMaker:
        waiting = [EXCHANGES[name] for name in names]

        class Recorded(Connection):
            def perform_request(
                self, method: str, url: str, params: Any = None, body: Any = None, *_a: Any, **_k: Any
            ) -> Any:
                assert waiting, f"nothing more was to be said: {method} {url}"
                one = waiting.pop(0)
                said = None if body is None else body.decode() if isinstance(body, bytes) else body
                lines = None if said is None else [json.loads(line) for line in said.splitlines()]
                assert (method, url) == (one["method"], one["path"])
                assert lines == one["body"]
                if one["status"] >= 400:
                    self._raise_error(one["status"], json.dumps(one["reply"]), "application/json")
                return one["status"], {"content-type": "application/json"}, json.dumps(one["reply"])

        return OpenSearchMaker("http://search.invalid:9200", Recorded)

    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kho" / "index" / "opensearch-1"


def test_an_index_is_made_written_asked_and_removed(talk: Callable[..., OpenSearchMaker], folder: Path) -> None:
    maker = talk("create", "bulk", "search", "frequencies", "count", "revisions", "no more", "exists", "delete")
    engine = maker.create(folder)
    assert engine.write([ENTRY], removed=[5]) == 1
    answer = engine.search(PLAN, limit=20, offset=20)
    assert (answer.total, answer.top) == (21, ((7, 10003.5),))
    assert answer.facets == {
        "doc_type": {"Kế hoạch": 21},
        "issuer": {},
        "year": {"2022": 20, "2023": 1},
        "recipient": {},
    }
    assert engine.frequencies("fold", ["thi", "zzz"]) == {"thi": 4}
    assert (engine.count(), engine.revisions()) == (1, {7: 3})
    maker.discard(folder)
    assert not folder.exists()


def test_sorted_by_date_for_a_reader_who_sees_all(talk: Callable[..., OpenSearchMaker], folder: Path) -> None:
    engine = talk("create", "newest").create(folder)
    assert engine.search(Plan(None, sort="newest", groups=None), limit=2).top == ((9, 0.0), (8, 0.0))


def test_a_reader_of_no_group_is_not_even_asked_for(talk: Callable[..., OpenSearchMaker], folder: Path) -> None:
    assert talk("create").create(folder).search(Plan(None, groups=()), limit=2).total == 0


def test_what_was_taken_out_is_merged_away(talk: Callable[..., OpenSearchMaker], folder: Path) -> None:
    assert talk("create", "expunge all", "expunge").create(folder).expunge()


def test_an_index_that_is_gone_is_broken(talk: Callable[..., OpenSearchMaker], folder: Path) -> None:
    talk("create").create(folder)
    with pytest.raises(BrokenIndex):
        talk("exists not").open(folder)
    with pytest.raises(BrokenIndex):
        talk("exists", "search gone").open(folder).frequencies("fold", ["thi", "zzz"])


def test_a_refused_document_fails_the_commit(talk: Callable[..., OpenSearchMaker], folder: Path) -> None:
    with pytest.raises(BrokenIndex, match="mapper"):
        talk("create", "bulk refused").create(folder).write([ENTRY], removed=[5])


def test_a_server_that_cannot_be_reached_is_no_broken_index(folder: Path) -> None:
    class Silent(Connection):
        def perform_request(self, *_a: Any, **_k: Any) -> Any:
            raise Unreached("N/A", "refused", OSError())

    with pytest.raises(Problem) as caught:
        OpenSearchMaker("http://search.invalid:9200", Silent).create(folder)
    assert caught.value.code == "index_unusable"


def test_without_an_address_the_setting_is_named() -> None:
    with pytest.raises(Problem, match="VANBAN_OPENSEARCH_URL"):
        OpenSearchMaker("").create(Path("nowhere"))
