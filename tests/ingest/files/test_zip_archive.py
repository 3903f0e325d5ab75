"""Names and sizes in ZIPs that other programs write: ZIP64, the Unicode path field, names from before Unicode."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from zlib import crc32

import pytest

from corpus.config import Settings
from corpus.errors import Problem
from ingest.files import member_names, zip_archive

SETTINGS = Settings(_env_file=None)
TEXT = b"So: 5/KH-SNV\n" * 9


def zip64(path: Path, count: int = 1, entries: int | None = None) -> Path:
    """A ZIP as some programs write it, with ZIP64 records that nothing in it needs; `entries`: what they claim."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(count):
            with made.open(f"{number}.txt", "w", force_zip64=True) as inner:
                inner.write(TEXT + bytes([65 + number % 26]))
    data = out.getvalue()
    at = data.rfind(b"PK\x05\x06")
    size, start = struct.unpack_from("<LL", data, at + 12)
    told = count if entries is None else entries
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, told, told, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(data[:at] + record + locator + end)
    return path


@pytest.mark.parametrize("count", [1, 2, 40])
def test_zip64_is_taken(tmp_path: Path, count: int) -> None:
    names = [name for name, _ in zip_archive.members(zip64(tmp_path / "a.zip", count), SETTINGS)]
    assert names == [f"{number}.txt" for number in range(count)]


@pytest.mark.parametrize(("count", "entries"), [(501, None), (1, 10**9)])
def test_zip64_has_the_same_bounds(tmp_path: Path, count: int, entries: int | None) -> None:
    with pytest.raises(Problem) as caught:
        list(zip_archive.members(zip64(tmp_path / "a.zip", count, entries), SETTINGS))
    assert caught.value.code == "unsafe_archive"


def named(path: Path, raw: bytes, extra: bytes = b"") -> Path:
    """A ZIP with one member whose name is these bytes, without the UTF-8 flag."""
    placeholder = "x" * len(raw)
    info = zipfile.ZipInfo(placeholder)
    info.extra = extra
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(info, TEXT)
    path.write_bytes(out.getvalue().replace(placeholder.encode(), raw))
    return path


def unicode_path(raw: bytes, name: str, version: int = 1) -> bytes:
    body = struct.pack("<BL", version, crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body


ASKED = b"C?ng v?n s? 5.txt"
TCVN3 = b"C\xabng v\xa8n s\xe8 5.txt"


@pytest.mark.parametrize(
    ("raw", "extra", "name", "reason"),
    [
        (ASKED, unicode_path(ASKED, "Công văn số 5.txt"), "Công văn số 5.txt", "the field belongs to the name"),
        (
            ASKED,
            unicode_path(b"other", "Công văn số 5.txt"),
            "C?ng v?n s? 5.txt",
            "of another name by its checksum",
        ),
        (ASKED, unicode_path(ASKED, "Công văn số 5.txt", 2), "C?ng v?n s? 5.txt", "of a version nobody knows"),
        ("Công văn số 5.txt".encode(), b"", "Công văn số 5.txt", "UTF-8 without its flag"),
        (TCVN3, b"", "Công văn số 5.txt", "TCVN3"),
        ("Công văn.txt".encode("cp1258", "ignore"), b"", "Công văn.txt", "Windows-1258"),
    ],
)
def test_names(tmp_path: Path, raw: bytes, extra: bytes, name: str, reason: str) -> None:
    found = [member for member, _ in zip_archive.members(named(tmp_path / "a.zip", raw, extra), SETTINGS)]
    assert found == [name], reason


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "a.zip", "C:\\a.txt", "a\n.txt"])
def test_the_unicode_path_is_no_way_round_the_checks(tmp_path: Path, name: str) -> None:
    with pytest.raises(Problem) as caught:
        list(zip_archive.members(named(tmp_path / "a.zip", ASKED, unicode_path(ASKED, name)), SETTINGS))
    assert caught.value.code == "unsafe_archive"


@pytest.mark.parametrize("name", ["Công văn.txt", "a.txt", "日本.txt", "🙂.pdf"])
def test_a_name_that_is_unicode_stays(name: str) -> None:
    assert member_names.shown(name) == name


def test_a_name_that_nothing_explains_is_shown_all_the_same() -> None:
    member_names.shown("\udcff\udcfe\udcd2.pdf").encode()
    member_names.shown("\udc81.pdf").encode()
