"""A document's record as the header of an edXML envelope (QCVN 102:2016/BTTTT), for exchange with other systems.

The original goes beside it as an attachment; identifiers of organisations are left out, since no table of theirs is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from corpus.database.models import CitationRow, Document
from corpus.document import Fields
from corpus.json_shapes import fields_from_json
from corpus.numbering.number import parse
from corpus.tables import rows
from corpus.vietnamese.fold import fold

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LENGTHS = {
    "OrganName": 200, "CodeNumber": 11, "CodeNotation": 30, "Place": 50, "TypeName": 100, "Subject": 500,
    "Competence": 100, "Position": 100, "FullName": 50,
}  # fmt: skip
"""Longest values the standard takes; what is longer is cut here and stays whole in the store."""


def envelope(document: Document, answers: list[CitationRow]) -> str:
    """The envelope; `answers` are the citations of the letters this one replies to."""
    fields = fields_from_json(document.fields or {})
    root = ElementTree.Element("edXMLEnvelope")
    header = ElementTree.SubElement(ElementTree.SubElement(root, "edXMLHeader"), "MessageHeader")
    _put(header, "From", {"OrganName": document.issuer})
    for one in fields.addressees:
        _put(header, "To", {"OrganName": one.value})
    _code(header, document.number)
    _put(header, "PromulgationInfo", {"Place": document.place, "PromulgationDate": document.date})
    _put(header, "DocumentType", {"TypeName": document.doc_type})
    _text(header, "Subject", document.subject)
    _signer(header, fields)
    places = ElementTree.SubElement(header, "ToPlaces")
    for one in fields.recipients:
        _text(places, "Place", one.value)
    _put(
        header,
        "OtherInfo",
        {"Priority": _priority(document.urgency), "PageAmount": str(document.page_count)},
    )
    for row in answers:
        answer = ElementTree.SubElement(header, "ResponseFor")
        _code(answer, row.number)
        _text(answer, "PromulgationDate", row.date)
    body = ElementTree.SubElement(ElementTree.SubElement(root, "edXMLBody"), "Manifest")
    reference = {
        "ContentId": f"cid:{document.sha256}",
        "ContentType": document.media_type,
        "AttachmentName": document.name,
    }
    _put(body, "Reference", reference)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _priority(mark: str | None) -> str:
    """The figure of a mark of urgency in any case; 0 for none (thường) and for words that are no mark."""
    said = " ".join(fold(mark or "").split())
    return next((row["edxml"] for row in rows("urgency") if fold(row["mark"]) == said), "0")


def _signer(header: ElementTree.Element, fields: Fields) -> None:
    parts = {
        "Competence": fields.signer.authority,
        "Position": fields.signer.title,
        "FullName": fields.signer.name,
    }
    _put(header, "SignerInfo", {name: field.value if field else None for name, field in parts.items()})


def _code(parent: ElementTree.Element, number: str | None) -> None:
    """Number and notation apart; the year in a number of a legal document belongs to the notation: `30`, `2020/NĐ-CP`."""
    parsed = parse(number) if number else None
    head = parsed.ordinal_text + parsed.suffix + parsed.sub if parsed else None
    notation = number[len(head) :].lstrip("/-") if number and head else number
    _put(parent, "Code", {"CodeNumber": head, "CodeNotation": notation})


def _put(parent: ElementTree.Element, name: str, values: Mapping[str, str | None]) -> None:
    element = ElementTree.SubElement(parent, name)
    for key, value in values.items():
        _text(element, key, value)


def _text(parent: ElementTree.Element, name: str, value: str | None) -> None:
    if value:
        ElementTree.SubElement(parent, name).text = _UNFIT.sub("", value)[: _LENGTHS.get(name)]
