"""Certificates as witnesses of the record: what they confirm, complete and contradict."""

from __future__ import annotations

from typing import Any

import pytest

from corpus.document import Field, Fields, Signature, SignatureRole, Signer
from ingest.signatures.certificates import CertificateHolder, is_person
from ingest.signatures.cms import CheckedSeal
from ingest.signatures.places import Place
from ingest.signatures.roles import RoledSignature
from ingest.signatures.verify import Verified
from ingest.signatures.witness import witnessed


def field(value: str, *, review: bool = False) -> Field:
    return Field(value, value, 0.6 if review else 0.95, review, 1, rule="read")


def signed(
    role: SignatureRole, name: str, day: str = "2024-03-05", *, organization: str | None = None,
    in_block: bool = True,
    state: Any = "valid_unknown_issuer",
) -> RoledSignature:  # fmt: skip
    seal = CheckedSeal(
        CertificateHolder(name, organization, (), is_person(name, organization)),
        True,
        True,
        False,
        False,
        None,
        None,
    )
    signature = Signature(state, role, name, organization, None, f"{day}T15:02:00+07:00", "timestamp")
    return RoledSignature(signature, Verified(Place("S"), state, seal), in_block)


def shown(value: Field | None) -> tuple[str, bool, str] | None:
    return (value.value, value.review, value.rule) if value else None


AN = "Nguyễn Văn An"


class TestSigner:
    @pytest.mark.parametrize(
        ("printed", "certificate", "scanned", "in_block", "expected", "why"),
        [
            (field(AN), AN, False, True, (AN, False, "read"), "confirmed"),
            (field(AN, review=True), "NGUYỄN VĂN AN", True, True, (AN, False, "read"),
             "doubted, and the certificate agrees"),
            (field("Nguyễn Văn Hoà", review=True), "Nguyễn Văn Hòa", True, True, ("Nguyễn Văn Hoà", False,
             "read"), "the tone elsewhere"),
            (field("Nguyển Văn An", review=True), AN, True, True, (AN, False, "signer.certificate"),
             "OCR read a tone wrong"),
            (field("Nguyễn Vân An"), AN, False, True, ("Nguyễn Vân An", False, "read"),
             "print and certificate differ by a mark: as printed"),
            (None, "NGUYỄN VĂN AN", False, True, (AN, True, "signer.certificate"),
             "completed, for a person to see"),
            (field("Trần Thị Bình"), AN, False, True, ("Trần Thị Bình", True, "read"),
             "contradicted in the signature's place"),
            (field("Trần Thị Bình"), AN, False, False, ("Trần Thị Bình", False, "read"),
             "a certificate from elsewhere on the page"),
            (field("Trần Thị Bình"), AN, True, True, ("Trần Thị Bình", False, "read"),
             "on a scan only agreement counts"),
        ],
    )  # fmt: skip
    def test_name(
        self, printed: Field | None, certificate: str, scanned: bool, in_block: bool, expected: Any, why: str
    ) -> None:
        fields = Fields(signer=Signer(name=printed))
        found = witnessed(fields, [signed("signer", certificate, in_block=in_block)], scanned).signer.name
        assert shown(found) == expected, why

    def test_a_contradiction_shows_both(self) -> None:
        found = witnessed(
            Fields(signer=Signer(name=field("Trần Thị Bình"))), [signed("signer", AN)], False
        ).signer.name
        assert found is not None and [one.value for one in found.candidates] == ["Trần Thị Bình", AN]

    def test_initials_say_nothing_of_the_signer(self) -> None:
        fields = Fields(signer=Signer(name=field("Trần Thị Bình")))
        assert witnessed(fields, [signed("initials", AN)], False) == fields


class TestIssuer:
    @pytest.mark.parametrize(
        ("printed", "name", "organization", "scanned", "expected", "why"),
        [
            ("Sở Y tế", "SỞ Y TẾ", None, False, False, "the same in capitals"),
            ("Ủy ban nhân dân tỉnh Ninh Thuận", "Uỷ ban nhân dân", "Tỉnh Ninh Thuận", False, False,
             "the place is the organisation"),
            ("Văn phòng Ủy ban nhân dân tỉnh Lai Châu", "Văn phòng", "ỦY BAN NHÂN DÂN TỈNH LAI CHÂU", False,
             False, "a unit of its parent"),
            ("Sở Y tế tỉnh Lai Châu", "Sở Y tế", "ỦY BAN NHÂN DÂN TỈNH LAI CHÂU", False, False,
             "the place is the parent's"),
            ("Sở Y tế", "Sở Nội vụ", "Tỉnh Lai Châu", False, True, "another body signed"),
            ("Ủy ban nhân dân thành phố Huế", "ỦY BAN NHÂN DÂN TỈNH THỪA THIÊN HUẾ", None, False, False,
             "the certificate is older than the name"),
            ("Hội đồng xét thăng hạng tỉnh Lai Châu", "Sở Y tế", "Tỉnh Lai Châu", False, True,
             "a place alone is no agreement"),
            ("Sở Y tế", "Sở Nội vụ", "Tỉnh Lai Châu", True, False, "the copy of a scan may be another body's"),
        ],
    )  # fmt: skip
    def test_of_an_office(
        self, printed: str, name: str, organization: str | None, scanned: bool, expected: bool, why: str
    ) -> None:
        fields = Fields(issuer=field(printed))
        found = witnessed(fields, [signed("office", name, organization=organization)], scanned).issuer
        assert found is not None and (found.value, found.review) == (printed, expected), why

    @pytest.mark.parametrize(
        ("superior", "review", "why"),
        [
            ("Sở Y tế tỉnh Lai Châu", False, "a council without a seal of its own uses its parent's"),
            ("Sở Nội vụ tỉnh Lai Châu", True, "another body's seal is a question"),
        ],
    )
    def test_of_the_body_above(self, superior: str, review: bool, why: str) -> None:
        fields = Fields(issuer=field("Hội đồng xét thăng hạng viên chức năm 2025"), superior=field(superior))
        found = witnessed(fields, [signed("office", "Sở Y tế", organization="Tỉnh Lai Châu")], False).issuer
        assert found is not None and found.review is review, why

    def test_agreement_settles_what_was_doubted(self) -> None:
        doubted = Fields(issuer=field("Ủy ban nhân dân tỉnh Bạc Liêu", review=True))
        found = witnessed(doubted, [signed("copy", "Uỷ ban nhân dân tỉnh Bạc Liêu")], True).issuer
        assert found is not None and not found.review

    def test_one_that_is_missing_is_completed_for_a_person_to_see(self) -> None:
        found = witnessed(Fields(), [signed("office", "Sở Y tế", organization="Tỉnh Lai Châu")], False).issuer
        assert shown(found) == ("Sở Y tế Tỉnh Lai Châu", True, "issuer.certificate")
        assert witnessed(Fields(), [signed("copy", "Sở Y tế")], True).issuer is None


class TestDate:
    @pytest.mark.parametrize(
        ("printed", "signatures", "expected", "why"),
        [
            (field("2024-03-05"), [("number", "2024-03-05")], ("2024-03-05", False, "read"), "confirmed"),
            (field("2024-03-05", review=True), [("copy", "2024-03-05")], ("2024-03-05", False, "read"),
             "doubted, and signed that day"),
            (field("2024-03-05", review=True), [("copy", "2024-03-06")], ("2024-03-05", True, "read"),
             "signed another day: still doubted"),
            (field("2024-03-06"), [("number", "2024-03-05")], ("2024-03-06", True, "read"),
             "numbered before it was written: impossible"),
            (field("2024-03-05"), [("initials", "2024-03-04"), ("number", "2024-03-05")], ("2024-03-05", False,
             "read"), "initials come before"),
            (field("2024-03-05"), [("signer", "2024-03-04"), ("date", "2024-03-05")], ("2024-03-05", False,
             "read"), "signed, numbered the next day"),
            (field("2024-03-05"), [("signer", "2024-03-04")], ("2024-03-05", True, "read"),
             "no signature is of that day or later"),
            (field("2024-01-05"), [("number", "2024-03-05")], ("2024-01-05", False, "read"),
             "numbered much later: possible"),
            (None, [("signer", "2024-03-05")], None, "a missing date is not guessed"),
            (None, [("number", "2024-03-05")], ("2024-03-05", True, "date.certificate"),
             "the clerk's day, for a person to see"),
        ],
    )  # fmt: skip
    def test_of_signing(self, printed: Field | None, signatures: Any, expected: Any, why: str) -> None:
        names = {"initials": AN, "signer": AN}
        made = [signed(role, names.get(role, "Sở Y tế"), day) for role, day in signatures]
        assert shown(witnessed(Fields(date=printed), made, False).date) == expected, why


@pytest.mark.parametrize("state", ["broken", "changed_after"])
def test_a_spoiled_paper_opens_its_number_and_date(state: Any) -> None:
    fields = Fields(number=field("12/KH-SYT"), date=field("2024-03-05"), signer=Signer(name=field(AN)))
    found = witnessed(fields, [signed("signer", "Trần Thị Bình"), signed("number", "Sở Y tế", state=state)], False)
    assert found.number is not None and found.number.review and found.date is not None and found.date.review
    assert found.signer == fields.signer, "nothing else is taken from it"


def test_a_paper_without_signatures_is_as_it_was() -> None:
    fields = Fields(number=field("12/KH-SYT"))
    assert witnessed(fields, [], False) is fields
