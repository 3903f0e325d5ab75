"""The review desk: what waits for a person, and the form beside the scan that puts it on record."""

from __future__ import annotations

import hashlib
import json

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import field_labels, records
from corpus.authority import doc_types
from corpus.database.models import Document
from corpus.errors import Problem
from corpus.json_shapes import fields_from_json
from corpus.lifecycle import history, holds, reread
from corpus.lifecycle.corrections import EDITABLE, MANY
from corpus.lifecycle.doubt_context import doubts_of
from corpus.lifecycle.doubts import ASKED
from corpus.numbering import typed_days
from corpus.queries import review_queue
from web import access
from web.present import fields, problem_details, signed
from web.present.whole_number import whole
from web.services import shown_proof, uploads
from web.services.review import correct_all, read_box, twins

pages = Blueprint("review", __name__)


@pages.get("/can-xem")
def queue() -> ResponseReturnValue:
    """Documents that wait for a person, oldest first, with the reasons and who has them open; failed ones below."""
    store = access.store()
    with store.db.reading() as session:
        held = holds.held(session)
    seen = access.seen()
    return render_template(
        "review/queue.html",
        rows=review_queue.rows(store, seen),
        total=review_queue.count(store, seen),
        held=held,
        failed=[(one, uploads.fault_of(one)) for one in review_queue.failed(store, seen)],
        bulk=review_queue.BULK,
        labels=field_labels.LABELS,
        done=request.args.get("changed", type=whole),
    )


@pages.get("/can-xem/tiep")
def following() -> ResponseReturnValue:
    """The document that has waited longest and that no colleague has open."""
    after = request.args.get("sau", type=whole)
    found = records.hold_next(access.store(), access.user().name, after, access.belongs())
    if found is None:
        return redirect(url_for("review.queue"), 303)
    return redirect(url_for("review.form", document_id=found), 303)


@pages.get("/can-xem/ten-co-quan")
def names() -> ResponseReturnValue:
    """Names of bodies that hold what was typed: those on record first, then the authority list's."""
    return jsonify(review_queue.names(access.store(), request.args.get("q", ""), access.seen()))


@pages.get("/can-xem/<int:document_id>")
def form(document_id: int) -> ResponseReturnValue:
    """The form of one document beside its scan."""
    return _form(access.document(document_id))


@pages.post("/can-xem/<int:document_id>")
def accept(document_id: int) -> ResponseReturnValue:
    """Puts it on record (or corrects a record) and goes to the next; on a conflict or a doubt nothing typed is lost."""
    store, name = access.store(), access.user().name
    found = access.document(document_id)
    revision = request.form.get("revision", -1, type=whole)
    act = records.correct if found.status == "accepted" else records.accept
    try:
        shown_proof.demand(document_id, revision)
        act(store, document_id, _values(), name, revision, confirm=_confirmed(), by=access.belongs())
    except Problem as problem:
        if problem.code not in ("stale", "bad_value", "wrong_state", "doubtful", "not_shown"):
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
    found = access.content(document_id)
    edges = [request.form.get(edge, -1.0, type=float) for edge in ("left", "top", "right", "bottom")]
    return jsonify(
        {"text": read_box(found, request.form.get("page", 0, type=whole), request.form.get("field", ""), edges)}
    )


@pages.get("/can-xem/<int:document_id>/so-voi/<int:other>")
def compare(document_id: int, other: int) -> ResponseReturnValue:
    """Two documents that may be the same, side by side: the clerk decides (Nghị định 30/2020/NĐ-CP, Phụ lục VI)."""
    both = [access.document(one) for one in (document_id, other)]
    store = access.store()
    left, right = (fields.entries(one) for one in both)
    return render_template(
        "review/compare.html",
        both=both,
        lines=[(a, b) for a, b in zip(left, right, strict=True) if a.value or b.value],
        sheets=[fields.sheets(store, one, []) for one in both],
    )


@pages.post("/van-ban/<int:document_id>/thu-hoi")
def withdraw(document_id: int) -> ResponseReturnValue:
    """Takes a document back, with a reason."""
    found = access.document(document_id)
    reason = request.form.get("reason", "")
    records.withdraw(
        access.store(), found.id, reason, access.user().name, request.form.get("revision", type=whole)
    )
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/van-ban/<int:document_id>/dua-tro-lai")
def reinstate(document_id: int) -> ResponseReturnValue:
    """Brings a withdrawn document back to the desk."""
    found = access.document(document_id)
    records.reinstate(access.store(), found.id, access.user().name, request.form.get("revision", type=whole))
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/van-ban/<int:document_id>/hoan-tac/<int:row>")
def undo(document_id: int, row: int) -> ResponseReturnValue:
    """Takes one change back; what makes a record on file doubtful is asked first."""
    found, revision = access.document(document_id), request.form.get("revision", type=whole)
    confirm = request.form.getlist("confirm")
    try:
        records.undo(
            access.store(), found.id, row, access.user().name, revision, confirm=confirm, by=access.belongs()
        )
    except Problem as problem:
        if problem.code != "doubtful":
            raise
        told = problem_details.doubts_of(problem)
        return render_template("review/confirm.html", found=found, row=row, revision=revision, doubts=told), 422
    return redirect(url_for("lookup.document", document_id=document_id), 303)


@pages.post("/can-xem/hang-loat")
def bulk() -> ResponseReturnValue:
    """Gives one field of several documents the same value; each is a correction of its own, with its history."""
    chosen = request.form.getlist("chosen", type=whole)
    changed = correct_all(chosen, request.form.get("field", ""), request.form.get("value", ""))
    return redirect(url_for("review.queue", changed=changed), 303)


def _form(found: Document, typed: bool = False, problem: Problem | None = None) -> str:
    """The form, flagged fields first; what was typed stands in the fields, what the store holds beside them."""
    store, name = access.store(), access.user().name
    entries = sorted(fields.entries(found), key=lambda entry: not entry.review)
    values = {entry.name: entry.shown for entry in entries}
    if typed:
        values |= {one: request.form[one] for one in EDITABLE if one in request.form}
    lang = store.settings.lang
    found_doubts, withdrawn = _asked_of(found)
    told = problem_details.doubts_of(problem) if problem else ()
    holder, since = records.hold(store, found.id, name) if found.status == "review" else (name, None)
    return render_template(
        "review/form.html",
        found=found,
        entries=entries,
        values=values,
        problem=problem.message(lang) if problem else "",
        stale=problem is not None and problem.code == "stale",
        faulty=problem_details.faulty_fields(problem, lang),
        to_confirm=[(one.code, one.message(lang)) for one in told],
        confirmed=_digest() if told else "",
        proof=shown_proof.made(found.id, found.revision),
        session=access.token_hash(f"draft {request.cookies.get(access.COOKIE, '')}")[:16],
        sheets=fields.sheets(store, found, signed.marks(found.signatures)),
        signatures=signed.lines(found.signatures, store.settings.lang),
        waiting=review_queue.count(store, access.seen()),
        fault=uploads.fault_of(found),
        warnings=found_doubts,
        withdrawn=withdrawn,
        unread=fields.unread(found),
        reading_again=_is_read_again(found),
        doc_types=doc_types.doc_types(),
        editable=found.status in ("review", "failed", "accepted"),
        twins=twins(found),
        holder=holder if holder != name else None,
        since=since,
    )


def _is_read_again(found: Document) -> bool:
    with access.store().db.reading() as session:
        return found.status in reread.STANDING and reread.is_waiting(session, found.id)


def _asked_of(found: Document) -> tuple[list[str], str]:
    """What the form says beside its fields: the reader's warnings and the doubts as they are now; a former withdrawal."""
    store, lang = access.store(), access.store().settings.lang
    if found.status not in ("review", "accepted"):
        return [], ""
    with store.db.reading() as session:
        now = doubts_of(session, found, fields_from_json(found.fields or {}), access.belongs())
        back = history.withdrawal_to_look_at(session, found.id)
    asked_by_store = {one.code for one in now} | ASKED
    read = [
        one["message"] for one in (found.machine or {}).get("warnings", []) if one["code"] not in asked_by_store
    ]
    notes = [] if found.status == "accepted" else [*read, *(one.message(lang) for one in now)]
    return list(dict.fromkeys(notes)), uploads.withdrawal_note(back) if back else ""


def _confirmed() -> list[str]:
    """The codes that the person confirms, as long as the form says what it said when they were listed."""
    return request.form.get("confirm", "").split() if request.form.get("confirmed") == _digest() else []


def _digest() -> str:
    """A fingerprint of what the form says."""
    said = json.dumps(_values(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _values() -> dict[str, object]:
    """The fields of the form; lists are one item a line, a date is written as people here write it."""
    sent = {name: request.form[name] for name in EDITABLE if name in request.form}
    if "date" in sent:
        sent["date"] = typed_days.iso(sent["date"])
    return {
        name: [line for line in text.splitlines() if line.strip()] if name in MANY else text
        for name, text in sent.items()
    }
