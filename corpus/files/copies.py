"""Copies of documents (sao y, sao lục, trích sao) as records with numbers of their own; functions on a session.

Nghị định 30/2020/NĐ-CP, Điều 25-27 and Phụ lục I, Phần II: one run of numbers a year for all copies of a body,
`09/SY-UBND`. A number once given is never given again, whatever becomes of its copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.database.connection import utc_now
from corpus.database.file_tables import Copy
from corpus.database.models import Document, OwnBody
from corpus.errors import Problem
from corpus.files.keeping import day_of
from corpus.numbering.typed_days import today
from corpus.typed_text import clean_text

KINDS = {"SY": "SAO Y", "SL": "SAO LỤC", "TrS": "TRÍCH SAO"}
"""Code in the number → the form of the copy as it is printed."""
MEDIA: dict[str, tuple[str, ...]] = {
    "SY": ("giay-giay", "dt-giay", "giay-dt"),
    "SL": ("giay-giay", "giay-dt", "dt-giay"),
    "TrS": ("giay-giay", "giay-dt", "dt-dt", "dt-giay"),
}
"""Kind → from what to what it may be made (Điều 25)."""
MEDIUM_NAMES = {
    "giay-giay": "từ văn bản giấy sang văn bản giấy",
    "dt-giay": "từ văn bản điện tử sang văn bản giấy",
    "giay-dt": "từ văn bản giấy sang văn bản điện tử",
    "dt-dt": "từ văn bản điện tử sang văn bản điện tử",
}
MOST_COPIES = 10_000
_LENGTHS = {"place": 200, "signer": 200, "title": 200, "recipients": 2000, "excerpt": 50_000}
_LINES = ("title", "recipients", "excerpt")


def make(session: Session, document: Document, values: Mapping[str, Any], actor: str) -> Copy:
    """A copy of a document on record, with the next number of its body and year.

    values: `kind`, `medium`, `body` (the name of an own body; empty: the first), `made_on` (empty: today),
    `amount`, `of` (the copy that a sao lục is made of), and the texts of _LENGTHS.
    Raises Problem("wrong_state"), Problem("bad_value"), Problem("no_own_body").
    """
    if document.status != "accepted":
        raise Problem("wrong_state", document=document.id, status=document.status)
    kind = str(values.get("kind", ""))
    if kind not in KINDS:
        raise Problem("bad_value", field="copy_kind", value=kind[:50], why=f"cần là {', '.join(KINDS)}")
    medium = str(values.get("medium") or MEDIA[kind][0])
    if medium not in MEDIA[kind]:
        raise Problem(
            "bad_value", field="copy_medium", value=medium[:50], why="Nghị định 30 không có hình thức này"
        )
    texts = {name: _text(name, values.get(name, "")) for name in _LENGTHS}
    if kind == "TrS" and not texts["excerpt"]:
        raise Problem("bad_value", field="excerpt", value="", why="trích sao cần phần nội dung được trích")
    texts["excerpt"] = texts["excerpt"] if kind == "TrS" else ""
    day = day_of("made_on", str(values.get("made_on") or today()))
    if day > today():
        raise Problem("bad_value", field="made_on", value=day, why="ngày sao không thể ở sau hôm nay")
    body = _body(session, str(values.get("body") or ""))
    row = Copy(
        document_id=document.id,
        kind=kind,
        of_copy_id=_source(session, document, kind, values.get("of")),
        medium=medium,
        body=body.name,
        body_key=body.issuer_key,
        symbol=body.symbol,
        year=int(day[:4]),
        ordinal=_next(session, body.issuer_key, int(day[:4])),
        made_on=day,
        amount=_amount(values.get("amount", 1)),
        made_at=utc_now(),
        made_by=actor[:100],
        **texts,
    )
    session.add(row)
    session.flush()
    audit.append(session, actor, "make_copy", document.id, {"copy": number_of(row)})
    return row


def cancel(session: Session, copy_id: int, reason: str, actor: str) -> None:
    """Cancel a copy, with the reason; its number stays used. Raises Problem("not_found"), ("copy_cancelled")."""
    row = session.get(Copy, copy_id, with_for_update=True)
    if row is None:
        raise Problem("not_found", what=copy_id)
    if row.cancelled is not None:
        raise Problem("copy_cancelled", number=number_of(row))
    row.cancelled = clean_text("reason", reason, required=True)
    session.flush()
    detail = {"copy": number_of(row), "reason": row.cancelled}
    audit.append(session, actor, "cancel_copy", row.document_id, audit.salted(detail))


def number_of(row: Copy) -> str:
    """The number and symbol of a copy: `09/SY-UBND`."""
    return f"{row.ordinal:02d}/{row.kind}-{row.symbol}"


def _body(session: Session, name: str) -> OwnBody:
    rows = list(session.scalars(select(OwnBody).order_by(OwnBody.id)))
    found = next((one for one in rows if not name or one.name == name), None)
    if found is None or not found.symbol:
        raise Problem("no_own_body")
    return found


def _source(session: Session, document: Document, kind: str, of: object) -> int | None:
    """The sao y that a sao lục is made of; None for one that came from elsewhere."""
    if kind != "SL" or of is None or str(of).strip() == "":
        return None
    row = (
        session.get(Copy, int(str(of))) if str(of).isascii() and str(of).isdigit() and len(str(of)) < 16 else None
    )
    if row is None or row.document_id != document.id or row.kind != "SY" or row.cancelled is not None:
        raise Problem("bad_value", field="copy_of", value=str(of)[:50], why="cần là một bản sao y của văn bản này")
    return row.id


def _next(session: Session, body_key: str, year: int) -> int:
    """The next number; the caller's transaction excludes others, and the table would refuse a twin."""
    last = select(func.max(Copy.ordinal)).where(Copy.body_key == body_key, Copy.year == year)
    return (session.scalar(last) or 0) + 1


def _amount(value: object) -> int:
    text = str(value).strip()[:10]
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_COPIES):
        raise Problem("bad_value", field="amount", value=text, why=f"cần là số bản từ 1 đến {MOST_COPIES}")
    return int(text)


def _text(name: str, value: object) -> str:
    """Typed text; of names in _LINES the lines are kept."""
    if not isinstance(value, str):
        raise Problem("bad_value", field=name, value=str(value)[:50], why="cần là chữ")
    if len(value) > _LENGTHS[name]:
        raise Problem("bad_value", field=name, value=value[:50] + "…", why=f"dài quá {_LENGTHS[name]} ký tự")
    if name not in _LINES:
        return clean_text(name, value)
    lines = (
        clean_text(name, line[at : at + 3000])
        for line in value.splitlines()
        for at in range(0, len(line) or 1, 3000)
    )
    return "\n".join(line for line in lines if line)
