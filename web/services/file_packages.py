"""The package of a file for the archive: gathered as its caller may see the file, written as a ZIP."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from sqlalchemy import ColumnElement

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.files import codes
from corpus.files.keeping import STATES
from corpus.json_shapes import fields_from_json
from corpus.lifecycle import own_bodies
from corpus.lifecycle.cleared import is_cleared
from corpus.numbering.number import parse
from corpus.originals import content_store
from corpus.queries import documents, files
from corpus.vietnamese.fold import fold
from web.formats import sip
from web.formats.sip_metadata import SipEvent, SipHead, SipPaper
from web.present.file_rows import retention_words

MOST_PAPERS = 5000
MOST_BYTES = 4 << 30
"""Bytes of all originals of one package."""
_HANOI = timezone(timedelta(hours=7))
_ENDINGS = re.compile(r"\.[a-z0-9]{1,5}\Z")


def write(
    store: Store,
    file_id: int,
    out: IO[bytes],
    by: str,
    seen: ColumnElement[bool],
    visible: Callable[[Document], bool] = lambda _: True,
) -> str:
    """Write the package of a file, as far as the caller sees its papers; return the OBJID.

    Raises Problem("not_found"), ("original_missing"), Problem("bad_request") for a file beyond the bounds.
    """
    line, filed = files.one(store, file_id, seen), files.papers(store, file_id, seen, MOST_PAPERS + 1)
    if len(filed) > MOST_PAPERS or sum(one.size for one in filed) > MOST_BYTES:
        why = f"một gói tối đa {MOST_PAPERS} văn bản, {MOST_BYTES >> 30} GB; tách hồ sơ rồi đóng gói lại"
        raise Problem("bad_request", why=why)
    held = [one for one in documents.in_order(store, [one.document_id for one in filed]) if visible(one)]
    cleared = [one for one in held if is_cleared(one)]
    papers = [_paper(place, one, line) for place, one in enumerate(cleared, start=1)]
    pages = sum(max(one.page_count, 1) for one in cleared)
    head = replace(
        _head(store, line, by, papers, pages),
        left_out=len(held) - len(cleared),
        unconfirmed=sum(one.status != "accepted" for one in cleared),
    )
    return sip.write_package(out, head, papers, lambda one: _original(store, one))


def file_name(line: files.FileLine) -> str:
    """Name of the download: `goi-sip-2026-01-tccb.zip`."""
    return f"goi-sip-{line.year}-{_plain(line.code)}.zip"


def _head(store: Store, line: files.FileLine, by: str, papers: list[SipPaper], pages: int) -> SipHead:
    with store.db.reading() as session:
        bodies = own_bodies.every(session)
    organ = bodies[0].name if bodies else ""
    days = sorted(one.date for one in papers if one.date)
    kept = retention_words(line.years)
    until = f"; bảo quản đến hết {line.kept_until}" if line.kept_until else ""
    keys = {
        "FileCode.OrganId": line.organ_id,
        "FileCatalog": str(line.year),
        "FileNotation": line.code,
        "Title": line.title,
        "Maintenance": kept,
        "Rights": line.rights,
        "Creator": line.keeper,
        "Language": line.language,
        "StartDate": days[0] if days else "",
        "EndDate": line.ended_on or (days[-1] if days else ""),
        "DocTotal": str(len(papers)),
        "PageTotal": str(pages),
        "Description": line.description,
    }
    return SipHead(
        code=line.code,
        year=line.year,
        title=line.title,
        keys=keys,
        retention=f"Thời hạn bảo quản: {kept}{until}",
        description=line.description,
        rights=line.rights,
        first=days[0] if days else None,
        last=days[-1] if days else None,
        organ=organ,
        fond=re.sub(r"[^A-Za-z0-9.]", "", line.organ_id),
        made_at=_moment(datetime.now(UTC).replace(tzinfo=None)),
        made_by=by,
        version=version("vanban"),
        state=STATES[line.state],
    )


def _paper(place: int, found: Document, line: files.FileLine) -> SipPaper:
    label = " ".join(part for part in (found.doc_type, found.number, found.subject) if part) or found.name
    return SipPaper(
        place=place,
        document_id=found.id,
        file_name=_data_name(place, found),
        original_name=found.name,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        label=label,
        date=found.date,
        keys=_keys(place, found, line),
        events=_events(found),
    )


def _keys(place: int, found: Document, line: files.FileLine) -> dict[str, str]:
    """Fields of a document by the decree's keys; what is not known is left out."""
    parsed = parse(found.number) if found.number else None
    ordinal = parsed.ordinal_text + parsed.suffix + parsed.sub if parsed else ""
    record: dict[str, Any] = found.fields or {}
    fields = fields_from_json(record)
    title = fields.signer.title
    arrival = fields.incoming
    keys = {
        "FileCode.OrganId": line.organ_id,
        "FileCatalog": str(line.year),
        "FileNotation": line.code,
        "DocOrdinal": str(place),
        "TypeName": found.doc_type,
        "CodeNumber": ordinal,
        "CodeNotation": (found.number or "")[len(ordinal) :].lstrip("/-"),
        "IssuedDate": found.date,
        "OrganName": found.issuer,
        "Subject": found.subject,
        "Language": line.language,
        "PageAmount": str(found.page_count),
        "ArrivalDate": arrival.date.value if arrival.date else None,
        "ArrivalNumber": arrival.number.value if arrival.number else None,
        "SignerInfo.Position": title.value if title else None,
        "SignerInfo.FullName": found.signer,
        "ToPlaces": "; ".join(one.value for one in fields.recipients if one.value),
        "Priority": found.urgency,
    }
    return {name: value for name, value in keys.items() if value}


def _events(found: Document) -> tuple[SipEvent, ...]:
    """The events of an original that the store knows: taken in, put on record, signatures and bytes checked."""
    told = [SipEvent("ingestion", _moment(found.received_at))]
    if found.read_at is not None and found.signatures:
        states = ", ".join(str(one.get("state")) for one in found.signatures)
        told.append(SipEvent("digital signature validation", _moment(found.read_at), states))
    if found.accepted_at is not None:
        told.append(SipEvent("registration", _moment(found.accepted_at)))
    if found.verified_at is not None:
        told.append(SipEvent("fixity check", _moment(found.verified_at)))
    return tuple(told)


def _original(store: Store, one: SipPaper) -> Path:
    # Hashed while it is packed: no need to read it twice.
    return content_store.original_path(store, one.sha256, document=one.document_id, verify=False)


def _data_name(place: int, found: Document) -> str:
    ending = _ENDINGS.search(found.name.lower())
    return f"{place:04d}_{_plain(found.number or 'van-ban')}{ending[0] if ending else ''}"


def _plain(text: str) -> str:
    """Text fit for a file's name on every system."""
    return re.sub(r"[^a-z0-9]+", "-", fold(codes.code_key(text))).strip("-")[:60] or "ho-so"


def _moment(at: datetime) -> str:
    """A time of the store (UTC) in ISO 8601 with the zone of Việt Nam."""
    return at.replace(tzinfo=UTC, microsecond=0).astimezone(_HANOI).isoformat()
