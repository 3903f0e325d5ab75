"""The review desk: what waits for a person, and the form beside the scan that puts it on record."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from corpus import desk, doctypes, files, records
from corpus.corrections import EDITABLE, MANY
from corpus.document import Box
from corpus.errors import Problem
from corpus.models import Document, PageText
from ingest.spot import read_spot
from web import access, intake, shown, signed, waiting

pages = Blueprint("review", __name__)

_LEAST = 0.004
"""A box smaller than this fraction of the page is a slip of the mouse."""


@pages.get("/can-xem")
def queue() -> ResponseReturnValue:
    """Documents that wait for a person, oldest first, with the reasons and who has them open; failed ones below."""
    store = access.store()
    with store.db.reading() as session:
        held = desk.held(session)
    seen = access.seen()
    return render_template(
        "review/queue.html",
        rows=waiting.rows(store, seen),
        total=waiting.count(store, seen),
        held=held,
        failed=[(one, intake.fault_of(one)) for one in waiting.failed(store, seen)],
        bulk=waiting.BULK,
        labels=shown.LABELS,
        done=request.args.get("changed", type=int),
    )


@pages.get("/can-xem/tiep")
def following() -> ResponseReturnValue:
    """The document that has waited longest and that no colleague has open."""
    after = request.args.get("sau", type=int)
    found = records.hold_next(access.store(), access.user().name, after, access.belongs())
    if found is None:
        return redirect(url_for("review.queue"), 303)
    return redirect(url_for("review.form", document_id=found), 303)


@pages.get("/can-xem/ten-co-quan")
def names() -> ResponseReturnValue:
    """Names of bodies that hold what was typed: those on record first, then the authority list's."""
    return jsonify(waiting.names(access.store(), request.args.get("q", ""), access.seen()))


@pages.get("/can-xem/<int:document_id>")
def form(document_id: int) -> ResponseReturnValue:
    """The form of one document beside its scan."""
    return _form(access.document(document_id))


@pages.post("/can-xem/<int:document_id>")
def accept(document_id: int) -> ResponseReturnValue:
    """Puts it on record (or corrects a record) and goes to the next; on a conflict nothing typed is lost."""
    store, name = access.store(), access.user().name
    found = access.document(document_id)
    revision = request.form.get("revision", type=int)
    act = records.correct if found.status == "accepted" else records.accept
    try:
        act(store, document_id, _values(), name, revision if revision is not None else -1)
    except Problem as problem:
        if problem.code not in ("stale", "bad_value", "wrong_state"):
            raise
        return _form(access.document(document_id), typed=True, problem=problem), problem.fault.status
    records.release(store, document_id, name)
    after = None if found.status == "accepted" else records.hold_next(store, name, document_id, access.belongs())
    if after is None:
        return redirect(url_for("lookup.document", document_id=document_id), 303)
    return redirect(url_for("review.form", document_id=after), 303)


@pages.post("/can-xem/<int:document_id>/giu")
def keep(document_id: int) -> ResponseReturnValue:
    """Renews the hold of an open form."""
    holder, _ = records.hold(access.store(), access.document(document_id).id, access.user().name)
    return jsonify({"holder": holder})


@pages.post("/can-xem/<int:document_id>/doc-o")
def spot(document_id: int) -> ResponseReturnValue:
    """Reads again what stands in a box that was drawn on a page, for one field."""
    found = access.document(document_id)
    edges = [request.form.get(edge, -1.0, type=float) for edge in ("left", "top", "right", "bottom")]
    return jsonify(
        {"text": read_box(found, request.form.get("page", 0, type=int), request.form.get("field", ""), edges)}
    )


def read_box(found: Document, page: int, name: str, edges: list[float]) -> str:
    """What stands in a box (left, top, right, bottom in fractions of a page), in the form that a field wants."""
    left, top, right, bottom = edges
    if not all(0 <= edge <= 1 for edge in edges) or right - left < _LEAST or bottom - top < _LEAST:
        raise Problem("bad_request", why="khung chọn")
    store = access.store()
    with store.db.reading() as session:
        row = session.get(PageText, (found.id, page))
    path = files.original_path(store, found.sha256, document=found.id, verify=False)
    turned = row.rotation if row else 0
    text = read_spot(path, found.name, found.media_type, store.settings, page, turned, Box(*edges))
    return shown.tidied(name, text)


@pages.get("/can-xem/<int:document_id>/so-voi/<int:other>")
def compare(document_id: int, other: int) -> ResponseReturnValue:
    """Two documents that may be the same, side by side: the clerk decides (Nghị định 30/2020/NĐ-CP, Phụ lục VI)."""
    both = [access.document(one) for one in (document_id, other)]
    store = access.store()
    left, right = (shown.entries(one) for one in both)
    return render_template(
        "review/compare.html",
        both=both,
        lines=[(a, b) for a, b in zip(left, right, strict=True) if a.value or b.value],
        sheets=[shown.sheets(store, one, []) for one in both],
    )


@pages.post("/van-ban/<int:document_id>/thu-hoi")
def withdraw(document_id: int) -> ResponseReturnValue:
    """Takes a document back, with a reason."""
    found = access.document(document_id)
    reason = request.form.get("reason", "")
    records.withdraw(access.store(), found.id, reason, access.user().name, request.form.get("revision", type=int))
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/van-ban/<int:document_id>/dua-tro-lai")
def reinstate(document_id: int) -> ResponseReturnValue:
    """Brings a withdrawn document back to the desk."""
    found = access.document(document_id)
    records.reinstate(access.store(), found.id, access.user().name, request.form.get("revision", type=int))
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/van-ban/<int:document_id>/hoan-tac/<int:row>")
def undo(document_id: int, row: int) -> ResponseReturnValue:
    """Takes one correction back."""
    found = access.document(document_id)
    records.undo(access.store(), found.id, row, access.user().name, request.form.get("revision", type=int))
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/can-xem/hang-loat")
def bulk() -> ResponseReturnValue:
    """Gives one field of several documents the same value; each is a correction of its own, with its history."""
    chosen = request.form.getlist("chosen", type=int)
    changed = correct_all(chosen, request.form.get("field", ""), request.form.get("value", ""))
    return redirect(url_for("review.queue", changed=changed), 303)


def correct_all(documents: list[int], name: str, value: str) -> int:
    """Gives one field of documents a value; how many there were."""
    chosen = sorted(set(documents))[: waiting.MOST]
    if name not in waiting.BULK or not chosen:
        raise Problem("bad_request", why="chưa chọn văn bản hoặc trường nào")
    for document_id in chosen:
        records.correct(access.store(), access.document(document_id).id, {name: value}, access.user().name, None)
    return len(chosen)


def _form(found: Document, typed: bool = False, problem: Problem | None = None) -> str:
    """The form, flagged fields first; what was typed stands in the fields, what the store holds beside them."""
    store, name = access.store(), access.user().name
    entries = sorted(shown.entries(found), key=lambda entry: not entry.review)
    values = {entry.name: entry.shown for entry in entries}
    if typed:
        values |= {one: request.form[one] for one in EDITABLE if one in request.form}
    holder, since = records.hold(store, found.id, name) if found.status == "review" else (name, None)
    return render_template(
        "review/form.html",
        found=found,
        entries=entries,
        values=values,
        problem=problem.message(store.settings.lang) if problem else "",
        sheets=shown.sheets(store, found, signed.marks(found)),
        signatures=signed.lines(found, store.settings.lang),
        waiting=waiting.count(store, access.seen()),
        fault=intake.fault_of(found),
        warnings=(found.machine or {}).get("warnings", []),
        doc_types=doctypes.doc_types(),
        editable=found.status in ("review", "failed", "accepted"),
        twins=twins(found),
        holder=holder if holder != name else None,
        since=since,
    )


def _values() -> dict[str, object]:
    """The fields of the form; lists are one item a line, a date is written as people here write it."""
    sent = {name: request.form[name] for name in EDITABLE if name in request.form}
    if "date" in sent:
        sent["date"] = shown.iso(sent["date"])
    return {
        name: [line for line in text.splitlines() if line.strip()] if name in MANY else text
        for name, text in sent.items()
    }


def twins(found: Document) -> list[Document]:
    """Other documents with the same number, issuer and year."""
    if not found.number_key:
        return []
    same = (
        select(Document)
        .where(Document.number_key == found.number_key, Document.issuer_key == found.issuer_key)
        .where(Document.year == found.year, Document.id != found.id)
        .where(Document.status.in_(("review", "accepted")), access.seen())
    )
    with access.store().db.reading() as session:
        return list(session.scalars(same.limit(10)))
