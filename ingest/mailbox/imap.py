"""A mailbox by IMAP (RFC 3501, RFC 6851): unseen mails, their bytes, marks and moves; standard library only."""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.config import Settings
from corpus.errors import Problem

_TIMEOUT = 60.0
"""Seconds of silence after which a server counts as unreachable."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,19})")
_MOST_PASSWORD = 4096
"""Bytes of a password file."""
_FAILURES = (imaplib.IMAP4.error, OSError, ssl.SSLError, EOFError)


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """A folder that is open on the server; every method raises Problem("mail_unreachable") if the line breaks."""

    connection: imaplib.IMAP4
    host: str

    def unseen(self) -> list[bytes]:
        """UIDs of the mails nobody has seen, oldest first."""
        data = self._call("SEARCH", None, "UNSEEN")
        return sorted((data[0] or b"").split(), key=int)

    def size_of(self, uid: bytes) -> int:
        """Bytes of a mail; 0 if the server does not say."""
        for part in self._call("FETCH", uid.decode(), "(RFC822.SIZE)"):
            text = b" ".join(part) if isinstance(part, tuple) else part or b""
            if found := _SIZE.search(text):
                return int(found[1])
        return 0

    def bytes_of(self, uid: bytes) -> bytes | None:
        """The mail as the server keeps it, left unseen; None if it is gone by now."""
        parts = self._call("FETCH", uid.decode(), "(BODY.PEEK[])")
        return next((bytes(part[1]) for part in parts if isinstance(part, tuple) and len(part) > 1), None)

    def mark(self, uid: bytes, *, flagged: bool) -> None:
        """Mark a mail as seen, and as one for people to look at."""
        self._call("STORE", uid.decode(), "+FLAGS.SILENT", r"(\Seen \Flagged)" if flagged else r"(\Seen)")

    def move(self, uid: bytes, folder: str) -> None:
        """Move a mail to another folder; by copy and deletion mark where the server can't move."""
        target = _quote(folder)
        if "MOVE" in self.connection.capabilities:
            self._call("MOVE", uid.decode(), target)
            return
        self._call("COPY", uid.decode(), target)
        self._call("STORE", uid.decode(), "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self.connection.capabilities:
            # Without it an EXPUNGE would take away what other people have marked.
            self._call("EXPUNGE", uid.decode())

    def _call(self, command: str, *args: Any) -> list[Any]:
        with _line_to(self.host):
            state, data = self.connection.uid(command, *args)
            if state != "OK":
                raise Problem("mail_unreachable", name=self.host, why=f"{command}: {state}")
            return list(data)


@contextmanager
def opened(settings: Settings) -> Iterator[ImapMailbox]:
    """The mailbox that the settings name, signed in, its folder selected.

    Raises Problem: mail_unset, mail_unreachable, mail_refused; not_found for a folder that is not there.
    """
    password = password_of(settings)
    if not settings.mail_host or not settings.mail_user or not password:
        raise Problem("mail_unset")
    host = settings.mail_host
    with _line_to(host):
        connection = _CONNECT[settings.mail_tls](settings)
    try:
        if (fault := _sign_in(connection, settings, password)) is not None:
            raise fault
        with _line_to(host):
            state, _ = connection.select(_quote(settings.mail_folder))
        if state != "OK":
            raise Problem("not_found", what=settings.mail_folder)
        yield ImapMailbox(connection, host)
    finally:
        with suppress(*_FAILURES):
            connection.logout()


def _sign_in(connection: imaplib.IMAP4, settings: Settings, password: str) -> Problem | None:
    """Sign in; the fault, without the server's words, which may repeat what was sent."""
    try:
        connection.login(settings.mail_user, password)
    except (imaplib.IMAP4.abort, OSError, EOFError):
        return Problem("mail_unreachable", name=settings.mail_host, why="LOGIN")
    except imaplib.IMAP4.error:
        return Problem("mail_refused", name=settings.mail_host, user=settings.mail_user)
    return None


def password_of(settings: Settings) -> str:
    """The password: of the file if one is set, without its line end, else of the setting.

    Raises Problem("mail_unset") for a file that can't be read.
    """
    if not settings.mail_password_file:
        return settings.mail_password.get_secret_value()
    try:
        with Path(settings.mail_password_file).open("rb") as file:
            return file.read(_MOST_PASSWORD).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem("mail_unset") from error


@contextmanager
def _line_to(host: str) -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        why = str(error)[:100] or type(error).__name__
        raise Problem("mail_unreachable", name=host, why=why) from error.with_traceback(None)


def _by_tls(settings: Settings) -> imaplib.IMAP4:
    return imaplib.IMAP4_SSL(
        settings.mail_host, settings.mail_port, ssl_context=_trust(settings), timeout=_TIMEOUT
    )


def _by_starttls(settings: Settings) -> imaplib.IMAP4:
    connection = imaplib.IMAP4(settings.mail_host, settings.mail_port, timeout=_TIMEOUT)
    connection.starttls(_trust(settings))
    return connection


def _in_clear(settings: Settings) -> imaplib.IMAP4:
    return imaplib.IMAP4(settings.mail_host, settings.mail_port, timeout=_TIMEOUT)


_CONNECT: dict[str, Callable[[Settings], imaplib.IMAP4]] = {
    "on": _by_tls, "starttls": _by_starttls, "off": _in_clear,
}  # fmt: skip


def _trust(settings: Settings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.mail_ca_file or None)


def _quote(folder: str) -> str:
    """A folder's name as a quoted string in modified UTF-7 (RFC 3501, 5.1.3)."""
    name = re.sub("[^\x20-\x7e]+", _shift, folder.replace("&", "&-"))
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shift(letters: re.Match[str]) -> str:
    coded = base64.b64encode(letters[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
    return f"&{coded}-"
