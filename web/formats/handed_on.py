"""The archive in the shape of other programs: a folder with CSV, one with XLSX, one for paperless-ngx.

Each holds the originals unchanged and a list of their records, which `vanban import` reads back.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.json_shapes import fields_from_json
from corpus.lifecycle.cleared import is_cleared
from corpus.numbering.typed_days import day_text
from corpus.originals import content_store
from corpus.record_fields import EDITABLE
from web.formats import tables

Shape = Literal["folder", "eoffice", "paperless"]
SHAPES: tuple[Shape, ...] = ("folder", "eoffice", "paperless")
LISTS = {"folder": "danh-sach.csv", "eoffice": "danh-sach.xlsx", "paperless": "manifest.json"}
"""Shape → name of its list."""
FILES = "tep"
"""Folder of the originals next to the list."""
_HEADS = ("Tệp", *(field.label for field in EDITABLE), "Trạng thái", "SHA-256")
_NUMBER_FIELD = 1
"""Key of the one custom field in the export for paperless: the document number."""


@dataclass(frozen=True, slots=True)
class Handed:
    """One document as it is handed on: its file's name there, its values by field, its state."""

    id: int
    file: str
    sha256: str
    md5: str
    media_type: str
    original: str
    status: str
    received: str
    values: dict[str, str]


def hand_on(store: Store, folder: Path, shape: Shape) -> tuple[int, list[int]]:
    """Write the whole archive into an empty folder; return the number of documents, and those left out.

    Left out are documents whose original is missing or changed. Raises Problem("file_exists") for a folder that is
    not empty, ("disk_full").
    """
    if folder.exists() and any(folder.iterdir()):
        raise Problem("file_exists", name=str(folder))
    (folder / FILES).mkdir(parents=True, exist_ok=True)
    done: list[Handed] = []
    left: list[int] = []
    try:
        with store.db.reading() as session:
            for document in _documents(session):
                try:
                    done.append(_copy(store, document, folder))
                except Problem as problem:
                    if problem.code != "original_missing":
                        raise
                    left.append(document.id)
        _write_list(folder / LISTS[shape], shape, done)
    except OSError as error:
        raise content_store.disk_problem(error, folder.name) from error
    return len(done), left


def _documents(session: Session) -> Iterator[Document]:
    rows = select(Document).where(Document.status.in_(("accepted", "review"))).order_by(Document.id)
    for document in session.scalars(rows.execution_options(yield_per=200)):
        if is_cleared(document):
            yield document


def _copy(store: Store, document: Document, folder: Path) -> Handed:
    """Copy a document's original under a name of its own. Raises Problem("original_missing")."""
    name = f"{FILES}/{document.id:06}-{document.name.replace(';', ',').lstrip('.')[-150:]}"
    digest = hashlib.md5(usedforsecurity=False)
    path = content_store.original_path(store, document.sha256)
    with path.open("rb") as source, (folder / name).open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
    with (folder / name).open("rb") as copy:
        while block := copy.read(1 << 20):
            digest.update(block)
    return Handed(
        document.id, name, document.sha256, digest.hexdigest(), document.media_type, document.name,
        document.status, document.received_at.isoformat(), _values(document),
    )  # fmt: skip


def _values(document: Document) -> dict[str, str]:
    """The record's values by field; of a list its items with `;` between."""
    fields = fields_from_json(document.fields or {})
    values: dict[str, str] = {}
    for known in EDITABLE:
        value = known.of(fields)
        if known.kind == "many":
            values[known.name] = "; ".join(item.value for item in value)
        else:
            values[known.name] = value.value if value is not None else ""
    return values


def _write_list(path: Path, shape: Shape, documents: list[Handed]) -> None:
    if shape == "paperless":
        path.write_text(json.dumps(_manifest(documents), ensure_ascii=False, indent=1), encoding="utf-8")
        about = {"version": "2.14.7", "written_by": "vanban"}
        (path.parent / "metadata.json").write_text(json.dumps(about), encoding="utf-8")
        return
    rows = (_row(one) for one in documents)
    if shape == "folder":
        path.write_text("".join(tables.csv_lines(_HEADS, rows)), encoding="utf-8")
    else:
        tables.write_xlsx([("Văn bản", _HEADS, rows)], path)


def _row(one: Handed) -> tables.Row:
    """A row of the list: days as people write them."""
    days = {field.name for field in EDITABLE if field.is_day}
    values = (day_text(value) if name in days else value for name, value in one.values.items())
    return (one.file, *values, one.status, one.sha256)


def _manifest(documents: list[Handed]) -> list[dict[str, Any]]:
    """Objects of an export of paperless-ngx 2: bodies as correspondents, types, the number as a custom field."""
    bodies = _keys(one.values["issuer"] for one in documents)
    kinds = _keys(one.values["doc_type"] for one in documents)
    matching = {"match": "", "matching_algorithm": 0, "is_insensitive": True, "owner": None}
    objects: list[dict[str, Any]] = [
        {"model": model, "pk": key, "fields": {"name": name[:128], **matching}}
        for model, names in (("documents.correspondent", bodies), ("documents.documenttype", kinds))
        for name, key in names.items()
    ]
    name = {"name": "Số, ký hiệu", "data_type": "string", "extra_data": None}
    objects.append({"model": "documents.customfield", "pk": _NUMBER_FIELD, "fields": name})
    for one in documents:
        if number := one.values["number"]:
            value = {"document": one.id, "field": _NUMBER_FIELD, "value_text": number[:128]}
            objects.append({"model": "documents.customfieldinstance", "pk": one.id, "fields": value})
    return objects + [_record(one, bodies, kinds) for one in documents]


def _record(one: Handed, bodies: dict[str, int], kinds: dict[str, int]) -> dict[str, Any]:
    values = one.values
    return {
        "model": "documents.document",
        "pk": one.id,
        "fields": {
            "correspondent": bodies.get(values["issuer"]), "document_type": kinds.get(values["doc_type"]),
            "storage_path": None, "title": (values["subject"] or Path(one.original).stem)[:128], "content": "",
            "mime_type": one.media_type, "tags": [], "checksum": one.md5, "archive_checksum": None,
            "created": values["date"] or one.received[:10], "modified": f"{one.received}Z",
            "added": f"{one.received}Z", "storage_type": "unencrypted", "filename": None, "archive_filename": None,
            "original_filename": one.original[:1024], "archive_serial_number": None, "owner": None,
        },
        "__exported_file_name__": one.file,
    }  # fmt: skip


def _keys(names: Iterator[str]) -> dict[str, int]:
    return {name: key for key, name in enumerate(dict.fromkeys(name for name in names if name), start=1)}
