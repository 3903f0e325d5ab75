"""Statistics as tables for a spreadsheet: one sheet for each, or all of them one below the other."""

from __future__ import annotations

import io
from collections.abc import Callable

from corpus.lifecycle.timeliness import Timeliness
from corpus.queries.statistics import Statistics, Tally
from corpus.record_fields import RECORD_FIELDS
from web.formats import tables
from web.formats.tables import Columns, Row

Sheet = tuple[str, Columns, list[Row]]

_TALLY = ("Số văn bản", "Đã vào kho", "Đang chờ")
_TIMES = ("Đúng hạn", "Trễ hạn", "Chờ, còn hạn", "Chờ, quá hạn")
_NONE = "(chưa rõ)"
UNLIMITED = "(không giới hạn nhóm)"
QUESTIONS = {field.question: field.label for field in reversed(RECORD_FIELDS)} | {"page": "Trang chưa đọc được"}
"""Name of a question → label of the field."""


def spoken(made: list[Sheet], words: Callable[[str], str]) -> list[Sheet]:
    """The tables in another language: names, columns and the first cell of each row."""
    return [
        (words(name), tuple(map(words, columns)), [(words(str(row[0])), *row[1:]) for row in rows])
        for name, columns, rows in made
    ]


def sheets(found: Statistics) -> list[Sheet]:
    """Every table of the statistics: name, columns, rows."""
    hands = found.hands
    period = f"{found.since:%d/%m/%Y} – {found.until:%d/%m/%Y}"
    whole: list[Row] = [
        ("Thời gian nhận", period), ("Văn bản đã nhận", found.whole.came),
        ("Đã vào kho", found.whole.on_record), ("Đang chờ", found.whole.waiting),
        *zip(_TIMES, _times(found.times), strict=True),
        ("Vào kho với mọi giá trị hệ thống nhận dạng", hands.unchanged),
        ("Vào kho không cần người xác nhận", hands.alone),
    ]  # fmt: skip
    months: list[Row] = [
        (f"{one.month[5:]}/{one.month[:4]}", one.came, one.on_record, one.waiting, *_times(one.times))
        for one in found.months
    ]
    asked: list[Row] = [(QUESTIONS.get(name, name), count) for name, count in found.questions]
    return [
        ("Chung", ("Mục", "Giá trị"), whole),
        ("Theo tháng", ("Tháng", *_TALLY, *_TIMES), months),
        ("Theo loại", ("Loại văn bản", *_TALLY), [_row(one, _NONE) for one in found.types]),
        ("Theo cơ quan", ("Cơ quan ban hành", *_TALLY), [_row(one, _NONE) for one in found.bodies]),
        ("Theo đơn vị", ("Nhóm được xem", *_TALLY), [_row(one, UNLIMITED) for one in found.units]),
        ("Điều phải xem", ("Trường", "Số văn bản"), asked),
    ]


def whole(form: str, found: Statistics, words: Callable[[str], str] = str) -> bytes:
    """The file in one of tables.FORMS: a workbook of sheets, or CSV with the name of the table in each row.

    words: the catalogue of the language that is spoken.
    """
    made = spoken(sheets(found), words)
    if form == "xlsx":
        out = io.BytesIO()
        tables.write_xlsx(made, out)
        return out.getvalue()
    rows = ((name, column, cells[0], value) for name, columns, lines in made for cells in lines
            for column, value in zip(columns[1:], cells[1:], strict=True))  # fmt: skip
    return "".join(tables.csv_lines(tuple(map(words, ("Bảng", "Cột", "Mục", "Giá trị"))), rows)).encode()


def _times(one: Timeliness) -> tuple[int, int, int, int]:
    return one.on_time, one.late, one.waiting, one.overdue


def _row(one: Tally, nameless: str) -> Row:
    return (one.name or nameless, one.came, one.on_record, one.waiting)
