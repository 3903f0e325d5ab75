"""A ZIP of XML parts as office programs write it (DOCX, ODT): bounds, part names, safe XML."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import error as Inflation

from corpus.errors import Problem

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_PARTS = 5000
_MOST_UNPACKED = 209_715_200
_MOST_XML = 67_108_864
"""Bytes of one part; a parsed tree needs twenty times its size."""
_RATIO, _RATIO_COUNTS_FROM = 200, 10 << 20
_DAMAGE = (
    zipfile.BadZipFile, KeyError, OSError, Inflation, NotImplementedError, UnicodeDecodeError, EOFError,
    ValueError,
)  # fmt: skip
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"drawingml/diagram", b"http://schemas.openxmlformats.org/drawingml/2006/diagram"),
    (b"drawingml/chart", b"http://schemas.openxmlformats.org/drawingml/2006/chart"),
    (b"drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
"""Namespaces of Strict Office Open XML (ISO/IEC 29500-1, annex A) → those of 29500-4, which most programs write.
"""
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_PICTURES = re.compile(r".*\.(?:png|jpe?g|tiff?|gif|bmp)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Package:
    """An open package: `entries` by part name, with `/` between folders whichever program wrote it."""

    archive: zipfile.ZipFile
    name: str
    entries: dict[str, zipfile.ZipInfo]

    def read(self, part: str) -> bytes:
        """Bytes of a part. Raises KeyError."""
        return self.archive.read(self.entries[part])

    def root(self, part: str) -> _Element:
        """XML root of a part, in Transitional namespaces. Raises Problem: truncated, unsafe_content."""
        return parsed(self.read(part), self.name)

    def find(self, part: str) -> str | None:
        """Part of that name in any case (ISO/IEC 29500-2, 6.3.5); None without."""
        if part in self.entries:
            return part
        return next((name for name in self.entries if name.lower() == part.lower()), None)

    def related(self, part: str) -> Iterator[tuple[str, str]]:
        """Kind and name of each part that a part's relationships lead to; `""` for the package itself."""
        folder, last = posixpath.split(part)
        relationships = self.find(posixpath.join(folder, "_rels", f"{last}.rels"))
        if relationships is None:
            return
        for link in self.root(relationships).iter(_RELATIONSHIP):
            if link.get("TargetMode") == "External":
                continue
            target = (link.get("Target") or "").replace("\\", "/")
            place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if (found := self.find(place)) is not None:
                yield (link.get("Type") or "").rpartition("/")[2], found

    def pictures(self, folder: str = "") -> list[str]:
        """Names of the picture files whose path contains `folder`, in the package's order."""
        return [name for name in self.entries if folder in name and _PICTURES.fullmatch(name)]


@contextmanager
def opened(path: Path, name: str) -> Iterator[Package]:
    """Open a package after checking its bounds. Raises Problem: truncated, encrypted, unsafe_content."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield _check_bounds(archive, name)
    except _DAMAGE as error:
        raise Problem("truncated", name=name) from error
    except RuntimeError as error:
        raise Problem("encrypted", name=name) from error


def _check_bounds(archive: zipfile.ZipFile, name: str) -> Package:
    listed = archive.infolist()
    if len(listed) > _MOST_PARTS:
        raise Problem("truncated", name=name)
    entries = {entry.filename.replace("\\", "/").lstrip("/"): entry for entry in listed}
    if len(entries) != len(listed):
        raise Problem("unsafe_content", name=name, what="phần trùng tên")
    unpacked = sum(entry.file_size for entry in listed)
    packed = sum(entry.compress_size for entry in listed)
    large = max(
        (entry.file_size for part, entry in entries.items() if part.endswith((".xml", ".rels"))), default=0
    )
    bomb = unpacked > _RATIO_COUNTS_FROM and unpacked > _RATIO * packed
    if bomb or unpacked > _MOST_UNPACKED or large > _MOST_XML:
        raise Problem("unsafe_content", name=name, what="bom nén")
    return Package(archive, name, entries)


def check_dtd(head: bytes, name: str) -> None:
    """Check XML for a document type, which no office program writes. Raises Problem("unsafe_content") for one."""
    plain = head.replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Problem("unsafe_content", name=name, what="DTD")


def parsed(data: bytes, name: str) -> _Element:
    """Root of foreign XML, parsed safely. Raises Problem("truncated"), Problem("unsafe_content")."""
    from lxml import etree

    check_dtd(data[:65_536], name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
        if any((uri or "").encode().startswith(_STRICT) for uri in root.nsmap.values()):
            data = etree.tostring(root)
            for strict, usual in _TRANSITIONAL:
                data = data.replace(_STRICT + strict, usual)
            root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Problem("truncated", name=name) from error
    if root.getroottree().docinfo.doctype:
        raise Problem("unsafe_content", name=name, what="DTD")
    return root
