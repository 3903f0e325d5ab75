"""The board of a document's pages: turn, split, merge, reorder, leave out, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.database.read_only import StoredDocument
from corpus.errors import Problem
from corpus.queries import page_lineage
from web import access
from web.present import fields
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import page_works
from web.services.page_works import PlannedPage

pages = Blueprint("sheets", __name__)

_SHOWN_AGAIN = ("bad_request", "bad_value", "stale", "pages_bound", "pages_limits", "wrong_state")


@pages.get("/van-ban/<int:document_id>/trang")
def board(document_id: int) -> ResponseReturnValue:
    """The pages of a document, and of those that are to be merged with it, to be arranged."""
    others = request.args.getlist("gop")
    try:
        return _board(document_id, page_works.sources(document_id, others))
    except Problem as problem:
        if not others or problem.code not in ("not_found", "pages_kind", *_SHOWN_AGAIN):
            raise
        return _board(document_id, page_works.sources(document_id, []), problem), problem.fault.status


@pages.post("/van-ban/<int:document_id>/trang")
def change(document_id: int) -> ResponseReturnValue:
    """Make the new documents of the plan; refused: the board again with the reason."""
    form = request.form
    ids = [document_id, *(one for one in form.getlist("of", type=whole) if one != document_id)]
    seen = {one: form.get(f"revision-{one}", -1, type=whole) for one in dict.fromkeys(ids)}
    try:
        made = page_works.change(_plan(), seen, form.get("reason", ""))
    except Problem as problem:
        if problem.code not in _SHOWN_AGAIN:
            raise
        found = [access.content(one) for one in seen]
        return _board(document_id, found, problem), problem.fault.status
    texts = translator(access.store().settings.lang)
    flash(f"{texts('Đã lập văn bản mới, đang đọc')}: {', '.join(f'#{one}' for one in made)}.")
    return redirect(url_for("lookup.document", document_id=made[0]), 303)


@pages.post("/van-ban/<int:document_id>/trang/hoan-tac")
def undo(document_id: int) -> ResponseReturnValue:
    """Undo the last act on the pages of a document."""
    back = page_works.undo(document_id)
    texts = translator(access.store().settings.lang)
    flash(f"{texts('Đã hoàn tác; văn bản trở lại hàng chờ')}: {', '.join(f'#{one}' for one in back)}.")
    return redirect(url_for("lookup.document", document_id=back[0]), 303)


def _plan() -> list[PlannedPage]:
    """The plan of the form: a row for each page, in the order of its places; pages left out are not in it."""
    rows: list[tuple[int, int, PlannedPage]] = []
    for at, key in enumerate(request.form.getlist("page")):
        document_id, _, number = key.partition("-")
        try:
            one, page = whole(document_id), whole(number)
            turn = whole(request.form.get(f"turn-{key}", "0"))
            place = whole(request.form.get(f"place-{key}", str(at + 1)))
        except ValueError as error:
            raise Problem("bad_request", why=key[:50]) from error
        if request.form.get(f"drop-{key}") != "1":
            rows.append((place, at, PlannedPage(one, page, turn, request.form.get(f"begin-{key}") == "1")))
    return [planned for _, _, planned in sorted(rows, key=lambda row: row[:2])]


def _board(document_id: int, found: Sequence[StoredDocument], problem: Problem | None = None) -> str:
    store = access.store()
    first = access.document(document_id)
    return render_template(
        "sheets/board.html",
        found=first,
        documents=found,
        sheets=[(one, sheet.number) for one in found for sheet in fields.sheets(store, one, [])],
        turns=page_works.TURNS,
        near=page_lineage.near(store, first, access.seen()),
        merged={one.id for one in found},
        signed=any(one.signatures for one in found),
        typed=request.form if problem and request.method == "POST" else {},
        problem=problem.message(store.settings.lang) if problem else "",
    )
