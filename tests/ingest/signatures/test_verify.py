"""Digital signatures: states, roles and sentences of papers signed by a certificate authority of the State's
shape.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pikepdf
import pytest
from asn1crypto import cms as asn1_cms
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.sign import signers

from corpus.config import Settings
from corpus.document import Reading, Signature, SignatureState
from ingest.pipeline import read, read_safely
from ingest.signatures import cms, verify
from ingest.signatures.certificates import cleaned, is_person, spelled
from ingest.signatures.verify import ALTERED, BEYOND, FORGED, LAPSED, LATE, UNREAD
from tests.ingest.signing import DAY, INITIALS, LATER, LINES, MARGIN, NUMBER, SEAL, SIGNER, Authority, Desk, paper
from web.present.signed import sentence

OFFICE, PLACE = "Sở Y tế", "Tỉnh Hà Long An"


@pytest.fixture(scope="session")
def state() -> SimpleNamespace:
    """The authority and who signs: keys are made once."""
    made = Authority()
    return SimpleNamespace(
        authority=made,
        signer=made.person("Nguyễn Văn An", "SỞ Y TẾ"),
        drafter=made.person("Trần Thị Bình", "SỞ Y TẾ", "VĂN PHÒNG", "PHÒNG NGHIỆP VỤ Y"),
        office=made.office(OFFICE, PLACE, bits=3072),
        short=made.office(OFFICE, PLACE, bits=1024),
        lasting=made.office(OFFICE, PLACE, until=LATER),
        strange=made.person("Trần\u202eMinh\x07 Đức\n", "ỦY BAN\u200b NHÂN DÂN"),
    )


@pytest.fixture
def roots(tmp_path: Path, state: SimpleNamespace) -> str:
    folder = tmp_path / "roots"
    folder.mkdir()
    (folder / "goc.pem").write_bytes(state.authority.pem())
    (folder / "ghi-chu.txt").write_text("không phải chứng thư")
    return str(folder)


@pytest.fixture(scope="session")
def whole(state: SimpleNamespace) -> bytes:
    """A paper as an office issues one: initials, signer, seal, number, day, each its own revision."""
    desk = Desk(state.authority, paper())
    desk.sign("Signature1", state.drafter, INITIALS, text="B")
    desk.sign("Signature2", state.signer, SIGNER, cades=True)
    desk.sign("Signature3", state.office, SEAL)
    desk.sign("Signature4", state.office, NUMBER, text="12")
    return desk.sign("Signature5", state.office, DAY, text="05").data


def desk_of(state: SimpleNamespace, data: bytes | None = None) -> Desk:
    return Desk(state.authority, paper() if data is None else data)


def reading(path: Path, roots: str = "") -> Reading:
    return read(path, path.name, Settings(_env_file=None, signature_roots=roots))


class TestState:
    @pytest.mark.parametrize(
        ("who", "how", "trusted", "known", "unknown", "why"),
        [
            ("office", {}, True, "valid", "valid_unknown_issuer", "PKCS #7, RSA 3072, SHA-256, time stamp"),
            ("signer", {"cades": True}, True, "valid", "valid_unknown_issuer", "CAdES of a person, RSA 2048"),
            ("office", {"digest": "sha1"}, True, "valid_weak_algorithm", "valid_weak_algorithm",
             "SHA-1: of the old software"),
            ("short", {}, True, "valid_weak_algorithm", "valid_weak_algorithm", "RSA below 2048 bits"),
            ("lasting", {"stamped": False}, True, "valid", "valid_unknown_issuer",
             "no time stamp: the time is claimed"),
        ],
    )  # fmt: skip
    def test_a_sound_signature(
        self, state: Any, tmp_path: Path, roots: str, who: str, how: Any, trusted: bool, known: str, unknown: str,
        why: str
    ) -> None:  # fmt: skip
        desk = desk_of(state).sign("Signature1", getattr(state, who), SEAL, **how)
        path = desk.save(tmp_path)
        (with_roots,), (without,) = verify(path, roots), verify(path)
        assert (with_roots.state, without.state) == (known, unknown), why
        assert with_roots.covers_whole and with_roots.changes == ()
        assert with_roots.seal is not None
        source = "timestamp" if how.get("stamped", True) else "claimed"
        assert with_roots.seal.time_source == source
        if source == "timestamp":
            assert (
                with_roots.seal.time is not None
                and with_roots.seal.time.isoformat() == "2024-03-05T15:02:00+07:00"
            )

    def test_certificates_that_have_run_out_since_are_no_fault(
        self, whole: bytes, tmp_path: Path, roots: str, state: Any
    ) -> None:
        path = desk_of(state, whole).save(tmp_path)
        assert [one.state for one in verify(path, roots)] == ["valid"] * 5

    def test_a_certificate_that_had_run_out_when_it_was_used(self, state: Any, tmp_path: Path, roots: str) -> None:
        late = datetime(2026, 3, 5, tzinfo=UTC)
        path = desk_of(state).sign("Signature1", state.office, SEAL, at=late).save(tmp_path)
        (found,) = reading(path, roots).signatures
        assert (found.state, found.changes) == ("valid_unknown_issuer", (LAPSED,))
        assert sentence(found).endswith(f"({LAPSED}).")

    def test_an_unsigned_paper_costs_no_import(self, tmp_path: Path, state: Any) -> None:
        path = desk_of(state).save(tmp_path)
        code = (
            "import sys; from pathlib import Path; from ingest.pipeline import read; from corpus.config import "
            "Settings\n"
            f"read(Path({str(path)!r}), 'a.pdf', Settings(_env_file=None)); assert 'pyhanko' not in sys.modules"
        )
        subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])

    def test_further_signatures_are_no_change(self, whole: bytes, tmp_path: Path, state: Any) -> None:
        found = verify(desk_of(state, whole).save(tmp_path))
        assert [one.changes for one in found] == [
            ("trang 1: 4 ô chữ ký số thêm sau",), ("trang 1: 3 ô chữ ký số thêm sau",),
            ("trang 1: 2 ô chữ ký số thêm sau",), ("trang 1: ô chữ ký số thêm sau",), (),
        ]  # fmt: skip

    def test_a_paper_without_signatures_has_none(self, tmp_path: Path, state: Any) -> None:
        path = desk_of(state).save(tmp_path)
        assert verify(path) == () and reading(path).signatures == ()

    def test_what_a_gateway_put_before_the_header_is_passed_over(
        self, whole: bytes, tmp_path: Path, state: Any
    ) -> None:
        found = verify(desk_of(state, b"\x75\xab gateway\n" + whole).save(tmp_path))
        assert {one.state for one in found} == {"valid_unknown_issuer"}

    def test_a_digest_without_null_parameters_is_sound(self, state: Any, tmp_path: Path, monkeypatch: Any) -> None:
        """Software of several provinces writes it so; RFC 8017, 9.2, note 1, has it accepted."""

        async def bare(self: Any, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            numbers = state.office.key.private_numbers()
            modulus = numbers.public_numbers.n
            size = (modulus.bit_length() + 7) // 8
            info = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + hashlib.sha256(data).digest()
            padded = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
            return pow(int.from_bytes(padded, "big"), numbers.d, modulus).to_bytes(size, "big")

        monkeypatch.setattr(signers.SimpleSigner, "async_sign_raw", bare)
        path = desk_of(state).sign("Signature1", state.office, SEAL, stamped=False).save(tmp_path)
        assert [one.state for one in verify(path)] == ["valid_unknown_issuer"]

    def test_rsa_with_parameters_of_another_scheme_is_sound(self, state: Any, tmp_path: Path) -> None:
        desk = desk_of(state).sign("Signature1", state.office, SEAL)
        start = desk.data.index(b"/Contents <") + len(b"/Contents <")
        end = desk.data.index(b">", start)
        content = asn1_cms.ContentInfo.load(bytes.fromhex(desk.data[start:end].decode()))
        signer = content["content"]["signer_infos"][0]
        signer["signature_algorithm"] = asn1_cms.SignedDigestAlgorithm(
            {"algorithm": "rsassa_pss", "parameters": {"hash_algorithm": {"algorithm": "sha256"}}}
        )
        odd = content.dump(force=True).replace(
            bytes.fromhex("06092a864886f70d01010a"), bytes.fromhex("06092a864886f70d010101")
        )
        desk.data = desk.data[:start] + odd.hex().encode().ljust(end - start, b"0") + desk.data[end:]
        assert [one.state for one in verify(desk.save(tmp_path))] == ["valid_unknown_issuer"]


def _content_appended(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    more = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 10 Tf 200 500 Td <2122> Tj ET"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), more])
    writer.update_container(page)


def _turned(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)


def _language(writer: Any) -> None:
    writer.root["/Lang"] = generic.pdf_string("vi")
    writer.update_root()


def _field(writer: Any, name: str) -> Any:
    return next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == name)


def _form(writer: Any, content: bytes) -> Any:
    entries = {
        generic.pdf_name("/Type"): generic.pdf_name("/XObject"),
        generic.pdf_name("/Subtype"): generic.pdf_name("/Form"),
        generic.pdf_name("/BBox"): generic.ArrayObject([generic.NumberObject(edge) for edge in (0, 0, 30, 20)]),
    }  # fmt: skip
    return writer.add_object(generic.StreamObject(entries, stream_data=content))


def _number_redrawn(writer: Any) -> None:
    field = _field(writer, "Signature4")
    field["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): _form(writer, b"BT /F1 10 Tf (13) Tj ET")})
    writer.update_container(field)


def _number_moved(writer: Any) -> None:
    field = _field(writer, "Signature4")
    field["/Rect"] = generic.ArrayObject([generic.NumberObject(edge) for edge in (300, 100, 330, 120)])
    writer.update_container(field)


def _note_added(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject({
        generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
        generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
        generic.pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(edge) for edge in (94, 745, 124,
         765)]),
        generic.pdf_name("/AP"): generic.DictionaryObject({generic.pdf_name("/N"): _form(writer,
         b"0 0 30 20 re f")}),
    })  # fmt: skip
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def _number_removed(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    kept = [one for one in page["/Annots"] if one.get_object().get("/T") != "Signature4"]
    page["/Annots"] = generic.ArrayObject(kept)
    writer.update_container(page)


class TestChangedAfter:
    @pytest.mark.parametrize(
        ("change", "states", "said", "why"),
        [
            (_content_appended, "ccccc", "trang 1: nội dung trang bị sửa", "text appended to the page"),
            (_turned, "ccccc", "trang 1: nội dung trang bị sửa", "the page turned"),
            (_language, "ccccc", "phần ngoài các trang (lệnh, lớp, tệp đính kèm, biểu mẫu) bị sửa",
             "the catalogue changed"),
            (_number_redrawn, "vvvcc", "trang 1: ô chữ ký số đã ký bị thay",
             "another number drawn in the signed field"),
            (_number_moved, "vvvcc", "trang 1: ô chữ ký số đã ký bị thay", "the number moved elsewhere"),
            (_number_removed, "vvvcc", "trang 1: ô chữ ký số đã ký bị bỏ", "the number taken off the page"),
            (_note_added, "ccccc", "trang 1: ghi chú, dấu hoặc ô biểu mẫu bị sửa hay thêm",
             "a white box put over the number"),
        ],
    )  # fmt: skip
    def test_what_shows_otherwise_than_it_was_signed(
        self, whole: bytes, tmp_path: Path, state: Any, change: Callable[[Any],
         None], states: str, said: str, why: str
    ) -> None:  # fmt: skip
        found = verify(desk_of(state, whole).revise(change).save(tmp_path))
        letters = {"changed_after": "c", "valid_unknown_issuer": "v"}
        assert "".join(letters[one.state] for one in found) == states, why
        assert all(said in one.changes for one in found if one.state == "changed_after"), why
        assert not any(one.covers_whole for one in found)

    def test_a_page_resource_by_any_name_counts(self, tmp_path: Path, state: Any) -> None:
        """`/Parent` and `/P` lead back in annotations; as the name of a picture they are drawn."""
        with pikepdf.open(io.BytesIO(paper())) as pdf:
            form = pdf.make_stream(
                b"BT ET", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]
            )
            pdf.pages[0].Resources.XObject = pikepdf.Dictionary(Parent=form)
            out = io.BytesIO()
            pdf.save(out)
        desk = desk_of(state, out.getvalue()).sign("Signature1", state.office, SEAL)

        def redraw(writer: Any) -> None:
            page = writer.root["/Pages"]["/Kids"][0].get_object()
            pictures = page["/Resources"]["/XObject"]
            pictures[generic.pdf_name("/Parent")] = _form(writer, b"0 0 9 9 re f")
            writer.update_container(pictures)

        assert [one.state for one in verify(desk.revise(redraw).save(tmp_path))] == ["changed_after"]

    def test_the_paper_says_so(self, whole: bytes, tmp_path: Path, state: Any) -> None:
        found = reading(desk_of(state, whole).revise(_number_redrawn).save(tmp_path))
        assert "signature_changed" in [one.code for one in found.warnings]
        assert found.fields.number is None or found.fields.number.review

    def test_a_number_drawn_over_the_number(self, whole: bytes, tmp_path: Path, state: Any) -> None:
        """Each of the two is a signature of its own, and only their places tell."""
        desk = desk_of(state, whole).sign("Signature6", state.signer, NUMBER, text="99")
        found = reading(desk.save(tmp_path))
        number = next(one for one in found.signatures if one.role == "number")
        assert number.state == "changed_after" and number.changes[0] == "trang 1: một ô ký sau che lên ô này"
        assert found.fields.number is None or found.fields.number.review


class TestBroken:
    def test_one_byte_of_the_number_field_changed(self, whole: bytes, tmp_path: Path, state: Any) -> None:
        """The paper says so, and its number is believed no more; who signed before is not touched by it."""
        sound = reading(desk_of(state, whole).save(tmp_path))
        assert sound.fields.number is not None and (sound.fields.number.value, sound.fields.number.review) == (
            "12/KH-SYT",
            False,
        )
        desk = desk_of(state, whole)
        start = desk.data.rindex(b"/T (Signature4)")
        at = desk.data.index(b"/Rect", start)
        desk.data = desk.data[:at] + desk.data[at:].replace(b"94", b"95", 1)
        assert len(desk.data) == len(whole) and sum(a != b for a, b in zip(desk.data, whole, strict=True)) == 1
        found = reading(desk.save(tmp_path))
        assert [one.state for one in found.signatures] == ["valid_unknown_issuer"] * 3 + ["broken"] * 2
        assert found.signatures[-1].changes == (ALTERED,)
        assert "signature_broken" in [one.code for one in found.warnings]
        assert found.fields.number is not None and found.fields.number.review
        assert found.fields.date is not None and found.fields.date.review
        assert "KHÔNG ĐÚNG (nội dung đã ký bị sửa: mã băm không khớp)" in sentence(found.signatures[-1])

    @pytest.mark.parametrize(
        ("spoil", "why"),
        [
            (lambda cms: cms[: len(cms.rstrip(b"\0")) // 2].ljust(len(cms), b"\0"), "half of it is gone"),
            (lambda cms: b"\0" * len(cms), "zeros"),
            (lambda cms: b"\x30\x84\xff\xff\xff\xff" + cms[6:], "a length of 4 GB"),
            (lambda cms: (b"\x30\x80" * 2000).ljust(len(cms), b"\0")[: len(cms)], "nested without end"),
            (lambda cms: cms.replace(b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
             b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"), "another kind"),
        ],
    )  # fmt: skip
    def test_a_truncated_or_hostile_signature(self, state: Any, tmp_path: Path, spoil: Any, why: str) -> None:
        desk = desk_of(state).sign("Signature1", state.office, SEAL)
        start = desk.data.index(b"/Contents <") + len(b"/Contents <")
        end = desk.data.index(b">", start)
        spoiled = spoil(bytes.fromhex(desk.data[start:end].decode())).hex().encode()
        desk.data = desk.data[:start] + spoiled + desk.data[end:]
        (found,) = verify(desk.save(tmp_path))
        assert found.state == "broken" and found.changes[0] in (UNREAD, FORGED), why

    def test_a_signature_of_another_paper(self, state: Any, tmp_path: Path) -> None:
        one, other = (
            desk_of(state).sign("Signature1", state.office, SEAL),
            desk_of(state, paper((*LINES, (80, 500, "Khác")))),
        )
        other.sign("Signature1", state.office, SEAL)
        start, end = (one.data.index(mark) for mark in (b"/Contents <", b">\n"))
        stolen = one.data[start : one.data.index(b">", start)]
        at = other.data.index(b"/Contents <")
        other.data = other.data[:at] + stolen + other.data[other.data.index(b">", at) :]
        assert [found.state for found in verify(other.save(tmp_path))] == ["broken"] and end

    def test_a_whole_reading_survives(self, state: Any, tmp_path: Path, settings: Settings) -> None:
        desk = desk_of(state).sign("Signature1", state.office, SEAL)
        at = desk.data.index(b"/ByteRange")
        desk.data = desk.data[:at] + b"/ByteRonge" + desk.data[at + 10 :]
        found = read_safely(desk.save(tmp_path), "a.pdf", settings)
        assert found.fields.issuer is not None and {one.state for one in found.signatures} <= {"broken"}


def _crowd(count: int, *, loop: bool = False) -> bytes:
    """A paper with many fields that claim to be signed, or with fields that are their own children."""
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        value = pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, Contents=pikepdf.String(b"\x30\x03\x02\x01\x01"), ByteRange=[0, 10, 20, 30],
        ))  # fmt: skip
        fields = [
            pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String(f"S{n}"), V=value, Rect=[0,
             0, 90, 90],
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget)) for n in range(count)
        ]  # fmt: skip
        if loop:
            for one in fields:
                one.Kids = pikepdf.Array(fields)
                one.Parent = fields[0]
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(fields), SigFlags=3)
        pdf.pages[0].Annots = pikepdf.Array(fields)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


@settings_of(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1), st.integers(1, 40), st.binary(min_size=1, max_size=8), st.booleans())
def test_any_damage_has_an_answer(
    whole: bytes, tmp_path: Path, at: float, times: int, bytes_: bytes, cut: bool
) -> None:  # fmt: skip
    """Cut anywhere, or overwritten here and there: states, never an exception, and no state but those of the
    contract.
    """
    start = int(at * (len(whole) - 1))
    data = bytearray(whole[:start] if cut else whole)
    for step in range(0 if cut else times):
        here = (start + step * 997) % len(data)
        data[here : here + len(bytes_)] = bytes_
    path = tmp_path / "hong.pdf"
    path.write_bytes(data)
    assert {one.state for one in verify(path)} <= set(get_args(SignatureState)) - {"none"}


class TestBounds:
    def test_a_thousand_fields(self, tmp_path: Path, state: Any) -> None:
        found = verify(desk_of(state, _crowd(1000)).save(tmp_path))
        assert {one.state for one in found} == {"broken"} and len(found) == 100
        assert found[-1].changes == (BEYOND,)

    def test_fields_that_are_their_own_children(self, tmp_path: Path, state: Any) -> None:
        found = verify(desk_of(state, _crowd(6, loop=True)).save(tmp_path))
        assert {one.state for one in found} == {"broken"}

    def test_a_file_that_takes_too_long_keeps_what_is_done(
        self, whole: bytes, tmp_path: Path, state: Any, monkeypatch: Any
    ) -> None:
        import importlib

        module = importlib.import_module("ingest.signatures.verify")
        monkeypatch.setattr(module, "_SECONDS", 0.3)
        seal_of, asked = cms.seal_of, []

        def slow(*args: Any) -> Any:
            asked.append(1)
            while len(asked) > 2:
                pass
            return seal_of(*args)

        verify(desk_of(state, whole).save(tmp_path))
        asked.clear()
        monkeypatch.setattr(cms, "seal_of", slow)
        monkeypatch.setattr(module, "_SECONDS", 3.0)
        found = verify(desk_of(state, whole).save(tmp_path))
        assert [one.state for one in found[:2]] == ["valid_unknown_issuer"] * 2
        assert [one.changes for one in found[2:]] == [(LATE,)] * 3

    def test_names_with_controls_and_directions_are_cleaned(self, tmp_path: Path, state: Any) -> None:
        (found,) = verify(desk_of(state).sign("Signature1", state.strange, SIGNER).save(tmp_path))
        assert (found.holder.name, found.holder.organization) == ("TrầnMinh Đức", "ỦY BAN NHÂN DÂN")
        assert cleaned("a" * 5000) == "a" * 200

    @pytest.mark.parametrize("bomb", [b"x" * 10, zlib.compress(b"0" * 10_000_000)])
    def test_roots_that_are_none(self, tmp_path: Path, whole: bytes, state: Any, bomb: bytes) -> None:
        place = tmp_path / "roots.pem"
        place.write_bytes(bomb)
        assert {one.state for one in verify(desk_of(state, whole).save(tmp_path), str(place))} == {
            "valid_unknown_issuer"
        }


class TestRole:
    def test_an_office_issues_a_paper(self, whole: bytes, tmp_path: Path, state: Any, roots: str) -> None:
        found = reading(desk_of(state, whole).save(tmp_path), roots)
        assert [(one.role, one.name) for one in found.signatures] == [
            ("initials", "Trần Thị Bình"), ("signer", "Nguyễn Văn An"), ("office", OFFICE), ("number",
             OFFICE), ("date", OFFICE),
        ]  # fmt: skip
        first = found.signatures[0]
        assert (first.organization, first.unit) == ("SỞ Y TẾ", "VĂN PHÒNG; PHÒNG NGHIỆP VỤ Y")
        assert all(one.page == 1 and len(one.boxes) == 1 for one in found.signatures)
        fields = found.fields
        assert fields.number is not None and (fields.number.value, fields.number.rule) == (
            "12/KH-SYT",
            "number.signed",
        )
        assert fields.date is not None and (fields.date.value, fields.date.review) == ("2024-03-05", False)

    @pytest.mark.parametrize(
        ("name", "box", "text", "role", "why"),
        [
            ("Signature1", NUMBER, "12", "number", "figures over the number line"),
            ("Signature1", DAY, "05", "date", "figures over the date line"),
            ("Signature1", SEAL, "", "office", "the seal in the signature's block"),
            ("Signature1", None, "", "office", "a signature that shows nowhere"),
            ("Signature1", MARGIN, "SAO Y; SO Y TE", "copy", "the frame of a copy"),
            ("VanThuChoSo1739843083859", None, "", "number", "software that names its fields"),
        ],
    )  # fmt: skip
    def test_of_an_office(
        self, state: Any, tmp_path: Path, name: str, box: Any, text: str, role: str, why: str
    ) -> None:
        found = reading(desk_of(state).sign(name, state.office, box, text=text).save(tmp_path))
        assert [one.role for one in found.signatures] == [role], why

    @pytest.mark.parametrize(
        ("who", "box", "role", "why"),
        [
            ("signer", SIGNER, "signer", "his printed name"),
            ("signer", None, "signer", "his printed name, though it shows nowhere"),
            ("drafter", INITIALS, "initials", "another's small mark beside the text"),
            ("drafter", SIGNER, "signer", "another's certificate where the signer's is due"),
        ],
    )
    def test_of_a_person(self, state: Any, tmp_path: Path, who: str, box: Any, role: str, why: str) -> None:
        found = reading(desk_of(state).sign("Signature1", getattr(state, who), box).save(tmp_path))
        assert [one.role for one in found.signatures] == [role], why

    @pytest.mark.parametrize(
        ("name", "organization", "person"),
        [
            ("Nguyễn Văn An", "SỞ Y TẾ", True), ("ĐOÀN THỊ MINH", "ĐẢNG ỦY XÃ", True), ("Uỷ ban nhân dân",
             "Tỉnh Ninh Thuận", False),
            ("VĂN PHÒNG", "ỦY BAN NHÂN DÂN", False), ("Vụ Pháp chế", "Bộ Tư pháp", False), ("Vũ Pháp",
             "Bộ Tư pháp", True),
            ("Bộ Tư pháp", "Bộ Tư pháp", False), ("CÔNG TY TNHH 1 THÀNH VIÊN", "", False), ("", "", False),
        ],
    )  # fmt: skip
    def test_persons_and_offices(self, name: str, organization: str, person: bool) -> None:
        assert is_person(name, organization) is person

    def test_spelling_has_no_capitals_and_no_place_of_the_tone(self) -> None:
        assert spelled("UỶ BAN  Hoà") == spelled("Ủy ban hòa") != spelled("Ủy ban hóa")


class TestSentence:
    @pytest.mark.parametrize(
        ("signature", "text"),
        [
            (Signature("valid_unknown_issuer", "signer", "Nguyễn Đăng Bình", "ỦY BAN NHÂN DÂN TỈNH BẮC KẠN", None,
                       "2025-02-18T15:02:10+07:00", "timestamp"),
             "Chữ ký số của Nguyễn Đăng Bình (Ủy ban nhân dân tỉnh Bắc Kạn), ký lúc 18/02/2025 15:02: hợp lệ; "
             "chưa rõ đơn vị cấp chứng thư."),
            (Signature("valid", "office", "ỦY BAN NHÂN DÂN TỈNH BẮC KẠN", "ỦY BAN NHÂN DÂN TỈNH BẮC KẠN", None,
                       "2025-02-18T15:02:10+07:00", "claimed"),
             "Dấu cơ quan (ký số) của Ủy ban nhân dân tỉnh Bắc Kạn, ký lúc 18/02/2025 15:02 (giờ máy người ký): "
             "hợp lệ."),
            (Signature("valid_weak_algorithm", "number", "Sở Y tế"),
             "Số văn bản (ký số) của Sở Y tế: hợp lệ; ký bằng thuật toán cũ."),
            (Signature("changed_after", "date", "Sở Y tế", changes=("trang 1: nội dung trang bị sửa",)),
             "Ngày văn bản (ký số) của Sở Y tế: văn bản bị sửa sau khi ký (trang 1: nội dung trang bị sửa)."),
            (Signature("broken", None, changes=(UNREAD,)),
             "Chữ ký số: KHÔNG ĐÚNG (không đọc được dữ liệu của chữ ký)."),
        ],
    )  # fmt: skip
    def test_in_office_vietnamese(self, signature: Signature, text: str) -> None:
        assert sentence(signature) == text
        assert sentence(signature, "en") != text
