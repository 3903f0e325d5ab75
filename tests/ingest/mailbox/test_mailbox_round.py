"""A mailbox on a real IMAP line: mails and attachments taken once, marked only when the store has them, by the
rules of their senders; what breaks in between loses and doubles nothing.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select

from corpus import records
from corpus.access import groups
from corpus.config import Settings
from corpus.database.models import Document, Enclosure
from corpus.database.origins import ArrivalOrigin
from corpus.database.store import Store, open_store
from corpus.errors import Problem
from corpus.tables import use_office_rows
from ingest import receive
from ingest.mailbox import imap
from ingest.mailbox.mailbox_round import MailMessage, MailWatcher
from ingest.worker.supervisor import run as work
from tests.forked_command import vanban
from tests.ingest.files import letters
from tests.ingest.mailbox_server import MailServer, running

DONE = "&ARAA4w- nh&Hq0-n"
"""`Đã nhận` in modified UTF-7."""
TEXT = "\n".join((*letters.HEAD, *letters.STATE, *letters.BODY, *letters.END)).encode()
SNV = "vanthu@snv.halongan.gov.vn"


def mail(subject: str = "Gửi kế hoạch", sender: str = SNV, *attached: tuple[str, bytes]) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Sở Nội vụ <{sender}>", "vt@kg.gov.vn", subject
    made["Date"] = "Thu, 09 May 2024 08:30:00 +0700"
    made.set_content(f"Gửi kèm {subject}.")
    for name, data in attached or (("Kế hoạch 47.txt", TEXT + subject.encode()),):
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(made)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running(MailServer({"INBOX": [], DONE: [], "Loi": []}, password="mat-khau-dai")) as started:
        yield started


@pytest.fixture
def store(tmp_path: Path, server: MailServer) -> Iterator[Store]:
    secret = tmp_path / "mat-khau"
    secret.write_text("mat-khau-dai\n")
    settings = Settings(
        _env_file=None, home=tmp_path / "home", mail_host="127.0.0.1", mail_port=server.port, mail_tls="off",
        mail_user=server.user, mail_password_file=str(secret),
    )  # fmt: skip
    opened = open_store(settings)
    yield opened
    opened.close()
    use_office_rows(tmp_path / "nowhere")


def changed(store: Store, **settings: object) -> Store:
    return Store(store.settings.model_copy(update=settings), store.db)


def look(store: Store, watcher: MailWatcher | None = None) -> list[MailMessage]:
    return list((watcher or MailWatcher(store, receive.UploadOptions("tester"), "vi")).round())


def kept(store: Store) -> dict[str, str]:
    with store.db.reading() as session:
        return {one.name: one.media_type for one in session.scalars(select(Document).order_by(Document.id))}


def count(store: Store, table: type) -> int:
    with store.db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_mail_is_the_cover_of_its_attachments_and_is_marked(store: Store, server: MailServer) -> None:
    letter = server.add(mail())
    assert [(one.name, one.words) for one in look(store)] == [
        ("Gửi kế hoạch.eml", "đã nhận"), ("Kế hoạch 47.txt", "đã nhận"),
    ]  # fmt: skip
    assert kept(store) == {"Gửi kế hoạch.eml": "message/rfc822", "Kế hoạch 47.txt": "text/plain"}
    assert (letter.flags, count(store, Enclosure)) == ({"\\Seen"}, 1)
    assert look(store) == [], "seen mails are not taken again"
    assert not any("BODY[]" in line and "PEEK" not in line for line in server.log)


def test_taken_and_refused_mails_go_to_their_folders(store: Store, server: MailServer) -> None:
    sorted_ = changed(store, mail_done_folder="Đã nhận", mail_failed_folder="Loi", max_upload_bytes=20_000)
    server.add(mail())
    server.add(mail("Lớn", SNV, ("a.txt", b"x" * 30_000)))
    server.add(b"From: a@b.vn\r\nSubject: x\r\n\r\n" + b"khong co gi")
    said = [(one.well, one.name) for one in look(sorted_)]
    assert said == [(True, "Gửi kế hoạch.eml"), (True, "Kế hoạch 47.txt"), (False, "thư 2"), (True, "x.eml")]
    done, failed = server.folders[DONE], server.folders["Loi"]
    assert server.folders["INBOX"] == [] and len(done) == 2
    assert [one.flags for one in failed] == [{"\\Seen", "\\Flagged"}]


def test_an_attachment_that_is_refused_flags_the_mail_which_is_kept(store: Store, server: MailServer) -> None:
    letter = server.add(mail("Bảng", SNV, ("a.xlsx", b"PK\x03\x04"), ("Kế hoạch.txt", TEXT)))
    assert [one.well for one in look(store)] == [True, False, True]
    assert letter.flags == {"\\Seen", "\\Flagged"} and len(kept(store)) == 2


@pytest.mark.parametrize(
    ("breaks", "reason"),
    [
        ("STORE", "the store has it, the mark does not come through"),
        ("BODY.PEEK", "the mail does not come through"),
        ("SEARCH", "nothing was asked yet"),
        ("LOGIN", "no sign-in"),
    ],
)
def test_a_line_that_breaks_loses_and_doubles_nothing(
    breaks: str, reason: str, store: Store, server: MailServer
) -> None:
    for n in range(3):
        server.add(mail(f"Thư {n}"))
    server.break_at = lambda line: breaks in line
    first = look(store)
    assert [one.well for one in first][-1] is False, reason
    assert all("\\Seen" not in one.flags for one in server.folders["INBOX"])
    server.break_at = lambda line: False
    look(store)
    assert all(one.flags == {"\\Seen"} for one in server.folders["INBOX"])
    assert (count(store, Document), count(store, Enclosure), count(store, ArrivalOrigin)) == (6, 3, 6)
    assert look(store) == []


def test_a_kill_between_mail_and_attachments_is_mended_by_the_next_round(store: Store, server: MailServer) -> None:
    """As after kill -9: the cover is there, its attachment is not."""
    letter = server.add(mail())
    real = receive._attachment
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receive, "_attachment", lambda *_: (_ for _ in ()).throw(SystemExit(9)))
        with pytest.raises(SystemExit):
            look(store)
    assert real is receive._attachment and letter.flags == set() and len(kept(store)) == 1
    look(store)
    assert (letter.flags, len(kept(store)), count(store, Enclosure)) == ({"\\Seen"}, 2, 1)


def test_rules_of_senders_limit_and_expect(store: Store, server: MailServer) -> None:
    records.add_group(store, "Ban Giám đốc", "admin")
    folder = store.settings.home / "data"
    folder.mkdir()
    (folder / "mail_senders.tsv").write_text(
        "sender\tissuer\tdirection\tgroups\n"
        "@snv.halongan.gov.vn\tSở Y tế tỉnh Hà Long An\tincoming\tBan Giám đốc\n"
        "*\t\tincoming\t\n"
    )
    use_office_rows(store.settings.home)
    server.add(mail())
    server.add(mail("Khác", "ai@noi.khac.vn"))
    look(store)
    work(store, jobs=1, once=True)
    with store.db.reading() as session:
        found = session.scalars(select(Document).order_by(Document.id)).all()
        limits = [groups.names_of(session, one.id) for one in found]
        known = [(one.sender, one.issuer, one.direction) for one in session.scalars(select(ArrivalOrigin))]
    assert limits == [("Ban Giám đốc",)] * 2 + [()] * 2
    assert known == [(SNV, "Sở Y tế tỉnh Hà Long An", "incoming")] * 2 + [("ai@noi.khac.vn", None, "incoming")] * 2
    paper, other = found[1], found[3]
    assert "issuer" in (paper.questions or []), "it is of Sở Nội vụ, and this sender sends those of Sở Y tế"
    assert [one["value"] for one in (paper.fields or {})["issuer"]["candidates"]][1] == "Sở Y tế tỉnh Hà Long An"
    assert [one["code"] for one in (paper.machine or {})["warnings"] if one["code"] == "issuer_unexpected"]
    assert not [one for one in (other.machine or {})["warnings"] if one["code"] == "issuer_unexpected"]
    told = (other.fields or {})["direction"]
    assert (told["value"], told["rule"], told["review"]) == ("incoming", "direction.sender", False)


def test_a_rule_with_a_group_that_is_not_there_keeps_the_mail_waiting(store: Store, server: MailServer) -> None:
    folder = store.settings.home / "data"
    folder.mkdir()
    (folder / "mail_senders.tsv").write_text("sender\tgroups\n*\tNhóm chưa có\n")
    use_office_rows(store.settings.home)
    letter = server.add(mail())
    watcher = MailWatcher(store, receive.UploadOptions("tester"), "vi")
    assert [one.well for one in look(store, watcher)] == [False]
    assert look(store, watcher) == [], "said once"
    assert letter.flags == set() and kept(store) == {}
    records.add_group(store, "Nhóm chưa có", "admin")
    look(store, watcher)
    assert letter.flags == {"\\Seen"} and len(kept(store)) == 2


def test_a_purged_mail_leaves_no_sender(store: Store, server: MailServer) -> None:
    server.add(mail("Mật", SNV, ("mat.txt", b"TUY\xe1\xbb\x86T M\xe1\xba\xacT\n" + TEXT)))
    look(store)
    work(store, jobs=1, once=True)
    with store.db.reading() as session:
        states = [one.status for one in session.scalars(select(Document))]
    assert states == ["refused", "refused"] and count(store, ArrivalOrigin) == 0


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"mail_host": ""}, "mail_unset"), ({"mail_password_file": "/khong/co"}, "mail_unset"),
        ({"mail_user": "ai"}, "mail_refused"), ({"mail_port": 1}, "mail_unreachable"),
        ({"mail_folder": "Không có"}, "not_found"), ({"mail_tls": "on"}, "mail_unreachable"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_without_the_password(
    settings: dict[str, object], code: str, store: Store, server: MailServer
) -> None:
    with pytest.raises(Problem) as caught, imap.opened(changed(store, **settings).settings):
        pass
    assert caught.value.code == code
    assert "mat-khau-dai" not in caught.value.message() + repr(caught.value.__cause__)


def test_a_line_with_the_offices_own_certificate(tmp_path: Path, store: Store, server: MailServer) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate = tmp_path / "ca.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    with running(MailServer({"INBOX": []}, password="mat-khau-dai", tls=context)) as secure:
        secure.add(mail())
        sealed = changed(store, mail_tls="on", mail_host="localhost", mail_port=secure.port)
        assert [one.well for one in look(sealed)] == [False], "an unknown issuer"
        assert [one.well for one in look(changed(sealed, mail_ca_file=str(certificate)))] == [True, True]


def test_the_command(store: Store, server: MailServer) -> None:
    server.add(mail())
    told = store.settings
    environment = {
        "VANBAN_MAIL_HOST": told.mail_host, "VANBAN_MAIL_PORT": str(told.mail_port), "VANBAN_MAIL_TLS": "off",
        "VANBAN_MAIL_USER": told.mail_user, "VANBAN_MAIL_PASSWORD_FILE": told.mail_password_file,
    }  # fmt: skip
    seen = vanban(told.home, "mail", "check", "--json", **environment)
    assert '"unseen": 1' in seen.stdout
    done = vanban(told.home, "mail", "watch", "--once", **environment)
    assert (done.returncode, done.stdout.count("đã nhận")) == (0, 2), done.stderr
    assert '"unseen": 0' in vanban(told.home, "mail", "check", "--json", **environment).stdout
    failed = vanban(told.home, "mail", "watch", "--once")
    assert failed.returncode == 1 and "VANBAN_MAIL_HOST" in failed.stderr
    assert "mat-khau-dai" not in done.stdout + done.stderr + failed.stderr
