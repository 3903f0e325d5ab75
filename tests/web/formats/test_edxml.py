"""Urgency in an edXML envelope: the stamp of a paper that was read, as the figure that the standard gives it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.originals import content_store
from ingest.pipeline import read_safely
from web.formats.edxml import envelope

PAPER = """UBND TỈNH KIÊN GIANG
SỞ Y TẾ
Số: 31/KH-SYT
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
{mark}
Kiên Giang, ngày 05 tháng 3 năm 2018
KẾ HOẠCH
Tiêm chủng mở rộng năm 2018
Căn cứ Quyết định số 84/QĐ-UBND ngày 03/02/2018 của Ủy ban nhân dân tỉnh Kiên Giang;
Sở Y tế xây dựng kế hoạch như sau.
"""


@pytest.mark.parametrize(
    ("mark", "priority"),
    [("", "0"), ("KHẨN", "1"), ("THƯỢNG KHẨN", "2"), ("HỎA TỐC", "3"), ("HỎA TỐC HẸN GIỜ", "4")],
)
def test_the_mark_of_a_paper_that_was_read(
    mark: str, priority: str, store: Store, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(PAPER.format(mark=mark))
    read = read_safely(path, path.name, settings)
    sha256 = content_store.put_original(store, path.read_bytes())
    receipt = records.receive(store, sha256, path.name, "text/plain", path.stat().st_size, "lan")
    records.propose(store, receipt.document_id, read)
    assert priority_of(store, receipt.document_id) == priority


def priority_of(store: Store, document_id: int) -> str | None:
    with store.db.reading() as session:
        root = ElementTree.fromstring(envelope(session.get_one(Document, document_id), []))
    return root.findtext(".//{*}Priority")


@pytest.mark.parametrize(("typed", "priority"), [("Hỏa tốc", "3"), ("thượng khẩn", "2"), ("Rất vội", "0")])
def test_a_mark_that_a_person_typed(typed: str, priority: str, store: Store) -> None:
    sha256 = content_store.put_original(store, b"a")
    document_id = records.receive(store, sha256, "a.txt", "text/plain", 1, "lan").document_id
    with store.db.writing() as session:
        session.get_one(Document, document_id).urgency = typed
    assert priority_of(store, document_id) == priority
