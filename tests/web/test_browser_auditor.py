"""An auditor's way in a real browser: from a document to the picture of its surroundings, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus import records
from corpus.database.store import Store

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
PLAN, DIRECTIVE = 1, 2
LIT = "window.vanban.picture.nodes('.lit').map((node) => node.id())"


def test_the_picture_and_its_list_light_each_other(page: Page, address: str, enter: Enter) -> None:
    faults = enter(page, "auditor")
    page.goto(f"{address}/van-ban/{PLAN}/vien-dan")
    page.get_by_role("link", name="Sơ đồ").first.click()
    page.locator(".graph.drawn").wait_for()
    rows = page.locator("[data-node]")
    expect(rows).to_have_count(2)
    page.locator(".steps a").last.focus()
    first = page.get_by_role("link", name="5/CT-UBND", exact=True)
    # The picture's buttons come between; one of them may still be off when the page has just been drawn.
    for _ in range(8):
        page.keyboard.press("Tab")
        if first.evaluate("(link) => link === document.activeElement"):
            break
    expect(first).to_be_focused()
    assert page.evaluate(LIT) == [f"d{DIRECTIVE}"]
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="99/QĐ-UBND", exact=True)).to_be_focused()
    expect(page.locator('[data-node][aria-current="true"]')).to_contain_text("chưa có trong kho")
    # The picture slides to what is lit; a click in between misses. The policy of the site forbids
    # wait_for_function.
    while page.evaluate("window.vanban.picture.animated()"):
        page.wait_for_timeout(50)
    middle, directive = (
        page.evaluate(f"window.vanban.picture.getElementById('d{id_}').renderedPosition()")
        for id_ in (PLAN, DIRECTIVE)
    )
    assert directive["y"] < middle["y"], "what is carried out stands above"
    page.locator(".picture").click(position=directive)
    expect(page.get_by_role("link", name="5/CT-UBND", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("5/CT-UBND")
    assert faults == [], "the policy of the site lets it draw"


def test_positions_by_date_stand_in_the_order_of_days(page: Page, address: str, enter: Enter) -> None:
    enter(page, "auditor")
    page.goto(f"{address}/van-ban/{DIRECTIVE}/so-do?buoc=3")
    page.get_by_role("button", name="Theo ngày").click()
    places = "['d2', 'd1'].map((id) => window.vanban.picture.getElementById(id).position('y'))"
    first, second = page.evaluate(places)
    assert first < second
    expect(page.get_by_role("button", name="Theo ngày")).to_have_attribute("aria-pressed", "true")


def test_the_list_says_it_all_without_scripts(browser: Browser, address: str, filled: Store) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/dang-nhap?next=/van-ban/{PLAN}/so-do")
    page.get_by_label("Tài khoản").fill("auditor")
    page.get_by_label("Mật khẩu").fill("mot-mat-khau-dai")
    page.keyboard.press("Enter")
    row = page.locator("[data-node]").first
    expect(row).to_contain_text("được 31/KH-UBND thực hiện")
    for told in ("5/CT-UBND", "10/01/2022", "Tăng cường cải cách hành chính"):
        expect(row).to_contain_text(told)
    expect(page.locator(".picture")).to_be_hidden()
    page.context.close()


def test_from_a_document_to_what_is_missing_and_who_did_what(
    page: Page, address: str, enter: Enter, filled: Store
) -> None:
    records.correct(filled, DIRECTIVE, {"date": "2022-01-11"}, "clerk", None)
    faults = enter(page, "auditor")
    page.goto(f"{address}/van-ban/{PLAN}")
    page.get_by_role("link", name="Viện dẫn", exact=True).click()
    conflicts = page.get_by_role("region", name="Mâu thuẫn")
    expect(conflicts).to_contain_text("ghi ngày 10/01/2022")
    conflicts.get_by_role("textbox").first.fill("gõ nhầm ngày")
    conflicts.get_by_role("button", name="Lưu").first.click()
    expect(page.get_by_role("region", name="Mâu thuẫn")).to_contain_text("gõ nhầm ngày")
    page.get_by_role("link", name="Cây văn bản").click()
    expect(page.locator(".gap")).to_contain_text("99/QĐ-UBND")
    expect(page.locator(".here")).to_contain_text("sau 3 tháng")
    page.get_by_role("link", name="Văn bản còn thiếu").click()
    for form in ("CSV", "XLSX"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Tải {form}").click()
        assert download.value.suggested_filename == f"can-tim.{form.lower()}"
    page.get_by_role("link", name="Nhật ký").click()
    page.get_by_label("Việc").select_option("export")
    page.get_by_role("button", name="Lọc").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Kiểm tra chuỗi").click()
    expect(page.get_by_role("status")).to_contain_text("Nhật ký nguyên vẹn.")
    assert faults == []
