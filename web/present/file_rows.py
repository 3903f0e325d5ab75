"""Tables about files in the shapes of Nghị định 30/2020/NĐ-CP, Phụ lục V: rows for pages, print, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corpus.errors import Language
from corpus.files.copies import KINDS
from corpus.queries.file_lists import CopyLine
from corpus.queries.files import FiledPaper, FileLine
from web.present.fields import day

CATALOGUE = (
    "Số và ký hiệu hồ sơ", "Tên đề mục và tiêu đề hồ sơ", "Thời hạn bảo quản", "Người lập hồ sơ", "Ghi chú",
)  # fmt: skip
CONTENTS = (
    "STT", "Số, ký hiệu văn bản", "Ngày tháng năm văn bản", "Tên loại và trích yếu nội dung văn bản",
    "Tác giả văn bản", "Tờ số/Trang số", "Ghi chú",
)  # fmt: skip
HANDOVER = (
    "Số TT", "Số, ký hiệu hồ sơ", "Tiêu đề hồ sơ", "Thời gian tài liệu", "Thời hạn bảo quản", "Số tờ/Số trang",
    "Ghi chú",
)  # fmt: skip
EXPIRED = (*HANDOVER[:5], "Bảo quản đến hết ngày", "Số tờ/Số trang", "Ghi chú")
COPIES = (
    "STT", "Số bản sao", "Ngày sao", "Hình thức sao", "Văn bản được sao", "Ngày văn bản", "Trích yếu",
    "Người ký bản sao", "Nơi nhận", "Số bản", "Ghi chú",
)  # fmt: skip

Cells = tuple[object, ...]


def retention_words(years: int | None, language: Language = "vi") -> str:
    """`10 năm`, or `Vĩnh viễn`; in English `10 years`, `for ever`."""
    if language == "en":
        return "for ever" if years is None else f"{years} years"
    return "Vĩnh viễn" if years is None else f"{years} năm"


def catalogue_rows(lines: Iterable[FileLine]) -> Iterator[Cells]:
    """The list of files, a line of its own for each heading."""
    heading = ""
    for line in lines:
        if line.heading and line.heading != heading:
            yield "", line.heading, "", "", ""
        heading = line.heading
        yield line.code, line.title, retention_words(line.years), line.keeper, line.description


def contents_rows(papers: Iterable[FiledPaper]) -> Iterator[Cells]:
    """The table of contents of a file."""
    for one in papers:
        what = " ".join(part for part in (one.doc_type, one.subject) if part) or one.name
        yield one.place, one.number or "", day(one.date), what, one.issuer or "", one.sheet, ""


def handover_rows(lines: Iterable[FileLine]) -> Iterator[Cells]:
    """Files handed over to the archive."""
    for place, line in enumerate(lines, start=1):
        note = line.description
        yield place, line.code, line.title, span(line), retention_words(line.years), line.held.pages, note


def expired_rows(lines: Iterable[FileLine]) -> Iterator[Cells]:
    """Files whose retention is over."""
    for cells, line in zip(handover_rows(held := list(lines)), held, strict=True):
        yield (*cells[:5], day(line.kept_until), *cells[5:])


def copy_rows(lines: Sequence[CopyLine]) -> Iterator[Cells]:
    """The register of copies."""
    for place, one in enumerate(lines, start=1):
        note = f"đã hủy: {one.cancelled}" if one.cancelled else ""
        yield (
            place, one.number, day(one.made_on), KINDS[one.kind], one.original or "", day(one.date),
            one.subject or "", one.signer, "; ".join(one.recipients.splitlines()), one.amount, note,
        )  # fmt: skip


def span(line: FileLine) -> str:
    """First and last day of the papers in a file."""
    if line.held.first is None:
        return ""
    first, last = day(line.held.first), day(line.held.last)
    return first if first == last else f"{first} – {last}"
