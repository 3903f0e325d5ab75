"""The check of the trail that page, API and command share: chain, seals and sealed records in one pass,
and its words.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from corpus.audit import chain, record_seals, seals
from corpus.audit.chain import AuditFault, Seal
from corpus.audit.record_seals import Sealed
from corpus.audit.seals import SealLine
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.errors import Language, Problem

_LATE = timedelta(hours=2)
"""Age of an unsealed row from which the check advises: twice the time between two seals."""

SENTENCES: dict[str, tuple[str, str]] = {
    "gap": ("Dòng {row}: số dòng không liền, có dòng bị xóa hoặc chèn trước dòng này. So với bản sao lưu gần nhất.", "Row {row}: the numbers have a gap, rows before it were removed or put in; compare with the last backup."),
    "unlinked": ("Dòng {row}: không nối với dòng trước; một trong hai dòng đã bị sửa, xóa hoặc chèn. So với bản sao lưu gần nhất.", "Row {row} does not follow from the row before; one of them was edited, removed or put in; compare with the last backup."),
    "edited": ("Dòng {row}: người, việc, thời điểm hoặc văn bản đã bị sửa. So với bản sao lưu gần nhất.", "Row {row}: its actor, action, moment or document was edited; compare with the last backup."),
    "detail_edited": ("Dòng {row}: phần chi tiết đã bị sửa. So với bản sao lưu gần nhất.", "Row {row}: its detail was edited; compare with the last backup."),
    "purged_without_order": ("Dòng {row}: nội dung bị xóa mà không có lệnh xóa nào vì dấu mật. So với bản sao lưu gần nhất.", "Row {row}: its content was taken out though no purge ordered it; compare with the last backup."),
    "seal_differs": ("Dòng {row}: khác với dấu niêm đã ghi ngoài cơ sở dữ liệu; chuỗi đã bị làm lại từ trước dòng này. Giữ nguyên máy, báo người phụ trách an toàn thông tin.", "Row {row} differs from its seal outside the database: the chain was made anew before it; keep the machine as found and report it."),
    "tail_cut": ("Dòng {row} đã được niêm nhưng không còn: phần cuối nhật ký đã bị cắt. Giữ nguyên máy, báo người phụ trách an toàn thông tin.", "Row {row} was sealed and is gone: the end of the trail was cut; keep the machine as found and report it."),
    "against_differs": ("Dòng {row}: khác với mã băm mang ra đối chiếu; chuỗi đã bị làm lại, hoặc mã chép nhầm.", "Row {row} differs from the hash it was held against: the chain was made anew, or the hash was mistyped."),
    "against_missing": ("Dòng {row} mang ra đối chiếu không còn trong nhật ký: phần cuối đã bị cắt.", "Row {row}, which was held against the trail, is not in it: its end was cut."),
    "seal_forged": ("Dấu niêm của dòng {row} không đúng khóa: tệp niêm đã bị sửa. Giữ nguyên máy, báo người phụ trách an toàn thông tin.", "The seal of row {row} does not fit the key: the seal file was changed; keep the machine as found and report it."),
    "seal_unkeyed": ("Dấu niêm của dòng {row} không có khóa dù kho dùng khóa niêm. Nếu vừa đặt khóa, chạy «vanban audit seal»; nếu không, tệp niêm đã bị thay: đối chiếu với mã băm đã in (--against).", "The seal of row {row} bears no key though one is set: if it was set just now run vanban audit seal; else the seal file was replaced: hold a printed hash against the trail (--against)."),
    "seals_missing": ("Nhật ký có {row} dòng mà không có dấu niêm nào: tệp niêm đã bị xóa hoặc VANBAN_AUDIT_SEAL_FILE trỏ sai chỗ. Đối chiếu với mã băm đã in (--against), rồi chạy «vanban audit seal».", "The trail has {row} rows and no seal: the seal file was removed, or VANBAN_AUDIT_SEAL_FILE points elsewhere; hold a printed hash against it (--against), then run vanban audit seal."),
    "seal_key_unusable": ("Không đọc được khóa niêm (VANBAN_AUDIT_SEAL_KEY_FILE): dấu niêm chưa được kiểm tra và chưa ghi thêm được. Đặt lại tệp khóa.", "The seal key (VANBAN_AUDIT_SEAL_KEY_FILE) can't be read: seals were not checked and none is written; put the key file back."),
    "record_changed": ("Văn bản {document}: bản ghi khác với lúc nhật ký niêm ở dòng {row}; đã bị đổi ngoài chương trình. Xem lịch sử sửa, sửa lại cho đúng rồi chạy «vanban audit reseal {document} --reason …».", "Document {document}: its record is not what row {row} sealed: it was changed behind the program's back; see its history, put it right, then run vanban audit reseal {document} --reason …."),
    "record_changed_before": ("Văn bản {document}: trước dòng {row} bản ghi đã bị đổi ngoài chương trình, rồi được sửa tiếp. Xem lại từng trường rồi chạy «vanban audit reseal {document} --reason …».", "Document {document}: before row {row} its record was changed behind the program's back and then edited; look at each field, then run vanban audit reseal {document} --reason …."),
    "record_added": ("Văn bản {document}: có trong kho mà nhật ký không niêm lần nào; được thêm ngoài chương trình. Kiểm tra rồi gỡ khỏi kho, hoặc chạy «vanban audit reseal {document} --reason …».", "Document {document} is in the store but the trail never sealed it: it was added behind the program's back; withdraw it, or run vanban audit reseal {document} --reason …."),
    "record_missing": ("Văn bản {document}: nhật ký niêm ở dòng {row} nhưng không còn trong kho; đã bị xóa ngoài chương trình. Phục hồi từ bản sao lưu.", "Document {document}: row {row} sealed it and it is gone: it was removed behind the program's back; restore it from a backup."),
}  # fmt: skip
"""Fault of the trail → its sentence: row, kind, what to do."""

ADVICE: dict[str, tuple[str, str]] = {
    "seal_at_home": ("Dấu niêm của nhật ký nằm trong kho và không có khóa ở nơi khác: ai sửa được kho cũng sửa được dấu niêm. Đặt VANBAN_AUDIT_SEAL_FILE hoặc VANBAN_AUDIT_SEAL_KEY_FILE ở nơi khác.", "The trail's seals lie in the store without a key kept elsewhere: who can change the store can change them; set VANBAN_AUDIT_SEAL_FILE or VANBAN_AUDIT_SEAL_KEY_FILE to another place."),
    "seal_late": ("Nhật ký có dòng quá hai giờ chưa được niêm. Kiểm tra «vanban work» có chạy và tệp niêm có ghi được không.", "Rows of the trail older than two hours are not sealed; see that vanban work runs and that the seal file can be written."),
    "seal_key_absent": ("Dấu niêm có khóa nhưng ở đây không có khóa để kiểm tra (VANBAN_AUDIT_SEAL_KEY_FILE).", "Seals bear a key that is not here to check them by (VANBAN_AUDIT_SEAL_KEY_FILE)."),
}  # fmt: skip
"""Advice → its sentence: weaknesses that are no faults."""


@dataclass(frozen=True, slots=True)
class TrailCheck:
    """Result of a check: figures, last seal, faults and advice."""

    rows: int
    documents: int
    """Number of records compared with their seal."""
    head: Seal | None
    seal: SealLine | None
    """Last seal that the chain was compared with."""
    seals: int
    after: int
    """Number of rows after the last seal, which nothing outside the database covers yet."""
    faults: tuple[AuditFault, ...] = ()
    advice: tuple[str, ...] = ()


@dataclass(slots=True)
class _Pass:
    """Values collected in one pass over the rows."""

    sealed: dict[int, Sealed] = field(default_factory=dict)
    doubted: dict[int, int] = field(default_factory=dict)
    """Document → the row that noted a change behind the program's back; removed when the record is sealed again.
    """
    rows: int = 0

    def see(self, row: AuditRow) -> None:
        self.rows += 1
        if row.document_id is None or (seal := record_seals.of_row(row.id, row.detail)) is None:
            return
        self.sealed[row.document_id] = seal
        if row.action == record_seals.SETTLE:
            self.doubted.pop(row.document_id, None)
        elif row.detail.get(record_seals.FOUND):
            self.doubted.setdefault(row.document_id, row.id)


def message(fault: AuditFault, language: Language = "vi") -> str:
    """The sentence of a fault: row, kind, what to do."""
    vi, en = SENTENCES[fault.code]
    return (vi if language == "vi" else en).format(row=fault.row, document=fault.document)


def check(store: Store, against: tuple[Seal, ...] = ()) -> TrailCheck:
    """Check chain, seals and sealed records at one moment; `against`: heads that left the machine earlier.

    Takes some 300 bytes of memory a document, and reads every row and every page's text once.
    """
    settings = store.settings
    # Read before the rows: a seal written meanwhile would seem to be of rows that are gone.
    found = seals.lines(chain.seal_file(settings))
    seal_faults, advice = _seal_faults(settings, found)
    gathered = _Pass()
    with _one_moment(store) as session:
        known = (*(one.seal for one in found),)
        faults = [*chain.verify(session, known, gathered.see), *_compare_heads(session, against)]
        faults += [
            AuditFault(row, "record_changed_before", document) for document, row in gathered.doubted.items()
        ]
        faults += _record_faults(session.connection(), gathered)
        last = chain.head(session)
        seal = max(found, key=lambda one: one.seal.row, default=None)
        after = last.row - min(seal.seal.row, last.row) if last and seal else gathered.rows
        late = _is_late(session, seal)
    if not found and gathered.rows >= settings.audit_seal_every:
        seal_faults.append(AuditFault(gathered.rows, "seals_missing"))
    advice += ["seal_late"] if late else []
    ordered = sorted([*faults, *seal_faults], key=lambda one: (one.row, one.document or 0))
    return TrailCheck(
        gathered.rows, len(gathered.sealed), last, seal, len(found), after, tuple(ordered), tuple(advice)
    )


def _record_faults(connection: Connection, gathered: _Pass) -> Iterator[AuditFault]:
    for one in record_seals.differences(connection, gathered.sealed):
        yield AuditFault(one.row, one.code, one.document)


def _seal_faults(settings: Settings, found: tuple[SealLine, ...]) -> tuple[list[AuditFault], list[str]]:
    """Return faults and advice about the seal file itself."""
    try:
        key = seals.key_of(settings)
    except Problem:
        return [AuditFault(found[-1].seal.row if found else 0, "seal_key_unusable")], []
    if key is None:
        absent = ["seal_key_absent"] if any(one.mac for one in found) else []
        return [], [*absent, *(["seal_at_home"] if _at_home(settings, chain.seal_file(settings)) else [])]
    faults: list[AuditFault] = []
    keyed = False
    for one in found:
        if one.mac is not None:
            keyed = True
            if not hmac.compare_digest(one.mac, seals.mac_of(key, one.seal, one.at)):
                faults.append(AuditFault(one.seal.row, "seal_forged"))
        elif keyed:
            faults.append(AuditFault(one.seal.row, "seal_unkeyed"))
    if found and not keyed:
        faults.append(AuditFault(found[-1].seal.row, "seal_unkeyed"))
    both = all(_at_home(settings, one) for one in (chain.seal_file(settings), seals.key_file(settings)) if one)
    return faults, ["seal_at_home"] if both else []


def _at_home(settings: Settings, path: Path) -> bool:
    return path.resolve().is_relative_to(settings.home.resolve())


def _compare_heads(session: Session, against: tuple[Seal, ...]) -> Iterator[AuditFault]:
    for one in against:
        found = session.scalar(select(AuditRow.hash).where(AuditRow.id == one.row))
        if found != one.hash:
            yield AuditFault(one.row, "against_missing" if found is None else "against_differs")


def _is_late(session: Session, seal: SealLine | None) -> bool:
    first = select(AuditRow.at).where(AuditRow.id > (seal.seal.row if seal else 0)).order_by(AuditRow.id).limit(1)
    at = session.scalar(first)
    return at is not None and utc_now() - at > _LATE


@contextmanager
def _one_moment(store: Store) -> Iterator[Session]:
    """Session that sees one moment in time (repeatable read), whatever is written meanwhile."""
    engine = store.db.engine
    level = {} if store.db.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with Session(engine.execution_options(**level), autoflush=False) as session:
        yield session
