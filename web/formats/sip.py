"""The package of a file for the archive (gói SIP, Thông tư 05/2025/TT-BNV): METS, EAD, PREMIS and the originals.

The layout is that of the common specification for information packages (E-ARK CSIP), which the circular's Annex I
follows by public accounts of it. docs/sip.md and the package's README say what our sources do not tell.
"""

from __future__ import annotations

import hashlib
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lxml import etree

from corpus.errors import Problem
from web.formats.sip_metadata import SipHead, SipPaper, document_ead, file_ead, fit, package_premis, premis
from web.formats.sip_readme import readme

METS, XLINK = "http://www.loc.gov/METS/", "http://www.w3.org/1999/xlink"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
_NAMES = {None: METS, "xlink": XLINK, "csip": CSIP}
PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
MEDIA_TYPE = "application/zip"
_REP = "representations/rep1"
_PIECE = 1 << 20

Lend = Callable[[SipPaper], Path]
"""Lends the path of a paper's original."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of the package as METS describes it; `path` from the package's folder."""

    path: str
    media_type: str
    size: int
    sha256: str
    id: str


def write_package(out: IO[bytes], head: SipHead, papers: Sequence[SipPaper], lend: Lend) -> str:
    """Write the package of a file as a ZIP; return its OBJID.

    Each original is hashed while it is packed. Raises Problem("original_missing") for one that is not what the
    store took in.
    """
    objid = f"urn:{head.fond or 'vanban'}:uuid:{str(uuid.uuid4()).upper()}"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        pack = _Package(archive, objid.replace(":", "_"))
        data = [pack.original(paper, lend(paper)) for paper in papers]
        descriptions = [
            pack.xml(f"{_REP}/metadata/descriptive/EAD_doc_{paper.place:04d}.xml", document_ead(head, paper))
            for paper in papers
        ]
        ids = [one.id for one in data]
        kept = pack.xml(f"{_REP}/metadata/preservation/PREMIS_rep1.xml", premis(head, papers, ids))
        inner = _representation(head, objid, papers, data, descriptions, kept)
        rep = pack.xml(f"{_REP}/METS.xml", inner)
        described = pack.xml("metadata/descriptive/EAD.xml", file_ead(head, objid, papers))
        preserved = pack.xml("metadata/preservation/PREMIS.xml", package_premis(head, objid, papers))
        text = pack.text("documentation/README.txt", readme(head, objid, papers))
        pack.xml("METS.xml", _root(head, objid, described, preserved, text, rep))
    return objid


class _Package:
    """The ZIP under way: every member's size and hash are taken as it is written."""

    def __init__(self, archive: zipfile.ZipFile, folder: str) -> None:
        self.archive, self.folder = archive, folder

    def xml(self, path: str, root: Any) -> Packed:
        return self._bytes(path, "text/xml", etree.tostring(root, encoding="UTF-8", xml_declaration=True))

    def text(self, path: str, text: str) -> Packed:
        return self._bytes(path, "text/plain", text.encode())

    def original(self, paper: SipPaper, source: Path) -> Packed:
        path = f"{_REP}/data/{paper.file_name}"
        hashed, size = hashlib.sha256(), 0
        with source.open("rb") as original, self._member(path) as member:
            while piece := original.read(_PIECE):
                hashed.update(piece)
                size += len(piece)
                member.write(piece)
        if hashed.hexdigest() != paper.sha256:
            raise Problem("original_missing", document=paper.document_id)
        return Packed(path, paper.media_type, size, paper.sha256, f"file-{paper.sha256[:32]}")

    def _bytes(self, path: str, media_type: str, data: bytes) -> Packed:
        with self._member(path) as member:
            member.write(data)
        digest = hashlib.sha256(data).hexdigest()
        return Packed(path, media_type, len(data), digest, f"file-{digest[:32]}")

    @contextmanager
    def _member(self, path: str) -> Iterator[IO[bytes]]:
        with self.archive.open(f"{self.folder}/{path}", "w", force_zip64=True) as member:
            yield member


def _root(head: SipHead, objid: str, ead: Packed, kept: Packed, text: Packed, rep: Packed) -> Any:
    """METS of the package: its metadata, its documentation, its one representation."""
    mets = _mets(head, objid, head.label)
    described = _element(mets, "dmdSec", ID="dmd-1", CREATED=head.made_at)
    _reference(described, ead, "EAD", head.made_at, ead.path)
    _link_premis(mets, "1", kept, head.made_at, kept.path)
    files = _element(mets, "fileSec", ID="fs-1")
    group = _element(files, "fileGrp", ID="fg-documentation", USE="Documentation")
    _file(group, text, head.made_at, text.path)
    group = _element(files, "fileGrp", ID="fg-rep1", USE="Representations/rep1")
    _file(group, rep, head.made_at, rep.path)
    top = _structure(mets, objid)
    _element(top, "div", ID="div-metadata", LABEL="Metadata", DMDID="dmd-1", ADMID="amd-1")
    part = _element(top, "div", ID="div-documentation", LABEL="Documentation")
    _element(part, "fptr", FILEID=text.id)
    part = _element(top, "div", ID="div-rep1", LABEL="Representations/rep1")
    _element(part, "mptr", LOCTYPE="URL", **_link(rep.path), **{f"{{{XLINK}}}title": rep.id})
    return mets


def _representation(
    head: SipHead,
    objid: str,
    papers: Sequence[SipPaper],
    data: Sequence[Packed],
    descriptions: Sequence[Packed],
    kept: Packed,
) -> Any:
    """METS of the representation: the originals in the order of the file, each with its description."""
    mets = _mets(head, f"{objid}:rep1", f"{head.label} – rep1")
    for paper, one in zip(papers, descriptions, strict=True):
        part = _element(mets, "dmdSec", ID=f"dmd-{paper.place}", CREATED=head.made_at)
        _reference(part, one, "EAD", head.made_at, _within(one))
    _link_premis(mets, "1", kept, head.made_at, _within(kept))
    if data:
        group = _element(_element(mets, "fileSec", ID="fs-1"), "fileGrp", ID="fg-data", USE="Data")
        for one in data:
            _file(group, one, head.made_at, _within(one))
    top = _structure(mets, f"{objid}:rep1")
    order = _element(top, "div", ID="div-data", LABEL="Data")
    linked = _element(top, "div", ID="div-metadata", LABEL="MetadataLink")
    for paper, one in zip(papers, data, strict=True):
        label = {"LABEL": paper.label[:500], "ORDER": str(paper.place)}
        _element(_element(order, "div", ID=f"div-{paper.place}", **label), "fptr", FILEID=one.id)
        ids = {"DMDID": f"dmd-{paper.place}", "ADMID": "amd-1"}
        part = _element(linked, "div", ID=f"link-{paper.place}", LABEL="MetadataLink/File", **ids)
        _element(part, "fptr", FILEID=one.id)
    return mets


def _mets(head: SipHead, objid: str, label: str) -> Any:
    mets = etree.Element(f"{{{METS}}}mets", nsmap=_NAMES)
    mets.set("OBJID", objid)
    mets.set("LABEL", fit(label)[:500])
    mets.set("TYPE", "Textual works – Digital")
    mets.set("PROFILE", PROFILE)
    header = _element(mets, "metsHdr", CREATEDATE=head.made_at, RECORDSTATUS="NEW")
    header.set(f"{{{CSIP}}}OAISPACKAGETYPE", "SIP")
    agent = _element(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    _element(agent, "name", "vanban")
    note = _element(agent, "note", head.version)
    note.set(f"{{{CSIP}}}NOTETYPE", "SOFTWARE VERSION")
    if head.organ:
        agent = _element(header, "agent", ROLE="CREATOR", TYPE="ORGANIZATION")
        _element(agent, "name", head.organ)
        if head.fond:
            note = _element(agent, "note", head.fond)
            note.set(f"{{{CSIP}}}NOTETYPE", "IDENTIFICATIONCODE")
    return mets


def _link_premis(mets: Any, number: str, kept: Packed, made_at: str, path: str) -> None:
    part = _element(_element(mets, "amdSec", ID=f"amd-{number}"), "digiprovMD", ID=f"digiprov-{number}")
    _reference(part, kept, "PREMIS", made_at, path)


def _reference(parent: Any, one: Packed, kind: str, made_at: str, path: str) -> None:
    told = {"ID": f"mdref-{one.id}", "LOCTYPE": "URL", "MDTYPE": kind, "MIMETYPE": one.media_type}
    _element(parent, "mdRef", **told, **_fixity(one, made_at), **_link(path))


def _file(group: Any, one: Packed, made_at: str, path: str) -> None:
    part = _element(group, "file", ID=one.id, MIMETYPE=one.media_type, **_fixity(one, made_at))
    _element(part, "FLocat", LOCTYPE="URL", **_link(path))


def _fixity(one: Packed, made_at: str) -> dict[str, str]:
    return {"SIZE": str(one.size), "CREATED": made_at, "CHECKSUM": one.sha256, "CHECKSUMTYPE": "SHA-256"}


def _structure(mets: Any, label: str) -> Any:
    found = _element(mets, "structMap", ID="sm-1", TYPE="PHYSICAL", LABEL="CSIP")
    return _element(found, "div", ID="div-top", LABEL=label)


def _within(one: Packed) -> str:
    """The path of a member from the folder of the representation."""
    return one.path.removeprefix(f"{_REP}/")


def _link(path: str) -> dict[str, str]:
    return {f"{{{XLINK}}}type": "simple", f"{{{XLINK}}}href": path}


def _element(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    found = etree.SubElement(parent, f"{{{METS}}}{name}", {key: fit(value) for key, value in attributes.items()})
    found.text = None if text is None else fit(text)
    return found
