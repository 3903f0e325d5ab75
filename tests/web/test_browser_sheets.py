"""The board of pages in a real browser: moved by buttons, split, made; at two widths without anything cut off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from corpus.database.store import Store
from tests.web.test_page_works import come_in, made_of, pages_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]


@pytest.mark.parametrize("width", [1366, 390])
def test_pages_are_moved_turned_and_split(
    width: int, page: Page, address: str, enter: Enter, filled: Store, tmp_path: Path
) -> None:
    old = come_in(filled, 401, 402, 403)
    enter(page, "clerk")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/can-xem/{old}")
    page.get_by_role("link", name="Xoay, tách, gộp, sắp xếp trang").click()
    page.get_by_role("button", name="Lên: Trang 3").click()
    page.locator(f"[name='turn-{old}-3']").select_option("180")
    page.locator(f"[name='begin-{old}-3']").check()
    expect(page.locator(".board-page").nth(1)).to_have_attribute("data-turn", "180")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=tmp_path / f"board-{width}.png", full_page=True)
    page.get_by_label("Lý do").fill("hai văn bản trong một tệp")
    page.get_by_role("button", name="Lập văn bản mới").click()
    expect(page.get_by_text("Đã lập văn bản mới, đang đọc")).to_be_visible()
    assert [pages_of(filled, one) for one in made_of(filled, old)] == [[(401, 0)], [(403, 180), (402, 0)]]
    page.get_by_role("button", name="Hoàn tác việc đổi trang").click()
    expect(page.get_by_text("Đã hoàn tác; văn bản trở lại hàng chờ")).to_be_visible()
