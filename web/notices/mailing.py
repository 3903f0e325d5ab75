"""The way to the mail server (SMTP): one connection for some letters, secured as the settings say."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate

from corpus.config import Settings
from web.notices.letters import NoticeLetter

FAILURES = (OSError, smtplib.SMTPException, ValueError)
"""Errors of a server that can't be reached or won't take a letter; ValueError: its address can't be written."""


def message(letter: NoticeLetter, settings: Settings, notice_id: int) -> EmailMessage:
    """A letter as a mail; sent twice after a crash it bears one Message-ID, by which programs see it once.

    Raises ValueError for an address with a line break.
    """
    made = EmailMessage()
    host = settings.smtp_from.rpartition("@")[2] or "vanban.invalid"
    made["Message-ID"] = f"<vanban-notice-{notice_id}@{host}>"
    made["From"], made["To"] = settings.smtp_from, letter.address
    made["Subject"] = " ".join(letter.subject.split())
    made["Date"] = formatdate()
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text)
    return made


@contextmanager
def connection(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server, signed in if the settings name an account; raises FAILURES."""
    seconds, where = settings.smtp_seconds, (settings.smtp_host, settings.smtp_port)
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if settings.smtp_security == "tls":
        server = smtplib.SMTP_SSL(*where, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(*where, timeout=seconds)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        yield server
