"""The child that does dangerous work: its result, its failures, and nothing of it left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import Problem
from ingest.sandbox import child
from ingest.sandbox.child import Limits, Progress, run_in_child

LIMITS = Limits(memory_mb=2048, cpu_seconds=5, wall_seconds=5)


def run(
    function: Callable[..., Any], *args: Any, limits: Limits = LIMITS, on_progress: Progress | None = None
) -> Any:
    return run_in_child(function, *args, limits=limits, name="a.pdf", on_progress=on_progress)


def double(value: int, progress: Progress) -> int:
    return value * 2


def large(size: int, progress: Progress) -> bytes:
    return bytes(size)


def tells(pages: int, progress: Progress) -> str:
    for page in range(1, pages + 1):
        progress("ocr", page, pages)
    return "done"


def refuses(progress: Progress) -> None:
    raise Problem("encrypted", name="a.pdf")


def aborts(progress: Progress) -> None:
    os.abort()


def raises(progress: Progress) -> None:
    raise RuntimeError("a bug of a parser")


def sleeps(progress: Progress) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def burns(progress: Progress) -> None:
    while True:
        pass


def hoards(progress: Progress) -> int:
    return len(bytearray(8 << 30))


def litters(progress: Progress) -> tuple[str, int]:
    Path(tempfile.mkdtemp(), "rest").write_text("x")
    return tempfile.gettempdir(), subprocess.Popen(["sleep", "60"]).pid


def test_the_result_comes_back() -> None:
    assert run(double, 21) == 42


def test_a_result_larger_than_the_pipe_comes_back() -> None:
    assert len(run(large, 30_000_000)) == 30_000_000


def test_progress_is_told_on_the_way() -> None:
    told: list[tuple[str, int, int]] = []
    assert run(tells, 3, on_progress=lambda *step: told.append(step)) == "done"
    assert told == [("ocr", 1, 3), ("ocr", 2, 3), ("ocr", 3, 3)]


@pytest.mark.parametrize(
    ("function", "code", "reason"),
    [
        (refuses, "encrypted", "a Problem passes through as it is"),
        (aborts, "reader_crashed", "PDFium aborts the process on some files"),
        (raises, "reader_crashed", "a bug in a parser is no traceback of ours"),
        (hoards, "reader_memory", "a bomb meets RLIMIT_AS"),
    ],
)
def test_a_failure_is_a_problem(function: Callable[..., Any], code: str, reason: str) -> None:
    with pytest.raises(Problem) as caught:
        run(function)
    assert caught.value.code == code and "a.pdf" in caught.value.message(), reason


@pytest.mark.parametrize(
    ("function", "limits", "reason"),
    [
        (sleeps, Limits(wall_seconds=1), "it waits for ever and ignores SIGTERM"),
        (burns, Limits(cpu_seconds=1, wall_seconds=20), "it computes for ever"),
    ],
)
def test_a_child_that_does_not_end_is_ended(function: Callable[..., Any], limits: Limits, reason: str) -> None:
    with pytest.raises(Problem) as caught:
        run(function, limits=limits)
    assert caught.value.code == "reader_timeout", reason


def children() -> set[str]:
    """Numbers of this process's children; a browser or a server of other tests may be among them."""
    return {
        number for task in Path("/proc/self/task").iterdir() for number in (task / "children").read_text().split()
    }


def test_nothing_is_left_behind() -> None:
    before = children()
    folder, grandchild = run(litters)
    assert not Path(folder).exists()
    deadline = time.monotonic() + 120
    while is_running(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(grandchild)
    assert children() <= before


def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    parent = os.fork()
    if parent == 0:
        try:
            run(tells_its_number, on_progress=lambda _stage, pid, _pages: note.write_text(str(pid)))
        finally:
            os._exit(0)
    deadline = time.monotonic() + 120
    while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    deadline = time.monotonic() + 120
    while is_running(int(note.read_text())) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(int(note.read_text())), "it would have slept for ten minutes"


def tells_its_number(progress: Progress) -> None:
    progress("pid", os.getpid(), 1)
    time.sleep(600)


def is_running(pid: int) -> bool:
    """False for one that is gone or only waits to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_folders_of_makers_that_were_killed_are_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead = os.fork()
    if dead == 0:
        os._exit(0)
    os.waitpid(dead, 0)
    left, ours, other = (
        tmp_path / name for name in (f"vanban-child-{dead}-a", f"vanban-child-{os.getpid()}-b", "x")
    )
    for folder in (left, ours, other):
        folder.mkdir()
    assert child.clear_folders() == 1
    assert not left.exists() and ours.exists() and other.exists()


def _blurred(size: int, progress: Progress | None = None) -> float:
    import cv2
    import numpy as np

    cv2.setNumThreads(1)
    return float(cv2.GaussianBlur(np.ones((size, size), np.float32), (0, 0), 5.0).sum())


def test_a_parent_that_has_used_opencvs_threads_has_working_children() -> None:
    import cv2

    cv2.setNumThreads(4)
    parent = _blurred(1500)
    cv2.setNumThreads(4)
    cv2.GaussianBlur(cv2.getGaussianKernel(1500, 3.0) @ cv2.getGaussianKernel(1500, 3.0).T, (0, 0), 5.0)
    assert run(_blurred, 1500, limits=Limits(wall_seconds=60)) == parent
