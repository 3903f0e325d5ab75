"""One paper's day in a real browser: it comes by mail, is read, gets its số đến, is handed over with a deadline,
is answered, closed, filed, registered in print, and leaves as a package that an independent reader verifies.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from corpus import records
from corpus.citations.resolution import find_documents
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.document import Citation
from corpus.numbering.typed_days import today
from ingest import receive
from ingest.mailbox.mailbox_round import MailWatcher
from tests.ingest.mailbox_server import MailServer, running
from tests.web.conftest import document
from tests.web.formats.test_sip import schema as schema
from tests.web.formats.test_sip import unpacked, verify
from tests.web.test_browser_handover import ISSUER, LETTER, UNIT, leave, read_all

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="Debian's chromium is not installed"),
]

Enter = Callable[[Page, str], list[str]]
YEAR = today()[:4]
VANBAN = Path(sys.executable).with_name("vanban")


def by_mail(store: Store, tmp_path: Path) -> None:
    """The letter arrives as an attachment in the office's mailbox, which is looked at once."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Văn phòng <vp@kg.gov.vn>", "vt@snv.gov.vn", "Gửi công văn 45"
    mail["Date"] = "Thu, 03 Nov 2022 08:30:00 +0700"
    mail.set_content("Kính gửi Sở Nội vụ công văn kèm theo.")
    mail.add_attachment(LETTER.encode(), maintype="text", subtype="plain", filename="45.txt")
    secret = tmp_path / "mat-khau"
    secret.write_text("mat-khau-dai\n")
    with running(MailServer({"INBOX": []}, password="mat-khau-dai")) as server:
        letter = server.add(bytes(mail))
        settings = store.settings.model_copy(
            update={
                "mail_host": "127.0.0.1", "mail_port": server.port, "mail_tls": "off", "mail_user": server.user,
                "mail_password_file": str(secret),
            }
        )  # fmt: skip
        list(MailWatcher(Store(settings, store.db), receive.UploadOptions("mailbox"), "vi").round())
        assert "\\Seen" in letter.flags
    read_all(store)


def test_from_the_mailbox_to_the_archive(
    page: Page, address: str, enter: Enter, filled: Store, tmp_path: Path, schema: etree.XMLSchema
) -> None:
    page.set_default_timeout(60_000)
    records.add_group(filled, UNIT, "admin")
    records.join_group(filled, UNIT, "reader", "admin")
    by_mail(filled, tmp_path)
    with filled.db.reading() as session:
        (paper,) = find_documents(session, "45/UBND-VX")

    # The clerk finds it with its mail, puts it on record and gives it the next số đến.
    faults = enter(page, "clerk")
    page.goto(f"{address}/van-ban/{paper}")
    expect(page.get_by_text("Thư chuyển đến")).to_be_visible()
    records.accept(filled, paper, {"signer_name": "Lê Thị B"}, "clerk", None)
    page.goto(f"{address}/van-ban/{paper}")
    page.get_by_role("button", name="Cấp số tiếp theo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text(f"Số đến 1/{YEAR}")
    leave(page)

    # The leader hands it over with a deadline of three working days.
    faults += enter(page, "leader")
    page.goto(f"{address}/van-ban/{paper}")
    page.get_by_label("Chủ trì").select_option(label=UNIT)
    page.get_by_label("Bút phê").fill("Báo cáo trước ngày họp")
    page.get_by_label("Hạn xử lý").fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã chuyển xử lý")
    leave(page)

    # The answer arrives, and the unit's list is empty again.
    printed = "Phúc đáp Công văn số 45/UBND-VX ngày 02/11/2022"
    cited = Citation(printed, "replies", "Công văn", "45/UBND-VX", date="2022-11-02", issuer=ISSUER, page=1)
    document(filled, "90/UBND-VX", "2022-11-20", "Báo cáo kết quả thi đua", cited)
    faults += enter(page, "reader")
    page.goto(f"{address}/xu-ly?danh-sach=unit")
    expect(page.locator(".task")).to_have_count(0)
    page.goto(f"{address}/xu-ly?danh-sach=unit&xong=1")
    expect(page.locator(".task")).to_contain_text(printed)
    leave(page)

    # The clerk files it and closes the file.
    faults += enter(page, "clerk")
    page.goto(f"{address}/ho-so")
    page.get_by_label("Năm", exact=True).last.fill("2022")
    page.get_by_label("Số và ký hiệu hồ sơ").fill("01.TĐKT")
    page.get_by_label("Tiêu đề hồ sơ").fill("Hồ sơ thi đua năm 2022")
    page.get_by_label("hoặc số năm").fill("10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hồ sơ thi đua năm 2022")
    page.goto(f"{address}/van-ban/{paper}")
    page.get_by_label("Đưa vào hồ sơ").fill("2022/01.TĐKT")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã đưa vào hồ sơ")
    page.goto(f"{address}/ho-so/1")
    page.get_by_text("Kết thúc hồ sơ").first.click()
    page.get_by_label("Ngày công việc kết thúc").fill("31/12/2022")
    page.keyboard.press("Enter")
    expect(page.locator(".eyebrow .status")).to_have_text("đã kết thúc")

    # The register prints it, and the file leaves as a package.
    page.goto(f"{address}/so/den/in")
    printed_line = page.get_by_role("row").filter(has_text="45/UBND-VX")
    expect(printed_line).to_contain_text(UNIT)
    expect(printed_line).to_contain_text("/".join(str(int(one)) for one in reversed(today().split("-"))))
    out = tmp_path / "goi.zip"
    command = [VANBAN, "export", "--format", "sip", "2022/01.TĐKT", "--output", out]
    environment = {"VANBAN_HOME": str(filled.settings.home), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    root = unpacked(out.read_bytes(), tmp_path / "goi")
    assert any(path.name.endswith(".txt") for path in verify(root / "METS.xml", schema))
    with filled.db.reading() as session:
        assert session.get_one(Document, paper).status == "accepted"
    assert faults == []
