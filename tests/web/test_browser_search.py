"""Search as people type it, in a real browser: chips, the form, a pasted page, named searches, the list of all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]


def ask(page: Page, text: str) -> None:
    page.get_by_label("Tìm văn bản").fill(text)
    page.keyboard.press("Enter")


def test_what_was_understood_is_shown_and_can_be_taken_back(page: Page, address: str, enter: Enter) -> None:
    faults = enter(page, "reader")
    ask(page, "chỉ thị ubnd 10/1/2022")
    chips = page.locator(".chip-meant")
    expect(chips).to_have_text(["Loại: Chỉ thị ×", "Cơ quan: Ủy ban nhân dân ×", "Ngày: 10/01/2022 ×"])
    expect(page.locator(".hit").first).to_contain_text("5/CT-UBND")
    page.get_by_role("link", name="Hiểu là Loại Chỉ thị: tìm như từ thường").click()
    expect(page.get_by_label("Tìm văn bản")).to_have_value('"chỉ thị" ubnd 10/1/2022')
    expect(chips).to_have_count(2)
    page.goto(f"{address}/?q=khen+thưởng")
    expect(page.locator(".hit .status-review")).to_have_text("Chờ kiểm tra")
    page.goto(f"{address}/?q=khẽn+thưởng")
    expect(page.get_by_text("Không có văn bản nào viết đúng dấu")).to_be_visible()
    assert faults == []


def test_the_form_next_to_the_box(page: Page, address: str, enter: Enter) -> None:
    faults = enter(page, "reader")
    page.get_by_text("Tìm theo ngày, loại, cơ quan, người ký").click()
    page.get_by_label("Từ ngày").fill("1/1/2022")
    page.get_by_label("Đến ngày").fill("31/12/2022")
    page.get_by_label("Loại văn bản").select_option("Kế hoạch")
    page.keyboard.press("Tab")
    page.get_by_label("Người ký").fill("Nguyễn Văn A")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 văn bản")
    expect(page.locator(".hit")).to_contain_text("31/KH-UBND")
    page.get_by_role("link", name="Bỏ lọc Loại văn bản Kế hoạch").click()
    expect(page.get_by_role("status")).to_contain_text("2 văn bản")
    assert faults == []


def test_a_pasted_page_is_searched_by_its_beginning(page: Page, address: str, enter: Enter) -> None:
    faults = enter(page, "reader")
    text = "Phát động thi đua chuyển đổi số năm 2022, căn cứ quyết định của ủy ban nhân dân tỉnh. " * 60
    box = page.get_by_label("Tìm văn bản")
    box.focus()
    page.evaluate("text => document.execCommand('insertText', false, text)", text)
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_contain_text("31/KH-UBND")
    assert faults == []


def test_a_named_search_is_shared(page: Page, address: str, enter: Enter) -> None:
    enter(page, "clerk")
    ask(page, "thi đua")
    page.get_by_role("button", name="Theo dõi tìm kiếm này").click()
    page.get_by_text("Đặt tên, dùng chung").click()
    page.get_by_label("Tên", exact=True).fill("Thi đua của tỉnh")
    page.get_by_label("Dùng chung cho cả cơ quan").check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu tên tìm kiếm.")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất").click()
    enter(page, "reader")
    page.get_by_role("link", name="Thi đua của tỉnh").click()
    expect(page.locator(".hit").first).to_contain_text("31/KH-UBND")


def test_the_list_of_everything(page: Page, address: str, enter: Enter) -> None:
    faults = enter(page, "reader")
    page.get_by_role("link", name="Danh sách văn bản").click()
    rows = page.locator(".shelf tbody tr")
    expect(rows).to_have_count(3)
    page.get_by_role("link", name="Ngày", exact=True).click()
    expect(rows.first).to_contain_text("93/KH-UBND")
    page.get_by_role("link", name="Ngày", exact=True).click()
    expect(rows.first).to_contain_text("5/CT-UBND")
    page.get_by_text("Chọn cột").click()
    page.get_by_label("Người ký").check()
    page.get_by_role("button", name="Hiện các cột này").click()
    expect(rows.first).to_contain_text("Nguyễn Văn A")
    page.get_by_label("Chọn 5/CT-UBND").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải XLSX các văn bản đã chọn").click()
    assert download.value.suggested_filename == "danh-sach.xlsx"
    assert faults == []
