"""The rule of what goes on record without a person (tự động vào kho): the administrator's choice."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.lifecycle import acceptance
from web import access
from web.present.catalogue import translator
from web.present.desk_words import ACCEPTANCE

pages = Blueprint("acceptance", __name__)


@pages.get("/tu-dong-vao-kho")
def rule() -> ResponseReturnValue:
    """The rule in force, and the choice of another."""
    with access.store().db.reading() as session:
        now = acceptance.in_force(session)
    return render_template("admin/acceptance.html", now=now, rules=ACCEPTANCE)


@pages.post("/tu-dong-vao-kho")
def change() -> ResponseReturnValue:
    """Set the rule; raises Problem("bad_value") for an unknown one."""
    chosen, texts = request.form.get("rule", ""), translator(access.store().settings.lang)
    records.set_acceptance(access.store(), chosen, access.user().name)
    flash(f"{texts('Đã lưu việc tự động vào kho')}: {texts(ACCEPTANCE[chosen])}.")
    return redirect(url_for("acceptance.rule"), 303)
