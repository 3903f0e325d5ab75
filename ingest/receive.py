"""The one door by which a file enters the store, from the command line and from the pages alike.

The first bytes decide what a file is; then its bytes stream to where originals are kept, within the size limit. A ZIP is
taken member by member. A file counts as taken only when `records.receive` has returned.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpus import records
from corpus.access import groups
from corpus.access.groups import Groups
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.typed_text import clean_text
from ingest.files import zip_archive
from ingest.files.media_type import sniff

HEAD = 64 * 1024
"""Bytes that `sniff` sees."""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file at the door: `receipt` is None when `problem` kept it out."""

    name: str
    receipt: records.Receipt | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """On whose word and on what terms files are taken."""

    actor: str
    auto_accept: bool = False
    sample: bool = False
    limited_to: tuple[str, ...] = ()
    """Names of the groups that alone may see what is taken."""
    by: Groups = None
    """The groups of who sends it; None: all."""


def take(store: Store, source: BinaryIO, name: str, terms: Terms) -> list[Outcome]:
    """Takes one file, or each member of a ZIP; a refusal is an Outcome, so that the others go on.

    Raises Problem only for what concerns the whole store: store_busy, originals_unreachable.
    """
    try:
        _check_groups(store, terms)
        head = source.read(HEAD)
        media_type = sniff(head, name)
        whole = io.BufferedReader(_Rejoined(head, source), _BLOCK)
        if media_type == "application/zip":
            return list(_members(store, whole, name, terms))
        receipt = _received(store, whole, name, media_type, terms)
    except Problem as problem:
        if problem.code in ("store_busy", "originals_unreachable"):
            raise
        return [Outcome(name, None, problem)]
    if receipt.code is not None:
        return [Outcome(name, None, Problem(receipt.code, name=name, mark="?"))]
    return [Outcome(name, receipt)]


def _check_groups(store: Store, terms: Terms) -> None:
    """Before the first byte is kept: a file for a group that isn't the sender's must not lie here unseen by the gate."""
    if any(terms.limited_to):
        with store.db.reading() as session:
            groups.check_own(session, terms.limited_to, terms.by)


def _received(store: Store, whole: BinaryIO, name: str, media_type: str, terms: Terms) -> records.Receipt:
    """Keeps the bytes and has them received; bytes that are not taken after all are taken out again."""
    sha256 = content_store.put_original(store, whole, name=name)
    with _dropped_unless_taken(store, sha256):
        return records.receive(
            store, sha256, name, media_type, _size(store, sha256), terms.actor,
            auto_accept=terms.auto_accept, sample=terms.sample, limited_to=terms.limited_to, by=terms.by,
        )  # fmt: skip


@contextmanager
def _dropped_unless_taken(store: Store, sha256: str) -> Iterator[None]:
    """Takes the bytes out again when the block raises; where that fails too, `vanban check` finds them."""
    try:
        yield
    except Exception:
        with suppress(Problem):
            records.drop_unclaimed(store, sha256)
        raise


def take_released(store: Store, source: BinaryIO, name: str, document: Document, reason: str, actor: str) -> None:
    """Takes the bytes of a refused document again, which bear no secrecy mark in a clerk's word; `source` can seek.

    Raises Problem("other_file") when they are not the same, and what `put_original` and `records.overrule_mark` raise.
    """
    # Before anything is kept: without a reason no byte of what may be classified stays here.
    said = clean_text("reason", reason, required=True)
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
    if digest.hexdigest() != document.sha256:
        raise Problem("other_file", name=name)
    source.seek(0)
    content_store.put_original(store, source, name=name)
    with _dropped_unless_taken(store, document.sha256):
        records.overrule_mark(store, document.id, name, said, actor)


def _size(store: Store, sha256: str) -> int:
    look = content_store.look_at(store, sha256)
    if look is None:
        # Purged while it came in: `records.receive` says so too, under the lock.
        raise Problem("store_busy")
    return look.size


def _members(store: Store, source: BinaryIO, name: str, terms: Terms) -> Iterator[Outcome]:
    """Each member through the same door; a ZIP inside a ZIP is refused by `zip_archive.members` itself."""
    limit = store.settings.max_upload_bytes
    # Where half-written uploads lie: what a kill leaves of it is cleared with them, since no gate has seen it.
    with tempfile.NamedTemporaryFile(dir=store.originals / ".staging") as spool:
        fcntl.flock(spool, fcntl.LOCK_EX)
        taken = 0
        while block := source.read(_BLOCK):
            taken += len(block)
            if taken > limit:
                raise Problem("too_large", name=name, limit=f"{limit >> 20} MB")
            spool.write(block)
        spool.flush()
        for member, stream in zip_archive.members(Path(spool.name), store.settings, name):
            yield from take(store, stream, member, terms)


class _Rejoined(io.RawIOBase):
    """A stream with the head that was read from it put back in front."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = len(buffer)
        piece = bytes(self._head[:wanted]) if self._head else self._rest.read(wanted)
        self._head = self._head[wanted:]
        buffer[: len(piece)] = piece
        return len(piece)
