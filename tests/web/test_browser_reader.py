"""A reader's way in a real browser: a search, narrowed; the document, its text to copy, who cites it, its file."""

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


def test_from_a_few_words_to_the_file(page: Page, address: str, enter: Enter) -> None:
    faults = enter(page, "reader")
    page.get_by_label("Tìm văn bản").fill("cai cach hanh chinh")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 văn bản")
    facets = page.get_by_role("complementary", name="Lọc")
    facets.get_by_text("Năm", exact=True).click()
    facets.get_by_role("link", name="2022").click()
    chip = page.get_by_role("link", name="Bỏ lọc 2022")
    expect(chip).to_be_visible()
    chip.click()
    expect(chip).to_have_count(0)
    page.get_by_role("link", name="5/CT-UBND").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("5/CT-UBND")
    expect(page.locator(".mark-hit").or_(page.locator(".viewer img")).first).to_be_visible()
    page.get_by_text("Nội dung nhận dạng").click()
    expect(page.locator(".texts pre")).to_contain_text("Tăng cường cải cách hành chính")
    cited_by = page.get_by_role("region", name="Được viện dẫn bởi")
    expect(cited_by).to_contain_text("31/KH-UBND")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bản gốc").click()
    assert download.value.suggested_filename == "5-CT-UBND_2022-01-10.png"
    cited_by.get_by_role("link", name="31/KH-UBND").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("31/KH-UBND")
    assert faults == []


def test_nothing_found_says_what_to_try(page: Page, address: str, enter: Enter) -> None:
    enter(page, "reader")
    page.get_by_label("Tìm văn bản").fill('"khongthayduoc"')
    page.keyboard.press("Enter")
    expect(page.get_by_text("Không tìm thấy văn bản nào.")).to_be_visible()
    page.get_by_role("link", name="Xem các văn bản được viện dẫn mà kho chưa có").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Được viện dẫn mà kho chưa có")
