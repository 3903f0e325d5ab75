"""Files of a watched folder: which wait, which can't be taken, who still writes one, and where each goes."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import signal
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

DONE, FAILED = "done", "failed"
_PASSING = (".part", ".tmp", ".crdownload", "~")
"""Endings of files that some program is still writing."""
_MOST_SUFFIX = 16
_NAME_BYTES = 255
_NOTE = ".txt"
_KINDS = {
    stat.S_IFLNK: "liên kết", stat.S_IFIFO: "ống dẫn (pipe)", stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "thiết bị", stat.S_IFBLK: "thiết bị",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A file's size (bytes), time of change (nanoseconds) and number: when two looks agree, it stands still."""

    size: int
    changed: int
    number: int

    @classmethod
    def of(cls, state: os.stat_result) -> Seen:
        return cls(state.st_size, state.st_mtime_ns, state.st_ino)


@dataclass(frozen=True, slots=True)
class Look:
    """What lies in the folder: files that wait, and what can't be taken with what it is."""

    waiting: dict[Path, Seen]
    odd: dict[Path, str]


def kind_of(mode: int) -> str | None:
    """What is neither file nor folder, in the clerk's words: link, pipe, socket, device; None for a file or folder."""
    return _KINDS.get(stat.S_IFMT(mode))


def look(folder: Path, *, recursive: bool = True) -> Look:
    """The files that wait in the folder and, with `recursive`, below it; hidden and half-written ones are not among them.

    Links are named and never followed. Raises OSError when the folder itself can't be read.
    """
    found = Look({}, {})
    _look(folder, folder, recursive, found)
    return found


def _look(folder: Path, top: Path, recursive: bool, found: Look) -> None:
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        path = folder / entry.name
        if entry.name.startswith(".") or entry.name.endswith(_PASSING):
            continue
        try:
            state = entry.stat(follow_symlinks=False)
            if folder == top and entry.name in (DONE, FAILED) and path.is_dir():
                continue
            if stat.S_ISREG(state.st_mode):
                found.waiting[path] = Seen.of(state)
            elif not stat.S_ISDIR(state.st_mode):
                found.odd[path] = _KINDS.get(stat.S_IFMT(state.st_mode), "loại lạ")
            elif recursive:
                _look(path, top, recursive, found)
            else:
                found.odd[path] = "thư mục con"
        except FileNotFoundError:
            # The sender took it away: the next round looks again.
            continue
        except OSError as error:
            found.odd[path] = reason_of(error)


def reason_of(error: OSError) -> str:
    """Why the system refused, in office Vietnamese where it is one of the common reasons."""
    known = {
        errno.EACCES: "không có quyền", errno.EPERM: "không có quyền", errno.ENOSPC: "hết chỗ trên đĩa",
        errno.EDQUOT: "hết hạn mức đĩa", errno.EROFS: "đĩa chỉ cho đọc", errno.EIO: "lỗi đĩa hoặc đường truyền",
        errno.ESTALE: "mất kết nối thư mục mạng", errno.ENOENT: "không còn ở đó", errno.ENXIO: "thiết bị không sẵn sàng",
    }  # fmt: skip
    return known.get(error.errno or 0, error.strerror or type(error).__name__)


def opened(path: Path) -> int:
    """A descriptor that reads a file, never one of a pipe or device, and never waits. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a file")
    return descriptor


def is_being_written(descriptor: int) -> bool:
    """True when a process of this machine has the file open to write: a file server for a share too.

    Asks for a read lease, which the kernel gives only without writers; where it gives none, looks through /proc.
    """
    try:
        # A writer that comes in this very moment must not end us: SIGURG is ignored, the usual SIGIO is not.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN or _has_writer(os.fstat(descriptor))
    return False


def _has_writer(wanted: os.stat_result) -> bool:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            for entry in (process / "fd").iterdir():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    state = entry.stat()
                    if (state.st_dev, state.st_ino) == (wanted.st_dev, wanted.st_ino) and _writes(
                        process, entry.name
                    ):
                        return True
    return False


def _writes(process: Path, number: str) -> bool:
    flags = next(
        line for line in (process / "fdinfo" / number).read_text().splitlines() if line.startswith("flags:")
    )
    return int(flags.split()[1], 8) & os.O_ACCMODE != os.O_RDONLY


def shortened(name: str, addition: str = "", most: int = _NAME_BYTES) -> str:
    """The name with an addition before its suffix, within `most` bytes, cut between letters.

    A letter and the marks set on it (NFD) go together; the suffix stays.
    """
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(os.fsencode(suffix)) > _MOST_SUFFIX:
        stem, dot, suffix = name, "", ""
    rest = f"{addition}{dot}{suffix}"
    room = most - len(os.fsencode(rest))
    while stem and len(os.fsencode(stem)) > room:
        while len(stem) > 1 and unicodedata.combining(stem[-1]):
            stem = stem[:-1]
        stem = stem[:-1]
    return stem + rest


def move(path: Path, top: Path, place: str, notes: list[str]) -> Path:
    """Moves a file below `top/place`, in its subfolder, without overwriting; its notes stand in `<name>.txt` beside it.

    Raises OSError.
    """
    _make_room(top / place)
    folder = top / place / path.parent.relative_to(top)
    folder.mkdir(parents=True, exist_ok=True)
    # With room for the note's own ending, so that each file has a note of its own.
    most = _NAME_BYTES - len(_NOTE) if notes else _NAME_BYTES
    target, n = folder / shortened(path.name, most=most), 1
    while os.path.lexists(target) or (notes and os.path.lexists(f"{target}{_NOTE}")):
        n += 1
        target = folder / shortened(path.name, f" ({n})", most)
    try:
        path.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.move(path, target)
    if notes:
        target.with_name(target.name + _NOTE).write_text(
            "\n".join(notes) + "\n", encoding="utf-8", errors="replace"
        )
    return target


def _make_room(folder: Path) -> None:
    """A file that has the name of our folder goes on waiting under another."""
    if os.path.lexists(folder) and not folder.is_dir():
        n = 2
        while os.path.lexists(other := folder.with_name(f"{folder.name} ({n})")):
            n += 1
        folder.rename(other)
