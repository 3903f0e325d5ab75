"""Pages of an electronic mail (.eml): header as page 1, then text; attachments go along for the secrecy gate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.config import Settings
from corpus.document import MAIL
from corpus.errors import Problem
from ingest.files.html_text import html_text
from ingest.files.mail_parts import Attachment, Mail, mail_of
from ingest.files.page import MailHead, RawFile
from ingest.files.plain_text import text_file
from ingest.sandbox.child import Progress, deadline

_SECONDS = 60.0


def open_mail(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """The mail's header as page 1 and its text as page 2.

    Raises Problem("unsafe_mail"), Problem("truncated"), Problem("unsafe_content").
    """
    with deadline(_SECONDS):
        mail = mail_of(path.read_bytes(), name)
        text = html_text(mail.text) if mail.is_html else mail.text
    head = _head_of(mail)
    file = text_file(["\n".join(head.lines), *text.split("\f")], name)
    return RawFile(
        file.count, file.pages, mail=head, enclosed=tuple((one.name, one.data) for one in mail.attachments)
    )


def _head_of(mail: Mail) -> MailHead:
    sent = mail.sent
    lines = [
        MAIL.upper(), f"Từ: {mail.sender}", f"Đến: {'; '.join(mail.to)}",
        *([f"Đồng gửi: {'; '.join(mail.copies)}"] if mail.copies else []),
        f"Ngày gửi: {sent:%d/%m/%Y %H:%M}" if sent else "Ngày gửi: không rõ", f"Tiêu đề: {mail.subject}",
        *(["Tệp kèm theo:"] if mail.attachments else []), *(f"- {one.name}" for one in mail.attachments),
    ]  # fmt: skip
    return MailHead(mail.sender, mail.to, mail.copies, sent.date() if sent else None, mail.subject, tuple(lines))


def attachments_of(path: Path, name: str, progress: Progress | None = None) -> tuple[Attachment, ...]:
    """Attachments of a mail; runs in a child, since it parses foreign input. Raises Problem."""
    with deadline(_SECONDS):
        return mail_of(path.read_bytes(), name).attachments


def check_attachments(attachments: tuple[Attachment, ...], most_bytes: int, name: str) -> None:
    """Check the attachments' total size. Raises Problem("unsafe_mail") for more than an archive may have."""
    if sum(len(one.data) for one in attachments) > most_bytes:
        raise Problem("unsafe_mail", name=name, what=f"tệp kèm theo quá {most_bytes >> 20} MB")


@dataclass(frozen=True, slots=True)
class MailSender:
    """Address and subject of a mail's header."""

    address: str
    subject: str


def sender_of(path: Path, name: str, progress: Progress | None = None) -> MailSender:
    """Sender and subject of a mail; runs in a child, since it parses foreign input. Raises Problem."""
    with deadline(_SECONDS):
        mail = mail_of(path.read_bytes(), name)
    return MailSender(mail.sender.rpartition("<")[2].rstrip(">").strip()[:320], mail.subject)
