"""A watched folder: each file that stands still is taken, then moved to `done/`, or to `failed/` with a note beside it.

Polling, since network shares tell of no changes. A file that goes on growing, or was changed a moment ago, is left
for the next round; a file is moved only after its bytes are kept and its row is committed, so nothing is lost between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import Language
from corpus.store import Store
from web import reception

DONE, FAILED = "done", "failed"
_PASSING = (".part", ".tmp", ".crdownload", "~")
"""Endings of files that some program is still writing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file's size (bytes) and time of change (nanoseconds): when two rounds agree, it stands still."""

    size: int
    changed: int


def look(folder: Path) -> dict[Path, Seen]:
    """The files that wait in the folder; hidden and half-written ones are not among them."""
    seen = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.endswith(_PASSING):
            continue
        try:
            if path.is_file() and not path.is_symlink():
                state = path.stat()
                seen[path] = Seen(state.st_size, state.st_mtime_ns)
        except OSError:
            # The sender took it away, or the share is gone for a moment: the next round looks again.
            continue
    return seen


def settled(before: dict[Path, Seen], now: dict[Path, Seen]) -> list[Path]:
    """The files that are as they were in the round before."""
    return [path for path, state in now.items() if before.get(path) == state]


def take_settled(
    store: Store, paths: list[Path], terms: reception.Terms, language: Language
) -> Iterator[reception.Outcome]:
    """Takes each file and moves it away; yields what became of it (of each member, for a ZIP)."""
    for path in paths:
        try:
            with path.open("rb") as stream:
                outcomes = reception.take(store, stream, path.name, terms)
        except OSError:
            continue
        problems = [o.problem for o in outcomes if o.problem is not None]
        if any(problem.fault.status >= 500 for problem in problems):
            # The store can't take it now (disk full): it stays where it is for the next round.
            yield from outcomes
            continue
        notes = [problem.message(language) for problem in problems]
        _move(path, path.parent / (FAILED if notes else DONE), notes)
        yield from outcomes


def _move(path: Path, folder: Path, notes: list[str]) -> None:
    """Moves a file without overwriting one of the same name; its notes stand in `<name>.txt` beside it."""
    folder.mkdir(exist_ok=True)
    target, n = folder / path.name, 1
    while target.exists():
        n += 1
        target = folder / f"{path.stem} ({n}){path.suffix}"
    path.rename(target)
    if notes:
        target.with_name(target.name + ".txt").write_text("\n".join(notes) + "\n", encoding="utf-8")
