"""Pages of failures: a heading that says what it is, and nothing promised that is not so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

SignIn = Callable[[str], FlaskClient]


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page)
    assert found is not None
    return found[1]


GONE = [
    ("/van-ban/99999", "a document that is not there"),
    ("/khong-co", "an address that nobody has"),
    ("/ho-so/99", "a file that is not there"),
]


@pytest.mark.parametrize(("path", "reason"), GONE, ids=[reason for _, reason in GONE])
def test_what_is_not_there_is_a_page_not_found(path: str, reason: str, sign_in: SignIn) -> None:
    answer = sign_in("clerk").get(path)
    assert answer.status_code == 404, reason
    assert heading(answer.text) == "Không tìm thấy trang" and "<title>Không tìm thấy trang" in answer.text
    assert "99.999" not in answer.text, "an ID is no amount"


LOST = [
    ("/can-xem/3", True, "the desk keeps what was typed (draft.js)"),
    ("/nhom", False, "no other form does"),
]


@pytest.mark.parametrize(("path", "kept", "reason"), LOST, ids=[one[-1] for one in LOST])
def test_a_lost_session_is_said_and_no_more_is_promised_than_is_kept(
    path: str, kept: bool, reason: str, sign_in: SignIn, post: Callable[..., Any]
) -> None:
    answer = post(sign_in("outsider"), path, {"subject": "Đã gõ"})
    assert (answer.status_code, heading(answer.text)) == (401, "Phiên làm việc đã hết hạn")
    assert ("phần bạn gõ vẫn được giữ" in answer.text) == kept, reason
    assert "Đăng nhập lại để tiếp tục" in answer.text


def test_what_may_not_be_done_is_no_missing_page(sign_in: SignIn) -> None:
    answer = sign_in("reader").get("/can-xem")
    assert (answer.status_code, heading(answer.text)) == (403, "Không thực hiện được")
