"""Versions of a document's file for pages and API: put in, put back, looked at, downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

from flask import Response, request

from corpus import records
from corpus.database.read_only import StoredDocument
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.queries import file_versions
from corpus.queries.file_versions import VersionShown
from ingest import receive
from web import access
from web.services import documents

KEEP, READ = "giu", "doc"
"""Choices of the form: the values stay as they are, or what the new file reads otherwise is asked."""


def listed(document_id: int) -> list[VersionShown]:
    """Versions of a document that the present user sees, the latest first."""
    found = access.document(document_id)
    return file_versions.of_document(access.store(), found.id, access.store().settings.lang)


def put(document_id: int, revision: int | None, keep_values: bool | None) -> int:
    """Put in the request's file as a new version, with the form's reason; return its number.

    keep_values: the clerk's choice; None if none was made. Raises Problem("bad_request") without a file or a
    choice, and as `receive.take_version` does.
    """
    found, sent = access.content(document_id), request.files.get("file")
    if sent is None or not sent.filename:
        raise Problem("bad_request", why="chưa chọn tệp nào")
    released = request.form.get("released", "").strip() or None
    word = receive.VersionWord(request.form.get("reason", ""), _demand_choice(keep_values), released)
    return receive.take_version(
        access.store(), cast(BinaryIO, sent.stream), sent.filename, found.id, word, access.user().name, revision,
        access.belongs(),
    )  # fmt: skip


def put_back(document_id: int, number: int, reason: str, revision: int | None, keep_values: bool | None) -> int:
    """Put in a version that was shown before once more; return the new number."""
    found = access.content(document_id)
    one = file_versions.with_file(access.store(), found.id, number)
    released = file_versions.released_word(access.store(), found.id, number)
    keep = _demand_choice(keep_values)
    new = records.NewVersion(one.sha256, one.name, one.media_type, one.size, reason, keep, released)
    return records.put_version(access.store(), found.id, new, access.user().name, revision, access.belongs())


def file(document_id: int, number: int) -> Response:
    """The file of a version as a download."""
    found, one, path = _file(document_id, number)
    records.note(access.store(), access.user().name, "download", found.id, {"version": one.number})
    return documents.as_download(path, one.media_type, one.name)


def shown(document_id: int, number: int) -> Response:
    """The file of a version in the browser, where that is safe."""
    found, one, path = _file(document_id, number)
    told = {"form": "xem", "version": one.number}
    records.note(access.store(), access.user().name, "download", found.id, told)
    return documents.as_view(path, one.media_type, one.name)


def choice_of(typed: str) -> bool | None:
    """The choice of a form: True if the values stay; None for no choice."""
    return {KEEP: True, READ: False}.get(typed)


def _demand_choice(keep_values: bool | None) -> bool:
    if keep_values is None:
        raise Problem("bad_request", why="chưa chọn giữ giá trị hay đọc lại")
    return keep_values


def _file(document_id: int, number: int) -> tuple[StoredDocument, VersionShown, Path]:
    found = access.content(document_id)
    one = file_versions.with_file(access.store(), found.id, number)
    return found, one, content_store.original_path(access.store(), one.sha256, document=found.id)
