"""Exchanges with a real OpenSearch server, kept in exchanges.json with the server's version.

Made again by `python -m tests.search.engines.opensearch.recording ADDRESS`; test_engine.py replays them.
Names of indices bear time and folder: `{index}` stands for them.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opensearchpy import Connection, Urllib3HttpConnection
from opensearchpy.exceptions import HTTP_EXCEPTIONS, TransportError

from corpus.errors import Problem
from search.engines.base import Adjacent, BrokenIndex, Every, IndexEntry, Plan, Some, Starts, Term
from search.engines.opensearch import requests
from search.engines.opensearch.connection import ClusterAccess
from search.engines.opensearch.engine import OpenSearchMaker
from search.tokens import syllables

FILE = Path(__file__).parent / "exchanges.json"
STORE = "ghilai"
_NAME = re.compile(rf"vanban-[0-9a-f]{{12}}-{STORE}-[0-9a-f]+-[0-9a-f]{{8}}")
_POINT = re.compile(r'"[\w+/=-]{60,}"')
"""Name of a point in time."""
_CHANGING = re.compile(
    r'("(?:took|_seq_no|_primary_term|creation_time|creation_date|uuid|provided_name|index_uuid|node'
    r'|cluster_uuid|cluster_name|name)": ?)("[^"]*"|\d+)'
)
"""Values of a reply that differ from run to run and mean nothing here."""

PLAN = Plan(
    Every((Term("fold", "thi"), Some((Term("syl", "đua", 2.0), Starts("fold", "khe"))))),
    should=(Adjacent("syl", ("thi", "đua"), 0.8), Term("subject", "thi")),
    without=(Term("fold", "thuyen"),),
    first=(Term("keys", "31-KH-STTTT"),),
    start="2022-01-01",
    facets=(("doc_type", "Kế hoạch"),),
)
ENTRIES = (
    IndexEntry(7, 3, (syllables("Thi đua"), syllables("khen")), number=("31",), keys=("31-KH-STTTT",),
               date="2022-04-27", doc_type="Kế hoạch"),
    IndexEntry(8, 1, (syllables("Thi đua"),), date="2023-01-05", doc_type="Kế hoạch"),
    IndexEntry(9, 1, (syllables("Thi tuyển"),), subject=syllables("thi tuyển"), date="2021-01-05",
               doc_type="Công văn"),
)  # fmt: skip


def written(maker: OpenSearchMaker, folder: Path) -> list[object]:
    """An index is made, filled, asked, put in force, attached to, and removed."""
    engine = maker.create(folder)
    found: list[object] = [engine.write(ENTRIES, removed=[5])]
    answer = engine.search(PLAN, limit=20)
    found += [answer.total, [id for id, _ in answer.top], answer.facets]
    found += [[id for id, _ in engine.search(Plan(None, sort="newest", groups=None), limit=2).top]]
    found += [engine.search(Plan(None, groups=()), limit=2).total]
    found += [engine.frequencies("fold", ["thi", "zzz"]), engine.count(), engine.revisions(), engine.expunge()]
    maker.put_in_force(folder)
    found += [folder.exists(), maker.attach().count()]
    return found


def gone(maker: OpenSearchMaker, folder: Path) -> list[object]:
    """An index that somebody removed is broken, and one that was never made."""
    engine = maker.create(folder)
    engine._client.indices.delete(index=engine._index)
    return [_raised(lambda: engine.count()), _raised(lambda: maker.open(folder)),
            _raised(lambda: OpenSearchMaker(maker._access, "khongco", maker._connection).attach())]  # fmt: skip


def full(maker: OpenSearchMaker, folder: Path) -> list[object]:
    """An index that a full disk made read-only is searched and not written."""
    engine = maker.create(folder)
    engine.write(ENTRIES)
    block = {"index.blocks.read_only_allow_delete": True}
    engine._client.indices.put_settings(index=engine._index, body=block)
    found: list[object] = [_raised(lambda: engine.write(ENTRIES)), engine.count()]
    engine._client.indices.put_settings(index=engine._index, body={"index.blocks.read_only_allow_delete": None})
    maker.discard(folder)
    return found


def conflict(maker: OpenSearchMaker, folder: Path) -> list[object]:
    """An index of another mapping refuses documents: the server's own words are in the problem."""
    client = maker._client()
    engine = maker.create(folder)
    client.indices.delete(index=engine._index)
    client.indices.create(index=engine._index, body={"mappings": {"properties": {"subject": {"type": "long"}}}})
    found: list[object] = [_raised(lambda: engine.write(ENTRIES))]
    maker.discard(folder)
    return found


SCENARIOS: dict[str, Callable[[OpenSearchMaker, Path], list[object]]] = {
    one.__name__: one for one in (written, gone, full, conflict)
}


def _raised(act: Callable[[], object]) -> str:
    try:
        return f"no problem: {act()}"
    except Problem as problem:
        return problem.code
    except BrokenIndex:
        return "BrokenIndex"


def recorder(kept: list[dict[str, Any]]) -> type[Connection]:
    """A connection to a real server that keeps what goes over it."""

    class Recorder(Urllib3HttpConnection):  # type: ignore[misc]
        def perform_request(
            self, method: str, url: str, params: Any = None, body: Any = None, *more: Any, **named: Any
        ) -> Any:
            sent = {"method": method, "path": plain(url), "body": lines(body)}
            try:
                status, headers, reply = super().perform_request(method, url, params, body, *more, **named)
            except TransportError as error:
                kept.append(
                    {**sent, "status": error.status_code, "reply": json.loads(plain(json.dumps(error.info)))}
                )
                raise
            text = reply.decode() if isinstance(reply, bytes) else reply
            kept.append({**sent, "status": status, "reply": json.loads(plain(text)) if text else ""})
            return status, headers, reply

    return Recorder


def replayer(kept: list[dict[str, Any]]) -> type[Connection]:
    """A connection to a server that knows these exchanges, in this order, and nothing else."""
    waiting, names = list(kept), dict[str, str]()

    class Replayer(Connection):  # type: ignore[misc]
        def perform_request(
            self, method: str, url: str, params: Any = None, body: Any = None, *_more: Any, **_named: Any
        ) -> Any:
            assert waiting, f"nothing more was recorded: {method} {url}"
            one = waiting.pop(0)
            if found := _NAME.search(url):
                names["index"] = found.group()
            assert (method, plain(url), lines(body)) == (one["method"], one["path"], one["body"])
            reply = json.dumps(one["reply"]).replace("{index}", names.get("index", ""))
            if one["status"] >= 400:
                raise HTTP_EXCEPTIONS.get(one["status"], TransportError)(
                    one["status"], _kind(json.loads(reply)), json.loads(reply)
                )
            return one["status"], {"content-type": "application/json"}, reply if one["reply"] != "" else ""

    return Replayer


def _kind(reply: Any) -> str:
    error = reply.get("error") if isinstance(reply, dict) else None
    return str(error.get("type", "")) if isinstance(error, dict) else str(error or "")


def plain(text: str) -> str:
    """A text without what differs from run to run."""
    return _CHANGING.sub(r"\1 0", _POINT.sub('"point"', _NAME.sub("{index}", text)))


def lines(body: Any) -> list[Any] | None:
    """A request's JSON, line by line."""
    if body is None:
        return None
    text = body.decode() if isinstance(body, bytes) else body if isinstance(body, str) else json.dumps(body)
    return [json.loads(plain(line)) for line in text.splitlines()]


def main() -> None:
    kept: dict[str, Any] = {}
    for name, scenario in SCENARIOS.items():
        exchanges: list[dict[str, Any]] = []
        maker = OpenSearchMaker(ClusterAccess((sys.argv[1],), replicas=0), STORE, recorder(exchanges))
        with tempfile.TemporaryDirectory() as folder:
            found = scenario(maker, Path(folder) / "index")
        kept[name] = {"found": json.loads(json.dumps(found)), "exchanges": exchanges}
    cleaner = OpenSearchMaker(ClusterAccess((sys.argv[1],)), STORE)._client()
    cleaner.indices.delete(index=f"vanban-*-{STORE}-*")
    version = cleaner.info()["version"]["number"]
    whole = {"server": version, "schema": requests.SCHEMA_VERSION, **kept}
    FILE.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
