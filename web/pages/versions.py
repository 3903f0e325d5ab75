"""Versions of a document's file: a better scan put in, an earlier one put back, looked at, downloaded."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web import access
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import versions

pages = Blueprint("versions", __name__)


@pages.post("/van-ban/<int:document_id>/phien-ban")
def put(document_id: int) -> ResponseReturnValue:
    """Put in a new version of the file; it is shown once the gate has passed it and it was read."""
    keep = versions.choice_of(request.form.get("values", ""))
    versions.put(document_id, request.form.get("revision", -1, type=whole), keep)
    return _back(document_id)


@pages.post("/van-ban/<int:document_id>/phien-ban/<int:number>/dua-lai")
def put_back(document_id: int, number: int) -> ResponseReturnValue:
    """Put in a version that was shown before once more."""
    form = request.form
    keep = versions.choice_of(form.get("values", ""))
    versions.put_back(document_id, number, form.get("reason", ""), form.get("revision", -1, type=whole), keep)
    return _back(document_id)


@pages.get("/van-ban/<int:document_id>/phien-ban/<int:number>")
def shown(document_id: int, number: int) -> ResponseReturnValue:
    """The file of a version in the browser: PDF, PNG and JPEG; others are downloaded."""
    return versions.shown(document_id, number)


@pages.get("/van-ban/<int:document_id>/phien-ban/<int:number>/tep")
def original(document_id: int, number: int) -> ResponseReturnValue:
    """The file of a version as a download."""
    return versions.file(document_id, number)


def _back(document_id: int) -> ResponseReturnValue:
    flash(translator(access.store().settings.lang)("Đã nhận tệp mới: đang kiểm tra dấu mật và đọc."))
    return redirect(url_for("lookup.document", document_id=document_id), 303)
