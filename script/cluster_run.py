"""A whole installation on one machine: nodes of OpenSearch, PostgreSQL, an S3 server, web and workers.

Each part is a process of its own with a file `NAME.pid` in the folder; the functions start and end parts one by
one, so that tests can kill what they want. Programs in Java come from published Maven artifacts, checked by hash.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).parent / "cluster_files"
ROOT = Path(__file__).parent.parent
JARS = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vanban-cluster"
"""Folder of the jars: one for all checkouts of an account."""
HEAP_MB = 384
"""Heap of a node; 512 MB is the most that three nodes, PostgreSQL and the rest leave room for in 4 GB."""
START_SECONDS = 180.0
"""Longest wait for a part: a node needs 15 s on an idle machine."""
PARTS = ("opensearch", "postgresql", "s3", "vanban")


@dataclass(frozen=True, slots=True)
class Node:
    """One node of OpenSearch: its name and its two ports."""

    name: str
    http: int
    transport: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"


def has_java() -> bool:
    """True if the programs that the cluster needs are installed."""
    return shutil.which("java") is not None and shutil.which("mvn") is not None


def jars(part: str) -> Path:
    """The folder of a part's jars, fetched by Maven once and compared with jars.sha256 each time.

    Raises SystemExit for a jar that is missing, changed or unknown.
    """
    folder = JARS / part
    wanted = {
        name.removeprefix(f"{part}/"): sha256
        for sha256, name in (line.split() for line in (FILES / "jars.sha256").read_text().splitlines())
        if name.startswith(f"{part}/")
    }
    if {path.name for path in folder.glob("*.jar")} != set(wanted):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        copy = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
        subprocess.run(["mvn", "-q", "-B", "-f", str(FILES / f"{part}.xml"), *copy], check=True, stdout=sys.stderr)
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.jar")}
    if wrong := sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name)):
        raise SystemExit(f"{part}: not as script/cluster_files/jars.sha256 has it: {', '.join(wrong)}")
    return folder


def node_classes() -> Path:
    """The compiled starter of a node; a runtime has no compiler, so Eclipse's is used."""
    source = FILES / "OpenSearchNode.java"
    folder = JARS / f"classes-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}"
    if not (folder / "OpenSearchNode.class").exists():
        compiler = next(jars("compiler").glob("ecj-*.jar"))
        path = os.pathsep.join(map(str, jars("opensearch").glob("*.jar")))
        subprocess.run(
            ["java", "-jar", str(compiler), "-17", "-nowarn", "-cp", path, "-d", str(folder), str(source)],
            check=True,
        )
    return folder


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def nodes(count: int) -> list[Node]:
    """So many nodes on free ports."""
    return [Node(f"n{at}", free_port(), free_port()) for at in range(1, count + 1)]


def start_node(folder: Path, node: Node, all_nodes: list[Node]) -> None:
    """Start one node; it looks for all the others. Returns at once (`wait_for_nodes`)."""
    seeds = ",".join(f"127.0.0.1:{one.transport}" for one in all_nodes)
    path = f"{node_classes()}:{jars('opensearch')}/*"
    command = [
        "java", f"-Xms{HEAP_MB}m", f"-Xmx{HEAP_MB}m", "-XX:+UseSerialGC", "-cp", path, "OpenSearchNode",
        str(folder / node.name), node.name, str(node.http), str(node.transport), seeds,
    ]  # fmt: skip
    _spawn(folder, node.name, command)


def wait_for_nodes(asked: Node, count: int, seconds: float = START_SECONDS) -> None:
    """Wait until a node says that the cluster has so many nodes and every copy of its shards."""
    wanted = f"{asked.url}/_cluster/health?wait_for_nodes={count}&wait_for_status=green&timeout=5s"

    def ready() -> bool:
        with suppress(OSError, ValueError), urllib.request.urlopen(wanted, timeout=10) as reply:
            return json.load(reply).get("timed_out") is False
        return False

    _wait(f"{count} nodes of OpenSearch", ready, seconds)


def start_postgresql(folder: Path, port: int) -> str:
    """Start a server with a database `vanban`, empty at the first start; return its SQLAlchemy address."""
    programs, data = _postgresql_programs(), _postgresql_data(folder)
    fresh = not (data / "PG_VERSION").exists()
    if fresh:
        data.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(data, "postgres")
        _as_postgres(
            str(programs / "initdb"), "-D", str(data), "-U", "vanban", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c max_connections=200"
    _as_postgres(str(programs / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(data / "log"), "-w", "start")
    (folder / "postgresql.pid").write_text((data / "postmaster.pid").read_text().split()[0])
    if fresh:
        _as_postgres(str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "vanban", "vanban")
    return f"postgresql+psycopg://vanban@127.0.0.1:{port}/vanban"


def stop_postgresql(folder: Path, mode: str = "fast") -> None:
    """Stop the server: fast, or immediate as a power cut."""
    data = _postgresql_data(folder)
    if (data / "postmaster.pid").exists():
        _as_postgres(str(_postgresql_programs() / "pg_ctl"), "-D", str(data), "-m", mode, "-w", "stop")
    (folder / "postgresql.pid").unlink(missing_ok=True)


def start_s3(folder: Path, port: int) -> dict[str, str]:
    """Start s3proxy over a folder, with an empty bucket; return the settings of a store on it."""
    data = folder / "s3"
    (data / "vanban").mkdir(parents=True, exist_ok=True)
    (folder / "s3.conf").write_text(
        f"s3proxy.endpoint=http://127.0.0.1:{port}\n"
        "s3proxy.authorization=aws-v2-or-v4\ns3proxy.identity=vanban\ns3proxy.credential=vanbansecret\n"
        # boto3 sends headers of checksums that s3proxy answers with 501.
        "s3proxy.ignore-unknown-headers=true\n"
        "jclouds.provider=filesystem-nio2\njclouds.identity=x\njclouds.credential=y\n"
        f"jclouds.filesystem.basedir={data}\n"
    )
    command = ["java", "-Xmx192m", "-cp", f"{jars('s3')}/*", "org.gaul.s3proxy.Main", "--properties", "s3.conf"]
    _spawn(folder, "s3", command)
    _wait("the S3 server", lambda: _listens(port))
    return {
        "VANBAN_ORIGINALS": "s3://vanban/originals", "VANBAN_S3_ENDPOINT": f"http://127.0.0.1:{port}",
        "VANBAN_S3_REGION": "us-east-1", "VANBAN_S3_ACCESS_KEY": "vanban", "VANBAN_S3_SECRET_KEY": "vanbansecret",
    }  # fmt: skip


def start_vanban(folder: Path, name: str, settings: dict[str, str], *command: str) -> None:
    """Start one process of the program with a home of its own below the folder."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("VANBAN_")}
    home = {"VANBAN_HOME": str(folder / name)}
    _spawn(folder, name, [str(ROOT / ".venv/bin/vanban"), *command], {**given, **settings, **home})


def answers(url: str) -> bool:
    """True if the address answers with 200."""
    with suppress(OSError), urllib.request.urlopen(url, timeout=5) as reply:
        return bool(reply.status == 200)
    return False


def end(folder: Path, name: str, how: int = signal.SIGTERM, seconds: float = 30.0) -> None:
    """End one part and wait until it is gone; SIGKILL after the time."""
    file = folder / f"{name}.pid"
    if not file.exists():
        return
    pid = int(file.read_text())
    with suppress(ProcessLookupError):
        os.kill(pid, how)
        try:
            _wait(name, lambda: not _runs(pid), seconds)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
    file.unlink(missing_ok=True)


def start(folder: Path, count: int, parts: tuple[str, ...]) -> None:
    """Start all parts; addresses and settings go to `cluster.env` in the folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    found = {
        "VANBAN_SECRET_KEY": secrets.token_hex(32), "VANBAN_SEARCH_ENGINE": "tantivy", "VANBAN_WEB_WORKERS": "1"
    }  # fmt: skip
    if "opensearch" in parts:
        made = nodes(count)
        for node in made:
            start_node(folder, node, made)
        addresses = ",".join(node.url for node in made)
        found |= {"VANBAN_SEARCH_ENGINE": "opensearch", "VANBAN_OPENSEARCH_URL": addresses}
    if "postgresql" in parts:
        found["VANBAN_DATABASE"] = start_postgresql(folder, free_port())
    if "s3" in parts:
        found |= start_s3(folder, free_port())
    if "opensearch" in parts:
        wait_for_nodes(made[0], count)
    (folder / "cluster.env").write_text("".join(f"{name}={value}\n" for name, value in found.items()))
    if "vanban" in parts:
        _start_machines(folder, found)
    status(folder)


def _start_machines(folder: Path, settings: dict[str, str]) -> None:
    for at in (1, 2):
        port = free_port()
        start_vanban(folder, f"web{at}", {**settings, "VANBAN_PORT": str(port)}, "serve")
        _wait(f"web{at}", lambda port=port: answers(f"http://127.0.0.1:{port}/healthz"))  # type: ignore[misc]
        (folder / f"web{at}.url").write_text(f"http://127.0.0.1:{port}")
        start_vanban(folder, f"work{at}", settings, "work", "-j", "1")


def stop(folder: Path) -> None:
    """End all parts, the program's first."""
    for name in sorted(path.stem for path in folder.glob("*.pid")):
        if name.startswith(("web", "work")):
            end(folder, name)
    stop_postgresql(folder)
    for name in sorted(path.stem for path in folder.glob("*.pid")):
        end(folder, name)


def status(folder: Path) -> None:
    """Print each part with its process and address."""
    for path in sorted(folder.glob("*.pid")):
        pid, url = int(path.read_text()), folder / f"{path.stem}.url"
        print(
            f"{path.stem:12}{pid:8} {'runs' if _runs(pid) else 'gone'} {url.read_text() if url.exists() else ''}"
        )
    if (env := folder / "cluster.env").exists():
        print(f"settings: {env}")


def _spawn(folder: Path, name: str, command: list[str], environment: dict[str, str] | None = None) -> None:
    with (folder / f"{name}.log").open("ab") as log:
        made = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    (folder / f"{name}.pid").write_text(str(made.pid))
    _CHILDREN[made.pid] = made


_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Children of this process: they are asked for their end, so that none is left as a zombie."""


def _runs(pid: int) -> bool:
    if pid in _CHILDREN:
        return _CHILDREN[pid].poll() is None
    return Path(f"/proc/{pid}").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text()


def _wait(what: str, done: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.2)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _postgresql_programs() -> Path:
    """Folder of PostgreSQL's programs: Debian keeps them off the path, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise SystemExit("PostgreSQL's server is not installed (apt-get install postgresql)")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def _postgresql_data(folder: Path) -> Path:
    """Folder of the database; root's is of another account, which may not pass through root's folders."""
    if os.geteuid() != 0:
        return folder / "postgresql"
    return Path(tempfile.gettempdir()) / f"vanban-cluster-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"


def _as_postgres(*command: str) -> None:
    """Run a program of the server, which refuses to be run by root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("act", choices=("start", "stop", "status"))
    arguments.add_argument("folder", nargs="?", type=Path, default=ROOT / "var" / "cluster")
    arguments.add_argument("--nodes", type=int, default=3, help="nodes of OpenSearch")
    arguments.add_argument("--only", default=",".join(PARTS), help="parts to start, with commas")
    given = arguments.parse_args()
    folder = given.folder.absolute()
    if given.act == "start":
        start(folder, given.nodes, tuple(given.only.split(",")))
    elif given.act == "stop":
        stop(folder)
    else:
        status(folder)


if __name__ == "__main__":
    main()
