"""Names that the desk completes: bodies by abbreviation and initials, signers with their capacity."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from corpus import records
from corpus.database.store import Store
from corpus.queries import desk_names, review_queue
from tests.web.conftest import DIRECTIVE, PLAN, WAITING

SignIn = Callable[[str], FlaskClient]
HELD = "Ủy ban nhân dân tỉnh Kiên Giang"


@pytest.mark.parametrize(
    ("typed", "expected", "why"),
    [
        ("Ủy ban nhân dân tỉnh Kiên", HELD, "as printed"),
        ("uy ban kien giang", HELD, "no accents, words left out"),
        ("UBND tinh kien", HELD, "an abbreviation of the table"),
        ("ubndtkg", HELD, "initials"),
        ("syt", "Sở Y tế", "initials of a body of the authority list"),
        ("sở yt", None, "no initials: two words are two words"),
        ("xyz", None, "nobody"),
        ("", None, "nothing typed"),
        ("x" * 5000, None, "more than a name has"),
    ],
)
def test_bodies(typed: str, expected: str | None, why: str, filled: Store) -> None:
    found = desk_names.body_names(filled, typed)
    assert (expected in found) if expected else (HELD not in found and "Sở Y tế" not in found), why
    assert len(found) <= 12


def sign(store: Store, document_id: int, name: str, title: str, authority: str = "") -> None:
    values = {"signer_name": name, "signer_title": title, "signer_authority": authority}
    records.correct(store, document_id, dict(values), "clerk", None)


def test_signers_come_with_their_capacity(filled: Store, sign_in: SignIn) -> None:
    sign(filled, PLAN, "Lê Hoàng Anh", "GIÁM ĐỐC")
    sign(filled, DIRECTIVE, "Nguyễn Trúc Giang", "PHÓ GIÁM ĐỐC", "KT. GIÁM ĐỐC")
    found = sign_in("clerk").get("/can-xem/nguoi-ky?q=truc+giang").json
    capacity = {"signer_authority": "KT. GIÁM ĐỐC", "signer_title": "PHÓ GIÁM ĐỐC"}
    assert found == [{"value": "Nguyễn Trúc Giang", "label": "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC", "fills": capacity}]
    assert [one.name for one in desk_names.signers(filled, "le")] == ["Lê Hoàng Anh"]


def test_a_signer_of_a_paper_in_review_or_of_a_limited_one_is_not_offered(filled: Store, sign_in: SignIn) -> None:
    sign(filled, WAITING, "Trần Văn Chờ", "GIÁM ĐỐC")
    sign(filled, PLAN, "Trần Văn Kín", "GIÁM ĐỐC")
    records.add_group(filled, "Tổ", "admin")
    records.limit(filled, PLAN, ["Tổ"], "admin")
    assert sign_in("clerk").get("/can-xem/nguoi-ky?q=tran+van").json == []
    records.join_group(filled, "Tổ", "clerk", "admin")
    assert [one["value"] for one in sign_in("clerk").get("/can-xem/nguoi-ky?q=tran+van").json or ()] == [
        "Trần Văn Kín"
    ]


def test_the_queue_is_grouped_by_question(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    assert dict(review_queue.questions(review_queue.rows(filled))) == {"Số, ký hiệu": 1}
    records.correct(filled, WAITING, {"number": "98/KH-UBND"}, "clerk", None)
    assert dict(review_queue.questions(review_queue.rows(filled))) == {review_queue.CLEAR: 1}
    row = f'href="/can-xem/{WAITING}"'
    assert row in client.get("/can-xem").text
    assert row in client.get("/can-xem", query_string={"hoi": review_queue.CLEAR}).text
    assert row not in client.get("/can-xem", query_string={"hoi": "Số, ký hiệu"}).text
    assert row not in client.get("/can-xem", query_string={"hoi": "<b>"}).text
