"""Each way in × each kind of file: it is kept byte for byte, bears its media type,
and a mail brings what came with it.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from corpus.config import Settings
from corpus.database.models import Document, Enclosure
from corpus.database.store import Store, open_store
from corpus.file_types import ACCEPTED, FILE_TYPES, READABLE, TAKEN, ZIP
from corpus.originals import content_store
from ingest import receive
from ingest.watching.folder import Watcher
from tests.forked_command import vanban
from tests.ingest.files import letters
from tests.ingest.files.test_docx import BODY, head
from tests.ingest.making import LETTER, Make, as_bytes, printed
from tests.web.test_accept_door import token
from web.formats import edxml

SignIn = Callable[[str], FlaskClient]
TEXT = "\n".join((*letters.HEAD, *letters.STATE, *letters.BODY, *letters.END)).encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"\xec\xa5" + bytes(3000)


def mail() -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "snv@halongan.gov.vn", "vt@halongan.gov.vn", "Gửi kế hoạch"
    made["Date"] = "Thu, 09 May 2024 08:30:00 +0700"
    made.set_content("Gửi kèm.")
    made.add_attachment(TEXT, maintype="text", subtype="plain", filename="Kế hoạch số 47.txt")
    made.add_attachment(b"x", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    return bytes(made)


def message(paper: bytes = TEXT + b"\n\n", name: str = "Kế hoạch 47.txt") -> bytes:
    """An edXML message with a paper and nothing to enclose."""
    found = Document(
        id=1, number="47/KH-SNV", date="2024-05-09", issuer="Sở Nội vụ tỉnh Kiên Giang", doc_type="Kế hoạch",
        subject="Lưu trữ", fields={}, page_count=1,
    )  # fmt: skip
    return edxml.envelope(found, [], [edxml.AttachedFile(name, "text/plain", paper)])


def made(ending: str, make: Make) -> bytes:
    """A file of the kind that has this ending."""
    if ending in (".tif", ".png", ".jpg"):
        return as_bytes(printed(dpi=100), {".tif": "TIFF", ".png": "PNG", ".jpg": "JPEG"}[ending])
    files: dict[str, Callable[[], bytes]] = {
        ".pdf": lambda: make.pdf(make.text(LETTER)).read_bytes(),
        ".docx": lambda: make.docx(head() + BODY).read_bytes(),
        ".doc": lambda: OLE,
        ".rtf": letters.rtf_letter,
        ".odt": letters.odt_letter,
        ".eml": mail,
        ".edxml": message,
        ".txt": lambda: TEXT + b"\n",
        ".md": lambda: b"# " + TEXT,
    }
    return files[ending]()


@dataclass
class Desk:
    """The ways in; each takes files by their names."""

    store: Store
    client: FlaskClient
    folder: Path

    def _post(self, path: str, files: dict[str, bytes]) -> None:
        sent = {"file": [(io.BytesIO(data), name) for name, data in files.items()]}
        self.client.post(path, data=sent, headers=token(self.client))

    def page(self, files: dict[str, bytes]) -> None:
        self._post("/tai-len", files)

    def api(self, files: dict[str, bytes]) -> None:
        self._post("/api/documents", files)

    def zip(self, files: dict[str, bytes]) -> None:
        """One archive that holds the files packed, and one for each that holds it as it is."""
        packed = {}
        for number, (name, data) in enumerate(files.items()):
            stream = io.BytesIO()
            with zipfile.ZipFile(
                stream, "w", zipfile.ZIP_DEFLATED if number % 2 else zipfile.ZIP_STORED
            ) as package:
                package.writestr(name, data)
            packed[f"{number}.zip"] = stream.getvalue()
        self.api(packed)

    def _laid(self, files: dict[str, bytes]) -> list[Path]:
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        return [self.folder / name for name in files]

    def cli(self, files: dict[str, bytes]) -> None:
        vanban(self.store.settings.home, "ingest", "-j", "2", *map(str, self._laid(files)))

    def watch(self, files: dict[str, bytes]) -> None:
        laid = self._laid(files)
        store = open_store(self.store.settings.model_copy(update={"watch_settle_seconds": 0.05}))
        watcher, until = Watcher(store, self.folder, receive.UploadOptions("tester"), "vi"), time.monotonic() + 300
        while any(path.exists() for path in laid) and time.monotonic() < until:
            list(watcher.round())
            time.sleep(0.02)
        store.close()


@pytest.fixture
def make(tmp_path: Path) -> Make:
    folder = tmp_path / "made"
    folder.mkdir()
    return Make(folder)


@pytest.fixture
def desk(filled: Store, sign_in: SignIn, tmp_path: Path) -> Desk:
    folder = tmp_path / "hop-thu"
    folder.mkdir()
    return Desk(filled, sign_in("clerk"), folder)


ENDINGS = {one.endings[0]: one.media_type for one in FILE_TYPES if one.media_type != ZIP}


def name_of(ending: str) -> str:
    return f"Kế hoạch {ending.removeprefix('.')}{ending}"


@pytest.mark.parametrize("way", ["page", "api", "zip", "cli", "watch"])
def test_every_way_in_takes_every_kind(desk: Desk, make: Make, way: str) -> None:
    files = {name_of(ending): made(ending, make) for ending in ENDINGS}
    getattr(desk, way)(files)
    with desk.store.db.reading() as session:
        held = {one.name: one for one in session.scalars(select(Document).where(Document.name.in_(files)))}
        enclosed = session.execute(select(Document.name, Document.media_type, Enclosure.name,
            Enclosure.cover_id).join(
            Enclosure, Enclosure.document_id == Document.id)).all()  # fmt: skip
    for ending, media_type in ENDINGS.items():
        found, data = held[name_of(ending)], files[name_of(ending)]
        assert found.media_type == media_type and found.size == len(data), ending
        assert content_store.original_path(desk.store, found.sha256).read_bytes() == data, ending
    cover = held[name_of(".eml")].id
    assert [tuple(row) for row in enclosed] == [("Kế hoạch số 47.txt", "text/plain", "Kế hoạch số 47.txt", cover)]
    if way == "cli":
        _downloaded(desk, held, files)


def _downloaded(desk: Desk, held: dict[str, Document], files: dict[str, bytes]) -> None:
    """What was read is downloaded as it came, and has a page."""
    for ending in (".odt", ".rtf", ".docx", ".eml", ".txt"):
        number = held[name_of(ending)].id
        answer = desk.client.get(f"/api/documents/{number}/original")
        assert answer.data == files[name_of(ending)] and answer.mimetype == ENDINGS[ending], ending
        assert "attachment" in answer.headers["Content-Disposition"]
        assert desk.client.get(f"/van-ban/{number}", follow_redirects=True).status_code == 200


def test_a_mail_and_what_came_with_it_lead_to_each_other(desk: Desk) -> None:
    desk.cli({"thu.eml": mail()})
    with desk.store.db.reading() as session:
        cover, letter = session.execute(select(Enclosure.cover_id, Enclosure.document_id)).one()
    page = desk.client.get(f"/van-ban/{cover}", follow_redirects=True).text
    assert "Tệp kèm theo thư" in page and f"/van-ban/{letter}" in page and "47/KH-SNV" in page
    page = desk.client.get(f"/van-ban/{letter}", follow_redirects=True).text
    assert "Thư chuyển đến" in page and f"/van-ban/{cover}" in page
    told = desk.client.get(f"/api/documents/{cover}").json
    assert (
        told["enclosed"] == [{"id": letter, "name": "Kế hoạch số 47.txt", "status": "review"}]
        and told["covers"] == []
    )
    told = desk.client.get(f"/api/documents/{letter}").json
    assert [one["id"] for one in told["covers"]] == [cover] and told["enclosed"] == []


def test_winmail_is_refused_by_name_and_the_rest_is_taken(desk: Desk) -> None:
    sent = {"file": (io.BytesIO(mail()), "thu.eml")}
    told = desk.client.post("/api/documents", data=sent, headers=token(desk.client)).json["files"]
    assert [(one["name"], one["status"], one["code"]) for one in told] == [
        ("thu.eml", "queued", None), ("Kế hoạch số 47.txt", "queued", None), ("winmail.dat", "refused", "winmail"),
    ]  # fmt: skip
    assert "Outlook" in told[-1]["message"]


def test_mails_within_mails_end_somewhere(desk: Desk) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "a@b.vn", "0"
    inner.set_content("x")
    for n in range(1, 9):
        outer = EmailMessage()
        outer["From"], outer["Subject"] = "a@b.vn", str(n)
        outer.set_content(f"x{n}")
        outer.add_attachment(inner)
        inner = outer
    sent = {"file": (io.BytesIO(bytes(inner)), "thu.eml")}
    told = desk.client.post("/api/documents", data=sent, headers=token(desk.client)).json["files"]
    assert [one["code"] for one in told] == [None] * 6 + ["unsafe_mail"]


def test_what_people_read_names_the_same_kinds(desk: Desk, settings: Settings) -> None:
    page = desk.client.get("/tai-len").text
    assert f'accept="{ACCEPTED}"' in page and TAKEN in page
    said = vanban(settings.home, "read", "--help").stdout
    assert READABLE in " ".join(said.split())
    assert READABLE in (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
