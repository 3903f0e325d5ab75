"""What a reading child that was taken over can do: nothing but read its file and answer."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from corpus.config import Settings
from corpus.errors import Problem
from ingest.sandbox import confinement, landlock, seccomp
from ingest.sandbox.child import Limits, Progress, run_in_child
from tests.ingest.sandbox.test_child import is_running

LIMITS = Limits(cpu_seconds=10, wall_seconds=20)
IN_FORCE = confinement.confinement()
LANDLOCKED = pytest.mark.skipif(not IN_FORCE.files, reason="this kernel has no Landlock")
FILTERED = pytest.mark.skipif(IN_FORCE.network != "filter", reason="no seccomp filter for this machine")
SECRET = "mot-bi-mat-khong-ai-duoc-biet"


def run(function: Callable[..., Any], *args: Any, **limits: int) -> Any:
    made = Limits(**{"cpu_seconds": 10, "wall_seconds": 20, **limits})
    return run_in_child(function, *args, limits=made, name="a.pdf")


def outcome(act: Callable[[], object]) -> str:
    """`done`, or the name of the error that kept it from being done."""
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "done"


def connects(port: int, progress: Progress) -> str:
    return outcome(lambda: socket.create_connection(("127.0.0.1", port), 2).close())


def sends(port: int, progress: Progress) -> str:
    return outcome(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).close())


def connects_by_a_program(port: int, progress: Progress) -> int:
    code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
    return subprocess.run([sys.executable, "-I", "-c", code], stderr=subprocess.DEVNULL, check=False).returncode


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


@pytest.mark.parametrize("tries", [connects, connects_by_a_program])
def test_no_connection_gets_out(listener: socket.socket, tries: Callable[..., Any]) -> None:
    got = run(tries, listener.getsockname()[1])
    with contextlib.suppress(TimeoutError):
        listener.accept()
        assert IN_FORCE.network == "none", "a connection came although the network is said to be shut"
    if IN_FORCE.network != "none":
        assert got not in ("done", 0)


@FILTERED
def test_no_datagram_gets_out(listener: socket.socket) -> None:
    assert run(sends, listener.getsockname()[1]) == "PermissionError"


def reads(wanted: str, progress: Progress) -> str:
    return outcome(Path(wanted).read_bytes)


def reads_given(given: Path, progress: Progress) -> str:
    return outcome(given.read_bytes)


def lists(wanted: str, progress: Progress) -> str:
    return outcome(lambda: list(Path(wanted).iterdir()))


def writes(wanted: str, progress: Progress) -> str:
    return outcome(lambda: Path(wanted).write_bytes(b"x"))


def links_in_its_folder(wanted: str, progress: Progress) -> str:
    return outcome(lambda: Path(os.environ["TMPDIR"], "a").symlink_to(wanted))


def writes_in_its_folder(progress: Progress) -> str:
    return outcome(lambda: Path(os.environ["TMPDIR"], "a").write_bytes(b"x"))


@LANDLOCKED
@pytest.mark.parametrize(
    ("tries", "name", "reason"),
    [
        (reads, "secret.key", "who has the key signs any session"),
        (reads, "originals/aa/other", "another original is another's paper"),
        (reads, "vanban.sqlite3", "hashes of passwords"),
        (lists, "originals", "names are hashes, and hashes are addresses"),
        (writes, "originals/aa/other", "an original never changes"),
        (writes, "new", "nothing outside its folder"),
        (links_in_its_folder, "secret.key", "a link would lead whoever reads its folder there"),
    ],
)
def test_the_store_is_shut(tmp_path: Path, tries: Callable[..., Any], name: str, reason: str) -> None:
    for inner in ("secret.key", "vanban.sqlite3", "originals/aa/other", "originals/aa/mine"):
        (tmp_path / inner).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / inner).write_text(SECRET)
    assert run(tries, str(tmp_path / name)) == "PermissionError", reason
    assert run(reads_given, tmp_path / "originals/aa/mine") == "done", "the file that it is to read"
    assert run(writes_in_its_folder) == "done"


@LANDLOCKED
def test_the_machines_own_secrets_are_shut() -> None:
    for path in ("/etc/passwd", "/proc/self/environ", f"/proc/{os.getppid()}/environ", "/proc/self/mem"):
        assert run(reads, path) == "PermissionError", path


def variables(progress: Progress) -> list[str]:
    said = subprocess.run(["env"], capture_output=True, text=True, check=True).stdout
    return [*os.environ, *said.splitlines()]


def test_the_environment_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VANBAN_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    seen = run(variables)
    assert not [one for one in seen if SECRET in one or one.startswith(("VANBAN", "AWS", "PG"))]
    assert "LC_ALL=C.UTF-8" in seen, "the locale stays"


def first_environment(progress: Progress) -> bytes:
    """The block that the process was started with, as whoever runs code in it can read it."""
    numbers = INHERITED
    return ctypes.string_at(numbers[0], numbers[1] - numbers[0])


INHERITED = tuple(int(n) for n in Path("/proc/self/stat").read_text().rpartition(")")[2].split()[47:49])


def test_the_block_that_the_process_was_started_with_is_wiped() -> None:
    assert ctypes.string_at(INHERITED[0], INHERITED[1] - INHERITED[0]).strip(b"\0"), "the parent keeps its own"
    assert run(first_environment).strip(b"\0") == b""


def secrets_of(settings: Settings, progress: Progress) -> list[str]:
    return [settings.secret_key.get_secret_value(), settings.s3_secret_key.get_secret_value(), settings.database]


def test_settings_come_without_secrets() -> None:
    key = SecretStr(SECRET)
    given = Settings(_env_file=None, secret_key=key, s3_secret_key=key, database=f"postgresql://a:{SECRET}@h/d")
    assert run(secrets_of, given) == ["", "", ""]
    assert given.secret_key == key


def descriptor_works(number: int, progress: Progress) -> bytes:
    return os.pread(number, 100, 0)


def test_no_descriptor_of_the_parents_works(tmp_path: Path) -> None:
    held = tmp_path / "a"
    held.write_text(SECRET)
    with held.open("rb") as stream:
        os.set_inheritable(stream.fileno(), True)
        assert run(descriptor_works, stream.fileno()) == b""
        assert stream.read().decode() == SECRET, "the parent's own is as it was"


def rights(progress: Progress) -> list[str]:
    return [line for line in STATUS().splitlines() if line.startswith(("NoNewPrivs", "Seccomp:"))]


def STATUS() -> str:
    library = ctypes.CDLL(None)
    return f"NoNewPrivs {library.prctl(39, 0, 0, 0, 0)}\nSeccomp: {library.prctl(21, 0, 0, 0, 0)}"


def test_no_new_rights() -> None:
    told = run(rights)
    assert told[0] == f"NoNewPrivs {int(IN_FORCE.privileges)}"
    assert told[1] == f"Seccomp: {2 if IN_FORCE.network == 'filter' else 0}"


def leaves_its_session(progress: Progress) -> int:
    """Starts a process twice over that would outlive it, if it could leave; tells its number."""
    code = (
        "import os,sys,time\ntry: os.setsid()\nexcept OSError: pass\n"
        "print(os.getpid(), flush=True)\ntime.sleep(600)"
    )
    program = subprocess.Popen([sys.executable, "-I", "-c", code], stdout=subprocess.PIPE)
    assert program.stdout is not None
    return int(program.stdout.readline())


def test_nothing_that_it_starts_outlives_it() -> None:
    pid = run(leaves_its_session)
    deadline = time.monotonic() + 60
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    left = is_running(pid)
    if left:
        os.kill(pid, signal.SIGKILL)
    assert left is (not IN_FORCE.session) or not left


DENIED = [
    ("ptrace", 101, (0, 0, 0, 0)),
    ("setsid", 112, ()),
    ("setpgid", 109, (0, 0)),
    ("unshare", 272, (0x10000000,)),
    ("clone", 56, (0x10000011, 0, 0, 0, 0)),
    ("mount", 165, (0, 0, 0, 0, 0)),
    ("io_uring_setup", 425, (1, 0)),
    ("bpf", 321, (0, 0, 0)),
    ("prlimit64 of another", 302, (1, 7, 0, 0)),
    ("keyctl", 250, (0, 0, 0)),
    ("x32 socket", 0x40000000 + 41, (2, 1, 0)),
]


def calls(number: int, args: tuple[int, ...], progress: Progress) -> int:
    ctypes.set_errno(0)
    result = ctypes.CDLL(None, use_errno=True).syscall(number, *args)
    return ctypes.get_errno() if result < 0 else 0


@FILTERED
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are x86_64's")
@pytest.mark.parametrize(("name", "number", "args"), DENIED)
def test_calls_that_are_refused(name: str, number: int, args: tuple[int, ...]) -> None:
    assert run(calls, number, args) == 1, f"EPERM for {name}"


def kills(pid: int, progress: Progress) -> str:
    return outcome(lambda: os.kill(pid, 0))


@pytest.mark.skipif(IN_FORCE.files < 6, reason="Landlock keeps signals in since its version 6")
def test_no_signal_gets_out() -> None:
    assert run(kills, os.getpid()) == "PermissionError"


def writes_much(progress: Progress) -> str:
    def fill() -> None:
        with Path(os.environ["TMPDIR"], "a").open("wb") as stream:
            for _ in range(5):
                stream.write(bytes(1 << 20))

    return outcome(fill)


def opens_many(progress: Progress) -> str:
    return outcome(lambda: [os.dup(0) for _ in range(5_000)])


def test_files_and_descriptors_are_bounded() -> None:
    assert run(writes_much, file_mb=2) == "OSError"
    assert run(writes_much) == "done"
    assert run(opens_many) == "OSError"


def test_the_machines_numbers_are_those_of_its_headers() -> None:
    """The calls by name, from the kernel's own headers where they are installed."""
    headers = {
        "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        "aarch64": Path("/usr/include/asm-generic/unistd.h"),
    }
    names = """
        socket shmget semget msgget mq_open ptrace process_vm_readv process_vm_writev kcmp setpgid setsid unshare
        setns personality pivot_root chroot mount umount2 acct swapon swapoff reboot sethostname setdomainname
        quotactl init_module delete_module finit_module kexec_load kexec_file_load add_key request_key keyctl
        perf_event_open name_to_handle_at open_by_handle_at bpf userfaultfd
    """
    wanted_names = re.findall(r"\w+", names)
    looked = 0
    for machine, path in headers.items():
        if not path.exists():
            continue
        rows = (line.split() for line in path.read_text().splitlines() if line.startswith("#define __NR"))
        known = {row[1].removeprefix("__NR3264_").removeprefix("__NR_"): row[2] for row in rows if len(row) > 2}
        wanted = {int(known[name]) for name in wanted_names if known[name].isdigit()}
        asked = seccomp._MACHINES[machine]
        assert wanted - {172, 173} <= set(asked.denied), machine
        assert (asked.clone, asked.prlimit) == (int(known["clone"]), int(known["prlimit64"]))
        assert asked.seccomp == int(known["seccomp"])
        looked += 1
    if not looked:
        pytest.skip("the kernel's headers are not installed")


def garbles(what: bytes, progress: Progress) -> int:
    """Writes bytes of its own into the pipe of its answer, as one that was taken over would."""
    for number in range(3, 100):
        with contextlib.suppress(OSError):
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                os.write(number, what)
    os._exit(0)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (b"r" + (1 << 50).to_bytes(8, "big"), "a length that nobody could hold"),
        (b"z" + (5).to_bytes(8, "big") + b"12345", "no kind of message"),
        (b"p" + (1 << 30).to_bytes(8, "big"), "progress is short"),
        (b"x" + (9).to_bytes(8, "big") + b'["a", {}]', "no code of the catalogue"),
        (b"r" + (21).to_bytes(8, "big") + b"cos\nsystem\n(S'id'\ntR.", "a pickle is no answer"),
    ],
)
def test_an_answer_that_is_none_is_a_crash(what: bytes, reason: str) -> None:
    with pytest.raises(Problem) as caught:
        run(garbles, what)
    assert caught.value.code == "reader_crashed", reason


def test_the_probe_says_what_a_child_meets() -> None:
    assert IN_FORCE.privileges and IN_FORCE.files == landlock.version()
    assert (IN_FORCE.network == "filter") is IN_FORCE.session


def test_a_machine_without_filter_has_a_network_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seccomp, "deny_calls", lambda: False)
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            network = confinement.shut(tmp_path, ()).network
            told = outcome(lambda: socket.create_connection(("127.0.0.1", 9), 2).close())
            os.write(send, f"{network} {told}".encode())
        finally:
            os._exit(0)
    os.close(send)
    os.waitpid(pid, 0)
    with os.fdopen(receive) as stream:
        network, told = stream.read().split()
    allowed = subprocess.run(["unshare", "-Urn", "true"], check=False, capture_output=True).returncode == 0
    assert network == ("namespace" if allowed else "none")
    if allowed:
        assert told != "done", "there is not even a loopback"


def _reads(path: Path, progress: object = None) -> str:
    """Runs in the child."""
    return path.read_text("utf-8")


def test_a_parent_with_many_files_open_has_children_that_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("chữ", "utf-8")
    with contextlib.ExitStack() as held:
        for _ in range(400):
            held.enter_context((tmp_path / "a.txt").open("rb"))
        limits = Limits(memory_mb=512, cpu_seconds=20, wall_seconds=60)
        assert run_in_child(_reads, tmp_path / "a.txt", limits=limits) == "chữ"
