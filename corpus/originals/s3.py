"""Originals in S3 or what speaks like it (boto3, extra `cluster`): durable with the answer to a PUT that carries the hash.

What is read often is fetched once into a folder of this machine, verified on its way, and taken out again after a day
without use. A bucket that keeps versions is purged of all of them when an original must go.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corpus.config import Settings
from corpus.errors import Problem
from corpus.originals import fetched
from corpus.originals.folder import Look, hash_of

_BLOCK = 1 << 20
_UNUSED_SECONDS = 86_400
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


class Bucket:
    """Originals under `prefix/ab/abcd…` of a bucket; `folder` is where copies lie."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._bucket, _, prefix = settings.originals.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._settings = settings
        self._folder = folder

    def keep(self, staged: Path, sha256: str) -> None:
        with _reached(), staged.open("rb") as body:
            self._client().put_object(
                Bucket=self._bucket, Key=self._key(sha256), Body=body,
                ChecksumSHA256=b64encode(bytes.fromhex(sha256)).decode(),
            )  # fmt: skip

    def look(self, sha256: str) -> Look | None:
        with _reached(), _absent() as absent:
            found = self._client().head_object(Bucket=self._bucket, Key=self._key(sha256))
        return None if absent else Look(found["ContentLength"], found["LastModified"].timestamp())

    def digest(self, sha256: str) -> str | None:
        with _reached(), _absent() as absent:
            digest = hashlib.sha256()
            for block in self._blocks(sha256):
                digest.update(block)
        return None if absent else digest.hexdigest()

    def local(self, sha256: str) -> Path | None:
        copy = self._copy(sha256)
        with suppress(FileNotFoundError):
            os.utime(copy)
            if hash_of(copy) == sha256:
                return copy
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.lend(sha256, copy.parent)
        if draft is not None:
            # What came otherwise than it went is handed out all the same, to be found wrong by who verifies.
            try:
                draft.replace(copy)
            except FileNotFoundError:
                return None
        return copy if draft is not None else None

    def lend(self, sha256: str, folder: Path) -> Path | None:
        descriptor, draft = tempfile.mkstemp(dir=folder, prefix=fetched.draft_prefix(sha256))
        path = Path(draft)
        try:
            with os.fdopen(descriptor, "wb") as out, _reached(), _absent() as absent:
                for block in self._blocks(sha256):
                    out.write(block)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        if absent:
            path.unlink(missing_ok=True)
            return None
        try:
            path.chmod(0o400)
        except FileNotFoundError:
            # Purged on its way: the original is gone.
            return None
        return path

    def remove(self, sha256: str) -> None:
        key = self._key(sha256)
        fetched.remove(self._folder, sha256)
        with _reached():
            client = self._client()
            pages = client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
            for page in pages:
                for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    client.delete_object(Bucket=self._bucket, Key=key, VersionId=one["VersionId"])

    def all(self) -> Iterator[str]:
        with _reached():
            pages = (
                self._client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            )
            for page in pages:
                names = (one["Key"].rsplit("/", 1)[-1] for one in page.get("Contents", ()))
                yield from (name for name in names if len(name) == 64)

    def tidy(self) -> None:
        before = time.time() - _UNUSED_SECONDS
        for path in self._folder.glob("*/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def _blocks(self, sha256: str) -> Iterator[bytes]:
        answer = self._client().get_object(Bucket=self._bucket, Key=self._key(sha256))
        yield from answer["Body"].iter_chunks(_BLOCK)

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}{sha256[:2]}/{sha256}"

    def _copy(self, sha256: str) -> Path:
        return fetched.path(self._folder, sha256)

    def _client(self) -> Any:
        settings = self._settings
        secret = settings.s3_secret_key.get_secret_value()
        return _connected(os.getpid(), settings.s3_endpoint, settings.s3_region, settings.s3_access_key, secret)


@lru_cache(maxsize=8)
def _connected(_process: int, endpoint: str, region: str, access_key: str, secret_key: str) -> Any:
    """A client of this process (its sockets must not be shared with a fork), safe for all its threads."""
    if find_spec("boto3") is None:
        why = "cần phần mở rộng cluster (pip install 'vanban[cluster]')"
        raise Problem("bad_value", field="VANBAN_ORIGINALS", value="s3://", why=why)
    import boto3
    from botocore.config import Config

    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region or None,
        aws_access_key_id=access_key or None,
        aws_secret_access_key=secret_key or None,
        config=Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 3, "mode": "standard"},
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def _reached() -> Iterator[None]:
    """A server that can't be reached or answers with an error says nothing of originals: Problem("originals_unreachable")."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Problem("originals_unreachable", why=str(error)[:200]) from error


@contextmanager
def _absent() -> Iterator[list[str]]:
    """A list that holds the code when what was asked for is not there."""
    from botocore.exceptions import ClientError

    found: list[str] = []
    try:
        yield found
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code not in _ABSENT:
            raise
        found.append(code)
