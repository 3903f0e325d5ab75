"""Groups of users, for the administrator, and the limit of a document to groups, for the desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.access import groups as kept
from corpus.errors import Problem
from corpus.queries import accounts
from web import access
from web.access import proof
from web.access.proof import Question
from web.present.catalogue import translator
from web.services.groups import alter

pages = Blueprint("groups", __name__)

_ASKED = {"join": "Thêm vào nhóm", "leave": "Bỏ khỏi nhóm", "remove": "Bỏ nhóm"}
_DONE = {"join": "Đã thêm vào nhóm", "leave": "Đã bỏ khỏi nhóm", "remove": "Đã bỏ nhóm"}


@pages.get("/nhom")
def groups() -> ResponseReturnValue:
    """The groups with their members and the number of documents limited to each."""
    return _page()


@pages.post("/nhom")
def add() -> ResponseReturnValue:
    """Add a group."""
    name, texts = request.form.get("name", ""), translator(access.store().settings.lang)
    question = Question(f"{texts('Thêm nhóm')} «{name}»", "", url_for("groups.groups"))
    if (page := proof.asking(question, sharp=False)) is not None:
        return page
    try:
        records.add_group(access.store(), name, access.user().name)
    except Problem as problem:
        return _page(problem.message(access.store().settings.lang)), problem.fault.status
    flash(f"{texts('Đã thêm nhóm')}: {name}.")
    return redirect(url_for("groups.groups"), 303)


@pages.post("/nhom/<int:group_id>")
def change(group_id: int) -> ResponseReturnValue:
    """Add a member, remove one, or remove a group that no document is limited to, after a question.

    Raises Problem("not_found"), Problem("bad_request") for an unknown act.
    """
    group = accounts.group(access.store(), group_id)
    if group is None:
        raise Problem("not_found", what=group_id)
    act, user = request.form.get("act", ""), request.form.get("user", "")
    if act not in _DONE:
        raise Problem("bad_request", why=act[:50])
    texts = translator(access.store().settings.lang)
    name = f"«{group.name}»" if act == "remove" else f"{user} – «{group.name}»"
    question = Question(f"{texts(_ASKED[act])} {name}?", "", url_for("groups.groups"))
    if (page := proof.asking(question, sharp=act == "remove")) is not None:
        return page
    alter(group.name, act, user)
    flash(f"{texts(_DONE[act])}: {name}.")
    return redirect(url_for("groups.groups"), 303)


@pages.post("/van-ban/<int:document_id>/gioi-han")
def limit(document_id: int) -> ResponseReturnValue:
    """Limit a document to the ticked groups; to none if none is ticked."""
    found = access.document(document_id)
    records.limit(access.store(), found.id, request.form.getlist("group"), access.user().name, access.belongs())
    return redirect(url_for("lookup.document", document_id=document_id), 303)


def _page(problem: str = "") -> str:
    with access.store().db.reading() as session:
        listed = kept.listing(session)
    names = accounts.active_names(access.store())
    return render_template("groups/groups.html", groups=listed, names=names, problem=problem)
