"""Every page as every role in a real browser: no serious fault for axe, nothing wider than the screen,
no error told.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from corpus import records
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.originals import content_store
from tests.web.accessibility import hard_to_use
from tests.web.conftest import png
from web import access

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
PAGES = {
    "/": "lookup.home", "/danh-sach": "shelf.documents",
    "/?q=ke+hoach+2022&tu=1/1/2022&nguoiky=A": "lookup.home",
    "/?q=thi": "lookup.home", "/?q=khongco": "lookup.home", "/van-ban/1": "lookup.document",
    "/van-ban/1/vien-dan": "trail.cites", "/van-ban/1/cay": "trail.tree", "/van-ban/1/so-do": "trail.surroundings",
    "/can-tim": "trail.wanted", "/cua-toi": "own.account", "/cua-toi/mat-khau": "own.password",
    "/cua-toi/hai-buoc": "own.factor",
    "/tai-khoan/1": "admin.account", "/api/docs": "api.docs", "/tai-len": "intake.upload",
    "/van-ban/4/khong-mat": "intake.release", "/van-ban/1/mat": "intake.classify", "/can-xem": "review.queue",
    "/can-xem/3": "review.form", "/van-ban/3/trang": "sheets.board", "/can-xem/nhanh": "glance.papers",
    "/da-go": "paper.gone", "/van-ban/1/in": "paper.printed", "/van-ban/1/doi-chieu": "paper.compared",
    "/can-xem/1/so-voi/2": "review.compare",
    "/chua-ro": "trail.open_citations", "/mau-thuan": "trail.conflict_list", "/nhat-ky": "trail.audit_list",
    "/tai-khoan": "admin.users", "/nhom": "groups.groups", "/co-quan-cua-kho": "own_bodies.bodies",
    "/tu-dong-vao-kho": "acceptance.rule",
    "/so/den": "registers.register", "/so/di?state=cancelled": "registers.register",
    "/so/den/in": "registers.print_page", "/cac-so": "registers.books",
    "/xu-ly": "handover.tasks", "/xu-ly?danh-sach=unit": "handover.tasks", "/uy-quyen": "handover.delegations",
    "/ho-so": "files.catalogue", "/ho-so/1": "files.contents", "/ho-so/2": "files.contents",
    "/ho-so/in": "files.print_catalogue", "/ho-so/1/muc-luc": "files.print_contents",
    "/ho-so/nop-luu": "files.handover", "/ho-so/nop-luu/in": "files.print_handover",
    "/ho-so/het-han": "files.expired", "/ho-so/tieu-huy/1": "files.destruction",
    "/ban-sao": "copies.listing", "/ban-sao/1": "copies.show", "/ban-sao/2": "copies.show",
    "/thong-ke": "statistics.numbers", "/nhan": "tags.listing", "/truong-rieng": "own_fields.fields",
    "/he-thong": "admin.system", "/he-thong?check=1": "admin.system",
    "/chia-se/mot-duong-dan-thu": "shared.paper",
}  # fmt: skip
"""Address → endpoint: who may call it looks at it."""
NOT_OURS = {"/api/docs"}
"""Swagger UI, as its package ships it: looked at for errors alone."""
BESIDE = {"/khong-co": 404, "/tai-khoan": 403}
"""Pages of a refusal, as a reader sees them."""


OURS = frozenset(
    [
        "lookup",
        "review",
        "glance",
        "paper",
        "trail",
        "admin",
        "acceptance",
        "groups",
        "intake",
        "own",
        "own_bodies",
        "shelf",
        "sheets",
        "registers",
        "handover",
        "files",
        "file_ends",
        "copies",
        "statistics",
        "tags",
        "own_fields",
        "shares",
        "versions",
        "shared",
    ]
)
"""Blueprints of pages; those that only give files are left out."""


@pytest.fixture
def with_files(filled: Store) -> Store:
    """An open file with a rule, a closed one whose destruction is proposed, two copies, tags and own fields."""
    records.add_tag(filled, "Chờ ký", "red", "clerk")
    records.add_tag(filled, "Thi đua", "green", "clerk")
    records.set_tags(filled, [1], ["Chờ ký", "Thi đua"], [], "clerk")
    records.add_own_field(filled, "mahd", "Mã hợp đồng", "text", [], "admin")
    records.add_own_field(filled, "nguon", "Nguồn", "choice", ["Ngân sách", "Tài trợ"], "admin")
    records.set_own_values(filled, 1, {"mahd": "HĐ 12", "nguon": "Tài trợ"}, "clerk")
    records.add_own_body(filled, "Ủy ban nhân dân tỉnh Kiên Giang", "UBND", "admin")
    heading = {"heading": "I. THI ĐUA", "keeper": "Nguyễn Thị Lan"}
    records.add_file(filled, 2022, {"code": "01.TĐKT", "title": "Thi đua", "years": "10", **heading}, "clerk")
    records.add_file(filled, 2001, {"code": "01.TĐKT", "title": "Thi đua cũ", "years": "5"}, "clerk")
    records.put_papers(filled, 1, [1, 2], "clerk")
    records.add_file_rule(filled, 1, "Kế hoạch", "", "thi đua", "clerk")
    records.close_file(filled, 2, "2001-12-31", "clerk")
    records.propose_destruction(filled, [2], "hết thời hạn", "clerk")
    records.make_copy(filled, 1, {"kind": "SY", "title": "TL. CHỦ TỊCH", "recipients": "Sở Y tế"}, "clerk")
    records.share(filled, 1, access.token_hash("mot-duong-dan-thu"), "clerk", purpose="Gửi Sở Nội vụ")
    records.make_copy(filled, 1, {"kind": "TrS", "excerpt": "Điều 1"}, "clerk")
    better = content_store.put_original(filled, png("rõ hơn"))
    new = records.NewVersion(better, "ro-hon.png", "image/png", 10, "quét lại cho rõ", keep_values=True)
    records.put_version(filled, 1, new, "clerk")
    lease = records.claim(filled, "máy:1:a")
    assert lease is not None
    records.refuse(filled, 1, Problem("truncated", name="ro-hon.png"), lease)
    return filled


COMES_LATER = "[hx-trigger^=load], [hx-trigger*=' load'], [data-graph], #swagger-ui"
"""Parts that a page asks for once it is there; other pages are whole when they are loaded."""


def seen_by(role: str) -> list[str]:
    return [path for path, endpoint in PAGES.items() if role in access.RULES[endpoint]]


def test_every_page_is_looked_at() -> None:
    shown = {rule for rule in access.RULES if rule.split(".")[0] in OURS}
    forms_and_files = {
        "intake.separating", "shelf.withdraw",
        "intake.received", "intake.retry", "shelf.chosen", "lookup.suggest", "lookup.alike", "lookup.page_image",
        "lookup.thumbnail", "lookup.thumbnails",
        "lookup.original", "lookup.searchable", "lookup.edxml", "statistics.file", "review.accept",
        "glance.accept", "glance.head",
        "review.following", "review.ahead", "review.names", "review.signers", "review.keep", "review.reread_box",
        "review.bulk", "review.withdraw",
        "review.reinstate", "review.undo", "trail.settle", "trail.add_citation", "trail.confirm_citation",
        "trail.remove_citation", "trail.undo_citation",
        "trail.settle_conflict", "trail.reopen_conflict", "trail.report", "trail.export", "admin.add_user",
        "admin.change_user", "groups.add", "groups.change",
        "handover.give", "handover.hand_on", "handover.change", "handover.add_note", "handover.remove_note",
        "handover.delegate",
        "handover.end_delegation", "handover.mailbox",
        "tags.add", "tags.change", "tags.put", "own_fields.add_field", "own_fields.change_field",
        "own_fields.set_values", "own_fields.undo",
        "paper.viewed", "versions.shown", "versions.original", "versions.put", "versions.put_back",
        "shares.make", "shares.end", "shared.page_image", "shared.original", "shared.searchable",
        "files.add", "files.change", "files.put", "files.take_out", "files.change_rules", "files.submit",
        "files.propose", "files.decide", "copies.make", "copies.cancel", "copies.register",
        "acceptance.change", "sheets.change", "sheets.undo",
        "own_bodies.add", "own_bodies.remove", "own_bodies.renew",
        "registers.register_file", "registers.reserve",
        "registers.cancel", "registers.fill", "registers.remark", "registers.give",
        "registers.move", "registers.restore", "registers.add_book", "registers.change_book", "registers.of_year",
        "registers.line",  # with numbers on it in test_browser_registers
        "groups.limit", "own.change_password", "own.add_token",
        "own.end_token", "own.end_session", "own.end_other_sessions", "own.begin_factor",
        "own.confirm_factor", "own.renew_codes",
        "own.end_factor", "admin.end_token", "own.follow", "own.unfollow", "own.name_search",
    }  # fmt: skip
    assert shown - forms_and_files <= set(PAGES.values())


@pytest.mark.parametrize(
    ("role", "width"),
    [("admin", 1366), ("admin", 390), ("reader", 1366), ("clerk", 390), ("auditor", 1366), ("leader", 390)],
)
def test_no_page_is_hard_to_use(
    role: str, width: int, page: Page, address: str, enter: Enter, with_files: Store
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    # Colours that fade from one to another would be looked at half-way.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    faults = enter(page, role)
    found: dict[str, list[tuple[str, str]]] = {}
    for path in seen_by(role):
        page.goto(address + path)
        if page.locator(COMES_LATER).count():
            page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        if path not in NOT_OURS:
            found[path] = hard_to_use(page)
            page.emulate_media(color_scheme="dark")
            found[f"{path} (dark)"] = hard_to_use(page, "color-contrast")
            page.emulate_media(color_scheme="light")
    assert ({path: hard for path, hard in found.items() if hard}, faults) == ({}, [])


def test_a_refusal_is_a_page_too(page: Page, address: str, enter: Enter) -> None:
    enter(page, "reader")
    for path, status in BESIDE.items():
        answer = page.goto(address + path)
        assert answer is not None and answer.status == status
        assert hard_to_use(page) == [], path
