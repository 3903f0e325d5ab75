"""A classified document is gone for good: who may purge it, from where, and that no byte of it is left on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from corpus import audit, records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.derived import files as derived
from corpus.derived import leftovers
from corpus.document import Box, Field, Fields, Page, Reading, SourceFile, Word
from corpus.errors import Problem
from corpus.lifecycle.doubts import ASKED
from corpus.originals import content_store, fetched
from ingest.imaging.page_view import PageFrame
from search.index import indexer
from search.results import finder
from tests.web.conftest import png
from web.services import health, page_images

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
TOKEN, NAME = "ngoclambian", "vuonglamquan"
"""A word of the text, and one of the sender's file name."""


def add(store: Store, *, read: bool = True) -> int:
    """A scan whose text and name hold words of their own."""
    data = png(TOKEN) + TOKEN.encode()
    sha256 = content_store.put_original(store, data)
    document = records.receive(store, sha256, f"{NAME}.png", "image/png", len(data), "clerk").document_id
    if read:
        propose(store, document)
    return document


def propose(store: Store, document: int) -> None:
    words = (Word(0, len(TOKEN), Box(0.1, 0.1, 0.5, 0.15), 0.9),)
    subject = Field(f"Việc {TOKEN}", f"Việc {TOKEN}", 0.99, page=1, boxes=(Box(0.1, 0.2, 0.5, 0.25),))
    source = SourceFile("a.png", hash_of(store, document), "image/png", 1, 1)
    page = Page(1, "ocr", f"{TOKEN} về công tác", words)
    records.propose(store, document, Reading(source, (page,), Fields(subject=subject)))


def hash_of(store: Store, document: int) -> str:
    return found(store, document).sha256


def found(store: Store, document: int) -> Document:
    with store.db.reading() as session:
        return session.get_one(Document, document)


def traces(store: Store, document: int) -> list[str]:
    """Files of the store that hold a word of the document, or are called by its hash."""
    sha256 = hash_of(store, document)
    every = [path for path in store.settings.home.rglob("*") if path.is_file()]
    return [
        str(path.relative_to(store.settings.home))
        for path in every
        if sha256 in str(path) or any(word.encode() in path.read_bytes() for word in (TOKEN, NAME))
    ]


def _segments(store: Store) -> set[Path]:
    """The files of whatever indices there are, one in force and others."""
    return {path for path in store.index_folder.glob("*/*") if path.is_file()}


STATES: list[tuple[str, Callable[[Store, int], object]]] = [
    ("review", lambda *_: None),
    ("accepted", lambda store, document: records.accept(store, document, {}, "clerk", None, confirm=ASKED)),
    ("corrected", lambda store, document: records.correct(store, document, {"subject": f"{TOKEN} hai"}, "clerk",
     None)),
    ("limited", lambda store, document: records.limit(store, document, ["Nhóm"], "admin")),
    ("withdrawn", lambda store, document: records.withdraw(store, document, f"nhầm {TOKEN}", "clerk")),
    ("queued again", lambda store, document: [records.withdraw(store, document, "x", "clerk"), records.retry(store,
     document, "clerk")]),
    ("failed again", lambda store, document: [records.withdraw(store, document, "x", "clerk"), records.retry(store,
     document, "clerk"), records.refuse(store, document, Problem("reader_crashed", name=NAME))]),
    ("refused again", lambda store, document: [records.withdraw(store, document, "x", "clerk"),
     records.retry(store, document, "clerk"), records.refuse(store, document, Problem("truncated", name=NAME))]),
]  # fmt: skip


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
@pytest.mark.parametrize(("state", "bring"), STATES, ids=[state for state, _ in STATES])
def test_nothing_is_left_of_what_a_person_says_is_classified(
    engine: str, state: str, bring: Callable[[Store, int], object], filled: Store, sign_in: SignIn, post: Post
) -> None:
    """The token is looked for in every file: originals, pictures, index, database and its log."""
    records.add_group(filled, "Nhóm", "admin")
    indexer.rebuild(filled, engine)
    document = add(filled)
    indexer.sync(filled)
    client = sign_in("admin")
    for path in ("trang/1.png", "tim-duoc.pdf", "ban-goc"):
        assert client.get(f"/van-ban/{document}/{path}").status_code == 200
    client.get(f"/?q={TOKEN}")
    bring(filled, document)
    before = traces(filled, document)
    assert any("derived" in path for path in before) and any("originals" in path for path in before)
    held = _segments(filled)
    # Tantivy packs its words, so that they can't be looked for in its files: none of those may stay.
    assert any(path.startswith("index") for path in before) or engine == "tantivy"
    form = {"reason": "dấu ở góc trái trang 1", "confirm": "1"}
    assert post(client, f"/van-ban/{document}/mat", form).status_code == 303
    assert finder.find(filled, TOKEN, viewer=None).total == 0, "before the index has caught up"
    indexer.sync(filled)
    # Who searched for it stands in the trail: that row is of no document.
    kept = [path for path in traces(filled, document) if not path.startswith("vanban.sqlite3")]
    assert kept == [] and (engine == "whoosh" or held.isdisjoint(_segments(filled)))
    assert finder.find(filled, "Kiên Giang", viewer=None).total == 3, "the others are found as before"
    assert health.look(filled).faults == ()
    with filled.db.reading() as session:
        assert audit.verify(session) == []
        now = session.get_one(Document, document)
        assert (now.status, now.name, now.subject, now.read_at) == ("refused", now.sha256[:12], None, None)
    assert content_store.has_original(filled, hash_of(filled, 1)), "others keep theirs"


def test_the_database_keeps_no_word_of_it_either(filled: Store, sign_in: SignIn, post: Post) -> None:
    document = add(filled)
    records.correct(filled, document, {"place": f"Xã {TOKEN}"}, "clerk", None)
    records.withdraw(filled, document, f"nhầm {TOKEN}", "clerk")
    assert any("sqlite3" in path for path in traces(filled, document))
    answer = post(sign_in("clerk"), f"/van-ban/{document}/mat", {"reason": "dấu MẬT", "confirm": "1"})
    assert answer.status_code == 303 and traces(filled, document) == []


REFUSED: list[tuple[str, str, dict[str, str], int, str]] = [
    ("clerk", "no reason", {"confirm": "1", "reason": " "}, 422, "reason"),
    ("clerk", "not confirmed", {"reason": "dấu MẬT"}, 400, "xác nhận"),
    ("clerk", "the page is old", {"reason": "x", "confirm": "1", "revision": "0"}, 409, "vừa được người khác sửa"),
    ("auditor", "not his", {"reason": "x", "confirm": "1"}, 403, "không có quyền"),
    ("reader", "not his", {"reason": "x", "confirm": "1"}, 403, "không có quyền"),
]


@pytest.mark.parametrize(
    ("role", "why", "form", "status", "said"), REFUSED, ids=[f"{r[0]}: {r[1]}" for r in REFUSED]
)
def test_a_purge_takes_a_reason_and_a_second_step(
    role: str, why: str, form: dict[str, str], status: int, said: str, filled: Store, sign_in: SignIn, post: Post
) -> None:
    document = add(filled)
    answer = post(sign_in(role), f"/van-ban/{document}/mat", form)
    assert answer.status_code == status and said in answer.text, why
    assert found(filled, document).status == "review" and content_store.has_original(
        filled, hash_of(filled, document)
    )


def test_the_page_says_what_is_lost_before_it_is(filled: Store, sign_in: SignIn) -> None:
    document = add(filled)
    client = sign_in("clerk")
    address = f"/van-ban/{document}/mat"
    for path in (f"/van-ban/{document}", f"/can-xem/{document}"):
        assert address in client.get(path, follow_redirects=True).text
    assert "không lấy lại được" in client.get(address).text
    assert address not in sign_in("auditor").get(f"/van-ban/{document}", follow_redirects=True).text
    records.classify(filled, document, "dấu MẬT", "clerk")
    assert "đã được xóa" in client.get(address).text
    page = client.get(f"/van-ban/{document}").text
    assert "mang dấu mật" in page and address not in page and "ban-goc" not in page
    trail = sign_in("auditor").get(f"/nhat-ky?document={document}").text
    assert "xác nhận mật" in trail and "dấu MẬT" in trail and TOKEN not in trail


def test_programs_purge_as_the_page_does(filled: Store, sign_in: SignIn) -> None:
    document, client = add(filled), sign_in("clerk")
    csrf = client.get("/dang-nhap").text.split('name="csrf" content="')[1].split('"')[0]

    def call(body: dict[str, object]) -> Any:
        return client.post(f"/api/documents/{document}/classify", json=body, headers={"X-CSRFToken": csrf})

    assert call({"reason": ""}).status_code == 400 and call({"reason": "x", "revision": 0}).status_code == 409
    answer = call({"reason": "dấu MẬT"})
    assert (answer.status_code, answer.json["status"], answer.json["subject"]) == (200, "refused", None)
    assert call({"reason": "dấu MẬT"}).json["code"] == "wrong_state"


def test_what_is_purged_by_mistake_comes_back_with_the_file_and_a_reason(filled: Store) -> None:
    document = add(filled)
    data = content_store.original_path(filled, hash_of(filled, document)).read_bytes()
    records.classify(filled, document, "nhầm", "clerk")
    assert (
        records.receive(filled, content_store.put_original(filled, data), "a.png", "image/png", 1, "clerk").code
        == "classified"
    )
    content_store.put_original(filled, data)
    records.overrule_mark(filled, document, "a.png", "không có dấu nào", "clerk")
    assert found(filled, document).status == "queued"


def test_a_reading_under_way_ends_without_a_trace(filled: Store) -> None:
    document = add(filled, read=False)
    lease = records.claim(filled, "test")
    assert lease is not None and lease.document_id == document
    records.classify(filled, document, "dấu MẬT", "clerk")
    source = SourceFile("a.png", hash_of(filled, document), "image/png", 1, 1)
    assert records.propose(filled, document, Reading(source, (Page(1, "ocr", TOKEN),), Fields()), lease) is None
    assert traces(filled, document) == []


@pytest.mark.parametrize("moment", ["before it is drawn", "while it is written"])
def test_a_picture_under_way_does_not_outlive_a_purge(
    moment: str, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The purge comes between the look at the document and the file: the real functions,
    only their order is forced.
    """
    document = add(filled)
    seen = found(filled, document)

    def purged(run: Callable[..., Any]) -> Callable[..., Any]:
        def then(*args: Any, **more: Any) -> Any:
            made = run(*args, **more)
            if found(filled, document).status != "refused":
                records.classify(filled, document, "dấu MẬT", "clerk")
            return made

        return then

    if moment == "before it is drawn":
        monkeypatch.setattr(page_images, "run_in_child", purged(page_images.run_in_child))
    else:
        monkeypatch.setattr(derived.tempfile, "mkstemp", purged(derived.tempfile.mkstemp))
    with pytest.raises(Problem) as caught:
        page_images.picture(filled, seen, 1, PageFrame(), 160)
    assert caught.value.code == "not_cleared" and traces(filled, document) == []


def _leave_a_picture(store: Store, document: int) -> None:
    place = derived.folder(store, hash_of(store, document))
    place.mkdir(parents=True)
    (place / "1-0-1240.png").write_bytes(b"x")


def _leave_a_copy(store: Store, document: int) -> None:
    copy = fetched.path(content_store.fetched_folder(store), hash_of(store, document))
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"x")


def _leave_a_draft(store: Store, document: int) -> None:
    sha256 = hash_of(store, document)
    draft = content_store.fetched_folder(store) / sha256[:2] / f"{fetched.draft_prefix(sha256)}abc"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"x")


def _leave_the_original(store: Store, document: int) -> None:
    path = content_store.address(store, hash_of(store, document))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")


LEFT = [_leave_a_picture, _leave_a_copy, _leave_a_draft, _leave_the_original]


@pytest.mark.parametrize("by", ["check", "worker"])
@pytest.mark.parametrize("leave", LEFT)
def test_what_a_crash_leaves_of_a_purge_is_told_and_taken_up_again(
    leave: Callable[[Store, int], None], by: str, filled: Store
) -> None:
    document = add(filled)
    records.classify(filled, document, "dấu MẬT", "clerk")
    leave(filled, document)
    looked = health.look(filled)
    assert "purge_pending" in {fault.code for fault in looked.faults}
    if by == "worker":
        assert records.purge_pending(filled) == 1
    else:
        health.repair(filled, looked)
    assert traces(filled, document) == [] and leftovers.unpurged(filled) == []


STRAY: list[tuple[str, Callable[[Store, int], object], bool]] = [
    ("a picture made before any gate", lambda *_: None, True),
    (
        "of a damaged file",
        lambda store, document: records.refuse(store, document, Problem("truncated", name="x")),
        True,
    ),
    (
        "of one that was withdrawn unread",
        lambda store, document: records.withdraw(store, document, "x", "clerk"),
        True,
    ),
    ("of one in review", propose, False),
]


@pytest.mark.parametrize(("reason", "bring", "stray"), STRAY, ids=[row[0] for row in STRAY])
def test_pictures_of_what_never_passed_the_gate_are_found(
    reason: str, bring: Callable[[Store, int], object], stray: bool, filled: Store
) -> None:
    document = add(filled, read=False)
    _leave_a_picture(filled, document)
    bring(filled, document)
    looked = health.look(filled)
    assert ("stray_files" in {fault.code for fault in looked.faults}) == stray, reason
    health.repair(filled, looked)
    assert derived.exists(filled, hash_of(filled, document)) != stray, reason
    assert content_store.has_original(filled, hash_of(filled, document)), "only what was made of it goes"


def test_a_home_that_is_open_to_all_is_shut_and_originals_elsewhere_are_told(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "originals"
    for folder in (home, elsewhere):
        folder.mkdir()
        folder.chmod(0o755)
    store = open_store(Settings(_env_file=None, home=home, originals=str(elsewhere)))
    assert home.stat().st_mode & 0o777 == 0o750
    looked = health.look(store)
    assert [fault.what for fault in looked.faults if fault.code == "home_open"] == [str(elsewhere)]
    health.repair(store, looked)
    assert elsewhere.stat().st_mode & 0o007 == 0
    store.close()


def test_the_form_of_a_failed_document_is_filled_from_paper(filled: Store, sign_in: SignIn) -> None:
    """A corrupt file is dealt with unseen: typed in from the paper, and from then on a person answers for it."""
    document = add(filled, read=False)
    records.refuse(filled, document, Problem("reader_crashed", name="x"))
    client = sign_in("clerk")
    assert client.get(f"/can-xem/{document}").status_code == 200
    assert client.get(f"/van-ban/{document}/ban-goc").status_code == 409
    records.accept(filled, document, {"subject": "Việc chung"}, "clerk", None, confirm=ASKED)
    assert client.get(f"/van-ban/{document}/ban-goc").status_code == 200
