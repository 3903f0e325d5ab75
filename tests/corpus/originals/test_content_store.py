"""Originals: kept by their hash, durable before they are acknowledged, nothing half-written,
nothing under a name.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from corpus.config import Settings
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.originals import content_store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """These tests are about SQLite and the files beside it."""
    return Settings(_env_file=None, home=tmp_path / "home")


def _staged(store: Store) -> list[Path]:
    return list((store.originals / ".staging").iterdir())


@examples(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=3000))
def test_what_went_in_comes_out(store: Store, data: bytes) -> None:
    sha256 = content_store.put_original(store, io.BytesIO(data))
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert content_store.original_path(store, sha256).read_bytes() == data
    assert _staged(store) == []


def test_takes_bytes_streams_and_paths_alike(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"same")
    with path.open("rb") as stream:
        assert (
            content_store.put_original(store, stream)
            == content_store.put_original(store, path)
            == content_store.put_original(store, b"same")
        )
        assert not stream.closed
    assert list(content_store.all_originals(store)) == [hashlib.sha256(b"same").hexdigest()]


@pytest.mark.parametrize(
    ("data", "limit", "code"),
    [
        (b"", None, "empty_file"),
        (b"12345", 4, "too_large"),
    ],
)
def test_refused_leaves_nothing(store: Store, data: bytes, limit: int | None, code: str) -> None:
    with pytest.raises(Problem) as caught:
        content_store.put_original(store, data, name="a.pdf", limit=limit)
    assert caught.value.code == code
    assert "a.pdf" in caught.value.message()
    assert (list(content_store.all_originals(store)), _staged(store)) == ([], [])


@pytest.mark.parametrize("call", ["fsync", "write"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_disk_full_leaves_nothing_and_heals(
    store: Store, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    def full(*_: Any) -> int:
        raise OSError(code, "full")

    with monkeypatch.context() as patch:
        if call == "fsync":
            patch.setattr(os, "fsync", full)
        else:
            patch.setattr(content_store, "_copy", full)
        with pytest.raises(Problem) as caught:
            content_store.put_original(store, b"x", name="a.pdf")
    assert caught.value.code == "disk_full"
    assert _staged(store) == []
    assert content_store.has_original(store, content_store.put_original(store, b"x"))


def test_a_changed_or_missing_original_is_not_handed_out(store: Store) -> None:
    sha256 = content_store.put_original(store, b"original")
    path = content_store.address(store, sha256)
    path.chmod(0o600)
    path.write_bytes(b"0riginal")
    with pytest.raises(Problem) as caught:
        content_store.original_path(store, sha256, document=7)
    assert (caught.value.code, caught.value.facts["document"]) == ("original_missing", 7)
    assert content_store.put_original(store, b"original") == sha256
    assert content_store.original_path(store, sha256).read_bytes() == b"original"
    content_store.remove_original(store, sha256)
    content_store.remove_original(store, sha256)
    with pytest.raises(Problem):
        content_store.original_path(store, sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "g" * 64, "a" * 63])
def test_only_a_hash_is_an_address(store: Store, name: str) -> None:
    with pytest.raises(Problem) as caught:
        content_store.address(store, name)
    assert caught.value.code == "not_found"


def test_staging_is_cleared_of_the_dead_only(store: Store) -> None:
    old = time.time() - 3600
    dead, young = (store.originals / ".staging" / name for name in ("dead", "young"))
    for path in (dead, young):
        path.write_bytes(b"half")
    os.utime(dead, (old, old))
    assert content_store.clear_staging(store) == 1
    assert _staged(store) == [young]


def test_staging_of_a_slow_upload_is_kept(store: Store) -> None:
    started, go_on = threading.Event(), threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            started.set()
            go_on.wait(10)
            return data

    upload = threading.Thread(target=content_store.put_original, args=(store, Slow(b"slow")))
    upload.start()
    started.wait(10)
    old = time.time() - 3600
    os.utime(_staged(store)[0], (old, old))
    assert content_store.clear_staging(store) == 0
    go_on.set()
    upload.join()
    assert content_store.has_original(store, hashlib.sha256(b"slow").hexdigest())


class _Disk:
    """What a power cut would leave: records the calls of `files` and knows which bytes and entries are durable."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[str] = []
        real_fsync, real_replace = os.fsync, Path.replace

        def fsync(descriptor: int) -> None:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            self.calls.append(f"fsync {'folder ' + path.name if path.is_dir() else 'file'}")
            real_fsync(descriptor)

        def replace(path: Path, target: Path) -> Path:
            self.calls.append("rename")
            return real_replace(path, target)

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(Path, "replace", replace)


def test_order_of_bytes_name_and_folder(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = _Disk(monkeypatch)
    sha256 = content_store.put_original(store, b"order")
    assert disk.calls == ["fsync file", "fsync folder originals", "rename", f"fsync folder {sha256[:2]}"]


def test_bytes_are_complete_before_they_have_their_name(store: Store) -> None:
    """A reader that looks all the while sees the original whole or not at all."""
    data = random.Random(1).randbytes(3_000_000)
    sha256 = hashlib.sha256(data).hexdigest()
    seen: list[bytes] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            if content_store.has_original(store, sha256):
                seen.append(content_store.address(store, sha256).read_bytes())
                return

    looker = threading.Thread(target=look)
    looker.start()
    for _ in range(3):
        content_store.put_original(store, data)
    done.set()
    looker.join()
    assert seen in ([], [data])
