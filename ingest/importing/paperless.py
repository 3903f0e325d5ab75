"""An export of paperless-ngx (`document_exporter`): its manifest, whole or split, and the originals next to it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Any

from corpus.errors import Language, Problem
from ingest.importing.items import FILE, Item, Listed, claims_of, field_of, inside, missing

SOURCE = "paperless-ngx"
MANIFEST, EXPORTED = "manifest.json", "__exported_file_name__"
_MOST_BYTES = 500 << 20
_NAMED = {
    "documents.correspondent": "correspondent",
    "documents.documenttype": "document_type",
    "documents.customfield": "custom_field",
}
_LEFT = {
    "documents.tag": "thẻ (tag)",
    "documents.note": "ghi chú (note)",
    "documents.storagepath": "đường dẫn lưu trữ (storage path)",
    "documents.savedview": "kiểu xem đã lưu (saved view)",
    "documents.workflow": "luồng xử lý (workflow)",
    "auth.user": "tài khoản (user)",
}
"""Kinds that an archive of records has no place for; counted, so that nobody believes that it came along."""
_BIN = "văn bản trong thùng rác (trash)"
_DIGESTS = {32: hashlib.md5, 64: hashlib.sha256}
"""Hex digits of a checksum → its kind: MD5 until version 2, SHA-256 later."""

Record = Mapping[str, Any]


def read_export(folder: Path, lang: Language) -> Listed:
    """The documents of an export, each with what its record says; nothing of it is independent of recognition.

    Raises Problem("not_found") without a manifest, ("truncated") for one that is no JSON.
    """
    records = list(_records(folder))
    names, choices = _names(records), _choices(records)
    customs: dict[Any, list[Record]] = {}
    for one in _of(records, "documents.customfieldinstance"):
        customs.setdefault(one["fields"].get("document"), []).append(one["fields"])
    items: list[Item] = []
    notes: list[str] = []
    left = Counter(_LEFT[model] for one in records if (model := one.get("model")) in _LEFT)
    for one in _of(records, "documents.document"):
        if one["fields"].get("deleted_at"):
            left[_BIN] += 1
            continue
        item, said = _item(folder, one, names, _customs(customs.get(one.get("pk"), []), names, choices), lang)
        notes += said
        items += [item] if item is not None else []
    notes += [f"Không chuyển sang: {what} × {count}." for what, count in sorted(left.items())]
    return Listed(tuple(items), tuple(notes))


def _records(folder: Path) -> Iterable[Record]:
    """Objects of the manifest, and of each document's own one (`--split-manifest`)."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise Problem("not_found", what=str(manifest))
    for path in (manifest, *sorted(folder.rglob("*-manifest.json"))):
        if path.stat().st_size > _MOST_BYTES:
            raise Problem("too_large", name=path.name, limit=f"{_MOST_BYTES >> 20} MB")
        try:
            found = json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise Problem("truncated", name=path.name) from error
        if not isinstance(found, list):
            raise Problem("truncated", name=path.name)
        yield from (one for one in found if isinstance(one, dict) and isinstance(one.get("fields"), dict))


def _of(records: Iterable[Record], model: str) -> Iterable[Record]:
    return (one for one in records if one.get("model") == model)


def _names(records: Iterable[Record]) -> dict[tuple[str, Any], str]:
    """(kind, key) → name of correspondents, types and custom fields."""
    return {
        (_NAMED[one["model"]], one.get("pk")): str(one["fields"].get("name", ""))
        for one in records
        if one.get("model") in _NAMED
    }


def _choices(records: Iterable[Record]) -> dict[tuple[Any, Any], str]:
    """(custom field, stored value) → the choice as people read it; a key since version 2.14, before its place."""
    found: dict[tuple[Any, Any], str] = {}
    for one in _of(records, "documents.customfield"):
        extra = one["fields"].get("extra_data")
        options = extra.get("select_options") if isinstance(extra, dict) else None
        for place, option in enumerate(options if isinstance(options, list) else ()):
            key, label = (option.get("id"), option.get("label")) if isinstance(option, dict) else (place, option)
            if isinstance(key, str | int):
                found[one.get("pk"), key] = str(label)
    return found


def _customs(
    instances: list[Record], names: Mapping[tuple[str, Any], str], choices: Mapping[tuple[Any, Any], str]
) -> dict[str, str]:
    """Values of one document's custom fields by field of the record, of those whose names are known heads."""
    values: dict[str, str] = {}
    for one in instances:
        field = field_of(names.get(("custom_field", one.get("field")), ""))
        if field is None or field == FILE:
            continue
        stored = ((key, value) for key, value in one.items() if key.startswith("value_") and _is_plain(value))
        kind, value = next(stored, ("", ""))
        if kind == "value_select":
            value = choices.get((one.get("field"), value), "")
        if value != "":
            values[field] = str(value)
    return values


def _is_plain(value: object) -> bool:
    """True if it is text or a number; links between documents are lists, a tick is no value of a record."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _item(
    folder: Path, record: Record, names: Mapping[tuple[str, Any], str], customs: dict[str, str], lang: Language
) -> tuple[Item | None, list[str]]:
    fields, exported = record["fields"], str(record.get(EXPORTED) or "")
    where = f"{MANIFEST} #{record.get('pk')}"
    path = inside(folder, exported)
    if path is None or not path.is_file():
        return None, [f"{where}: {missing(exported, lang)}"]
    if not _is_whole(path, str(fields.get("checksum") or "")):
        problem = Problem("file_unreadable", name=path.name, why="khác mã kiểm trong manifest.json")
        return None, [f"{where}: {problem.message(lang)}"]
    values = {
        "issuer": names.get(("correspondent", fields.get("correspondent")), ""),
        "doc_type": names.get(("document_type", fields.get("document_type")), ""),
        # A moment until version 2.15, a day since.
        "date": str(fields.get("created") or "")[:10],
        "subject": _title(fields),
        **customs,
    }
    claims, notes = claims_of(values, SOURCE, where, lang, independent=False)
    return Item(path, claims), notes


def _title(fields: Record) -> str:
    """The title, unless it is only the name of the file."""
    title, name = str(fields.get("title") or ""), PurePath(str(fields.get("original_filename") or "")).stem
    return "" if title.casefold() == name.casefold() else title


def _is_whole(path: Path, checksum: str) -> bool:
    """True if the bytes have the checksum, or none is stated."""
    digest = _DIGESTS.get(len(checksum))
    if digest is None:
        return True
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, digest).hexdigest() == checksum.lower()
