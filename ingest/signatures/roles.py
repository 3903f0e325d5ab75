"""Roles of a paper's signatures: signer (a person or the office), place on the paper, drawn text, order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.document import Fields, Signature, SignatureRole
from corpus.numbering.number import parse
from corpus.vietnamese.fold import fold
from ingest.imaging.page_view import PageMap
from ingest.signatures.certificates import spelled
from ingest.signatures.places import Place, turned
from ingest.signatures.verify import Verified
from ingest.text.document_text import Text
from ingest.text.rows import Row

_COPY = re.compile(r"\b(?:sao y|sao luc|trich sao|ban sao)\b")
_FIELDS: tuple[tuple[re.Pattern[str], SignatureRole], ...] = (
    (re.compile(r"vanthuchoso|chosovanban"), "number"),
    (re.compile(r"vanthuchongay|chongay"), "date"),
    (re.compile(r"condau"), "office"),
    (re.compile(r"nguoiky"), "signer"),
    (re.compile(r"kynhay"), "initials"),
    (re.compile(r"saoy"), "copy"),
)
"""Names that signing software gives its fields (VanThuChoSo…, ConDauCoQuan…, NguoiKyPhatHanh…)."""
_MARGIN = 0.13
"""Share of the first page's height, at its top or foot, for the frame of a copy.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục III.
"""
_COVERED, _SAME_LINE = 0.5, 0.4
"""Least share of a field's figures covered by a later field; least common height of figures and row, as a share
of the lower one's.
"""
_BLOCK_UP, _BLOCK_DOWN = 0.06, 0.04
"""Shares of the page's height by which the block of the signature extends above its first and below its last
row.
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """Evidence for roles: rows of number, date and signature, the record, and the scanned pages."""

    number: Row | None
    date: Row | None
    signature: tuple[Row, ...]
    fields: Fields
    scanned: frozenset[int]
    turns: dict[int, int]
    places: Mapping[int, PageMap] = field(default_factory=dict)
    """Map of each cropped or levelled page to the file's page."""

    @classmethod
    def of(
        cls,
        text: Text,
        number: Row | None,
        date: Row | None,
        signature: tuple[Row, ...],
        fields: Fields,
        places: Mapping[int, PageMap],
    ) -> Paper:
        scanned = frozenset(page.number for page in text.pages if page.origin == "ocr")
        turns = {page.number: page.rotation for page in text.pages}
        return cls(number, date, signature, fields, scanned, turns, places)

    @property
    def is_scan(self) -> bool:
        return 1 in self.scanned


@dataclass(frozen=True, slots=True)
class RoledSignature:
    """A signature with its verification; `in_block` is True if it is in the block of the signature."""

    signature: Signature
    verified: Verified
    in_block: bool = False

    @property
    def person(self) -> bool:
        return self.verified.holder.person


def with_roles(found: Sequence[Verified], paper: Paper) -> tuple[RoledSignature, ...]:
    """Signatures in the order of signing, each with its role; one covered by a later field is marked as
    changed.
    """
    ordered = [_on_page(one, paper) for one in sorted(found, key=lambda one: one.end or 1 << 62)]
    signer = _signer(ordered, paper)
    signed = [_with_role(one, _role(one, paper, one is signer), paper) for one in ordered]
    return tuple(_mark_covered(one, signed[index + 1 :]) for index, one in enumerate(signed))


def _on_page(one: Verified, paper: Paper) -> Verified:
    """The signature with its boxes mapped to the page as it was read (turned, cropped, levelled)."""
    degrees, place = paper.turns.get(one.place.page or 0, 0), paper.places.get(one.place.page or 0)
    if not degrees and place is None:
        return one
    box, ink = (
        None if box is None else turned(box, degrees) if place is None else place.from_source(box)
        for box in (one.place.box, one.place.ink)
    )
    return replace(one, place=replace(one.place, box=box, ink=ink))


def _with_role(one: Verified, role: SignatureRole | None, paper: Paper) -> RoledSignature:
    place, seal, holder = one.place, one.seal, one.holder
    shown = place.ink if role in ("number", "date") and place.ink else place.box
    signature = Signature(
        state=one.state,
        role=role,
        name=holder.name,
        organization=holder.organization,
        unit="; ".join(holder.units) or None,
        time=seal.time.isoformat() if seal and seal.time else None,
        time_source=seal.time_source if seal else None,
        covers_whole=one.covers_whole,
        changes=one.changes,
        page=place.page,
        boxes=(shown,) if shown else (),
    )
    return RoledSignature(signature, one, _in_block(place, paper))


def _role(one: Verified, paper: Paper, signs: bool) -> SignatureRole | None:
    place = one.place
    if _COPY.search(fold(place.frame)):
        return "copy"
    if (named := _by_field(place.field)) is not None:
        return named
    if (written := _role_by_figures(place, paper)) is not None:
        return written
    if one.seal is None:
        return None
    if one.holder.person:
        return "signer" if signs else "initials"
    return "copy" if paper.is_scan and _in_margin(place) else "office"


def _by_field(name: str) -> SignatureRole | None:
    bare = re.sub(r"[\W_\d]", "", fold(name))
    return next((role for pattern, role in _FIELDS if pattern.search(bare)), None)


def _role_by_figures(place: Place, paper: Paper) -> SignatureRole | None:
    """Number or date, by the line that the field's figures are on, else by their values."""
    figures = re.findall(r"\d+", place.text)
    if not figures or place.ink is None:
        return None
    if _on_row(place, paper.number) and (not _on_row(place, paper.date) or place.ink.right < 0.5):
        return "number"
    if _on_row(place, paper.date):
        return "date"
    number = parse(paper.fields.number.value) if paper.fields.number else None
    if number is not None and number.ordinal_text.lstrip("0") == figures[0].lstrip("0"):
        return "number"
    day = paper.fields.date.value[5:].split("-") if paper.fields.date else []
    if figures[0].zfill(2) in day or len(figures) > 1:
        return "date"
    return "number" if place.page == 1 and place.ink.right < 0.5 else None


def _on_row(place: Place, row: Row | None) -> bool:
    ink = place.ink
    if row is None or row.box is None or ink is None or row.page != place.page:
        return False
    return ink.shared_width(row.box) > 0 and ink.same_line(row.box, _SAME_LINE)


def _in_margin(place: Place) -> bool:
    """True if the frame is at the edge of the first page, or invisible: a scan has its own signature in ink."""
    if place.box is None:
        return True
    middle = place.box.middle[1]
    return place.page == 1 and (middle < _MARGIN or middle > 1 - _MARGIN)


def _in_block(place: Place, paper: Paper) -> bool:
    """True if the field overlaps the block of the signature (ô 7a, 7b)."""
    boxes = [row.box for row in paper.signature if row.box and row.page == place.page]
    if place.box is None or not boxes:
        return False
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top = min(box.top for box in boxes) - _BLOCK_UP
    bottom = max(box.bottom for box in boxes) + _BLOCK_DOWN
    box = place.box
    across, down = box.middle
    return left - 0.05 < across < right + 0.05 and top < down < bottom


def _signer(ordered: Sequence[Verified], paper: Paper) -> Verified | None:
    """Signature of the person who signs: by the printed name, else the last person's in the signature's block.

    Initials (ký nháy) are given before it, and are small frames next to the text.
    """
    persons = [one for one in ordered if one.holder.person and not one.place.text]
    printed = paper.fields.signer.name
    same = [one for one in persons if printed and fold(one.holder.name) == fold(printed.value)]
    if same:
        return same[-1]
    near = [one for one in persons if printed and is_like(one.holder.name, printed.value)]
    placed = [one for one in persons if _in_block(one.place, paper) and _is_wide(one.place)]
    if near or placed:
        return (near or placed)[-1]
    bare = [one for one in persons if one.place.box is None or _is_wide(one.place)]
    return bare[-1] if bare and (printed is None or printed.review) else None


def _is_wide(place: Place) -> bool:
    return place.box is not None and place.box.width >= 0.12


def is_like(name: str, printed: str) -> bool:
    """True if OCR may have read one as the other: one letter in eight differs, marks and capitals aside."""
    from rapidfuzz import fuzz

    return fuzz.ratio(fold(name), fold(printed)) >= 87 or spelled(name) == spelled(printed)


def _mark_covered(one: RoledSignature, later: Iterable[RoledSignature]) -> RoledSignature:
    """The signature of a number or day, marked as changed if a later field is drawn over it."""
    ink = one.verified.place.ink
    if one.signature.role not in ("number", "date") or ink is None or one.signature.state == "broken":
        return one
    page = one.signature.page
    over = [other.verified.place for other in later if other.signature.page == page]
    if not any((drawn := place.ink or place.box) and drawn.covers(ink, _COVERED) for place in over):
        return one
    sentence = f"trang {page}: một ô ký sau che lên ô này"
    changed = replace(one.signature, state="changed_after", changes=(sentence, *one.signature.changes))
    return replace(one, signature=changed)
