"""Commits to a cluster: documents in requests of bounded size, those that a busy server puts off sent again."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from corpus.errors import Problem
from search.engines.base import IndexEntry
from search.engines.opensearch import requests
from search.engines.opensearch.connection import problem_of, refusals

MOST_BYTES = 5_000_000
"""Bytes of one request: a server refuses those over 100 MB, and answers 429 for less when it is busy."""
_MOST_DOCUMENTS = 1000
"""Documents of one request."""
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the attempts at what a busy server put off, each up to half as long again."""
_IN_MEMORY = 16_000_000
"""Bytes of a commit up to which it is gathered in memory, and beyond in a temporary file."""
_PASSING = ("search_busy", "search_partial")
"""Problems of a request, or of one document in it, that may be gone at a later attempt."""


def write(
    client: Any, index: str, entries: Iterable[IndexEntry], removed: Sequence[int], *, seconds: float, alias: bool
) -> int:
    """Replace entries, take others out and make both visible; return the number of entries.

    All is gathered before any is sent, so that a store that fails half-way leaves the index unchanged. Not one
    commit: what was sent before a failure stays, and the next write of the same documents makes it whole.

    alias: `index` is an alias and must stay one; without that a server makes an index of that name by itself.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        sizes, count = _gather(spool, entries, removed)
        if not sizes:
            return 0
        params = {"require_alias": "true"} if alias else {}
        if len(sizes) == 1:
            params["refresh"] = "true"
        spool.seek(0)
        for size in sizes:
            _send(client, index, spool.read(size), params, seconds)
        if len(sizes) > 1:
            with refusals():
                client.indices.refresh(index=index, params={"request_timeout": seconds})
    return count


def _gather(spool: IO[bytes], entries: Iterable[IndexEntry], removed: Sequence[int]) -> tuple[list[int], int]:
    """Put the lines of a commit into a file; return the bytes of each request, and the number of entries."""
    sizes, documents, count = [0], 0, 0
    for is_entry, lines in _lines(entries, removed):
        if sizes[-1] and (sizes[-1] + len(lines) > MOST_BYTES or documents >= _MOST_DOCUMENTS):
            sizes.append(0)
            documents = 0
        sizes[-1] += spool.write(lines)
        documents, count = documents + 1, count + is_entry
    return [size for size in sizes if size], count


def _lines(entries: Iterable[IndexEntry], removed: Sequence[int]) -> Iterator[tuple[bool, bytes]]:
    """(True for an entry, its lines), those that are taken out first."""
    for id in removed:
        yield False, _line({"delete": {"_id": str(id)}})
    for entry in entries:
        yield True, _line({"index": {"_id": str(entry.id)}}) + _line(requests.document(entry))


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _send(client: Any, index: str, lines: bytes, params: dict[str, Any], seconds: float) -> None:
    """Send one request, and what of it a busy server put off again, with growing pauses.

    Raises what `refusals` raises, for the first document that was refused for good or too often.
    """
    for pause in (*_PAUSES, None):
        put_off, problem = _attempt(client, index, lines, params, seconds)
        if problem is None:
            return
        if pause is None or not put_off:
            raise problem
        lines = put_off
        time.sleep(pause * random.uniform(1.0, 1.5))  # noqa: S311


def _attempt(
    client: Any, index: str, lines: bytes, params: dict[str, Any], seconds: float
) -> tuple[bytes, Problem | None]:
    """(lines to send again, the problem); no lines if another attempt would not help."""
    try:
        with refusals():
            reply = client.bulk(index=index, body=lines, params={**params, "request_timeout": seconds})
    except Problem as problem:
        return (lines if problem.code in _PASSING else b""), problem
    if not reply.get("errors"):
        return b"", None
    again: list[bytes] = []
    worst: Problem | None = None
    for own, item in zip(_actions(lines), reply["items"], strict=True):
        ((act, said),) = item.items()
        status = int(said.get("status", 200))
        if status < 300 or (act == "delete" and status == 404):
            continue
        error = said.get("error") or {}
        refused = problem_of(status, str(error.get("type", "")), str(error.get("reason", "")))
        if refused.code not in _PASSING:
            return b"", refused
        again, worst = [*again, own], refused
    return b"".join(again), worst


def _actions(lines: bytes) -> Iterator[bytes]:
    """The lines of each document of a request."""
    rest = iter(lines.splitlines(keepends=True))
    for line in rest:
        yield line if line.startswith(b'{"delete"') else line + next(rest)
