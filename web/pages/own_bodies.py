"""The archive's own bodies (cơ quan của kho), for the administrator: the list, adding one, removing one."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.errors import Problem
from corpus.lifecycle import own_bodies as kept
from web import access
from web.access import proof
from web.access.proof import Question
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import directions

pages = Blueprint("own_bodies", __name__)


@pages.get("/co-quan-cua-kho")
def bodies() -> ResponseReturnValue:
    """The bodies whose papers the archive keeps as its own, with their symbols."""
    return _page()


@pages.post("/co-quan-cua-kho")
def add() -> ResponseReturnValue:
    """Add a body, or give one that is listed another symbol; refused: the form again with what was typed."""
    form, name = request.form, request.form.get("name", "")
    texts = translator(access.store().settings.lang)
    try:
        years = (_year(form.get("first_year", "")), _year(form.get("last_year", "")))
        who, places = access.user().name, form.get("places", "")
        records.add_own_body(access.store(), name, form.get("symbol", ""), who, places=places, years=years)
    except Problem as problem:
        return _page(problem.message(access.store().settings.lang), form), problem.fault.status
    flash(f"{texts('Đã ghi cơ quan của kho')}: {name}.")
    return redirect(url_for("own_bodies.bodies"), 303)


@pages.post("/co-quan-cua-kho/bo")
def remove() -> ResponseReturnValue:
    """Remove a body from the list, after a question; raises Problem("not_found")."""
    name, texts = request.form.get("name", ""), translator(access.store().settings.lang)
    text = texts("Dãy số của cơ quan này không còn được xét thiếu số; văn bản của cơ quan vẫn ở trong kho.")
    question = Question(f"{texts('Bỏ cơ quan của kho')} «{name}»?", text, url_for("own_bodies.bodies"))
    if (page := proof.asking(question, guarded=False)) is not None:
        return page
    records.remove_own_body(access.store(), name, access.user().name)
    flash(f"{texts('Đã bỏ cơ quan của kho')}: {name}.")
    return redirect(url_for("own_bodies.bodies"), 303)


@pages.post("/co-quan-cua-kho/huong")
def renew() -> ResponseReturnValue:
    """Work out the directions of all documents again; what is left after some seconds is offered to go on with."""
    texts = translator(access.store().settings.lang)
    left, changed = directions.renew_some(request.form.get("after", 0, type=whole))
    more = f", {texts('còn văn bản chưa xét')}" if left is not None else ""
    flash(f"{texts('Đã xét lại hướng')}: {changed} {texts('văn bản đổi hướng')}{more}.")
    return redirect(url_for("own_bodies.bodies", after=left), 303)


def _year(text: str) -> int | None:
    """A year as typed, None for none; raises Problem("bad_value") for other text."""
    if not text.strip():
        return None
    try:
        return whole(text)
    except ValueError as error:
        raise Problem("bad_value", field="year", value=text[:20], why="cần một năm") from error


def _page(problem: str = "", typed: Mapping[str, str] | None = None) -> str:
    with access.store().db.reading() as session:
        listed = kept.every(session)
    after = request.args.get("after", type=whole)
    return render_template(
        "own_bodies/bodies.html", bodies=listed, problem=problem, typed=typed or {}, after=after
    )
