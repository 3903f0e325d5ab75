"""Confinement of a reading child: environment, descriptors, files, network and privileges, and which walls are in
force.

A hole in PDFium, OpenCV, Tesseract or Pillow must not be a hole in the archive: an attacker in a child finds no
setting, no open file or socket, one original and no way out. Each wall is independent, and one that the kernel
lacks is left out. The memory of the parent comes along with the fork and is not removed.
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

from corpus.config import Settings, office_head, office_weights
from ingest.sandbox import landlock, office_program, seccomp

_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_KEPT_NAMES = frozenset({"PATH", "LANG", "LANGUAGE", "TZ", "TESSDATA_PREFIX", "LD_LIBRARY_PATH"})
_KEPT_STARTS = ("LC_", "OMP_", "OPENBLAS_", "MALLOC_")
"""Variables that locale, Tesseract and the libraries under it need."""
_SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/opt/homebrew", "/nix/store", "/etc/ld.so.cache", "/etc/localtime",
    "/etc/fonts",
    "/etc/alternatives", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/dev/urandom",
    "/dev/random",
)  # fmt: skip
"""Programs, libraries, models and the machine data that they read."""
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
_MOST_DESCRIPTORS = 256
"""Files that the child may open in addition to those of its parent."""
_SPARE_TASKS = 256
_COUNT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Confinement:
    """Walls in force."""

    network: Literal["filter", "namespace", "none"]
    """`filter`: sockets are refused by seccomp; `namespace`: the child has a network of its own without a way
    out.
    """
    files: int
    """Landlock's version; 0: the child sees all that the account sees."""
    privileges: bool
    """True if the child can gain no new rights (no_new_privs)."""
    session: bool
    """True if nothing that it starts can leave its process group, so that all of it ends with it."""

    def to_json(self) -> dict[str, object]:
        return asdict(self)


@cache
def confinement() -> Confinement:
    """Walls that a child of this machine gets; tested in a child, once per process."""
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
    return _parse(said)


def _parse(said: str) -> Confinement:
    parts = said.strip("()").split(", ")
    if len(parts) != 4:
        return Confinement("none", 0, False, False)
    network: Literal["filter", "namespace", "none"] = "none"
    if parts[0] in ("'filter'", "'namespace'"):
        network = "filter" if parts[0] == "'filter'" else "namespace"
    return Confinement(network, int(parts[1]), parts[2] == "True", parts[3] == "True")


def shut(folder: Path, readable: Iterable[Path]) -> Confinement:
    """Confine this process for good: it may read the program's own files and `readable`, and write `folder`."""
    library = ctypes.CDLL(None, use_errno=True)
    privileges = library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    files = landlock.restrict(_allowed_paths(folder, readable)) if privileges else 0
    filtered = privileges and seccomp.deny_calls()
    if filtered:
        return Confinement("filter", files, privileges, session=True)
    alone = library.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    return Confinement("namespace" if alone else "none", files, privileges, session=False)


def _allowed_paths(folder: Path, readable: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    yield from ((path, landlock.READ) for path in (*program_paths(), *office_program.places(), *readable))
    yield from ((Path(path), landlock.DEVICE) for path in _DEVICES)
    yield folder, landlock.WRITE


def program_paths() -> tuple[Path, ...]:
    """Paths of programs, libraries and loaded modules.

    A folder of modules may contain a store, so only its packages count.
    """
    return _program_paths(len(sys.modules), shutil.which("tesseract"))


@lru_cache(maxsize=1)
def _program_paths(_modules: int, tesseract: str | None) -> tuple[Path, ...]:
    found = {*_SYSTEM, sys.prefix, sys.base_prefix, sys.exec_prefix, os.environ.get("TESSDATA_PREFIX", "")} - {""}
    # The Tesseract that PATH names, wherever it is: the child must not silently use another one.
    found |= {str(path) for path in _of_program(tesseract)} if tesseract else set()
    for name, module in list(sys.modules.items()):
        if "." not in name and name != "__main__":
            # A namespace package is a list of folders, another package has one; a single module is its file.
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
    """Files among a function's arguments, alone or in a list, and those that a store's settings name.

    The latter are the weights trained by the office and its trusted root certificates.
    """
    paths: list[Path] = []
    for arg in args:
        if isinstance(arg, Path):
            paths.append(arg)
        elif isinstance(arg, list | tuple):
            paths += [item for item in arg if isinstance(item, Path)]
        elif isinstance(arg, Settings):
            paths += [office_weights(arg.home), office_head(arg.home)]
            paths += [Path(arg.signature_roots)] if arg.signature_roots else []
    return paths


def without_secrets(args: Iterable[Any]) -> tuple[Any, ...]:
    """The arguments, with settings stripped of keys and passwords."""
    return tuple(arg.without_secrets() if isinstance(arg, Settings) else arg for arg in args)


def clean_environment(folder: str) -> None:
    """Keep only the variables that locale and libraries need, and wipe the initial environment of the process."""
    kept = {k: v for k, v in os.environ.items() if k in _KEPT_NAMES or k.startswith(_KEPT_STARTS)}
    os.environ.clear()
    _wipe_first_environment()
    os.environ.update(kept, TMPDIR=folder, HOME=folder)


def _wipe_first_environment() -> None:
    """Overwrite the strings that /proc/PID/environ shows; since the fork they are this process's own copy."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        # Fields 50 and 51 of proc(5); the fields after the name in brackets begin with the third.
        numbers = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        start, end = int(numbers[47]), int(numbers[48])
        if 0 < start < end:
            ctypes.memset(start, 0, end - start)


def drop_descriptors(*kept: int) -> None:
    """Redirect every descriptor but these to /dev/null.

    Closing would free their numbers, and the parent's objects, when collected here, would then close files that
    the child has opened.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if number not in (*kept, nowhere):
            with contextlib.suppress(OSError):
                os.fstat(number)
                os.dup2(nowhere, number, inheritable=number < 3)


def _highest_descriptor() -> int:
    """Highest descriptor in use: the parent's stay in use, so the child's own come on top of them."""
    try:
        return max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    except (OSError, ValueError):
        return _MOST_DESCRIPTORS


def limit_resources(file_mb: int, tasks: int) -> None:
    """Set limits: largest file in MiB, most tasks of this account, most descriptors, no core dump."""
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
    """Limit of the account's tasks: twice the current number and a reserve, since the kernel counts all of them
    together.
    """
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
