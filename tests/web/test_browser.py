"""A clerk's way in a real browser against the real server: upload, review by keyboard, find, follow; two at once;
no session.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus import records
from corpus.database.store import Store
from corpus.document import Fields, Reading, SourceFile
from corpus.document import Page as Paper
from corpus.originals import content_store
from search.index import indexer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
PASSWORD = "mot-mat-khau-dai"


def test_signing_in_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/dang-nhap")
    # Keys that come before the page gives its first field the focus are lost on a busy machine.
    expect(page.get_by_label("Tài khoản")).to_be_focused()
    page.keyboard.type("clerk")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Mật khẩu")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tìm văn bản")).to_be_visible()


def test_review_by_keyboard_then_found_then_cited(page: Page, address: str, enter: Enter, filled: Store) -> None:
    faults = enter(page, "clerk")
    page.goto(f"{address}/can-xem/3")
    expect(page.get_by_label("Số, ký hiệu")).to_be_focused()
    expect(page.locator('.mark.lit[data-mark="number"]')).to_have_count(1)
    page.keyboard.press("Control+a")
    page.keyboard.type("93/KH-UBND")
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("93/KH-UBND")
    indexer.sync(filled)
    page.goto(f"{address}/")
    page.keyboard.type("93 kh ubnd")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="93/KH-UBND").click()
    page.get_by_role("link", name="Viện dẫn", exact=True).click()
    expect(page.get_by_role("heading", name="Được viện dẫn bởi")).to_be_visible()
    assert faults == []


def test_many_files_at_once_one_of_them_broken(page: Page, address: str, enter: Enter) -> None:
    enter(page, "clerk")
    page.goto(f"{address}/tai-len")
    sent = [
        {"name": f"van-ban-{n}.txt", "mimeType": "text/plain", "buffer": f"Số: {n}/KH-SYT".encode()}
        for n in range(19)
    ]
    page.locator("#file").set_input_files(
        [*sent, {"name": "rong.pdf", "mimeType": "application/pdf", "buffer": b""}]
    )  # type: ignore[list-item]
    expect(page.locator("#sending .outcome", has_text="Đã nhận")).to_have_count(19)
    expect(page.locator("#sending .fault")).to_contain_text("rong.pdf")
    expect(page.locator("#received .status-queued")).to_have_count(19)


def test_a_box_drawn_on_the_page_is_read_again_into_the_field(
    page: Page, address: str, enter: Enter, filled: Store
) -> None:
    enter(page, "clerk")
    page.goto(f"{address}/can-xem/{with_print(filled, 'SỞ Y TẾ')}")
    field = page.get_by_label("Cơ quan ban hành")
    field.focus()
    page.wait_for_timeout(600)
    frame = page.locator(".viewer .paper").bounding_box()
    assert frame is not None and frame["y"] < 200 < frame["x"], "the scan stands at the side of its form"
    page.mouse.move(frame["x"] + 4, frame["y"] + 4)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.6, frame["y"] + frame["height"] * 0.12, steps=4)
    page.mouse.up()
    offered = page.locator(".field:has(#f-issuer) .spot button").first
    expect(offered).to_have_text("Sở Y tế")
    expect(field).to_have_value("")
    offered.click()
    expect(field).to_have_value("Sở Y tế")


def with_print(store: Store, text: str) -> int:
    """A document that waits, with these words printed at the top of its page."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (1240, 1754), 255)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 48)
    ImageDraw.Draw(image).text((120, 90), text, fill=0, font=font)
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(150, 150))
    sha256 = content_store.put_original(store, out.getvalue())
    receipt = records.receive(store, sha256, "in.png", "image/png", len(out.getvalue()), "clerk")
    source = SourceFile("in.png", sha256, "image/png", 1, 1)
    records.propose(store, receipt.document_id, Reading(source, (Paper(1, "ocr", "?"),), Fields()))
    return receipt.document_id


def test_two_clerks_get_two_documents(
    page: Page, address: str, enter: Enter, filled: Store, browser: Browser
) -> None:
    with_print(filled, "KẾ HOẠCH")
    other = browser.new_context().new_page()
    for one, name in ((page, "clerk"), (other, "admin")):
        enter(one, name)
        one.goto(f"{address}/can-xem/tiep")
    assert page.url != other.url
    other.goto(page.url)
    expect(other.get_by_text("Đồng nghiệp đang mở văn bản này")).to_be_visible()
    expect(page.get_by_text("Đồng nghiệp đang mở văn bản này")).to_have_count(0)


def test_what_was_typed_outlives_the_session(page: Page, address: str, enter: Enter) -> None:
    enter(page, "clerk")
    page.goto(f"{address}/can-xem/3", wait_until="domcontentloaded")
    page.get_by_label("Trích yếu").fill("Tên đã gõ dở")
    page.context.clear_cookies()
    page.reload()
    page.get_by_label("Tài khoản").fill("clerk")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Trích yếu")).to_have_value("Tên đã gõ dở")


def test_what_was_sent_after_the_session_had_ended_is_still_there(page: Page, address: str, enter: Enter) -> None:
    enter(page, "clerk")
    page.goto(f"{address}/can-xem/3", wait_until="domcontentloaded")
    page.get_by_label("Trích yếu").fill("Tên đã gõ xong")
    # Enter counts from when the scan is shown, which takes its time on a busy machine.
    page.wait_for_load_state()
    page.context.clear_cookies()
    page.wait_for_timeout(800)
    page.get_by_label("Số, ký hiệu").press("Enter")
    page.get_by_role("link", name="Đăng nhập").click()
    page.get_by_label("Tài khoản").fill("clerk")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Trích yếu")).to_have_value("Tên đã gõ xong")
