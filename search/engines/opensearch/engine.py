"""The engine for many machines: an index on an OpenSearch cluster (extra `cluster`), behind an alias."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from corpus.errors import Problem
from search.engines.base import Answer, BrokenIndex, IndexEntry, Plan
from search.engines.opensearch import bulk
from search.engines.opensearch import requests as body
from search.engines.opensearch.connection import ClusterAccess, connect, refusals

_MARK = "opensearch.json"
"""File of a folder that names an index on the cluster and its schema."""
_PATIENT = 6
"""Times that a commit or a merge may take what a search may."""
_AGAIN_SECONDS = 0.3
"""Time after which a search that met a shard without a node is asked once more."""
_GRACE_SECONDS = 1.0
"""Time that an index stays after another one took its alias."""
_KEPT = "2m"
"""Time that a point in time lives between two pages."""


class OpenSearchMaker:
    """Maker of engines on one cluster, for one store.

    The index in force is behind an alias with the store's name and the schema's version, so that machines with two
    versions of the program each have their own. An index that is being built has no alias.
    """

    def __init__(self, access: ClusterAccess, store: str = "", connection: Any = None) -> None:
        """store: name of the store on the cluster, of letters and digits; tests give `connection`."""
        self._access = access
        self._store = store
        self._connection = connection

    @property
    def alias(self) -> str:
        """Name of the index in force for this version of the program."""
        return f"{body.SCHEMA_VERSION}-{self._store_name}"

    @property
    def _store_name(self) -> str:
        return self._store or "store"

    def create(self, folder: Path) -> OpenSearchEngine:
        """An empty index, which is not in force; the folder keeps its name."""
        own = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:8]
        name = f"{self.alias}-{time.time_ns() // 1_000_000:x}-{own}"
        client = self._client()
        with refusals():
            client.indices.put_index_template(name=body.TEMPLATE_NAME, body=body.TEMPLATE)
            client.indices.create(index=name, body=body.new_index(self._access.shards))
        folder.mkdir(parents=True, exist_ok=True)
        mark = {"index": name, "schema": body.SCHEMA_VERSION}
        (folder / _MARK).write_text(json.dumps(mark), encoding="utf-8")
        return OpenSearchEngine(client, name, self._access)

    def open(self, folder: Path) -> OpenSearchEngine:
        """The index that a folder names. Raises BrokenIndex if it is not there, or of another schema."""
        mark = _mark(folder)
        client = self._client()
        with refusals():
            there = client.indices.exists(index=mark["index"])
        if mark.get("schema") != body.SCHEMA_VERSION or not there:
            raise BrokenIndex(f"{folder.name}: {mark['index']} is not there, or of another schema")
        return OpenSearchEngine(client, mark["index"], self._access)

    def discard(self, folder: Path) -> None:
        with suppress(BrokenIndex, Problem):
            name, client = _mark(folder)["index"], self._client()
            with refusals():
                client.indices.delete(index=name, params={"ignore_unavailable": "true"})
        shutil.rmtree(folder, ignore_errors=True)

    def attach(self) -> OpenSearchEngine:
        """The index in force, whichever machine built it; raises BrokenIndex if there is none."""
        client = self._client()
        with refusals():
            if not client.indices.exists_alias(name=self.alias):
                raise BrokenIndex(f"{self.alias} is not there")
        return OpenSearchEngine(client, self.alias, self._access, alias=True)

    def put_in_force(self, folder: Path) -> None:
        """Give the alias to the index that a folder names, in one step, and then remove all others of this schema.

        Waits until its copies are on other nodes, as far as there are nodes.
        """
        name, client = _mark(folder)["index"], self._client()
        seconds = self._access.seconds * _PATIENT
        with refusals():
            client.indices.put_settings(index=name, body=body.in_force(self._access.replicas))
            client.cluster.health(
                index=name,
                params={"wait_for_no_initializing_shards": "true", "timeout": f"{seconds:.0f}s",
                        "request_timeout": seconds + 10},
            )  # fmt: skip
            before = [one for one in self._indices(client) if one != name]
            swap: list[dict[str, Any]] = [
                {"remove": {"index": one, "alias": self.alias, "must_exist": False}} for one in before
            ]
            swap.append({"add": {"index": name, "alias": self.alias}})
            client.indices.update_aliases(body={"actions": swap}, params={"request_timeout": seconds})
            if before:
                # Searches under way in the one that was in force end first.
                time.sleep(_GRACE_SECONDS)
                client.indices.delete(index=",".join(before), params={"ignore_unavailable": "true"})
        shutil.rmtree(folder, ignore_errors=True)

    def others(self) -> list[str]:
        """Indices of this store that were made by other versions of the program."""
        client = self._client()
        with refusals():
            named = f"vanban-*-{self._store_name}-*"
            every = client.indices.get(index=named, params={"ignore_unavailable": "true"})
        return sorted(name for name in every if not name.startswith(f"{self.alias}-"))

    def _indices(self, client: Any) -> list[str]:
        """Indices of this store and schema, finished or not."""
        found = client.indices.get(index=f"{self.alias}-*", params={"ignore_unavailable": "true"})
        return sorted(found)

    def _client(self) -> Any:
        return connect(self._access, self._connection)


class OpenSearchEngine:
    """One index on a cluster, by its name or by the alias in force; threads may share its client."""

    name = "opensearch"

    def __init__(self, client: Any, index: str, access: ClusterAccess, *, alias: bool = False) -> None:
        self._client = client
        self._index = index
        self._alias = alias
        self._patient = access.seconds * _PATIENT
        # Scores are comparable between shards only if each knows how rare a word is in all of them.
        self._how = {"search_type": "dfs_query_then_fetch"} if access.shards > 1 else {}

    def write(self, entries: Iterable[IndexEntry], removed: Sequence[int] = ()) -> int:
        return bulk.write(self._client, self._index, entries, removed, seconds=self._patient, alias=self._alias)

    def expunge(self) -> bool:
        """Request a merge of all segments with deleted entries; the server itself leaves those with few alone.
        True if it was accepted, always: a failure raises.
        """
        whole = {"index.merge.policy.expunge_deletes_allowed": 0}
        params = {"only_expunge_deletes": "true", "request_timeout": self._patient}
        with refusals():
            self._client.indices.put_settings(index=self._index, body=whole)
            self._client.indices.forcemerge(index=self._index, params=params)
        return True

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        if plan.groups == ():
            return Answer(0, ())
        if limit and offset + limit > body.DEEPEST:
            return self._deep(plan, limit, offset)
        return body.answer(self._ask(body.search(plan, limit, offset)))

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        if not texts:
            return {}
        return body.counts(texts, self._ask(body.frequencies(field, texts)))

    def count(self) -> int:
        with refusals():
            return int(self._client.count(index=self._index)["count"])

    def revisions(self) -> dict[int, int]:
        found: dict[int, int] = {}
        with self._point_in_time() as point:
            after: list[Any] | None = None
            while hits := self._ask(body.revisions(after) | point, index=None)["hits"]["hits"]:
                found |= {int(hit["_id"]): int(hit["fields"]["revision"][0]) for hit in hits}
                after = hits[-1]["sort"]
        return found

    def close(self) -> None:
        self._client.close()

    def _deep(self, plan: Plan, limit: int, offset: int) -> Answer:
        """A window beyond those that a server gives by rank, after all before it at one point in time."""
        top: list[tuple[int, float]] = []
        with self._point_in_time() as point:
            found = body.answer(self._ask(body.search(plan, 0, 0)))
            after: list[Any] | None = None
            at, last = 0, min(offset + limit, found.total)
            while at < last:
                size = min(body.DEEPEST, last - at)
                hits = self._ask(body.deep(plan, after, size) | point, index=None)["hits"]["hits"]
                if not hits:
                    break
                top += [(int(hit["_id"]), float(hit["_score"] or 0.0)) for hit in hits[max(0, offset - at) :]]
                at, after = at + len(hits), hits[-1]["sort"]
        return Answer(found.total, tuple(top), found.facets)

    @contextmanager
    def _point_in_time(self) -> Iterator[dict[str, Any]]:
        """One state of the index for several requests: `pit` of their bodies."""
        with refusals():
            made = self._client.create_pit(index=self._index, params={"keep_alive": _KEPT})
        try:
            yield {"pit": {"id": made["pit_id"], "keep_alive": _KEPT}}
        finally:
            with suppress(Problem, BrokenIndex), refusals():
                self._client.delete_pit(body={"pit_id": [made["pit_id"]]})

    def _ask(self, query: dict[str, Any], index: str | None = "") -> Any:
        """A reply in which every shard took part; index: None for the one of a point in time."""
        # With a shard away counts and hits would be of a part of the store, and nobody could tell.
        params = {"allow_partial_search_results": "false", **self._how}
        where = self._index if index == "" else index
        try:
            with refusals():
                return self._client.search(index=where, body=query, params=params)
        except Problem as problem:
            if problem.code != "search_partial":
                raise
        # A node was lost, or the index given up for another, while it was asked: others answer the second time.
        time.sleep(_AGAIN_SECONDS)
        with refusals():
            return self._client.search(index=where, body=query, params=params)


def _mark(folder: Path) -> dict[str, str]:
    """The index that a folder names; raises BrokenIndex if it names none."""
    try:
        mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        return {"index": str(mark["index"]), "schema": str(mark.get("schema"))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenIndex(f"{folder.name}: {error}") from error
