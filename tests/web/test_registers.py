"""Registers by page, call and command: one list of numbers, seen by each role as far as it may see the papers."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from corpus import records
from corpus.config import Settings
from corpus.database.store import Store
from corpus.numbering.typed_days import today
from tests.web.conftest import DIRECTIVE, FAILED, PLAN, WAITING
from web.commands import own, register

SignIn = Callable[[str], FlaskClient]
YEAR = int(today()[:4])


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/cua-toi").text)
    assert found is not None
    return found[1]


def by_page(client: FlaskClient, path: str, **sent: Any) -> Any:
    return client.post(path, data={"csrf_token": token(client), **sent})


def by_call(client: FlaskClient, path: str, **sent: Any) -> Any:
    return client.post(path, json=sent, headers={"X-CSRFToken": token(client)})


def command(settings: Settings, *words: str) -> Any:
    done = CliRunner().invoke(register.register, words, env={"VANBAN_HOME": str(settings.home)})
    assert done.exception is None, (done.output, done.exception)
    return done


def lines(client: FlaskClient, kind: str = "incoming", **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/registers/{kind}", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json["lines"]  # type: ignore[index,no-any-return]


def test_the_command_gives_numbers_as_the_contract_says(filled: Store, settings: Settings) -> None:
    told = json.loads(command(settings, "give", str(PLAN), "--kind", "incoming", "--json").stdout)
    assert told == {"kind": "incoming", "year": YEAR, "number": "1", "document": PLAN}
    again = json.loads(command(settings, "give", "31/KH-UBND", "--kind", "incoming", "--json").stdout)
    assert again == told, "by its own number, and it keeps the one it has"
    assert (
        json.loads(command(settings, "give", str(DIRECTIVE), "--kind", "incoming", "--json").stdout)["number"]
        == "2"
    )
    command(settings, "cancel", "2", "--kind", "incoming", "--reason", "ghi nhầm sổ")
    listed = command(settings, "list", "--kind", "incoming", "--year", str(YEAR), "--json").stdout.splitlines()
    assert [(one["number"], one["state"], one["reason"], one["document"]) for one in map(json.loads, listed)] == [
        ("1", "given", None, PLAN), ("2", "cancelled", "ghi nhầm sổ", DIRECTIVE),
    ]  # fmt: skip


def test_page_call_and_command_keep_one_register(filled: Store, settings: Settings, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    assert by_page(clerk, f"/van-ban/{PLAN}/vao-so", kind="incoming").status_code == 303
    assert by_call(clerk, f"/api/documents/{DIRECTIVE}/numbers", kind="incoming").json["number"] == "2"
    assert by_page(clerk, "/so/den/giu-so", count="2", purpose="Công điện").status_code == 303
    late = by_call(clerk, f"/api/documents/{WAITING}/numbers", kind="incoming", after="1", note="đến chậm").json
    assert (late["number"], late["year"]) == ("1a", YEAR)
    command(settings, "fill", "3", str(FAILED), "--kind", "incoming")
    assert by_page(clerk, f"/so/den/{YEAR}/4/huy", reason="không gửi").status_code == 303
    assert by_page(clerk, f"/so/den/{YEAR}/2/ghi", unit="Phòng Tổ chức", copies="3", note="gấp").status_code == 303
    found = [(one["number"], one["state"], one["document"]) for one in lines(clerk)]
    assert found == [
        ("1", "given", PLAN), ("1a", "given", WAITING), ("2", "given", DIRECTIVE), ("3", "given", FAILED),
        ("4", "cancelled", None),
    ]  # fmt: skip
    second = lines(clerk)[2]
    assert (second["unit"], second["copies"], second["note"]) == ("Phòng Tổ chức", 3, "gấp")
    page = clerk.get("/so/den").text
    for said in ("31/KH-UBND", "1a", "không gửi", "Đã hủy", "Phòng Tổ chức", "&lt;b&gt;chuyển"):
        assert said in page, said
    assert f"1/{YEAR}" in clerk.get(f"/van-ban/{PLAN}", follow_redirects=True).text
    trail = sign_in("auditor").get("/nhat-ky").text
    assert "cấp số vào sổ" in trail and "hủy số trong sổ" in trail


def test_readers_and_auditors_look_and_change_nothing(filled: Store, sign_in: SignIn) -> None:
    records.give_number(filled, PLAN, "incoming", "clerk")
    for role in ("reader", "auditor"):
        client = sign_in(role)
        page = client.get("/so/den").text
        assert "31/KH-UBND" in page and "Giữ số" not in page
        assert "Hủy số" not in client.get(f"/so/den/{YEAR}/1").text
        assert "Cấp số tiếp theo" not in client.get(f"/van-ban/{PLAN}", follow_redirects=True).text
        assert by_page(client, f"/so/den/{YEAR}/1/huy", reason="x").status_code == 403
        assert by_call(client, f"/api/documents/{DIRECTIVE}/numbers", kind="incoming").status_code == 403
    assert len(lines(sign_in("clerk"))) == 1


@pytest.fixture
def limited(filled: Store) -> Store:
    """The plan is limited to a group that only `auditor` is in; it has number 1 with remarks, the directive 2."""
    records.add_group(filled, "noi-vu", "admin")
    records.join_group(filled, "noi-vu", "auditor", "admin")
    records.give_number(filled, PLAN, "incoming", "clerk")
    records.give_number(filled, DIRECTIVE, "incoming", "clerk")
    line = register.RegisterLine("incoming", YEAR, register.RegisterNumber(1))
    records.remark_number(filled, line, register.Remarks("Phòng Mật vụ", 1, "về nhân sự"), "admin")
    records.limit(filled, PLAN, ["noi-vu"], "admin", None)
    return filled


SECRETS = ("31/KH-UBND", "Phát động thi đua", "Phòng Mật vụ", "về nhân sự")


@pytest.mark.parametrize(
    ("role", "sees"), [("reader", False), ("clerk", False), ("auditor", True), ("admin", True)]
)
def test_a_limited_paper_leaves_its_number_and_nothing_else(
    role: str, sees: bool, limited: Store, sign_in: SignIn
) -> None:
    client = sign_in(role)
    answers = [
        client.get("/so/den").text,
        client.get(f"/so/den/{YEAR}/1").text,
        client.get("/so/den/in").text,
        client.get("/api/registers/incoming").text,
        client.get(f"/api/registers/incoming/{YEAR}/1").text,
        client.get("/so/den.csv").data.decode("utf-8-sig"),
        *_text_of(client.get("/so/den.pdf").data),
        client.get("/so/den.csv?what=muc-luc").data.decode("utf-8-sig"),
    ]
    joined = "\n".join(answers)
    for secret in SECRETS:
        assert (secret in joined) == sees, (role, secret)
    assert [one["number"] for one in lines(client)] == ["1", "2"], "the run of numbers is whole for everybody"
    assert lines(client)[0]["hidden"] is not sees
    # No filter by content, and no summary, tells of it.
    for query in ({"body": "UBND tỉnh Kiên Giang"}, {"state": "withdrawn"}, {"urgency": "KHẨN"}):
        assert ("1" in [one["number"] for one in lines(client, **query)]) == (sees and "body" in query), query
    assert ("Kế hoạch" in client.get("/so/den.csv?what=bao-cao").data.decode("utf-8-sig")) == sees


def test_nobody_changes_the_line_of_a_paper_that_he_may_not_see(limited: Store, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    assert by_page(clerk, f"/so/den/{YEAR}/1/huy", reason="x").status_code == 404
    assert by_call(clerk, f"/api/registers/incoming/{YEAR}/1/remarks", note="x").status_code == 404
    assert by_call(clerk, f"/api/documents/{PLAN}/numbers", kind="outgoing").status_code == 404
    records.reserve_numbers(limited, "incoming", 1, "x", "clerk")
    assert by_call(clerk, f"/api/registers/incoming/{YEAR}/3/fill", document=PLAN).status_code == 404
    assert by_call(clerk, f"/api/registers/incoming/{YEAR}/2/cancel", reason="nhầm").status_code == 200


def test_withdrawn_and_purged_papers_keep_their_number_with_the_reason(filled: Store, sign_in: SignIn) -> None:
    for one in (PLAN, DIRECTIVE):
        records.give_number(filled, one, "incoming", "clerk")
    records.withdraw(filled, PLAN, "gửi nhầm cơ quan", "clerk")
    records.classify(filled, DIRECTIVE, "đóng dấu mật sau", "clerk")
    first, second = lines(sign_in("clerk"))
    assert (first["state"], first["reason"], first["document"]) == ("withdrawn", "gửi nhầm cơ quan", PLAN)
    assert (second["state"], second["reason"], second["document"]) == ("purged", "đóng dấu mật sau", None)
    assert [one["number"] for one in lines(sign_in("clerk"), state="withdrawn")] == ["1"]
    assert [one["number"] for one in lines(sign_in("clerk"), state="purged")] == ["2"]
    page = sign_in("clerk").get("/so/den").text
    assert "gửi nhầm cơ quan" in page and "cải cách hành chính" not in page
    reader = lines(sign_in("reader"))
    assert [(one["state"], one["document"], one["reason"]) for one in reader] == [
        ("withdrawn", None, None), ("purged", None, None),
    ]  # fmt: skip
    assert "31/KH-UBND" not in sign_in("reader").get("/so/den").text


def test_filters_narrow_by_day_body_and_state(filled: Store, sign_in: SignIn) -> None:
    for one in (PLAN, DIRECTIVE):
        records.give_number(filled, one, "incoming", "clerk")
    clerk = sign_in("clerk")
    assert [len(lines(clerk, **query)) for query in (
        {"from": today()}, {"to": "1/1/2020"}, {"body": "UBND tỉnh Kiên Giang"}, {"body": "Bộ Y tế"},
        {"state": "reserved"}, {"year": YEAR - 1}, {"from": "mai"},
    )] == [2, 0, 2, 0, 0, 0, 2]  # fmt: skip


def test_a_long_register_is_read_in_stretches_both_ways(filled: Store, sign_in: SignIn) -> None:
    records.reserve_numbers(filled, "outgoing", 7, "x", "clerk")
    clerk = sign_in("clerk")

    def stretch(**query: Any) -> tuple[list[str], str | None, str | None]:
        told = clerk.get("/api/registers/outgoing", query_string={"limit": 3, **query}).json
        assert told is not None
        return [one["number"] for one in told["lines"]], told["before"], told["after"]

    assert stretch() == (["5", "6", "7"], "5", None)
    assert stretch(before="5") == (["2", "3", "4"], "2", "4")
    assert stretch(before="2") == (["1"], None, "1")
    assert stretch(after="1") == (["2", "3", "4"], "2", "4")


@pytest.mark.parametrize(
    ("path", "sent", "status", "reason"),
    [
        ("/so/den/giu-so", {"count": "x", "purpose": "a"}, 422, "no number"),
        ("/so/den/giu-so", {"count": "5", "purpose": " "}, 422, "no purpose"),
        ("/so/den/giu-so", {"count": "999", "purpose": "a"}, 422, "too many"),
        ("/so/khac/giu-so", {"count": "1", "purpose": "a"}, 404, "no such register"),
        (f"/so/den/{YEAR}/1/huy", {"reason": ""}, 422, "no reason"),
        (f"/so/den/{YEAR}/1/huy", {"reason": "x" * 2000}, 422, "a reason beyond bounds"),
        (f"/so/den/{YEAR}/77/huy", {"reason": "x"}, 404, "no such number"),
        (f"/so/den/{YEAR}/a1/huy", {"reason": "x"}, 404, "no number at all"),
        (f"/so/den/{YEAR}/1/dien", {"document": str(DIRECTIVE)}, 409, "not reserved"),
        (f"/so/den/{YEAR}/1/ghi", {"copies": "nhiều"}, 422, "copies that are no number"),
        (f"/van-ban/{PLAN}/vao-so", {"kind": "x"}, 404, "no such kind"),
        (f"/van-ban/{DIRECTIVE}/vao-so", {"kind": "incoming", "after": "xx"}, 422, "behind no number"),
        (f"/van-ban/{DIRECTIVE}/vao-so", {"kind": "incoming", "after": "1", "day": "31/02/2026"}, 422, "no day"),
        ("/van-ban/999/vao-so", {"kind": "incoming"}, 404, "no document"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(
    path: str, sent: dict[str, str], status: int, reason: str, filled: Store, sign_in: SignIn
) -> None:
    records.give_number(filled, PLAN, "incoming", "clerk")
    clerk = sign_in("clerk")
    answer = by_page(clerk, path, **sent)
    assert answer.status_code == status, reason
    assert "Traceback" not in answer.text
    assert [one["number"] for one in lines(clerk)] == ["1"], reason


def test_the_register_is_printed_in_the_shape_of_the_decree(
    filled: Store, settings: Settings, sign_in: SignIn, tmp_path: Any
) -> None:
    records.give_number(filled, PLAN, "incoming", "clerk")
    records.reserve_numbers(filled, "incoming", 100, "để dành", "clerk")
    CliRunner().invoke(own.own, ["add", "Sở Y tế tỉnh Kiên Giang"], env={"VANBAN_HOME": str(settings.home)})
    command(settings, "print", "--kind", "incoming", "-o", str(tmp_path / "so.pdf"))
    with pypdfium2.PdfDocument(tmp_path / "so.pdf") as pdf:
        assert len(pdf) > 2 and pdf[0].get_width() > pdf[0].get_height()
        texts = [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
    heads = "Ngày đến Số đến Tác giả Số, ký hiệu Ngày tháng Tên loại và trích yếu nội dung Đơn vị hoặc người nhận"
    assert all(heads in text for text in texts), "heads on every page"
    assert "SỞ Y TẾ TỈNH KIÊN GIANG" in texts[0] and "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in texts[0]
    assert f"Năm: {YEAR}" in texts[0] and "Từ số 1 đến số 101" in texts[0] and "31/KH-UBND" in texts[0]
    command(settings, "print", "--kind", "outgoing", "-o", str(tmp_path / "so.xlsx"))
    with zipfile.ZipFile(tmp_path / "so.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert 'orientation="landscape"' in sheet and 'paperSize="9"' in sheet and "_xlnm.Print_Titles" in names
    printed = sign_in("reader").get("/so/den/in")
    assert printed.status_code == 200 and "31/KH-UBND" in printed.text and "register.css" in printed.text
    for form in ("pdf", "xlsx", "csv"):
        for what in ("so", "bao-cao", "muc-luc"):
            answer = sign_in("auditor").get(f"/so/noi-bo.{form}?what={what}")
            assert answer.status_code == 200 and answer.data, (form, what)
    assert sign_in("auditor").get("/so/den.exe").status_code == 404
    assert sign_in("auditor").get("/so/den.pdf?what=x").status_code == 404


def test_cells_of_a_file_are_never_run_by_a_spreadsheet(filled: Store, sign_in: SignIn) -> None:
    records.give_number(filled, PLAN, "incoming", "clerk")
    line = register.RegisterLine("incoming", YEAR, register.RegisterNumber(1))
    records.remark_number(filled, line, register.Remarks("=cmd()", None, "+1"), "clerk")
    told = sign_in("clerk").get("/so/den.csv").data.decode("utf-8-sig")
    assert "'=cmd()" in told and "'+1" in told
    with zipfile.ZipFile(io.BytesIO(sign_in("clerk").get("/so/den.xlsx").data)) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def _text_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as opened:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in opened]


def test_a_clerk_keeps_registers_by_page_call_and_command(
    filled: Store, settings: Settings, sign_in: SignIn
) -> None:
    clerk = sign_in("clerk")
    sent = {"kind": "outgoing", "name": "Sổ kế hoạch", "types": "Kế hoạch; Chương trình"}
    assert by_page(clerk, "/cac-so", **sent).status_code == 303
    assert "Sổ kế hoạch" in clerk.get("/cac-so").text
    made = by_call(clerk, "/api/registers", kind="incoming", name="Sổ đến Trung ương", senders="Trung ương").json
    assert [one["register"] for one in made["registers"]] == ["", "", "", "so-ke-hoach", "so-den-trung-uong"]
    assert command(settings, "add", "Sổ nội bộ riêng", "--kind", "internal").stdout.strip() == "so-noi-bo-rieng"
    page = clerk.get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert page.index('value="so-ke-hoach"') < page.index('value="di"'), "that of its type stands first"
    given_ = by_call(clerk, f"/api/documents/{PLAN}/numbers", kind="outgoing").json
    assert (given_["register"], given_["number"]) == ("so-ke-hoach", "1")
    assert "31/KH-UBND" in clerk.get("/so/so-ke-hoach").text and lines(clerk, "outgoing") == []
    seen = clerk.get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert "Số ghi trên văn bản: 31; số đi trong sổ: 1" in seen, "the paper bears another number"
    assert by_page(clerk, f"/so/so-ke-hoach/{YEAR}/1/chuyen-so", register="di", why="nhầm").status_code == 303
    assert lines(clerk, "outgoing")[0]["document"] == PLAN
    assert "chuyển sang" in clerk.get("/so/so-ke-hoach").text
    back = command(settings, "move", "1", "so-ke-hoach", "--kind", "outgoing", "--reason", "đúng sổ", "--json")
    assert json.loads(back.stdout)["number"] == "1"
    restored = by_call(clerk, f"/api/registers/outgoing/{YEAR}/1/restore", reason="thử")
    assert restored.status_code == 409, "its paper has a number again"
    assert by_page(clerk, f"/cac-so/so-ke-hoach/{YEAR}", act="close").status_code == 303
    printed = " ".join(_text_of(clerk.get("/so/so-ke-hoach.pdf").data))
    for words in ("SỔ ĐĂNG KÝ VĂN BẢN ĐI", "Sổ kế hoạch", "Sổ này có 1 số", "Thủ trưởng cơ quan"):
        assert words in printed
    assert by_call(clerk, "/api/registers/so-ke-hoach/reserve", count=1, purpose="x").status_code == 409
    assert "Sổ này có 1 số" in clerk.get("/so/so-ke-hoach/in").text
    assert clerk.get("/so/so-ke-hoach.xlsx").status_code == clerk.get("/so/so-ke-hoach.csv").status_code == 200
    command(settings, "reopen", "--kind", "so-ke-hoach", "--reason", "thiếu")
    assert "Sổ này có" not in clerk.get("/so/so-ke-hoach/in").text, "an open one is not complete"


@pytest.mark.parametrize(
    ("path", "sent", "status", "reason"),
    [
        ("/cac-so", {"kind": "outgoing", "name": ""}, 422, "no name"),
        ("/cac-so", {"kind": "outgoing", "name": "Sổ", "types": "Không có loại này"}, 422, "no such type"),
        ("/cac-so", {"kind": "outgoing", "name": "Sổ", "first_year": "hai"}, 422, "no year"),
        ("/cac-so/khong-co", {"name": "Sổ"}, 404, "no such register"),
        (f"/cac-so/den/{YEAR}", {"act": "begin", "first": "0"}, 422, "no number"),
        (f"/cac-so/den/{YEAR}", {"act": "x"}, 400, "no act"),
        (f"/cac-so/den/{YEAR}", {"act": "reopen", "reason": "x"}, 404, "not closed"),
    ],
)
def test_a_bad_register_is_refused_with_a_sentence(
    path: str, sent: dict[str, str], status: int, reason: str, filled: Store, sign_in: SignIn
) -> None:
    answer = by_page(sign_in("clerk"), path, **sent)
    assert answer.status_code == status and 'role="alert"' in answer.text, reason
