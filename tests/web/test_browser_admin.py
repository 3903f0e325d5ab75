"""An administrator's way in a real browser: an account for somebody, the queue and its failures, health,
searches in vain.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus import records
from corpus.database.store import Store
from corpus.originals import content_store

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]


def test_an_account_is_made_and_its_owner_comes_in(
    page: Page, address: str, enter: Enter, browser: Browser
) -> None:
    faults = enter(page, "admin")
    page.get_by_role("link", name="Tài khoản").click()
    page.get_by_label("Tên tài khoản").fill("Đức")
    page.get_by_label("Họ tên").fill("Nguyễn Minh Đức")
    page.locator("form.filter select").select_option("auditor")
    page.get_by_role("button", name="Thêm").click()
    made = page.get_by_role("status").locator("code").inner_text()
    other = browser.new_context().new_page()
    other.goto(f"{address}/dang-nhap")
    other.get_by_label("Tài khoản").fill("đức")
    other.get_by_label("Mật khẩu").fill(made)
    other.keyboard.press("Enter")
    expect(other.get_by_text("Mật khẩu này do người khác tạo")).to_be_visible()
    other.get_by_label("Mật khẩu hiện nay").fill(made)
    other.get_by_label("Mật khẩu mới").fill("mot-cau-cua-duc")
    other.keyboard.press("Enter")
    expect(other.get_by_text("Đã đổi mật khẩu")).to_be_visible()
    other.get_by_label("Tài khoản").fill("đức")
    other.get_by_label("Mật khẩu").fill("mot-cau-cua-duc")
    other.keyboard.press("Enter")
    expect(other.get_by_role("link", name="Nhật ký")).to_be_visible()
    page.get_by_role("link", name="Tài khoản").click()
    row = page.get_by_role("row").filter(has_text="Nguyễn Minh Đức")
    row.get_by_role("button", name="Khóa").click()
    expect(page.get_by_role("heading", name="Khóa tài khoản «Đức»?")).to_be_visible()
    other.reload()
    expect(other.get_by_role("link", name="Nhật ký")).to_be_visible()
    page.get_by_role("button", name="Thực hiện").click()
    expect(page.get_by_role("status")).to_contain_text("Đã khóa tài khoản: Đức")
    page.get_by_role("link", name="Tài khoản").first.click()
    expect(page.get_by_role("row").filter(has_text="Nguyễn Minh Đức")).to_contain_text("đã khóa")
    other.reload()
    expect(other.get_by_label("Mật khẩu")).to_be_visible()
    assert faults == []


def test_how_the_system_stands(page: Page, address: str, enter: Enter, filled: Store) -> None:
    waiting = content_store.put_original(filled, b"cho doc")
    records.receive(filled, waiting, "cho.txt", "text/plain", 7, "clerk")
    faults = enter(page, "admin")
    page.get_by_label("Tìm văn bản").fill("khongthayduoc")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Không tìm thấy văn bản nào.")).to_be_visible()
    page.get_by_role("link", name="Hệ thống").click()
    jobs = page.locator("section").filter(has=page.get_by_role("heading", name="Hàng đợi"))
    expect(jobs.locator("dd").first).to_have_text("1")
    expect(page.get_by_role("link", name="hong.png")).to_be_visible()
    expect(page.get_by_role("link", name="khongthayduoc")).to_be_visible()
    page.get_by_role("button", name="Kiểm tra ngay").click()
    expect(page.get_by_text("Kho nguyên vẹn.")).to_be_visible()
    page.get_by_text("Thiết lập").click()
    expect(page.get_by_text("VANBAN_SEARCH_ENGINE")).to_be_visible()
    page.get_by_role("button", name="Thử lại").click()
    page.goto(f"{address}/he-thong")
    expect(
        page.locator("section").filter(has=page.get_by_role("heading", name="Hàng đợi")).locator("dd").first
    ).to_have_text("2")
    assert faults == []
