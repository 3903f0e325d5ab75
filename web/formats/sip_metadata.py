"""Metadata of a package for the archive: EAD 3 of the file and of each paper, PREMIS 3 of originals and events.

The keys of Nghị định 30/2020/NĐ-CP, Phụ lục VI, Phần II, are the `localtype` of what EAD has no element for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

EAD, PREMIS = "http://ead3.archivists.org/schema/", "http://www.loc.gov/premis/v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SOFTWARE = "agent-vanban"
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""


@dataclass(frozen=True, slots=True)
class SipHead:
    """The file of a package; days are ISO 8601, `made_at` with its zone."""

    code: str
    year: int
    title: str
    keys: Mapping[str, str]
    """Fields of the file by the decree's keys: FileCatalog, FileNotation, Title, Maintenance …"""
    retention: str
    description: str
    rights: str
    first: str | None
    last: str | None
    organ: str
    fond: str
    made_at: str
    made_by: str
    version: str
    state: str
    """State of the file in words: open, closed, handed over."""
    left_out: int = 0
    """Papers that have not passed the secrecy check and are not packed."""
    unconfirmed: int = 0
    """Papers whose fields no person has confirmed."""

    @property
    def label(self) -> str:
        return f"{self.year}/{self.code} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class SipPaper:
    """A paper of a package, in its place."""

    place: int
    document_id: int
    file_name: str
    original_name: str
    media_type: str
    size: int
    sha256: str
    label: str
    date: str | None
    keys: Mapping[str, str]
    """Fields of the document by the decree's keys: DocOrdinal, TypeName, CodeNumber …"""
    events: Sequence[SipEvent] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class SipEvent:
    """An event of an original; `kind` is a term of the Library of Congress' list of PREMIS events."""

    kind: str
    at: str
    outcome: str = "success"


def fit(text: str) -> str:
    """The text without the characters that XML can't hold."""
    return _UNFIT.sub("", text)


def file_ead(head: SipHead, objid: str, papers: Sequence[SipPaper]) -> Any:
    """EAD of the whole file, with a component for each paper."""
    root, described = _ead(head, objid, head.title, "file")
    unit = _e(described, "did")
    _e(unit, "unitid", f"{head.year}/{head.code}")
    _e(unit, "unittitle", head.title)
    _days(unit, head.first, head.last)
    _common(unit, head)
    _e(unit, "physdesc", f"{len(papers)} văn bản")
    _paragraph(described, "appraisal", head.retention)
    _paragraph(described, "accessrestrict", head.rights)
    _paragraph(described, "scopecontent", head.description)
    _keys(described, head.keys)
    if papers:
        parts = _e(described, "dsc")
        for paper in papers:
            part = _e(_e(parts, "c", level="item", id=f"c-{paper.place}"), "did")
            _e(part, "unitid", str(paper.place))
            _e(part, "unittitle", paper.label)
            _days(part, paper.date, paper.date)
    return root


def document_ead(head: SipHead, paper: SipPaper) -> Any:
    """EAD of one paper, with the decree's fields of it."""
    root, described = _ead(head, f"{head.year}/{head.code}/{paper.place}", paper.label, "item")
    unit = _e(described, "did")
    _e(unit, "unitid", f"{head.year}/{head.code}/{paper.place}")
    _e(unit, "unittitle", paper.label)
    _days(unit, paper.date, paper.date)
    _common(unit, head)
    _keys(described, paper.keys)
    return root


def premis(head: SipHead, papers: Sequence[SipPaper], ids: Sequence[str]) -> Any:
    """PREMIS of the representation: each original with its hash, and what happened to it in the store."""
    root = _premis()
    for paper, file_id in zip(papers, ids, strict=True):
        part = _p(root, "object")
        part.set(f"{{{XSI}}}type", "premis:file")
        _identifier(part, "object", "METS file ID", file_id)
        told = _p(part, "objectCharacteristics")
        fixity = _p(told, "fixity")
        _p(fixity, "messageDigestAlgorithm", "SHA-256")
        _p(fixity, "messageDigest", paper.sha256)
        _p(told, "size", str(paper.size))
        _p(_p(_p(told, "format"), "formatDesignation"), "formatName", paper.media_type)
        _p(part, "originalName", paper.original_name)
    for paper, file_id in zip(papers, ids, strict=True):
        packed = SipEvent("message digest calculation", head.made_at)
        for number, event in enumerate((*paper.events, packed), start=1):
            _event(root, f"event-{paper.place}-{number}", event, [("METS file ID", file_id)])
    _agent(root, head)
    return root


def package_premis(head: SipHead, objid: str, papers: Sequence[SipPaper]) -> Any:
    """PREMIS of the package: what it is, and that it was made."""
    root = _premis()
    part = _p(root, "object")
    part.set(f"{{{XSI}}}type", "premis:representation")
    _identifier(part, "object", "OBJID", objid)
    _p(part, "originalName", head.label)
    creation = SipEvent("information package creation", head.made_at, f"success: {len(papers)} files")
    _event(root, "event-1", creation, [("OBJID", objid)])
    _agent(root, head)
    return root


def _ead(head: SipHead, record: str, title: str, level: str) -> tuple[Any, Any]:
    """The root of an EAD with its control part, and its description."""
    root = etree.Element(f"{{{EAD}}}ead", nsmap={None: EAD})
    control = _e(root, "control")
    _e(control, "recordid", record)
    _e(_e(_e(control, "filedesc"), "titlestmt"), "titleproper", title)
    _e(control, "maintenancestatus", value="new")
    _e(_e(control, "maintenanceagency"), "agencyname", head.organ or "vanban")
    event = _e(_e(control, "maintenancehistory"), "maintenanceevent")
    _e(event, "eventtype", value="created")
    _e(event, "eventdatetime", head.made_at, standarddatetime=head.made_at)
    _e(event, "agenttype", value="machine")
    _e(event, "agent", f"vanban {head.version}")
    return root, _e(root, "archdesc", level=level)


def _common(unit: Any, head: SipHead) -> None:
    _e(_e(unit, "langmaterial"), "language", head.keys.get("Language", "Tiếng Việt"), langcode="vie")
    if head.organ:
        _e(_e(_e(unit, "origination"), "corpname"), "part", head.organ)


def _days(unit: Any, first: str | None, last: str | None) -> None:
    if first is None or last is None:
        return
    if first == last:
        _e(_e(unit, "unitdatestructured"), "datesingle", first, standarddate=first)
        return
    span = _e(_e(unit, "unitdatestructured"), "daterange")
    _e(span, "fromdate", first, standarddate=first)
    _e(span, "todate", last, standarddate=last)


def _paragraph(parent: Any, name: str, text: str) -> None:
    if text:
        _e(_e(parent, name), "p", text)


def _keys(parent: Any, keys: Mapping[str, str]) -> None:
    for name, value in keys.items():
        if value:
            _e(_e(parent, "odd", localtype=name), "p", value)


def _premis() -> Any:
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap={"premis": PREMIS, "xsi": XSI})
    root.set("version", "3.0")
    return root


def _event(root: Any, name: str, event: SipEvent, objects: Iterable[tuple[str, str]]) -> None:
    part = _p(root, "event")
    _identifier(part, "event", "local", name)
    _p(part, "eventType", event.kind)
    _p(part, "eventDateTime", event.at)
    _p(_p(part, "eventOutcomeInformation"), "eventOutcome", event.outcome)
    linked = _p(part, "linkingAgentIdentifier")
    _p(linked, "linkingAgentIdentifierType", "local")
    _p(linked, "linkingAgentIdentifierValue", _SOFTWARE)
    for kind, value in objects:
        linked = _p(part, "linkingObjectIdentifier")
        _p(linked, "linkingObjectIdentifierType", kind)
        _p(linked, "linkingObjectIdentifierValue", value)


def _agent(root: Any, head: SipHead) -> None:
    part = _p(root, "agent")
    _identifier(part, "agent", "local", _SOFTWARE)
    _p(part, "agentName", "vanban")
    _p(part, "agentType", "software")
    _p(part, "agentVersion", head.version)


def _identifier(parent: Any, name: str, kind: str, value: str) -> None:
    part = _p(parent, f"{name}Identifier")
    _p(part, f"{name}IdentifierType", kind)
    _p(part, f"{name}IdentifierValue", value)


def _e(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    found = etree.SubElement(parent, f"{{{EAD}}}{name}", {key: fit(value) for key, value in attributes.items()})
    found.text = None if text is None else fit(text)
    return found


def _p(parent: Any, name: str, text: str | None = None) -> Any:
    found = etree.SubElement(parent, f"{{{PREMIS}}}{name}")
    found.text = None if text is None else fit(text)
    return found
