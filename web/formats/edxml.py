"""A document's record as an edXML message with its file (QCVN 102:2016/BTTTT), and messages on its state.

The standard's lengths are kept where cutting loses nothing that the file does not have; numbers are never cut.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby

from lxml import etree

from corpus.database.models import CitationRow, Document
from corpus.document import Fields
from corpus.edxml import codes
from corpus.json_shapes import fields_from_json
from corpus.numbering.number import parse
from corpus.record_fields import RECORD_FIELDS, RecordField

_SEQUENCE = (
    "From/OrganizationInCharge", "From/OrganName", "To/OrganName", "Code", "PromulgationInfo/Place",
    "PromulgationInfo/PromulgationDate", "DocumentType/TypeName", "Subject", "SignerInfo/Competence",
    "SignerInfo/Position", "SignerInfo/FullName", "ToPlaces/Place", "OtherInfo/Priority",
)  # fmt: skip
"""Order of the elements that hold fields; corpus.record_fields says which field each holds."""
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LENGTHS = {
    "From/OrganName": 200, "From/OrganizationInCharge": 200, "To/OrganName": 200, "PromulgationInfo/Place": 50,
    "DocumentType/TypeName": 100, "Subject": 500, "SignerInfo/Competence": 100, "SignerInfo/Position": 100,
    "SignerInfo/FullName": 50, "ToPlaces/Place": 1000,
}  # fmt: skip
"""Longest values by the standard, in characters; longer ones are cut here and stay whole in the store."""
_NAMESPACES = {None: codes.NAMESPACE, "edXML": codes.NAMESPACE}
_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that goes with the message."""

    name: str
    media_type: str
    data: bytes


def envelope(
    document: Document,
    answers: Sequence[CitationRow],
    attached: Sequence[AttachedFile] = (),
    at: datetime | None = None,
) -> bytes:
    """The message; `answers` are the citations of the letters that this one answers, `at` the time in Việt Nam."""
    fields = fields_from_json(document.fields or {})
    root, header = _message()
    head = _put(header, "MessageHeader")
    for group, members in _groups():
        _write(head, group, [(field, _values(document, fields, field)) for field in members])
    own = codes.organ_id_of(document.issuer)
    for organ in (*head.iterchildren(_tag("From"), _tag("To")),):
        _identify(organ)
    known = codes.codes_of(document.doc_type)
    if known is not None and (kind := head.find(_tag("DocumentType"))) is not None:
        kind.insert(0, _element("Type", known.code))
    other = head.find(_tag("OtherInfo"))
    _text(head if other is None else other, "PageAmount", str(document.page_count))
    for row in answers:
        answer = _put(head, "ResponseFor")
        _text(answer, "OrganId", codes.organ_id_of(row.issuer))
        _code(answer, row.number)
        _text(answer, "PromulgationDate", _slash_day(row.date))
        _text(answer, "DocumentId", codes.document_id(codes.organ_id_of(row.issuer), row.date, row.number))
    _text(head, "SteeringType", known.steering if known else "0")
    _text(head, "DocumentId", codes.document_id(own, document.date, document.number))
    _trace(header, own, at)
    _attach(root, attached)
    return _bytes(root)


def state_message(document: Document, code: str, sender: str, at: datetime, reason: str = "") -> bytes:
    """A message to the issuer of a document on how far it has come at `sender`; code: 01 to 16."""
    root, header = _message()
    head = _put(header, "MessageStatus")
    answer = _put(head, "ResponseFor")
    issuer = codes.organ_id_of(document.issuer)
    _text(answer, "OrganId", issuer)
    _text(answer, "Code", document.number)
    _text(answer, "PromulgationDate", _slash_day(document.date))
    _text(answer, "DocumentId", codes.document_id(issuer, document.date, document.number))
    _text(_put(head, "From"), "OrganName", sender[:200])
    for organ in head.iterchildren(_tag("From")):
        _identify(organ)
    words = codes.status_words(code)
    _text(head, "StatusCode", code)
    _text(head, "Description", (reason or (words[0] if words else ""))[:500])
    _text(head, "Timestamp", f"{at:%Y/%m/%d %H:%M:%S}")
    return _bytes(root)


def _message() -> tuple[etree._Element, etree._Element]:
    """Root of a message and its header; prefixes as the programs of the axis write them."""
    root = etree.Element(_tag("edXML"), nsmap={None: codes.NAMESPACE})
    outer = etree.SubElement(root, _tag("edXMLEnvelope"), nsmap={"edXML": codes.NAMESPACE})
    return root, _put(outer, "edXMLHeader")


def _attach(root: etree._Element, attached: Sequence[AttachedFile]) -> None:
    """The list of files within the envelope, and their bytes behind it."""
    manifest = _put(_put(root[0], "edXMLBody"), "Manifest")
    manifest.set("version", "1.0")
    encoded = (
        etree.SubElement(root, _tag("AttachmentEncoded"), nsmap={None: codes.NAMESPACE}) if attached else None
    )
    for number, one in enumerate(attached, start=1):
        reference = etree.SubElement(manifest, _tag("Reference"), nsmap={"xlink": codes.XLINK})
        reference.set(f"{{{codes.XLINK}}}href", f"cid:{number}")
        reference.set(f"{{{codes.XLINK}}}type", "simple")
        _text(reference, "ContentId", f"cid:{number}")
        _text(reference, "ContentType", one.media_type)
        _text(reference, "AttachmentName", one.name)
        if encoded is not None:
            attachment = _put(encoded, "Attachment")
            _text(attachment, "ContentType", one.media_type)
            _text(attachment, "ContentId", str(number))
            _text(attachment, "ContentTransferEncoded", base64.b64encode(one.data).decode())
            _text(attachment, "AttachmentName", one.name)


def _trace(header: etree._Element, own: str | None, at: datetime | None) -> None:
    """Add the way of the message so far (its sender), and that it sends a new document."""
    trace = _put(header, "TraceHeaderList")
    for name, value in (("id", "1"), ("version", "1.0"), ("mustUnderstand", "1"), ("actor", _ACTOR)):
        trace.set(name, value)
    if own and at is not None:
        step = _put(trace, "TraceHeader")
        _text(step, "OrganId", own)
        _text(step, "Timestamp", f"{at:%Y/%m/%d %H:%M:%S}")
    business = _put(trace, "Bussiness")
    _text(business, "BussinessDocType", codes.NEW)
    _text(business, "Paper", "0")


def _identify(organ: etree._Element) -> None:
    """Put the identifier of a body before its name, if it is known."""
    found = codes.organ_id_of(organ.findtext(_tag("OrganName")))
    if found:
        organ.insert(0, _element("OrganId", found))


@cache
def _groups() -> tuple[tuple[str, tuple[RecordField, ...]], ...]:
    """The elements below the header with the fields that they hold, in the order of the standard;
    one it has no place for goes last.
    """

    def place(field: RecordField) -> tuple[int, int]:
        group = (field.edxml or "").split("/")[0]
        groups = [path.split("/")[0] for path in _SEQUENCE]
        within = _SEQUENCE.index(field.edxml) if field.edxml in _SEQUENCE else len(_SEQUENCE)
        return (groups.index(group) if group in groups else len(groups)), within

    ordered = sorted((field for field in RECORD_FIELDS if field.edxml), key=place)
    grouped = groupby(ordered, key=lambda field: (field.edxml or "").split("/")[0])
    return tuple((group, tuple(members)) for group, members in grouped)


def _values(document: Document, fields: Fields, field: RecordField) -> list[str | None]:
    """The values of a field on record as the standard writes them, one but for lists."""
    if field.kind == "many":
        return [one.value for one in field.of(fields)]
    read = field.of(fields)
    value = getattr(document, field.column) if field.column else read.value if read else None
    if field.edxml == "OtherInfo/Priority":
        return [codes.priority_of(value)]
    return [_slash_day(value) if field.is_day else value]


def _slash_day(day: str | None) -> str | None:
    """2022/04/27 for 2022-04-27."""
    return day.replace("-", "/") if day else None


def _write(head: etree._Element, group: str, members: list[tuple[RecordField, list[str | None]]]) -> None:
    """One element of the header; each addressee has an element of its own, recipients share one."""
    first, values = members[0]
    if group == "Code":
        _code(head, values[0])
    elif first.edxml == group:
        _text(head, group, _cut(first, values[0]))
    elif group == "To":
        for value in values:
            _put(head, group, {_name(first): _cut(first, value)})
    else:
        element = _put(head, group)
        for field, found in members:
            for value in found:
                _text(element, _name(field), _cut(field, value))
        if not len(element):
            head.remove(element)


def _cut(field: RecordField, value: str | None) -> str | None:
    return value[: _LENGTHS.get(field.edxml or "")] if value else value


def _name(field: RecordField) -> str:
    return (field.edxml or "").split("/")[-1]


def _code(parent: etree._Element, number: str | None) -> None:
    """Add number and notation apart; the year in the number of a legal document belongs to the notation: `30`,
    `2020/NĐ-CP`.
    """
    parsed = parse(number) if number else None
    head = parsed.ordinal_text + parsed.suffix + parsed.sub if parsed else None
    notation = number[len(head) :].lstrip("/-") if number and head and number.startswith(head) else number
    if number and not (head and number.startswith(head)):
        head = None
    _put(parent, "Code", {"CodeNumber": head, "CodeNotation": notation})


def _tag(name: str) -> str:
    return f"{{{codes.NAMESPACE}}}{name}"


def _element(name: str, value: str) -> etree._Element:
    element = etree.Element(_tag(name))
    element.text = _UNFIT.sub("", value)
    return element


def _put(parent: etree._Element, name: str, values: Mapping[str, str | None] | None = None) -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    for key, value in (values or {}).items():
        _text(element, key, value)
    return element


def _text(parent: etree._Element, name: str, value: str | None) -> None:
    if value:
        etree.SubElement(parent, _tag(name)).text = _UNFIT.sub("", value)


def _bytes(root: etree._Element) -> bytes:
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
