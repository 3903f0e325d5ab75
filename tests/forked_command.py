"""A command of the program in a process of its own that is forked from the tests': nothing is imported again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import IO, NoReturn

import structlog

from ingest.sandbox import child
from web.cli import main

_PATIENCE = 600
"""Seconds that a command may take."""


def vanban(home: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `vanban args` on the store in `home`; `more`: its environment beside the tests'.

    Commands that a new interpreter runs are in tests/web/commands/test_manual.py and tests/web/test_homes.py.
    """
    environment = {**os.environ, "VANBAN_HOME": str(home), **more}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child.end_pools()
        pid = os.fork()
        if pid == 0:
            _be_the_command(args, environment, out, err)
        code = _end(pid, args)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(["vanban", *args], code, out.read().decode(), err.read().decode())


def _be_the_command(
    args: tuple[str, ...], environment: dict[str, str], out: IO[bytes], err: IO[bytes]
) -> NoReturn:
    code: int | str | None = 1
    try:
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
        for number, file in ((1, out), (2, err)):
            os.dup2(file.fileno(), number)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, mode, closefd=False) for n, mode in enumerate("rww"))
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["vanban", *args]
        structlog.reset_defaults()
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
    finally:
        if isinstance(code, str):
            sys.stderr.write(f"{code}\n")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _end(pid: int, args: tuple[str, ...]) -> int:
    """Exit code of the process, as subprocess gives it; ended if it takes too long."""
    until = time.monotonic() + _PATIENCE
    while not (found := os.waitpid(pid, os.WNOHANG))[0]:
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise subprocess.TimeoutExpired(["vanban", *args], _PATIENCE)
        time.sleep(0.01)
    return os.waitstatus_to_exitcode(found[1])
