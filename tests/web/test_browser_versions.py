"""A better scan of a document, and acts on several documents of the list, in a real browser by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from corpus import records
from corpus.database.store import Store
from tests.web.accessibility import hard_to_use
from tests.web.conftest import DIRECTIVE, PLAN, png
from tests.web.test_browser_handover import read_all
from tests.web.test_bulk import status, withdrawals

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]


def test_a_clerk_puts_in_a_better_scan_and_takes_the_old_one_back(
    page: Page, address: str, enter: Enter, filled: Store, tmp_path: Path
) -> None:
    better = tmp_path / "ban-ro.png"
    better.write_bytes(png("ban ro hon"))
    faults = enter(page, "clerk")
    page.goto(f"{address}/van-ban/{PLAN}")
    page.get_by_text("Thay bằng tệp khác của cùng văn bản").click()
    assert hard_to_use(page) == []
    page.get_by_label("Tệp mới").set_input_files(better)
    part = page.get_by_role("region", name="Phiên bản tệp")
    part.get_by_label("Lý do", exact=True).fill("bản trước mờ")
    page.keyboard.press("Enter")
    rows = part.get_by_role("listitem")
    expect(rows.first).to_contain_text("chờ đọc")
    expect(page.get_by_role("heading", level=1)).to_have_text("31/KH-UBND")
    read_all(filled)
    page.reload()
    expect(rows.first).to_contain_text("ban-ro.png")
    expect(rows.first).to_contain_text("bản trước mờ")
    expect(page.get_by_role("heading", level=1)).to_have_text("31/KH-UBND")
    rows.nth(1).get_by_text("Dùng lại phiên bản này").first.click()
    rows.nth(1).get_by_label("Lý do").fill("bản mới thiếu trang")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(3)
    assert faults == []


def test_enter_in_a_box_of_the_list_is_the_act_beside_it(
    page: Page, address: str, enter: Enter, filled: Store
) -> None:
    faults = enter(page, "clerk")
    page.goto(f"{address}/danh-sach")
    page.get_by_label("Chọn 5/CT-UBND").focus()
    page.keyboard.press("Space")
    page.get_by_text("Làm với các văn bản đã chọn").click()
    assert hard_to_use(page) == []
    page.get_by_label("Lý do gỡ khỏi kho").fill("nhập nhầm")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã gỡ khỏi kho: 1 văn bản.")
    assert withdrawals(filled) == [(DIRECTIVE, "nhập nhầm")] and status(filled, PLAN) == "accepted"
    records.reinstate(filled, DIRECTIVE, "clerk")
    assert faults == []
