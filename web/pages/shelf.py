"""The list of every document: order, columns to choose, rows to select for a file."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.errors import STATUS_LABELS, Problem
from corpus.queries import cataloguing, files, shelf
from corpus.record_fields import LISTED
from corpus.typed_text import clean_text
from web import access
from web.access import reading_notes
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import bulk_withdrawal
from web.services.downloads import as_file

pages = Blueprint("shelf", __name__)

PER_PAGE = 50
COLUMNS = {
    "number": "Số, ký hiệu", "date": "Ngày", "doc_type": "Loại", "issuer": "Cơ quan", "subject": "Trích yếu",
    "signer": "Người ký", "urgency": "Mức độ khẩn",
    "status": "Trạng thái", "received_at": "Ngày nhận", "name": "Tệp",
    "tags": "Nhãn",
}  # fmt: skip
"""Attributes of a document that a column shows, with their labels."""
_USUAL = (*LISTED, "status")
_ORDER_OF = {"received_at": "received"}
_MOST_CHOSEN = 500
"""Documents of one file."""
_MOST_NAMED = 8
"""Documents that are left and named: the sentences go into a cookie, which holds 4 KB."""
_MOST_WITHDRAWN = 100
"""Documents of one withdrawal, each a transaction: twice as many as a page of the list shows."""


@dataclass(frozen=True, slots=True)
class ShelfView:
    """The list as its address asks for it."""

    order: str
    downwards: bool
    columns: tuple[str, ...]
    page: int

    def address(self, **changes: Any) -> str:
        """Address of the same list with some parts changed; None takes a part out."""
        parts = {
            "xep": self.order,
            "chieu": None if self.downwards else "tang",
            "cot": self.columns,
            "trang": self.page,
        }
        told = {name: value for name, value in {**parts, **changes}.items() if value}
        return url_for("shelf.documents", **told)

    def by(self, column: str) -> str | None:
        """Address of the list in the order of a column, turned round the second time; None for no such order."""
        order = _ORDER_OF.get(column, column)
        if order not in shelf.ORDERS:
            return None
        up = self.order == order and self.downwards
        return self.address(xep=order, chieu="tang" if up else None, trang=None)

    def direction(self, column: str) -> str:
        """Value of `aria-sort` for a column."""
        if self.order != _ORDER_OF.get(column, column):
            return "none"
        return "descending" if self.downwards else "ascending"


def _look() -> ShelfView:
    order = request.args.get("xep", "")
    columns = tuple(name for name in COLUMNS if name in request.args.getlist("cot")) or _USUAL
    page = max(1, min(request.args.get("trang", 1, type=whole), 100_000))
    return ShelfView(
        order if order in shelf.ORDERS else "received", request.args.get("chieu") != "tang", columns, page
    )


@pages.get("/danh-sach")
def documents() -> ResponseReturnValue:
    """Every document that the reader may see."""
    look = _look()
    offset = (look.page - 1) * PER_PAGE
    found = shelf.shelf(access.store(), access.seen(), look.order, look.downwards, PER_PAGE, offset)
    return render_template(
        "lookup/shelf.html",
        look=look,
        found=found,
        columns=COLUMNS,
        tags_of=cataloguing.tags_of(access.store(), [one.id for one in found.documents]),
        statuses=STATUS_LABELS,
        open_files=files.open_files(access.store()) if access.may("files.put") else [],
        all_tags=cataloguing.all_tags(access.store()) if access.may("tags.put") else [],
        last=max(1, ceil(found.total / PER_PAGE)),
    )


@pages.post("/danh-sach/go-khoi-kho")
def withdraw() -> ResponseReturnValue:
    """Withdraw the chosen documents for one reason, each by itself; those that are left are named."""
    ids = [one for one in request.form.getlist("chosen", type=whole) if one][:_MOST_WITHDRAWN]
    reason = clean_text("reason", request.form.get("reason", ""), required=True)
    if not ids:
        raise Problem("bad_request", why=_say("chưa chọn văn bản nào"))
    done, left = bulk_withdrawal.withdraw(ids, reason)
    flash(f"{_say('Đã gỡ khỏi kho')}: {len(done)} {_say('văn bản')}.")
    for told in left[:_MOST_NAMED]:
        flash(told)
    if len(left) > _MOST_NAMED:
        flash(f"{_say('Còn lại')}: {len(left) - _MOST_NAMED} {_say('văn bản')}.")
    return redirect(access.own_path(request.form.get("ve", "")) or url_for("shelf.documents"), 303)


@pages.route("/danh-sach.<form>", methods=["GET", "POST"])
def chosen(form: str) -> Response:
    """The selected documents as a file; raises Problem("not_found") for an unknown form."""
    typed = [*request.values.getlist("id", type=int), *request.values.getlist("chosen", type=int)]
    ids = typed[:_MOST_CHOSEN]
    rows = shelf.chosen(access.store(), access.seen(), ids)
    told = {"what": "results", "q": ""} | reading_notes.reach(
        access.store(), [row.id for row in rows], access.belongs()
    )
    more, cells = cataloguing.exported(access.store(), [row.id for row in rows])
    lines = [(*(_cell(row, name) for name in COLUMNS if name != "tags"), *cells[row.id]) for row in rows]
    heads = [label for name, label in COLUMNS.items() if name != "tags"]
    return as_file(form, "danh-sach", (*heads, COLUMNS["tags"], *more[1:]), lines, told)


def _cell(row: Any, name: str) -> object:
    value = getattr(row, name)
    if name == "status":
        return STATUS_LABELS.get(value, value)
    return value.isoformat(" ", "minutes") if name == "received_at" else value


def _say(text: str) -> str:
    return translator(access.store().settings.lang)(text)
