"""The desk in a real browser: held keys, doubts and their second act, drafts of two clerks,
marks on faulty fields.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from corpus import records
from corpus.database.models import Document
from corpus.database.store import Store
from tests.web.test_browser import PASSWORD, with_print
from web.access import passwords

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
WAITING = 3


def statuses(store: Store) -> list[str]:
    with store.db.reading() as session:
        return [one.status for one in session.query(Document).order_by(Document.id)]


def make_sound(store: Store, document_id: int, number: str) -> None:
    """A document that waits and of which nothing is doubtful."""
    values: dict[str, object] = {
        "number": number, "date": "2023-02-01", "doc_type": "Kế hoạch", "subject": "Việc",
        "signer_name": "Lê Thị B",
        "issuer": "Ủy ban nhân dân tỉnh Kiên Giang",
    }  # fmt: skip
    records.correct(store, document_id, values, "clerk", None)


def sign_in_again(page: Page, name: str) -> None:
    page.get_by_label("Tài khoản").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_held_enter_accepts_nothing_that_nobody_saw(
    page: Page, address: str, enter: Enter, filled: Store
) -> None:
    for at in range(4):
        make_sound(filled, with_print(filled, f"VĂN BẢN {at}"), f"{200 + at}/KH-UBND")
    make_sound(filled, WAITING, "98/KH-UBND")
    enter(page, "clerk")
    posts: list[str] = []
    page.on(
        "request", lambda one: posts.append(one.url) if one.method == "POST" and "/giu" not in one.url else None
    )
    page.goto(f"{address}/can-xem")
    expect(page.get_by_role("link", name="Bắt đầu từ văn bản chờ lâu nhất")).to_be_focused()
    waiting = statuses(filled).count("review")
    for _ in range(60):  # a key held for six seconds; the second "down" of a key is a repeat to the browser
        page.keyboard.down("Enter")
        page.wait_for_timeout(100)
    page.wait_for_url(f"{address}/can-xem/{WAITING}")
    assert (posts, statuses(filled).count("review")) == ([], waiting)
    page.keyboard.up("Enter")
    page.wait_for_timeout(900)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith(f"/can-xem/{WAITING}"))
    stalls, last = 0, time.monotonic()
    for _ in range(15):  # keys pressed one after the other, faster than anybody reads
        page.keyboard.press("Enter")
        page.wait_for_timeout(50)
        # Where the machine stalls, the next key comes as late as a reader's and may accept.
        stalls, last = stalls + (time.monotonic() - last > 0.4), time.monotonic()
    assert waiting - 1 - stalls <= statuses(filled).count("review") <= waiting - 1
    expect(page.get_by_text("Trang vừa mở")).to_be_visible()


def test_a_doubt_is_passed_by_another_key_and_not_by_the_same_again(
    page: Page, address: str, enter: Enter, filled: Store
) -> None:
    faults = enter(page, "clerk")
    page.goto(f"{address}/can-xem/{WAITING}")
    number = page.get_by_label("Số, ký hiệu")
    number.fill("abc")
    for _ in range(3):
        page.wait_for_timeout(800)
        page.keyboard.press("Enter")
        expect(page.locator('[data-doubt="number_ill_formed"]')).to_be_visible()
        expect(number).to_be_focused()
        expect(number).to_have_attribute("aria-invalid", "true")
        assert statuses(filled)[WAITING - 1] == "review"
    page.wait_for_timeout(800)
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("abc")
    assert statuses(filled)[WAITING - 1] == "accepted"
    assert [one for one in faults if "422" not in one] == []


def test_a_faulty_date_is_focused_and_named_in_vietnamese(page: Page, address: str, enter: Enter) -> None:
    enter(page, "clerk")
    page.goto(f"{address}/can-xem/{WAITING}")
    page.get_by_label("Ngày ban hành").fill("32/1/2024")
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ngày ban hành")).to_be_focused()
    expect(page.locator("#why-date")).to_contain_text("«32/1/2024» của Ngày ban hành")


def test_what_comes_back_after_a_lost_session_is_told_and_can_be_dropped(
    page: Page, address: str, enter: Enter
) -> None:
    enter(page, "clerk")
    page.goto(f"{address}/can-xem/{WAITING}")
    page.get_by_label("Trích yếu").fill("Tên đã gõ dở")
    page.context.clear_cookies()
    page.reload()
    sign_in_again(page, "clerk")
    expect(page.get_by_label("Trích yếu")).to_have_value("Tên đã gõ dở")
    expect(page.locator("#restored")).to_contain_text("Đã khôi phục phần bạn gõ lúc")
    expect(page.locator(".field.restored")).to_have_count(1)
    page.get_by_role("button", name="Bỏ").click()
    expect(page.get_by_label("Trích yếu")).to_have_value("Khen thưởng năm 2023")
    page.reload()
    expect(page.get_by_label("Trích yếu")).to_have_value("Khen thưởng năm 2023")


@pytest.mark.parametrize("left_by", ["later", "sign_out", "link"])
def test_a_draft_that_was_left_on_purpose_does_not_come_back(
    left_by: str, page: Page, address: str, enter: Enter
) -> None:
    enter(page, "clerk")
    page.goto(f"{address}/can-xem/{WAITING}")
    page.get_by_label("Trích yếu").fill("Tên đã gõ dở")
    if left_by == "later":
        page.get_by_role("link", name="Để sau").click()
    elif left_by == "sign_out":
        page.get_by_role("button", name="Đăng xuất").click()
        sign_in_again(page, "clerk")
        page.get_by_label("Tìm văn bản").wait_for()
    else:
        page.goto(f"{address}/can-xem")
    page.goto(f"{address}/can-xem/{WAITING}")
    expect(page.get_by_label("Trích yếu")).to_have_value("Khen thưởng năm 2023")
    expect(page.locator("#restored")).to_have_count(0)


def test_a_draft_is_never_another_clerks(page: Page, address: str, enter: Enter, filled: Store) -> None:
    records.add_user(filled, "minh", "clerk", passwords.hash_password(PASSWORD))
    enter(page, "clerk")
    page.goto(f"{address}/can-xem/{WAITING}")
    page.get_by_label("Trích yếu").fill("Tên vanthu1 gõ")
    for name, wanted in (("minh", "Khen thưởng năm 2023"), ("clerk", "Tên vanthu1 gõ")):
        page.context.clear_cookies()
        page.goto(f"{address}/can-xem/{WAITING}")
        sign_in_again(page, name)
        expect(page.get_by_label("Trích yếu")).to_have_value(wanted)
    expect(page.locator("#restored")).to_have_count(1)


def test_what_was_accepted_leaves_no_draft(page: Page, address: str, enter: Enter, filled: Store) -> None:
    make_sound(filled, WAITING, "98/KH-UBND")
    enter(page, "clerk")
    page.goto(f"{address}/can-xem/{WAITING}")
    page.get_by_label("Trích yếu").fill("Tên đã duyệt")
    page.wait_for_timeout(800)
    page.get_by_label("Số, ký hiệu").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("98/KH-UBND")
    # The heading is there before the deferred script that tidies up has run; the policy of the site
    # forbids wait_for_function.
    drafts = "Object.keys(sessionStorage).filter((key) => key.startsWith('draft-'))"
    for _ in range(100):
        if not page.evaluate(drafts):
            break
        page.wait_for_timeout(50)
    assert page.evaluate(drafts) == []


@pytest.mark.ocr
def test_a_box_offers_values_and_esc_takes_the_old_one_back(
    page: Page, address: str, enter: Enter, filled: Store
) -> None:
    document_id = with_print(filled, "Số: 123/KH-UBND")
    enter(page, "clerk")
    page.goto(f"{address}/can-xem/{document_id}")
    number = page.locator("#f-number")
    number.fill("77/KH-UBND")
    paper = page.locator(".viewer .paper").first.bounding_box()
    assert paper is not None
    page.mouse.move(paper["x"] + 0.08 * paper["width"], paper["y"] + 0.042 * paper["height"])
    page.mouse.down()
    page.mouse.move(paper["x"] + 0.55 * paper["width"], paper["y"] + 0.088 * paper["height"], steps=4)
    page.mouse.up()
    offered = page.locator(".field:has(#f-number) .spot button").first
    expect(offered).to_have_text("123/KH-UBND")
    expect(number).to_have_value("77/KH-UBND")
    number.press("Alt+1")
    expect(number).to_have_value("123/KH-UBND")
    number.press("Escape")
    expect(number).to_have_value("77/KH-UBND")
    number.press("Escape")
    expect(page.locator(".spot")).to_have_count(0)
    assert statuses(filled)[-1] == "review"
