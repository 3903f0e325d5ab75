"""Acts on pages by page and call: turn, split, merge, reorder, leave out; limits, secrecy, two clerks, undoing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient

from corpus import records
from corpus.database.desk_tables import PageSource
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.document import Fields, Page, Reading, SourceFile
from corpus.errors import Problem
from corpus.lifecycle import page_works
from corpus.lifecycle.page_works import PageOrigin
from corpus.originals import content_store
from tests.web.conftest import FAILED, PLAN, WAITING, field

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
NOTHING = Fields()


def pdf(*widths: int) -> bytes:
    """A PDF whose pages are known by their widths in points."""
    with pikepdf.new() as made:
        for width in widths:
            made.add_blank_page(page_size=(width, 700))
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def come_in(store: Store, *widths: int, groups: tuple[str, ...] = (), fields: Fields = NOTHING) -> int:
    """A PDF that was received and read."""
    data = pdf(*widths)
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(store, sha256, "quet.pdf", "application/pdf", len(data), "clerk", limited_to=groups)
    read(store, receipt.document_id, len(widths), fields)
    return receipt.document_id


def read(store: Store, document_id: int, pages: int, fields: Fields = NOTHING) -> None:
    source = SourceFile("quet.pdf", "0" * 64, "application/pdf", pages, 10)
    texts = tuple(Page(number, "ocr", f"trang {number}") for number in range(1, pages + 1))
    records.propose(store, document_id, Reading(source, texts, fields))


def stored(store: Store, document_id: int) -> Document:
    with store.db.reading() as session:
        return session.get_one(Document, document_id)


def pages_of(store: Store, document_id: int) -> list[tuple[int, int]]:
    """Width and turn of each page of a document's file."""
    path = content_store.original_path(store, stored(store, document_id).sha256)
    with pikepdf.open(path) as made:
        return [(int(page.mediabox[2]), int(page.obj.get("/Rotate", 0)) % 360) for page in made.pages]


def rows(store: Store, action: str) -> list[AuditRow]:
    with store.db.reading() as session:
        return session.query(AuditRow).filter(AuditRow.action == action).order_by(AuditRow.id).all()


def made_of(store: Store, source: int) -> list[int]:
    with store.db.reading() as session:
        found = session.query(PageSource.document_id).filter(PageSource.source_id == source).distinct()
        return sorted(one[0] for one in found)


def form_of(client: FlaskClient, document_id: int, *others: int) -> dict[str, Any]:
    """The form of the board as it is shown."""
    board = client.get(f"/van-ban/{document_id}/trang", query_string={"gop": others})
    assert board.status_code == 200, board.text
    hidden = re.findall(r'<input type="hidden" name="(of|page|revision-\d+)" value="([^"]*)"', board.text)
    form: dict[str, Any] = {"of": [], "page": [], "reason": "hai văn bản trong một tệp"}
    for name, value in hidden:
        if isinstance(form.get(name), list):
            form[name].append(value)
        else:
            form[name] = value
    return form


CASES = [
    # (what the person changes of the form, pages of each new document, reason)
    ({"begin-{0}-2": "1"}, [[(401, 0)], [(402, 0), (403, 0)]], "split at a page"),
    ({"begin-{0}-2": "1", "begin-{0}-3": "1"}, [[(401, 0)], [(402, 0)], [(403, 0)]], "split twice"),
    ({"turn-{0}-1": "90", "turn-{0}-3": "180"}, [[(401, 90), (402, 0), (403, 180)]], "turn two pages"),
    ({"place-{0}-3": "0"}, [[(403, 0), (401, 0), (402, 0)]], "the last page first"),
    ({"drop-{0}-2": "1"}, [[(401, 0), (403, 0)]], "leave a page out"),
    ({"drop-{0}-2": "1", "begin-{0}-3": "1"}, [[(401, 0)], [(403, 0)]], "a separating sheet"),
]


@pytest.mark.parametrize(("changes", "wanted", "reason"), CASES, ids=[reason for _, _, reason in CASES])
def test_new_documents_are_made_and_the_old_one_is_kept(
    changes: dict[str, str], wanted: list[list[tuple[int, int]]], reason: str,
    sign_in: SignIn, post: Post, filled: Store,
) -> None:  # fmt: skip
    old = come_in(filled, 401, 402, 403)
    before = content_store.original_path(filled, stored(filled, old).sha256).read_bytes()
    client = sign_in("clerk")
    form = form_of(client, old) | {name.format(old): value for name, value in changes.items()}
    answer = post(client, f"/van-ban/{old}/trang", form)
    made = made_of(filled, old)
    assert answer.status_code == 303, answer.text
    assert [pages_of(filled, one) for one in made] == wanted, reason
    assert {stored(filled, one).status for one in made} == {"queued"}
    assert content_store.original_path(filled, stored(filled, old).sha256).read_bytes() == before
    assert stored(filled, old).status == "withdrawn"
    (withdrawn,) = [row for row in rows(filled, "withdraw") if row.document_id == old]
    assert withdrawn.detail["reason"] == f"hai văn bản trong một tệp → {', '.join(f'#{one}' for one in made)}"
    assert [row.document_id for row in rows(filled, "make_of_pages")] == made
    # Nothing of them is shown before the gate has passed them.
    assert client.get(f"/van-ban/{made[0]}/trang/1.png").status_code == 409
    page = client.get(f"/van-ban/{old}").text
    assert all(f'href="/van-ban/{one}"' in page for one in made)


def test_two_documents_become_one_and_come_back(sign_in: SignIn, post: Post, filled: Store) -> None:
    one, other = come_in(filled, 401, 402), come_in(filled, 501)
    client = sign_in("clerk")
    assert post(client, f"/van-ban/{one}/trang", form_of(client, one, other)).status_code == 303
    (new,) = made_of(filled, one)
    assert made_of(filled, other) == [new] and pages_of(filled, new) == [(401, 0), (402, 0), (501, 0)]
    read(filled, new, 3)
    assert f'href="/van-ban/{one}"' in client.get(f"/van-ban/{new}").text
    assert post(client, f"/van-ban/{new}/trang/hoan-tac").status_code == 303
    assert [stored(filled, each).status for each in (one, other, new)] == ["review", "review", "withdrawn"]
    assert post(client, f"/van-ban/{new}/trang/hoan-tac").status_code == 404
    # The same again makes a document of its own.
    assert post(client, f"/van-ban/{one}/trang", form_of(client, one, other)).status_code == 303
    assert len(made_of(filled, one)) == 2


def test_a_later_act_is_undone_before_an_earlier_one(sign_in: SignIn, post: Post, filled: Store) -> None:
    old = come_in(filled, 401, 402, 403)
    client = sign_in("clerk")
    post(client, f"/van-ban/{old}/trang", form_of(client, old) | {f"begin-{old}-2": "1"})
    first, second = made_of(filled, old)
    read(filled, second, 2)
    post(client, f"/van-ban/{second}/trang", form_of(client, second) | {f"turn-{second}-1": "180"})
    (third,) = made_of(filled, second)
    assert post(client, f"/van-ban/{old}/trang/hoan-tac").status_code == 409
    assert post(client, f"/van-ban/{third}/trang/hoan-tac").status_code == 303
    assert post(client, f"/van-ban/{old}/trang/hoan-tac").status_code == 303
    told = [stored(filled, each).status for each in (old, first, second, third)]
    assert told == ["review", "withdrawn", "withdrawn", "withdrawn"]


def test_values_of_a_record_go_along_with_its_turned_pages(sign_in: SignIn, post: Post, filled: Store) -> None:
    old = come_in(filled, 401, fields=Fields(number=field("71/CV-UBND"), subject=field("Rà soát")))
    values: dict[str, object] = {
        "date": "2022-05-04", "doc_type": "Công văn", "issuer": "Ủy ban nhân dân tỉnh An Giang",
        "signer_name": "Trần Thị B",
    }  # fmt: skip
    records.accept(filled, old, values, "clerk", None, confirm=("number_type_differs", "number_issuer_differs"))
    client = sign_in("clerk")
    post(client, f"/van-ban/{old}/trang", form_of(client, old) | {f"turn-{old}-1": "90"})
    (new,) = made_of(filled, old)
    read(filled, new, 1)
    assert (stored(filled, new).number, stored(filled, new).issuer) == ("71/CV-UBND", values["issuer"])
    assert stored(filled, new).status == "review"


def test_a_made_document_waits_for_a_person_whatever_the_rule(sign_in: SignIn, post: Post, filled: Store) -> None:
    records.set_acceptance(filled, "clear", "admin")
    old = come_in(filled, 401, 402)
    client = sign_in("clerk")
    post(client, f"/van-ban/{old}/trang", form_of(client, old) | {f"begin-{old}-2": "1"})
    sound = Fields(
        number=field("71/CV-UBND"), date=field("2022-05-04"), doc_type=field("Công văn"), subject=field("Rà soát"),
        issuer=field("Ủy ban nhân dân tỉnh An Giang"),
    )  # fmt: skip
    for new in made_of(filled, old):
        read(filled, new, 1, sound)
        assert stored(filled, new).status == "review"


REFUSED = [
    # (state, what is done before, status of the answer, reason)
    ("failed", lambda store, one: FAILED, 409, "nothing of it was read"),
    (
        "withdrawn",
        lambda store, one: records.withdraw(store, one, "sai", "clerk"),
        409,
        "it is out of the archive",
    ),
    ("purged", lambda store, one: records.classify(store, one, "mật", "clerk"), 409, "nothing is left"),
    ("in a register", lambda store, one: records.give_number(store, one, "incoming", "clerk"), 409, "bound"),
]


@pytest.mark.parametrize(("state", "act", "status", "reason"), REFUSED, ids=[row[0] for row in REFUSED])
def test_some_documents_keep_their_pages(
    state: str, act: Callable[[Store, int], Any], status: int, reason: str,
    sign_in: SignIn, post: Post, filled: Store,
) -> None:  # fmt: skip
    old = come_in(filled, 401, 402)
    client = sign_in("clerk")
    form = form_of(client, old) | {f"begin-{old}-2": "1"}
    target = FAILED if act(filled, old) == FAILED and state == "failed" else old
    assert client.get(f"/van-ban/{target}/trang").status_code == status, reason
    body = form | {"of": [str(target)], f"revision-{target}": str(stored(filled, target).revision)}
    assert post(client, f"/van-ban/{target}/trang", body).status_code == status, reason
    assert made_of(filled, target) == []


def test_only_paper_has_pages(sign_in: SignIn, filled: Store) -> None:
    sha256 = content_store.put_original(filled, b"Cong van")
    receipt = records.receive(filled, sha256, "a.txt", "text/plain", 8, "clerk")
    read(filled, receipt.document_id, 1)
    client = sign_in("clerk")
    assert client.get(f"/van-ban/{receipt.document_id}/trang").status_code == 422
    assert f"/van-ban/{receipt.document_id}/trang" not in client.get(f"/van-ban/{receipt.document_id}").text


def test_a_scan_becomes_a_page(sign_in: SignIn, post: Post, filled: Store) -> None:
    client = sign_in("clerk")
    post(client, f"/van-ban/{WAITING}/trang", form_of(client, WAITING) | {f"turn-{WAITING}-1": "90"})
    (new,) = made_of(filled, WAITING)
    with pikepdf.open(content_store.original_path(filled, stored(filled, new).sha256)) as made:
        assert len(made.pages) == 1 and made.pages[0].obj["/Rotate"] == 90
        assert int(made.pages[0].Resources.XObject.Scan.Width) == 620


PLANS = [
    ({}, "nothing is changed"),
    ({"drop-{0}-1": "1", "drop-{0}-2": "1"}, "no page is left"),
    ({"page": ["{0}-1", "{0}-9"]}, "a page that is not there"),
    ({"page": ["{0}-1", "{0}-1"]}, "a page twice"),
    ({"page": [f"{PLAN}-1"]}, "a page of another document"),
    ({"page": ["x"]}, "no page"),
    ({"turn-{0}-1": "45"}, "a slant"),
    ({"begin-{0}-2": "1", "reason": " "}, "no reason"),
]


@pytest.mark.parametrize(("changes", "reason"), PLANS, ids=[reason for _, reason in PLANS])
def test_a_plan_that_is_none_changes_nothing(
    changes: dict[str, Any], reason: str, sign_in: SignIn, post: Post, filled: Store
) -> None:
    old = come_in(filled, 401, 402)
    client = sign_in("clerk")
    form = form_of(client, old)
    for name, value in changes.items():
        form[name.format(old)] = [one.format(old) for one in value] if isinstance(value, list) else value
    held = set(content_store.all_originals(filled))
    assert post(client, f"/van-ban/{old}/trang", form).status_code in (400, 422), reason
    assert stored(filled, old).status == "review" and set(content_store.all_originals(filled)) == held


def test_of_two_clerks_the_second_is_told(sign_in: SignIn, post: Post, filled: Store) -> None:
    old = come_in(filled, 401, 402)
    first, second = sign_in("clerk"), sign_in("admin")
    forms = [form_of(one, old) | {f"begin-{old}-2": "1"} for one in (first, second)]
    records.correct(filled, old, {"subject": "Khác"}, "other", None)
    held = set(content_store.all_originals(filled))
    assert post(first, f"/van-ban/{old}/trang", forms[0]).status_code == 409
    assert set(content_store.all_originals(filled)) == held and made_of(filled, old) == []
    again = form_of(first, old) | {f"begin-{old}-2": "1"}
    assert post(first, f"/van-ban/{old}/trang", again).status_code == 303
    assert post(second, f"/van-ban/{old}/trang", again).status_code == 409
    assert len(made_of(filled, old)) == 2


def test_a_limit_goes_along_to_every_part(sign_in: SignIn, post: Post, filled: Store) -> None:
    records.add_group(filled, "Nhân sự", "admin")
    records.join_group(filled, "Nhân sự", "admin", "admin")
    limited, open_one = come_in(filled, 401, 402, groups=("Nhân sự",)), come_in(filled, 501)
    clerk, admin = sign_in("clerk"), sign_in("admin")
    assert clerk.get(f"/van-ban/{limited}/trang").status_code == 404
    assert clerk.get(f"/van-ban/{open_one}/trang?gop={limited}").status_code == 404
    assert admin.get(f"/van-ban/{open_one}/trang?gop={limited}").status_code == 409
    assert post(admin, f"/van-ban/{limited}/trang", form_of(admin, limited) | {f"begin-{limited}-2": "1"})
    for one in made_of(filled, limited):
        read(filled, one, 1)
        assert stored(filled, one).limited and clerk.get(f"/van-ban/{one}").status_code == 404
        assert admin.get(f"/van-ban/{one}").status_code == 200
        assert post(clerk, f"/van-ban/{one}/trang/hoan-tac").status_code == 404


@pytest.fixture
def split(filled: Store) -> tuple[int, int, int]:
    """A document that was split into two, which are read: (old, first, second)."""
    old = come_in(filled, 401, 402)
    parts = []
    for page in (1, 2):
        data = pdf(400 + page)
        sha256 = content_store.put_original(filled, data)
        parts.append(records.NewPart(sha256, f"{page}.pdf", len(data), (PageOrigin(old, page),)))
    first, second = records.make_parts(filled, {old: None}, parts, "tách", "clerk")
    for one in (first, second):
        read(filled, one, 1)
    return old, first, second


KIN = [
    (0, {0, 1, 2}, "the file that came in holds both sheets, and each part one of them"),
    (1, {0, 1}, "the file that came in holds the sheet; the other part does not"),
    (2, {0, 2}, "the file that came in holds the sheet; the other part does not"),
]


@pytest.mark.parametrize(("which", "gone", "reason"), KIN)
def test_what_is_classified_goes_out_of_every_file_that_holds_it(
    which: int, gone: set[int], reason: str, split: tuple[int, int, int], filled: Store
) -> None:
    hashes = [stored(filled, one).sha256 for one in split]
    records.classify(filled, split[which], "bí mật", "clerk")
    left = [content_store.has_original(filled, sha256) for sha256 in hashes]
    assert {at for at, there in enumerate(left) if not there} == gone, reason
    assert {at for at, one in enumerate(split) if stored(filled, one).status == "refused"} == gone


def test_a_mark_that_the_gate_finds_in_a_part_takes_the_old_file_out_too(
    split: tuple[int, int, int], filled: Store
) -> None:
    old, first, second = split
    records.retry(filled, second, "clerk")
    lease = records.claim(filled, "worker")
    while lease is not None and lease.document_id != second:
        lease = records.claim(filled, "worker")
    records.refuse(filled, second, Problem("classified", name="2.pdf", mark="MẬT"), lease)
    assert not content_store.has_original(filled, stored(filled, old).sha256)
    assert stored(filled, old).status == "refused" and stored(filled, first).status == "review"
    assert records.purge_pending(filled) == 0


def test_an_overruled_mark_goes_along(filled: Store) -> None:
    old = come_in(filled, 401)
    with filled.db.writing() as session:
        session.get_one(Document, old).released = "tên sách, không phải dấu mật"
    data = pdf(999)
    part = records.NewPart(content_store.put_original(filled, data), "a.pdf", len(data), (PageOrigin(old, 1),))
    (new,) = records.make_parts(filled, {old: None}, [part], "xoay", "clerk")
    assert stored(filled, new).released == "tên sách, không phải dấu mật"


def test_sheets_are_known_through_several_acts(split: tuple[int, int, int], filled: Store) -> None:
    old, first, second = split
    data = pdf(777)
    part = records.NewPart(
        content_store.put_original(filled, data), "c.pdf", len(data), (PageOrigin(first, 1, 90),)
    )
    (third,) = records.make_parts(filled, {first: None}, [part], "xoay", "clerk")
    with filled.db.reading() as session:
        assert page_works.sharing(session, third) == [old, first]
        assert page_works.sharing(session, second) == [old]


def test_a_program_does_the_same(sign_in: SignIn, filled: Store) -> None:
    old = come_in(filled, 401, 402)
    client = sign_in("clerk")
    csrf = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
    assert csrf is not None
    headers = {"X-CSRFToken": csrf[1]}
    parts = [[{"document": old, "page": 2, "turn": 90}], [{"document": old, "page": 1}]]
    path = f"/api/documents/{old}/pages"
    body = {"parts": parts, "revisions": {str(old): 1}, "reason": "tách"}
    assert client.post(path, json=body, headers=headers).status_code == 409
    body["revisions"] = {str(old): stored(filled, old).revision}
    answer = client.post(path, json=body, headers=headers)
    assert answer.status_code == 202, answer.text
    assert [pages_of(filled, one) for one in answer.json["documents"]] == [[(402, 90)], [(401, 0)]]
    undone = client.post(f"{path}/undo", json={}, headers=headers)
    assert (undone.status_code, undone.json) == (200, {"documents": [old]})
