"""Archives of other programs come in: their lists are compared with the paper, nothing is taken silently."""

from __future__ import annotations

import datetime
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from sqlalchemy import select

from corpus import records
from corpus.config import Settings
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store, open_store
from ingest.worker import supervisor
from web.cli import vanban


def paper(number: str, day: str = "27 tháng 4 năm 2022", subject: str = "Phát động thi đua") -> str:
    """A born-digital plan that reads without a question."""
    return f"""UBND TỈNH KIÊN GIANG              CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ NỘI VỤ                            Độc lập - Tự do - Hạnh phúc
Số: {number}                Kiên Giang, ngày {day}

KẾ HOẠCH
{subject}

Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022;
Sở Nội vụ xây dựng kế hoạch như sau:
1. Mục đích của việc phát động phong trào thi đua trong toàn tỉnh.

Nơi nhận:                                       GIÁM ĐỐC
- Như trên;
- Lưu: VT.                                      Nguyễn Văn An
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store that the command fills."""
    opened = open_store(Settings(_env_file=None, home=home))
    yield opened
    opened.close()


def run(home: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(vanban, [str(one) for one in arguments], env={"VANBAN_HOME": str(home)})


def held(store: Store) -> dict[str, Document]:
    with store.db.reading() as session:
        return {one.name: one for one in session.scalars(select(Document))}


def warned(document: Document) -> list[str]:
    return [one["code"] for one in (document.machine or {})["warnings"] if one["code"].startswith("claim_")]


def folder_with(tmp_path: Path, **papers: str) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    for name, text in papers.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


HEAD = "STT,Số ký hiệu,Ngày ban hành,Trích yếu,Cơ quan ban hành,Tên tệp\n"


def test_a_list_that_agrees_leaves_the_record_as_it_was_read(tmp_path: Path, home: Path, store: Store) -> None:
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"))
    row = '1,12/kh-snv,27/04/2022,"Phát động thi đua",Sở Nội vụ tỉnh Kiên Giang,a.txt\n'
    (folder / "so.csv").write_text(HEAD + row, encoding="utf-8")
    done = run(home, "import", "folder", folder, "--accept")
    assert done.exit_code == 0, done.output
    document = held(store)["a.txt"]
    assert (document.number, document.date) == ("12/KH-SNV", "2022-04-27") and warned(document) == []
    assert {one["field"] for one in document.machine["claims"]} == {"number", "date", "subject", "issuer"}
    assert {one["source"] for one in document.machine["claims"]} == {"so.csv"}


@pytest.mark.parametrize(
    ("column", "value", "field", "reason"),
    [
        ("Số ký hiệu", "21/KH-SNV", "number", "digits exchanged by whoever typed it"),
        ("Ngày ban hành", "24/07/2022", "date", "another day"),
        ("Trích yếu", "Tổng kết thi đua", "subject", "another subject"),
    ],
)
def test_a_contradiction_waits_for_a_person_and_the_paper_keeps_its_value(
    tmp_path: Path, home: Path, store: Store, column: str, value: str, field: str, reason: str
) -> None:
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"))
    (folder / "so.csv").write_text(f"{column},Tệp\n{value},a.txt\n", encoding="utf-8")
    assert run(home, "import", "folder", folder, "--accept").exit_code == 0
    document = held(store)["a.txt"]
    read = {"number": "12/KH-SNV", "date": "2022-04-27", "subject": "Phát động thi đua"}[field]
    kept = document.fields[field]
    assert document.status == "review" and field in document.questions, reason
    assert kept["value"] == read and kept["review"] and kept["candidates"][0]["value"] != read
    assert warned(document) == ["claim_differs"]


def test_a_contradiction_is_still_there_after_another_reading(tmp_path: Path, home: Path, store: Store) -> None:
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"))
    (folder / "so.csv").write_text("Số ký hiệu,Tệp\n21/KH-SNV,a.txt\n", encoding="utf-8")
    run(home, "import", "folder", folder)
    document = held(store)["a.txt"]
    records.retry(store, document.id, "lan")
    supervisor.run(store, jobs=1, once=True)
    again = held(store)["a.txt"]
    assert again.status == "review" and again.fields["number"]["review"] and warned(again) == ["claim_differs"]


def test_what_the_paper_does_not_show_is_filled_in_and_asked(tmp_path: Path, home: Path, store: Store) -> None:
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"))
    (folder / "so.csv").write_text("Tệp,Độ khẩn\na.txt,KHẨN\n", encoding="utf-8")
    run(home, "import", "folder", folder, "--accept")
    document = held(store)["a.txt"]
    assert document.fields["urgency"]["value"] == "KHẨN" and document.fields["urgency"]["review"]
    assert document.fields["urgency"]["rule"] == "claim.so.csv" and warned(document) == ["claim_alone"]
    assert document.status == "review"


def test_a_workbook_of_an_older_program_is_read(tmp_path: Path, home: Path, store: Store) -> None:
    """Titles above the heads, a real date cell, type and subject in one column, a path with backslashes."""
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"), b=paper("13/KH-SNV"))
    (folder / "2022").mkdir()
    (folder / "a.txt").rename(folder / "2022" / "a.txt")
    with xlsxwriter.Workbook(tmp_path / "so den.xlsx") as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write("A1", "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN NĂM 2022")
        heads = (
            "Số đến",
            "Số, ký hiệu",
            "Ngày tháng",
            "Tên loại và trích yếu nội dung",
            "File đính kèm",
            "Ghi chú",
        )
        for column, head in enumerate(heads):
            sheet.write(3, column, head)
        sheet.write(4, 1, "12/KH-SNV")
        sheet.write_datetime(4, 2, datetime.datetime(2022, 4, 27), day)
        sheet.write(4, 3, "Kế hoạch Phát động thi đua")
        sheet.write(4, 4, "2022\\a.txt")
    done = run(home, "import", "folder", folder, "--list", tmp_path / "so den.xlsx")
    assert done.exit_code == 0, done.output
    document = held(store)["a.txt"]
    said = {one["field"]: one["value"] for one in document.machine["claims"]}
    assert said == {
        "number": "12/KH-SNV",
        "date": "2022-04-27",
        "doc_type": "Kế hoạch",
        "subject": "Phát động thi đua",
    }
    assert warned(document) == [] and held(store)["b.txt"].machine.get("claims") is None, (
        "taken too, without claims"
    )


@pytest.mark.parametrize(
    ("row", "word", "reason"),
    [
        ("12/KH-SNV,../secret.txt", "secret.txt", "a path out of the folder"),
        ("12/KH-SNV,/etc/passwd", "passwd", "an absolute path"),
        ("12/KH-SNV,C:\\a.txt", "a.txt", "a drive"),
        ("12/KH-SNV,gone.txt", "gone.txt", "a file that is not there"),
        ("12/KH-SNV,", "so.csv:2", "no file at all"),
    ],
)
def test_a_row_without_its_file_is_named(
    tmp_path: Path, home: Path, store: Store, row: str, word: str, reason: str
) -> None:
    (tmp_path / "secret.txt").write_text(paper("99/KH-SNV"), encoding="utf-8")
    folder = folder_with(tmp_path, b=paper("13/KH-SNV"))
    (folder / "so.csv").write_text(f"Số ký hiệu,Tệp\n{row}\n", encoding="utf-8")
    done = run(home, "import", "folder", folder)
    assert done.exit_code == 1 and word in done.stderr, reason
    assert list(held(store)) == ["b.txt"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_lists_as_spreadsheets_save_them(
    tmp_path: Path, home: Path, store: Store, encoding: str, sign: str
) -> None:
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"))
    text = sign.join(("Số ký hiệu", "Ngày VB", "Tệp")) + "\r\n" + sign.join(("12/KH-SNV", "32/13/2022", "a.txt"))
    (folder / "so.csv").write_bytes(text.encode(encoding))
    done = run(home, "import", "folder", folder, "--dry-run")
    assert done.exit_code == 0 and "1 tệp" in done.stdout, done.output
    assert "32/13/2022" in done.stderr, "a day that no calendar has is named and left out"
    assert held(store) == {}, "a trial takes nothing"


@pytest.mark.parametrize("more", ["", "x"])
def test_a_list_in_the_old_code_of_windows_is_read(tmp_path: Path, home: Path, store: Store, more: str) -> None:
    """Excel's plain CSV on a Vietnamese machine: code page 1258, marks apart from their letters; of any length."""
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"))
    text = "Số ký hiệu,Trích yếu,Cơ quan ban hành,Ghi chú,Tệp\r\n"
    text += f"12/KH-SNV,Phát động thi đua,Sở Nội vụ,{more},a.txt\r\n"
    (folder / "so.csv").write_bytes(in_1258(text))
    done = run(home, "import", "folder", folder)
    assert done.exit_code == 0, done.output
    said = {one["field"]: one["value"] for one in held(store)["a.txt"].machine["claims"]}
    assert said == {"number": "12/KH-SNV", "subject": "Phát động thi đua", "issuer": "Sở Nội vụ"}


def in_1258(text: str) -> bytes:
    """Text in code page 1258: of a letter with two marks the tone mark is a byte of its own."""
    found = bytearray()
    for letter in text:
        try:
            found += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
            rest = unicodedata.normalize("NFC", parts.replace(tone, ""))
            found += rest.encode("cp1258") + tone.encode("cp1258")
    return bytes(found)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "a workbook of Excel 97"),
        (b"<html><table><tr><td>S\xe1\xbb\x91</td></tr></table></html>", "a web page that programs call .xls"),
    ],
)
def test_an_old_workbook_is_to_be_saved_anew(tmp_path: Path, home: Path, content: bytes, reason: str) -> None:
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"))
    (folder / "so.xls").write_bytes(content)
    arguments = ["import", "folder", str(folder), "--list", str(folder / "so.xls")]
    done = CliRunner().invoke(vanban, arguments, env={"VANBAN_HOME": str(home)})
    assert getattr(done.exception, "code", None) == "bad_request", reason
    assert "XLSX" in str(done.exception), reason


def test_a_list_without_a_column_of_files_is_refused(tmp_path: Path, home: Path) -> None:
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"))
    (folder / "so.csv").write_text("Số ký hiệu\n12/KH-SNV\n", encoding="utf-8")
    done = CliRunner().invoke(vanban, ["import", "folder", str(folder)], env={"VANBAN_HOME": str(home)})
    assert getattr(done.exception, "code", None) == "bad_request"


def test_a_broken_workbook_is_a_sentence(tmp_path: Path, home: Path) -> None:
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"))
    (folder / "so.xlsx").write_bytes(b"PK\x03\x04 nothing")
    done = CliRunner().invoke(vanban, ["import", "folder", str(folder)], env={"VANBAN_HOME": str(home)})
    assert getattr(done.exception, "code", None) == "truncated"


def manifest(folder: Path, *, split: bool = False, checksum: str | None = None) -> None:
    """An export as paperless-ngx 2 writes it, in the shape of its document_exporter."""
    name = "2022-04-27 Sở Nội vụ Phát động thi đua.txt"
    data = paper("12/KH-SNV").encode()
    (folder / name).write_bytes(data)
    (folder / f"{name}-thumbnail.webp").write_bytes(b"RIFF")
    document = {
        "model": "documents.document", "pk": 7,
        "fields": {
            "correspondent": 3, "storage_path": None, "title": "Phát động thi đua", "document_type": 2,
            "content": "…", "mime_type": "text/plain", "tags": [1],
            "checksum": checksum or hashlib.md5(data).hexdigest(), "archive_checksum": None,
            "created": "2022-04-28T00:00:00+07:00", "modified": "2024-01-01T00:00:00Z",
            "added": "2024-01-01T00:00:00Z", "storage_type": "unencrypted", "filename": "0000007.txt",
            "archive_filename": None, "original_filename": "scan.txt", "archive_serial_number": 12, "owner": 3,
        },
        "__exported_file_name__": name, "__exported_thumbnail_name__": f"{name}-thumbnail.webp",
    }  # fmt: skip
    of_document = [
        {"model": "documents.customfieldinstance", "pk": 1,
         "fields": {"field": 4, "document": 7, "value_text": "12/KH-SNV", "value_date": None}},
        {"model": "documents.note", "pk": 1, "fields": {"document": 7, "note": "xem lại"}},
    ]  # fmt: skip
    whole = [
        {
            "model": "documents.correspondent",
            "pk": 3,
            "fields": {"name": "Sở Nội vụ tỉnh Kiên Giang", "match": ""},
        },
        {"model": "documents.tag", "pk": 1, "fields": {"name": "inbox", "color": "#fff"}},
        {"model": "documents.documenttype", "pk": 2, "fields": {"name": "Kế hoạch"}},
        {"model": "auth.user", "pk": 3, "fields": {"username": "lan", "password": "pbkdf2$x"}},
        {"model": "documents.customfield", "pk": 4, "fields": {"name": "Số ký hiệu", "data_type": "string"}},
    ]
    if split:
        (folder / "0000007-manifest.json").write_text(json.dumps([document, *of_document]))
    else:
        whole += [*of_document, document]
    (folder / "manifest.json").write_text(json.dumps(whole))
    (folder / "metadata.json").write_text('{"version": "2.14.7"}')


@pytest.mark.parametrize("split", [False, True])
def test_an_export_of_paperless_comes_in(tmp_path: Path, home: Path, store: Store, split: bool) -> None:
    manifest(tmp_path, split=split)
    done = run(home, "import", "paperless", tmp_path, "--accept")
    (document,) = held(store).values()
    said = {one["field"]: one["value"] for one in document.machine["claims"]}
    assert said == {
        "issuer": "Sở Nội vụ tỉnh Kiên Giang", "doc_type": "Kế hoạch", "date": "2022-04-28",
        "subject": "Phát động thi đua", "number": "12/KH-SNV",
    }  # fmt: skip
    assert document.status == "review" and "date" in document.questions, "a day guessed by paperless is asked"
    assert document.date == "2022-04-27" and warned(document) == ["claim_differs"]
    assert done.exit_code == 1 and "thẻ (tag) × 1" in done.stderr and "ghi chú (note) × 1" in done.stderr
    with store.db.reading() as session:
        trail = "".join(str(row.detail) for row in session.scalars(select(AuditRow)))
    assert "pbkdf2" not in trail


@pytest.mark.parametrize(
    ("options", "value", "said", "reason"),
    [
        ([{"id": "kHa9", "label": "KHẨN"}, {"id": "Tk2x", "label": "THƯỢNG KHẨN"}], "Tk2x", "THƯỢNG KHẨN",
         "since 2.14 a choice is stored by its key"),
        (["KHẨN", "THƯỢNG KHẨN"], 1, "THƯỢNG KHẨN", "before, by its place"),
        ([{"id": "kHa9", "label": "KHẨN"}], "gone", None, "a choice that was taken off the list"),
        (["KHẨN"], 5, None, "a place behind the list's end"),
        (None, "KHẨN", None, "a field without a list"),
    ],
)  # fmt: skip
def test_a_choice_of_paperless_is_what_people_read(
    tmp_path: Path, home: Path, store: Store, options: object, value: object, said: str | None, reason: str
) -> None:
    manifest(tmp_path)
    records_ = json.loads((tmp_path / "manifest.json").read_text())
    field = {"name": "Độ khẩn", "data_type": "select", "extra_data": {"select_options": options}}
    chosen = {"field": 9, "document": 7, "value_text": None, "value_bool": None, "value_select": value}
    records_ += [
        {"model": "documents.customfield", "pk": 9, "fields": field},
        {"model": "documents.customfieldinstance", "pk": 2, "fields": chosen},
    ]
    (tmp_path / "manifest.json").write_text(json.dumps(records_))
    done = run(home, "import", "paperless", tmp_path)
    assert "Độ khẩn" not in done.stderr
    (document,) = held(store).values()
    assert {one["field"]: one["value"] for one in document.machine["claims"]}.get("urgency") == said, reason


def test_what_lies_in_the_bin_of_paperless_stays_there(tmp_path: Path, home: Path, store: Store) -> None:
    manifest(tmp_path)
    records_ = json.loads((tmp_path / "manifest.json").read_text())
    for one in records_:
        if one["model"] == "documents.document":
            one["fields"]["deleted_at"] = "2024-05-01T00:00:00Z"
    (tmp_path / "manifest.json").write_text(json.dumps(records_))
    done = run(home, "import", "paperless", tmp_path)
    assert done.exit_code == 1 and "thùng rác" in done.stderr and held(store) == {}


def test_a_file_that_is_not_as_exported_is_refused(tmp_path: Path, home: Path, store: Store) -> None:
    manifest(tmp_path, checksum="0" * 32)
    done = run(home, "import", "paperless", tmp_path)
    assert done.exit_code == 1 and "mã kiểm" in done.stderr and held(store) == {}


@pytest.mark.parametrize("content", [b"{", b"{}", b"[" * 100_000, b"\xff\xfe"])
def test_a_broken_manifest_is_a_sentence(tmp_path: Path, home: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    done = CliRunner().invoke(vanban, ["import", "paperless", str(tmp_path)], env={"VANBAN_HOME": str(home)})
    assert getattr(done.exception, "code", None) == "truncated"


def test_a_secret_paper_of_an_import_keeps_nothing_of_its_list(tmp_path: Path, home: Path, store: Store) -> None:
    folder = folder_with(tmp_path, a=paper("12/KH-SNV").replace("KẾ HOẠCH\n", "MẬT\nKẾ HOẠCH\n"))
    (folder / "so.csv").write_text("Trích yếu,Tệp\nViệc rất kín,a.txt\n", encoding="utf-8")
    done = run(home, "import", "folder", folder)
    assert done.exit_code == 1
    (document,) = held(store).values()
    assert document.status == "refused" and document.machine is None


@pytest.mark.parametrize("shape", ["folder", "eoffice", "paperless"])
def test_an_archive_goes_out_and_comes_back_the_same(tmp_path: Path, home: Path, store: Store, shape: str) -> None:
    """The way out and the way in are each other's test: same bytes, same values, no contradiction."""
    folder = folder_with(tmp_path, a=paper("12/KH-SNV"), b=paper("13/KH-SNV", subject="Tổng kết; khen thưởng"))
    assert run(home, "ingest", folder, "--accept").exit_code == 0
    out = tmp_path / "out"
    done = run(home, "export", "--format", shape, "-o", out)
    assert done.exit_code == 0 and "2 văn bản" in done.stdout, done.output
    other = tmp_path / "other"
    kind = "paperless" if shape == "paperless" else "folder"
    back = run(other, "import", kind, out)
    assert back.exit_code == 0, back.output
    again = open_store(Settings(_env_file=None, home=other))
    before = {one.sha256: one for one in held(store).values()}
    after = {one.sha256: one for one in held(again).values()}
    assert before.keys() == after.keys()
    for sha256, one in before.items():
        assert warned(after[sha256]) == [] and after[sha256].machine["claims"]
        assert (after[sha256].number, after[sha256].date) == (one.number, one.date)
    again.close()
    full = run(home, "export", "--format", shape, "-o", out)
    assert getattr(full.exception, "code", None) == "file_exists", "nothing there is overwritten"
