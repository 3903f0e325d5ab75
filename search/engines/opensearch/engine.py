"""The engine for many machines: an OpenSearch cluster (extra `cluster`); the folder holds only the name of its index."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corpus.errors import Problem
from search.engines.base import Answer, BrokenIndex, Entry, Plan
from search.engines.opensearch import requests as body

_MARK = "opensearch.json"
_SECONDS = 30


class OpenSearchMaker:
    """Makes engines on the server at an address; `connection` stands in for the network in tests."""

    def __init__(self, address: str, connection: Any = None) -> None:
        self._address = address
        self._connection = connection

    def create(self, folder: Path) -> OpenSearchEngine:
        """A new index on the server; its name is the folder's, with the home's so that stores don't meet."""
        client = self._client()
        name = _index_name(folder)
        with _reached():
            client.indices.create(index=name, body=body.INDEX)
        folder.mkdir(parents=True, exist_ok=True)
        mark = {"index": name, "schema": body.SCHEMA_VERSION}
        (folder / _MARK).write_text(json.dumps(mark), encoding="utf-8")
        return OpenSearchEngine(client, name)

    def open(self, folder: Path) -> OpenSearchEngine:
        try:
            mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
            name, schema = mark["index"], mark["schema"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BrokenIndex(f"{folder.name}: {error}") from error
        client = self._client()
        with _reached():
            there = client.indices.exists(index=name)
        if schema != body.SCHEMA_VERSION or not there:
            raise BrokenIndex(f"{folder.name}: {name} is not there, or of another schema")
        return OpenSearchEngine(client, name)

    def discard(self, folder: Path) -> None:
        with suppress(BrokenIndex, Problem):
            self.open(folder).remove()
        shutil.rmtree(folder, ignore_errors=True)

    def _client(self) -> Any:
        if find_spec("opensearchpy") is None or not self._address:
            why = "cần phần mở rộng cluster (pip install 'vanban[cluster]') và VANBAN_OPENSEARCH_URL"
            raise Problem("bad_value", field="VANBAN_SEARCH_ENGINE", value="opensearch", why=why)
        import opensearchpy

        kind = self._connection or opensearchpy.Urllib3HttpConnection
        return opensearchpy.OpenSearch(self._address, connection_class=kind, timeout=_SECONDS, max_retries=2)


class OpenSearchEngine:
    """One index on a server; its client may be shared by threads."""

    name = "opensearch"

    def __init__(self, client: Any, index: str) -> None:
        self._client = client
        self._index = index

    def write(self, entries: Iterable[Entry], removed: Sequence[int] = ()) -> int:
        # All is gathered before any is sent, so that a store that fails half-way leaves the index as it was.
        written = [(entry.id, body.document(entry)) for entry in entries]
        lines: list[dict[str, Any]] = [{"delete": {"_index": self._index, "_id": str(id)}} for id in removed]
        for id, document in written:
            lines += [{"index": {"_index": self._index, "_id": str(id)}}, document]
        if lines:
            with _reached():
                reply = self._client.bulk(body=lines, params={"refresh": "true"})
            failed = [item["index"] for item in reply["items"] if item.get("index", {}).get("status", 200) >= 300]
            if failed:
                raise BrokenIndex(f"{self._index}: {failed[0].get('error')}")
        return len(written)

    def expunge(self) -> bool:
        """Asks for the merge of all segments with deleted entries; by itself the server leaves those with few alone."""
        whole = {"index.merge.policy.expunge_deletes_allowed": 0}
        with _reached():
            self._client.indices.put_settings(index=self._index, body=whole)
            self._client.indices.forcemerge(index=self._index, params={"only_expunge_deletes": "true"})
        return True

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        if plan.groups == ():
            return Answer(0, ())
        return body.answer(self._ask(body.search(plan, limit, offset)))

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        if not texts:
            return {}
        return body.counts(texts, self._ask(body.frequencies(field, texts)))

    def count(self) -> int:
        with _reached():
            return int(self._client.count(index=self._index)["count"])

    def revisions(self) -> dict[int, int]:
        found: dict[int, int] = {}
        after: list[Any] | None = None
        while hits := self._ask(body.revisions(after))["hits"]["hits"]:
            found |= {int(hit["_id"]): int(hit["fields"]["revision"][0]) for hit in hits}
            after = hits[-1]["sort"]
        return found

    def remove(self) -> None:
        """Takes the index from the server."""
        with _reached():
            self._client.indices.delete(index=self._index, params={"ignore_unavailable": "true"})

    def close(self) -> None:
        self._client.close()

    def _ask(self, query: dict[str, Any]) -> Any:
        import opensearchpy

        try:
            with _reached():
                return self._client.search(index=self._index, body=query)
        except opensearchpy.NotFoundError as error:
            raise BrokenIndex(f"{self._index} is gone") from error


def _index_name(folder: Path) -> str:
    home = "".join(
        char for char in folder.absolute().parent.parent.name.lower() if char.isascii() and char.isalnum()
    )
    return f"vanban-{home or 'store'}-{folder.name.lower()}"


@contextmanager
def _reached() -> Iterator[None]:
    """A server that can't be reached is no broken index: nothing is built anew for it."""
    import opensearchpy

    try:
        yield
    except opensearchpy.ConnectionError as error:
        raise Problem("index_unusable") from error
