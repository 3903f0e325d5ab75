"""The watched folder: only what is finished is taken, nothing in it is lost or overwritten, and nothing ends the
watch.
"""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, TiffImagePlugin
from sqlalchemy import select

from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from ingest import receive
from ingest.files.whole import is_whole
from ingest.watching import files as watched_files
from ingest.watching.folder import Watcher, WatchMessage
from tests.web.conftest import png

TERMS = receive.UploadOptions("tester")
TEXT = "Số: 12/KH-SNV\n".encode()
SETTLE = 0.2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "hop-thu"
    made.mkdir()
    return made


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.model_copy(update={"watch_settle_seconds": SETTLE}))
    yield opened
    opened.close()


def watched(store: Store, folder: Path, **more: bool) -> Watcher:
    return Watcher(store, folder, TERMS, "vi", **more)


def rounds(watcher: Watcher, seconds: float) -> list[WatchMessage]:
    """What is said while somebody watches for so long."""
    said, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        said += watcher.round()
        time.sleep(0.05)
    return said


def documents(store: Store) -> list[Document]:
    with store.db.reading() as session:
        return list(session.scalars(select(Document).order_by(Document.id)))


def tiff(*pages: str) -> bytes:
    images = [_page(text) for text in pages]
    out = io.BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:])
    return out.getvalue()


def _page(text: str) -> Image.Image:
    image = Image.new("1", (200, 280), 1)
    ImageDraw.Draw(image).text((20, 20), text, fill=0)
    return image


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("L", (300, 300), 200).save(out, "JPEG")
    return out.getvalue()


def pdf() -> bytes:
    out = io.BytesIO()
    _page("một").convert("L").save(out, "PDF")
    return out.getvalue()


def package(inner: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(inner, TEXT * 50)
    return out.getvalue()


WHOLE: dict[str, Callable[[], bytes]] = {
    "a.pdf": pdf, "a.tif": lambda: tiff("một", "hai"), "a.png": png, "a.jpg": jpeg, "a.zip": package,
    "a.docx": lambda: package("word/document.xml"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_is_whole_with_its_last_byte_only(name: str) -> None:
    data = WHOLE[name]()
    assert is_whole(io.BytesIO(data), name) is True
    for share in (0.01, 0.3, 0.5, 0.9, 0.99):
        cut = data[: max(int(len(data) * share), 3)]
        assert is_whole(io.BytesIO(cut), name) is False, (share, "half a file")
    assert is_whole(io.BytesIO(data[:-1]), name) is False or name in ("a.pdf", "a.tif"), "padding"


@pytest.mark.parametrize(
    "data", [b"", b"x", b"II*\0", b"MM\0+" + b"\xff" * 40, b"\xff" * 500, b"PK\x05\x06", bytes(4000)]
)
@pytest.mark.parametrize("name", [*WHOLE, "a.tiff"])
def test_noise_is_not_whole_and_raises_nothing(data: bytes, name: str) -> None:
    assert is_whole(io.BytesIO(data), name) is False


def test_text_has_no_end_of_its_own() -> None:
    assert is_whole(io.BytesIO(TEXT), "a.txt") is None


def test_a_file_that_grows_waits(store: Store, folder: Path) -> None:
    watcher, path = watched(store, folder), folder / "a.txt"
    for number in range(1, 5):
        path.write_bytes(TEXT * number)
        assert rounds(watcher, SETTLE * 2) == []
    assert [line.well for line in rounds(watcher, SETTLE * 6)] == [True]
    assert (folder / "done" / "a.txt").read_bytes() == TEXT * 4


def test_half_a_file_is_not_taken_however_still_it_stands(store: Store, folder: Path) -> None:
    data = pdf()
    (folder / "a.pdf").write_bytes(data[: len(data) // 2])
    watcher = watched(store, folder)
    assert rounds(watcher, SETTLE * 8) == [] and documents(store) == []
    (folder / "a.pdf").write_bytes(data)
    assert [line.well for line in rounds(watcher, SETTLE * 5)] == [True]
    assert documents(store)[0].size == len(data)


@pytest.mark.parametrize(("name", "data"), [("a.pdf", b""), ("a.png", png()[:80])])
def test_what_is_not_finished_is_named_and_waits(store: Store, folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    watcher = watched(store, folder, once=True)
    lines = rounds(watcher, SETTLE * 6)
    assert [(line.name, line.well) for line in lines] == [(name, False)], "named once, not each round"
    assert watcher.is_idle() and (folder / name).exists() and documents(store) == []
    (folder / name).write_bytes(png())
    (folder / name).rename(folder / "b.png")
    assert [line.well for line in rounds(watcher, SETTLE * 4)] == [True], "the scan came after its placeholder"


def test_a_damaged_file_is_taken_in_the_end(store: Store, folder: Path) -> None:
    path = folder / "a.png"
    path.write_bytes(png()[:-30])
    os.utime(path, (time.time() - 4000,) * 2)
    assert [line.well for line in rounds(watched(store, folder), SETTLE * 4)] == [True]


def test_an_empty_file_is_never_taken(store: Store, folder: Path) -> None:
    path = folder / "a.png"
    path.write_bytes(b"")
    os.utime(path, (time.time() - 4000,) * 2)
    lines = rounds(watched(store, folder), SETTLE * 4)
    assert [line.well for line in lines] == [False] and path.exists() and documents(store) == []


def test_a_file_that_somebody_writes_is_left(store: Store, folder: Path) -> None:
    path = folder / "a.png"
    path.write_bytes(png())
    code = f"import sys,time; f=open({str(path)!r},'ab'); print('x',flush=True); sys.stdin.read()"
    writer = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert writer.stdout is not None and writer.stdin is not None
    writer.stdout.readline()
    watcher = watched(store, folder)
    assert rounds(watcher, SETTLE * 5) == [] and path.exists()
    writer.stdin.close()
    writer.wait()
    assert [line.well for line in rounds(watcher, SETTLE * 4)] == [True]


def test_who_writes_is_found_without_a_lease_too(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    with path.open("rb") as reader:
        assert not watched_files._has_writer(os.fstat(reader.fileno()))
        with path.open("ab"):
            assert watched_files._has_writer(os.fstat(reader.fileno()))


def test_a_scanner_that_adds_pages_loses_none(store: Store, folder: Path) -> None:
    """It closes the file after each page, and pauses longer than the file stands still before it is taken."""
    path = folder / "quet.tif"
    path.write_bytes(tiff("một"))
    watcher = watched(store, folder)
    assert [line.well for line in rounds(watcher, SETTLE * 5)] == [True]
    moved = folder / "done" / "quet.tif"
    with TiffImagePlugin.AppendingTiffWriter(str(moved), False) as more:
        _page("hai").save(more, "TIFF")
    lines = rounds(watcher, SETTLE * 6)
    assert [line.well for line in lines] == [True, False], lines
    half, whole = documents(store)
    assert (half.status, whole.size) == ("withdrawn", moved.stat().st_size)
    assert f"văn bản {whole.id}" in lines[1].said and rounds(watcher, SETTLE * 5) == [], "it is said once"


def test_a_record_stays_on_record_when_its_file_grows(store: Store, folder: Path) -> None:
    path = folder / "quet.tif"
    path.write_bytes(tiff("một"))
    watcher = watched(store, folder)
    rounds(watcher, SETTLE * 5)
    with store.db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE documents SET status = 'accepted'")
    (folder / "done" / "quet.tif").write_bytes(tiff("một", "hai"))
    lines = rounds(watcher, SETTLE * 6)
    assert [one.status for one in documents(store)] == ["accepted", "queued"]
    assert not lines[-1].well and "Hãy xem lại" in lines[-1].said


def test_what_grew_while_nobody_watched_is_taken_at_the_next_start(store: Store, folder: Path) -> None:
    (folder / "quet.tif").write_bytes(tiff("một"))
    rounds(watched(store, folder), SETTLE * 5)
    (folder / "done" / "quet.tif").write_bytes(tiff("một", "hai"))
    assert [line.well for line in rounds(watched(store, folder), SETTLE * 6)] == [True]
    assert len(documents(store)) == 2
    assert rounds(watched(store, folder), SETTLE * 6) == [], "once"


def test_a_refused_file_lies_beside_its_reason(store: Store, folder: Path) -> None:
    (folder / "sai.pdf").write_bytes(png())
    watcher = watched(store, folder)
    os.utime(folder / "sai.pdf", (time.time() - 4000,) * 2)
    rounds(watcher, SETTLE * 4)
    assert (folder / "failed" / "sai.pdf").exists()
    assert "sai.pdf" in (folder / "failed" / "sai.pdf.txt").read_text(encoding="utf-8")


def test_two_files_of_one_name_are_both_kept(store: Store, folder: Path) -> None:
    watcher = watched(store, folder)
    for data in (TEXT, TEXT + b"2"):
        (folder / "a.txt").write_bytes(data)
        rounds(watcher, SETTLE * 5)
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["a (2).txt", "a.txt"]


@pytest.mark.parametrize("name", [".an.txt", "a.txt.part", "a.tmp", "a.crdownload", "a.txt~"])
def test_hidden_and_half_written_files_are_left_alone(folder: Path, name: str) -> None:
    (folder / name).write_bytes(TEXT)
    assert watched_files.look(folder) == watched_files.FolderContent({}, {})


LONG = [
    ("ă" * 125 + ".pdf", "254 bytes"),
    ("ế" * 83 + ".pdf", "253 bytes, three to a letter"),
    (unicodedata.normalize("NFD", "ế") * 50 + ".txt", "254 bytes, letters and marks apart"),
    ("a" * 255, "255 bytes and no suffix"),
    ("a." + "b" * 253, "a suffix of 253 bytes"),
]


@pytest.mark.parametrize("place", ["done", "failed"])
@pytest.mark.parametrize(("name", "reason"), LONG)
def test_long_names_are_shortened_between_letters(folder: Path, name: str, reason: str, place: str) -> None:
    assert len(os.fsencode(name)) <= 255
    moved = []
    for _ in range(3):
        (folder / name).write_bytes(b"x")
        moved.append(watched_files.move(folder / name, folder, place, ["vì sao"] if place == "failed" else []))
    assert len({path.name for path in moved}) == 3 and all(path.exists() for path in moved), reason
    for path in (folder / place).iterdir():
        assert path.name.encode().decode() == path.name, "no letter is cut in two"
    suffix = Path(name).suffix if len(Path(name).suffix) < 9 else ""
    assert all(path.name.endswith(suffix) for path in moved)
    assert len(list((folder / place).iterdir())) == (6 if place == "failed" else 3)


@pytest.mark.parametrize(("name", "reason"), LONG[:3])
def test_long_names_do_not_end_the_watch(store: Store, folder: Path, name: str, reason: str) -> None:
    watcher = watched(store, folder)
    for number in range(2):
        (folder / name).write_bytes(b"%PDF-" if name.endswith("pdf") else TEXT + bytes([65 + number]))
        os.utime(folder / name, (time.time() - 4000,) * 2)
        assert len(rounds(watcher, SETTLE * 5)) == 1, reason
    assert list(folder.glob("*.*")) == []


def test_what_is_no_file_is_named_once(store: Store, folder: Path) -> None:
    os.mkfifo(folder / "ong.pdf")
    (folder / "lien-ket.pdf").symlink_to("/etc/passwd")
    (folder / "vong").symlink_to(folder)
    with socket.socket(socket.AF_UNIX) as held:
        held.bind(str(folder / "s.pdf"))
    lines = rounds(watched(store, folder), SETTLE * 4)
    assert sorted(line.name for line in lines) == ["lien-ket.pdf", "ong.pdf", "s.pdf", "vong"]
    assert not any(line.well for line in lines) and all("không phải tệp" in line.said for line in lines)


def test_subfolders_are_taken_or_named(store: Store, folder: Path) -> None:
    (folder / "phòng 1" / "sâu").mkdir(parents=True)
    (folder / "phòng 1" / "sâu" / "a.png").write_bytes(png())
    named = rounds(watched(store, folder, recursive=False), SETTLE * 4)
    assert [(line.name, line.well) for line in named] == [("phòng 1", False)] and documents(store) == []
    taken = rounds(watched(store, folder), SETTLE * 4)
    assert [(line.name, line.well) for line in taken] == [("phòng 1/sâu/a.png", True)]
    assert (folder / "done" / "phòng 1" / "sâu" / "a.png").exists()


@pytest.mark.parametrize("name", ["done", "failed"])
def test_a_file_with_the_name_of_our_folder(store: Store, folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x")
    (folder / "a.png").write_bytes(png())
    rounds(watched(store, folder), SETTLE * 12)
    assert (folder / "done" / "a.png").exists()
    assert [path.read_bytes() for path in (folder / "failed").glob(f"{name}*[!t]")] == [b"x"]


def test_a_folder_that_goes_away_and_comes_back(store: Store, folder: Path) -> None:
    watcher = watched(store, folder)
    rounds(watcher, 0.1)
    folder.rename(folder.with_name("di"))
    assert [line.well for line in rounds(watcher, SETTLE * 2)] == [False], "said once"
    folder.with_name("di").rename(folder)
    (folder / "a.png").write_bytes(png())
    assert [line.well for line in rounds(watcher, SETTLE * 5)] == [True, True]


def test_a_store_that_is_away_costs_nothing(store: Store, folder: Path) -> None:
    (folder / "a.png").write_bytes(png())
    watcher = watched(store, folder)
    database = store.settings.home / "vanban.sqlite3"
    store.db.close()
    database.rename(database.with_suffix(".away"))
    database.mkdir()
    lines = rounds(watcher, SETTLE * 5)
    assert [line.well for line in lines] == [False] and "Traceback" not in lines[0].said
    database.rmdir()
    database.with_suffix(".away").rename(database)
    assert [line.well for line in rounds(watcher, SETTLE * 14)] == [True]


def test_a_file_that_may_not_be_moved_is_named(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.png").write_bytes(png())

    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as away:
        away.setattr(watched_files, "move", full)
        watcher = watched(store, folder)
        lines = rounds(watcher, SETTLE * 4)
    assert [line.well for line in lines] == [False] and "hết chỗ" in lines[0].said
    assert [line.well for line in rounds(watcher, SETTLE * 14)] == [True] and len(documents(store)) == 1


@dataclass(frozen=True, slots=True)
class Running:
    """The command itself, on a folder."""

    folder: Path
    process: subprocess.Popen[str]


@pytest.fixture
def running(tmp_path: Path, folder: Path) -> Iterator[Running]:
    environment = {**os.environ, "VANBAN_HOME": str(tmp_path / "kho"), "VANBAN_WATCH_SETTLE_SECONDS": "0.4"}
    command = [sys.executable, "-c", "from web.cli import main; main()", "watch", str(folder), "--every", "0.1"]
    with (tmp_path / "log").open("w") as out:
        # A shell without a terminal starts its background with Ctrl-C ignored, and that is inherited.
        ctrl_c = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, text=True, env=environment, preexec_fn=ctrl_c
        )
        yield Running(folder, process)
        process.kill()
        process.wait()


def eventually(true: Callable[[], bool], seconds: float = 180.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def test_the_command_outlives_a_bad_day(running: Running, tmp_path: Path) -> None:
    folder, log = running.folder, tmp_path / "log"
    (folder / "C\udcf4ng v\udca8n.txt").write_bytes(TEXT)
    (folder / ("ă" * 125 + ".pdf")).write_bytes(b"%PDF-1.7 x")
    os.mkfifo(folder / "ong.txt")
    (folder / "done").write_bytes(b"x")
    assert eventually(lambda: len(list(folder.glob("done/*.txt"))) == 1)
    folder.rename(tmp_path / "di")
    assert eventually(lambda: "Chưa mở được thư mục" in log.read_text())
    (tmp_path / "di").rename(folder)
    (folder / "sau.txt").write_bytes(TEXT + b"2")
    assert eventually(lambda: (folder / "done" / "sau.txt").exists())
    assert running.process.poll() is None and "Traceback" not in log.read_text()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(180) == 130
