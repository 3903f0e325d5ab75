"""Files (hồ sơ) of the year's list: made, changed, closed, opened again, handed over to the archive.

Functions on a session; corpus.records commits. Papers of a file that is not open stay where they are.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.database.changes import touch
from corpus.database.connection import utc_now
from corpus.database.file_tables import CaseFile, CaseFilePaper, DestructionItem, DestructionList
from corpus.database.models import Document
from corpus.errors import Problem
from corpus.files import codes, retention
from corpus.numbering.typed_days import iso, today
from corpus.typed_text import clean_text

LENGTHS = {
    "code": 20, "title": 500, "heading": 200, "keeper": 200, "organ_id": 35, "rights": 30, "language": 50,
    "description": 500,
}  # fmt: skip
"""Most characters of what is typed about a file (Nghị định 30/2020/NĐ-CP, Phụ lục VI, Phần II)."""
LANGUAGE = "Tiếng Việt"
NAMED = ("title", "heading", "keeper", "organ_id", "rights", "language", "description")


def file(session: Session, file_id: int) -> CaseFile:
    """A file by its ID, locked for change; raises Problem("not_found")."""
    found = session.get(CaseFile, file_id, with_for_update=True)
    if found is None:
        raise Problem("not_found", what=file_id)
    return found


def named(session: Session, ref: str) -> CaseFile:
    """The file that `01.TCCB`, `2026/01.TCCB` or `#12` means.

    Raises Problem("not_found"), Problem("ambiguous_file") where several years have the code.
    """
    typed = ref.strip()[:100]
    plain = typed.removeprefix("#")
    if typed.startswith("#") and plain.isascii() and plain.isdigit() and len(plain) < 16:
        return file(session, int(plain))
    # The code may itself begin as a year does.
    meant = codes.reference(typed)
    in_year = (CaseFile.year == meant.year) & (CaseFile.code_key == meant.key)
    alike = CaseFile.code_key == codes.code_key(typed)
    rows = session.scalars(select(CaseFile).where(or_(in_year, alike) if meant.year else alike)).all()
    if not rows:
        raise Problem("not_found", what=typed)
    if len(rows) > 1:
        listed = "; ".join(codes.full_code(one.year, one.code) for one in rows[:10])
        raise Problem("ambiguous_file", what=typed, candidates=listed)
    return rows[0]


def add(session: Session, year: int, values: Mapping[str, Any], actor: str) -> CaseFile:
    """A new open file; values: `code`, `title`, the other names of LENGTHS, `retention`, `years`.

    Raises Problem("bad_value"), Problem("file_exists_already").
    """
    if not codes.FIRST_YEAR <= year <= codes.LAST_YEAR:
        raise Problem("bad_value", field="file_year", value=year, why="cần là một năm, ví dụ 2026")
    row = CaseFile(year=year, state="open", revision=1, made_at=utc_now(), made_by=actor)
    row.language = LANGUAGE
    _write(session, row, {"language": LANGUAGE, **values}, required=True)
    session.add(row)
    session.flush()
    audit.append(session, actor, "add_file", None, {"file": full(row), "name": row.title})
    return row


def change(session: Session, found: CaseFile, values: Mapping[str, Any], revision: int | None, actor: str) -> None:
    """Change what is written about an open file.

    Raises Problem("file_not_open"), ("stale_file"), ("bad_value").
    """
    check_revision(found, revision)
    demand_open(found)
    was, key = _values_of(found), found.code_key
    _write(session, found, values, required=False)
    now = _values_of(found)
    after = {name: value for name, value in now.items() if was[name] != value}
    if not after:
        return
    found.revision += 1
    if found.code_key != key:
        papers = select(CaseFilePaper.document_id).where(CaseFilePaper.file_id == found.id)
        touch(session, papers)
    session.flush()
    before = {name: was[name] for name in after}
    audit.append(session, actor, "change_file", None, {"file": full(found), "before": before, "after": after})


def close(session: Session, found: CaseFile, day: str, revision: int | None, actor: str) -> None:
    """Close a file (kết thúc hồ sơ); its papers and their order are sealed in the trail.

    day: the day on which the work ended, typed or ISO 8601; empty: today. Raises Problem("file_not_open"),
    ("stale_file"), ("bad_value").
    """
    check_revision(found, revision)
    demand_open(found)
    ended = day_of("ended_on", day or today())
    if ended > today():
        raise Problem("bad_value", field="ended_on", value=day, why="ngày kết thúc không thể ở sau hôm nay")
    found.state, found.ended_on = "closed", ended
    found.kept_until = retention.kept_until(ended, found.years)
    found.revision += 1
    session.flush()
    detail = {"file": full(found), "until": found.kept_until, "papers": digest(session, found.id)}
    audit.append(session, actor, "close_file", None, detail)


def reopen(session: Session, found: CaseFile, reason: str, revision: int | None, actor: str) -> None:
    """Open a closed file again, with the reason.

    Raises Problem("wrong_file_state") unless it is closed, Problem("file_on_list") while its destruction is
    proposed, ("stale_file"), ("bad_value").
    """
    check_revision(found, revision)
    if found.state != "closed":
        raise Problem("wrong_file_state", file=full(found), state=STATES[found.state])
    demand_unlisted(session, found)
    said = clean_text("reason", reason, required=True)
    found.state, found.ended_on, found.kept_until = "open", None, None
    found.revision += 1
    session.flush()
    audit.append(session, actor, "reopen_file", None, audit.salted({"file": full(found), "reason": said}))


def retain(
    session: Session, found: CaseFile, years: object, reason: str, revision: int | None, actor: str
) -> None:
    """Set another retention for a file that is closed or in the archive, with the reason.

    Raises as `reopen` does.
    """
    check_revision(found, revision)
    if found.state not in ("closed", "submitted") or found.ended_on is None:
        raise Problem("wrong_file_state", file=full(found), state=STATES[found.state])
    demand_unlisted(session, found)
    said, was = clean_text("reason", reason, required=True), found.years
    found.years, found.retention = years_of(years), ""
    found.kept_until = retention.kept_until(found.ended_on, found.years)
    found.revision += 1
    session.flush()
    before, after = {"years": was}, {"years": found.years}
    detail = {"file": full(found), "before": before, "after": after, "reason": said}
    audit.append(session, actor, "retain_file", None, audit.salted(detail))


def submit(session: Session, found: CaseFile, day: str, receiver: str, actor: str) -> None:
    """Hand a closed file over to the archive (nộp lưu). Raises Problem("wrong_file_state"), ("bad_value")."""
    if found.state != "closed":
        raise Problem("wrong_file_state", file=full(found), state=STATES[found.state])
    demand_unlisted(session, found)
    on, to = day_of("submitted_on", day or today()), clean_text("submitted_to", receiver, required=True)
    if len(to) > 200 or on > today() or on < (found.ended_on or on):
        raise Problem("bad_value", field="submitted_on", value=day, why="cần một ngày sau khi hồ sơ kết thúc")
    found.state, found.submitted_on, found.submitted_to = "submitted", on, to
    found.revision += 1
    session.flush()
    audit.append(session, actor, "submit_file", None, {"file": full(found), "until": on, "name": to})


STATES = {"open": "đang mở", "closed": "đã kết thúc", "submitted": "đã nộp lưu", "destroyed": "đã tiêu hủy"}


def full(found: CaseFile) -> str:
    """The code of a file with its year."""
    return codes.full_code(found.year, found.code)


def demand_open(found: CaseFile) -> None:
    """Raise Problem("file_not_open") unless papers may come and go."""
    if found.state != "open":
        raise Problem("file_not_open", file=full(found), state=STATES[found.state])


def demand_unlisted(session: Session, found: CaseFile) -> None:
    """Raise Problem("file_on_list") while the destruction of a file is proposed."""
    listed = (
        select(DestructionList.id)
        .join(DestructionItem, DestructionItem.list_id == DestructionList.id)
        .where(DestructionItem.file_id == found.id, DestructionList.state == "proposed")
    )
    if (list_id := session.scalars(listed.limit(1)).first()) is not None:
        raise Problem("file_on_list", file=full(found), list=list_id)


def check_revision(found: CaseFile, revision: int | None) -> None:
    """Raise Problem("stale_file") if the file has changed since the person saw it; None skips the check."""
    if revision is not None and found.revision != revision:
        raise Problem("stale_file", file=full(found))


def digest(session: Session, file_id: int) -> str:
    """SHA-256 (hex) of the hashes of a file's papers in their order."""
    rows = (
        select(Document.sha256)
        .join(CaseFilePaper, CaseFilePaper.document_id == Document.id)
        .where(CaseFilePaper.file_id == file_id)
        .order_by(CaseFilePaper.position, CaseFilePaper.document_id)
    )
    return hashlib.sha256("\n".join(session.scalars(rows)).encode()).hexdigest()


def day_of(name: str, text: str) -> str:
    """A typed day in ISO 8601; raises Problem("bad_value")."""
    day = iso(text.strip()[:40])
    try:
        return datetime.date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise Problem("bad_value", field=name, value=text[:40], why="cần là ngày, ví dụ 31/12/2026") from error


def years_of(value: object) -> int | None:
    """Typed years of retention; empty, None or `vĩnh viễn` mean for ever. Raises Problem("bad_value")."""
    text = "" if value is None else str(value).strip()[:20]
    if not text or codes.code_key(text) in ("vinhvien", "permanent"):
        return None
    digits = text.split()[0]
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) <= retention.MOST_YEARS):
        why = f"cần là số năm từ 1 đến {retention.MOST_YEARS}, hoặc vĩnh viễn"
        raise Problem("bad_value", field="years", value=text, why=why)
    return int(digits)


def _write(session: Session, row: CaseFile, values: Mapping[str, Any], *, required: bool) -> None:
    """Write typed values; of an unknown name nothing is taken."""
    if required or "code" in values:
        _write_code(session, row, _typed_text("code", values.get("code", ""), required=True))
    for name in NAMED:
        if name in values or (required and name == "title"):
            setattr(row, name, _typed_text(name, values.get(name, ""), required=name == "title"))
        elif getattr(row, name) is None:
            setattr(row, name, "")
    row.symbol, row.ordinal = codes.list_rank(row.heading, row.code)
    _write_retention(row, values, required=required)


def _write_code(session: Session, row: CaseFile, code: str) -> None:
    key = codes.code_key(code)
    same = select(CaseFile.id).where(CaseFile.year == row.year, CaseFile.code_key == key)
    with session.no_autoflush:
        other = session.scalars(same).first()
    if not key or (other is not None and other != row.id):
        raise Problem("file_exists_already", file=codes.full_code(row.year, code))
    row.code, row.code_key = code, key


def _write_retention(row: CaseFile, values: Mapping[str, Any], *, required: bool) -> None:
    """The row of the table decides the years, unless years are typed."""
    if not required and "retention" not in values and "years" not in values:
        return
    code = _typed_text("retention", values.get("retention") or "")
    rule = retention.retention_of(code) if code else None
    if code and rule is None:
        raise Problem("bad_value", field="retention", value=code, why="không có trong bảng thời hạn bảo quản")
    typed = values.get("years")
    if rule is not None and (typed is None or str(typed).strip() == ""):
        row.retention, row.years = rule.code, rule.years
        return
    row.years = years_of(typed)
    row.retention = code if rule is not None and rule.years == row.years else ""


def _typed_text(name: str, value: object, *, required: bool = False) -> str:
    kept = clean_text(f"file_{name}" if name in LENGTHS else name, value, required=required)
    most = LENGTHS.get(name, 50)
    if len(kept) > most:
        raise Problem("bad_value", field=f"file_{name}", value=kept[:50] + "…", why=f"dài quá {most} ký tự")
    return kept


def _values_of(row: CaseFile) -> dict[str, Any]:
    named = {f"file_{name}": getattr(row, name) for name in ("code", *NAMED)}
    return {**named, "retention": row.retention, "years": row.years}
