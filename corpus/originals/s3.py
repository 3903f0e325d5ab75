"""Originals in S3 or what speaks like it (boto3, extra `cluster`):
durable with the answer to a PUT that carries the hash.

What is read often is fetched once into a folder of this machine, verified on its way, and taken out again after a
day without use. A bucket that keeps versions is purged of all of them when an original must go.
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
from corpus.originals.folder import OriginalStat, hash_of

_BLOCK = 1 << 20
"""Bytes fetched at a time."""
_UNUSED_SECONDS = 86_400
"""Time without use after which a fetched copy is removed: a day."""
_PASSING = (0, 429, 500, 502, 503, 504)
"""Status of answers that may be others in some minutes; 0: none."""
_UNKNOWN_CALL = (405, 501)
"""Status of an answer to a call that a server does not know."""
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


class Bucket:
    """Originals under `prefix/ab/abcd…` of a bucket; `folder` has the local copies."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._bucket, _, prefix = settings.originals.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._settings = settings
        self._folder = folder

    def keep(self, staged: Path, sha256: str) -> None:
        with _reporting_unreachable(), staged.open("rb") as body:
            self._client().put_object(
                Bucket=self._bucket, Key=self._key(sha256), Body=body,
                ChecksumSHA256=b64encode(bytes.fromhex(sha256)).decode(),
            )  # fmt: skip

    def look(self, sha256: str) -> OriginalStat | None:
        with _reporting_unreachable(), _absent() as absent:
            found = self._client().head_object(Bucket=self._bucket, Key=self._key(sha256))
        return None if absent else OriginalStat(found["ContentLength"], found["LastModified"].timestamp())

    def digest(self, sha256: str) -> str | None:
        with _reporting_unreachable(), _absent() as absent:
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
            with os.fdopen(descriptor, "wb") as out, _reporting_unreachable(), _absent() as absent:
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
        with _reporting_unreachable():
            client = self._client()
            try:
                pages = list(
                    client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
                )
            except client.exceptions.ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] not in _UNKNOWN_CALL:
                    raise
                # A server without versions has the one object.
                client.delete_object(Bucket=self._bucket, Key=key)
                return
            for page in pages:
                for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    client.delete_object(Bucket=self._bucket, Key=key, VersionId=one["VersionId"])

    def all(self) -> Iterator[str]:
        with _reporting_unreachable():
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
        return _client_of(os.getpid(), settings.s3_endpoint, settings.s3_region, settings.s3_access_key, secret)


@lru_cache(maxsize=8)
def _client_of(_process: int, endpoint: str, region: str, access_key: str, secret_key: str) -> Any:
    """S3 client of this process (sockets must not be shared with a fork), safe for all its threads.

    Raises Problem("bad_value") if boto3 is not installed.
    """
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
def _reporting_unreachable() -> Iterator[None]:
    """Turn errors of the server into problems: they say nothing about originals.

    Raises Problem("originals_unreachable"), Problem("originals_refused") with what it answered.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = "originals_unreachable" if status in _PASSING else "originals_refused"
        raise Problem(code, status=status, why=_words(error)) from error
    except BotoCoreError as error:
        raise Problem("originals_unreachable", why=str(error)[:200]) from error


def _words(error: Any) -> str:
    """The words of the server, as far as there are any."""
    told = error.response.get("Error", {})
    return f"{told.get('Code', '')} {told.get('Message', '')}".strip()[:200]


@contextmanager
def _absent() -> Iterator[list[str]]:
    """Context with a list that receives the error code if the requested object does not exist."""
    from botocore.exceptions import ClientError

    found: list[str] = []
    try:
        yield found
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code not in _ABSENT:
            raise
        found.append(code)
