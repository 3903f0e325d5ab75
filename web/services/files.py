"""Files (hồ sơ) as the present user sees and changes them: lists, papers, packages, destruction, copies."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request, send_file

from corpus import records
from corpus.errors import Problem
from corpus.lifecycle.cleared import is_cleared
from corpus.numbering.typed_days import today
from corpus.queries import file_lists, files
from corpus.queries.files import FileLine, FilesWanted
from web import access
from web.access import proof
from web.formats import sip, tables
from web.present import file_rows
from web.services import downloads, file_packages

ACTS = ("edit", "close", "reopen", "arrange", "retain")
EDITED = (
    "code", "title", "heading", "keeper", "retention", "years", "organ_id", "rights", "language", "description",
)  # fmt: skip
MOST_LISTED = 10_000
"""Files of one list as a file or in print."""
_LONGEST = 200


def asked(parts: Mapping[str, Any]) -> FilesWanted:
    """Filter of the list from `year`, `state`, `q` of an address; what is not understood asks for all."""
    year, state = str(parts.get("year") or ""), str(parts.get("state") or "")
    plain = year.isascii() and year.isdigit() and len(year) == 4
    return FilesWanted(
        int(year) if plain else None,
        state if state in files.STATES else "",
        str(parts.get("q") or "").strip()[:_LONGEST],
    )


def line(file_id: int) -> FileLine:
    """A file with what the present user sees in it; raises Problem("not_found")."""
    return files.one(access.store(), file_id, access.seen())


def add(values: Mapping[str, Any]) -> int:
    """Make a file; `year` among the values. Raises as `records.add_file` does."""
    year = str(values.get("year") or "").strip()
    plain = year.isascii() and year.isdigit() and len(year) == 4
    return records.add_file(access.store(), int(year) if plain else 0, _fields_of(values), access.user().name)


def change(file_id: int, act: str, values: Mapping[str, Any], revision: int | None) -> None:
    """One act of ACTS on a file. Raises Problem("bad_request") for another, and as its record does."""
    store, name = access.store(), access.user().name
    if act == "edit":
        records.change_file(store, file_id, _fields_of(values), name, revision)
    elif act == "close":
        records.close_file(store, file_id, _text(values, "day"), name, revision)
    elif act == "reopen":
        records.reopen_file(store, file_id, _text(values, "reason"), name, revision)
    elif act == "retain":
        years, reason = values.get("years"), _text(values, "reason")
        records.retain_file(store, file_id, years, reason, name, revision)
    elif act == "arrange":
        records.arrange_file(store, file_id, name)
    else:
        raise Problem("bad_request", why=act[:50])


def put(file_id: int, ids: Iterable[int], *, move: bool = False) -> int:
    """Put documents that the present user sees into a file; return the number of those that were not in it."""
    chosen = list(dict.fromkeys(ids))[: records.MOST_AT_ONCE + 1]
    shown = [access.document(one).id for one in chosen]
    return records.put_papers(access.store(), file_id, shown, access.user().name, move=move)


def take_out(document_id: int) -> None:
    """Take a document that the present user sees out of its open file."""
    records.take_out_paper(access.store(), access.document(document_id).id, access.user().name)


def change_rules(file_id: int, act: str, values: Mapping[str, Any]) -> int:
    """Add a rule, remove one, or apply all: the number of documents that were filed by it, else 0.

    Raises Problem("not_found"), Problem("bad_request") for another act, and as its record does.
    """
    store, name = access.store(), access.user().name
    line(file_id)
    if act == "add":
        parts = [_text(values, part) for part in ("doc_type", "issuer", "words")]
        records.add_file_rule(store, file_id, parts[0], parts[1], parts[2], name)
    elif act == "remove":
        rule_id = _number(values.get("rule"))
        if files.rule_file(store, rule_id) != file_id:
            raise Problem("not_found", what=rule_id)
        records.remove_file_rule(store, rule_id, name)
    elif act == "apply":
        return records.apply_file_rules(store, file_id, name, access.belongs())
    else:
        raise Problem("bad_request", why=act[:50])
    return 0


def expired(limit: int, offset: int = 0) -> tuple[list[FileLine], int]:
    """Files whose retention is over today."""
    return files.expired(access.store(), today(), access.seen(), limit, offset)


def decide(list_id: int, act: str, reason: str) -> int:
    """Consent to a list for destruction, drop it, or carry it out: the number of destroyed files, else 0.

    Consent and destruction ask for a recent proof of the person. Raises Problem("proof_needed"),
    ("not_by_token"), and as its record does.
    """
    store, name = access.store(), access.user().name
    if act == "drop":
        records.drop_destruction(store, list_id, reason, name)
        return 0
    proof.demand()
    if act == "consent":
        records.consent_destruction(store, list_id, name)
        return 0
    if act != "destroy":
        raise Problem("bad_request", why=act[:50])
    if access.user().role != "admin":
        raise Problem("forbidden")
    return records.destroy_files(store, list_id, name)


def package(file_id: int) -> Response:
    """The package of a file as a download; noted in the trail before anything leaves."""
    found, store, name = line(file_id), access.store(), access.user().name
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the server once the answer is sent
    objid = file_packages.write(store, file_id, out, name, access.seen(), access.visible)
    out.seek(0)
    records.note(store, name, "export", None, {"what": "sip", "file": found.full, "label": objid})
    answer = send_file(
        out, mimetype=sip.MEDIA_TYPE, as_attachment=True, download_name=file_packages.file_name(found)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def contents_file(file_id: int, form: str) -> Response:
    """The table of contents of a file as CSV or XLSX."""
    found = line(file_id)
    rows = file_rows.contents_rows(files.papers(access.store(), file_id, access.seen()))
    name = f"muc-luc-van-ban-{found.id}"
    return downloads.as_file(form, name, file_rows.CONTENTS, rows, {"what": "contents", "file": found.full})


def list_file(what: str, form: str, wanted: FilesWanted) -> Response:
    """One of the lists `catalogue`, `handover`, `expired` as CSV or XLSX; raises Problem("not_found")."""
    columns, rows, name = _list(what, wanted)
    return downloads.as_file(form, name, columns, rows, {"what": what, "filters": _filter_parts(wanted)})


def copies_file(form: str, year: int | None) -> Response:
    """The register of copies as CSV or XLSX."""
    lines, _ = file_lists.copies_in(access.store(), year, access.seen(), MOST_LISTED)
    rows = file_rows.copy_rows(lines)
    told = {"what": "copies", "filters": {"year": year} if year else {}}
    return downloads.as_file(form, "so-ban-sao", file_rows.COPIES, rows, told)


def copy(copy_id: int) -> file_lists.CopyLine:
    """A copy of a document that the present user sees; raises Problem("not_found")."""
    found = file_lists.copy(access.store(), copy_id)
    access.document(found.document_id)
    return found


def make_copy(document_id: int, values: Mapping[str, Any]) -> int:
    """Make a copy of a document that the present user sees; return its ID."""
    found = access.document(document_id)
    return records.make_copy(access.store(), found.id, values, access.user().name)


def cancel_copy(copy_id: int, reason: str) -> None:
    """Cancel a copy, with the reason."""
    records.cancel_copy(access.store(), copy(copy_id).id, reason, access.user().name)


def pages_to_print(document_id: int) -> list[int]:
    """Numbers of the pages of an original that are printed above the block of its copy; [] before the gate."""
    found = access.document(document_id)
    drawn = found.media_type.startswith(("image/", "application/pdf"))
    return list(range(1, found.page_count + 1)) if drawn and is_cleared(found) else []


def chosen(name: str) -> list[int]:
    """IDs sent under this name by a form; what is no number is left out."""
    return [int(one) for one in request.form.getlist(name) if one.isascii() and one.isdigit() and len(one) < 16]


def _list(what: str, wanted: FilesWanted) -> tuple[tables.Columns, Iterable[tables.Row], str]:
    store, seen = access.store(), access.seen()
    if what == "catalogue":
        lines, _ = files.catalogue(store, wanted, seen, MOST_LISTED)
        return file_rows.CATALOGUE, file_rows.catalogue_rows(lines), "danh-muc-ho-so"
    if what == "handover":
        lines, _ = files.to_submit(store, wanted, seen, MOST_LISTED)
        return file_rows.HANDOVER, file_rows.handover_rows(lines), "muc-luc-nop-luu"
    if what == "expired":
        lines, _ = expired(MOST_LISTED)
        return file_rows.EXPIRED, file_rows.expired_rows(lines), "het-thoi-han-bao-quan"
    raise Problem("not_found", what=what[:50])


def _filter_parts(wanted: FilesWanted) -> dict[str, object]:
    parts = {"year": wanted.year, "state": wanted.state, "q": wanted.words}
    return {name: value for name, value in parts.items() if value}


def _fields_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in EDITED if values.get(name) is not None}


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "")[:5000]


def _number(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
