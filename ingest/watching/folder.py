"""A watched folder: each finished file is taken in, then moved to `done/`, or to `failed/` with a note.

Polling, since network shares don't report changes. A file is finished if it has been stable for a while, is whole
by its own format and no process has it open for writing. It is moved only after its bytes are stored and its row
is committed, and checked again after the move and for a while: one that has grown is taken in again, so that
nothing is lost in between.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import structlog
from sqlalchemy import select

from corpus import records
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Language, Problem
from ingest import receive
from ingest.files.member_names import shown
from ingest.files.whole import can_go_on, is_whole
from ingest.watching import files as watched_files
from ingest.watching.files import DONE, FAILED, FileState

_GOES_ON = 3
"""Factor on the settling time for formats without an end mark (TIFF, text)."""
_PATIENCE = 60
"""Factor on the settling time after which an incomplete file counts as damaged, or an empty one is reported."""
_AGAIN_SECONDS = 30.0
"""Pause before a file that the store could not take is tried again."""
_OLD_SECONDS = 300.0
_RESUMED_SECONDS = 86_400.0
"""Age of the files in `done/` that a start compares with the store: one may have grown while nobody watched."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WatchMessage:
    """Result for one file, in words; `well` is False if somebody should look at it."""

    name: str
    said: str
    well: bool = True


@dataclass(slots=True)
class _Waiting:
    """A file since its last change: state, time of the change (monotonic seconds), and time of the next
    attempt.
    """

    state: FileState
    since: float
    not_before: float = 0.0


@dataclass(slots=True)
class _Taken:
    """A file after its move: the state taken in, the documents made of it, and the time until which it is
    checked.
    """

    state: FileState
    sha256: str
    documents: tuple[int, ...]
    until: float
    since: float
    sound: bool = False
    """True once its bytes were compared and it has not changed since."""


@dataclass(slots=True)
class Watcher:
    """One watched folder and what is known of its files; `round` does one round of work."""

    store: Store
    folder: Path
    terms: receive.UploadOptions
    language: Language
    recursive: bool = True
    once: bool = False
    """Report unfinished files at once rather than wait for them."""
    _waiting: dict[Path, _Waiting] = field(default_factory=dict)
    _taken: dict[Path, _Taken] = field(default_factory=dict)
    _said: dict[Path, str] = field(default_factory=dict)
    _resumed: bool = False

    @property
    def settle(self) -> float:
        return self.store.settings.watch_settle_seconds

    def round(self) -> Iterator[WatchMessage]:
        """Look once and take in what is finished; a failure costs one file one round and is reported once."""
        now = time.monotonic()
        try:
            seen = watched_files.look(self.folder, recursive=self.recursive)
        except OSError as error:
            why = watched_files.reason_of(error)
            yield from self._once(self.folder, Problem("folder_unreachable", name=self.folder, why=why))
            return
        if not self._resumed:
            yield from self._guard(self.folder / DONE, self._resume(now))
            self._resumed = True
        if self._said.pop(self.folder, None):
            yield WatchMessage(
                self.folder.name, "thư mục đã trở lại" if self.language == "vi" else "the folder is back"
            )
        for path in self._said.keys() - seen.waiting.keys() - seen.odd.keys() - self._taken.keys():
            del self._said[path]
        for path, kind in seen.odd.items():
            yield from self._once(path, Problem("not_a_file", name=self._name(path), what=kind))
        self._follow(seen.waiting, now)
        for path in list(self._waiting):
            yield from self._guard(path, self._take_finished(path, now))
        for path in list(self._taken):
            yield from self._guard(path, self._look_again(path, now))

    def is_idle(self) -> bool:
        """True if all waiting files have been reported, and all taken files have been stable since."""
        calm = all(taken.sound or path in self._said for path, taken in self._taken.items())
        return calm and all(path in self._said for path in self._waiting)

    def _resume(self, now: float) -> Iterator[WatchMessage]:
        """Find files in `done/` that the store doesn't know: they grew after their intake, while nobody
        watched.
        """
        oldest = time.time() - _RESUMED_SECONDS
        for path in sorted((self.folder / DONE).rglob("*")):
            state = path.stat(follow_symlinks=False)
            plain = path.is_file() and not path.is_symlink() and path.suffix.lower() != ".zip"
            if plain and state.st_mtime > oldest and not self._knows(_hash(path)):
                self._taken[path] = _Taken(FileState.of(state), "", (), now, now)
        yield from ()

    def _knows(self, sha256: str) -> bool:
        with self.store.db.reading() as session:
            return session.scalars(select(Document.id).where(Document.sha256 == sha256)).first() is not None

    def _follow(self, seen: dict[Path, FileState], now: float) -> None:
        for path in self._waiting.keys() - seen.keys():
            del self._waiting[path]
        for path, state in seen.items():
            known = self._waiting.get(path)
            if known is None or known.state != state:
                self._waiting[path] = _Waiting(state, now)
                self._said.pop(path, None)

    def _guard(self, path: Path, lines: Iterator[WatchMessage]) -> Iterator[WatchMessage]:
        """Lines of one file's work; an exception becomes a line too, and the file waits for another round."""
        try:
            yield from lines
            return
        except Problem as error:
            problem = error
        except FileNotFoundError:
            return
        except OSError as error:
            problem = Problem("file_unreadable", name=self._name(path), why=watched_files.reason_of(error))
        except Exception:
            # The wall: one file, or an unreachable database, must not end the watch.
            fault = random.randbytes(4).hex()  # noqa: S311
            log.exception("watch.fault", id=fault)
            problem = Problem("internal", id=fault)
        if path in self._waiting:
            self._waiting[path].not_before = time.monotonic() + min(_AGAIN_SECONDS, 10 * self.settle)
        if path in self._taken:
            self._taken[path].since = time.monotonic()
        yield from self._once(path, problem)

    def _once(self, path: Path, problem: Problem) -> Iterator[WatchMessage]:
        """A line, unless the same was reported for this path before."""
        if self._said.get(path) != problem.code:
            self._said[path] = problem.code
            yield WatchMessage(self._name(path), problem.message(self.language), well=False)

    def _name(self, path: Path) -> str:
        return shown(path.relative_to(self.folder).as_posix() if path != self.folder else path.name)

    def _take_finished(self, path: Path, now: float) -> Iterator[WatchMessage]:
        waiting = self._waiting[path]
        still = now - waiting.since
        if still < self.settle * (_GOES_ON if can_go_on(path.name) else 1) or now < waiting.not_before:
            return
        still = max(still, time.time() - waiting.state.changed / 1e9 if self._is_old(waiting.state) else 0.0)
        if self._is_finished(path, still):
            yield from self._take(path)
        elif self.once or still >= self.settle * _PATIENCE:
            yield from self._once(path, Problem("unfinished", name=self._name(path)))

    def _is_old(self, state: FileState) -> bool:
        """True if it changed long ago by its own clock; short times are ignored, since a share's clock may be
        wrong.
        """
        return time.time() - state.changed / 1e9 > max(self.settle * _PATIENCE, _OLD_SECONDS)

    def _is_finished(self, path: Path, still: float) -> bool:
        """True if it may be taken: nobody writes it, and it is whole, or has been incomplete for so long that
        it is damaged.
        """
        with os.fdopen(watched_files.opened(path), "rb") as stream:
            if os.fstat(stream.fileno()).st_size == 0 or watched_files.is_being_written(stream.fileno()):
                return False
            return is_whole(stream, path.name) is not False or still >= self.settle * _PATIENCE

    def _take(self, path: Path) -> Iterator[WatchMessage]:
        """Take the file in and move it away; growth in between is found by the checks after the move."""
        state, sha256, outcomes = self._receive(path)
        problems = [outcome.problem for outcome in outcomes if outcome.problem is not None]
        if grave := next((problem for problem in problems if problem.fault.status >= 500), None):
            # The store can't take it now (disk full): it stays in place for a later round.
            raise grave
        notes = [problem.message(self.language) for problem in problems]
        target = watched_files.move(path, self.folder, FAILED if notes else DONE, notes)
        self._waiting.pop(path, None)
        self._said.pop(path, None)
        self._watch_on(target, state, sha256, outcomes)
        yield from self._result_lines(path, outcomes)

    def _receive(self, path: Path) -> tuple[FileState, str, list[receive.Outcome]]:
        """State and hash of the very bytes that were taken in, and the outcomes."""
        with os.fdopen(watched_files.opened(path), "rb") as file:
            state = FileState.of(os.fstat(file.fileno()))
            hashed = _Hashed(file)
            outcomes = receive.take(self.store, io.BufferedReader(hashed), shown(path.name), self.terms)
            while hashed.read(1 << 20):
                pass
        return state, hashed.digest.hexdigest(), outcomes

    def _watch_on(self, target: Path, state: FileState, sha256: str, outcomes: list[receive.Outcome]) -> None:
        now = time.monotonic()
        documents = tuple(o.receipt.document_id for o in outcomes if o.receipt is not None)
        self._taken[target] = _Taken(state, sha256, documents, now + self.settle * _PATIENCE, now)

    def _result_lines(self, path: Path, outcomes: list[receive.Outcome]) -> Iterator[WatchMessage]:
        for outcome in outcomes:
            name = self._name(path) if len(outcomes) == 1 else outcome.name
            if outcome.problem is not None:
                yield WatchMessage(name, outcome.problem.message(self.language), well=False)
            else:
                yield WatchMessage(name, "đã nhận" if self.language == "vi" else "taken")

    def _look_again(self, path: Path, now: float) -> Iterator[WatchMessage]:
        """Check a file after its move: if it has changed since its intake, and is stable again, it is taken in
        again.
        """
        taken = self._taken[path]
        try:
            state = FileState.of(path.stat(follow_symlinks=False))
        except FileNotFoundError:
            del self._taken[path]
            return
        if state != taken.state:
            taken.state, taken.since, taken.until = state, now, now + self.settle * _PATIENCE
            taken.sound = False
        still = now - taken.since
        if taken.sound:
            if now > taken.until:
                del self._taken[path]
        elif still < self.settle * (_GOES_ON if can_go_on(path.name) else 1):
            return
        elif _hash(path) == taken.sha256:
            taken.sound = True
        elif self._is_finished(path, still):
            yield from self._take_grown(path, taken)
        elif self.once or still >= self.settle * _PATIENCE:
            yield from self._once(path, Problem("unfinished", name=self._name(path)))

    def _take_grown(self, path: Path, before: _Taken) -> Iterator[WatchMessage]:
        state, sha256, outcomes = self._receive(path)
        if grave := next((o.problem for o in outcomes if o.problem and o.problem.fault.status >= 500), None):
            raise grave
        self._watch_on(path, state, sha256, outcomes)
        after = self._taken[path].documents
        yield from self._result_lines(path, outcomes)
        for number in before.documents:
            if after and number not in after:
                yield self._replace(path, number, after[0])

    def _replace(self, path: Path, half: int, whole: int) -> WatchMessage:
        """Withdraw the document of the unfinished file, with a reason that names the whole one; accepted
        records stay.
        """
        with self.store.db.reading() as session:
            document = session.get_one(Document, half)
        name = self._name(path)
        if document.status != "accepted":
            try:
                records.withdraw(
                    self.store, half, f"Tệp còn được ghi thêm sau khi nhận; bản trọn vẹn là văn bản {whole}.",
                    self.terms.actor, document.revision,
                )  # fmt: skip
            except Problem as problem:
                return WatchMessage(name, problem.message(self.language), well=False)
        return WatchMessage(
            name, Problem("file_grew", name=name, document=half, new=whole).message(self.language), well=False
        )


class _Hashed(io.RawIOBase):
    """A stream that hashes the bytes read from it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._source.read(len(buffer))
        self.digest.update(data)
        buffer[: len(data)] = data
        return len(data)


def _hash(path: Path) -> str:
    with os.fdopen(watched_files.opened(path), "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
