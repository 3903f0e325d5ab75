"""The record of an electronic mail (thư điện tử):
from its header, unless its text is a numbered document itself.
"""

from __future__ import annotations

from dataclasses import replace

from corpus.document import MAIL, Field, Fields, Warning
from ingest.files.page import MailHead

_SURE = 0.99
"""Confidence of a field from the header."""


def mail_fields(read: tuple[Fields, tuple[Warning, ...]], head: MailHead) -> tuple[Fields, tuple[Warning, ...]]:
    """The record and the warnings: those `read` from the mail's text if it has a number, else from its header."""
    fields, warnings = read
    if fields.number is not None:
        return read
    made = replace(
        fields,
        doc_type=_field(MAIL, MAIL.upper(), "doc_type.mail"),
        date=_field(head.sent.isoformat(), f"{head.sent:%d/%m/%Y}", "date.mail") if head.sent else None,
        issuer=_field(head.sender, head.sender, "issuer.mail") if head.sender else None,
        subject=_field(head.subject, head.subject, "subject.mail") if head.subject else None,
        addressees=tuple(_field(one, one, "addressees.mail") for one in head.to),
        recipients=tuple(_field(one, one, "recipients.mail") for one in head.copies),
    )
    return made, tuple(one for one in warnings if one.code not in ("number_missing", "number_blank"))


def _field(value: str, printed: str, rule: str) -> Field:
    return Field(value, printed, _SURE, review=False, page=1, rule=rule)
