"""System calls denied to a reading child: sockets, tracing, leaving its session, namespaces, mounts (seccomp-bpf).

A small BPF program that the kernel runs before each call; it needs no privilege once no_new_privs is set. A denied
call fails with EPERM, so that a library goes on as on a machine without network. Numbers of the calls: x86_64 from
arch/x86/entry/syscalls/syscall_64.tbl, aarch64 from include/uapi/asm-generic/unistd.h of the Linux kernel.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from dataclasses import dataclass

_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Offsets in the kernel's struct seccomp_data; an argument's low word comes first on both machines."""
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NEW_NAMESPACES = 0x7E020000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET."""
_X32 = 0x40000000
"""First number of the same calls in x86_64's x32 ABI."""
_PR_SET_SECCOMP, _MODE_FILTER, _SET_MODE_FILTER, _SPEC_ALLOW = 22, 2, 1, 4


@dataclass(frozen=True, slots=True)
class _Machine:
    """One architecture: audit number, denied calls with numbers of its own, and calls whose arguments are
    checked.
    """

    audit: int
    denied: tuple[int, ...]
    clone: int
    prlimit: int
    seccomp: int
    x32: bool = False


_EVERYWHERE = (*range(425, 434), 438, 442, 467)
"""io_uring_*, open_tree, move_mount, fs*, pidfd_getfd, mount_setattr, open_tree_attr."""
_CLONE3 = 435
"""Its flags are in memory that a filter can't see: ENOSYS, and the C library falls back to clone."""
_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        (
            41, 29, 64, 68, 240,  # socket, shmget, semget, msgget, mq_open
            101, 310, 311, 312,  # ptrace, process_vm_readv, process_vm_writev, kcmp
            109, 112,  # setpgid, setsid
            272, 308, 135, 155, 161, 165, 166,  # unshare, setns, personality, pivot_root, chroot, mount, umount2
            163, 167, 168, 169, 170, 171, 172, 173, 179,  # acct, swap*, reboot, set*name, iopl, ioperm, quotactl
            175, 176, 313, 246, 320,  # *_module, kexec_*
            248, 249, 250, 298, 303, 304, 321, 323,  # keys, perf_event_open, *_handle_at, bpf, userfaultfd
        ),
        clone=56, prlimit=302, seccomp=317, x32=True,
    ),
    "aarch64": _Machine(
        0xC00000B7,
        (
            198, 194, 190, 186, 180,
            117, 270, 271, 272,
            154, 157,
            97, 268, 92, 41, 51, 40, 39,
            89, 224, 225, 142, 161, 162, 60,
            105, 106, 273, 104, 294,
            217, 218, 219, 241, 264, 265, 280, 282,
        ),
        clone=220, prlimit=261, seccomp=277,
    ),
}  # fmt: skip


class _Program(ctypes.Structure):
    """The kernel's struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def deny_calls() -> bool:
    """Install the filter on this process and its children for good; False if machine or kernel can't.

    no_new_privs must be set.
    """
    machine = _MACHINES.get(os.uname().machine)
    if machine is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    code = _program(machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    library = ctypes.CDLL(None, use_errno=True)
    # Older kernels slow a filtered process down against Spectre 4, which protects secrets that our children don't
    # have.
    if library.syscall(machine.seccomp, _SET_MODE_FILTER, _SPEC_ALLOW, ctypes.byref(program)) == 0:
        return True
    return bool(library.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _program(machine: _Machine) -> bytes:
    """BPF instructions, eight bytes each."""
    refused = _ERRNO | errno.EPERM
    rows = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine.x32:
        rows += [(_IF_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, refused)]
    for number in (*machine.denied, *_EVERYWHERE):
        rows += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, refused)]
    rows += [(_IF_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    rows += [
        (_IF_EQUAL, 0, 3, machine.clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_ANY_BIT, 0, 5, _NEW_NAMESPACES),
        (_RETURN, 0, 0, refused),
        # Limits may be set on the process itself (0), never on another.
        (_IF_EQUAL, 0, 3, machine.prlimit),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, refused),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *row) for row in rows)
