"""Cryptography of one signature (CMS, RFC 5652): digest, seal, time stamp (RFC 3161) and chain, offline.

Imports of pyHanko are in the functions: they take 0.6 s of CPU, and most files have no signature.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from ingest.signatures.certificates import CertificateHolder, holder_of

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

HANOI = timezone(timedelta(hours=7))
_WEAK_DIGESTS = frozenset(("md2", "md4", "md5", "sha1"))
_LEAST_RSA = 2048
"""Bits; Thông tư 39/2017/TT-BTTTT and QCVN 04 demand 2048 at least."""
_RSA_WITH_PARAMETERS = re.compile(rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x30[\x02-\x7f]\xa0")
"""rsaEncryption followed by a sequence, instead of NULL or nothing."""
_MOST_MODULUS, _MOST_EXPONENT = 8192, 1 << 33
_PREFIXES = {
    "sha1": "2b0e03021a", "sha256": "608648016503040201", "sha384": "608648016503040202",
    "sha512": "608648016503040203",
}  # fmt: skip
"""Object identifiers of digests (DER, without tag and length)."""


@dataclass(frozen=True, slots=True)
class CheckedSeal:
    """Result of checking one signature's cryptography.

    intact: the digest of the signed bytes agrees; sealed: the signature over it was made by the certificate's key;
    trusted: the certificate leads to a root that is trusted here, at the time of signing; weak: an old algorithm;
    lapsed: the time of signing is outside the certificate's own validity.
    """

    holder: CertificateHolder
    intact: bool
    sealed: bool
    trusted: bool
    weak: bool
    time: datetime | None
    time_source: Literal["timestamp", "claimed"] | None
    lapsed: bool = False


def seal_of(signature: EmbeddedPdfSignature, roots: Sequence[Certificate]) -> CheckedSeal:
    """Check one signature. Raises any exception that its bytes cause in a parser."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    _drop_rsa_parameters(signature)
    certificate = signature.signer_cert
    intact, sealed = validate_sig_integrity(
        signature.signer_info, certificate, "data", signature.compute_digest(), _validator()
    )
    stamped = _stamped_time(signature) if sealed else None
    time = stamped or _claimed_time(signature)
    others = signature.other_embedded_certs
    trusted = bool(roots) and _is_trusted(certificate, others, roots, time or datetime.now(HANOI))
    return CheckedSeal(
        holder_of(certificate), intact, sealed, trusted, _is_weak(signature, certificate), time,
        "timestamp" if stamped else "claimed" if time else None, _is_lapsed(certificate, time),
    )  # fmt: skip


def _drop_rsa_parameters(signature: EmbeddedPdfSignature) -> None:
    """Drop parameters that some signing software writes to rsaEncryption, which has none (RFC 8017, A.1).

    The name of the algorithm is outside the signed part, and the seal is checked with the corrected name.
    """
    from asn1crypto.algos import SignedDigestAlgorithm
    from asn1crypto.core import Null

    if _RSA_WITH_PARAMETERS.search(signature.pkcs7_content):
        signature.signer_info["signature_algorithm"] = SignedDigestAlgorithm(
            {"algorithm": "rsassa_pkcs1v15", "parameters": Null()}
        )


@cache
def _validator() -> Any:
    """pyHanko's check of a raw signature, which also accepts a DigestInfo without NULL parameters.

    Source: RFC 8017, 9.2, note 1.
    """
    from cryptography.exceptions import InvalidSignature
    from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

    class Tolerant(DefaultSignatureValidator):
        def validate_signature(self, signature, signed_data, public_key_info, signature_algorithm, context=None):  # type: ignore[no-untyped-def]
            given = () if context is None else (context,)
            try:
                super().validate_signature(signature, signed_data, public_key_info, signature_algorithm, *given)
            except InvalidSignature:
                name = context.contextual_md_algorithm if context is not None and not context.prehashed else None
                if not _is_bare(signature, signed_data, public_key_info, name or ""):
                    raise

    return Tolerant()


def _is_bare(signature: bytes, signed: bytes, key: Any, digest: str) -> bool:
    """True if an RSA signature (PKCS #1 v1.5) seals the digest of `signed` in a DigestInfo without NULL
    parameters.
    """
    import hashlib

    prefix = bytes.fromhex(_PREFIXES.get(digest, ""))
    if key.algorithm != "rsa" or not prefix:
        return False
    numbers = key["public_key"].parsed.native
    modulus, exponent = int(numbers["modulus"]), int(numbers["public_exponent"])
    size = (modulus.bit_length() + 7) // 8
    if modulus.bit_length() > _MOST_MODULUS or exponent > _MOST_EXPONENT or len(signature) != size:
        return False
    value = hashlib.new(digest, signed).digest()
    named = b"\x06" + bytes([len(prefix)]) + prefix
    name = b"\x30" + bytes([len(named)]) + named
    body = name + b"\x04" + bytes([len(value)]) + value
    info = b"\x30" + bytes([len(body)]) + body
    padded = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    return pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big") == padded


def _claimed_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """Time that the signer states: in the signed attributes, else in the PDF (`/M`)."""
    try:
        said = signature.self_reported_timestamp
    except (ValueError, TypeError, OverflowError):
        return None
    return _in_hanoi(said)


def _stamped_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """Time of the time stamp token over the signature, if the token is valid and belongs to this signature."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    for token in list(extract_tst_data_iter(signature.signer_info, signed=False))[:3]:
        try:
            time = _time_of(token, signature.signer_info["signature"].native)
        except Exception:  # noqa: S112 - a token is any bytes; the time is then the claimed one
            continue
        if time is not None:
            return time
    return None


def _time_of(token: Any, sealed: bytes) -> datetime | None:
    import hashlib

    from pyhanko.sign.general import extract_signer_info
    from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity

    content = token["encap_content_info"]["content"]
    info, signer = content.parsed, extract_signer_info(token)
    imprint = info["message_imprint"]
    if (
        hashlib.new(imprint["hash_algorithm"]["algorithm"].native, sealed).digest()
        != imprint["hashed_message"].native
    ):
        return None
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    certificate = extract_certs_for_validation(token).signer_cert
    intact, valid = validate_sig_integrity(signer, certificate, "tst_info", digest, _validator())
    return _in_hanoi(info["gen_time"].native) if intact and valid else None


def _in_hanoi(moment: datetime | None) -> datetime | None:
    """A moment in Việt Nam time, to the second; one without a zone is taken as Việt Nam time."""
    if moment is None:
        return None
    try:
        moved = moment.replace(tzinfo=HANOI) if moment.tzinfo is None else moment.astimezone(HANOI)
    except (ValueError, OverflowError):
        return None
    return moved.replace(microsecond=0)


def _is_trusted(
    certificate: Certificate, others: Sequence[Certificate], roots: Sequence[Certificate], moment: datetime
) -> bool:
    """True if the certificate leads to one of the roots at that moment; offline, by embedded evidence only."""
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms

    context = ValidationContext(
        trust_roots=list(roots),
        other_certs=list(others),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
        algorithm_usage_policy=AcceptAllAlgorithms(),
        signature_validator=_validator(),
    )
    validator = CertificateValidator(certificate, intermediate_certs=list(others), validation_context=context)
    try:
        asyncio.run(validator.async_validate_path())
    except Exception:
        # The wall: a foreign chain may be anything; it then leads to no root.
        return False
    return True


def _is_lapsed(certificate: Certificate, time: datetime | None) -> bool:
    return time is not None and not certificate.not_valid_before <= time <= certificate.not_valid_after


def _is_weak(signature: EmbeddedPdfSignature, certificate: Certificate) -> bool:
    """True if the digest is old or the RSA key short."""
    key = certificate.public_key
    return signature.md_algorithm in _WEAK_DIGESTS or (key.algorithm == "rsa" and int(key.bit_size) < _LEAST_RSA)
