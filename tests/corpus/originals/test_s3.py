"""Where originals lie: one contract for a folder and for S3, and a whole store whose originals are in a bucket."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.originals.folder import Folder, Originals
from corpus.originals.s3 import Bucket
from corpus.upkeep import backup, fixity
from ingest import receive
from ingest.pipeline import read
from ingest.worker import reader_process
from web.services import health

DATA = "Kế hoạch số 31/KH-SYT".encode()
SHA = hashlib.sha256(DATA).hexdigest()
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3 server of the tests' own."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    made = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    made.start()
    yield "http://{}:{}".format(*made.get_host_and_port())
    made.stop()


@pytest.fixture
def s3(server: str, tmp_path: Path) -> Settings:
    """A store whose originals lie in a bucket that keeps versions."""
    name = f"luu-tru-{next(_NUMBERS)}"
    client = _client(server)
    client.create_bucket(Bucket=name)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return _settings(server, tmp_path / "home", f"s3://{name}/goc")


def _settings(server: str, home: Path, originals: str) -> Settings:
    return Settings(
        _env_file=None, home=home, originals=originals, s3_endpoint=server, s3_region="us-east-1",
        s3_access_key="a", s3_secret_key="b",
    )  # fmt: skip


def _client(server: str) -> Any:
    import boto3

    return boto3.client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )


def _objects(settings: Settings) -> list[str]:
    """Every version of everything in the bucket."""
    bucket = settings.originals.split("/")[2]
    return [
        one["Key"] for one in _client(settings.s3_endpoint).list_object_versions(Bucket=bucket).get("Versions", [])
    ]


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Originals:
    if request.param == "folder":
        return Folder(tmp_path)
    return Bucket(request.getfixturevalue("s3"), tmp_path / "fetched")


def _put(place: Originals, folder: Path, data: bytes = DATA, sha256: str = SHA) -> None:
    staged = folder / "staged"
    staged.write_bytes(data)
    place.keep(staged, sha256)


def test_what_is_kept_is_told_read_lent_and_listed(place: Originals, tmp_path: Path) -> None:
    _put(place, tmp_path)
    look, local, lent = place.look(SHA), place.local(SHA), place.lend(SHA, tmp_path)
    assert look is not None and look.size == len(DATA) and abs(look.since - time.time()) < 3600
    assert local is not None and local.read_bytes() == DATA
    assert lent is not None and lent.read_bytes() == DATA
    assert place.digest(SHA) == SHA and list(place.all()) == [SHA]


def test_what_is_not_there_is_none_and_no_failure(place: Originals, tmp_path: Path) -> None:
    assert place.look(SHA) is place.digest(SHA) is place.local(SHA) is place.lend(SHA, tmp_path) is None
    assert list(place.all()) == []
    place.remove(SHA)
    place.tidy()


def test_the_same_again_is_the_same_and_puts_other_bytes_right(place: Originals, tmp_path: Path) -> None:
    _put(place, tmp_path)
    _put(place, tmp_path)
    assert list(place.all()) == [SHA] and place.digest(SHA) == SHA


def test_what_is_removed_is_gone_with_its_copies(place: Originals, tmp_path: Path) -> None:
    _put(place, tmp_path)
    _put(place, tmp_path)
    local = place.local(SHA)
    place.remove(SHA)
    assert place.look(SHA) is None and list(place.all()) == []
    assert local is not None and not local.exists()


@pytest.fixture
def cloud(s3: Settings) -> Iterator[Store]:
    opened = open_store(s3)
    yield opened
    opened.close()


def _receive(store: Store, data: bytes = DATA) -> int:
    sha256 = content_store.put_original(store, data)
    return records.receive(store, sha256, "a.txt", "text/plain", len(data), "lan").document_id


def test_an_upload_lies_in_the_bucket_when_it_is_acknowledged(cloud: Store) -> None:
    outcome = receive.take(cloud, io.BytesIO(DATA), "a.txt", receive.UploadOptions("lan"))[0]
    assert outcome.receipt is not None and _objects(cloud.settings) == [f"goc/{SHA[:2]}/{SHA}"]
    assert list((cloud.originals / ".staging").iterdir()) == []
    assert not (cloud.settings.home / "originals" / SHA[:2]).exists(), "nowhere else"


def test_a_hand_reads_it_from_there(cloud: Store) -> None:
    document_id = _receive(cloud)
    lease = records.claim(cloud, "hand")
    assert lease is not None
    reader_process.do(cloud, lease, read)
    with cloud.db.reading() as session:
        assert session.get_one(Document, document_id).number == "31/KH-SYT"


def test_bytes_that_changed_in_the_bucket_or_in_a_copy_are_noticed(cloud: Store) -> None:
    _receive(cloud)
    copy = content_store.original_path(cloud, SHA)
    copy.chmod(0o600)
    copy.write_bytes(b"hong")
    assert content_store.original_path(cloud, SHA).read_bytes() == DATA, "a copy is fetched again"
    bucket = cloud.settings.originals.split("/")[2]
    _client(cloud.settings.s3_endpoint).put_object(Bucket=bucket, Key=f"goc/{SHA[:2]}/{SHA}", Body=b"khac")
    assert [one.state for one in fixity.compare_all(cloud)] == ["changed"]
    assert "original_changed" in {fault.code for fault in health.look(cloud).faults}
    copy.unlink()
    with pytest.raises(Problem) as caught:
        content_store.original_path(cloud, SHA)
    assert caught.value.code == "original_missing"
    assert content_store.put_original(cloud, DATA) == SHA
    assert [one.state for one in fixity.compare_all(cloud)] == ["sound"]


def test_what_proved_classified_is_purged_in_every_version(cloud: Store) -> None:
    document_id = _receive(cloud)
    content_store.put_original(cloud, DATA)
    content_store.original_path(cloud, SHA)
    records.refuse(cloud, document_id, Problem("classified", name="a.txt", mark="MẬT"))
    assert _objects(cloud.settings) == []
    assert [path for path in (cloud.settings.home / "fetched").rglob("*") if path.is_file()] == []


def test_a_backup_goes_from_bucket_to_folder_and_back(cloud: Store, tmp_path: Path, server: str) -> None:
    for number in range(3):
        _receive(cloud, DATA + bytes([number]))
    first, second = tmp_path / "1.tar", tmp_path / "2.tar"
    assert backup.backup(cloud, first) == backup.Summary(3, 3)
    assert not (cloud.settings.home / "fetched").exists(), "no copy stays for a backup"
    home = Settings(_env_file=None, home=tmp_path / "folder", originals=str(tmp_path / "shared"))
    assert backup.restore(home, first) == backup.Summary(3, 3)
    folder = open_store(home)
    assert backup.backup(folder, second) == backup.Summary(3, 3)
    assert not (home.home / "originals").exists(), "originals lie in the folder that was set"
    folder.close()
    again = _settings(server, tmp_path / "again", cloud.settings.originals.replace("/goc", "/lai"))
    assert backup.restore(again, second) == backup.Summary(3, 3)
    store = open_store(again)
    assert [one.state for one in fixity.compare_all(store)] == ["sound"] * 3
    with pytest.raises(Problem) as caught:
        backup.restore(_settings(server, tmp_path / "third", again.originals), second)
    assert caught.value.code == "store_not_empty", "a bucket that holds originals is no empty store"
    store.close()


def test_a_server_that_is_away_costs_nothing_but_time(cloud: Store, tmp_path: Path) -> None:
    _receive(cloud)
    gone = open_store(cloud.settings.model_copy(update={"s3_endpoint": "http://127.0.0.1:9"}))
    with pytest.raises(Problem) as caught:
        receive.take(gone, io.BytesIO("Kế hoạch khác".encode()), "b.txt", receive.UploadOptions("lan"))
    assert caught.value.code == "originals_unreachable" and caught.value.fault.status == 503
    assert list((gone.originals / ".staging").iterdir()) == []
    lease = records.claim(gone, "hand")
    assert lease is not None
    reader_process.do(gone, lease, lambda *_, **__: pytest.fail("there was nothing to read"))
    with gone.db.reading() as session:
        assert session.get_one(Document, 1).status == "queued", "put off, not refused"
    assert "originals_unreachable" in {fault.code for fault in health.look(gone).faults}
    gone.close()


def test_copies_that_nobody_uses_go_and_the_others_stay(cloud: Store) -> None:
    other = hashlib.sha256(b"khac").hexdigest()
    for data in (DATA, b"khac"):
        content_store.put_original(cloud, data)
    old, used = content_store.original_path(cloud, SHA), content_store.original_path(cloud, other)
    os.utime(old, (0, 0))
    content_store.clear_staging(cloud)
    assert not old.exists() and used.exists() and content_store.original_path(cloud, SHA).read_bytes() == DATA
