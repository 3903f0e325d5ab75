"""An office's registers and a chain of hand-overs in a real browser, at two widths; no fault for axe."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from corpus import records
from corpus.database.store import Store
from corpus.numbering.typed_days import today
from tests.web.conftest import DIRECTIVE, PLAN
from tests.web.test_browser_handover import leave
from tests.web.test_browser_pages import hard_to_use

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
YEAR = today()[:4]
UNIT = "Phòng Văn xã"
SHOTS = os.environ.get("VANBAN_TEST_SHOTS", "")
"""Folder for pictures of the pages, to be looked at; empty: none are kept."""


def looked_at(page: Page, name: str, width: int) -> list[object]:
    """Faults of a page that a person would meet, its width included."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [
        *((name, fault) for fault in hard_to_use(page)),
        *([f"{name}: {wide} px too wide"] if wide > 0 else []),
    ]


@pytest.mark.parametrize("width", [1366, 390])
def test_a_clerk_keeps_several_registers(
    width: int, filled: Store, page: Page, address: str, enter: Enter
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    faults = enter(page, "clerk")
    page.goto(f"{address}/so/den")
    page.get_by_role("link", name="Các sổ").click()
    page.get_by_text("Mở sổ mới").click()
    form = page.locator("form").filter(has=page.get_by_role("button", name="Mở sổ"))
    form.get_by_label("Hướng văn bản").select_option("outgoing")
    form.get_by_label("Tên sổ").fill("Sổ kế hoạch")
    form.get_by_label("Loại văn bản tự vào sổ").fill("Kế hoạch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã mở sổ: Sổ kế hoạch")
    found = looked_at(page, "books", width)
    records.give_number(filled, PLAN, "outgoing", "clerk")
    records.give_number(filled, DIRECTIVE, "outgoing", "clerk")
    page.goto(f"{address}/so/so-ke-hoach")
    expect(page.locator("table.book")).to_contain_text("31/KH-UBND")
    found += looked_at(page, "register", width)
    page.get_by_role("link", name="1", exact=True).first.click()
    page.get_by_text("Chuyển sang sổ khác").click()
    page.get_by_label("Lý do chuyển sổ").fill("vào nhầm sổ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Số đi 2/{YEAR}")
    page.goto(f"{address}/so/so-ke-hoach/{YEAR}/1")
    expect(page.locator("dl.record")).to_contain_text("vào nhầm sổ")
    page.get_by_text("Phục hồi số đã hủy").click()
    found += looked_at(page, "line", width)
    page.goto(f"{address}/cac-so")
    row = page.locator("li").filter(has_text="Sổ kế hoạch").last
    row.get_by_text("Sửa, khóa sổ").click()
    row.get_by_role("button", name="Khóa sổ: Sổ kế hoạch").click()
    expect(page.locator("li").filter(has_text="Sổ kế hoạch").last).to_contain_text("đã khóa")
    found += looked_at(page, "books-closed", width)
    page.goto(f"{address}/so/so-ke-hoach/in")
    expect(page.locator("footer")).to_contain_text("Sổ này có 1 số, trong đó 1 số đã hủy")
    found += looked_at(page, "print", width)
    page.goto(f"{address}/van-ban/{PLAN}")
    found += looked_at(page, "document", width)
    assert found == []
    assert faults == []


@pytest.mark.parametrize("width", [1366, 390])
def test_a_head_of_unit_hands_on(width: int, filled: Store, page: Page, address: str, enter: Enter) -> None:
    records.add_group(filled, UNIT, "admin")
    for name in ("reader", "clerk"):
        records.join_group(filled, UNIT, name, "admin")
    page.set_viewport_size({"width": width, "height": 768})
    faults = enter(page, "leader")
    page.goto(f"{address}/van-ban/{PLAN}")
    page.get_by_label("Chủ trì").select_option("u:reader")
    page.get_by_label("Bút phê").fill("Báo cáo trước ngày họp")
    page.get_by_label("Hạn xử lý").fill("5")
    page.get_by_role("button", name="Chuyển", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Đã chuyển xử lý")
    leave(page)
    faults += enter(page, "reader")
    page.goto(f"{address}/xu-ly")
    task = page.locator(".task")
    task.get_by_text("Chuyển tiếp trong đơn vị").click()
    task.get_by_label("Chủ trì").select_option("u:clerk")
    task.get_by_label("Ý kiến khi chuyển tiếp").fill("Em tổng hợp số liệu")
    task.get_by_label("Hạn xử lý").fill("3")
    found = looked_at(page, "task", width)
    task.get_by_role("button", name="Chuyển tiếp", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Đã chuyển tiếp")
    expect(page.get_by_role("region", name="Chuyển xử lý")).to_contain_text("Em tổng hợp số liệu")
    found += looked_at(page, "chain", width)
    page.goto(f"{address}/xu-ly?danh-sach=given")
    expect(page.locator(".task")).to_contain_text("Em tổng hợp số liệu")
    leave(page)
    faults += enter(page, "clerk")
    page.goto(f"{address}/xu-ly")
    expect(page.locator(".task")).to_contain_text("Báo cáo trước ngày họp")
    found += looked_at(page, "lower-task", width)
    page.locator(".task").get_by_role("button", name="Đã xong").click()
    expect(page.locator(".task")).to_have_count(0)
    assert found == []
    assert faults == []
