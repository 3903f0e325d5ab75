"""Registers that an office keeps: added, changed, their years begun and closed; functions on a session.

corpus.records commits. Each direction has one register without anybody's doing, whose code is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.authority.doc_types import doc_types
from corpus.database.connection import utc_now
from corpus.database.models import Document, OwnBody
from corpus.database.register_rows import Register, RegisterEntry, RegisterYear
from corpus.document import Fields
from corpus.errors import Problem
from corpus.json_shapes import fields_from_json
from corpus.registers import direction
from corpus.registers.choice import Book, PaperKind, chosen, sender_kinds
from corpus.registers.direction import OwnName
from corpus.registers.numbers import KINDS, MOST, Kind, RegisterName
from corpus.typed_text import clean_text
from corpus.vietnamese.fold import words

MOST_BOOKS = 200
FIRST_YEAR, LAST_YEAR = 1945, 2200
_LONGEST_NAME, _LONGEST_CODE, _MOST_ITEMS = 200, 40, 60
_TAKEN = frozenset({"den", "di", "noi-bo", *KINDS})
"""Codes that addresses already use."""


@dataclass(frozen=True, slots=True)
class BookTyped:
    """A register as a clerk typed it. body: name of a body of ours; empty: the office as a whole.

    types, senders: apart by `;`. years: the first and the last; None: no bound.
    """

    name: str
    body: str = ""
    types: str = ""
    senders: str = ""
    years: tuple[int | None, int | None] = (None, None)


def every(session: Session) -> list[Book]:
    """The registers that the office keeps, in the order of their adding; not those of each direction."""
    return [_to_book(row) for row in session.scalars(select(Register).order_by(Register.id))]


def named(session: Session, code: str) -> Book | None:
    """The register of a code; None if there is none."""
    row = session.scalars(select(Register).where(Register.code == code[:_LONGEST_CODE])).first()
    return _to_book(row) if row is not None else None


def add(session: Session, kind: Kind, typed: BookTyped, actor: str) -> Book:
    """A new register; its code is made of its name. Raises Problem("bad_value")."""
    if len(every(session)) >= MOST_BOOKS:
        raise Problem("bad_value", field="register_name", value=typed.name[:50], why=f"đã có {MOST_BOOKS} sổ")
    row = Register(kind=kind, code="", made_by=actor[:100], made_at=utc_now())
    _write(session, row, typed)
    row.code = _code(session, row.name)
    session.add(row)
    session.flush()
    _note(session, actor, "register_add", row)
    return _to_book(row)


def change(session: Session, code: str, typed: BookTyped, actor: str) -> Book:
    """Change name, body, rules and years of a register; its numbers stay as they are.

    Raises Problem("bad_value"), also for another body once it has numbers, ("not_found").
    """
    row = _row(session, code)
    before, body = _rules_of(row), row.body_id
    _write(session, row, typed)
    numbered = select(RegisterEntry.id).where(RegisterEntry.kind == row.kind, RegisterEntry.register == row.code)
    if row.body_id != body and session.scalar(numbered.limit(1)) is not None:
        raise Problem("bad_value", field="issuer", value=typed.body[:50], why="sổ đã có số thì không đổi cơ quan")
    session.flush()
    if _rules_of(row) != before:
        _note(session, actor, "register_change", row)
    return _to_book(row)


def remove(session: Session, code: str, actor: str) -> None:
    """Remove a register that never had a number; raises Problem("not_found"), ("bad_value")."""
    row = _row(session, code)
    numbered = select(RegisterEntry.id).where(RegisterEntry.kind == row.kind, RegisterEntry.register == row.code)
    if session.scalar(numbered.limit(1)) is not None:
        raise Problem("bad_value", field="register_name", value=row.name, why="sổ đã có số thì không bỏ được")
    for year in session.scalars(select(RegisterYear).where(RegisterYear.register == row.code)):
        session.delete(year)
    _note(session, actor, "register_remove", row)
    session.delete(row)
    session.flush()


def begin(session: Session, which: RegisterName, year: int, first: int, actor: str) -> None:
    """Set the number that a year of a register begins with, as long as it has none.

    Raises Problem("bad_value"), ("register_shut").
    """
    demand_open(session, which, year)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Problem("bad_value", field="year", value=str(year)[:20], why="cần là một năm, ví dụ 2026")
    if not 1 <= first <= MOST:
        raise Problem("bad_value", field="first_number", value=str(first)[:20], why=f"từ 1 đến {MOST}")
    if _has_numbers(session, which, year):
        raise Problem("bad_value", field="first_number", value=str(first), why="sổ năm ấy đã có số")
    row = _year(session, which, year) or RegisterYear(kind=which.kind, register=which.code, year=year)
    if row.first == first:
        return
    row.first = first
    session.add(row)
    session.flush()
    _note_year(session, actor, "register_begin", row, number=first)


def close(session: Session, which: RegisterName, year: int, actor: str, today: date) -> None:
    """Close a year of a register: from now on no number of it is given, filled or changed.

    Raises Problem("bad_value") for a year that is still to come, or while numbers are reserved, ("register_shut").
    """
    demand_open(session, which, year)
    if not FIRST_YEAR <= year <= today.year:
        raise Problem("bad_value", field="year", value=str(year)[:20], why="năm ấy chưa đến")
    waiting = select(RegisterEntry.ordinal).where(
        RegisterEntry.kind == which.kind,
        RegisterEntry.register == which.code,
        RegisterEntry.year == year,
        RegisterEntry.state == "reserved",
    )
    reserved = session.scalar(waiting.order_by(RegisterEntry.ordinal).limit(1))
    if reserved is not None:
        why = "còn số đang giữ: điền hoặc hủy trước khi khóa sổ"
        raise Problem("bad_value", field="register_number", value=f"{reserved}/{year}", why=why)
    row = _year(session, which, year) or RegisterYear(kind=which.kind, register=which.code, year=year, first=1)
    row.closed_at, row.closed_by = utc_now(), actor[:100]
    session.add(row)
    session.flush()
    _note_year(session, actor, "register_close", row)


def reopen(session: Session, which: RegisterName, year: int, reason: str, actor: str) -> None:
    """Open a closed year of a register again; raises Problem("not_found"), ("bad_value") without a reason."""
    said, row = clean_text("reason", reason, required=True), _year(session, which, year)
    if row is None or row.closed_at is None:
        raise Problem("not_found", what=f"{which.code or which.kind}/{year}")
    row.closed_at = row.closed_by = None
    session.flush()
    _note_year(session, actor, "register_reopen", row, reason=said)


def first_of(session: Session, which: RegisterName, year: int) -> int:
    """The number that a year of a register begins with."""
    row = _year(session, which, year)
    return row.first if row is not None else 1


def demand_open(session: Session, which: RegisterName, year: int) -> None:
    """Raise Problem("register_shut") if a year of a register is closed."""
    row = _year(session, which, year)
    if row is not None and row.closed_at is not None:
        book = named(session, which.code)
        raise Problem("register_shut", register=book.name if book else which.kind, year=year)


def of_paper(session: Session, document: Document, kind: Kind, year: int) -> RegisterName:
    """The register of a direction that a document goes into by itself."""
    books = [one for one in every(session) if one.kind == kind]
    if not books:
        return RegisterName(kind)
    found = chosen(books, kind, year, paper_of(session, document, kind))
    return RegisterName(kind, found.code if found is not None else "")


def paper_of(session: Session, document: Document, kind: Kind) -> PaperKind:
    """A document as the choice of its register looks at it."""
    fields = fields_from_json(document.fields or {})
    ours = session.scalars(select(OwnBody).order_by(OwnBody.id)).all()
    named = {one.id: OwnName(one.name, tuple(part.strip() for part in one.places.split(";"))) for one in ours}
    return PaperKind(document.doc_type or "", document.issuer or "", _bodies(fields, named, kind))


def _bodies(fields: Fields, ours: dict[int, OwnName], kind: Kind) -> frozenset[int]:
    """Bodies of ours that a paper comes from, else those whose part issued it; of an incoming one: receivers."""
    asked = (direction.goes_to,) if kind == "incoming" else (direction.comes_from, direction.comes_from_part)
    found = (frozenset(id_ for id_, own in ours.items() if ask(fields, own)) for ask in asked)
    return next((one for one in found if one), frozenset())


def _write(session: Session, row: Register, typed: BookTyped) -> None:
    name = clean_text("register_name", typed.name, required=True)
    if len(name) > _LONGEST_NAME:
        raise Problem(
            "bad_value", field="register_name", value=f"{name[:50]}…", why=f"dài quá {_LONGEST_NAME} ký tự"
        )
    same = select(Register).where(Register.kind == row.kind, Register.name == name)
    if any(one.code != row.code for one in session.scalars(same)):
        raise Problem("bad_value", field="register_name", value=name, why="đã có sổ tên này")
    first, last = typed.years
    bounded = all(one is None or FIRST_YEAR <= one <= LAST_YEAR for one in typed.years)
    if not bounded or (first and last and last < first):
        raise Problem(
            "bad_value", field="year", value=f"{first or ''}–{last or ''}", why="cần hai năm theo thứ tự"
        )
    row.body_id = _body(session, typed.body)
    row.name, row.first_year, row.last_year = name, first, last
    row.types = "; ".join(_known_types(_items("doc_type", typed.types)))
    row.senders = "; ".join(_known_senders(_items("register_senders", typed.senders)))


def _items(field: str, text: str) -> list[str]:
    found = list(dict.fromkeys(part.strip() for part in clean_text(field, text).split(";") if part.strip()))
    if len(found) > _MOST_ITEMS:
        raise Problem("bad_value", field=field, value=text[:50], why=f"từ 0 đến {_MOST_ITEMS}")
    return found


def _known_types(typed: list[str]) -> list[str]:
    """Types as the table writes them; a slip of the pen would be a rule that nothing ever meets."""
    by_fold = {words(one): one for one in doc_types()}
    for one in typed:
        if words(one) not in by_fold:
            raise Problem("bad_value", field="doc_type", value=one[:50], why="không có loại văn bản này")
    return [by_fold[words(one)] for one in typed]


def _known_senders(typed: list[str]) -> list[str]:
    """Senders, kinds as the table writes them; a kind with a comma stays one."""
    by_fold = {words(one): one for one in sender_kinds()}
    return [by_fold.get(words(one), one) for one in typed]


def _body(session: Session, name: str) -> int | None:
    said = clean_text("issuer", name)
    if not said:
        return None
    for one in session.scalars(select(OwnBody).order_by(OwnBody.id)):
        if words(one.name) == words(said):
            return one.id
    raise Problem("bad_value", field="issuer", value=said[:50], why="không phải cơ quan của kho")


def _code(session: Session, name: str) -> str:
    """A code for addresses: the name folded, with a figure behind it where another register has it."""
    plain = "-".join(words(name).split())[: _LONGEST_CODE - 4].strip("-") or "so"
    plain = plain if not plain[0].isdigit() else f"so-{plain}"[: _LONGEST_CODE - 4]
    used = {*session.scalars(select(Register.code)), *_TAKEN}
    return next(
        code for at in range(1, MOST_BOOKS + 9) if (code := plain if at == 1 else f"{plain}-{at}") not in used
    )


def _row(session: Session, code: str) -> Register:
    row = session.scalars(select(Register).where(Register.code == code[:_LONGEST_CODE])).first()
    if row is None:
        raise Problem("not_found", what=code[:_LONGEST_CODE])
    return row


def _year(session: Session, which: RegisterName, year: int) -> RegisterYear | None:
    rows = select(RegisterYear).where(RegisterYear.kind == which.kind, RegisterYear.register == which.code)
    return session.scalars(rows.where(RegisterYear.year == year)).first()


def _has_numbers(session: Session, which: RegisterName, year: int) -> bool:
    rows = select(RegisterEntry.id).where(
        RegisterEntry.kind == which.kind, RegisterEntry.register == which.code, RegisterEntry.year == year
    )
    return session.scalar(rows.limit(1)) is not None


def _to_book(row: Register) -> Book:
    kind: Kind = row.kind  # type: ignore[assignment]
    types, senders = (tuple(one for one in text.split("; ") if one) for text in (row.types, row.senders))
    return Book(row.code, kind, row.name, row.body_id, types, senders, row.first_year, row.last_year)


def _rules_of(row: Register) -> dict[str, object]:
    return {
        "register": row.code, "kind": row.kind, "name": row.name, "body": row.body_id, "types": row.types,
        "senders": row.senders, "years": [row.first_year, row.last_year],
    }  # fmt: skip


def _note(session: Session, actor: str, action: str, row: Register) -> None:
    audit.append(session, actor, action, None, _rules_of(row))


def _note_year(session: Session, actor: str, action: str, row: RegisterYear, **more: object) -> None:
    detail = {"kind": row.kind, "register": row.register, "year": row.year, **more}
    audit.append(session, actor, action, None, detail)
