"""A certificate authority of the State's shape, an office that signs with it, and papers for it to sign."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import keys
from asn1crypto import x509 as asn1
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.core import Null
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pikepdf import Dictionary
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.ingest.making import A4, _font

SIGNED_AT = datetime(2024, 3, 5, 8, 2, 0, tzinfo=UTC)
"""15:02 in Việt Nam."""
_FROM, _TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
LATER = datetime(2060, 1, 1, tzinfo=UTC)
"""Certificates of the papers have run out by now, as those of old papers have."""


@dataclass(frozen=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def asn1(self) -> asn1.Certificate:
        return asn1.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def secret(self) -> keys.PrivateKeyInfo:
        der = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return keys.PrivateKeyInfo.load(der)


class Authority:
    """Root, issuing authority and time stamp authority; `person` and `office` issue certificates."""

    def __init__(self) -> None:
        self.root = self._issue(
            [(NameOID.COMMON_NAME, "Co quan chung thuc so goc")], None, authority=True, until=LATER
        )
        self.issuing = self._issue(
            [(NameOID.COMMON_NAME, "CA phục vụ các cơ quan G2")], self.root, authority=True, until=LATER
        )
        self.clock = self._issue([(NameOID.COMMON_NAME, "TSA")], self.issuing, clock=True, key=self.issuing.key)

    def person(
        self, name: str, organization: str, *units: str, bits: int = 2048, until: datetime = _TO
    ) -> Identity:
        parts = [(NameOID.COMMON_NAME, name), *((NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units)]
        return self._issue(
            [*parts, (NameOID.ORGANIZATION_NAME, organization)], self.issuing, bits=bits, until=until
        )

    office = person

    def pem(self) -> bytes:
        return self.root.certificate.public_bytes(serialization.Encoding.PEM)

    def _issue(
        self, parts: list[tuple[x509.ObjectIdentifier, str]], issuer: Identity | None, *, authority: bool = False,
        clock: bool = False, bits: int = 2048, key: rsa.RSAPrivateKey | None = None, until: datetime = _TO,
    ) -> Identity:  # fmt: skip
        key = key or rsa.generate_private_key(65537, bits)
        subject = x509.Name([x509.NameAttribute(kind, text, _validate=False) for kind, text in parts])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_FROM)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(_usage(authority), critical=True)
        )
        if clock:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
            )
        return Identity(builder.sign((issuer.key if issuer else key), hashes.SHA256()), key)


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip


@dataclass
class Desk:
    """Signs a paper step by step, each signature a revision of its own."""

    authority: Authority
    data: bytes
    steps: list[str] = field(default_factory=list)

    def sign(
        self, name: str, who: Identity, box: tuple[int, int, int, int] | None, *, text: str = "", page: int = 0,
        digest: str = "sha256", cades: bool = False, stamped: bool = True, at: datetime = SIGNED_AT,
    ) -> Desk:  # fmt: skip
        """A signature in a new field; `text` is what its appearance writes, as the clerk's software does with a
        number.
        """
        meta = signers.PdfSignatureMetadata(
            field_name=name,
            md_algorithm=digest,
            subfilter=fields.SigSeedSubFilter.PADES if cades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        )
        chain = SimpleCertificateStore()
        chain.register_multiple([self.authority.issuing.asn1, self.authority.root.asn1])
        signer = signers.SimpleSigner(
            signing_cert=who.asn1, signing_key=who.secret, cert_registry=chain, signature_mechanism=PLAIN_RSA
        )
        clock = self.authority.clock
        stamper = DummyTimeStamper(clock.asn1, clock.secret, chain, fixed_dt=at, include_nonce=False)
        spec = fields.SigFieldSpec(name, on_page=page, box=box or (0, 0, 0, 0))
        style = TextStampStyle(stamp_text=text or " ", border_width=0) if box else None
        made = signers.PdfSigner(
            meta, signer, timestamper=stamper if stamped else None, stamp_style=style, new_field_spec=spec
        )
        out = io.BytesIO()
        made.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(self.data)), output=out)
        self.data = out.getvalue()
        self.steps.append(name)
        return self

    def revise(self, change: Any) -> Desk:
        """A later revision that is no signature: `change` gets pyHanko's writer."""
        writer = IncrementalPdfFileWriter(io.BytesIO(self.data))
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        self.data = out.getvalue()
        return self

    def flip(self, inside: bytes, by: int = 0) -> Desk:
        """The paper with one byte changed where the last occurrence of some bytes is."""
        at = self.data.rindex(inside) + by
        self.data = self.data[:at] + bytes([self.data[at] ^ 1]) + self.data[at + 1 :]
        return self

    def save(self, folder: Path, name: str = "ky.pdf") -> Path:
        path = folder / name
        path.write_bytes(self.data)
        return path


PLAIN_RSA = SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15", "parameters": Null()})
"""How the State's signing software names its algorithm: rsaEncryption, the digest apart."""
NUMBER, DAY = (94, 745, 124, 765), (392, 745, 412, 765)
SIGNER, SEAL, INITIALS, MARGIN = (
    (360, 330, 500, 380),
    (330, 325, 430, 395),
    (330, 420, 360, 435),
    (400, 800, 590, 835),
)
"""Places of the fields on a paper of `paper`: over the blanks of number and day, in the signature's block,
beside the text.
"""

LINES = (
    (100, 790, "SỞ Y TẾ"), (300, 790, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (330, 775, "Độc lập - Tự do - Hạnh phúc"),
    (80, 750, "Số:"), (116, 750, "/KH-SYT"), (290, 750, "Hà Long An, ngày"), (415, 750, "tháng 3 năm 2024"),
    (270, 700, "KẾ HOẠCH"), (150, 680, "Kiểm tra công tác khám bệnh, chữa bệnh năm 2024"),
    (80, 640, "Thực hiện Quyết định số 34/QĐ-UBND ngày 02/01/2024 của Ủy ban nhân dân tỉnh,"),
    (80, 620, "Sở Y tế xây dựng kế hoạch kiểm tra các đơn vị trực thuộc trên địa bàn như sau:"),
    (80, 600, "1. Mục đích: nâng cao chất lượng khám bệnh, chữa bệnh cho nhân dân trong tỉnh."),
    (80, 400, "Nơi nhận:"), (80, 385, "- Như trên;"), (80, 370, "- Lưu: VT, NVY."),
    (390, 400, "GIÁM ĐỐC"), (370, 310, "Nguyễn Văn An"),
)  # fmt: skip
"""What a paper prints, with blanks for its number and day: x, y in points, text."""


def paper(lines: tuple[tuple[int, int, str], ...] = LINES, pages: int = 1) -> bytes:
    """A born-digital paper before it is signed."""
    pdf = pikepdf.new()
    letters = sorted({letter for _, _, text in lines for letter in text} - {" "})
    face = _font(pdf, letters)
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=A4)
        page.Resources = Dictionary(Font=Dictionary(F1=face))
        page.Contents = pdf.make_stream("\n".join(_drawn(line, letters) for line in lines).encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def _drawn(line: tuple[int, int, str], letters: list[str]) -> str:
    x, y, text = line
    codes = bytes(32 if letter == " " else 33 + letters.index(letter) for letter in text).hex()
    return f"BT /F1 10 Tf 80 Tz {x} {y} Td <{codes}> Tj ET"
