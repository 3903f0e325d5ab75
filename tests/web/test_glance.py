"""The list of papers without questions, and the last step at the desk with its way back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from corpus import records
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from tests.web.conftest import DIRECTIVE, PLAN, WAITING

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
LIST, HEAD = "/can-xem/nhanh", f"/van-ban/{WAITING}/dau-trang.png"


def make_sound(store: Store) -> None:
    """The waiting document with no question or doubt left."""
    records.correct(store, WAITING, {"number": "98/KH-UBND", "signer_name": "Nguyễn Văn A"}, "clerk", None)


def boxes(client: FlaskClient) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', client.get(LIST).text)


def status(store: Store, document_id: int = WAITING) -> str:
    with store.db.reading() as session:
        return session.get_one(Document, document_id).status


def acts(store: Store, action: str) -> list[int | None]:
    with store.db.reading() as session:
        return [row.document_id for row in session.query(AuditRow).filter(AuditRow.action == action)]


def test_a_paper_with_a_question_is_not_listed(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("clerk")
    assert boxes(client) == [] and LIST not in client.get("/can-xem").text
    make_sound(filled)
    assert [one.split(":")[0] for one in boxes(client)] == [str(WAITING)]
    assert LIST in client.get("/can-xem").text


def test_what_was_shown_and_chosen_goes_on_record(sign_in: SignIn, post: Post, filled: Store) -> None:
    make_sound(filled)
    client = sign_in("clerk")
    answer = post(client, LIST, {"chosen": boxes(client)})
    assert answer.status_code == 200 and status(filled) == "accepted"
    assert "98/KH-UBND" in answer.text and boxes(client) == []
    back = re.search(r'action="(/van-ban/3/hoan-tac/\d+)".*?name="revision" value="(\d+)"', answer.text, re.S)
    assert back is not None
    undone = post(client, back[1], {"revision": back[2], "ve": "ban-soat"})
    assert undone.headers["Location"] == f"/can-xem/{WAITING}" and status(filled) == "review"
    assert client.get(undone.headers["Location"]).status_code == 200


def _later_revision(value: str) -> str:
    number, revision, proof = value.split(":", 2)
    return f"{number}:{int(revision) + 1}:{proof}"


FORGED = [
    ("another revision", _later_revision),
    ("no proof", lambda value: value.rsplit(":", 1)[0] + ":"),
    ("another document", lambda value: f"{PLAN}:" + value.split(":", 1)[1]),
    ("no document", lambda value: "9999:" + value.split(":", 1)[1]),
    ("no number", lambda _: "x:y:z"),
    ("far too large", lambda _: "9" * 30 + ":1:z"),
]


@pytest.mark.parametrize(("case", "change"), FORGED, ids=[case for case, _ in FORGED])
def test_what_was_not_shown_stays(
    case: str, change: Callable[[str], str], sign_in: SignIn, post: Post, filled: Store
) -> None:
    make_sound(filled)
    client = sign_in("clerk")
    before = acts(filled, "accept")
    answer = post(client, LIST, {"chosen": [change(one) for one in boxes(client)]})
    assert answer.status_code == 200 and status(filled) == "review" and acts(filled, "accept") == before, case


def test_a_change_meanwhile_keeps_the_paper_in_the_queue(sign_in: SignIn, post: Post, filled: Store) -> None:
    make_sound(filled)
    client = sign_in("clerk")
    seen = boxes(client)
    records.correct(filled, WAITING, {"subject": "Khen thưởng năm 2024"}, "other", None)
    answer = post(client, LIST, {"chosen": seen})
    assert status(filled) == "review" and f'href="/can-xem/{WAITING}"' in answer.text


def test_a_doubt_that_came_up_meanwhile_keeps_the_paper_in_the_queue(
    sign_in: SignIn, post: Post, filled: Store
) -> None:
    make_sound(filled)
    client = sign_in("clerk")
    seen = boxes(client)
    records.correct(
        filled, PLAN, {"number": "98/KH-UBND", "date": "2023-01-31"}, "other", None,
        confirm=("number_twin", "number_out_of_run"),
    )  # fmt: skip
    answer = post(client, LIST, {"chosen": seen})
    assert status(filled) == "review" and f'href="/can-xem/{WAITING}"' in answer.text
    assert boxes(client) == []


def test_what_a_colleague_has_open_is_left_out(sign_in: SignIn, filled: Store) -> None:
    make_sound(filled)
    records.acquire_hold(filled, WAITING, "other")
    assert boxes(sign_in("clerk")) == []
    records.release(filled, WAITING, "other")
    records.acquire_hold(filled, WAITING, "clerk")
    assert len(boxes(sign_in("clerk"))) == 1


def test_a_limited_paper_is_for_its_group(sign_in: SignIn, filled: Store) -> None:
    make_sound(filled)
    records.add_group(filled, "Tổ", "admin")
    records.limit(filled, WAITING, ["Tổ"], "admin")
    client = sign_in("clerk")
    assert boxes(client) == [] and client.get(HEAD).status_code == 404
    records.join_group(filled, "Tổ", "clerk", "admin")
    assert len(boxes(client)) == 1 and client.get(HEAD).status_code == 200


def test_the_head_is_the_top_of_the_page_with_its_evidence(sign_in: SignIn, filled: Store) -> None:
    with Image.open(io.BytesIO(sign_in("clerk").get(HEAD).data)) as picture:
        colours = {one for _, one in picture.convert("RGB").getcolors(1 << 20) or ()}
        assert picture.height < 0.5 * picture.width * 877 / 620 and (176, 0, 32) in colours


def test_the_form_shows_what_was_just_accepted(sign_in: SignIn, filled: Store) -> None:
    make_sound(filled)
    records.accept(filled, WAITING, {}, "clerk", None)
    client = sign_in("clerk")
    page = client.get(f"/can-xem/{DIRECTIVE}?vua={WAITING}").text
    assert "Vừa xác nhận" in page and 'id="take-back"' in page
    assert "Vừa xác nhận" not in client.get(f"/can-xem/{DIRECTIVE}?vua={PLAN}").text, "accepted by nobody here"
    assert "Vừa xác nhận" not in client.get(f"/can-xem/{DIRECTIVE}?vua=9999").text


def test_no_paper_is_withdrawn_from_the_desk_and_the_next_comes(
    sign_in: SignIn, post: Post, filled: Store
) -> None:
    client = sign_in("clerk")
    revision = re.findall(r'name="revision" value="(\d+)"', client.get(f"/can-xem/{WAITING}").text)[0]
    form = {"revision": revision, "reason": "không phải văn bản", "ve": "ban-soat"}
    answer = post(client, f"/van-ban/{WAITING}/thu-hoi", form)
    assert answer.headers["Location"].startswith("/can-xem/tiep") and status(filled) == "withdrawn"
