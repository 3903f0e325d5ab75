"""File access of a reading child (Landlock, Linux 5.13 on): read what it needs, write its own folder, nothing
else.

Rights and structures are those of include/uapi/linux/landlock.h; those that the running kernel lacks are left out.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of the system calls, the same on every architecture."""
_ASK_VERSION, _BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = (1 << bit for bit in range(6))
_MAKE_DIR, _MAKE_REG, _REFER, _TRUNCATE, _IOCTL_DEV = 1 << 7, 1 << 8, 1 << 13, 1 << 14, 1 << 15
_FIRST_RIGHTS = (1 << 13) - 1
"""Rights of the first version; later ones came one by one."""
_LATER_RIGHTS = ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV))
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_TCP = 0b11
_SCOPES = 0b11
"""Abstract sockets and signals to processes outside."""

READ = _EXECUTE | _READ_FILE | _READ_DIR
WRITE = (
    _READ_FILE | _READ_DIR | _WRITE_FILE | _TRUNCATE | _REFER | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG
)
"""No links, pipes, sockets and devices, which would lead a reader of the folder elsewhere, and no programs to
run.
"""
DEVICE = _READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL_DEV


def version() -> int:
    """Landlock version of the kernel; 0 for none."""
    return max(int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)), 0)


def restrict(allowed: Iterable[tuple[Path, int]]) -> int:
    """Restrict this process and its children to these paths and rights, for good; return the version in force, 0
    for none.

    Missing paths are skipped. no_new_privs must be set.
    """
    offered = version()
    if offered == 0:
        return 0
    library = ctypes.CDLL(None, use_errno=True)
    handled = _FIRST_RIGHTS | sum(right for since, right in _LATER_RIGHTS if offered >= since)
    words = (handled, *((_TCP,) if offered >= 4 else ()), *((_SCOPES,) if offered >= 6 else ()))
    asked = struct.pack(f"={len(words)}Q", *words)
    rules = library.syscall(_CREATE_RULESET, asked, len(asked), 0)
    if rules < 0:
        return 0
    try:
        for path, rights in allowed:
            with contextlib.suppress(OSError):
                _add(library, rules, path, rights & handled)
        return offered if library.syscall(_RESTRICT_SELF, rules, 0) == 0 else 0
    finally:
        os.close(rules)


def _add(library: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _OF_FILES
        library.syscall(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)
