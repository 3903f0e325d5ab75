"""The watched folder: only what stands still is taken, and nothing in it is ever overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.store import Store
from web import reception, watching

TERMS = reception.Terms("tester")
TEXT = "Số: 12/KH-SNV\n".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "hop-thu"
    made.mkdir()
    return made


def round_of(
    store: Store, folder: Path, before: dict[Path, watching.Seen]
) -> tuple[dict[Path, watching.Seen], int]:
    now = watching.look(folder)
    taken = list(watching.take_settled(store, watching.settled(before, now), TERMS, "vi"))
    return now, len(taken)


def test_a_file_that_grows_waits(store: Store, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(TEXT)
    seen, taken = round_of(store, folder, {})
    assert taken == 0
    path.write_bytes(TEXT * 2)
    seen, taken = round_of(store, folder, seen)
    assert taken == 0 and path.exists()
    seen, taken = round_of(store, folder, seen)
    assert taken == 1 and (folder / "done" / "a.txt").read_bytes() == TEXT * 2


def test_a_refused_file_lies_beside_its_reason(store: Store, folder: Path) -> None:
    (folder / "rong.pdf").write_bytes(b"")
    seen, _ = round_of(store, folder, {})
    round_of(store, folder, seen)
    assert (folder / "failed" / "rong.pdf").exists()
    assert "rong.pdf" in (folder / "failed" / "rong.pdf.txt").read_text(encoding="utf-8")


def test_two_files_of_one_name_are_both_kept(store: Store, folder: Path) -> None:
    for data in (TEXT, TEXT + b"2"):
        (folder / "a.txt").write_bytes(data)
        seen, _ = round_of(store, folder, {})
        round_of(store, folder, seen)
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["a (2).txt", "a.txt"]


@pytest.mark.parametrize("name", [".an.txt", "a.txt.part", "a.tmp", "a.crdownload", "a.txt~"])
def test_hidden_and_half_written_files_are_left_alone(store: Store, folder: Path, name: str) -> None:
    (folder / name).write_bytes(TEXT)
    assert watching.look(folder) == {}
