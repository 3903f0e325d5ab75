"""Share links: made and ended on a document's page, and the page that a link opens without an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from corpus.errors import Problem
from corpus.queries import documents
from web import access
from web.access import share_door
from web.present import fields
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services import shares
from web.services.searchable_pdfs import is_scan

links = Blueprint("shares", __name__)
shared = Blueprint("shared", __name__)


@links.post("/van-ban/<int:document_id>/chia-se")
def make(document_id: int) -> ResponseReturnValue:
    """Make a link; its address is shown on this answer alone."""
    typed = request.form.get("days", "").strip()
    days = request.form.get("days", type=whole)
    if typed and days is None:
        raise Problem("bad_value", field="days", value=typed[:20], why="cần là số ngày")
    made = shares.make(document_id, days, request.form.get("purpose", ""))
    return render_template("shares/made.html", found=access.document(document_id), address=made.address)


@links.post("/van-ban/<int:document_id>/chia-se/<int:link_id>/huy")
def end(document_id: int, link_id: int) -> ResponseReturnValue:
    """End a link before its time."""
    shares.end(document_id, link_id)
    flash(_say("Đã hủy đường dẫn chia sẻ."))
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@shared.get("/chia-se/<token>")
def paper(token: str) -> ResponseReturnValue:
    """A shared document: its number, day, issuer, type and subject, the pictures of its pages, its file."""
    found = share_door.opened(token).document
    return render_template(
        "shares/shared.html",
        found=found,
        token=token,
        pictures=range(1, found.page_count + 1) if fields.has_pictures(found) else (),
        scanned=is_scan(documents.pages(access.store(), found.id)),
    )


@shared.get("/chia-se/<token>/trang/<int:page>.png")
def page_image(token: str, page: int) -> ResponseReturnValue:
    """The picture of a page of a shared document."""
    return send_file(shares.page_picture(token, page), mimetype="image/png")


@shared.get("/chia-se/<token>/ban-goc")
def original(token: str) -> ResponseReturnValue:
    """The original of a shared document, as a download."""
    return shares.original_file(token)


@shared.get("/chia-se/<token>/tim-duoc.pdf")
def searchable(token: str) -> ResponseReturnValue:
    """The scan of a shared document as a PDF with text."""
    return shares.searchable_copy(token)


def _say(text: str) -> str:
    return translator(access.store().settings.lang)(text)
