"""Completeness of a file by its own format: its end is there, and all it points to lies within it.

Looks at bytes and offsets only and decodes nothing, since it runs outside the reading child. A complete file may
still grow: a scanner adds pages to a TIFF. An incomplete one may be damaged rather than unfinished: only time
shows.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import PurePath
from typing import BinaryIO

from corpus.file_types import DOC, DOCX, EDXML, JPEG, MEDIA_TYPES, ODT, PDF, PNG, RTF, TIFF, ZIP

_TAIL = 4096
_ZIP_TAIL = 65_557
"""Bytes: an end record of 22 and a comment of 65,535 at most (APPNOTE 4.3.16)."""
_MOST_PARTS = 100_000
_OLE_FREE = 0xFFFFFFFA
"""Sector numbers from here on have special meanings."""
_MOST_VALUES = 1_000_000
_STARTXREF = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_ROOT_END = re.compile(rb"</(?:[\w.-]+:)?edXML(?:Envelope)?\s*>\Z")
_XREF = re.compile(rb"\s*(xref|\d+\s+\d+\s+obj)")
_SIZES = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8}
"""Bytes of TIFF's whole-number types: BYTE, SHORT, LONG, IFD, LONG8, IFD8."""
_OFFSETS = {273: 279, 324: 325}
"""Tags of strips' and tiles' offsets → of their lengths (TIFF 6.0)."""


def is_whole(stream: BinaryIO, name: str) -> bool | None:
    """True if the file ends as its format demands, False if not; None for a format without an end (text).

    The ending of the name decides the format, as everywhere at intake.
    """
    media_type = MEDIA_TYPES.get(PurePath(name).suffix.lower(), "")
    look = _LOOKS.get(media_type)
    if look is None:
        return None
    size = stream.seek(0, 2)
    try:
        return look(stream, size)
    except (struct.error, ValueError, OverflowError):
        return False


def can_go_on(name: str) -> bool:
    """True if a file of this format may be whole and still grow: pages of a TIFF, lines of a text."""
    return MEDIA_TYPES.get(PurePath(name).suffix.lower(), "") not in (
        PDF,
        PNG,
        JPEG,
        DOCX,
        DOC,
        RTF,
        ODT,
        EDXML,
        ZIP,
    )


def _at(stream: BinaryIO, offset: int, length: int) -> bytes:
    """Exactly these bytes. Raises ValueError if some are missing."""
    stream.seek(offset)
    data = stream.read(length)
    if len(data) != length:
        raise ValueError("past the end")
    return data


def _tail(stream: BinaryIO, size: int, length: int) -> bytes:
    return _at(stream, max(size - length, 0), min(size, length))


def _pdf(stream: BinaryIO, size: int) -> bool:
    """True if the last cross-reference table is where the end says (ISO 32000-1, 7.5.5), shifted by junk before
    the head.
    """
    found = _STARTXREF.findall(_tail(stream, size, _TAIL))
    if not found:
        return False
    shift = max(_at(stream, 0, min(size, 1024)).find(b"%PDF-"), 0)
    places = {int(found[-1]), int(found[-1]) + shift}
    return any(0 < at < size and _XREF.match(_at(stream, at, min(40, size - at))) is not None for at in places)


def _png(stream: BinaryIO, size: int) -> bool:
    """True if its chunks follow one another up to IEND."""
    at = 8
    for _ in range(_MOST_PARTS):
        length, kind = struct.unpack(">I4s", _at(stream, at, 8))
        at += 12 + length
        if at > size:
            return False
        if kind == b"IEND":
            return True
    return False


def _jpeg(stream: BinaryIO, size: int) -> bool:
    """True if its segments lead to a scan, followed by an end of image (FF D9)."""
    at = 2
    for _ in range(_MOST_PARTS):
        mark, kind, length = struct.unpack(">BBH", _at(stream, at, 4))
        if mark != 0xFF:
            return False
        if kind == 0xFF:
            at += 1
            continue
        at += 2 + length
        if kind == 0xDA:
            return _has(stream, at, b"\xff\xd9")
    return False


def _has(stream: BinaryIO, offset: int, wanted: bytes) -> bool:
    stream.seek(offset)
    before = b""
    while block := stream.read(1 << 20):
        if wanted in before + block:
            return True
        before = block[-1:]
    return False


def _zip(stream: BinaryIO, size: int) -> bool:
    """True if the end record is there, with the directory before it."""
    tail = _tail(stream, size, _ZIP_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return False
    length, start, comment = struct.unpack_from("<IIH", tail, at + 12)
    end = size - len(tail) + at
    if end + 22 + comment > size:
        return False
    if 0xFFFFFFFF in (length, start):
        return tail[at - 20 : at - 16] == b"PK\x06\x07"
    return length == 0 or (start + length <= end and _at(stream, end - length, 4) == b"PK\x01\x02")


def _ole(stream: BinaryIO, size: int) -> bool:
    """True if every sector marked as used in the allocation table is within the file ([MS-CFB], 2.2 and 2.3)."""
    if _at(stream, 0, 5) == b"{\\rtf" or _at(stream, 0, 4) == b"PK\x03\x04":
        return _rtf(stream, size) if _at(stream, 0, 1) == b"{" else _zip(stream, size)
    head = _at(stream, 0, 512)
    sector = 1 << min(struct.unpack_from("<H", head, 30)[0], 16)
    tables = [at for at in struct.unpack_from("<109I", head, 76) if at < _OLE_FREE]
    last = -1
    for number, place in enumerate(tables):
        entries = struct.unpack(f"<{sector // 4}I", _at(stream, (place + 1) * sector, sector))
        used = [at for at, following in enumerate(entries) if following != 0xFFFFFFFF]
        last = max(last, number * (sector // 4) + used[-1]) if used else last
    return bool(tables) and size > (last + 1) * sector


def _rtf(stream: BinaryIO, size: int) -> bool:
    """True if its outermost group is closed."""
    return _tail(stream, size, _TAIL).rstrip(b"\r\n\t \x00").endswith(b"}")


def _tiff(stream: BinaryIO, size: int) -> bool:
    """True if every page's directory, and every strip or tile that it names, lies within the file."""
    order = "<" if _at(stream, 0, 2) == b"II" else ">"
    big = struct.unpack(order + "H", _at(stream, 2, 2))[0] == 43
    at = (
        struct.unpack(order + "Q", _at(stream, 8, 8))[0]
        if big
        else struct.unpack(order + "I", _at(stream, 4, 4))[0]
    )
    seen: set[int] = set()
    while at and at not in seen and len(seen) < _MOST_PARTS:
        seen.add(at)
        at = _directory(stream, size, at, order, big)
    return bool(seen)


def _directory(stream: BinaryIO, size: int, at: int, order: str, big: bool) -> int:
    """Check one directory; return the next one's offset, 0 for none.

    Raises ValueError for data outside the file.
    """
    head, entry, word = ("Q", 20, "Q") if big else ("H", 12, "I")
    width = struct.calcsize("=" + head)
    count = struct.unpack(order + head, _at(stream, at, width))[0]
    if count > _MOST_PARTS:
        raise ValueError("entries")
    rows = _at(stream, at + width, count * entry)
    values = {}
    for row in range(0, len(rows), entry):
        tag, kind, number = struct.unpack_from(order + "HH" + word, rows, row)
        if tag in _OFFSETS or tag in _OFFSETS.values():
            inner = rows[row + 4 + struct.calcsize("=" + word) : row + entry]
            values[tag] = _numbers(stream, inner, kind, number, order, word)
    for offsets, lengths in _OFFSETS.items():
        pieces = zip(values.get(offsets, ()), values.get(lengths, ()), strict=False)
        if any(start + length > size for start, length in pieces):
            raise ValueError("strip")
    after: int = struct.unpack(order + word, _at(stream, at + width + count * entry, struct.calcsize("=" + word)))[
        0
    ]
    return after


def _numbers(stream: BinaryIO, inner: bytes, kind: int, number: int, order: str, word: str) -> tuple[int, ...]:
    """Values of a tag, which are in the entry itself if they fit."""
    if kind not in _SIZES or number > _MOST_VALUES:
        raise ValueError("values")
    length = _SIZES[kind] * number
    data = inner[:length] if length <= len(inner) else _at(stream, struct.unpack(order + word, inner)[0], length)
    letter = {1: "B", 2: "H", 4: "I", 8: "Q"}[_SIZES[kind]]
    return struct.unpack(f"{order}{number}{letter}", data)


def _xml(stream: BinaryIO, size: int) -> bool:
    """True if the root element of an edXML message is closed at the end."""
    end = _tail(stream, size, _TAIL).replace(b"\x00", b"").rstrip()
    return _ROOT_END.search(end) is not None


_LOOKS: dict[str, Callable[[BinaryIO, int], bool]] = {
    PDF: _pdf, PNG: _png, JPEG: _jpeg, TIFF: _tiff, DOCX: _zip, ODT: _zip, ZIP: _zip, DOC: _ole, RTF: _rtf,
    EDXML: _xml,
}  # fmt: skip
