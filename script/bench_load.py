"""Searches under load: so many people who search while some send in scans that are read at once,
all on this machine.

The store, the queries and the service are those of bench_web; the worker reads with one hand. Times are wall
milliseconds at the client, the first of each person left out; what is not answered with 200 (or 202 for an upload)
is an error.
"""

from __future__ import annotations

import argparse
import http.client
import io
import os
import random
import secrets
import statistics
import struct
import subprocess
import tempfile
import threading
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bench_search import Corpus, corpus, indexed
from bench_web import VANBAN, _serve, free_port, wait
from search_corpus import queries
from sqlalchemy import func, select

from corpus import records
from corpus.access import accounts
from corpus.database.account_tables import User
from corpus.database.models import Document
from corpus.database.store import Store
from web import access
from web.access import passwords

UPLOADS_EVERY = 2.0
_HEADER = 33
"""Bytes of a PNG up to the end of its header."""


@dataclass(slots=True)
class Tally:
    """What the people were answered."""

    searches: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Builds or reuses the store, measures, prints."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=10_000)
    arguments.add_argument("--words", type=int, default=300)
    arguments.add_argument("--engine", default="tantivy")
    arguments.add_argument("--people", type=int, default=64)
    arguments.add_argument("--uploaders", type=int, default=4)
    arguments.add_argument("--pause", type=float, default=2.0)
    arguments.add_argument("--seconds", type=float, default=300)
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "vanban-bench-web")
    asked = arguments.parse_args()
    made = corpus(asked.folder, asked.documents, asked.words, asked.engine)
    indexed(made)
    texts = [text for some in queries(made.maker, made.sample, 40).values() for text in some]
    before, token, port = _read_so_far(made.store), _token(made.store), free_port()
    print(
        f"{asked.documents} documents, {asked.engine}, {asked.people} people search with {asked.pause:g} s "
        f"between, "
        f"{asked.uploaders} send scans, {asked.seconds:g} s, {os.cpu_count()} cores, load before "
        f"{os.getloadavg()[0]:.1f}"
    )
    service, worker = _serve(made, port), _work(made)
    try:
        wait(port)
        tally = _visits(port, token, texts, asked)
    finally:
        for process in (service, worker):
            process.terminate()
            process.wait()
    read = _read_so_far(made.store) - before
    _tell("search page", tally.searches)
    _tell("upload", tally.uploads)
    print(f"{read} scans read meanwhile; {len(tally.errors)} errors {sorted(set(tally.errors))[:5]}")


def _tell(name: str, seconds: list[float]) -> None:
    cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else [0.0] * 99
    print(
        f"{name:16} {len(seconds):6} times   p50 {cuts[49] * 1000:7.1f} ms   p95 {cuts[94] * 1000:7.1f} ms   "
        f"p99 {cuts[98] * 1000:7.1f} ms   most {max(seconds, default=0) * 1000:7.1f} ms"
    )


def _read_so_far(store: Store) -> int:
    with store.db.reading() as session:
        return session.scalar(select(func.count()).where(Document.read_at.is_not(None))) or 0


def _token(store: Store) -> str:
    """A clerk's key for programs."""
    with store.db.reading() as session:
        present = session.scalars(select(User).where(User.name == "load")).first()
    if present is None:
        records.add_user(store, "load", "clerk", passwords.hash_password("mot-mat-khau-dai"))
    with store.db.reading() as session:
        user = accounts.user_named(session, "load")
    token = "vb_" + secrets.token_urlsafe(24)
    records.add_token(store, user.id, access.token_hash(token), "load", True, "load")
    records.start_session(store, user.id, access.token_hash(token))
    return token


def _work(made: Corpus) -> subprocess.Popen[bytes]:
    settings = made.store.settings
    environment = {**os.environ, "VANBAN_HOME": str(settings.home), "VANBAN_SEARCH_ENGINE": settings.search_engine}
    return subprocess.Popen([VANBAN, "work", "-j", "1"], env={**environment, "VANBAN_LOG_LEVEL": "error"})


def _visits(port: int, token: str, texts: list[str], asked: argparse.Namespace) -> Tally:
    tally, page = Tally(), _page()
    until = time.monotonic() + asked.seconds

    def search(seed: int) -> None:
        chance = random.Random(seed)
        time.sleep(chance.random() * asked.pause)
        first = True
        while time.monotonic() < until:
            taken = _call(
                tally, port, "GET", f"/?q={quote(chance.choice(texts))}", {"Cookie": _cookie(token)}, 200
            )
            if taken is not None and not first:
                tally.searches.append(taken)
            first = False
            time.sleep(asked.pause)

    def send() -> None:
        while time.monotonic() < until:
            edge, data = secrets.token_hex(8), _scan(page)
            head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="quet.png"\r\n\r\n'
            body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": f"multipart/form-data; boundary={edge}",
            }
            taken = _call(tally, port, "POST", "/api/documents", headers, 202, body)
            if taken is not None:
                tally.uploads.append(taken)
            time.sleep(UPLOADS_EVERY)

    threads = [threading.Thread(target=search, args=(seed,)) for seed in range(asked.people)]
    threads += [threading.Thread(target=send) for _ in range(asked.uploaders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def _cookie(token: str) -> str:
    return f"{access.COOKIE}={token}"


def _call(
    tally: Tally,
    port: int,
    method: str,
    path: str,
    headers: dict[str, str],
    wanted: int,
    body: bytes | None = None,
) -> float | None:
    """Seconds that the answer took; None for an error, which is noted."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        status = answer.status
    except (OSError, http.client.HTTPException) as error:
        tally.errors.append(type(error).__name__)
        return None
    finally:
        connection.close()
    if status != wanted:
        tally.errors.append(f"{method} {status}")
        return None
    return time.perf_counter() - began


def _scan(page: bytes) -> bytes:
    """The page with a remark of its own (a `tEXt` chunk behind the header): other bytes, the same picture."""
    remark = b"tEXtComment\0" + secrets.token_hex(8).encode()
    chunk = struct.pack(">I", len(remark) - 4) + remark + struct.pack(">I", zlib.crc32(remark))
    return page[:_HEADER] + chunk + page[_HEADER:]


def _page() -> bytes:
    """A page of print as a scanner gives it; drawn once, since the people who send share this machine."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype("DejaVuSerif.ttf", 36)
    page = Image.new("L", (1654, 2339), 250)
    draw = ImageDraw.Draw(page)
    lines = ["ỦY BAN NHÂN DÂN TỈNH HÀ LONG AN", "Số: 31/KH-UBND", "Kế hoạch thi đua đợt 1"]
    for at, line in enumerate([*lines, *["Các sở, ngành thực hiện chuyển đổi số và cải cách hành chính."] * 25]):
        draw.text((150, 150 + at * 60), line, fill=20, font=font)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
