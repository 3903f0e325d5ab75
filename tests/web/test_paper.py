"""The paper for the printer, names of downloads, and the list of withdrawn documents."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask.testing import FlaskClient

from corpus import records
from corpus.database.models import AuditRow
from corpus.database.read_only import StoredDocument
from corpus.database.store import Store
from tests.web.conftest import PLAN, WAITING
from web.services.documents import download_name

SignIn = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    ("number", "date", "name", "expected", "why"),
    [
        ("2013/SYT-NVY", "2017-10-23", "dee9daa153.PDF", "2013-SYT-NVY_2017-10-23.pdf", "number and day"),
        (
            "30/2020/NĐ-CP",
            "2020-03-05",
            "a.docx",
            "30-2020-NĐ-CP_2020-03-05.docx",
            "the letters of the number stay",
        ),
        ("113-CV/B&PTTH", None, "a.pdf", "113-CV-B-PTTH.pdf", "no day"),
        (None, "2017-10-23", "scan 5.pdf", "scan 5.pdf", "without a number its own name"),
        ("///", None, "a.pdf", "a.pdf", "nothing of the number can be in a name"),
        ("../../etc/x", None, "a.pdf", "etc-x.pdf", "no way out of a folder"),
    ],
)
def test_a_download_is_named_by_number_and_day(
    number: str | None, date: str | None, name: str, expected: str, why: str
) -> None:
    found = cast(StoredDocument, SimpleNamespace(number=number, date=date, name=name))
    assert download_name(found) == expected, why


def test_the_original_comes_under_that_name(sign_in: SignIn) -> None:
    header = sign_in("reader").get(f"/van-ban/{PLAN}/ban-goc").headers["Content-Disposition"]
    assert "31-KH-UBND_2022-04-27.png" in header and header.startswith("attachment")


def test_the_print_page_has_one_picture_for_each_page_and_leaves_a_row(sign_in: SignIn, filled: Store) -> None:
    page = sign_in("reader").get(f"/van-ban/{PLAN}/in")
    assert page.text.count("<img") == 1 and f"/van-ban/{PLAN}/trang/1.png?w=2000" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    with filled.db.reading() as session:
        rows: list[Any] = session.query(AuditRow).filter(AuditRow.action == "download").all()
        assert [(row.document_id, row.detail) for row in rows] == [(PLAN, {"form": "in"})]


def test_withdrawn_documents_are_listed_with_their_reason(sign_in: SignIn, filled: Store) -> None:
    assert "Chưa gỡ văn bản nào." in sign_in("clerk").get("/da-go").text
    records.withdraw(filled, PLAN, "quét thiếu trang", "clerk")
    records.withdraw(filled, WAITING, "nhầm", "clerk")
    for role in ("clerk", "auditor", "admin"):
        page = sign_in(role).get("/da-go").text
        assert "quét thiếu trang" in page and page.index("nhầm") < page.index("quét thiếu trang")
    assert sign_in("reader").get("/da-go").status_code == 403
    records.reinstate(filled, PLAN, "clerk")
    assert "quét thiếu trang" not in sign_in("clerk").get("/da-go").text


def test_a_limited_document_is_not_listed_to_others(sign_in: SignIn, filled: Store) -> None:
    records.add_group(filled, "Tổ", "admin")
    records.limit(filled, PLAN, ["Tổ"], "admin")
    records.withdraw(filled, PLAN, "lý do kín", "admin")
    assert "lý do kín" not in sign_in("clerk").get("/da-go").text
    assert "lý do kín" in sign_in("admin").get("/da-go").text
