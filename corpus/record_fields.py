"""The fields of a record: one row for each, from which JSON, columns, labels, questions,
forms and exports are derived.

A new field is a row here, an attribute of corpus.document.Fields and, where it has a column, a migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["one", "many"]
BoxReader = Literal["number", "date", "issuer", "signer", "title", "print"]
"""Readers of a box that a person draws on the page; `print` is plain OCR."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a field that has few: its code in the store and in JSON, its name for people."""

    code: str
    name: str
    english: str


DIRECTIONS = (
    Choice("incoming", "Văn bản đến", "Incoming"),
    Choice("outgoing", "Văn bản đi", "Outgoing"),
    Choice("internal", "Văn bản nội bộ", "Internal"),
)
"""Directions of a paper, seen from our office."""


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field of the record, by the flat name that forms, corrections and the API use.

    path: attributes that lead to it in Fields; `json`: its keys in the contract's `fields`, the same but for names
    that Python or the contract reserves. `column`: its column of `documents` (or, for `many`, its kind in
    `recipients`); `longest`: letters that the column takes.
    """

    name: str
    label: str
    english: str
    path: tuple[str, ...]
    json: tuple[str, ...]
    kind: Kind = "one"
    column: str | None = None
    longest: int | None = None
    editable: bool = True
    required: bool = False
    """Missing, it is a question too: papers without one exist, but only a person can say that this is one."""
    shared: bool = False
    """Several documents may have the same value, so that a clerk may set it for many at once."""
    learned: bool = False
    """The name of a body: a correction of its spelling is remembered."""
    listed: bool = False
    """Shown wherever documents are listed (results, CSV, XLSX)."""
    edxml: str | None = None
    """Its element in an edXML header (QCVN 102:2016/BTTTT)."""
    is_day: bool = False
    """True if it holds a day, ISO 8601; people type and read it as day/month/year."""
    choices: tuple[Choice, ...] = ()
    """Its possible values, where it has no others."""
    reader: BoxReader = "print"
    """Its reader of a box drawn on the page."""
    asked: str = ""
    """The open question that it shares with other fields: the parts of a signature are one."""

    @property
    def question(self) -> str:
        """Its name among a document's open questions."""
        return self.asked or self.name

    def of(self, fields: Any) -> Any:
        """Its value in Fields: a Field or None, a tuple of Field for `many`."""
        for part in self.path:
            fields = getattr(fields, part)
        return fields


def _field(name: str, label: str, english: str, *path: str, **more: Any) -> RecordField:
    whole = path or (name,)
    return RecordField(name, label, english, whole, more.pop("json", whole), **more)


RECORD_FIELDS = (
    _field("number", "Số, ký hiệu", "Number", reader="number", column="number", longest=100, required=True,
           listed=True,
    edxml="Code"),
    _field("date", "Ngày ban hành", "Date", reader="date", column="date", longest=10, required=True,
           listed=True, is_day=True,
           edxml="PromulgationInfo/PromulgationDate"),
    _field("doc_type", "Loại văn bản", "Type", column="doc_type", longest=100, required=True, shared=True,
    listed=True,
           edxml="DocumentType/TypeName"),
    _field("issuer", "Cơ quan ban hành", "Issuer", reader="issuer", column="issuer", required=True,
           shared=True, learned=True,
    listed=True,
           edxml="From/OrganName"),
    _field("superior", "Cơ quan chủ quản", "Superior body", reader="issuer", column="superior", shared=True,
           learned=True,
           edxml="From/OrganizationInCharge"),
    _field("subject", "Trích yếu", "Subject", column="subject", required=True, listed=True, edxml="Subject"),
    _field("place", "Địa danh", "Place", column="place", longest=200, shared=True, edxml="PromulgationInfo/Place"),
    _field("addressees", "Kính gửi", "Addressees", kind="many", column="addressee", learned=True,
    edxml="To/OrganName"),
    _field("recipients", "Nơi nhận", "Recipients", kind="many", column="recipient", learned=True,
    edxml="ToPlaces/Place"),
    _field("signer_name", "Người ký", "Signer", "signer", "name", reader="signer", column="signer",
           longest=200, shared=True,
    asked="signer",
           edxml="SignerInfo/FullName"),
    _field("signer_title", "Chức vụ", "Title", "signer", "title", reader="title", longest=200, shared=True,
           asked="signer",
    edxml="SignerInfo/Position"),
    _field("signer_authority", "Quyền hạn ký", "Signing authority", "signer", "authority", longest=200,
    shared=True, asked="signer",
           edxml="SignerInfo/Competence"),
    _field("urgency", "Mức độ khẩn", "Urgency", column="urgency", longest=50, edxml="OtherInfo/Priority"),
    _field("effective_from", "Có hiệu lực từ ngày", "In force from", "effective", "since", json=("effective",
        "from"),
           is_day=True),
    _field("effective_until", "Hiệu lực đến hết ngày", "In force until", "effective", "until", is_day=True),
    _field("secrecy", "Độ mật", "Secrecy", editable=False),
    _field("incoming_number", "Số đến", "Incoming number", "incoming", "number", longest=10),
    _field("incoming_date", "Ngày đến", "Incoming date", "incoming", "date", is_day=True),
    _field("direction", "Hướng văn bản", "Direction", choices=DIRECTIONS),
)  # fmt: skip
"""In the order of the form. Papers with a secrecy mark are refused, so `secrecy` is always empty:
it is the contract's."""

BY_NAME = {field.name: field for field in RECORD_FIELDS}
EDITABLE = tuple(field for field in RECORD_FIELDS if field.editable)
REQUIRED = tuple(field for field in RECORD_FIELDS if field.required)
LISTED = tuple(field.name for field in RECORD_FIELDS if field.listed)
"""Names of the fields that every list of documents shows."""
