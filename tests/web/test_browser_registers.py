"""Registers in a real browser: numbers given and cancelled by keyboard; no fault for axe at two widths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from corpus import records
from corpus.database.store import Store
from corpus.numbering.typed_days import today
from tests.web.accessibility import hard_to_use
from tests.web.conftest import DIRECTIVE, PLAN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
YEAR = today()[:4]


@pytest.mark.parametrize("width", [1366, 390])
def test_a_clerk_keeps_the_register(width: int, filled: Store, page: Page, address: str, enter: Enter) -> None:
    records.give_number(filled, DIRECTIVE, "incoming", "clerk")
    records.reserve_numbers(filled, "incoming", 2, "Công điện gửi sau", "clerk")
    page.set_viewport_size({"width": width, "height": 768})
    faults = enter(page, "clerk")
    page.goto(f"{address}/van-ban/{PLAN}")
    page.get_by_role("button", name="Cấp số tiếp theo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text(f"Số đến 4/{YEAR}")
    page.get_by_role("link", name=f"4/{YEAR}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Số đến 4/{YEAR}")
    page.get_by_label("Đơn vị, người nhận").fill("Phòng Tổ chức")
    page.keyboard.press("Enter")
    expect(page.locator("dl.record")).to_contain_text("Phòng Tổ chức")
    found = [(page.url, hard_to_use(page))]
    page.goto(f"{address}/so/den/{YEAR}/2")
    page.get_by_text("Hủy số").first.click()
    page.get_by_label("Lý do hủy").fill("không gửi nữa")
    page.keyboard.press("Enter")
    expect(page.locator("dl.record")).to_contain_text("Đã hủy: không gửi nữa")
    for path in (f"/so/den/{YEAR}/3", "/so/den", "/so/den/in", "/so/di"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        found.append((path, hard_to_use(page)))
    page.goto(f"{address}/so/den")
    expect(page.locator("table.book tbody tr")).to_have_count(4)
    expect(page.locator("table.book")).to_contain_text("không gửi nữa")
    assert [one for one in found if one[1]] == []
    assert faults == []


def test_the_printed_register_is_landscape_with_its_heads_on_every_sheet(
    filled: Store, page: Page, address: str, enter: Enter, tmp_path: Path
) -> None:
    records.give_number(filled, PLAN, "incoming", "clerk")
    records.reserve_numbers(filled, "incoming", 100, "để dành", "clerk")
    enter(page, "reader")
    page.goto(f"{address}/so/den/in")
    page.pdf(path=tmp_path / "in.pdf", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "in.pdf") as pdf:
        assert len(pdf) > 1 and pdf[0].get_width() > pdf[0].get_height()
        # The printer sets letters apart: blanks say nothing.
        texts = ["".join(one.get_textpage().get_text_range().split()) for one in pdf]
    assert [text[:60] for text in texts if "Ngàyđến" not in text or "(10)" not in text] == []
