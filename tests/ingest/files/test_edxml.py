"""edXML messages as foreign XML: what programs of the axis write, what is refused, and what the paper
contradicts.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest

from corpus.config import Settings
from corpus.document import Reading
from corpus.errors import Problem
from corpus.numbering.number import parse
from ingest.files.edxml_message import attachments_in, envelope_of, joined_number
from ingest.files.media_type import sniff
from ingest.files.whole import can_go_on, is_whole
from ingest.pipeline import read_safely

NS = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
PAPER = """UBND TỈNH KIÊN GIANG
SỞ Y TẾ
Số: 31/KH-SYT
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
{mark}
Kiên Giang, ngày 05 tháng 3 năm 2018
KẾ HOẠCH
Tiêm chủng mở rộng năm 2018
Căn cứ Quyết định số 84/QĐ-UBND ngày 03/02/2018 của Ủy ban nhân dân tỉnh Kiên Giang;
Sở Y tế xây dựng kế hoạch như sau.
"""
HEADER = {
    "From": "<OrganId>H33.09</OrganId><OrganName>Sở Y tế tỉnh Kiên Giang</OrganName>",
    "Code": "<CodeNumber>31</CodeNumber><CodeNotation>KH-SYT</CodeNotation>",
    "PromulgationInfo": "<Place>Kiên Giang</Place><PromulgationDate>2018/03/05</PromulgationDate>",
    "DocumentType": "<Type>10</Type><TypeName>Kế hoạch</TypeName>",
    "Subject": "Tiêm chủng mở rộng năm 2018",
    "OtherInfo": "<Priority>0</Priority>",
}


def message(paper: str | None = PAPER.format(mark=""), more: str = "", trace: str = "", **changed: str) -> bytes:
    """A message as the axis's programs write it; `changed` are elements of its header."""
    head = "".join(f"<{name}>{text}</{name}>" for name, text in (HEADER | changed).items() if text)
    encoded = base64.b64encode((paper or "").encode()).decode()
    files = (
        f"<AttachmentEncoded><Attachment><ContentType>text/plain</ContentType><ContentId>1</ContentId>"
        f"<ContentTransferEncoded>{encoded}</ContentTransferEncoded><AttachmentName>a.txt</AttachmentName>"
        f"</Attachment></AttachmentEncoded>"
        if paper is not None
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><edXML xmlns="{NS}"><edXMLEnvelope><edXMLHeader><MessageHeader>'
        f"{head}{more}</MessageHeader>{trace}</edXMLHeader></edXMLEnvelope>{files}</edXML>"
    ).encode()


def read(data: bytes, tmp_path: Path, settings: Settings, name: str = "den.edxml") -> Reading:
    path = tmp_path / name
    path.write_bytes(data)
    return read_safely(path, name, settings)


def test_values_of_the_message_are_exact_and_have_the_paper_as_evidence(
    tmp_path: Path, settings: Settings
) -> None:
    found = read(message(), tmp_path, settings)
    fields = found.fields
    assert fields.number is not None and fields.date is not None and fields.issuer is not None
    assert (fields.number.value, fields.number.rule, fields.number.review) == ("31/KH-SYT", "number.edxml", False)
    assert (fields.number.printed, fields.number.page) == ("Số: 31/KH-SYT", 1)
    assert (fields.date.value, fields.date.review) == ("2018-03-05", False)
    assert (fields.issuer.value, fields.issuer.rule) == ("Sở Y tế tỉnh Kiên Giang", "issuer.edxml")
    assert fields.urgency is None and found.warnings == ()
    assert found.source.media_type == "application/edxml+xml" and found.pages[0].text.startswith("UBND TỈNH")
    assert [one.number for one in found.citations] == ["84/QĐ-UBND"]


@pytest.mark.parametrize(
    ("changed", "name", "value", "paper"),
    [
        ({"Code": "<CodeNumber>37</CodeNumber><CodeNotation>KH-SYT</CodeNotation>"}, "number", "37/KH-SYT",
         "31/KH-SYT"),
        ({"PromulgationInfo": "<PromulgationDate>2018-03-06</PromulgationDate>"}, "date", "2018-03-06",
         "2018-03-05"),
        ({"Subject": "Tiêm chủng mở rộng năm 2019"}, "subject", "Tiêm chủng mở rộng năm 2019",
         "Tiêm chủng mở rộng năm 2018"),
        ({"From": "<OrganName>Sở Nội vụ tỉnh Kiên Giang</OrganName>"}, "issuer", "Sở Nội vụ tỉnh Kiên Giang",
         "Sở Y tế tỉnh Kiên Giang"),
        ({"DocumentType": "<TypeName>Báo cáo</TypeName>"}, "doc_type", "Báo cáo", "Kế hoạch"),
    ],
)  # fmt: skip
def test_a_contradiction_is_a_question_with_both(
    changed: dict[str, str], name: str, value: str, paper: str, tmp_path: Path, settings: Settings
) -> None:
    found = read(message(**changed), tmp_path, settings)
    field = getattr(found.fields, name)
    assert (field.value, field.review) == (value, True)
    assert [one.value for one in field.candidates] == [value, paper]
    [told] = [one for one in found.warnings if one.code == "edxml_differs"]
    assert value in told.message and paper in told.message


@pytest.mark.parametrize(
    ("priority", "mark", "value", "review"),
    [
        ("3", "HỎA TỐC", "HỎA TỐC", False), ("3", "", "HỎA TỐC", False), ("0", "", None, False),
        ("0", "HỎA TỐC", "HỎA TỐC", True), ("1", "HỎA TỐC", "KHẨN", True), ("", "KHẨN", "KHẨN", False),
    ],
)  # fmt: skip
def test_urgency(
    priority: str, mark: str, value: str | None, review: bool, tmp_path: Path, settings: Settings
) -> None:
    other = f"<Priority>{priority}</Priority>" if priority else "<PageAmount>1</PageAmount>"
    found = read(message(PAPER.format(mark=mark), OtherInfo=other), tmp_path, settings).fields.urgency
    assert (found.value if found else None, found is not None and found.review) == (value, review)


def test_a_doubt_of_the_paper_ends_where_the_message_says_one_of_its_readings(
    tmp_path: Path, settings: Settings
) -> None:
    paper = PAPER.format(mark="").replace("Số: 31/KH-SYT", "Số:      /KH-SYT")
    found = read(message(paper), tmp_path, settings)
    assert found.fields.number is not None
    assert (found.fields.number.value, found.fields.number.rule) == ("31/KH-SYT", "number.edxml")


def test_without_a_paper_the_header_is_the_page(tmp_path: Path, settings: Settings) -> None:
    found = read(message(None), tmp_path, settings, "den.xml")
    assert found.fields.number is not None and found.fields.number.value == "31/KH-SYT"
    assert "31/KH-SYT" in found.pages[0].text and "Tiêm chủng" in found.pages[0].text


@pytest.mark.parametrize(
    ("more", "trace", "relation"),
    [
        ("<ResponseFor><OrganId>H33</OrganId><Code>12/UBND-VX</Code><PromulgationDate>2018/02/01</PromulgationDate>"
         "</ResponseFor>", "", "replies"),
        ("<ResponseFor><DocumentId>H33,2018/02/01,12/UBND-VX</DocumentId></ResponseFor>", "", "replies"),
        ("", "<TraceHeaderList><Bussiness><BussinessDocType>1</BussinessDocType><BussinessDocReason>Nhầm"
         "</BussinessDocReason><DocumentId>H33,2018/02/01,12/UBND-VX</DocumentId></Bussiness></TraceHeaderList>",
         "revokes"),
        ("", "<TraceHeaderList><Bussiness><BussinessDocType>3</BussinessDocType><ReplacementInfoList>"
         "<ReplacementInfo>"
         "<DocumentId>H33,2018/02/01,12/UBND-VX</DocumentId></ReplacementInfo></ReplacementInfoList></Bussiness>"
         "</TraceHeaderList>", "replaces"),
    ],
)  # fmt: skip
def test_documents_that_the_message_names_are_citations(
    more: str, trace: str, relation: str, tmp_path: Path, settings: Settings
) -> None:
    found = read(message(more=more, trace=trace), tmp_path, settings)
    named = [(one.number, one.date, one.relation) for one in found.citations if one.trigger == "edXML"]
    assert named == [("12/UBND-VX", "2018-02-01", relation)]
    codes = [one.code for one in found.warnings]
    asked = found.fields.number is not None and found.fields.number.review
    assert (asked, "edxml_not_new" in codes) == ((relation != "replies"),) * 2


def bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE edXML [<!ENTITY e0 "x">{entities}]><edXML>&e9;</edXML>'.encode()


EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/passwd">]><edXML>&x;</edXML>'


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (bomb(), "unsafe_xml", "entities that grow to a billion letters"),
        (EXTERNAL, "unsafe_xml", "an entity that reads a file of the machine"),
        (EXTERNAL.decode().encode("utf-16"), "unsafe_xml", "the same in another encoding"),
        (b'<!DOCTYPE edXML SYSTEM "http://example.org/x.dtd"><edXML/>', "unsafe_xml", "a document type elsewhere"),
        (b"<edXML>" * 200 + b"</edXML>" * 200, "unsafe_xml", "elements in elements in elements"),
        (b"<edXML>" + b"<a/>" * 200_000 + b"</edXML>", "unsafe_xml", "elements without end"),
        (b"<edXML><edXMLEnvelope>", "truncated", "cut off"),
        (b"<edXML><a>1</a></edXML>", "not_edxml", "no header"),
        (message()[:-400] + b"</edXML>", "truncated", "cut off within the attachment"),
        (message().replace(b"VUJORCBU", b"V!JORCBU"), "truncated", "an attachment that is no base64"),
        (b"<html><body>edxml</body></html>", "not_edxml", "another kind of XML that names it"),
    ],
)  # fmt: skip
def test_what_is_refused(data: bytes, code: str, reason: str, tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(Problem) as caught:
        read(data, tmp_path, settings)
    assert caught.value.code == code, reason


@pytest.mark.parametrize("data", [b"<html/>", b"%PDF-1.7", b"plain", b"\xff\xfe"])
def test_other_files_under_its_ending(data: bytes) -> None:
    with pytest.raises(Problem) as caught:
        sniff(data, "a.xml")
    assert caught.value.code == "type_mismatch"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_half_a_message_is_not_whole(share: float) -> None:
    data = message()
    assert is_whole(io.BytesIO(data + b"\n"), "a.edxml") is True and not can_go_on("a.xml")
    assert is_whole(io.BytesIO(data[: int(len(data) * share)]), "a.edxml") is False


def test_a_secret_paper_is_seen_by_the_gate(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(Problem) as caught:
        read(message(PAPER.format(mark="TUYỆT MẬT")), tmp_path, settings)
    assert caught.value.code == "classified"


def test_deviations_are_noted_and_what_is_wrong_in_itself_is_asked(tmp_path: Path, settings: Settings) -> None:
    found = read(message(None, OtherInfo="<Priority>9</Priority>", Unknown="x"), tmp_path, settings)
    assert [one.code for one in found.warnings] == ["edxml_invalid"]
    spoilt = read(
        message(PromulgationInfo="<PromulgationDate>ngày 5/3/2018</PromulgationDate>"), tmp_path, settings
    )
    assert spoilt.fields.date is not None and spoilt.fields.date.value == "2018-03-05", "the paper's own"
    assert spoilt.fields.date.review is True


def test_an_xml_signature_is_not_taken_for_verified(tmp_path: Path, settings: Settings) -> None:
    signed = message().replace(
        b"</edXMLHeader>",
        b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature></edXMLHeader>',
    )
    found = read(signed, tmp_path, settings)
    assert [one.code for one in found.warnings] == ["edxml_signature"]


def test_our_own_older_export_and_other_prefixes_are_read() -> None:
    bare = message().replace(f' xmlns="{NS}"'.encode(), b"").replace(b"edXMLHeader", b"edXMLHeader")
    assert envelope_of(bare, "a.edxml").number == "31/KH-SYT"
    prefixed = (
        message()
        .replace(b"<Subject>", b'<edXML:Subject xmlns:edXML="x">')
        .replace(b"</Subject>", b"</edXML:Subject>")
    )
    assert envelope_of(prefixed, "a.edxml").subject == "Tiêm chủng mở rộng năm 2018"
    assert [one.name for one in attachments_in(bare, "a")] == ["a.txt"]


@pytest.mark.parametrize(
    "number",
    ["31/KH-STTTT", "30/2020/NĐ-CP", "34-CT/TW", "39/2024/QH15", "12-KH/TU", "02a/QĐ-UBND", "45/UBND-VX",
     "1234-CV/VPTW", "01/2019/TT-BNV", "17/NQ-HĐND", "7816/VPCP-TTĐT", "08-QĐi/TW"],
)  # fmt: skip
def test_number_and_notation_join_as_the_family_writes_them(number: str) -> None:
    read_ = parse(number)
    assert read_ is not None
    head = read_.ordinal_text + read_.suffix + read_.sub
    assert joined_number(head, number[len(head) :].lstrip("/-")) == number
