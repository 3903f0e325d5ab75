"""The walls round a reading child: environment, descriptors, files, network and privileges; and which of them are in force.

A hole in PDFium, OpenCV, Tesseract or Pillow must not be a hole in the archive: who takes over a child finds no
setting, no open file or socket, one original and no way out. Each wall stands by itself, and one that the kernel lacks
is left out. What the parent holds in memory comes along with the fork and is not taken away.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from corpus.config import Settings, office_weights
from ingest.sandbox import landlock, seccomp

_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_KEPT_NAMES = frozenset({"PATH", "LANG", "LANGUAGE", "TZ", "TESSDATA_PREFIX", "LD_LIBRARY_PATH"})
_KEPT_STARTS = ("LC_", "OMP_", "OPENBLAS_", "MALLOC_")
"""Variables that locale, Tesseract and the libraries under it ask for."""
_SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/opt/homebrew", "/nix/store", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts",
    "/etc/alternatives", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/dev/urandom", "/dev/random",
)  # fmt: skip
"""Programs, libraries, models and what they ask about the machine."""
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
_MOST_DESCRIPTORS = 256
"""Files that the child may have open beside what its parent had."""
_SPARE_TASKS = 256
_COUNT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Confinement:
    """Which walls are in force."""

    network: Literal["filter", "namespace", "none"]
    """`filter`: sockets are refused by seccomp; `namespace`: the child has a network of its own without a way out."""
    files: int
    """Landlock's version; 0: the child sees all that the account sees."""
    privileges: bool
    """True where the child can win no new rights (no_new_privs)."""
    session: bool
    """True where nothing that it starts can leave its process group, so that all of it ends with it."""

    def to_json(self) -> dict[str, object]:
        return asdict(self)


@cache
def confinement() -> Confinement:
    """The walls that a child of this machine gets; tried in a child, once per process."""
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            got = shut(Path(os.devnull), ())
            os.write(send, repr((got.network, got.files, got.privileges, got.session)).encode())
        finally:
            os._exit(0)
    os.close(send)
    with os.fdopen(receive, "r") as stream:
        said = stream.read()
    os.waitpid(pid, 0)
    return _parsed(said)


def _parsed(said: str) -> Confinement:
    parts = said.strip("()").split(", ")
    if len(parts) != 4:
        return Confinement("none", 0, False, False)
    network: Literal["filter", "namespace", "none"] = "none"
    if parts[0] in ("'filter'", "'namespace'"):
        network = "filter" if parts[0] == "'filter'" else "namespace"
    return Confinement(network, int(parts[1]), parts[2] == "True", parts[3] == "True")


def shut(folder: Path, readable: Iterable[Path]) -> Confinement:
    """Shuts this process in, for good: it reads the program's own files and `readable`, and writes `folder`."""
    library = ctypes.CDLL(None, use_errno=True)
    privileges = library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    files = landlock.restrict(_allowed(folder, readable)) if privileges else 0
    filtered = privileges and seccomp.deny_calls()
    if filtered:
        return Confinement("filter", files, privileges, session=True)
    alone = library.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    return Confinement("namespace" if alone else "none", files, privileges, session=False)


def _allowed(folder: Path, readable: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    yield from ((path, landlock.READ) for path in (*program_paths(), *readable))
    yield from ((Path(path), landlock.DEVICE) for path in _DEVICES)
    yield folder, landlock.WRITE


def program_paths() -> tuple[Path, ...]:
    """Where programs, libraries and loaded modules lie. A folder of modules may hold a store, so only its packages count."""
    return _program_paths(len(sys.modules), shutil.which("tesseract"))


@lru_cache(maxsize=1)
def _program_paths(_modules: int, tesseract: str | None) -> tuple[Path, ...]:
    found = {*_SYSTEM, sys.prefix, sys.base_prefix, sys.exec_prefix, os.environ.get("TESSDATA_PREFIX", "")} - {""}
    # The Tesseract that the path names, wherever it lies: the child must not come upon another one without a word.
    found |= {str(path) for path in _of_program(tesseract)} if tesseract else set()
    for name, module in list(sys.modules.items()):
        if "." not in name and name != "__main__":
            # A namespace package is a list of folders, another has one; a single module is its file.
            places = [*getattr(module, "__path__", ())] or [getattr(module, "__file__", None)]
            found |= {str(place) for place in places if place}
    paths = {Path(place) for place in found}
    return tuple(sorted(path for path in paths if paths.isdisjoint(path.parents)))


def _of_program(program: str) -> Iterator[Path]:
    """A program's file, and the libraries and data of an installation of its own (`bin`, `lib` and `share`)."""
    named = Path(program).absolute()
    for path in {named, named.resolve()}:
        yield path
        if path.parent.name == "bin":
            yield from (path.parent.parent / part for part in ("lib", "lib64", "share"))


def readable(args: Iterable[Any]) -> list[Path]:
    """Files among a function's arguments, alone or in a list, and what a store's settings name.

    Those are the weights that the office has taught and the root certificates that it trusts.
    """
    paths: list[Path] = []
    for arg in args:
        if isinstance(arg, Path):
            paths.append(arg)
        elif isinstance(arg, list | tuple):
            paths += [item for item in arg if isinstance(item, Path)]
        elif isinstance(arg, Settings):
            paths.append(office_weights(arg.home))
            paths += [Path(arg.signature_roots)] if arg.signature_roots else []
    return paths


def without_secrets(args: Iterable[Any]) -> tuple[Any, ...]:
    """The arguments, settings in them without keys and passwords."""
    return tuple(arg.without_secrets() if isinstance(arg, Settings) else arg for arg in args)


def clean_environment(folder: str) -> None:
    """Leaves what locale and libraries need; the block that the process was started with is wiped too."""
    kept = {k: v for k, v in os.environ.items() if k in _KEPT_NAMES or k.startswith(_KEPT_STARTS)}
    os.environ.clear()
    _wipe_first_environment()
    os.environ.update(kept, TMPDIR=folder, HOME=folder)


def _wipe_first_environment() -> None:
    """Overwrites the strings that /proc/PID/environ shows; they are this process's own copy since the fork."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        # Fields 50 and 51 of proc(5), where the fields behind the name in brackets begin with the third.
        numbers = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        start, end = int(numbers[47]), int(numbers[48])
        if 0 < start < end:
            ctypes.memset(start, 0, end - start)


def drop_descriptors(*kept: int) -> None:
    """Puts /dev/null in the place of every descriptor but these.

    Closing would free their numbers, and what the parent's objects close when they are collected here would then be
    files that the child has opened.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if number not in (*kept, nowhere):
            with contextlib.suppress(OSError):
                os.fstat(number)
                os.dup2(nowhere, number, inheritable=number < 3)


def _highest_descriptor() -> int:
    """The highest number taken: those the parent had open stay taken, so the child's own come on top of them."""
    try:
        return max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    except (OSError, ValueError):
        return _MOST_DESCRIPTORS


def limit_resources(file_mb: int, tasks: int) -> None:
    """Largest file in MiB, most tasks of this account, most descriptors, no core dump."""
    wanted = (
        (resource.RLIMIT_FSIZE, file_mb << 20),
        (resource.RLIMIT_NPROC, tasks),
        (resource.RLIMIT_NOFILE, _highest_descriptor() + _MOST_DESCRIPTORS),
        (resource.RLIMIT_CORE, 0),
    )
    for which, most in wanted:
        hard = resource.getrlimit(which)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (least, least))


_counted: tuple[float, int] = (0.0, 0)


def most_tasks() -> int:
    """Tasks that the account may have with a child's: twice those it has and some, since the kernel counts them together."""
    global _counted
    if _counted[1] == 0 or time.monotonic() - _counted[0] > _COUNT_SECONDS:
        _counted = (time.monotonic(), 2 * _count_tasks() + _SPARE_TASKS)
    return _counted[1]


def _count_tasks() -> int:
    user, count = os.getuid(), 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                if entry.stat().st_uid == user:
                    # Field 20 of proc(5): threads.
                    count += int(Path(entry.path, "stat").read_text().rpartition(")")[2].split()[17])
    return count
