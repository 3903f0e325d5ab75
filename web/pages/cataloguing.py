"""Pages of tags and of the office's own fields: the lists, tags put on documents, values of a document."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.cataloguing.own_values import KINDS
from corpus.cataloguing.tags import COLOURS
from corpus.errors import Problem
from corpus.queries import cataloguing as lists
from web import access
from web.access import proof
from web.access.proof import Question
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import cataloguing as work

tags = Blueprint("tags", __name__)
own_fields = Blueprint("own_fields", __name__)

_FIELD_DONE = {"end": "Đã ngừng dùng trường", "resume": "Đã dùng lại trường"}


@tags.get("/nhan")
def listing() -> ResponseReturnValue:
    """The office's list of tags, with the number of documents of each."""
    return _tags()


@tags.post("/nhan")
def add() -> ResponseReturnValue:
    """Add a tag; refused: the list again with the reason."""
    name = request.form.get("name", "")
    try:
        records.add_tag(access.store(), name, request.form.get("colour", ""), access.user().name)
    except Problem as problem:
        return _tags(problem.message(access.store().settings.lang)), problem.fault.status
    flash(f"{_say('Đã thêm nhãn')}: {name}.")
    return redirect(url_for("tags.listing"), 303)


@tags.post("/nhan/<int:tag_id>")
def change(tag_id: int) -> ResponseReturnValue:
    """Change a tag, or remove it from all documents after a question."""
    found, act = work.tag(tag_id), request.form.get("act", "")
    if act == "remove":
        about = f"{_say('Nhãn sẽ được gỡ khỏi mọi văn bản có nhãn này. Số văn bản:')} {found.count}."
        question = Question(f"{_say('Bỏ nhãn')} «{found.name}»?", about, url_for("tags.listing"))
        if (page := proof.asking(question, sharp=True)) is not None:
            return page
    try:
        work.alter_tag(tag_id, act, request.form.get("name", ""), request.form.get("colour", ""))
    except Problem as problem:
        if problem.code != "bad_value":
            raise
        return _tags(problem.message(access.store().settings.lang)), problem.fault.status
    flash(f"{_say('Đã bỏ nhãn') if act == 'remove' else _say('Đã sửa nhãn')}: {found.name}.")
    return redirect(url_for("tags.listing"), 303)


@tags.post("/van-ban/nhan")
def put() -> ResponseReturnValue:
    """Put a tag on the chosen documents (of results, a list, a document's page) or take it off."""
    ids = [one for one in request.form.getlist("chosen", type=whole) if one]
    name, taken = request.form.get("tag", ""), request.form.get("act") == "take"
    if not ids:
        raise Problem("bad_request", why=_say("chưa chọn văn bản nào"))
    count = work.put_tags(ids, [] if taken else [name], [name] if taken else [])
    flash(f"{_say('Đã gỡ nhãn') if taken else _say('Đã gắn nhãn')} «{name}»: {count} {_say('văn bản')}.")
    back = access.own_path(request.form.get("ve", ""))
    return redirect(back or url_for("lookup.document", document_id=ids[0]), 303)


@own_fields.get("/truong-rieng")
def fields() -> ResponseReturnValue:
    """The fields of the office's own."""
    return _fields()


@own_fields.post("/truong-rieng")
def add_field() -> ResponseReturnValue:
    """Add a field; refused: the list again with the reason."""
    form = request.form
    try:
        work.add_field(form.get("slug", ""), form.get("label", ""), form.get("kind", ""), _choices())
    except Problem as problem:
        return _fields(problem.message(access.store().settings.lang)), problem.fault.status
    flash(f"{_say('Đã thêm trường')}: {form.get('label', '')}.")
    return redirect(url_for("own_fields.fields"), 303)


@own_fields.post("/truong-rieng/<int:field_id>")
def change_field(field_id: int) -> ResponseReturnValue:
    """Change a field, take it out of use, or into use again."""
    act = request.form.get("act", "")
    try:
        work.alter_field(field_id, act, request.form.get("label", ""), _choices())
    except Problem as problem:
        if problem.code != "bad_value":
            raise
        return _fields(problem.message(access.store().settings.lang)), problem.fault.status
    flash(f"{_say(_FIELD_DONE.get(act, 'Đã sửa trường'))}.")
    return redirect(url_for("own_fields.fields"), 303)


@own_fields.post("/van-ban/<int:document_id>/truong-rieng")
def set_values(document_id: int) -> ResponseReturnValue:
    """Set the values of a document's own fields."""
    known = {one.slug for one in lists.fields(access.store())}
    values = {slug: text for slug, text in request.form.items() if slug in known}
    changed = work.set_values(document_id, values, request.form.get("revision", type=whole))
    flash(f"{_say('Đã lưu') if changed else _say('Không có gì thay đổi')}.")
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@own_fields.post("/van-ban/<int:document_id>/truong-rieng/<int:row>/hoan-tac")
def undo(document_id: int, row: int) -> ResponseReturnValue:
    """Undo one change of such values."""
    work.undo_values(document_id, row, request.form.get("revision", type=whole))
    flash(f"{_say('đã hoàn tác').capitalize()}.")
    return redirect(url_for("lookup.document", document_id=document_id), 303)


def _choices() -> list[str]:
    return request.form.get("choices", "").splitlines()


def _tags(problem: str = "") -> str:
    listed = lists.all_tags(access.store(), access.seen())
    return render_template("cataloguing/tags.html", tags=listed, colours=COLOURS, problem=problem)


def _fields(problem: str = "") -> str:
    listed = lists.fields(access.store(), all_of_them=True)
    return render_template("cataloguing/own_fields.html", fields=listed, kinds=KINDS, problem=problem)


def _say(text: str) -> str:
    return translator(access.store().settings.lang)(text)
