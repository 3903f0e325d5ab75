"""A register in the shape of Nghị định 30/2020/NĐ-CP, Phụ lục IV: title page, columns, rows, workbook;
with the other outputs of Phụ lục VI that a register gives: summary and list of documents.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.numbering.typed_days import day_text
from corpus.queries.register_books import BookShown
from corpus.queries.registers import BookLine
from web.formats.tables import Row, neutral

FORMS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
_CELL = 32_000
"""Most characters of a cell; a spreadsheet opens 32,767."""


@dataclass(frozen=True, slots=True)
class BookColumn:
    """A column: its head, and its share of the page's width."""

    head: str
    width: float
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to print: the lines above its title, the title, lines below it, columns and rows."""

    above: tuple[str, ...]
    title: str
    below: tuple[str, ...]
    columns: tuple[BookColumn, ...]
    rows: Iterable[tuple[str, ...]]
    foot: tuple[str, ...] = ()
    """Lines behind the table: what a closed register holds, and who signs."""


def _columns(*heads: tuple[str, float, bool]) -> tuple[BookColumn, ...]:
    return tuple(BookColumn(*one) for one in heads)


INCOMING = _columns(
    ("Ngày đến", 8, True), ("Số đến", 6, True), ("Tác giả", 15, False), ("Số, ký hiệu", 11, False),
    ("Ngày tháng", 8, True), ("Tên loại và trích yếu nội dung", 24, False), ("Đơn vị hoặc người nhận", 11, False),
    ("Ngày chuyển", 6, True), ("Ký nhận", 5, True), ("Ghi chú", 10, False),
)  # fmt: skip
"""Sổ đăng ký văn bản đến: the ten contents of Phụ lục IV."""
OUTGOING = _columns(
    ("Số đi", 5, True), ("Số, ký hiệu văn bản", 11, False), ("Ngày tháng văn bản", 8, True),
    ("Tên loại và trích yếu nội dung văn bản", 23, False), ("Người ký", 10, False),
    ("Nơi nhận văn bản", 16, False),
    ("Đơn vị, người nhận bản lưu", 9, False), ("Số lượng bản", 5, True), ("Ngày chuyển", 6, True),
    ("Ký nhận", 5, True), ("Ghi chú", 9, False),
)  # fmt: skip
"""Sổ đăng ký văn bản đi: the ten contents of Phụ lục IV behind the number in the register."""
INTERNAL = (BookColumn("Số", 5, True), *OUTGOING[1:])
LIST = _columns(
    ("Số TT", 5, True), ("Số, ký hiệu", 13, False), ("Ngày tháng", 9, True),
    ("Tên loại và trích yếu nội dung", 38, False), ("Tác giả", 20, False), ("Số trang", 6, True),
    ("Ghi chú", 12, False),
)  # fmt: skip
"""Mục lục văn bản, tài liệu."""
SUMMARY = _columns(("Nội dung", 20, False), ("Tên", 55, False), ("Số lượng", 15, True))


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a register: title, label of each state, sentence for a paper that is not to be seen.

    books: code → name of the registers that the office keeps.
    """

    title: str
    states: Mapping[str, str]
    hidden: str
    books: Mapping[str, str]


def row(line: BookLine, words: Words) -> tuple[str, ...]:
    """A line in the order of the columns of its kind; the receipt is left to be signed by hand."""
    paper, number, note = line.paper, str(line.number), remark(line, words)
    subject = _subject(line)
    issued = day_text(paper.date) if paper else ""
    handed = day_text(line.handed.day) if line.handed else ""
    if line.kind == "incoming":
        body, code = (paper.issuer, paper.number) if paper else ("", "")
        return (day_text(line.day), number, body, code, issued, subject, line.receiver, handed, "", note)
    code, signer = (paper.number, paper.signer) if paper else ("", "")
    places = "; ".join(paper.recipients) if paper else ""
    copies = "" if line.copies is None else str(line.copies)
    return (number, code, issued, subject, signer, places, line.unit, copies, handed, "", note)


def remark(line: BookLine, words: Words) -> str:
    """The note of a line: its state and reason first, where it is more than given."""
    said = (
        [] if line.state == "given" else [words.states[line.state] + (f": {line.reason}" if line.reason else "")]
    )
    if line.moved is not None:
        name = words.books.get(line.moved.register, words.title)
        said.append(f"chuyển sang «{name}», số {line.moved.number}/{line.moved.year}")
    if line.hidden:
        said.append(words.hidden)
    if line.paper is not None and line.paper.urgency:
        said.append(line.paper.urgency)
    return "; ".join([*said, *([line.note] if line.note else [])])


def _subject(line: BookLine) -> str:
    paper = line.paper
    return " ".join(part for part in (paper.doc_type, paper.subject) if part) if paper else ""


SIGNED_BY = ("Văn thư", "Thủ trưởng cơ quan")
"""Signatures below a register that is closed."""


def closing(book: BookShown, rows: Sequence[tuple[str, ...]], words: Words) -> tuple[str, ...]:
    """The lines behind a register that is closed: how many numbers, how many cancelled, when and by whom.

    None for one that is open: it is not complete.
    """
    if not book.closed_day:
        return ()
    cancelled = sum(1 for cells in rows if cells[-1].startswith(words.states["cancelled"]))
    day, month, year = book.closed_day[8:], book.closed_day[5:7], book.closed_day[:4]
    return (
        f"Sổ này có {len(rows)} số, trong đó {cancelled} số đã hủy; "
        f"khóa sổ ngày {day} tháng {month} năm {year}, người khóa: {book.closed_by}.",
    )


def listed(lines: Iterable[BookLine], words: Words) -> Iterator[tuple[str, ...]]:
    """The rows of a list of documents: those papers of the register that the viewer may see, numbered from 1."""
    papers = ((line, line.paper) for line in lines if line.state in ("given", "withdrawn"))
    shown = ((line, paper) for line, paper in papers if paper is not None)
    for at, (line, paper) in enumerate(shown, start=1):
        pages = str(paper.pages) if paper.pages else ""
        note = "; ".join(
            part for part in (f"{words.title.rsplit(' ', 1)[-1]} {line.number}", remark(line, words)) if part
        )
        yield (str(at), paper.number, day_text(paper.date), _subject(line), paper.issuer, pages, note)


def summary(counts: Sequence[tuple[str, str, int]], words: Words) -> Iterator[tuple[str, ...]]:
    """The rows of a summary (báo cáo): numbers by month and state, papers by type and by issuer."""
    kinds = {"doc_type": "Loại văn bản", "issuer": "Cơ quan ban hành"}
    for group, name, count in counts:
        if group in kinds:
            yield (kinds[group], name, str(count))
        else:
            yield (f"Tháng {group[5:7]}/{group[:4]}", words.states[name], str(count))


def as_rows(sheet: Sheet) -> tuple[tuple[str, ...], Iterable[Row]]:
    """Heads and rows as a plain table, for CSV."""
    return tuple(one.head for one in sheet.columns), sheet.rows


def workbook(sheet: Sheet) -> bytes:
    """The workbook: A4 landscape, one page wide, heads repeated on each page; all cells are text.

    xlsxwriter is imported here: few registers are workbooks.
    """
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        page = book.add_worksheet("So")
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
        page.set_footer("&C&P/&N")
        page.fit_to_pages(1, 0)
        heads = (*sheet.above, sheet.title, *sheet.below)
        page.repeat_rows(len(heads), len(heads) + 1)
        bold = book.add_format({"bold": True, "align": "center", "font_name": "Times New Roman"})
        head = book.add_format(
            {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True,
             "font_name": "Times New Roman"}
        )  # fmt: skip
        cell = book.add_format({"border": 1, "valign": "top", "text_wrap": True, "font_name": "Times New Roman"})
        middle = book.add_format(
            {"border": 1, "valign": "top", "align": "center", "text_wrap": True, "font_name": "Times New Roman"}
        )
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width * 1.35)
        for at, said in enumerate(heads):
            page.write_string(at, len(sheet.columns) // 2, said, bold)
        for at, column in enumerate(sheet.columns):
            page.write_string(len(heads), at, column.head, head)
        for at in range(len(sheet.columns)):
            page.write_string(len(heads) + 1, at, f"({at + 1})", head)
        last = len(heads) + 1
        for line, values in enumerate(sheet.rows, start=len(heads) + 2):
            for at, value in enumerate(values):
                page.write_string(line, at, value[:_CELL], middle if sheet.columns[at].centred else cell)
            last = line
        for at, said in enumerate(sheet.foot, start=last + 2):
            page.write_string(at, 0, said)
        if sheet.foot:
            for at, said in zip((1, len(sheet.columns) - 3), SIGNED_BY, strict=True):
                page.write_string(last + len(sheet.foot) + 3, at, said, bold)
    return out.getvalue()


def csv_cells(rows: Iterable[tuple[str, ...]]) -> Iterator[Row]:
    """Rows whose cells no spreadsheet runs."""
    return (tuple(neutral(one) for one in cells) for cells in rows)
