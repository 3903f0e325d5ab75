"""One paper's way in a real browser: a clerk puts it in, a leader hands it over, a unit's person sees it,
the reply arrives and closes it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from corpus import records
from corpus.citations.resolution import find_documents
from corpus.database.store import Store
from corpus.document import Citation
from corpus.numbering import working_days
from corpus.numbering.typed_days import today
from tests.web.accessibility import hard_to_use
from tests.web.conftest import document

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
UNIT = "Phòng Văn xã"
ISSUER = "Ủy ban nhân dân tỉnh Kiên Giang"
LETTER = """ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG
Số: 45/UBND-VX
Kiên Giang, ngày 02 tháng 11 năm 2022
V/v báo cáo kết quả thi đua

Kính gửi: Sở Nội vụ

Đề nghị báo cáo kết quả thi đua năm 2022.
"""


def read_all(store: Store) -> None:
    """Has the worker read what waits, in a process of its own."""
    command = [Path(sys.executable).with_name("vanban"), "work", "--once", "--jobs", "1"]
    environment = {**os.environ, "VANBAN_HOME": str(store.settings.home)}
    subprocess.run(command, env=environment, check=True, capture_output=True)


def leave(page: Page) -> None:
    # What a page fetches by and by would be refused after the sign-out, and the browser would note it.
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_label("Mật khẩu").wait_for()


def test_from_the_clerk_to_the_answer(
    page: Page, address: str, enter: Enter, filled: Store, tmp_path: Path
) -> None:
    records.add_group(filled, UNIT, "admin")
    records.join_group(filled, UNIT, "reader", "admin")
    # The clerk puts the paper in; the worker reads it.
    faults = enter(page, "clerk")
    (tmp_path / "45.txt").write_text(LETTER, encoding="utf-8")
    page.goto(f"{address}/tai-len")
    page.get_by_label("Chọn tệp").set_input_files(tmp_path / "45.txt")
    expect(page.get_by_text("Đã nhận").first).to_be_visible()
    read_all(filled)
    with filled.db.reading() as session:
        (paper,) = find_documents(session, "45/UBND-VX")
    leave(page)
    # The leader hands it over, by keyboard.
    faults += enter(page, "leader")
    page.goto(f"{address}/van-ban/{paper}")
    lead = page.get_by_label("Chủ trì")
    lead.focus()
    lead.select_option(label=UNIT)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Bút phê")).to_be_focused()
    page.keyboard.type("Báo cáo trước ngày họp")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Hạn xử lý")).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã chuyển xử lý")
    day = "/".join(str(int(one)) for one in reversed(working_days.after(today(), 3).split("-")))
    section = page.get_by_role("region", name="Chuyển xử lý")
    expect(section).to_contain_text("Báo cáo trước ngày họp")
    expect(section).to_contain_text(day)
    assert hard_to_use(page) == [], "the document, handed over"
    leave(page)
    # A person of the unit finds it in the unit's list.
    faults += enter(page, "reader")
    page.get_by_role("link", name="Xử lý", exact=False).first.click()
    page.get_by_role("link", name="Của đơn vị tôi 1").click()
    task = page.locator(".task")
    expect(task).to_contain_text("45/UBND-VX")
    expect(task).to_contain_text(day)
    assert hard_to_use(page) == [], "the unit's list"
    # The reply arrives: it is closed by itself, and says by what.
    printed = "Phúc đáp Công văn số 45/UBND-VX ngày 02/11/2022"
    cited = Citation(printed, "replies", "Công văn", "45/UBND-VX", date="2022-11-02", issuer=ISSUER, page=1)
    answer = document(filled, "90/UBND-VX", "2022-11-20", "Báo cáo kết quả thi đua", cited)
    page.reload()
    expect(page.locator(".task")).to_have_count(0)
    page.get_by_role("link", name="Đã kết thúc").click()
    expect(page.locator(".task")).to_contain_text(printed)
    page.locator(".answer").get_by_role("link", name="90/UBND-VX").click()
    expect(page).to_have_url(f"{address}/van-ban/{answer}-bao-cao-ket-qua-thi-dua#trang-1")
    page.goto(f"{address}/xu-ly?danh-sach=unit&xong=1")
    assert hard_to_use(page) == [], "the finished list"
    assert faults == []
