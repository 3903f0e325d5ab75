"""Every page as every role in a real browser: no serious fault for axe, nothing wider than the screen, no error told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from web import access

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
PAGES = {
    "/": "lookup.home", "/?q=thi": "lookup.home", "/?q=khongco": "lookup.home", "/van-ban/1": "lookup.document",
    "/van-ban/1/vien-dan": "trail.cites", "/van-ban/1/cay": "trail.tree", "/van-ban/1/so-do": "trail.surroundings",
    "/can-tim": "trail.wanted", "/cua-toi": "own.account", "/cua-toi/mat-khau": "own.password", "/tai-khoan/1": "admin.account", "/api/docs": "api.docs", "/tai-len": "intake.upload",
    "/van-ban/4/khong-mat": "intake.release", "/van-ban/1/mat": "intake.classify", "/can-xem": "review.queue", "/can-xem/3": "review.form", "/can-xem/1/so-voi/2": "review.compare",
    "/chua-ro": "trail.open_citations", "/nhat-ky": "trail.audit_list", "/tai-khoan": "admin.users", "/nhom": "groups.groups",
    "/he-thong": "admin.system", "/he-thong?check=1": "admin.system",
}  # fmt: skip
"""Address → endpoint: who may call it looks at it."""
NOT_OURS = {"/api/docs"}
"""Swagger UI, as its package ships it: looked at for errors alone."""
BESIDE = {"/khong-co": 404, "/tai-khoan": 403}
"""Pages of a refusal, as a reader sees them."""


def seen_by(role: str) -> list[str]:
    return [path for path, endpoint in PAGES.items() if role in access.RULES[endpoint]]


def test_every_page_is_looked_at() -> None:
    shown = {
        rule
        for rule in access.RULES
        if rule.split(".")[0] in ("lookup", "review", "trail", "admin", "groups", "intake", "own")
    }
    forms_and_files = {
        "intake.received", "intake.retry", "lookup.suggest", "lookup.alike", "lookup.page_image", "lookup.original", "lookup.searchable", "review.accept",
        "review.following", "review.names", "review.keep", "review.spot", "review.bulk", "review.withdraw",
        "review.reinstate", "review.undo", "trail.settle", "trail.settle_conflict", "trail.export", "admin.add_user",
        "admin.change_user", "groups.add", "groups.change", "groups.limit", "own.change_password", "own.add_token",
        "own.end_token", "own.end_session", "admin.end_token", "own.follow", "own.unfollow",
    }  # fmt: skip
    assert shown - forms_and_files <= set(PAGES.values())


@pytest.mark.parametrize(
    ("role", "width"), [("admin", 1366), ("admin", 390), ("reader", 1366), ("clerk", 390), ("auditor", 1366)]
)
def test_no_page_is_hard_to_use(role: str, width: int, page: Page, address: str, enter: Enter) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    faults = enter(page, role)
    found = []
    for path in seen_by(role):
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        found += [] if path in NOT_OURS else hard_to_use(page, path)
    assert (found, faults) == ([], [])


def test_a_refusal_is_a_page_too(page: Page, address: str, enter: Enter) -> None:
    enter(page, "reader")
    for path, status in BESIDE.items():
        answer = page.goto(address + path)
        assert answer is not None and answer.status == status
        assert hard_to_use(page, path) == []


def hard_to_use(page: Page, path: str) -> list[tuple[str, str, str]]:
    """What axe says is serious or critical."""
    return [
        (path, fault["id"], fault["nodes"][0]["html"])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
