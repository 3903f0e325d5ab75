"""Dangerous work in a forked child: limits on memory, CPU and time, confinement, and its process group killed.

A parser that hangs, aborts or exhausts the machine costs its one file, and one that is taken over finds no way out
(ingest.sandbox.confinement). The child is forked, so it inherits the loaded libraries of a warm parent; its result
comes back as data (ingest.sandbox.answer) through a pipe that is read while it runs, so that a large result can't
block it. Linux ends the child when the thread that forked it ends, even by kill -9 (PR_SET_PDEATHSIG): an ending
worker takes its child along.

Forking from a process with threads is safe here because the child runs plain Python until its own libraries start:
it takes no lock of ours, logs nothing, imports what the parent had imported, and leaves by os._exit. Thread pools
of libraries don't survive a fork, so they are ended before.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import resource
import select
import shutil
import signal
import struct
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any, NoReturn, TypeVar

from corpus.config import Settings
from corpus.errors import Problem
from ingest.sandbox import answer, confinement

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Called with the stage's name, the current page and the number of pages."""

_PR_SET_PDEATHSIG = 1
_HEADER = struct.Struct(">cQ")
_PROGRESS, _RESULT, _PROBLEM = b"p", b"r", b"x"
_FOLDER = "vanban-child-"
"""Start of the names of the children's folders; the number of the process that made it follows."""
_LAST_WORDS = 4000
_SHORT_BYTES = 64 << 10
"""Greatest size of a progress message or a Problem, in bytes."""
_STAGE_LETTERS = 40
_MALLOC = (
    (-1, "MALLOC_TRIM_THRESHOLD_", 128 << 20),
    (-2, "MALLOC_TOP_PAD_", 16 << 20),
    (-3, "MALLOC_MMAP_THRESHOLD_", 32 << 20),
)
"""glibc's numbers and names of options, with bytes: free memory kept at the top of the heap, step by which it
grows, and block size from which freed memory is returned to the system at once.
"""
_MEMORY_EXIT = 77
_FAILED_EXIT = 70


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a child: memory in MiB beyond that at the fork, CPU and wall time in seconds, largest file
    written and largest answer in MiB.
    """

    memory_mb: int = 2048
    cpu_seconds: int = 600
    wall_seconds: int = 900
    file_mb: int = 1024
    answer_mb: int = 512

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        return cls(settings.child_memory_mb, settings.child_cpu_seconds, settings.child_wall_seconds)


def run_in_child(
    function: Callable[..., T], *args: Any, limits: Limits, name: str = "?", on_progress: Progress | None = None
) -> T:
    """Call function(*args, progress=…) in a child and return its result, checked against its declared return type.

    The child may read the Paths among the arguments, and receives settings without secrets. name: the file being
    processed, for messages. Raises the Problem that the child raised, or Problem("reader_crashed"),
    Problem("reader_timeout"), Problem("reader_memory").
    """
    kind = answer.promised(function)
    folder = tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-")
    task = _Task(function, args, kind, folder, limits, os.getpid(), confinement.most_tasks())
    receive, send = os.pipe()
    end_pools()
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as noise:
        pid = os.fork()
        if pid == 0:
            _be_child(task, send, noise.fileno())
        os.close(send)
        try:
            message = _listen(receive, time.monotonic() + limits.wall_seconds, limits, on_progress)
            failure = None
        except _Late:
            raise Problem("reader_timeout", name=name) from None
        except answer.Garbled as error:
            message, failure = None, error
        finally:
            status = _end(pid)
            os.close(receive)
            said = _last_words(noise)
            shutil.rmtree(folder, ignore_errors=True)
    if failure is not None:
        raise _with_note(Problem("reader_crashed", name=name), f"garbled: {failure}\n{said}") from failure
    result: T = _unpack(message, kind, status, name, said)
    return result


@dataclass(frozen=True, slots=True)
class _Task:
    """Work of a child: function, arguments, result type, folder, limits, parent's process number, task limit."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kind: Any
    folder: str
    limits: Limits
    parent: int
    tasks: int


def end_pools() -> None:
    """End OpenCV's thread pool before a fork: the child would wait forever for threads that it doesn't have."""
    if "cv2" in sys.modules:
        sys.modules["cv2"].setNumThreads(1)


def clear_folders() -> int:
    """Remove the folders of children whose makers were killed, and return their number."""
    left = [path for path in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*") if not _is_made_by_a_living(path)]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _is_made_by_a_living(path: Path) -> bool:
    maker = path.name.removeprefix(_FOLDER).partition("-")[0]
    return not maker.isdigit() or Path("/proc", maker).exists()


_LONGEST_WAIT = 3600.0
"""Seconds of one wait for the child: poll() takes milliseconds as a C integer."""


class _Late(Exception):
    """The child sent no result in time."""


def _listen(
    receive: int, deadline: float, limits: Limits, on_progress: Progress | None
) -> tuple[bytes, bytes] | None:
    """The child's last message, after its progress was reported; None if it ended without one.

    Raises _Late after the deadline (monotonic seconds), Garbled for an invalid or oversized message.
    """
    buffer = bytearray()
    waiting = select.poll()  # unlike select(), it takes any descriptor of a process with more than 1,024 of them
    waiting.register(receive, select.POLLIN)
    while (left := deadline - time.monotonic()) > 0:
        if not waiting.poll(min(left, _LONGEST_WAIT) * 1000):
            continue
        chunk = os.read(receive, 1 << 20)
        if not chunk:
            return None
        buffer += chunk
        while (message := _first(buffer, limits)) is not None:
            if message[0] != _PROGRESS:
                return message
            step = _step(message[1])
            if on_progress is not None:
                on_progress(*step)
    raise _Late


def _first(buffer: bytearray, limits: Limits) -> tuple[bytes, bytes] | None:
    """Remove the first whole message from the buffer; None if incomplete. Raises Garbled."""
    if len(buffer) < _HEADER.size:
        return None
    kind, length = _HEADER.unpack_from(buffer)
    most = limits.answer_mb << 20 if kind == _RESULT else _SHORT_BYTES
    if kind not in (_PROGRESS, _RESULT, _PROBLEM) or length > most:
        raise answer.Garbled("message")
    if len(buffer) < _HEADER.size + length:
        return None
    body = bytes(buffer[_HEADER.size : _HEADER.size + length])
    del buffer[: _HEADER.size + length]
    return kind, body


def _step(body: bytes) -> tuple[str, int, int]:
    """Stage, page and number of pages of a progress message. Raises Garbled."""
    stage, page, pages = answer.unpack(body, tuple[str, int, int])
    if len(stage) > _STAGE_LETTERS or not (0 <= page < 1 << 31 and 0 <= pages < 1 << 31):
        raise answer.Garbled("progress")
    return stage, page, pages


def _end(pid: int) -> int:
    """Kill the rest of the child's process group, reap the child and return its wait status.

    A child that has sent its result has nothing left to do, so it isn't waited for.
    """
    done, status = os.waitpid(pid, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if done == 0:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    return status


def _last_words(noise: IO[bytes]) -> str:
    """End of the output of the child and its libraries on stderr: a traceback, or the reason of an abort."""
    try:
        noise.seek(max(os.fstat(noise.fileno()).st_size - _LAST_WORDS, 0))
        return noise.read(_LAST_WORDS).decode("utf-8", errors="replace")
    except OSError:
        return ""


def _unpack(message: tuple[bytes, bytes] | None, kind: Any, status: int, name: str, said: str) -> Any:
    """The result, or raise the Problem of the child's message or of its end; its stderr becomes a note for the
    log.
    """
    if message is None:
        raise _with_note(Problem(_fault_of(status), name=name), said)
    try:
        if message[0] == _RESULT:
            return answer.unpack(message[1], kind)
        problem = answer.unpack_problem(message[1])
    except answer.Garbled as error:
        raise _with_note(Problem("reader_crashed", name=name), f"garbled: {error}\n{said}") from error
    raise problem


def _with_note(problem: Problem, note: str) -> Problem:
    problem.add_note(note)
    return problem


@contextlib.contextmanager
def deadline(cpu_seconds: float) -> Iterator[None]:
    """End the process if the block takes more CPU time; nothing else stops a library call that never returns.

    Only used in a child, where it costs one file a reader_timeout. Deadlines don't nest.
    """
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


class Overdue(BaseException):
    """More CPU time was used than allowed; a BaseException, so that no `except Exception` of a library catches
    it.
    """


@contextlib.contextmanager
def patience(cpu_seconds: float) -> Iterator[None]:
    """Interrupt the block if it takes more CPU time; raises Overdue there. For Python work that may stay undone.

    Only a main thread receives the signal, and a child has no other; the timer is shared with `deadline`, so
    neither may be inside the other.
    """

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise Overdue

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _fault_of(status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGPROF):
        return "reader_timeout"
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _MEMORY_EXIT:
        return "reader_memory"
    return "reader_crashed"


def _be_child(task: _Task, send: int, noise: int) -> NoReturn:
    """The child's whole life; it leaves by os._exit, so that no cleanup of the parent's runs twice."""
    code = _FAILED_EXIT
    try:
        _confine(task, send, noise)
        kind, body = _outcome(task, send)
        _write(send, kind, body)
        code = 0
    except MemoryError:
        code = _MEMORY_EXIT
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _outcome(task: _Task, send: int) -> tuple[bytes, bytes]:
    def progress(stage: str, page: int, pages: int) -> None:
        _write(send, _PROGRESS, answer.pack((stage, page, pages), tuple[str, int, int]))

    try:
        result = task.function(*confinement.without_secrets(task.args), progress=progress)
        return _RESULT, answer.pack(result, task.kind)
    except Problem as problem:
        return _PROBLEM, answer.pack_problem(problem)


def _confine(task: _Task, send: int, noise: int) -> None:
    """Own session, death with the parent, low priority, resource limits, and the walls of
    ingest.sandbox.confinement.
    """
    os.setsid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != task.parent:
        # The parent died between fork and prctl, so its death signal will never come.
        os._exit(_FAILED_EXIT)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.nice(5)
    # Libraries written in C print freely; readers of our messages must not see it.
    os.dup2(noise, 1)
    os.dup2(noise, 2)
    confinement.drop_descriptors(send, 1, 2)
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    faulthandler.enable(2)
    confinement.clean_environment(task.folder)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    tempfile.tempdir = task.folder
    _keep_freed_memory()
    memory = (task.limits.memory_mb << 20) + _inherited_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (task.limits.cpu_seconds, task.limits.cpu_seconds + 5))
    confinement.limit_resources(task.limits.file_mb, task.tasks)
    confinement.shut(Path(task.folder), confinement.readable(task.args))


def _keep_freed_memory() -> None:
    """Make glibc keep freed image memory for the next image: the system zeroes every page that it hands out.

    For this process by mallopt, for programs it starts by their environment; any other C library ignores both.
    """
    library = ctypes.CDLL(None)
    mallopt = getattr(library, "mallopt", None)
    for option, name, value in _MALLOC:
        os.environ.setdefault(name, str(value))
        if mallopt is not None and hasattr(library, "gnu_get_libc_version"):
            mallopt(option, value)


def _inherited_bytes() -> int:
    """Bytes of address space inherited by the fork: a parent with many libraries must not starve its child."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _write(send: int, kind: bytes, body: bytes) -> None:
    data = memoryview(_HEADER.pack(kind, len(body)) + body)
    while data:
        data = data[os.write(send, data) :]
