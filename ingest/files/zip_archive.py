"""Members of a ZIP, after a check of the whole archive for bombs, links, escaping names and locks.

Nothing is ever unpacked to a path: each member is a stream under a name that is only displayed. The archive is
checked to its last byte before the first member is returned, so that a bad one is refused whole and not in the
middle.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NoReturn, cast
from zlib import crc32
from zlib import error as Inflation

from corpus.config import Settings
from corpus.errors import Problem
from ingest.files.member_names import decoded

MOST_ENTRIES = 500
MOST_BYTES = 524_288_000
"""Bytes of all members unpacked (OWASP ASVS 5.2.3)."""
MOST_RATIO = 100
_RATIO_COUNTS_FROM = 1 << 20
"""Bytes; a white bilevel page packs a thousandfold, and anything smaller unpacked is harmless."""
_MOST_DIRECTORY = MOST_ENTRIES * 8192
_BLOCK = 1 << 20
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCAL = struct.Struct("<4s5H3L2H")
_ARCHIVES = frozenset(
    {".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".cab", ".iso", ".jar", ".arj", ".lzh"}
)
_PACKED_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"\xfd7zXZ", b"BZh")
_LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_ENCRYPTED = 0x1 | 0x40
_UTF8 = 0x800
_UNICODE_PATH = 0x7075
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (zipfile.BadZipFile, Inflation, OSError, EOFError, ValueError, IndexError, struct.error)
"""Exceptions of zipfile on a damaged archive; a wrong UTF-8 flag gives UnicodeDecodeError, a ValueError."""


def members(path: Path, settings: Settings, name: str | None = None) -> Iterator[tuple[str, BinaryIO]]:
    """Each file of a ZIP with its name (path inside, `/` between folders), without litter of operating systems.

    name: the archive's own, for messages. Raises Problem: unsafe_archive, encrypted, truncated, no_pages,
    too_large.
    """
    shown = path.name if name is None else name
    try:
        with path.open("rb") as raw:
            _check_end(raw, shown)
            with zipfile.ZipFile(raw) as package:
                entries = _check_members(package, raw, shown, settings)
                for entry in entries:
                    _read_through(package, entry, shown)
                for entry in entries:
                    with package.open(entry) as stream:
                        yield _name_of(entry), cast("BinaryIO", stream)
    except NotImplementedError as error:
        raise Problem("unsafe_archive", name=shown, what="kiểu nén lạ") from error
    except _DAMAGE as error:
        raise Problem("truncated", name=shown) from error


def _refuse(name: str, what: str) -> NoReturn:
    raise Problem("unsafe_archive", name=name, what=what)


def _check_end(raw: BinaryIO, name: str) -> None:
    """Check the end record before zipfile reads the directory: millions of entries would fill the memory."""
    raw.seek(0, 2)
    size = raw.tell()
    raw.seek(max(size - 65_557, 0))
    tail = raw.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise Problem("truncated", name=name)
    _, _, _, _, entries, directory, _, _ = _END.unpack_from(tail, at)
    if entries == 0 and directory == 0:
        raise Problem("no_pages", name=name)
    if at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        entries, directory = _end_of_zip64(raw, max(size - 65_557, 0) + at, entries, directory)
    if entries > MOST_ENTRIES or directory > _MOST_DIRECTORY:
        _refuse(name, f"quá {MOST_ENTRIES} tệp")


def _end_of_zip64(raw: BinaryIO, end: int, entries: int, directory: int) -> tuple[int, int]:
    """Entries and bytes of the directory by the ZIP64 record, read where zipfile reads it: before its locator."""
    raw.seek(max(end - 20 - _END64.size, 0))
    record = raw.read(_END64.size)
    if len(record) < _END64.size or record[:4] != b"PK\x06\x06":
        return entries, directory
    *_, entries64, directory64, _ = _END64.unpack(record)
    return max(entries64, 0 if entries == 0xFFFF else entries), max(
        directory64, 0 if directory == 0xFFFFFFFF else directory
    )


def _check_members(
    package: zipfile.ZipFile, raw: BinaryIO, name: str, settings: Settings
) -> list[zipfile.ZipInfo]:
    """Members to read; raises Problem if any entry, wanted or not, is out of bounds."""
    entries = package.infolist()
    if len(entries) > MOST_ENTRIES:
        _refuse(name, f"quá {MOST_ENTRIES} tệp")
    for entry in entries:
        _check_entry(entry, name)
    _check_sizes(entries, name, settings)
    _check_overlap(entries, raw, package.start_dir, name)
    wanted = [entry for entry in entries if not entry.is_dir() and not _is_litter(entry)]
    if not wanted:
        raise Problem("no_pages", name=name)
    return wanted


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise Problem("encrypted", name=name)
    if _escapes(entry.orig_filename) or _escapes(_name_of(entry)):
        _refuse(name, "tên tệp trỏ ra ngoài gói")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        _refuse(name, "liên kết hoặc tệp thiết bị")
    if entry.compress_type not in _METHODS:
        _refuse(name, "kiểu nén lạ")
    if {PurePosixPath(one.lower()).suffix for one in (entry.filename, _name_of(entry))} & _ARCHIVES:
        _refuse(name, "gói nén lồng nhau")


def _escapes(inner: str) -> bool:
    """True if a member's name could leave a folder, or hide its nature, on any system."""
    parts = inner.replace("\\", "/").split("/")
    drive = len(inner) > 1 and inner[1] == ":"
    return not inner or drive or parts[0] == "" or ".." in parts or any(ord(letter) < 0x20 for letter in inner)


def _check_sizes(entries: list[zipfile.ZipInfo], name: str, settings: Settings) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MOST_BYTES:
        _refuse(name, f"quá {MOST_BYTES >> 20} MB khi giải nén")
    for large, small in [(unpacked, packed), *((e.file_size, e.compress_size) for e in entries)]:
        if large > _RATIO_COUNTS_FROM and large > MOST_RATIO * max(small, 1):
            _refuse(name, "bom nén")
    for entry in entries:
        if entry.file_size > settings.max_upload_bytes:
            limit = f"{settings.max_upload_bytes >> 20} MB"
            raise Problem("too_large", name=_name_of(entry), limit=limit)


def _check_overlap(entries: list[zipfile.ZipInfo], raw: BinaryIO, directory: int, name: str) -> None:
    """Refuse members that share bytes: they make gigabytes of a few kilobytes (the bomb of CVE-2024-0450)."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [*(entry.header_offset for entry in ordered[1:]), directory]
    for entry, end in zip(ordered, ends, strict=True):
        raw.seek(entry.header_offset)
        *_, name_length, extra_length = _LOCAL.unpack(raw.read(_LOCAL.size))
        if entry.header_offset + _LOCAL.size + name_length + extra_length + entry.compress_size > end:
            _refuse(name, "các tệp chồng lên nhau")


def _read_through(package: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    """Unpack one member without keeping it: its checksum must match and it must be no archive."""
    with package.open(entry) as stream:
        head = stream.read(_BLOCK)
        if head.startswith(_PACKED_STARTS) and not entry.filename.lower().endswith((".docx", ".odt", ".doc")):
            _refuse(name, "gói nén lồng nhau")
        while stream.read(_BLOCK):
            pass


def _is_litter(entry: zipfile.ZipInfo) -> bool:
    """True if it is a file that operating systems leave in archives."""
    path = PurePosixPath(entry.filename)
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name.lower() in _LITTER


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Name of a member: zipfile reads one without the UTF-8 flag as cp437, but programs write UTF-8 or Windows
    encodings.

    A Unicode path field that belongs to this name overrides it (APPNOTE 4.6.9).
    """
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        data = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    named = _unicode_path(entry.extra, data) or decoded(data)
    return entry.filename if named is None else named.replace("\\", "/").partition("\0")[0]


def _unicode_path(extra: bytes, data: bytes) -> str | None:
    """Name in the extra field 0x7075; None if its checksum is of another name, or it is no UTF-8."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(body) > 5 and struct.unpack_from("<BL", body) == (1, crc32(data)):
            try:
                return body[5:].decode()
            except UnicodeDecodeError:
                return None
    return None
