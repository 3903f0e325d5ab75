"""Verification of every signature of one PDF: bounded, offline, and always with a result."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf

from corpus.document import SignatureState
from ingest.sandbox.child import Overdue, patience
from ingest.signatures import cms, places, revisions
from ingest.signatures.certificates import CertificateHolder, roots_in
from ingest.signatures.places import Place

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

MOST = 50
"""Signatures of one file that are verified; papers have 1 to 11 (measured on 73 signed papers)."""
_SECONDS = 60.0
"""CPU time for one file; five signatures take 0.5."""
_LARGEST = 400 << 20
"""Bytes that are hashed to compare revisions with each other."""
_HEADER = b"%PDF-"
UNREAD = "không đọc được dữ liệu của chữ ký"
LATE = "chưa kiểm tra được: quá thời gian cho phép"
BEYOND = "chưa kiểm tra: tệp có quá nhiều chữ ký"
ALTERED = "nội dung đã ký bị sửa: mã băm không khớp"
FORGED = "chữ ký không phải do chứng thư này tạo ra"
UNCOVERED = "chữ ký không phủ liền mạch phần trước của tệp"
LAPSED = "chứng thư chưa có hoặc đã hết hiệu lực lúc ký"
UNSURE = "có sửa đổi sau khi ký, không rõ ở đâu"


@dataclass(frozen=True, slots=True)
class Verified:
    """One signature of a file: place, holder, and the state of the part it covers. `seal` is None if
    unreadable.
    """

    place: Place
    state: SignatureState
    seal: cms.CheckedSeal | None = None
    covers_whole: bool = False
    changes: tuple[str, ...] = ()
    end: int = 0
    """Bytes of the file up to the end of the part it covers: the order in which signatures were made."""

    @property
    def holder(self) -> CertificateHolder:
        return self.seal.holder if self.seal else CertificateHolder("")


def has_signatures(data: bytes) -> bool:
    """True if a PDF may have a signature: cheap, and never False for a signed one.

    Signature dictionaries contain `/ByteRange`, which is in no compressed object (their contents are written
    last).
    """
    return b"/ByteRange" in data


def verify(path: Path, roots: str = "") -> tuple[Verified, ...]:
    """Signatures of a PDF in the order of its form; empty without one. Total: an unreadable one is `broken`.

    roots: file or folder of the trusted root certificates; empty: every issuer is unknown.
    """
    data = _whole(path)
    if not has_signatures(data):
        return ()
    done: list[Verified] = []
    found: tuple[Place, ...] = ()
    try:
        with patience(_SECONDS):
            found = _places(path, data)
            for one in _Verifier(data, roots_in(roots)).each(found[:MOST]):
                done.append(one)  # noqa: PERF402 - what is done counts when the time is over
    except Overdue:
        done += [Verified(place, "broken", changes=(LATE,)) for place in found[len(done) : MOST]]
    done += [Verified(place, "broken", changes=(BEYOND,)) for place in found[MOST : 2 * MOST]]
    return tuple(done)


def _whole(path: Path) -> bytes:
    """The file from its header on: bytes that a gateway put before it don't belong to it."""
    data = path.read_bytes()
    start = data[:1024].find(_HEADER)
    return data[start:] if start > 0 else data


def _places(path: Path, data: bytes) -> tuple[Place, ...]:
    try:
        return places.places_of(path, data)
    except Exception:
        # The wall: foreign objects may be anything. There is a signature; nobody can know which.
        return (Place(""),)


@dataclass(slots=True)
class _Verifier:
    """Bytes of one file and the results derived from them."""

    data: bytes
    roots: Sequence[Certificate]
    now: revisions.Drawn | None = None
    spent: int = 0

    def each(self, found: Sequence[Place]) -> Iterator[Verified]:
        logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
        logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
        fields = self._fields() if found else {}
        for place in found:
            try:
                yield self._one(place, fields[place.field])
            except Exception:
                # The wall: a signature may be any bytes, and parsers raise anything.
                yield Verified(place, "broken", changes=(UNREAD,))

    def _fields(self) -> dict[str, Any]:
        """Field name → field, as pyHanko reads the file; empty if it can't."""
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.fields import enumerate_sig_fields

        try:
            reader = PdfFileReader(io.BytesIO(self.data), strict=False)
            if reader.encrypted:
                reader.decrypt(b"")
            return {name: (reader, field) for name, _, field in enumerate_sig_fields(reader, filled_status=True)}
        except Exception:
            return {}

    def _one(self, place: Place, read: tuple[Any, Any]) -> Verified:
        from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
        from pyhanko.sign.validation.status import SignatureCoverageLevel

        reader, field = read
        signature = EmbeddedPdfSignature(reader, field, place.field)
        seal = cms.seal_of(signature, self.roots)
        signature.compute_integrity_info(skip_diff=True)  # type: ignore[no-untyped-call]
        whole = signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
        found = Verified(
            place, "valid", seal, whole, end=int(signature.byte_range[2]) + int(signature.byte_range[3])
        )
        unclear = signature.coverage == SignatureCoverageLevel.UNCLEAR
        if why := _fault(seal, unclear):
            return replace(found, state="broken", changes=(why,))
        changes = revisions.Changes() if whole else self._changes(signature, found.end)
        state: SignatureState = "changed_after" if changes.altered else sound_state(seal)
        lapsed = (LAPSED,) if seal.lapsed else ()
        return replace(found, state=state, changes=(*changes.altered, *lapsed, *changes.added))

    def _changes(self, signature: Any, end: int) -> revisions.Changes:
        """Visible differences since this signature was made.

        What is drawn decides. pyHanko's analysis of the objects is used where that can't be compared: by itself it
        objects to 5 of 18 genuine papers (measured), since signing software also frees objects and rewrites the
        catalogue.
        """
        compared = self._compare(end)
        if compared is not None and not compared.partial:
            return compared
        if self._suspects(signature):
            known = compared or revisions.Changes()
            return replace(known, altered=known.altered or (UNSURE,))
        return compared or revisions.Changes()

    def _suspects(self, signature: Any) -> bool:
        from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult

        try:
            return not isinstance(signature.evaluate_modifications(DEFAULT_DIFF_POLICY), DiffResult)
        except Exception:
            return True

    def _compare(self, end: int) -> revisions.Changes | None:
        """Compare the revisions by what they draw; None if one can't be read, or they are too large to hash."""
        self.spent += end
        if self.spent > _LARGEST:
            return None
        try:
            if self.now is None:
                self.now = revisions.drawn_in(self.data)
            return revisions.changes_between(revisions.drawn_in(self.data[:end]), self.now)
        except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError, RuntimeError):
            return None


def _fault(seal: cms.CheckedSeal, unclear: bool) -> str | None:
    """Reason why a signature is broken; None if it is not."""
    if not seal.sealed:
        return FORGED
    if not seal.intact:
        return ALTERED
    return UNCOVERED if unclear else None


def sound_state(seal: cms.CheckedSeal) -> SignatureState:
    """State of a signature whose content is unchanged."""
    if seal.weak:
        return "valid_weak_algorithm"
    return "valid" if seal.trusted else "valid_unknown_issuer"
