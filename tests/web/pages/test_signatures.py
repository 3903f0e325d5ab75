"""Digital signatures where people meet them: a document's page, the desk, the API, commands, search, and `vanban
check`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.originals import content_store
from ingest.pipeline import read
from search.index import indexer
from search.results import finder
from tests.ingest.signing import DAY, NUMBER, SEAL, SIGNER, Authority, Desk, paper
from web.cli import vanban
from web.services import health

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="session")
def signed_paper() -> SimpleNamespace:
    """A paper with four signatures, the same with one byte of its number changed, and the root to trust."""
    made = Authority()
    signer, office = made.person("Nguyễn Văn An", "SỞ Y TẾ"), made.office("Sở Y tế", "Tỉnh Hà Long An")
    desk = Desk(made, paper()).sign("Signature1", signer, SIGNER).sign("Signature2", office, SEAL)
    desk.sign("Signature3", office, NUMBER, text="12").sign("Signature4", office, DAY, text="05")
    at = desk.data.index(b"/Rect", desk.data.rindex(b"/T (Signature3)"))
    tampered = desk.data[:at] + desk.data[at:].replace(b"94", b"95", 1)
    return SimpleNamespace(sound=desk.data, tampered=tampered, root=made.pem())


@pytest.fixture
def put_in(filled: Store) -> Callable[..., int]:
    """Receives and reads a file as a worker does; its document."""

    def put(data: bytes, name: str = "ky.pdf") -> int:
        sha256 = content_store.put_original(filled, data)
        receipt = records.receive(filled, sha256, name, "application/pdf", len(data), "clerk")
        path = content_store.original_path(filled, sha256, verify=False)
        records.propose(filled, receipt.document_id, read(path, name, filled.settings))
        indexer.sync(filled)
        return receipt.document_id

    return put


@pytest.fixture
def trusting(filled: Store, signed_paper: SimpleNamespace, tmp_path: Path) -> Iterator[Store]:
    """The store of an office that has the root certificate."""
    root = tmp_path / "goc.pem"
    root.write_bytes(signed_paper.root)
    store = open_store(filled.settings.model_copy(update={"signature_roots": str(root)}))
    yield store
    store.close()


def states(store: Store, document_id: int) -> list[str]:
    with store.db.reading() as session:
        return [one["state"] for one in session.get_one(Document, document_id).signatures or ()]


def run(settings: Settings, *args: str) -> Result:
    return CliRunner().invoke(
        vanban, args, env={"VANBAN_HOME": str(settings.home), "VANBAN_SIGNATURE_ROOTS": settings.signature_roots}
    )


@pytest.mark.parametrize("role", ["reader", "leader", "clerk", "auditor", "admin"])
def test_a_page_says_each_signature_and_marks_its_place(
    role: str, put_in: Callable[..., int], sign_in: SignIn, signed_paper: SimpleNamespace
) -> None:
    number = put_in(signed_paper.sound)
    page = sign_in(role).get(f"/van-ban/{number}", follow_redirects=True).text
    said = "Chữ ký số của Nguyễn Văn An (Sở Y tế), ký lúc 05/03/2024 15:02: hợp lệ; chưa rõ đơn vị cấp chứng thư."
    assert said in page
    assert all(f'data-light="sign-{at}"' in page and f'data-mark="sign-{at}"' in page for at in range(4))


def test_the_picture_of_a_page_shows_what_the_fields_draw(
    put_in: Callable[..., int], sign_in: SignIn, signed_paper: SimpleNamespace
) -> None:
    """The mark of the number lies over a number, not over a blank."""
    number = put_in(signed_paper.sound)
    picture = Image.open(io.BytesIO(sign_in("reader").get(f"/van-ban/{number}/trang/1.png").data)).convert("L")
    left, bottom, right, top = NUMBER
    wide, high = picture.width / 595, picture.height / 842
    field = picture.crop(
        (int(left * wide), int((842 - top) * high), int(right * wide) - 20, int((842 - bottom) * high))
    )
    assert field.getextrema()[0] < 100


def test_a_tampered_number_is_said_on_page_and_desk(
    put_in: Callable[..., int], sign_in: SignIn, signed_paper: SimpleNamespace
) -> None:
    number = put_in(signed_paper.tampered)
    clerk = sign_in("clerk")
    for address in (f"/van-ban/{number}", f"/can-xem/{number}"):
        page = clerk.get(address, follow_redirects=True).text
        assert "KHÔNG ĐÚNG (nội dung đã ký bị sửa: mã băm không khớp)" in page, address
        assert 'class="signature signature-broken"' in page, address
    assert "Chữ ký số không còn đúng" in clerk.get(f"/can-xem/{number}").text, "and the desk asks"


def test_a_file_without_signatures_says_so(put_in: Callable[..., int], sign_in: SignIn) -> None:
    page = sign_in("reader").get(f"/van-ban/{put_in(paper())}", follow_redirects=True).text
    assert "Tệp không có chữ ký số." in page
    assert "chữ ký số" not in sign_in("reader").get("/van-ban/1", follow_redirects=True).text.lower(), (
        "a picture has none"
    )


def test_the_api_gives_the_contract_s_signatures(
    put_in: Callable[..., int], sign_in: SignIn, signed_paper: SimpleNamespace
) -> None:
    number = put_in(signed_paper.sound)
    found = sign_in("reader").get(f"/api/documents/{number}/reading").get_json()["signatures"]
    assert [(one["role"], one["state"]) for one in found] == [
        (role, "valid_unknown_issuer") for role in ("signer", "office", "number", "date")
    ]
    assert set(found[0]) == {
        "state", "role", "name", "organization", "unit", "time", "time_source", "covers_whole", "changes", "page",
        "boxes",
    }  # fmt: skip
    assert (found[0]["time"], found[0]["time_source"]) == ("2024-03-05T15:02:00+07:00", "timestamp")


def test_the_command_prints_them(signed_paper: SimpleNamespace, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(signed_paper.tampered)
    shown = run(settings, "read", str(path)).stdout
    assert "✓ Chữ ký số của Nguyễn Văn An" in shown and "✗ Số văn bản (ký số) của Sở Y tế" in shown
    told: dict[str, Any] = json.loads(run(settings, "read", "--json", str(path)).stdout)
    assert [one["state"] for one in told["signatures"]] == ["valid_unknown_issuer"] * 2 + ["broken"] * 2


def test_search_knows_the_states(put_in: Callable[..., int], filled: Store, signed_paper: SimpleNamespace) -> None:
    sound, tampered, plain = (
        put_in(signed_paper.sound),
        put_in(signed_paper.tampered, "b.pdf"),
        put_in(paper(), "c.pdf"),
    )
    found = {
        query: {hit.id for hit in finder.find(filled, query).hits}
        for query in ("kyso:co", "kyso:hong", "kyso:khong")
    }
    assert found["kyso:co"] == {sound, tampered} and found["kyso:hong"] == {tampered}
    assert plain in found["kyso:khong"] and not {sound, tampered} & found["kyso:khong"]


def test_check_finds_what_a_new_root_makes_better(
    put_in: Callable[..., int], filled: Store, trusting: Store, signed_paper: SimpleNamespace
) -> None:
    number = put_in(signed_paper.sound)
    looked = health.look(trusting)
    assert looked.faults == ()
    health.note(trusting, looked.findings, looked.standings)
    assert states(trusting, number) == ["valid"] * 4
    assert [hit.id for hit in finder.find(trusting, "kyso:tincay").hits] == [number], "and so does search"
    assert health.look(trusting).faults == ()


def test_check_reports_a_state_that_got_worse_until_it_is_put_on_record(
    put_in: Callable[..., int], filled: Store, trusting: Store, signed_paper: SimpleNamespace
) -> None:
    number = put_in(signed_paper.sound)
    looked = health.look(trusting)
    health.note(trusting, looked.findings, looked.standings)
    for _ in range(2):
        answer = run(filled.settings, "check")
        assert answer.exit_code == 1
        assert (
            f"Chữ ký số của văn bản {number} nay kém hơn khi nhận: hợp lệ → hợp lệ; chưa rõ đơn vị"
            in answer.stdout
        )
    assert states(filled, number) == ["valid"] * 4
    assert run(filled.settings, "check", "--repair").exit_code == 0
    assert states(filled, number) == ["valid_unknown_issuer"] * 4
    with filled.db.reading() as session:
        rows = session.scalars(text("SELECT detail FROM audit WHERE action = 'signatures' ORDER BY id")).all()
    assert len(rows) == 2


def test_check_verifies_papers_that_nobody_had_looked_at(
    put_in: Callable[..., int], filled: Store, signed_paper: SimpleNamespace
) -> None:
    """Those of a store from before signatures were read."""
    number, plain = put_in(signed_paper.tampered), put_in(paper(), "c.pdf")
    with filled.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(text("UPDATE documents SET signatures = NULL"))
    assert run(filled.settings, "check").exit_code == 0
    assert sorted(states(filled, number)) == ["broken", "broken", "valid_unknown_issuer", "valid_unknown_issuer"]
    with filled.db.reading() as session:
        rows = session.scalars(text("SELECT document_id FROM audit WHERE action = 'signatures'")).all()
        unsigned = session.get_one(Document, plain).signatures
    assert rows == [number] and unsigned == [], "an unsigned file is noted without a row or a new revision"


def test_roots_that_hold_no_certificate_are_said(filled: Store, tmp_path: Path) -> None:
    settings = filled.settings.model_copy(update={"signature_roots": str(tmp_path / "none")})
    answer = run(settings, "check")
    assert answer.exit_code == 1 and "VANBAN_SIGNATURE_ROOTS" in answer.stdout
