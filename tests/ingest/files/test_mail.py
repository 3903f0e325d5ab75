"""Electronic mails: header, names of attachments in every spelling, bounds, and what the gate sees in them."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest

from corpus.config import Settings
from corpus.document import Reading, open_questions
from corpus.errors import Problem
from ingest import pipeline
from ingest.files.mail_parts import mail_of
from tests.ingest.files import letters
from tests.ingest.making import LETTER, Make, as_bytes, printed, stamp, stamped

SETTINGS = Settings(_env_file=None)
TEXT = "\n".join((*letters.HEAD, *letters.STATE, *letters.BODY, *letters.END))


def mail(text: str = "Gửi kèm kế hoạch.", subject: str = "Gửi Kế hoạch tập huấn") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Sở Nội vụ <snv@halongan.gov.vn>"
    made["To"] = "Văn thư <vt@halongan.gov.vn>, vp@halongan.gov.vn"
    made["Subject"] = subject
    made["Date"] = "Wed, 08 May 2024 23:30:00 +0000"
    made.set_content(text)
    return made


def attach(made: EmailMessage, name: str, data: bytes, kind: str = "application/octet-stream") -> EmailMessage:
    main, _, sub = kind.partition("/")
    made.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return made


def read(path: Path) -> Reading:
    return pipeline.read_safely(path, path.name, SETTINGS)


def raw(*headers: str, body: str = "x") -> bytes:
    return "\r\n".join(("From: a@b.vn", "MIME-Version: 1.0", *headers, "", body)).encode(
        "utf-8", "surrogateescape"
    )


def test_a_mail_with_attachments_is_their_cover(make: Make) -> None:
    made = attach(mail(), "Kế hoạch số 47.txt", TEXT.encode())
    reading = read(make.file("a.eml", bytes(made)))
    found = reading.fields
    values = (found.doc_type, found.date, found.subject, found.issuer)
    assert [one and (one.value, one.review) for one in values] == [
        ("Thư điện tử", False), ("2024-05-09", False), ("Gửi Kế hoạch tập huấn", False),
        ("Sở Nội vụ <snv@halongan.gov.vn>", False),
    ]  # fmt: skip
    assert found.number is None and open_questions(reading) == () and reading.warnings == ()
    assert [one.value for one in found.addressees] == ["Văn thư <vt@halongan.gov.vn>", "vp@halongan.gov.vn"]
    assert reading.citations == (), "the name of an attachment is no citation"
    assert "- Kế hoạch số 47.txt" in reading.pages[0].text and reading.pages[1].text == "Gửi kèm kế hoạch."


@pytest.mark.parametrize("html", [False, True])
def test_a_letter_in_the_mails_own_text_is_the_document(make: Make, html: bool) -> None:
    made = mail(TEXT)
    if html:
        shown = "".join(f"<p>{line or '&nbsp;'}</p>" for line in TEXT.split("\n"))
        made.set_content(f"<html><style>p {{}}</style><script>x</script>{shown}</html>", subtype="html")
    found = read(make.file("a.eml", bytes(made))).fields
    assert found.number and (found.number.value, found.number.review, found.number.page) == ("47/KH-SNV", False, 2)
    assert found.doc_type and found.doc_type.value == "Kế hoạch"
    assert found.signer.name and found.signer.name.value == "Lê Thử Nghiệm"


NAME = "Kế hoạch số 5.pdf"
WORD = base64.b64encode(NAME.encode()).decode()
PERCENT = "".join(f"%{byte:02X}" for byte in NAME.encode())
NAMES = [
    ("RFC 2231", f"Content-Disposition: attachment; filename*=UTF-8''{PERCENT}", NAME),
    ("RFC 2231 in pieces",
     f"Content-Disposition: attachment;\r\n filename*0*=UTF-8''{PERCENT[:30]};\r\n filename*1*={PERCENT[30:]}",
     NAME),
    ("an encoded word", f'Content-Disposition: attachment; filename="=?UTF-8?B?{WORD}?="', NAME),
    ("two encoded words", '=?UTF-8?Q?K=E1=BA=BF_ho?= =?UTF-8?Q?=E1=BA=A1ch?=', "Kế hoạch"),
    ("bare UTF-8", f'Content-Disposition: attachment; filename="{NAME}"', NAME),
    ("the type's name", f'Content-Type: application/pdf; name="=?UTF-8?B?{WORD}?="', NAME),
    ("folders are cut off", 'Content-Disposition: attachment; filename="..\\\\..\\\\etc/a.pdf"', "a.pdf"),
    ("control and direction characters are taken out",
     'Content-Disposition: attachment; filename="a\u202e\u0007fdp.pdf"', "a fdp.pdf"),
    ("without a name", "Content-Type: application/pdf\r\nContent-Disposition: attachment", "Tệp kèm 1.pdf"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "header", "expected"), NAMES, ids=[row[0] for row in NAMES])
def test_names_of_attachments(why: str, header: str, expected: str) -> None:
    if header.startswith("=?"):
        header = f'Content-Disposition: attachment; filename="{header}"'
    if "Content-Type" not in header:
        header = f"Content-Type: application/pdf\r\n{header}"
    part = f"--x\r\n{header}\r\n\r\n%PDF-\r\n--x--\r\n"
    found = mail_of(raw("Content-Type: multipart/mixed; boundary=x", body=part), "a.eml")
    assert [one.name for one in found.attachments] == [expected], why


def test_subject_and_sender_in_every_spelling() -> None:
    found = mail_of(raw("Subject: =?windows-1258?Q?K=EA=EC?= =?UTF-8?B?IGhv4bqhY2g=?=", "Date: nonsense"), "a.eml")
    assert found.sent is None and found.subject.endswith("hoạch") and found.sender == "a@b.vn"


def test_logos_signatures_and_receipts_are_no_documents() -> None:
    made = mail()
    made.add_alternative("<img src='cid:logo'>", subtype="html")
    html = made.get_payload()[1]  # type: ignore[index]
    html.add_related(as_bytes(printed().resize((40, 40)), "PNG"), "image", "png", cid="<logo>")  # type: ignore[union-attr, operator]
    made.make_mixed()
    attach(made, "smime.p7s", b"x", "application/pkcs7-signature")
    attach(made, "b.txt", b"abc")
    assert [one.name for one in mail_of(bytes(made), "a.eml").attachments] == ["b.txt"]


def test_a_mail_within_a_mail_is_an_attachment_of_its_own() -> None:
    outer = mail()
    outer.add_attachment(attach(mail(subject="Thư trước"), "b.txt", b"abc"))
    (inner,) = mail_of(bytes(outer), "a.eml").attachments
    assert inner.name == "Thư trước.eml"
    assert [one.name for one in mail_of(inner.data, inner.name).attachments] == ["b.txt"]


def many(count: int) -> bytes:
    part = "--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\na\r\n"
    return raw("Content-Type: multipart/mixed; boundary=x", body=part * count + "--x--\r\n")


def deep(count: int) -> bytes:
    body = "x"
    for n in range(count):
        body = f"--b{n}\r\n{body}\r\n--b{n}--\r\n"
        body = f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n{body}" if n < count - 1 else body
    return raw(f"Content-Type: multipart/mixed; boundary=b{count - 1}", body=body)


BAD = [
    ("a thousand attachments", lambda: many(1000), "unsafe_mail"),
    ("parts within parts", lambda: deep(60), "unsafe_mail"),
    ("no header", lambda: b"\x00\x01\x02", "type_mismatch"),
    ("a picture under the ending of a mail", lambda: as_bytes(printed(), "PNG"), "type_mismatch"),
    ("prose", lambda: "Kính gửi các anh chị".encode(), "type_mismatch"),
]


@pytest.mark.parametrize(("why", "made", "code"), BAD, ids=[row[0] for row in BAD])
def test_bad_mails_get_a_coded_answer(make: Make, why: str, made: object, code: str) -> None:
    with pytest.raises(Problem) as refused:
        read(make.file("a.eml", made()))  # type: ignore[operator]
    assert refused.value.code == code, why


def test_broken_mails_lose_nothing_that_is_there() -> None:
    whole = bytes(attach(mail(), "b.txt", b"abcdef"))
    for cut in range(40, len(whole), 37):
        mail_of(whole[:cut], "a.eml")
    found = mail_of(
        raw("Content-Transfer-Encoding: base64", "Content-Type: text/plain; charset=khong-co", body="@@@"), "a.eml"
    )
    assert found.attachments == ()


def secret(kind: str) -> EmailMessage:
    if kind == "text":
        return attach(mail(), "a.txt", f"TỐI MẬT\n{LETTER}".encode())
    if kind == "a mail within":
        outer = mail()
        outer.add_attachment(secret("text"))
        return outer
    if kind == "scan":
        return attach(
            mail(),
            "a.png",
            as_bytes(stamped(printed(dpi=200), stamp("TỐI MẬT", 200), (0.1, 0.2)), "PNG"),
            "image/png",
        )
    return mail(text="TUYỆT MẬT\nNội dung")


@pytest.mark.parametrize("kind", ["text", "scan", "a mail within", "the mail's own text"])
def test_the_gate_sees_what_came_with_it(make: Make, kind: str) -> None:
    """The mail holds the bytes of its attachments: kept, it would keep the secret that was refused as a
    document.
    """
    with pytest.raises(Problem) as refused:
        read(make.file("a.eml", bytes(secret(kind))))
    assert refused.value.code == "classified"


def test_an_attachment_that_cannot_be_opened_costs_the_mail_nothing(make: Make) -> None:
    made = attach(attach(mail(), "a.docx", b"PK\x03\x04"), "b.bin", bytes(100))
    assert read(make.file("a.eml", bytes(made))).fields.subject
