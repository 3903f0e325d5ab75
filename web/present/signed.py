"""Digital signatures as people read them: one plain sentence each, and its mark on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corpus.authority import bodies
from corpus.document import Signature
from corpus.errors import Language
from corpus.json_shapes import Json, boxes_to_json, signature_from_json
from ingest.signatures.verify import LAPSED

ROLES = {
    "signer": ("Chữ ký số", "Signature"), "office": ("Dấu cơ quan (ký số)", "Seal of the office"),
    "number": ("Số văn bản (ký số)", "Number, signed"), "date": ("Ngày văn bản (ký số)", "Day, signed"),
    "initials": ("Ký nháy (ký số)", "Initials"), "copy": ("Ký số bản sao", "Copy, signed"),
    None: ("Chữ ký số", "Signature"),
}  # fmt: skip
STATES = {
    "valid": ("hợp lệ", "valid"),
    "valid_unknown_issuer": ("hợp lệ; chưa rõ đơn vị cấp chứng thư",
    "valid; who issued the certificate is not known here"),
    "valid_weak_algorithm": ("hợp lệ; ký bằng thuật toán cũ", "valid; made with an old algorithm"),
    "changed_after": ("văn bản bị sửa sau khi ký", "the paper was changed after it"),
    "broken": ("KHÔNG ĐÚNG", "DOES NOT HOLD"),
}  # fmt: skip
SPOILED = ("changed_after", "broken")
"""States of a signature that spoil a document."""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature on a page of the site: the name of its mark, the sentence, the state for its colour,
    the page it is on.
    """

    mark: str
    text: str
    state: str
    page: int | None


def lines(signatures: Sequence[Json] | None, language: Language = "vi") -> list[SignatureLine]:
    """The signatures of a document as its row keeps them, in the order in which they were made."""
    kept = [signature_from_json(one) for one in signatures or ()]
    return [
        SignatureLine(f"sign-{at}", sentence(one, language), one.state, one.page) for at, one in enumerate(kept)
    ]


def marks(signatures: Sequence[Json] | None) -> list[tuple[str, int, list[Any]]]:
    """Name, page and boxes of each signature that shows on a page."""
    kept = [signature_from_json(one) for one in signatures or ()]
    return [
        (f"sign-{at}", one.page, boxes_to_json(one.boxes)) for at, one in enumerate(kept) if one.page and one.boxes
    ]


def sentence(one: Signature, language: Language = "vi") -> str:
    """`Chữ ký số của Nguyễn Đăng Bình (Ủy ban nhân dân tỉnh Bắc Kạn), ký lúc 18/02/2025 15:02: hợp lệ; …`"""
    column = 0 if language == "vi" else 1
    by, at = (" của ", ", ký lúc ") if language == "vi" else (" of ", ", made at ")
    who = f"{by}{_who(one)}" if one.name else ""
    when = f"{at}{_clock(one, language)}" if one.time else ""
    told = one.changes if one.state in SPOILED else tuple(change for change in one.changes if change == LAPSED)
    why = f" ({'; '.join(told)})" if told else ""
    return f"{ROLES[one.role][column]}{who}{when}: {STATES[one.state][column]}{why}."


def _who(one: Signature) -> str:
    above = [
        bodies.tidy(part)
        for part in (one.unit, one.organization)
        if part and part.casefold() != one.name.casefold()
    ]
    name = bodies.tidy(one.name) if one.name.isupper() else one.name
    return f"{name} ({', '.join(above)})" if above else name


def _clock(one: Signature, language: Language) -> str:
    said = datetime.fromisoformat(one.time or "").strftime("%d/%m/%Y %H:%M")
    claimed = " (giờ máy người ký)" if language == "vi" else " (the signer's clock)"
    return said if one.time_source == "timestamp" else said + claimed


def state_words(state: str) -> str:
    """A state in words, in Vietnamese."""
    return STATES[state][0] if state in STATES else "không có chữ ký số"


def worst(signatures: Iterable[Signature]) -> str:
    """The state of a whole paper: that of its worst signature, `none` without any."""
    states = {one.state for one in signatures}
    return next((state for state in reversed(STATES) if state in states), "none")
