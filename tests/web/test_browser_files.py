"""A file in a real browser, by keyboard: made, a paper put in from results, closed, printed, opened again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from corpus.database.store import Store
from corpus.queries import files
from corpus.queries.citations import EVERYTHING

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]


def test_a_clerk_keeps_a_file(page: Page, address: str, enter: Enter, filled: Store) -> None:
    page.set_default_timeout(60_000)
    faults = enter(page, "clerk")
    page.goto(f"{address}/ho-so")
    page.get_by_label("Năm", exact=True).last.fill("2022")
    page.get_by_label("Số và ký hiệu hồ sơ").fill("01.TĐKT")
    page.get_by_label("Tiêu đề hồ sơ").fill("Hồ sơ thi đua năm 2022")
    page.get_by_label("hoặc số năm").fill("10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hồ sơ thi đua năm 2022")

    page.goto(f"{address}/?q=thi+%C4%91ua")
    page.get_by_label("Chọn 31/KH-UBND").focus()
    page.keyboard.press("Space")
    page.get_by_label("Đưa văn bản đã chọn vào hồ sơ").fill("2022/01.TĐKT")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã đưa vào hồ sơ")
    assert page.url.startswith(f"{address}/?q=thi"), "back at the results"

    page.goto(f"{address}/ho-so/1")
    expect(page.get_by_role("row").filter(has_text="31/KH-UBND")).to_have_count(1)
    page.get_by_text("Kết thúc hồ sơ").first.click()
    page.get_by_label("Ngày công việc kết thúc").fill("31/12/2022")
    page.keyboard.press("Enter")
    expect(page.locator(".eyebrow .status")).to_have_text("đã kết thúc")
    expect(page.get_by_role("button", name="Bỏ khỏi hồ sơ")).to_have_count(0)
    found = files.one(filled, 1, EVERYTHING)
    assert (found.ended_on, found.kept_until, found.held.papers) == ("2022-12-31", "2032-12-31", 1)

    page.emulate_media(media="print")
    page.goto(f"{address}/ho-so/1/muc-luc")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_text("MỤC LỤC VĂN BẢN, TÀI LIỆU")).to_be_visible()
    page.emulate_media(media="screen")

    page.goto(f"{address}/ho-so/1")
    page.get_by_text("Mở lại hồ sơ").first.click()
    page.get_by_label("Lý do mở lại").fill("còn văn bản đến sau")
    page.keyboard.press("Enter")
    expect(page.locator(".eyebrow .status")).to_have_text("đang mở")
    assert faults == []
