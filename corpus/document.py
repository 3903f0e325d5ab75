"""The data that flows from a scan to a document on record; no SQL, no I/O.

SourceFile → Page (Word, Box) → Reading (Fields, Citation, Warning) → a person's review → a document on record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from corpus.record_fields import EDITABLE, REQUIRED
from corpus.rectangle import Rect

Origin = Literal["ocr", "text"]

Status = Literal["queued", "reading", "review", "accepted", "refused", "failed", "withdrawn"]
"""State of a document: waiting to be read, being read, waiting for a person (`cần xem`), on record, refused (`từ
chối`), failed (`lỗi`), withdrawn with a reason (`thu hồi`)."""

Relation = Literal[
    "basis", "implements", "refers", "mentions", "guides", "amends", "replaces", "repeals", "suspends", "revokes",
    "extends", "corrects", "consolidates", "promulgates", "annex_of", "approves", "replies", "on_proposal",
    "considers", "follows_up", "transmits", "nested",
]  # fmt: skip
"""Effect of the citing document on the cited one (domain/documents.md 8.2), in lower case."""


@dataclass(frozen=True, slots=True)
class Box(Rect):
    """A rectangle on a page as it was read (cut out, upright, level): fractions of its width and height."""

    @classmethod
    def of(cls, pixels: Rect, width: float, height: float) -> Box:
        """The box of a rectangle in px of a page's image; width and height: the image's, px."""
        return cls(pixels.left / width, pixels.top / height, pixels.right / width, pixels.bottom / height)

    def to_px(self, width: float, height: float) -> Rect:
        """The rectangle in px of an image of the page."""
        return self.scaled(width, height)

    def union(self, other: Rect) -> Box:
        """The smallest box that contains both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word: its place in the page's text and on the page's image,
    and how sure the engine is (0 to 1).
    """

    start: int
    end: int
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read. `text` is NFC; every word's offsets point into it."""

    number: int
    origin: Origin
    text: str
    words: tuple[Word, ...] = ()
    rotation: int = 0
    """Clockwise degrees (0, 90, 180, 270) that the page was turned by before it was read."""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file as it came in: the name is the sender's and is only ever shown, never used as a path."""

    name: str
    sha256: str
    media_type: str
    pages: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible value of a field with its calibrated probability (0 to 1)."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Field:
    """One value of the record with its evidence: what was printed, where, and by which rule it was read.

    `review` is true when a person must look before the value goes on record; a wrong value with `review` false
    is the worst outcome there is, since numbers link documents.
    """

    value: str
    printed: str
    confidence: float
    review: bool = False
    page: int | None = None
    boxes: tuple[Box, ...] = ()
    rule: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """Signer: authority (`KT. GIÁM ĐỐC`, quyền hạn), title (`Phó Giám đốc`, chức vụ) and name."""

    authority: Field | None = None
    title: Field | None = None
    name: Field | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """The receiver's ĐẾN stamp: its number and date are never the document's own."""

    number: Field | None = None
    date: Field | None = None


@dataclass(frozen=True, slots=True)
class Effective:
    """From when until when the document counts (hiệu lực), by its own closing article: first and last day,
    ISO 8601.
    """

    since: Field | None = None
    until: Field | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """The record of a document (thông tin đầu vào, Nghị định 30/2020/NĐ-CP, Phụ lục VI)."""

    number: Field | None = None
    """Số, ký hiệu, as its family writes it: `31/KH-STTTT`."""
    date: Field | None = None
    """Ngày ban hành, ISO 8601."""
    place: Field | None = None
    """Địa danh."""
    issuer: Field | None = None
    """Cơ quan ban hành, full name with its place."""
    superior: Field | None = None
    """Cơ quan chủ quản."""
    doc_type: Field | None = None
    """Tên loại: `Kế hoạch`."""
    subject: Field | None = None
    """Trích yếu, without `V/v`."""
    addressees: tuple[Field, ...] = ()
    """Kính gửi."""
    recipients: tuple[Field, ...] = ()
    """Nơi nhận, items as printed, `Lưu: …` last."""
    signer: Signer = field(default_factory=Signer)
    urgency: Field | None = None
    secrecy: Field | None = None
    incoming: Incoming = field(default_factory=Incoming)
    effective: Effective = field(default_factory=Effective)
    direction: Field | None = None
    """Hướng: `incoming`, `outgoing` or `internal`, seen from our office (corpus.registers.direction)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a text about two other documents: `A sửa đổi, bổ sung B` inside the citation of A.

    `subject` and `object` are positions in the Reading's list of citations.
    """

    subject: int
    relation: Relation
    object: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference to another identified document, once per document however often it is mentioned."""

    printed: str
    relation: Relation
    doc_type: str | None = None
    number: str | None = None
    """Canonical number; None when the document is cited by name alone."""
    date: str | None = None
    """ISO 8601, None unless the whole date is printed."""
    issuer: str | None = None
    title: str | None = None
    """Name of a law or resolution cited by name (`Luật Thi đua, khen thưởng`), or the quoted subject."""
    provision: str | None = None
    """`điểm a khoản 2 Điều 5`."""
    page: int | None = None
    boxes: tuple[Box, ...] = ()
    start: int = 0
    """Offset of `printed` in the Reading's whole text."""
    review: bool = False
    """True if a person should look at it: a doubtful citation links no more than any other,
    but is drawn as doubtful."""
    trigger: str | None = None
    """The words the relation was read from (`Căn cứ`, `thay thế`)."""
    confidence: float = 0.99
    """Confidence in number, name and day, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Warning:
    """Something the reader of this Reading should know; the words are in the catalogue under `code`."""

    code: str
    message: str
    page: int | None = None


SignatureState = Literal[
    "none", "valid", "valid_unknown_issuer", "valid_weak_algorithm", "changed_after", "broken"
]
"""Verdict on a digital signature: none (for a whole document), valid, valid with an issuer unknown here or an old
algorithm (SHA-1, RSA below 2048 bits), changed after signing, or broken."""

SignatureRole = Literal["signer", "office", "number", "date", "initials", "copy"]
"""Người ký, dấu cơ quan, số, ngày, ký nháy, sao y."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One digital signature (chữ ký số): holder of the certificate, time, coverage and later changes.

    `time` is ISO 8601 with the zone of Việt Nam; `timestamp` comes from a time stamp authority, `claimed` from the
    signer. `changes` are sentences: further signatures, or alterations.
    """

    state: SignatureState
    role: SignatureRole | None = None
    name: str = ""
    organization: str | None = None
    unit: str | None = None
    time: str | None = None
    time_source: Literal["timestamp", "claimed"] | None = None
    covers_whole: bool = False
    changes: tuple[str, ...] = ()
    page: int | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the machine read on one file."""

    source: SourceFile
    pages: tuple[Page, ...]
    fields: Fields
    citations: tuple[Citation, ...] = ()
    statements: tuple[Statement, ...] = ()
    warnings: tuple[Warning, ...] = ()
    signatures: tuple[Signature, ...] = ()


MAIL = "Thư điện tử"
"""The type of a mail that is kept as the cover and origin of what came with it:
it has neither number nor signer."""
EXCHANGE_STATE = "Trạng thái liên thông"
"""The type of a message of the national axis that says how far a document has come at its receiver."""
UNPRINTED = frozenset({MAIL, EXCHANGE_STATE})
"""Types that no paper prints in its heading, and that have no number."""
UNREAD = "page_unreadable"
"""Code of the warning on a page that was not read."""
_PAGE_ASKED = "page_"


def unread_pages(warnings: Iterable[Warning]) -> tuple[int, ...]:
    """Numbers of the pages that could not be read."""
    return tuple(sorted({one.page for one in warnings if one.code == UNREAD and one.page is not None}))


def is_unnumbered(fields: Fields) -> bool:
    """True if the record is of a mail or a state message, which have neither number nor signer."""
    return fields.doc_type is not None and fields.doc_type.value in UNPRINTED


def open_questions(reading: Reading) -> tuple[str, ...]:
    """Names of the fields a person must look at before the document goes on record,
    and `page_2` for a page unread.

    On a page that was not read anything may be printed.
    """
    pages = (f"{_PAGE_ASKED}{number}" for number in unread_pages(reading.warnings))
    return (*open_questions_of(reading.fields), *pages)


def open_questions_of(fields: Fields) -> tuple[str, ...]:
    """Names of the fields a person must look at before the document goes on record.

    A number, date, type, issuer or subject that is missing is a question too: papers without one exist,
    but only a person can say that this is one.
    """
    required = [known for known in REQUIRED if known.name != "number" or not is_unnumbered(fields)]
    asked = [known.question for known in required if (value := known.of(fields)) is None or value.review]
    for known in EDITABLE:
        value = known.of(fields)
        if any(one.review for one in (value if known.kind == "many" else filter(None, (value,)))):
            asked.append(known.question)
    return tuple(dict.fromkeys(asked))
