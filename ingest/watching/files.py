"""Files of a watched folder: waiting ones, ones that can't be taken, open writers, and moves."""

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
"""Endings of files that a program is still writing."""
_MOST_SUFFIX = 16
_NAME_BYTES = 255
_NOTE = ".txt"
_KINDS = {
    stat.S_IFLNK: "liên kết", stat.S_IFIFO: "ống dẫn (pipe)", stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "thiết bị", stat.S_IFBLK: "thiết bị",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileState:
    """Size (bytes), modification time (nanoseconds) and inode of a file: it is stable if two looks agree."""

    size: int
    changed: int
    number: int

    @classmethod
    def of(cls, state: os.stat_result) -> FileState:
        return cls(state.st_size, state.st_mtime_ns, state.st_ino)


@dataclass(frozen=True, slots=True)
class FolderContent:
    """Content of the folder: waiting files, and the kind of each entry that can't be taken."""

    waiting: dict[Path, FileState]
    odd: dict[Path, str]


def kind_of(mode: int) -> str | None:
    """Name, in the clerk's words, of a link, pipe, socket or device; None for a file or folder."""
    return _KINDS.get(stat.S_IFMT(mode))


def look(folder: Path, *, recursive: bool = True) -> FolderContent:
    """Files that wait in the folder and, with `recursive`, below it, without hidden and half-written ones.

    Links are reported and never followed. Raises OSError if the folder itself can't be read.
    """
    found = FolderContent({}, {})
    _look(folder, folder, recursive, found)
    return found


def _look(folder: Path, top: Path, recursive: bool, found: FolderContent) -> None:
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        path = folder / entry.name
        if entry.name.startswith(".") or entry.name.endswith(_PASSING):
            continue
        try:
            state = entry.stat(follow_symlinks=False)
            if folder == top and entry.name in (DONE, FAILED) and path.is_dir():
                continue
            if stat.S_ISREG(state.st_mode):
                found.waiting[path] = FileState.of(state)
            elif not stat.S_ISDIR(state.st_mode):
                found.odd[path] = _KINDS.get(stat.S_IFMT(state.st_mode), "loại lạ")
            elif recursive:
                _look(path, top, recursive, found)
            else:
                found.odd[path] = "thư mục con"
        except FileNotFoundError:
            # The sender removed it: the next round looks again.
            continue
        except OSError as error:
            found.odd[path] = reason_of(error)


def reason_of(error: OSError) -> str:
    """Reason of a system error, in office Vietnamese for the common ones."""
    known = {
        errno.EACCES: "không có quyền", errno.EPERM: "không có quyền", errno.ENOSPC: "hết chỗ trên đĩa",
        errno.EDQUOT: "hết hạn mức đĩa", errno.EROFS: "đĩa chỉ cho đọc", errno.EIO: "lỗi đĩa hoặc đường truyền",
        errno.ESTALE: "mất kết nối thư mục mạng", errno.ENOENT: "không còn ở đó",
        errno.ENXIO: "thiết bị không sẵn sàng",
    }  # fmt: skip
    return known.get(error.errno or 0, error.strerror or type(error).__name__)


def opened(path: Path) -> int:
    """Open a regular file for reading, without waiting; return its descriptor.

    Raises OSError, also for pipes and devices.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a file")
    return descriptor


def is_being_written(descriptor: int) -> bool:
    """True if a process of this machine has the file open for writing, such as the file server of a share.

    Asks for a read lease, which the kernel grants only without writers; if leases are unsupported, searches /proc.
    """
    try:
        # A writer that arrives now must not end this process: SIGURG is ignored, the usual SIGIO is not.
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

    A letter and its combining marks (NFD) stay together; the suffix stays.
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
    """Move a file to its subfolder below `top/place` without overwriting; its notes go to `<name>.txt` next to it.

    Raises OSError.
    """
    _make_room(top / place)
    folder = top / place / path.parent.relative_to(top)
    folder.mkdir(parents=True, exist_ok=True)
    # Leave room for the note's ending, so that each file has a note of its own.
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
    """Rename a file that has the name of our folder; it goes on waiting under the new name."""
    if os.path.lexists(folder) and not folder.is_dir():
        n = 2
        while os.path.lexists(other := folder.with_name(f"{folder.name} ({n})")):
            n += 1
        folder.rename(other)
