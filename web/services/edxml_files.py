"""edXML messages of documents on record: the record with its file, or a message on how far a document has come."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response
from lxml import etree

from corpus import records
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.edxml import codes
from corpus.edxml.schema import deviations
from corpus.errors import Problem
from corpus.file_types import EDXML
from corpus.lifecycle.cleared import is_cleared
from corpus.numbering.typed_days import HANOI
from corpus.originals import content_store
from corpus.queries import exchange
from corpus.record_fields import BY_NAME
from ingest.files.edxml import attachments_of, media_type_of
from ingest.sandbox.child import Limits, run_in_child
from web import access
from web.formats import edxml

_NEEDED = ("number", "date", "issuer", "subject")
"""Columns without which the standard has no message."""


@dataclass(frozen=True, slots=True)
class MessageFile:
    """A message as a file: name, bytes, bodies whose identifier no table has; if it has values to be looked at."""

    name: str
    data: bytes
    unidentified: tuple[str, ...] = ()
    doubtful: bool = False


def message_of(store: Store, document: Document) -> MessageFile:
    """The record and its file as a message.

    Raises Problem: not_cleared, edxml_incomplete, original_missing; internal for one that is not of the schema.
    """
    if not is_cleared(document):
        raise Problem("not_cleared", document=document.id)
    missing = [BY_NAME[name].label for name in _NEEDED if not getattr(document, name)]
    if missing:
        raise Problem("edxml_incomplete", document=document.id, what=", ".join(missing))
    answers = exchange.answered(store, document.id)
    data = edxml.envelope(document, answers, _attachments(store, document), _now())
    bodies = [document.issuer or "", *exchange.addressees(store, document.id)]
    unknown = tuple(dict.fromkeys(one for one in bodies if one and codes.organ_id_of(one) is None))
    return MessageFile(f"{_stem(document)}.edxml", _check(data, document.id), unknown, bool(document.questions))


def state_of(store: Store, document: Document, code: str, reason: str = "") -> MessageFile:
    """A message to a document's issuer on how far it has come here.

    Raises Problem("bad_value") for an unknown code, Problem("edxml_incomplete") without number, date or a body of
    the archive's own.
    """
    if codes.status_words(code) is None:
        raise Problem("bad_value", field="status", value=code[:10], why="cần mã trạng thái 01–06, 13, 15 hoặc 16")
    missing = [BY_NAME[name].label for name in ("number", "date", "issuer") if not getattr(document, name)]
    own = exchange.own_body(store)
    if own is None:
        missing.append("cơ quan của kho")
    if missing or own is None:
        raise Problem("edxml_incomplete", document=document.id, what=", ".join(missing))
    data = edxml.state_message(document, code, own, _now(), reason)
    return MessageFile(f"{_stem(document)}-{code}.edxml", _check(data, document.id))


def zipped(files: Sequence[MessageFile]) -> bytes:
    """Several messages in one archive, which intake takes member by member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(files, start=1):
            archive.writestr(f"{number:04}-{one.name}", one.data)
    return out.getvalue()


def download(document_id: int, status: str | None) -> Response:
    """The message of a document that the caller may see, as a download with a row in the trail."""
    found, store = access.content(document_id), access.store()
    made = state_of(store, found, status) if status else message_of(store, found)
    detail = {"format": "edxml", "ref": str(found.id)} | ({"status": status} if status else {})
    records.note(store, access.user().name, "export", found.id, detail)
    headers = {
        "Content-Disposition": f'attachment; filename="van-ban-{found.id}.edxml"', "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }  # fmt: skip
    return Response(made.data, mimetype=EDXML, headers=headers)


def _attachments(store: Store, document: Document) -> list[edxml.AttachedFile]:
    """The original; of one that came in a message, that message's own attachments."""
    path = content_store.original_path(store, document.sha256, document=document.id)
    if document.media_type != EDXML:
        return [edxml.AttachedFile(document.name, document.media_type, path.read_bytes())]
    limits = Limits.of(store.settings)
    found = run_in_child(attachments_of, path, document.name, limits=limits, name=document.name)
    return [edxml.AttachedFile(one.name, media_type_of(one.name), one.data) for one in found]


def _check(data: bytes, document_id: int) -> bytes:
    """The message, if it is of the schema. Raises Problem("edxml_incomplete") with the first deviation."""
    found = deviations(etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True)))
    if found:
        raise Problem("edxml_incomplete", document=document_id, what=f"{found[0].element}: {found[0].why}")
    return data


def _stem(document: Document) -> str:
    number = (document.number or str(document.id)).replace("/", "-")
    return "".join(letter for letter in number if letter.isalnum() or letter in "-.") or str(document.id)


def _now() -> datetime:
    """Time on a clock in Việt Nam."""
    return utc_now() + HANOI
