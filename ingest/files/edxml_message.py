"""Parsing of an edXML message (QCVN 102:2016/BTTTT) as foreign XML: header, state message, attachments.

Programs differ in prefixes, wrappers and a few names: elements are found by their local names, and what is not of
the schema is noted.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from xml.parsers import expat

from corpus.edxml.schema import deviations
from corpus.errors import Problem
from corpus.numbering.number import parse
from ingest.files.mail_parts import MOST_ATTACHMENTS, Attachment

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_DEPTH = 40
_MOST_ELEMENTS = 100_000
_MOST_LISTED = 1000
"""Receivers, places or references that are taken of one message."""
_MOST_LETTERS = 20_000
_DAY = re.compile(r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)")
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Organ:
    """A body as a message names it: identifier, name, superior body."""

    organ_id: str
    name: str
    superior: str


@dataclass(frozen=True, slots=True)
class Referred:
    """Another document that a message names; `day` is ISO 8601."""

    organ_id: str
    number: str
    day: str | None


@dataclass(frozen=True, slots=True)
class StateMessage:
    """State of a document at its receiver: status code, description, time as written."""

    code: str
    description: str
    at: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """Header of a message; "" for what it does not say. Days are ISO 8601."""

    sender: Organ
    to: tuple[Organ, ...]
    number: str
    day: str | None
    place: str
    doc_type: str
    subject: str
    competence: str
    position: str
    full_name: str
    due: str | None
    places: tuple[str, ...]
    priority: str
    document_id: str
    answers: tuple[Referred, ...]
    replaces: tuple[Referred, ...]
    business: str
    """BussinessDocType: 0 new, 1 recall, 2 update, 3 replacement."""
    reason: str
    signed: bool
    """True if the message bears an XML signature."""
    state: StateMessage | None
    deviations: tuple[str, ...]
    """Sentences about what is not of the schema."""
    deviant: tuple[str, ...]
    """Local names of the elements whose own text is not what it must be."""


def envelope_of(data: bytes, name: str) -> Envelope:
    """Header of a message. Raises Problem: unsafe_xml, truncated, not_edxml."""
    root = _root(data, name)
    status = _first(root, "MessageStatus")
    status = _first(root, "Status") if status is None else status
    header = _first(root, "MessageHeader")
    if header is None and status is None:
        raise Problem("not_edxml", name=name)
    found = deviations(root)
    head, trace = (status if header is None else header), _first(root, "TraceHeaderList")
    info, signer = _child(head, "PromulgationInfo"), _child(head, "SignerInfo")
    business = _first(trace, "Bussiness") if trace is not None else None
    signature = next((one for one in root.iter() if _local(one) == "Signature"), None)
    return Envelope(
        _organ(_child(head, "From")), tuple(_organ(one) for one in _children(head, "To")),
        _number_of(head), _day(_text(info, "PromulgationDate")), _text(info, "Place"),
        _text(_child(head, "DocumentType"), "TypeName"), _text(head, "Subject"),
        _text(signer, "Competence"), _text(signer, "Position"), _text(signer, "FullName"),
        _day(_text(head, "DueDate")), _texts(_child(head, "ToPlaces"), "Place"),
        _text(_child(head, "OtherInfo"), "Priority"), _text(head, "DocumentId"),
        tuple(_reference(one) for one in _children(head, "ResponseFor")), tuple(_replacements(business)),
        _text(business, "BussinessDocType") or "0", _text(business, "BussinessDocReason"),
        signature is not None and len(signature) > 0,
        None if header is not None else _state(head),
        tuple(f"{one.element}: {one.why}" for one in found), tuple(one.element for one in found if one.of_value),
    )  # fmt: skip


def attachments_in(data: bytes, name: str) -> tuple[Attachment, ...]:
    """Attachments of a message in its order. Raises Problem as `envelope_of`, and unsafe_xml for too many."""
    root = _root(data, name)
    titles = {_cid(one): _text(one, "AttachmentName") for one in root.iter() if _local(one) == "Reference"}
    found: list[Attachment] = []
    for one in root.iter():
        if _local(one) != "Attachment":
            continue
        if len(found) >= MOST_ATTACHMENTS:
            raise Problem("unsafe_xml", name=name, what=f"quá {MOST_ATTACHMENTS} tệp kèm theo")
        title = _text(one, "AttachmentName") or titles.get(_cid(one)) or f"Tệp kèm {len(found) + 1}.bin"
        found.append(Attachment(title.replace("\\", "/").rpartition("/")[2][:255], _bytes(one, name)))
    return tuple(found)


def _root(data: bytes, name: str) -> _Element:
    """Root of the XML, after a look at its bounds. Raises Problem: unsafe_xml, truncated."""
    from lxml import etree

    _check_bounds(data, name)
    # Attachments are single texts of many megabytes, which only `huge_tree` takes; bounds are checked above.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Problem("truncated", name=name) from error
    if root.getroottree().docinfo.doctype:
        raise Problem("unsafe_xml", name=name, what="DTD")
    return root


def _check_bounds(data: bytes, name: str) -> None:
    """Parse once without building anything: a document type, and with it every entity, ends it."""
    depth = elements = 0

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1 + len(attributes)
        if depth > _MOST_DEPTH or elements > _MOST_ELEMENTS:
            raise Problem("unsafe_xml", name=name, what="quá nhiều phần tử")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise Problem("unsafe_xml", name=name, what="DTD")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Problem("truncated", name=name) from error


def _local(element: _Element) -> str:
    """Name without namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _first(element: _Element, name: str) -> _Element | None:
    return next((one for one in element.iter() if _local(one) == name), None)


def _children(element: _Element | None, name: str) -> list[_Element]:
    found = [] if element is None else [one for one in element if _local(one) == name]
    return found[:_MOST_LISTED]


def _child(element: _Element | None, name: str) -> _Element | None:
    return next(iter(_children(element, name)), None)


def _text(element: _Element | None, name: str) -> str:
    return next(iter(_texts(element, name)), "")


def _texts(element: _Element | None, name: str) -> tuple[str, ...]:
    """Texts of the children of that name on one line, without empty ones."""
    texts = (_clean(one.text or "") for one in _children(element, name))
    return tuple(text for text in texts if text)


def _clean(text: str) -> str:
    return _SPACES.sub(" ", _CONTROL.sub(" ", text[:_MOST_LETTERS])).strip()


def _organ(element: _Element | None) -> Organ:
    superior = _text(element, "OrganizationInCharge") or _text(element, "OrganInCharge")
    name = _text(element, "OrganName")
    return Organ(_text(element, "OrganId"), name, "" if superior == name else superior)


def _number_of(element: _Element | None) -> str:
    """Number of `Code` (number and notation, or one text): `31/KH-STTTT`, `34-CT/TW`."""
    code = _child(element, "Code")
    if code is None:
        return ""
    return joined_number(_text(code, "CodeNumber"), _text(code, "CodeNotation")) or _clean(code.text or "")


def joined_number(ordinal: str, notation: str) -> str:
    """The number as its family writes it; the Party's has a hyphen behind the ordinal: `34-CT/TW`."""
    if not ordinal or not notation:
        return ordinal or notation
    for sign in "-/":
        whole = f"{ordinal}{sign}{notation}"
        read = parse(whole)
        if read is not None and (read.family == "party") == (sign == "-") and read.canonical == whole:
            return whole
    return f"{ordinal}/{notation}"


def _reference(element: _Element) -> Referred:
    """The document that `ResponseFor` names; its DocumentId says what its other parts do not."""
    organ_id, day, number = _parts_of(_text(element, "DocumentId"))
    return Referred(
        _text(element, "OrganId") or organ_id, _number_of(element) or number,
        _day(_text(element, "PromulgationDate")) or day,
    )  # fmt: skip


def _replacements(business: _Element | None) -> Iterator[Referred]:
    """Documents that the message recalls, updates or replaces, by their DocumentId."""
    if business is None:
        return
    own = _text(business, "DocumentId")
    listed = [one for one in business.iter() if _local(one) == "ReplacementInfo"][:_MOST_LISTED]
    for text in dict.fromkeys([own, *(_text(one, "DocumentId") for one in listed)]):
        organ_id, day, number = _parts_of(text)
        if number:
            yield Referred(organ_id, number, day)


def _parts_of(document_id: str) -> tuple[str, str | None, str]:
    """Body, day and number of a DocumentId, `H01.151.02,2022/04/27,31/KH-STTTT`; empty ones if it is none."""
    parts = document_id.split(",", 2)
    if len(parts) != 3 or _day(parts[1]) is None:
        return "", None, ""
    return parts[0].strip(), _day(parts[1]), parts[2].strip()


def _state(head: _Element | None) -> StateMessage:
    return StateMessage(_text(head, "StatusCode"), _text(head, "Description"), _text(head, "Timestamp"))


def _day(text: str) -> str | None:
    """ISO 8601 of a day as messages write it (`2022/04/27`, also with a time); None for none."""
    found = _DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat() if found else None
    except ValueError:
        return None


def _cid(element: _Element) -> str:
    return _text(element, "ContentId").removeprefix("cid:")


def _bytes(element: _Element, name: str) -> bytes:
    content = _child(element, "ContentTransferEncoded")
    try:
        return base64.b64decode(
            _SPACES.sub("", (content.text if content is not None else "") or ""), validate=True
        )
    except (binascii.Error, ValueError) as error:
        raise Problem("truncated", name=name) from error
