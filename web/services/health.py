"""Health of a store (OCR, schema, originals, queue, index, trail) and its repair.

Used by `vanban check` and by the administrator's page. The check changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from corpus import records
from corpus.audit import AuditFault, trail_check
from corpus.database import migrations
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.store import EVERYBODY, Store
from corpus.derived import leftovers
from corpus.document import Signature
from corpus.errors import Language, Problem
from corpus.lifecycle import intake
from corpus.originals import content_store
from corpus.queries import indexes
from corpus.queries.indexes import IndexMark
from corpus.queue import compounds
from corpus.upkeep import fixity
from ingest import receive
from ingest.files.added_kinds import added_kinds
from ingest.files.media_type import sniff
from ingest.ocr import engines
from ingest.secondreader.assets import find_assets
from ingest.signatures import recheck
from ingest.signatures.certificates import roots_in
from search.index import current, indexer
from search.index.entries import INDEXED
from web.present import signed

_LEFT = timedelta(minutes=15)
"""Time after which an index that nobody has looked after, and that lacks documents, counts as left behind."""
_GONE = timedelta(days=1)
"""Time after which a machine whose index is left behind counts as gone, for a repair."""
MANY = 10_000
"""Documents past which the pure Python engine is no longer advised."""

_ENDINGS = (".pdf", ".tif", ".png", ".jpg", ".odt", ".docx", ".doc", ".rtf", ".eml", ".txt")
"""Tried in turn for an original whose name is not known; plain text last, since it may look like anything."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class HealthFault:
    """One fault: its place, a stable code, and the thing concerned."""

    code: str
    what: str = ""
    document: int | None = None
    trail: AuditFault | None = None
    """Fault of the trail with a sentence of its own."""

    def message(self, language: Language = "vi") -> str:
        vi, en = SENTENCES[self.code]
        what = trail_check.message(self.trail, language) if self.trail is not None else self.what
        return (vi if language == "vi" else en).format(what=what, document=self.document)


@dataclass(frozen=True, slots=True)
class Health:
    """Result of a check; `advice` are codes of SENTENCES that are no faults, like documents waiting for
    segmentation.
    """

    faults: tuple[HealthFault, ...]
    documents: int = 0
    findings: tuple[fixity.Finding, ...] = ()
    advice: tuple[str, ...] = ()
    standings: tuple[recheck.RecheckedSignatures, ...] = ()
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
    "originals_refused": ("Bản gốc: nơi giữ bản gốc từ chối (VANBAN_ORIGINALS, VANBAN_S3_…).", "Originals: where they are kept refuses (VANBAN_ORIGINALS, VANBAN_S3_…)."),
    "original_unknown": ("Bản gốc {what} không thuộc văn bản nào. Chạy «vanban check --repair» để nhận lại (chỉ quản trị thấy, cho đến khi ghi ai được xem).", "Original {what} belongs to no document; --repair takes it in, for administrators alone until one of them says who may see it."),
    "stranded": ("Văn bản {document} chờ đọc mà không có việc nào. Chạy «vanban check --repair».", "Document {document} waits to be read without a job; run --repair."),
    "purge_pending": ("Còn {what} văn bản mật mà bản gốc, bản chép hoặc ảnh trang chưa xóa xong. Chạy «vanban check --repair».", "Of {what} classified documents the original, a copy or pictures are not purged yet; run --repair."),
    "stray_files": ("Còn ảnh trang hoặc bản chép của {what} tệp chưa qua kiểm tra dấu mật hoặc không thuộc văn bản nào. Chạy «vanban check --repair».", "Pictures or copies of {what} files are left that never passed the secrecy check or belong to no document; run --repair."),
    "home_open": ("Thư mục {what}: ai dùng máy này cũng vào được. Chạy «vanban check --repair».", "Folder {what} is open to everybody on this machine; run --repair."),
    "index_unusable": ("Chỉ mục: không mở được. Chạy «vanban check --repair» hoặc «vanban reindex».", "Index: can't be opened; run --repair."),
    "index_differs": ("Chỉ mục: {what} văn bản khác với kho. Chạy «vanban check --repair».", "Index: {what} documents differ from the store; run --repair."),
    "index_behind": ("Chỉ mục của một máy khác bị bỏ lại (số văn bản thiếu, lần cập nhật cuối): {what}. Chạy dịch vụ ở máy ấy; nếu máy không còn, «vanban check --repair» bỏ máy ấy sau một ngày.", "The index of another machine is left behind (documents, last update): {what}. Start its service; if the machine is gone, --repair strikes it off after a day."),
    "index_away": ("Chỉ mục: {what}", "Index: {what}"),
    "engine_slow": ("Kho đã quá 10.000 văn bản mà công cụ tìm kiếm được chọn là Whoosh: nên dùng Tantivy (bỏ VANBAN_SEARCH_ENGINE, rồi «vanban reindex --engine auto»).", "More than 10,000 documents on Whoosh, as chosen: Tantivy is advised (drop VANBAN_SEARCH_ENGINE, then vanban reindex --engine auto)."),
    "audit_broken": ("Nhật ký: {what}", "Trail: {what}"),
    "record_broken": ("Bản ghi: {what}", "Record: {what}"),
    **trail_check.ADVICE,
}  # fmt: skip


def look(store: Store, progress: Progress | None = None) -> Health:
    """Check everything. For a database of another revision only that is reported: the rest needs its tables."""
    if (revision := migrations.version(store.db)) != migrations.HEAD:
        return Health((*_ocr(store), HealthFault("schema_old", revision or "0")))
    try:
        findings = fixity.compare_all(store, progress)
        orphans = fixity.orphans(store)
    except Problem as problem:
        return Health((*_ocr(store), HealthFault(problem.code)))
    standings = recheck.look_again(store, [one.document_id for one in findings if one.state == "sound"])
    faults = [
        *_ocr(store),
        *(HealthFault("home_open", str(path)) for path in _open_folders(store)),
        *map(_original, (one for one in findings if one.state != "sound")),
        *_roots(store),
        *(_signature(one) for one in standings if one.worse),
    ]
    faults += [HealthFault("original_unknown", sha256) for sha256 in orphans]
    trail = trail_check.check(store)
    faults += [*_queue(store), *_index(store)]
    faults += map(_broken, trail.faults)
    with store.db.reading() as session:
        count = session.scalar(select(func.count()).select_from(Document)) or 0
        waiting = compounds.count_waiting(session)
    # With `auto`, a store on Whoosh that nobody asked for changes at the next turn.
    slow = count > MANY and indexer.chosen_engine(store) == "whoosh"
    advice = (*(("engine_slow",) if slow else ()), *trail.advice)
    return Health(tuple(faults), count, tuple(findings), advice, tuple(standings), waiting)


def note(
    store: Store, findings: Sequence[fixity.Finding], standings: Sequence[recheck.RecheckedSignatures] = ()
) -> None:
    """Record a comparison of originals: the time for sound ones, a row of the trail for the others.

    Signatures not verified before, or better now (a root was added), go on record; worse ones are for a person.
    """
    if renewed := {one.document_id: one.now for one in standings if one.changed and not one.worse}:
        _keep_signatures(store, renewed)
    ill = {one.document_id for one in findings if one.state != "sound"}
    sound = sorted({one.document_id for one in findings if one.state == "sound"} - ill)
    faulty = {one.document_id: one.state for one in findings if one.state != "sound"}
    if findings:
        records.mark_verified(store, sound, faulty)


def _keep_signatures(store: Store, found: dict[int, tuple[Signature, ...]]) -> None:
    """Put signatures on record and in the index; if that can't be written, its own fault is found and reported."""
    records.keep_signatures(store, found)
    with suppress(Problem):
        indexer.follow(store)


def repair(store: Store, health: Health) -> None:
    """Repair what originals and database determine: schema, queue, purges, unknown originals, the index."""
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
    gone = utc_now() - _GONE
    if old := [one.key for one in _left_behind(store) if one.seen_at < gone]:
        records.forget_indexes(store, old)
    if codes & {"index_unusable", "index_differs"}:
        indexer.rebuild(store)


def differing(store: Store) -> int | None:
    """Number of documents that differ between index and store; None if the index can't be read."""
    live = indexer.reader(store)
    if live is None:
        return None
    held = live.revisions()
    with store.db.reading() as session:
        rows = session.execute(select(Document.id, Document.revision).where(Document.status.in_(INDEXED))).all()
    wanted = {row.id: row.revision for row in rows}
    return sum(held.get(number) != wanted.get(number) for number in held.keys() | wanted.keys())


@dataclass(frozen=True, slots=True)
class InstalledReaders:
    """Parts of this machine that read: the OCR engine (None: none works), the second reader, root certificates."""

    ocr: str | None
    second: bool
    roots: int


def readers(store: Store) -> InstalledReaders:
    """Name the OCR engine and count what else is installed; asks no library twice in a process."""
    try:
        engine = type(engines.engine_of(store.settings)).__name__.strip("_")
    except Problem:
        engine = None
    second = store.settings.second_reader != "off" and find_assets() is not None
    place = store.settings.signature_roots
    return InstalledReaders(engine, second, len(roots_in(place)) if place else 0)


def _ocr(store: Store) -> Iterator[HealthFault]:
    try:
        engines.engine_of(store.settings)
    except Problem as problem:
        yield HealthFault(problem.code)


def _original(finding: fixity.Finding) -> HealthFault:
    return HealthFault(f"original_{finding.state}", finding.sha256[:12], finding.document_id)


def _signature(standing: recheck.RecheckedSignatures) -> HealthFault:
    before, now = signed.worst(standing.before or ()), signed.worst(standing.now)
    return HealthFault(
        "signature_worse", f"{signed.state_words(before)} → {signed.state_words(now)}", standing.document_id
    )


def _roots(store: Store) -> Iterator[HealthFault]:
    """Fault for a configured folder of root certificates without any: every signature would have an unknown
    issuer.
    """
    if (place := store.settings.signature_roots) and not roots_in(place):
        yield HealthFault("roots_unreadable", place)


def _queue(store: Store) -> Iterator[HealthFault]:
    with store.db.reading() as session:
        yield from (HealthFault("stranded", document=number) for number in intake.stranded(session))
    if left := leftovers.unpurged(store):
        yield HealthFault("purge_pending", str(len(left)))
    if stray := leftovers.stray(store):
        yield HealthFault("stray_files", str(len(stray)))


def _open_folders(store: Store) -> list[Path]:
    """Folders of the store that other accounts of the machine can read."""
    own = dict.fromkeys((store.settings.home, store.originals))
    return [path for path in own if path.is_dir() and path.stat().st_mode & EVERYBODY]


def _index(store: Store) -> Iterator[HealthFault]:
    """Faults of this machine's index, and of those of other machines that have been left behind."""
    yield from (HealthFault("index_behind", _index_name(one)) for one in _left_behind(store))
    try:
        count = differing(store)
    except Problem as problem:
        yield HealthFault("index_away", problem.message())
        return
    if count is None:
        with store.db.reading() as session:
            any_document = session.scalars(
                select(Document.id).where(Document.status.in_(INDEXED)).limit(1)
            ).first()
        if any_document is not None:
            yield HealthFault("index_unusable")
    elif count:
        yield HealthFault("index_differs", str(count))


def _left_behind(store: Store) -> list[IndexMark]:
    """Indexes of other machines without their last documents that no writer has looked after for a while."""
    long_ago = utc_now() - _LEFT
    return [
        one for one in indexes.marks(store) if one.behind and one.seen_at < long_ago and _is_elsewhere(store, one)
    ]


def _is_elsewhere(store: Store, mark: IndexMark) -> bool:
    live = current.pointed(store)
    return live is None or live.key != mark.key


def _index_name(mark: IndexMark) -> str:
    where = f"{mark.machine} ({mark.place})" if mark.machine else mark.key
    return f"{where}: {mark.behind}, {mark.seen_at:%d/%m/%Y %H:%M} UTC"


def _broken(fault: AuditFault) -> HealthFault:
    code = "record_broken" if fault.code.startswith("record_") else "audit_broken"
    return HealthFault(code, str(fault.row), fault.document, fault)


def _adopt(store: Store, sha256: str) -> None:
    """Take in an original that no document refers to: its sender may believe that it was accepted.

    Its readers are unknown, so it is limited to administrators until one of them sets its groups; it is read as
    all files are.
    """
    path = content_store.original_path(store, sha256, verify=False)
    with path.open("rb") as stream:
        head = stream.read(receive.HEAD)
    added = added_kinds(store.settings)
    for extension in (*_ENDINGS, *(ending for one in added for ending in one.endings)):
        try:
            media_type = sniff(head, name := sha256[:12] + extension, added)
        except Problem:
            continue
        records.receive(store, sha256, name, media_type, path.stat().st_size, records.SYSTEM, withheld=True)
        return
