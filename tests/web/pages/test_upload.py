"""A false alarm of the secrecy gate: overruled with the very file and a reason, by the page and by the API."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from corpus import records
from corpus.database.models import Document
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


def _photo(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("path", ["/tai-len", "/api/documents"])
def test_photos_become_one_document(path: str, sign_in: SignIn, filled: Store, post: Callable[..., Any]) -> None:
    photos = [_photo(shade) for shade in (250, 240, 230)]
    form = {"joined": "1", "turn": ["0", "90", "180"], "name": "Giấy  mời họp"}
    form["file"] = [(io.BytesIO(data), f"IMG_{number}.jpg") for number, data in enumerate(photos)]  # type: ignore[assignment]
    answer = post(sign_in("clerk"), path, form, content_type="multipart/form-data")
    assert answer.status_code == (303 if path == "/tai-len" else 202), answer.text
    (found,) = [one for one in sent(filled) if one.name == "Giấy mời họp.pdf"]
    with pikepdf.open(content_store.original_path(filled, found.sha256)) as pdf:
        assert [int(page.get("/Rotate", 0)) for page in pdf.pages] == [0, 90, 180]
        assert [next(iter(one.get_images().values())).read_raw_bytes() for one in pdf.pages] == photos


def sent(store: Store) -> list[Document]:
    with store.db.reading() as session:
        return list(session.scalars(select(Document).where(Document.media_type == "application/pdf")))


JOINED = [
    ("one is no photo: none is taken", [b"GIF89a" + bytes(20)], "clerk", [], "not_a_photo"),
    ("a turn that is none counts as upright", [], "clerk", ["45", "x"], ""),
    ("more turns than photos", [], "clerk", ["0"] * 9, ""),
    ("too many photos", [b""] * 100, "clerk", [], "bad_request"),
    ("for a group that is not his", [], "clerk", [], "not_found"),
]


@pytest.mark.parametrize(("why", "more", "role", "turns", "code"), JOINED, ids=[row[0] for row in JOINED])
def test_what_is_joined_is_checked(
    why: str, more: list[bytes], role: str, turns: list[str], code: str,
    sign_in: SignIn, filled: Store, post: Callable[..., Any],
) -> None:  # fmt: skip
    group = ["Nhóm không có"] if "group" in why else []
    form: dict[str, Any] = {"joined": "1", "turn": turns, "group": group}
    form["file"] = [(io.BytesIO(data), f"{at}.jpg") for at, data in enumerate([_photo(200), *more])]
    answer = post(sign_in(role), "/api/documents", form, content_type="multipart/form-data")
    if "turn" in why:
        assert answer.status_code in (202, 400), answer.text
        return
    (told,) = answer.json["files"]
    assert (told["status"], told["code"]) == ("refused", code)
    assert sent(filled) == [] and not list((filled.originals / ".staging").glob("*")), "no byte stays"


def test_nobody_but_the_desk_joins_photos(sign_in: SignIn, post: Callable[..., Any]) -> None:
    for role, status in (("reader", 403), ("leader", 403), ("auditor", 403), ("outsider", 401)):
        form = {"joined": "1", "file": (io.BytesIO(_photo(9)), "a.jpg")}
        answer = post(sign_in(role), "/api/documents", form, content_type="multipart/form-data")
        assert answer.status_code == status, role
