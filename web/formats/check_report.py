"""A report of one check (báo cáo kiểm tra) as DOCX, XLSX or CSV: the document, its chain,
its citations and conflicts, with evidence.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corpus.database.connection import utc_now
from corpus.database.read_only import StoredDocument
from corpus.numbering.typed_days import HANOI, day_text
from corpus.queries.citations import DocumentCitations, OutgoingCitation
from web.formats import tables

FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    **tables.FORMS,
}
_MOST_CITATIONS = 2000
_PICTURE_CM = 15.5
_STATES = {"found": "có trong kho", "ambiguous": "chưa xác định", "wanted": "chưa có trong kho"}
_CITATIONS = ("Quan hệ", "Lời văn", "Trang", "Văn bản được viện dẫn", "Tình trạng")
_CONFLICTS = ("Mâu thuẫn", "Ở văn bản này", "Trang", "Ở văn bản kia", "Trang ở văn bản kia", "Đã xem xét vì")
_CHAIN = ("Đường lên", "Bậc", "Văn bản", "Ngày", "Cơ quan")


@dataclass(frozen=True, slots=True)
class ReportHead:
    """Author of the report, head of the audit trail at that moment, and labels of relations."""

    by: str
    trail: str
    relations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """One document's check; `pictures`: fingerprint of a conflict → its evidence as PNG."""

    view: DocumentCitations
    pictures: dict[str, list[bytes]]


def whole(form: str, head: ReportHead, checks: Sequence[Check]) -> bytes:
    """The report in one of FORMS."""
    if form == "docx":
        return _docx(head, checks)
    if form == "csv":
        columns = ("Văn bản", "Phần", *(f"Cột {number}" for number in range(1, 7)))
        return "".join(tables.csv_lines(columns, _flat(head, checks))).encode()
    out = io.BytesIO()
    tables.write_xlsx(_sheets(head, checks), out)
    return out.getvalue()


def named(one: StoredDocument) -> str:
    """A document on one line."""
    day = day_text(one.date)
    parts = (one.doc_type, one.number or one.name, f"ngày {day}" if day else None, one.issuer)
    return " ".join(part for part in parts if part)


def _record(head: ReportHead, view: DocumentCitations) -> list[tables.Row]:
    one = view.document
    return [
        ("Số, ký hiệu", one.number), ("Ngày", day_text(one.date)), ("Loại", one.doc_type), ("Cơ quan", one.issuer),
        ("Trích yếu", one.subject), ("Người ký", one.signer), ("Mã trong kho", one.id), ("SHA-256 của bản gốc",
         one.sha256),
        ("Người lập", head.by), ("Lúc lập", _now()), ("Đầu nhật ký", head.trail),
    ]  # fmt: skip


def _now() -> str:
    return (utc_now() + HANOI).strftime("%H:%M %d/%m/%Y")


def _citation_row(one: OutgoingCitation, relations: Mapping[str, str]) -> tables.Row:
    row = one.row
    means = named(one.target) if one.target else "; ".join(named(each) for each in one.candidates)
    state = _STATES[one.status] + (" (chưa chắc)" if row.review else "")
    return relations.get(row.relation, row.relation), row.printed, row.page, means, state


def _conflicts(view: DocumentCitations) -> Iterator[tables.Row]:
    for one in view.conflicts:
        ours, theirs = one.ours, one.theirs
        yield (
            one.message, ours.printed if ours else None, ours.page if ours else None,
            theirs.printed if theirs else None, theirs.page if theirs else None, one.settled,
        )  # fmt: skip


def _chain(view: DocumentCitations) -> Iterator[tables.Row]:
    for number, way in enumerate(view.chains, start=1):
        for step, one in enumerate(reversed(way), start=1):
            yield (
                number,
                step,
                f"{one.doc_type or ''} {one.number or one.name}".strip(),
                day_text(one.date),
                one.issuer,
            )


def _parts(head: ReportHead, check: Check) -> Iterator[tuple[str, tables.Columns, list[tables.Row]]]:
    view = check.view
    yield "Văn bản", ("Mục", "Giá trị"), _record(head, view)
    yield "Mâu thuẫn", _CONFLICTS, list(_conflicts(view))
    yield "Đường lên văn bản gốc", _CHAIN, list(_chain(view))
    yield "Viện dẫn đến", _CITATIONS, [_citation_row(one, head.relations) for one in view.out[:_MOST_CITATIONS]]
    into = [
        (source.doc_type, source.number or source.name, day_text(source.date), source.issuer, row.printed)
        for row, source in view.into
    ]
    yield "Được viện dẫn bởi", ("Loại", "Văn bản", "Ngày", "Cơ quan", "Lời văn"), list(into)


def _flat(head: ReportHead, checks: Sequence[Check]) -> Iterator[tables.Row]:
    for check in checks:
        name = check.view.document.number or check.view.document.name
        for part, columns, rows in _parts(head, check):
            for row in (columns, *rows):
                yield (name, part, *row, *("",) * (6 - len(row)))


def _sheets(head: ReportHead, checks: Sequence[Check]) -> Iterator[tuple[str, tables.Columns, list[tables.Row]]]:
    """One sheet a part; of several documents each line begins with the document's ID."""
    joined: dict[str, tuple[tables.Columns, list[tables.Row]]] = {}
    for check in checks:
        for part, columns, rows in _parts(head, check):
            _, every = joined.setdefault(part, (("Mã văn bản", *columns), []))
            every += [(check.view.document.id, *row) for row in rows]
    yield from ((part, columns, rows) for part, (columns, rows) in joined.items())


def _docx(head: ReportHead, checks: Sequence[Check]) -> bytes:
    import docx
    from docx.shared import Cm, Pt

    book = docx.Document()
    style = book.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    for section in book.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin, section.top_margin = Cm(3), Cm(2), Cm(2)
    book.core_properties.title, book.core_properties.author = "Báo cáo kiểm tra văn bản", _plain(head.by)
    book.core_properties.created = book.core_properties.modified = _naive(utc_now())
    book.add_heading("BÁO CÁO KIỂM TRA VĂN BẢN", level=0)
    for check in checks:
        _one(book, head, check)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None, microsecond=0)


def _one(book: Any, head: ReportHead, check: Check) -> None:
    from docx.shared import Cm

    view = check.view
    book.add_heading(_plain(named(view.document)), level=1)
    for part, columns, rows in _parts(head, check):
        book.add_heading(part, level=2)
        if part == "Mâu thuẫn":
            _contradictions(book, check)
        elif rows:
            _table(book, columns, rows)
        else:
            book.add_paragraph("Không có.")
    book.add_paragraph()
    book.sections[-1].footer_distance = Cm(1)


def _contradictions(book: Any, check: Check) -> None:
    from docx.shared import Cm

    if not check.view.conflicts:
        book.add_paragraph("Không thấy mâu thuẫn nào.")
    for number, one in enumerate(check.view.conflicts, start=1):
        book.add_paragraph(f"{number}. {_plain(one.message)}")
        for side, where in ((one.ours, "Ở văn bản này"), (one.theirs, "Ở văn bản kia")):
            if side is not None:
                page = f", trang {side.page}" if side.page else ""
                book.add_paragraph(f"{where} (mã {side.document_id}{page}): «{_plain(side.printed)}»")
        for picture in check.pictures.get(one.fingerprint, ()):
            book.add_picture(io.BytesIO(picture), width=Cm(_PICTURE_CM))
        said = f"Đã xem xét: {_plain(one.settled)}" if one.settled else "Chưa xem xét."
        book.add_paragraph(said)


def _table(book: Any, columns: tables.Columns, rows: list[tables.Row]) -> None:
    table = book.add_table(rows=1, cols=len(columns))
    table.style = "Table Grid"
    for cell, name in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = _plain(value)


def _plain(value: object) -> str:
    """Text that XML can hold: control characters and lone surrogates are left out."""
    text = "" if value is None else str(value)
    return "".join(
        one
        for one in text
        if one in "\t\n" or (one >= " " and not "\ud800" <= one <= "\udfff" and one not in "\ufffe\uffff")
    )[:32_000]
