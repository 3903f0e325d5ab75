"""Parsing of an electronic mail (RFC 5322, 2045–2049, 2047, 2231): header, text, and named attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32, compat32
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime

from corpus.errors import Problem
from corpus.file_types import FILE_TYPES
from ingest.files.member_names import decoded

MOST_ATTACHMENTS = 200
_MOST_PARTS = 1000
_MOST_DEPTH = 20
_MOST_LETTERS = 1000
"""Letters of a decoded header field."""
_MOST_NAMED = 200
VIETNAM = timezone(timedelta(hours=7))
_LITTER = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "text/calendar",
     "message/delivery-status", "text/rfc822-headers", "message/external-body"}
)  # fmt: skip
"""Parts that programs add to a mail; they are no documents."""
_PICTURE_BYTES = 60_000
"""Size below which a picture embedded in the mail's HTML is a logo or an emoticon."""
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
WINMAIL = "winmail.dat"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_SPACES = re.compile(r"\s+")
_ENDINGS = {one.media_type: one.endings[0] for one in FILE_TYPES}


class _Policy(Compat32):
    """Python's lenient policy, with header fields in bare bytes, which no standard allows, decoded to Unicode."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError:
            return _decode(value.encode("utf-8", "surrogateescape"), None)
        return value


_POLICY = _Policy(max_line_length=0)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to a mail: name as the sender gave it, and bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """Content of a mail: decoded header fields, sending time in Việt Nam time, text, attachments."""

    sender: str
    to: tuple[str, ...]
    copies: tuple[str, ...]
    sent: datetime | None
    subject: str
    text: str
    is_html: bool
    attachments: tuple[Attachment, ...]


def mail_of(data: bytes, name: str) -> Mail:
    """Parse a mail. Raises Problem("unsafe_mail") beyond the bounds, Problem("truncated") if it is no mail."""
    try:
        message = message_from_bytes(_without_mailbox_line(data), policy=_POLICY)
        parts = list(_leaves(message, name))
        plain, rich, attached = _sort_parts(parts, name)
        sent = _moment(_field(message, "Date"))
        return Mail(
            _people(message, "From")[0] if _people(message, "From") else "", _people(message, "To"),
            _people(message, "Cc"), sent, _field(message, "Subject"), plain or rich, not plain and bool(rich),
            attached,
        )  # fmt: skip
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Problem("truncated", name=name) from error


def _without_mailbox_line(data: bytes) -> bytes:
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return data.partition(b"\n")[2] if data.startswith(b"From ") else data


@dataclass(frozen=True, slots=True)
class _Leaf:
    part: Message
    related: bool
    """True within the parts that the mail's HTML shows."""


def _leaves(message: Message, name: str) -> Iterator[_Leaf]:
    """Leaf parts in order; an attached mail is one leaf. Raises Problem("unsafe_mail")."""
    waiting: list[tuple[Message, bool, int]] = [(message, False, 0)]
    seen = 0
    while waiting:
        part, related, depth = waiting.pop(0)
        seen += 1
        if seen > _MOST_PARTS:
            raise Problem("unsafe_mail", name=name, what=f"quá {_MOST_PARTS} phần")
        if depth > _MOST_DEPTH:
            raise Problem("unsafe_mail", name=name, what="lồng quá nhiều tầng")
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            inside = related or part.get_content_subtype() == "related"
            children = [(child, inside, depth + 1) for child in payload if isinstance(child, Message)]
            waiting = children + waiting
        else:
            yield _Leaf(part, related)


def _sort_parts(parts: list[_Leaf], name: str) -> tuple[str, str, tuple[Attachment, ...]]:
    """Sort the parts into plain text, HTML and attachments."""
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    attached: list[Attachment] = []
    for leaf in parts:
        kind, disposition = leaf.part.get_content_type(), leaf.part.get_content_disposition()
        if kind in texts and disposition != "attachment" and not _name(leaf.part):
            texts[kind].append(_text(leaf.part))
        elif kind not in _LITTER and (made := _attachment(leaf, len(attached) + 1)) is not None:
            attached.append(made)
        if len(attached) > MOST_ATTACHMENTS:
            raise Problem("unsafe_mail", name=name, what=f"quá {MOST_ATTACHMENTS} tệp kèm theo")
    return "\n".join(texts["text/plain"]).strip(), "\n".join(texts["text/html"]), tuple(attached)


def _attachment(leaf: _Leaf, number: int) -> Attachment | None:
    part, kind = leaf.part, leaf.part.get_content_type()
    payload = part.get_payload()
    if kind == "message/rfc822" and isinstance(payload, list):
        inner = payload[0] if payload else None
        if not isinstance(inner, Message):
            return None
        title = _name(part) or f"{_field(inner, 'Subject') or f'Thư kèm {number}'}"
        return Attachment(_with_ending(title, ".eml"), inner.as_bytes(policy=compat32.clone(max_line_length=0)))
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data:
        return None
    if leaf.related and kind.startswith("image/") and part.get("Content-ID") and len(data) < _PICTURE_BYTES:
        return None
    name = WINMAIL if kind in _TNEF else _name(part)
    return Attachment(name or f"Tệp kèm {number}{_ENDINGS.get(kind, '.bin')}", data)


def _with_ending(name: str, ending: str) -> str:
    return name if name.lower().endswith(ending) else f"{name[:_MOST_NAMED]}{ending}"


def _name(part: Message) -> str:
    """File name of a part by RFC 2231, else from encoded words or bare letters (many programs); "" without."""
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        value = part.get_param(parameter, header=header.lower())
        if value:
            said = value if isinstance(value, str) else collapse_rfc2231_value(value, "replace")
            name = _readable(said).replace("\\", "/").rpartition("/")[2].strip()
            if name:
                return name if len(name) <= 255 else f"{name[:_MOST_NAMED]}…{name[-40:]}"
    return ""


def _field(message: Message, name: str) -> str:
    return _readable(str(message.get(name, "")))


def _readable(value: str) -> str:
    """A header's value in Unicode on one line, without control and direction characters."""
    pieces = []
    for piece, charset in decode_header(value):
        data = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        pieces.append(_decode(data, charset))
    return _SPACES.sub(" ", _CONTROL.sub(" ", "".join(pieces))).strip()[:_MOST_LETTERS]


def _decode(data: bytes, charset: str | None) -> str:
    if charset and charset.lower() not in ("unknown-8bit", "us-ascii"):
        try:
            return data.decode(charset, "replace")
        except LookupError:
            pass
    return decoded(data) or data.decode("utf-8", "replace")


def _people(message: Message, name: str) -> tuple[str, ...]:
    """Persons or bodies in an address field: displayed name and address."""
    values = [str(value) for value in message.get_all(name, [])]
    found = ((_readable(shown), _readable(address)) for shown, address in getaddresses(values)[:_MOST_NAMED])
    return tuple(
        f"{shown} <{address}>" if shown and address else shown or address
        for shown, address in found
        if shown or address
    )


def _moment(value: str) -> datetime | None:
    """Sending time in Việt Nam time; None if it can't be parsed."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(VIETNAM)


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    return _decode(data, part.get_content_charset()).replace("\x00", "")
