"""Versions of a file: state × role × way in, what is asked of a person, and nothing of a marked file stays."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from corpus import records
from corpus.config import Settings
from corpus.database.models import AuditRow, Document, PageText
from corpus.database.store import Store, open_store
from corpus.document import Box, Citation, Field, Fields, Page, Reading, Signer, SourceFile
from corpus.errors import Problem
from corpus.lifecycle import versions
from corpus.originals import content_store
from corpus.queries import file_versions
from corpus.queue.jobs import JobLease
from corpus.upkeep import backup
from search.index import indexer
from search.results import finder
from tests.web.conftest import DIRECTIVE, FAILED, PLAN, WAITING, document, png
from web.services import health

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
ISSUER = "Ủy ban nhân dân tỉnh Kiên Giang"
SUBJECT = "Phát động thi đua <b>chuyển đổi số</b>"
BETTER = png("bản quét rõ hơn")


def field(value: str, left: float = 0.3) -> Field:
    """A value at a place where the first file has none."""
    return Field(value, value, 0.97, page=1, boxes=(Box(left, 0.5, left + 0.2, 0.53),), rule="test")


def reading(data: bytes = BETTER, text: str = "bản mới", pages: int = 1, **changes: Any) -> Reading:
    """What the reader finds on the plan's new file; `changes`: values it reads otherwise, None: not at all."""
    fields = Fields(
        number=field("31/KH-UBND"), date=field("2022-04-27"), issuer=field(ISSUER), doc_type=field("Kế hoạch"),
        subject=field(SUBJECT), recipients=(field("Như trên"), field("Lưu: VT")),
        signer=Signer(name=field("Nguyễn Văn A")),
    )  # fmt: skip
    fields = replace(fields, **{name: field(value) if value else None for name, value in changes.items()})
    source = SourceFile("moi.png", hashlib.sha256(data).hexdigest(), "image/png", pages, len(data))
    cited = Citation(
        "Chỉ thị số 5/CT-UBND", "implements", "Chỉ thị", "5/CT-UBND", date="2022-01-10", issuer=ISSUER
    )
    sheets = tuple(Page(number, "ocr", text) for number in range(1, pages + 1))
    return Reading(source, sheets, fields, (cited,))


def put(store: Store, document_id: int = PLAN, data: bytes = BETTER, **more: Any) -> int:
    """Put in a version as a clerk; return its number."""
    sha256 = content_store.put_original(store, data)
    told = {"reason": "quét lại cho rõ", "keep_values": True} | more
    return records.put_version(
        store, document_id, records.NewVersion(sha256, "moi.png", "image/png", len(data), **told), "clerk"
    )


def claim(store: Store) -> JobLease:
    lease = records.claim(store, "máy:1:a")
    assert lease is not None
    return lease


def shown(
    store: Store, document_id: int = PLAN, data: bytes = BETTER, new: Reading | None = None, **more: Any
) -> str | None:
    """Put in a version and read it."""
    put(store, document_id, data, **more)
    return records.propose(store, document_id, new or reading(data), claim(store))


def held(store: Store, document_id: int = PLAN) -> Document:
    with store.db.reading() as session:
        return session.get_one(Document, document_id)


def faults(store: Store) -> tuple[health.HealthFault, ...]:
    indexer.follow(store)
    return health.look(store).faults


def states(store: Store, document_id: int = PLAN) -> list[tuple[int, str]]:
    return [(one.number, one.state) for one in reversed(file_versions.of_document(store, document_id))]


def test_the_new_file_is_shown_and_the_old_one_kept_with_who_when_and_why(filled: Store, sign_in: SignIn) -> None:
    was = held(filled).sha256
    put(filled)
    assert held(filled).sha256 == was, "the old file is shown until the new one was read"
    assert states(filled) == [(1, "shown"), (2, "waiting")]
    assert records.propose(filled, PLAN, reading(), claim(filled)) == "accepted"
    now = held(filled)
    assert now.sha256 != was and now.name == "moi.png" and now.accepted_by == "clerk"
    new, old = file_versions.of_document(filled, PLAN)
    assert (new.state, new.by, new.reason, new.page_count) == ("shown", "clerk", "quét lại cho rõ", 1)
    assert (old.state, old.by, old.sha256, old.page_count) == ("kept", "clerk", was, 1)
    assert content_store.has_original(filled, was)
    reader = sign_in("reader")
    assert reader.get("/van-ban/1/ban-goc").data == BETTER
    assert reader.get("/van-ban/1/phien-ban/1/tep").data == png("31/KH-UBND")
    page = reader.get("/van-ban/1", follow_redirects=True).text
    assert "quét lại cho rõ" in page and "đã thay, còn giữ" in page and "Gửi tệp mới" not in page


def test_pages_index_pictures_and_citations_are_of_the_new_file(filled: Store, sign_in: SignIn) -> None:
    reader = sign_in("reader")
    before = reader.get("/van-ban/1/trang/1.png?w=160").data
    shown(filled, new=reading(text="lời văn chỉ bản mới có"))
    indexer.follow(filled)
    assert [hit.id for hit in finder.find(filled, '"chỉ bản mới có"', viewer=None).hits] == [PLAN]
    assert reader.get("/van-ban/1/trang/1.png?w=160").data != before
    with filled.db.reading() as session:
        assert session.get_one(PageText, (PLAN, 1)).text == "lời văn chỉ bản mới có"
    cited = reader.get(f"/api/cites?ref={PLAN}").json
    assert [one["printed"] for one in cited["out"]] == ["Chỉ thị số 5/CT-UBND"]
    assert faults(filled) == ()


KEPT, ASKS = True, False
VALUES: list[tuple[str, bool, dict[str, Any], list[str], str]] = [
    ("nothing differs", ASKS, {}, [], "accepted"),
    ("another subject, values to be kept", KEPT, {"subject": "Trích yếu khác"}, [], "accepted"),
    ("another subject, to be read", ASKS, {"subject": "Trích yếu khác"}, ["subject"], "review"),
    ("a value that the new file lacks", ASKS, {"issuer": None}, ["issuer"], "review"),
    ("a value that the new file lacks, to be kept", KEPT, {"issuer": None}, [], "accepted"),
    ("another paper's number, to be kept", KEPT, {"number": "2094/TB-SYT"}, ["number"], "review"),
    ("a value that was missing", ASKS, {"place": "Rạch Giá"}, ["place"], "review"),
    ("a value that was missing, to be kept", KEPT, {"place": "Rạch Giá"}, [], "accepted"),
]


@pytest.mark.parametrize(("why", "keep", "read", "asked", "status"), VALUES, ids=[row[0] for row in VALUES])
def test_what_differs_is_asked_if_the_clerk_wants_it_so(
    why: str, keep: bool, read: dict[str, Any], asked: list[str], status: str, filled: Store
) -> None:
    before = held(filled)
    assert shown(filled, new=reading(**read), keep_values=keep) == status, why
    now = held(filled)
    assert now.questions == asked
    for name in ("number", "date", "issuer", "subject", "doc_type"):
        assert getattr(now, name) == getattr(before, name), "no value is changed without a person"
    fields = now.fields or {}
    if "subject" in asked:
        assert [one["value"] for one in fields["subject"]["candidates"]] == ["Trích yếu khác"]
    assert fields["number"]["boxes"][0][0] == 0.3, "evidence is where the new file has it"
    if read.get("issuer", "") is None:
        assert fields["issuer"]["page"] is None and fields["issuer"]["boxes"] == [], "no place of another file"


def test_a_correction_of_what_both_files_read_alike_is_not_asked_again(filled: Store) -> None:
    records.correct(filled, PLAN, {"subject": "Phát động thi đua"}, "clerk", None)
    assert shown(filled, keep_values=False) == "accepted"
    assert (held(filled).subject, held(filled).questions) == ("Phát động thi đua", [])


def test_pages_more_or_less_are_told(filled: Store) -> None:
    shown(filled, new=reading(pages=3))
    warnings = {one["code"] for one in (held(filled).machine or {})["warnings"]}
    assert "version_pages" in warnings and held(filled).page_count == 3


def test_no_rule_puts_a_document_on_record_by_its_new_file(filled: Store) -> None:
    """The one that waits was asked for by a person: a clean new file answers nothing."""
    assert shown(filled, WAITING, new=reading(number="98/KH-UBND"), keep_values=False) == "review"


def again(store: Store, sha256: str, revision: int | None = None) -> None:
    new = records.NewVersion(sha256, "a.png", "image/png", 1, "x", keep_values=True)
    records.put_version(store, PLAN, new, "clerk", revision)


REFUSED: list[tuple[str, Callable[[Store], object]]] = [
    ("wrong_state", lambda store: put(store, FAILED)),
    ("bad_value", lambda store: put(store, reason="  ")),
    ("version_known", lambda store: again(store, held(store, DIRECTIVE).sha256)),
    ("version_shown", lambda store: again(store, held(store).sha256)),
    ("store_busy", lambda store: again(store, "0" * 64)),
    ("stale", lambda store: again(store, held(store).sha256, 99)),
]


@pytest.mark.parametrize(("code", "act"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_with_a_reason(code: str, act: Callable[[Store], object], filled: Store) -> None:
    with pytest.raises(Problem) as caught:
        act(filled)
    assert caught.value.code == code and states(filled) == []


def test_one_at_a_time(filled: Store) -> None:
    put(filled)
    with pytest.raises(Problem) as caught:
        put(filled, data=png("một tệp nữa"))
    assert caught.value.code == "version_waiting"
    records.retry(filled, DIRECTIVE, "clerk")
    with pytest.raises(Problem) as caught:
        put(filled, DIRECTIVE, png("khi đang đọc lại"))
    assert caught.value.code == "version_waiting"


def test_a_file_that_cannot_be_read_leaves_the_document_as_it_was(filled: Store) -> None:
    before = held(filled)
    put(filled)
    assert records.refuse(filled, PLAN, Problem("truncated", name="moi.png"), claim(filled)) == "accepted"
    now = held(filled)
    assert (now.sha256, now.status, now.fields) == (before.sha256, before.status, before.fields)
    assert states(filled) == [(1, "shown"), (2, "failed")]
    assert faults(filled) == ()
    assert shown(filled) == "accepted", "the same bytes may be sent again"


def test_a_version_that_kills_its_readers_is_given_up(filled: Store) -> None:
    put(filled)
    for at in range(filled.settings.max_attempts):
        assert records.claim(filled, f"máy:{at}:a") is not None
        assert records.expire_leases(filled, lambda _: True) == 1
    assert records.claim(filled, "máy:9:a") is None
    assert states(filled) == [(1, "shown"), (2, "failed")] and held(filled).status == "accepted"


class TestMarked:
    """A secrecy mark on the new file: nothing of it stays, and a person looks at the document."""

    @pytest.fixture
    def marked(self, filled: Store) -> Store:
        put(filled, reason="lý do riêng")
        records.refuse(filled, PLAN, Problem("classified", mark="MẬT", name="moi.png"), claim(filled))
        return filled

    def test_its_bytes_name_and_reason_are_gone(self, marked: Store) -> None:
        assert not content_store.has_original(marked, reading().source.sha256)
        [new, _] = file_versions.of_document(marked, PLAN)
        assert (new.state, new.name, new.reason) == ("refused", new.sha256[:12], "")
        assert faults(marked) == ()

    def test_the_document_keeps_its_file_and_is_asked_about(self, marked: Store) -> None:
        now = held(marked)
        assert now.status == "review" and content_store.has_original(marked, now.sha256)
        with pytest.raises(Problem) as caught:
            records.accept(marked, PLAN, {}, "clerk", None)
        assert caught.value.code == "doubtful"
        records.retry(marked, PLAN, "clerk")
        records.propose(marked, PLAN, reading(png("31/KH-UBND")), claim(marked))
        with pytest.raises(Problem):
            records.accept(marked, PLAN, {}, "clerk", None)
        records.accept(marked, PLAN, {}, "clerk", None, confirm=("version_marked",))

    def test_the_same_bytes_are_not_taken_again_by_any_way(
        self, marked: Store, sign_in: SignIn, post: Post
    ) -> None:
        with pytest.raises(Problem) as caught:
            put(marked)
        assert caught.value.code == "classified"
        sha256 = content_store.put_original(marked, BETTER)
        receipt = records.receive(marked, sha256, "x.png", "image/png", len(BETTER), "clerk")
        assert receipt.code == "classified" and not content_store.has_original(marked, sha256)

    def test_a_clerk_who_answers_for_the_file_passes_it(self, marked: Store) -> None:
        put(marked, released="dấu GIẢI MẬT")
        waiting = records.version_to_read(marked, PLAN)
        assert waiting is not None and waiting.released
        records.propose(marked, PLAN, reading(), claim(marked))
        assert held(marked).released == "dấu GIẢI MẬT"
        records.accept(marked, PLAN, {}, "clerk", None)
        assert records.purge_pending(marked) == 0 and content_store.has_original(marked, held(marked).sha256)

    def test_a_crash_before_the_bytes_go_is_mended(self, marked: Store) -> None:
        content_store.put_original(marked, BETTER)
        assert [fault.code for fault in health.look(marked).faults if fault.code == "purge_pending"]
        assert records.purge_pending(marked) == 1
        assert not content_store.has_original(marked, reading().source.sha256)


def test_a_mark_overruled_on_one_file_says_nothing_of_another(filled: Store) -> None:
    with filled.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE documents SET released = 'dấu GIẢI MẬT' WHERE id = 1")
    put(filled)
    waiting = records.version_to_read(filled, PLAN)
    assert waiting is not None and not waiting.released, "the gate looks at the new file"


@pytest.mark.parametrize("when", ["kept", "waiting"])
def test_a_document_that_proves_to_be_classified_loses_all_versions(when: str, filled: Store) -> None:
    hashes = {held(filled).sha256, reading().source.sha256}
    put(filled, reason="bản quét chương trình hạt nhân")
    if when == "kept":
        records.propose(filled, PLAN, reading(), claim(filled))
    records.classify(filled, PLAN, "có dấu mật", "clerk")
    assert not any(content_store.has_original(filled, one) for one in hashes)
    assert all(not one.reason and not one.has_file for one in file_versions.of_document(filled, PLAN))
    assert faults(filled) == ()
    database = b"".join(path.read_bytes() for path in Path(filled.settings.home).glob("vanban.sqlite3*"))
    assert "hạt nhân".encode() not in database


def test_withdrawal_calls_off_what_waits_and_keeps_the_files(filled: Store) -> None:
    put(filled)
    records.withdraw(filled, PLAN, "nhầm", "clerk")
    assert states(filled) == [(1, "shown"), (2, "failed")] and records.claim(filled, "máy:1:a") is None
    records.reinstate(filled, PLAN, "clerk")
    shown(filled)
    records.withdraw(filled, PLAN, "nhầm", "clerk")
    assert faults(filled) == () and states(filled)[-1] == (3, "shown")


def test_the_way_back_is_a_version_of_its_own(filled: Store, sign_in: SignIn, post: Post) -> None:
    first = held(filled).sha256
    shown(filled)
    form = {"values": "giu", "reason": "bản trước đúng hơn", "revision": str(held(filled).revision)}
    assert post(sign_in("clerk"), "/van-ban/1/phien-ban/1/dua-lai", form).status_code == 303
    records.propose(filled, PLAN, reading(png("31/KH-UBND")), claim(filled))
    assert held(filled).sha256 == first
    assert states(filled) == [(1, "kept"), (2, "kept"), (3, "shown")]
    assert faults(filled) == ()


def test_bytes_of_any_version_are_the_documents_own(filled: Store) -> None:
    """What was replaced comes in again as the document it is a version of, not as another."""
    old = held(filled).sha256
    shown(filled)
    receipt = records.receive(filled, old, "cu.png", "image/png", 10, "clerk")
    assert (receipt.status, receipt.document_id, receipt.existing) == ("duplicate", PLAN, True)
    assert not records.drop_unclaimed(filled, old)


def test_share_links_open_the_file_that_is_shown_and_none_before(filled: Store, sign_in: SignIn) -> None:
    from web import access

    records.share(filled, PLAN, access.token_hash("mot-duong-dan-thu"), "clerk")
    shown(filled)
    stranger = sign_in("outsider")
    assert stranger.get("/chia-se/mot-duong-dan-thu/ban-goc").data == BETTER
    assert "quét lại cho rõ" not in stranger.get("/chia-se/mot-duong-dan-thu").text
    assert stranger.get("/van-ban/1/phien-ban/1/tep").status_code in (302, 303, 401)


def test_backup_and_restore_hold_every_version(filled: Store, tmp_path: Path) -> None:
    old = held(filled).sha256
    shown(filled)
    put(filled, DIRECTIVE, png("chờ đọc"))
    summary = backup.backup(filled, tmp_path / "kho.tar")
    assert summary.missing == () and summary.documents == 4 and summary.originals == 6
    settings = Settings(_env_file=None, home=tmp_path / "moi")
    backup.restore(settings, tmp_path / "kho.tar")
    other = open_store(settings)
    assert content_store.has_original(other, old) and states(other) == [(1, "kept"), (2, "shown")]
    assert [one.code for one in health.look(other).faults if one.code.startswith("original")] == []


def test_fixity_looks_at_the_versions_too(filled: Store) -> None:
    old = held(filled).sha256
    shown(filled)
    path = content_store.address(filled, old)
    path.chmod(0o600)
    path.write_bytes(b"khac")
    indexer.follow(filled)
    found = health.look(filled)
    assert [(one.code, one.document) for one in found.faults] == [("original_changed", PLAN)]
    health.note(filled, found.findings)
    assert held(filled).verified_at is None, "not verified while a version is not sound"
    assert held(filled, DIRECTIVE).verified_at is not None


def upload(client: FlaskClient, post: Post, document_id: int = PLAN, data: bytes = BETTER, **form: str) -> Any:
    told = {"values": "giu", "reason": "rõ hơn", "revision": "", **form}
    return post(client, f"/van-ban/{document_id}/phien-ban", {**told, "file": (io.BytesIO(data), "moi.png")})


WHO = [("clerk", 303), ("admin", 303), ("reader", 403), ("leader", 403), ("auditor", 403)]


@pytest.mark.parametrize(("role", "status"), WHO, ids=[role for role, _ in WHO])
def test_by_the_page(role: str, status: int, filled: Store, sign_in: SignIn, post: Post) -> None:
    answer = upload(sign_in(role), post, revision=str(held(filled).revision))
    assert answer.status_code == status
    assert states(filled) == ([(1, "shown"), (2, "waiting")] if status == 303 else [])


def test_the_pages_refusals(filled: Store, sign_in: SignIn, post: Post) -> None:
    clerk, revision = sign_in("clerk"), str(held(filled).revision)
    assert upload(clerk, post, revision="99").status_code == 409
    assert upload(clerk, post, revision=revision, values="").status_code == 400
    assert upload(clerk, post, revision=revision, reason=" ").status_code == 422
    mail = b"From: a@b.vn\r\nTo: c@d.vn\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nx"
    told = {"values": "giu", "reason": "x", "revision": revision, "file": (io.BytesIO(mail), "thu.eml")}
    assert post(clerk, "/van-ban/1/phien-ban", told).status_code == 415
    assert states(filled) == []


def test_a_limited_document_is_nothing_to_others(filled: Store, sign_in: SignIn, post: Post) -> None:
    shown(filled)
    records.add_group(filled, "Nhóm", "admin")
    records.limit(filled, PLAN, ["Nhóm"], "admin")
    for role in ("clerk", "reader", "auditor"):
        client = sign_in(role)
        for path in (
            "/van-ban/1/phien-ban/1",
            "/van-ban/1/phien-ban/1/tep",
            "/van-ban/1/tep-goc",
            "/api/documents/1/versions",
        ):
            assert client.get(path).status_code == 404, (role, path)
    assert upload(sign_in("clerk"), post).status_code == 404
    admin = sign_in("admin")
    assert admin.get("/van-ban/1/phien-ban/1/tep").status_code == 200


def test_readers_get_no_version_of_what_is_withdrawn(filled: Store, sign_in: SignIn) -> None:
    shown(filled)
    records.withdraw(filled, PLAN, "nhầm", "clerk")
    assert sign_in("reader").get("/van-ban/1/phien-ban/1/tep").status_code == 404
    assert sign_in("auditor").get("/van-ban/1/phien-ban/1/tep").status_code == 200


def test_what_waits_or_was_refused_is_given_to_nobody(filled: Store, sign_in: SignIn) -> None:
    put(filled)
    admin = sign_in("admin")
    for number in (2, 7):
        assert admin.get(f"/van-ban/1/phien-ban/{number}/tep").status_code == 404
        assert admin.get(f"/van-ban/1/phien-ban/{number}").status_code == 404


def test_by_the_api(filled: Store, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    page = clerk.get("/van-ban/1", follow_redirects=True).text
    headers = {"X-CSRFToken": page.split('name="csrf_token" value="')[1].split('"')[0]}
    form = {"keep_values": "false", "reason": "rõ hơn", "file": (io.BytesIO(BETTER), "moi.png")}
    answer = clerk.post("/api/documents/1/versions", data=form, headers=headers)
    assert (answer.status_code, answer.json) == (202, {"number": 2})
    records.propose(filled, PLAN, reading(), claim(filled))
    new, old = clerk.get("/api/documents/1/versions").json["versions"]
    assert (new["state"], new["keep_values"], old["state"]) == ("shown", False, "kept")
    assert clerk.get("/api/documents/1/versions/1/original").data == png("31/KH-UBND")
    body = {"keep_values": True, "reason": "bản trước đúng"}
    again = clerk.post("/api/documents/1/versions/1/restore", json=body, headers=headers)
    assert (again.status_code, again.json) == (202, {"number": 3})


def test_the_trail_says_what_was_done_without_the_files_name(filled: Store, sign_in: SignIn) -> None:
    shown(filled, reason="lý do riêng")
    sign_in("reader").get("/van-ban/1/phien-ban/1")
    sign_in("reader").get("/van-ban/1/tep-goc")
    with filled.db.reading() as session:
        rows = session.query(AuditRow).filter(AuditRow.document_id == PLAN).order_by(AuditRow.id).all()[-4:]
    assert [row.action for row in rows] == ["put_version", "read", "download", "download"]
    assert all("moi.png" not in str(row.detail) and "lý do riêng" not in str(row.detail) for row in rows)
    assert (rows[2].detail, rows[3].detail) == ({"form": "xem", "version": 1}, {"form": "xem"})
    assert "gửi tệp mới của văn bản" in sign_in("auditor").get("/nhat-ky").text


def test_a_document_with_one_file_has_no_row(filled: Store) -> None:
    new = document(filled, "77/KH-UBND", "2022-06-01", "Một tệp")
    with filled.db.reading() as session:
        assert versions.of_document(session, new) == []
