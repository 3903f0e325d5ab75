"""Whether the store is well: OCR, schema, originals, queue, index, trail; and putting right what can be put right.

Used by `vanban check` and by the administrator's page. Looking changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from corpus import records
from corpus.audit import AuditFault, trail_check
from corpus.database import migrations
from corpus.database.models import Document
from corpus.database.store import EVERYBODY, Store
from corpus.derived import leftovers
from corpus.document import Signature
from corpus.errors import Language, Problem
from corpus.lifecycle import intake
from corpus.originals import content_store
from corpus.queue import compounds
from corpus.upkeep import fixity
from ingest import receive
from ingest.files.media_type import sniff
from ingest.ocr import engines
from ingest.signatures import recheck
from ingest.signatures.certificates import roots_in
from search.index import indexer
from search.index.entries import INDEXED
from web.present import signed

MANY = 20_000
"""Documents past which the pure Python engine is no longer advised."""

_ENDINGS = (".pdf", ".tif", ".png", ".jpg", ".docx", ".txt")
"""Tried in turn for an original whose name is not known; plain text last, since it may look like anything."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not well: where, a stable code, and what it is about."""

    code: str
    what: str = ""
    document: int | None = None
    trail: AuditFault | None = None
    """The fault of the trail that this is, which has words of its own."""

    def message(self, language: Language = "vi") -> str:
        vi, en = SENTENCES[self.code]
        what = trail_check.message(self.trail, language) if self.trail is not None else self.what
        return (vi if language == "vi" else en).format(what=what, document=self.document)


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; `advice` are codes of SENTENCES that are no faults, nor is what waits to be segmented."""

    faults: tuple[Fault, ...]
    documents: int = 0
    findings: tuple[fixity.Finding, ...] = ()
    advice: tuple[str, ...] = ()
    standings: tuple[recheck.Standing, ...] = ()
    """Signatures that were verified again."""
    waiting: int = 0
    """Documents whose compounds the index doesn't have yet."""


SENTENCES: dict[str, tuple[str, str]] = {
    "ocr_missing": ("OCR: thiếu Tesseract hoặc dữ liệu tiếng Việt. Cài tesseract-ocr và tesseract-ocr-vie.", "OCR: Tesseract or its Vietnamese data is missing."),
    "schema_old": ("Cơ sở dữ liệu: còn ở phiên bản {what}. Chạy «vanban upgrade».", "Database: still at revision {what}; run vanban upgrade."),
    "original_missing": ("Bản gốc của văn bản {document} không còn ({what}). Khôi phục từ bản sao lưu.", "The original of document {document} is gone ({what}); restore it from a backup."),
    "original_changed": ("Bản gốc của văn bản {document} đã bị đổi ({what}). Khôi phục từ bản sao lưu.", "The original of document {document} was changed ({what}); restore it from a backup."),
    "signature_worse": ("Chữ ký số của văn bản {document} nay kém hơn khi nhận: {what}. Xem văn bản; «vanban check --repair» ghi tình trạng mới.", "Signatures of document {document} are worse than on record: {what}; --repair puts the new state on record."),
    "roots_unreadable": ("Chữ ký số: không đọc được chứng thư gốc nào ở {what} (VANBAN_SIGNATURE_ROOTS).", "Signatures: no root certificate can be read in {what} (VANBAN_SIGNATURE_ROOTS)."),
    "originals_unreachable": ("Bản gốc: chưa liên lạc được với nơi giữ bản gốc (VANBAN_ORIGINALS).", "Originals: where they are kept can't be reached (VANBAN_ORIGINALS)."),
    "original_unknown": ("Bản gốc {what} không thuộc văn bản nào. Chạy «vanban check --repair» để nhận lại (chỉ quản trị thấy, cho đến khi ghi ai được xem).", "Original {what} belongs to no document; --repair takes it in, for administrators alone until one of them says who may see it."),
    "stranded": ("Văn bản {document} chờ đọc mà không có việc nào. Chạy «vanban check --repair».", "Document {document} waits to be read without a job; run --repair."),
    "purge_pending": ("Còn {what} văn bản mật mà bản gốc, bản chép hoặc ảnh trang chưa xoá xong. Chạy «vanban check --repair».", "Of {what} classified documents the original, a copy or pictures are not purged yet; run --repair."),
    "stray_files": ("Còn ảnh trang hoặc bản chép của {what} tệp chưa qua kiểm tra dấu mật hoặc không thuộc văn bản nào. Chạy «vanban check --repair».", "Pictures or copies of {what} files are left that never passed the secrecy check or belong to no document; run --repair."),
    "home_open": ("Thư mục {what}: ai dùng máy này cũng vào được. Chạy «vanban check --repair».", "Folder {what} is open to everybody on this machine; run --repair."),
    "index_unusable": ("Chỉ mục: không mở được. Chạy «vanban check --repair» hoặc «vanban reindex».", "Index: can't be opened; run --repair."),
    "index_differs": ("Chỉ mục: {what} văn bản khác với kho. Chạy «vanban check --repair».", "Index: {what} documents differ from the store; run --repair."),
    "engine_slow": ("Kho đã quá 20.000 văn bản: nên dùng bộ máy Tantivy (VANBAN_SEARCH_ENGINE=tantivy, rồi «vanban reindex»).", "More than 20,000 documents: the Tantivy engine is advised."),
    "audit_broken": ("Nhật ký: {what}", "Trail: {what}"),
    "record_broken": ("Bản ghi: {what}", "Record: {what}"),
    **trail_check.ADVICE,
}  # fmt: skip


def look(store: Store, progress: Progress | None = None) -> Health:
    """Everything that is not well. A database of another revision is all that is told of it: the rest needs its tables."""
    if (revision := migrations.version(store.db)) != migrations.HEAD:
        return Health((*_ocr(store), Fault("schema_old", revision or "0")))
    try:
        findings = fixity.compare_all(store, progress)
        orphans = fixity.orphans(store)
    except Problem as problem:
        return Health((*_ocr(store), Fault(problem.code)))
    standings = recheck.look_again(store, [one.document_id for one in findings if one.state == "sound"])
    faults = [
        *_ocr(store),
        *(Fault("home_open", str(path)) for path in _open_folders(store)),
        *map(_original, (one for one in findings if one.state != "sound")),
        *_roots(store),
        *(_signature(one) for one in standings if one.worse),
    ]
    faults += [Fault("original_unknown", sha256) for sha256 in orphans]
    trail = trail_check.check(store)
    faults += [*_queue(store), *_index(store)]
    faults += map(_broken, trail.faults)
    with store.db.reading() as session:
        count = session.scalar(select(func.count()).select_from(Document)) or 0
        waiting = compounds.count_waiting(session)
    slow = count > MANY and store.settings.search_engine == "whoosh"
    advice = (*(("engine_slow",) if slow else ()), *trail.advice)
    return Health(tuple(faults), count, tuple(findings), advice, tuple(standings), waiting)


def note(store: Store, findings: Sequence[fixity.Finding], standings: Sequence[recheck.Standing] = ()) -> None:
    """Keeps what a comparison of originals found: the moment for those that are sound, a row of the trail for the others.

    Signatures that nobody had looked at, or that are better now (a root was added), go on record; worse ones are for a person.
    """
    if renewed := {one.document_id: one.now for one in standings if one.changed and not one.worse}:
        _keep_signatures(store, renewed)
    sound = [one.document_id for one in findings if one.state == "sound"]
    faulty = {one.document_id: one.state for one in findings if one.state != "sound"}
    if findings:
        records.mark_verified(store, sound, faulty)


def _keep_signatures(store: Store, found: dict[int, tuple[Signature, ...]]) -> None:
    """Puts signatures on record and in the index; where that can't be written, its own fault is found and said."""
    records.keep_signatures(store, found)
    with suppress(Problem):
        indexer.sync(store)


def repair(store: Store, health: Health) -> None:
    """Puts right what originals and database tell how: schema, queue, purges, unknown originals, the index."""
    codes = {fault.code for fault in health.faults}
    if "schema_old" in codes:
        migrations.upgrade(store.db, home=str(store.settings.home))
        codes |= {fault.code for fault in look(store).faults}
    for fault in health.faults:
        if fault.code == "original_unknown":
            _adopt(store, fault.what)
    if "signature_worse" in codes:
        _keep_signatures(store, {one.document_id: one.now for one in health.standings if one.worse})
    if "purge_pending" in codes:
        records.purge_pending(store)
    if "stray_files" in codes:
        records.remove_leftovers(store)
    for folder in _open_folders(store):
        folder.chmod(folder.stat().st_mode & 0o770)
    if "stranded" in codes:
        records.requeue_stranded(store)
    if codes & {"index_unusable", "index_differs"}:
        indexer.rebuild(store)


def differing(store: Store) -> int | None:
    """How many documents the index holds otherwise than the store; None when it can't be read."""
    live = indexer.reader(store)
    if live is None:
        return None
    held = live.revisions()
    with store.db.reading() as session:
        rows = session.execute(select(Document.id, Document.revision).where(Document.status.in_(INDEXED))).all()
    wanted = {row.id: row.revision for row in rows}
    return sum(held.get(number) != wanted.get(number) for number in held.keys() | wanted.keys())


def _ocr(store: Store) -> Iterator[Fault]:
    try:
        engines.engine_of(store.settings)
    except Problem as problem:
        yield Fault(problem.code)


def _original(finding: fixity.Finding) -> Fault:
    return Fault(f"original_{finding.state}", finding.sha256[:12], finding.document_id)


def _signature(standing: recheck.Standing) -> Fault:
    before, now = signed.worst(standing.before or ()), signed.worst(standing.now)
    return Fault(
        "signature_worse", f"{signed.state_words(before)} → {signed.state_words(now)}", standing.document_id
    )


def _roots(store: Store) -> Iterator[Fault]:
    """A place of root certificates that holds none: every signature would be of an unknown issuer, and nobody would know why."""
    if (place := store.settings.signature_roots) and not roots_in(place):
        yield Fault("roots_unreadable", place)


def _queue(store: Store) -> Iterator[Fault]:
    with store.db.reading() as session:
        yield from (Fault("stranded", document=number) for number in intake.stranded(session))
    if left := leftovers.unpurged(store):
        yield Fault("purge_pending", str(len(left)))
    if stray := leftovers.stray(store):
        yield Fault("stray_files", str(len(stray)))


def _open_folders(store: Store) -> list[Path]:
    """The folders of the store that accounts of the machine other than the service's may look into."""
    own = dict.fromkeys((store.settings.home, store.originals))
    return [path for path in own if path.is_dir() and path.stat().st_mode & EVERYBODY]


def _index(store: Store) -> Iterator[Fault]:
    count = differing(store)
    if count is None:
        with store.db.reading() as session:
            any_document = session.scalars(
                select(Document.id).where(Document.status.in_(INDEXED)).limit(1)
            ).first()
        if any_document is not None:
            yield Fault("index_unusable")
    elif count:
        yield Fault("index_differs", str(count))


def _broken(fault: AuditFault) -> Fault:
    code = "record_broken" if fault.code.startswith("record_") else "audit_broken"
    return Fault(code, str(fault.row), fault.document, fault)


def _adopt(store: Store, sha256: str) -> None:
    """Takes an original in that nothing tells of: its sender may believe that it was taken.

    Who was to see it is not known, so administrators alone do until one of them says it; it is read as all files are.
    """
    path = content_store.original_path(store, sha256, verify=False)
    with path.open("rb") as stream:
        head = stream.read(receive.HEAD)
    for extension in _ENDINGS:
        try:
            media_type = sniff(head, name := sha256[:12] + extension)
        except Problem:
            continue
        records.receive(store, sha256, name, media_type, path.stat().st_size, records.SYSTEM, withheld=True)
        return
