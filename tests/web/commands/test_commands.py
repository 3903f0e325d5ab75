"""The commands as programs see them: stdout is the result alone, stderr the words, the exit code the outcome."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import records
from corpus.config import Settings
from corpus.database.store import open_store
from corpus.originals import content_store
from tests.forked_command import vanban

PLAN = """SỞ Y TẾ TỈNH HÀ LONG AN
Số: 12/KH-SYT
Hà Long An, ngày 5 tháng 6 năm 2023
KẾ HOẠCH
Tuyên truyền phòng bệnh
Căn cứ Kế hoạch số 7/KH-UBND ngày 12/4/2023 của Ủy ban nhân dân tỉnh Hà Long An;
"""


def test_what_a_command_writes_is_for_its_account_alone(inbox: Path, tmp_path: Path) -> None:
    """Store, index, locks, exports and backups, though the home was made beforehand and is open to all."""
    home, out = tmp_path / "home", tmp_path / "out"
    for folder in (home, out):
        folder.mkdir()
        folder.chmod(0o755)
    before = os.umask(0o022)
    try:
        vanban(home, "ingest", "-j", "1", str(inbox / "kế hoạch.txt"))
        vanban(home, "backup", str(out / "b.tar"))
        vanban(home, "check")
    finally:
        os.umask(before)
    made = [path for folder in (home, out) for path in folder.rglob("*")]
    assert {"vanban.sqlite3", "b.tar", "lock", "current"} <= {path.name for path in made}
    assert [str(path) for path in made if path.stat().st_mode & 0o077] == []
    assert home.stat().st_mode & 0o007 == 0


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "vào"
    folder.mkdir()
    (folder / "kế hoạch.txt").write_text(PLAN, encoding="utf-8")
    (folder / "bản sao.txt").write_text(PLAN, encoding="utf-8")
    (folder / "rỗng.pdf").write_bytes(b"")
    (folder / "sai đuôi.png").write_bytes(b"%PDF-1.7\n")
    return folder


def test_ingest_says_of_each_file_what_became_of_it(inbox: Path, tmp_path: Path) -> None:
    done = vanban(tmp_path / "kho", "ingest", "--json", str(inbox))
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1, done.stderr
    assert {one["name"]: (one["status"], one["code"]) for one in told} == {
        "bản sao.txt": ("review", None),
        "kế hoạch.txt": ("duplicate", None),
        "rỗng.pdf": ("refused", "empty_file"),
        "sai đuôi.png": ("refused", "type_mismatch"),
    }
    assert all(set(one) == {"name", "sha256", "status", "document", "code", "message"} for one in told)
    assert "Traceback" not in done.stderr and "rỗng.pdf" in done.stderr


def test_what_was_ingested_is_found_cited_and_sound(inbox: Path, tmp_path: Path) -> None:
    home = tmp_path / "kho"
    vanban(home, "ingest", str(inbox))
    found = json.loads(vanban(home, "search", "--json", "phong benh").stdout)
    assert (found["total"], found["hits"][0]["number"]) == (1, "12/KH-SYT")
    cites = json.loads(vanban(home, "cites", "--json", "12/KH-SYT").stdout)
    assert [(one["status"], one["wanted"]) for one in cites["out"]] == [("wanted", "7/KH-UBND")]
    assert "7/KH-UBND" in vanban(home, "wanted", "--json").stdout
    check = vanban(home, "check", "--json")
    assert check.returncode == 0 and json.loads(check.stdout)["faults"] == [], check.stdout
    assert vanban(home, "audit", "verify").returncode == 0


def test_read_stores_nothing_and_needs_no_store(inbox: Path, tmp_path: Path) -> None:
    done = vanban(tmp_path / "kho", "read", "--json", str(inbox / "kế hoạch.txt"))
    reading = json.loads(done.stdout)
    assert done.returncode == 0 and not (tmp_path / "kho").exists()
    assert reading["fields"]["number"]["value"] == "12/KH-SYT"
    assert set(reading) == {"source", "pages", "fields", "citations", "signatures", "warnings"}


def test_people_read_days_as_they_write_them(inbox: Path, tmp_path: Path) -> None:
    """JSON stays ISO 8601, as the rows above hold."""
    home, paper = tmp_path / "kho", str(inbox / "kế hoạch.txt")
    day = json.loads(vanban(home, "read", "--json", paper).stdout)["fields"]["date"]["value"]
    shown = "/".join(reversed(day.split("-")))
    read = vanban(home, "read", paper).stdout
    assert shown in read and day not in read
    vanban(home, "ingest", str(inbox))
    found = vanban(home, "search", "phong benh").stdout
    assert shown in found and day not in found


def test_words_are_in_the_language_that_is_asked_for(inbox: Path, tmp_path: Path) -> None:
    file = str(inbox / "rỗng.pdf")
    assert "rỗng (0 byte)" in vanban(tmp_path / "kho", "read", file).stderr
    assert "is empty" in vanban(tmp_path / "kho", "read", file, VANBAN_LANG="en").stderr


@pytest.mark.parametrize(
    ("args", "code", "why"),
    [
        (("--help",), 0, "help"),
        (("read",), 2, "no file"),
        (("read", "khong-co.pdf"), 1, "a file that isn't there"),
        (("search", "x"), 1, "no store"),
        (("khong-co-lenh",), 2, "no such command"),
        (("user", "add", "lan", "--role", "vua"), 2, "no such role"),
        (("restore", "khong-co.tar"), 1, "no such archive"),
    ],
)
def test_exit_codes(args: tuple[str, ...], code: int, why: str, tmp_path: Path) -> None:
    done = vanban(tmp_path / "kho", *args)
    assert done.returncode == code, (why, done.stderr)
    assert "Traceback" not in done.stderr


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    done = vanban(tmp_path / "kho", "check", VANBAN_PORT="nhiều")
    assert done.returncode == 2 and "VANBAN_PORT" in done.stderr


def test_the_log_is_one_json_object_a_line(tmp_path: Path) -> None:
    home = tmp_path / "kho"
    store = open_store(Settings(_env_file=None, home=home))
    sha256 = content_store.put_original(store, PLAN.encode())
    name = 'a\n{"event": "giả"}\x1b[31m.txt'
    records.receive(store, sha256, name, "text/plain", len(PLAN.encode()), "lan\nkẻ khác")
    done = vanban(home, "work", "--once", "-j", "1")
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert "job.done" in {one["event"] for one in events} and "giả" not in {one["event"] for one in events}
    assert all({"timestamp", "level"} <= set(one) for one in events) and done.stdout == ""


def test_what_is_no_file_is_named_and_never_waited_for(inbox: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ống.pdf")
    (inbox / "liên kết.pdf").symlink_to(inbox / "kế hoạch.txt")
    (inbox / "vòng").symlink_to(inbox)
    os.mkfifo(inbox / "ống.pdf")
    (tmp_path / "tự nêu.txt").symlink_to(inbox / "kế hoạch.txt")
    named = [str(tmp_path / "ống.pdf"), "/dev/null", str(tmp_path / "tự nêu.txt")]
    done = vanban(tmp_path / "kho", "ingest", "--json", str(inbox), *named)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    odd = [one["name"] for one in told if one["code"] == "not_a_file"]
    assert sorted(odd) == sorted(["liên kết.pdf", "vòng", "ống.pdf", "ống.pdf", "null"]), done.stdout
    assert [one["status"] for one in told if one["name"] == "tự nêu.txt"] == ["duplicate"], (
        "a link that was named itself"
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr


def test_json_is_utf8_whatever_the_names_bytes_are(tmp_path: Path) -> None:
    folder = tmp_path / "n"
    folder.mkdir()
    (folder / "C\udcabng v\udca8n.txt").write_text(PLAN, encoding="utf-8")
    (folder / "C\udcabng v\udca8n.pdf").write_bytes(b"x")
    command = [sys.executable, "-c", "from web.cli import main; main()", "ingest", "--json", str(folder)]
    for extra in ({}, {"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C"}):
        environment = {**os.environ, "VANBAN_HOME": str(tmp_path / "kho"), **extra}
        done = subprocess.run(command, capture_output=True, env=environment, timeout=600)
        told = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
        assert [one["name"] for one in told] == ["Công văn.pdf", "Công văn.txt"], done.stderr


def test_check_says_what_shuts_the_reading_child_in(tmp_path: Path) -> None:
    home = tmp_path / "kho"
    open_store(Settings(_env_file=None, home=home)).close()
    plain, told = vanban(home, "check"), json.loads(vanban(home, "check", "--json").stdout)
    assert plain.returncode == 0 and told["ok"], "a wall that the kernel lacks is no fault"
    said = [line for line in plain.stderr.splitlines() if line.startswith("Tiến trình đọc: ")]
    assert [line.split(" – ")[0].removeprefix("Tiến trình đọc: ") for line in said] == [
        "mạng", "tệp", "quyền", "tiến trình nó mở",
    ]  # fmt: skip
    assert set(told["confinement"]) == {"network", "files", "privileges", "session"}
