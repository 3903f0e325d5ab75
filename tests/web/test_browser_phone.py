"""The desk on a phone: place of a value, photos, menu, dark theme, page without network, counts, first steps."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from corpus import records
from corpus.access import second_factor
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from tests.web.accessibility import hard_to_use
from web import access
from web.access import passwords
from web.app import create_app
from web.services import menu

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}


def in_view(page: Page, selector: str) -> bool:
    """True if the middle of an element is on the screen and nothing lies over it."""
    return bool(
        page.evaluate(
            """(selector) => {
      const one = document.querySelector(selector), box = one.getBoundingClientRect();
      const at = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return at.some((found) => found === one || found.closest(".paper")?.contains(one));
    }""",
            selector,
        )
    )


def test_a_tapped_value_shows_its_place(page: Page, address: str, enter: Enter) -> None:
    page.set_viewport_size(PHONE)
    faults = enter(page, "reader")
    page.goto(f"{address}/van-ban/1")
    assert not in_view(page, "[data-mark=number]")
    page.locator("button[data-light=number]").click()
    expect(page.locator(".viewer.peek")).to_be_visible()
    expect(page.locator(".mark.lit").first).to_be_attached()
    page.wait_for_timeout(600)
    assert in_view(page, ".mark.lit")
    assert in_view(page, "button[data-light=number]"), "the value stays in view beside its place"
    page.keyboard.press("Escape")
    expect(page.locator(".viewer.peek")).to_have_count(0)
    expect(page.locator("button[data-light=number]")).to_be_focused()
    page.locator("button[data-light=subject]").click()
    page.get_by_role("button", name="Đóng").click()
    expect(page.locator(".viewer.peek")).to_have_count(0)
    page.set_viewport_size(DESK)
    page.locator("button[data-light=number]").click()
    expect(page.locator(".viewer.peek")).to_have_count(0)
    assert faults == []


def test_photos_are_ordered_turned_and_sent_as_one(
    page: Page, address: str, enter: Enter, filled: Store, tmp_path: Path
) -> None:
    from PIL import Image

    for name, shade in (("a.jpg", 250), ("b.jpg", 150), ("c.jpg", 50)):
        Image.new("RGB", (60, 80), (shade, shade, shade)).save(tmp_path / name, "JPEG")
    page.set_viewport_size(PHONE)
    faults = enter(page, "clerk")
    page.goto(f"{address}/tai-len")
    camera = page.locator("#camera")
    assert (camera.get_attribute("capture"), camera.get_attribute("accept")) == ("environment", "image/*")
    camera.set_input_files(tmp_path / "a.jpg")
    page.locator("#pictures").set_input_files([tmp_path / "b.jpg", tmp_path / "c.jpg"])
    expect(page.locator("#photos li")).to_have_count(3)
    page.get_by_role("button", name="Xuống sau Trang 1").click()
    expect(page.locator("#photos .file")).to_have_text(["Trang 1: b.jpg", "Trang 2: a.jpg", "Trang 3: c.jpg"])
    page.get_by_role("button", name="Xoay Trang 1").click()
    page.get_by_role("button", name="Bỏ Trang 3").click()
    assert page.evaluate(
        "document.querySelector('#photos canvas').width / document.querySelector('#photos canvas').height > 1"
    )
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert hard_to_use(page) == []
    page.get_by_label("Tên văn bản").fill("Giấy mời")
    page.get_by_role("button", name="Gộp thành một văn bản").click()
    expect(page.locator("#sending .outcome")).to_have_text(re.compile("Đã nhận"))
    expect(page.locator("#photos li")).to_have_count(0)
    with filled.db.reading() as session:
        found = session.query(Document).filter_by(name="Giấy mời.pdf").one()
    assert found.received_by == "clerk" and faults == []


@pytest.mark.parametrize("role", ["admin", "clerk", "reader"])
def test_every_link_of_the_menu_is_reached_on_a_phone(role: str, page: Page, address: str, enter: Enter) -> None:
    page.set_viewport_size(PHONE)
    enter(page, role)
    links = page.locator(".bar .links a")
    expect(links.first).to_be_hidden()
    switch = page.get_by_role("button", name="Mục", exact=True)
    switch.click()
    assert switch.get_attribute("aria-expanded") == "true"
    for at in range(links.count()):
        box = links.nth(at).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 24
    assert links.count() > 4
    last = links.nth(links.count() - 1)
    last.click()
    page.wait_for_load_state()
    assert page.url != f"{address}/"


def test_the_menu_wraps_without_script(page: Page, address: str, enter: Enter) -> None:
    page.set_viewport_size(PHONE)
    page.route("**/theme.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.context.add_init_script("delete navigator.__proto__.serviceWorker")
    enter(page, "admin")
    for box in [one.bounding_box() for one in page.locator(".bar .links a").all()]:
        assert box is not None and box["x"] + box["width"] <= 390


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


LIGHT, DARK = "rgb(255, 255, 255)", "rgb(23, 28, 34)"


def test_the_theme_follows_the_system_until_somebody_chooses(page: Page, address: str, enter: Enter) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(f"{address}/dang-nhap")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    enter(page, "reader")
    assert ground(page) == DARK
    switch = page.get_by_role("button", name="Nền tối")
    assert switch.get_attribute("aria-pressed") == "true"
    switch.click()
    assert ground(page) == LIGHT and switch.get_attribute("aria-pressed") == "false"
    page.goto(f"{address}/van-ban/1")
    assert ground(page) == LIGHT, "the choice stays"
    page.get_by_role("button", name="Nền tối").click()
    assert ground(page) == DARK
    assert "vanban_theme" not in {one.get("name") for one in page.context.cookies()}, "the system's again"
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="Nền tối").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/dang-nhap")
    assert ground(page) != LIGHT, "and beyond the end of the session"
    assert page.content().startswith('<!DOCTYPE html><html lang="vi" data-bs-theme="dark"')


def test_paper_is_printed_light(page: Page, address: str, enter: Enter) -> None:
    page.emulate_media(color_scheme="dark")
    enter(page, "reader")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "light"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


KEPT = """async () => {
  const names = await caches.keys();
  const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return lists.flat().map((one) => new URL(one.url).pathname);
}"""


def test_without_network_a_page_says_so_and_no_document_is_kept(page: Page, address: str, enter: Enter) -> None:
    enter(page, "clerk")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    for path in ("/", "/van-ban/1", "/?q=thi", "/can-xem/3", "/danh-sach", "/tai-len", "/api/documents/1"):
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
    kept = set(page.evaluate(KEPT))
    assert kept == {
        "/ngoai-mang", "/static/vendor/bootstrap.min.css", "/static/vanban.css", "/static/theme.js",
        "/static/icon.svg",
    }  # fmt: skip
    page.goto(f"{address}/")
    page.context.set_offline(True)
    page.goto(f"{address}/van-ban/1")
    expect(page.get_by_role("heading", name="Không có mạng")).to_be_visible()
    assert "chuyển đổi số" not in page.content()
    assert hard_to_use(page) == []
    page.context.set_offline(False)
    page.get_by_role("link", name="Thử lại").click()
    expect(page.get_by_label("Tìm văn bản")).to_be_visible()


WIDTH = """(src) => new Promise((done) => {
  const one = new Image();
  one.onload = () => done(one.naturalWidth);
  one.src = src;
})"""


def test_the_site_can_be_kept_as_an_app(page: Page, address: str) -> None:
    page.goto(f"{address}/dang-nhap")
    told = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((one) => one.json())")
    assert (told["display"], told["start_url"], told["scope"]) == ("standalone", "/", "/")
    for icon in told["icons"]:
        size = page.evaluate(WIDTH, icon["src"])
        assert icon["sizes"] == f"{size}x{size}"
    answer = page.request.get(f"{address}/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache" and "set-cookie" not in answer.headers
    scope = page.evaluate("navigator.serviceWorker.ready.then((one) => one.scope)")
    assert scope == f"{address}/"


def test_counts_are_in_the_menu_and_are_not_counted_for_every_page(
    page: Page, address: str, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu._kept.clear()
    calls = []
    real = menu.review_queue.count
    monkeypatch.setattr(menu.review_queue, "count", lambda *args: calls.append(1) or real(*args))
    enter(page, "clerk")
    for path in ("/danh-sach", "/can-xem", "/"):
        page.goto(address + path)
    expect(page.locator(".links a[href='/can-xem'] .count")).to_have_text("1")
    assert len(calls) <= 3


def test_the_count_leaves_out_what_somebody_may_not_see(
    page: Page, address: str, enter: Enter, filled: Store
) -> None:
    records.add_group(filled, "Tổ A", "admin")
    records.limit(filled, 3, ["Tổ A"], "admin")
    menu._kept.clear()
    enter(page, "clerk")
    expect(page.locator(".links a[href='/can-xem'] .count")).to_have_count(0)


FIRST = {
    "admin": ("/tai-khoan", "/co-quan-cua-kho", "/he-thong", "/tai-len", "/can-xem"),
    "clerk": ("/tai-len", "/can-xem"),
    "auditor": ("/nhat-ky",),
    "reader": ("/xu-ly",),
    "leader": ("/xu-ly",),
}


@pytest.mark.parametrize("role", FIRST)
def test_an_empty_store_says_where_to_begin(role: str, settings: Settings) -> None:
    store = open_store(settings)
    user = records.add_user(store, role, role, passwords.hash_password("mot-mat-khau-dai"))
    records.start_session(store, user, access.token_hash("abc"))
    client = create_app(settings).test_client()
    client.set_cookie(access.COOKIE, "abc")
    page = client.get("/").text
    found = re.search(r'<section class="first-steps".*?</section>', page, re.DOTALL)
    assert found is not None
    assert tuple(re.findall(r'href="([^"]+)"', found[0])) == FIRST[role]
    for path in FIRST[role]:
        assert client.get(path).status_code == 200
    store.close()


def test_a_store_with_documents_has_no_first_steps(page: Page, enter: Enter) -> None:
    enter(page, "clerk")
    expect(page.locator(".first-steps")).to_have_count(0)


def test_the_second_factor_is_set_up_and_asked_for_in_a_browser(
    page: Page, address: str, enter: Enter, filled: Store
) -> None:
    import pyotp

    page.set_viewport_size(PHONE)
    page.emulate_media(reduced_motion="reduce")
    faults = enter(page, "clerk")
    page.goto(f"{address}/cua-toi")
    page.get_by_role("link", name="Đặt xác thực hai bước").click()
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    picture = page.locator("img.qr")
    expect(picture).to_be_visible()
    assert picture.evaluate("(one) => one.naturalWidth") > 0
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert hard_to_use(page) == []
    page.get_by_text("Không quét được").click()
    secret = page.locator("details code").inner_text().replace(" ", "")
    if time.time() % 30 > 26:
        time.sleep(4)
    page.get_by_label("Mã", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Bật", exact=True).click()
    expect(page.locator(".codes li")).to_have_count(10)
    code = page.locator(".codes code").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("link", name="Đã cất mã, tiếp tục").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_label("Tài khoản").fill("clerk")
    page.get_by_label("Mật khẩu").fill("mot-mat-khau-dai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_label("Mã", exact=True)).to_be_focused()
    assert hard_to_use(page) == []
    page.get_by_label("Mã", exact=True).fill(code)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("Số mã còn lại: 9.")).to_be_visible()
    with filled.db.reading() as session:
        assert second_factor.accounts_with(session)
    assert faults == []
