"""A false alarm of the secrecy gate: overruled with the very file and a reason, by the page and by the API."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from corpus import records
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.originals import content_store

SignIn = Callable[[str], FlaskClient]


def test_a_false_alarm_of_secrecy_is_overruled_with_the_file_and_a_reason(
    sign_in: SignIn, filled: Store, post: Callable[..., Any]
) -> None:
    client, paper = sign_in("clerk"), "Số: 5/KH-SYT\nPhần mềm MẬT".encode()
    sha256 = content_store.put_original(filled, paper)
    document_id = records.receive(filled, sha256, "a.txt", "text/plain", len(paper), "clerk").document_id
    records.refuse(filled, document_id, Problem("classified", mark="MẬT"), actor="clerk")
    address = f"/van-ban/{document_id}/khong-mat"
    assert address in client.get("/tai-len").text and address in client.get("/can-xem").text
    assert "chọn lại đúng tệp" in client.get(address).text

    def sent(data: bytes, reason: str, url: str = address) -> int:
        form = {"file": (io.BytesIO(data), "kế hoạch.txt"), "reason": reason}
        return post(client, url, form, content_type="multipart/form-data").status_code

    assert sent(b"another", "tên phần mềm") == 422 and sent(paper, "") == 422
    assert not content_store.has_original(filled, sha256)
    assert sent(paper, "tên phần mềm") == 303
    assert client.get(f"/api/documents/{document_id}").json["status"] == "queued"
    assert "xác nhận không mật" in sign_in("auditor").get("/nhat-ky").text
    assert sent(paper, "tên phần mềm", f"/api/documents/{document_id}/release") == 409
