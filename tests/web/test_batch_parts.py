"""A file of many papers taken apart when it is sent in: at blank pages or sheets with our code; it is kept."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from corpus import records
from corpus.config import Settings
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.file_types import PDF, TIFF
from corpus.originals import content_store
from ingest.views.batch_parts import separating_sheet, taken_apart
from tests.ingest.making import printed

SignIn = Callable[[str], FlaskClient]


def paper() -> Image.Image:
    return printed().resize((620, 877))


def bare() -> Image.Image:
    return Image.new("L", (620, 877), 250)


def code(turn: int = 0) -> Image.Image:
    return Image.open(io.BytesIO(separating_sheet())).convert("L").resize((827, 1170)).rotate(turn, expand=True)


def patch(turn: int = 0) -> Image.Image:
    """A PATCH T sheet at 75 dpi: bars of 0.08 and 0.20 inch, 2.5 inches long, spaces of 0.08."""
    page, top = Image.new("L", (620, 877), 250), 40.0
    pen = ImageDraw.Draw(page)
    for thick in (6, 15, 6, 15):
        pen.rectangle((210, top, 397, top + thick - 1), fill=10)
        top += thick + 6
    return page.rotate(turn)


def file_of(*pages: Image.Image, kind: str = "PDF") -> bytes:
    out = io.BytesIO()
    first, *others = (page.copy() for page in pages)  # Pillow keeps what it wrote with
    first.save(out, kind, save_all=True, append_images=others, resolution=75.0)
    return out.getvalue()


CASES = [
    # (pages, separator, papers, reason)
    ((paper(), bare(), paper(), paper()), "blank", ((1,), (3, 4)), "a blank page between two papers"),
    (
        (bare(), paper(), bare(), bare(), paper(), bare()),
        "blank",
        ((2,), (5,)),
        "blank pages at the ends and twice",
    ),
    ((paper(), paper()), "blank", (), "no blank page: it stays whole"),
    ((bare(), bare()), "blank", (), "nothing but blank pages: it stays whole"),
    ((paper(), bare(), paper()), "code", (), "a blank page is no sheet with a code"),
    ((code(), paper(), code(180), paper()), "code", ((2,), (4,)), "sheets with the code, one upside down"),
    ((paper(), code(90), paper()), "blank", (), "a sheet with a code is not blank"),
    ((patch(), paper(), patch(180), paper()), "code", ((2,), (4,)), "PATCH T sheets, one upside down"),
    ((paper(), patch(), code(), paper()), "code", ((1,), (4,)), "both kinds of sheets"),
]


@pytest.mark.parametrize(("pages", "separator", "papers", "reason"), CASES, ids=[case[3] for case in CASES])
@pytest.mark.parametrize(("kind", "media_type"), [("PDF", PDF), ("TIFF", TIFF)])
def test_a_file_is_taken_apart(
    kind: str, media_type: str, pages: tuple[Image.Image, ...], separator: Any,
    papers: tuple[tuple[int, ...], ...], reason: str, settings: Settings, tmp_path: Any,
) -> None:  # fmt: skip
    path = tmp_path / "batch"
    path.write_bytes(file_of(*pages, kind=kind))
    found = taken_apart(path, "batch", media_type, settings, separator)
    assert found.pages == papers, reason
    for data, part in zip(found.files, papers, strict=True):
        with pikepdf.open(io.BytesIO(data)) as made:
            assert len(made.pages) == len(part)


def sent(client: FlaskClient, data: bytes, **more: Any) -> Any:
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/tai-len").text)
    assert found is not None
    body = {"file": (io.BytesIO(data), "lo.pdf"), **more}
    return client.post("/tai-len", data=body, headers={"X-Vanban": "1", "X-CSRFToken": found[1]})


def documents(store: Store) -> list[Document]:
    with store.db.reading() as session:
        return session.query(Document).filter(Document.id > 4).order_by(Document.id).all()


def test_each_paper_is_a_document_and_the_file_is_kept(sign_in: SignIn, filled: Store) -> None:
    data = file_of(paper(), bare(), paper())
    client = sign_in("clerk")
    answer = sent(client, data, separator="blank")
    assert answer.status_code == 200, answer.text
    told = answer.json["files"]
    assert [(one["name"], one["status"]) for one in told] == [("lo (1).pdf", "queued"), ("lo (2).pdf", "queued")]
    whole, *parts = documents(filled)
    assert (whole.status, [one.status for one in parts]) == ("withdrawn", ["queued", "queued"])
    assert content_store.original_path(filled, whole.sha256).read_bytes() == data
    # It never passed the gate: nothing of it is shown.
    assert client.get(f"/van-ban/{whole.id}/ban-goc").status_code == 409
    with filled.db.reading() as session:
        (row,) = session.query(AuditRow).filter(AuditRow.action == "withdraw").all()
    assert row.detail["reason"].endswith(f"→ #{parts[0].id}, #{parts[1].id}")
    held = set(content_store.all_originals(filled))
    assert len(sent(client, data, separator="blank").json["files"]) == 1
    assert {one.status for one in parts} == {"queued"} and len(
        set(content_store.all_originals(filled)) - held
    ) == 0


def test_a_mark_in_one_paper_takes_the_file_out(sign_in: SignIn, filled: Store) -> None:
    sent(sign_in("clerk"), file_of(paper(), bare(), paper()), separator="blank")
    whole, first, second = documents(filled)
    lease = records.claim(filled, "worker")
    assert lease is not None and lease.document_id == first.id
    records.refuse(filled, first.id, Problem("classified", name="lo (1).pdf", mark="MẬT"), lease)
    left = [content_store.has_original(filled, one.sha256) for one in (whole, first, second)]
    assert left == [False, False, True]


def test_a_limit_holds_for_file_and_papers(sign_in: SignIn, filled: Store) -> None:
    records.add_group(filled, "Nhân sự", "admin")
    sent(sign_in("admin"), file_of(paper(), bare(), paper()), separator="blank", group="Nhân sự")
    assert [one.limited for one in documents(filled)] == [True, True, True]
    clerk = sign_in("clerk")
    assert {clerk.get(f"/van-ban/{one.id}").status_code for one in documents(filled)} == {404}


def test_an_unknown_separator_is_refused(sign_in: SignIn, filled: Store) -> None:
    answer = sent(sign_in("clerk"), file_of(paper()), separator="staple")
    assert answer.status_code == 400 and documents(filled) == []
