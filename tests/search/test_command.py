"""`vanban search` as programs see it: the contract's JSON, one line a query, sorting, windows, wrong calls."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from corpus.database.store import Store
from search.index import indexer
from tests import forked_command

HIT = {"id", "number", "date", "doc_type", "issuer", "subject", "file", "score", "snippet", "page"}


@pytest.fixture
def vanban(store: Store, put: Callable[..., int]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Calls the command on a store of two documents."""
    put("phong trào thi đua", number="31/KH-STTTT", date="2022-04-27", kind="Kế hoạch", subject="Thi đua")
    put("thi đua nữa", number="93/KH-UBND", date="2023-04-12", kind="Công văn")
    indexer.sync(store)

    return partial(forked_command.vanban, store.settings.home)


def test_the_contracts_result(vanban: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = vanban("search", "thi dua", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0 and set(found) == {"total", "took_ms", "hits", "facets", "suggestion"}
    assert found["total"] == 2 and found["suggestion"] is None and found["took_ms"] > 0
    assert all(set(hit) == HIT for hit in found["hits"])
    assert found["facets"] == {
        "doc_type": {"Công văn": 1, "Kế hoạch": 1},
        "issuer": {},
        "year": {"2022": 1, "2023": 1},
    }
    one = next(hit for hit in found["hits"] if hit["id"] == 1)
    assert (one["number"], one["date"], one["doc_type"], one["subject"], one["file"], one["page"]) == (
        "31/KH-STTTT", "2022-04-27", "Kế hoạch", "Thi đua", "scan.pdf", 1
    )  # fmt: skip
    assert one["snippet"] == "phong trào <mark>thi đua</mark>"


def test_one_line_a_query(vanban: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    (tmp_path / "asked.txt").write_text('thi đua\n\n31/KH-STTTT\n"((\n', encoding="utf-8")
    done = vanban("search", "--queries", str(tmp_path / "asked.txt"), "--json", "--limit", "1")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["total"] for line in lines] == [2, 0, 1, 0]
    assert len(lines[0]["hits"]) == 1 and lines[2]["hits"][0]["id"] == 1


def test_sorting_and_windows(vanban: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    newest = json.loads(vanban("search", "thi đua", "--json", "--sort", "newest").stdout)
    assert [hit["id"] for hit in newest["hits"]] == [2, 1]
    second = json.loads(vanban("search", "thi đua", "--json", "--sort", "oldest", "--offset", "1").stdout)
    assert [hit["id"] for hit in second["hits"]] == [2] and second["total"] == 2


def test_for_people(vanban: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = vanban("search", "thii đua")
    assert done.returncode == 0 and "Có phải bạn tìm: thi đua" in done.stdout


def test_effect_for_people_and_for_programs(
    vanban: Callable[..., subprocess.CompletedProcess[str]], store: Store, put: Callable[..., int]
) -> None:
    id = put("quy định", number="5/QĐ-UBND", date="2020-01-01", since="2020-02-01", until="2021-12-31")
    indexer.sync(store)
    assert "5/QĐ-UBND" in (said := vanban("search", "hieuluc:het").stdout) and "[Hết hiệu lực]" in said
    hits = json.loads(vanban("search", "hieuluc:2021-12-31", "--json").stdout)["hits"]
    assert [(hit["id"], hit["effect"]) for hit in hits] == [(id, "in_force")] and set(hits[0]) == HIT | {"effect"}
    assert "[" not in vanban("search", "quy định").stdout


def test_wrong_calls(vanban: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert vanban("search").returncode == 2
    assert vanban("search", "a", "--sort", "best").returncode == 2
    for engine in ("tantivy", "auto"):
        done = vanban("reindex", "--engine", engine)
        assert done.returncode == 0 and "2" in done.stdout
    assert vanban("reindex", "--engine", "best").returncode == 2
    assert json.loads(vanban("search", "thi đua", "--json").stdout)["total"] == 2


def test_a_search_loads_neither_pages_nor_reading_nor_segmenting() -> None:
    """A search from a cold start is mostly loading; `script/bench search` tells what it takes."""
    loaded = "import sys, web.commands.search; print(*{name.split('.')[0] for name in sys.modules})"
    names = subprocess.run(
        [sys.executable, "-c", loaded], check=True, capture_output=True, text=True
    ).stdout.split()
    assert "search" in names
    assert {"flask", "ingest", "cv2", "PIL", "underthesea", "lxml", "tantivy", "tesserocr"}.isdisjoint(names)
