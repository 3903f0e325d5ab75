"""What stands between the head and the body: type and subject (ô 5a), or `V/v` (ô 5b), and `Kính gửi` (ô 9a)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from corpus.doctypes import doc_types
from corpus.document import Box
from corpus.fold import fold
from ingest.letterhead import Letterhead, is_part
from ingest.rows import Row, same_height

_VV = re.compile(r"^\W{0,3}[vy]\s?[/il|.,]\s?[vy]\b[\s.:,/_-]*|^\W{0,3}[vy]/\s?[vy]?\s")
_DAMAGED_VV = re.compile(r"^\W{0,3}[vmy][^\s\w]{1,2}\w?\W{0,2}\s")
"""`V/v` with one of its letters misread: `V/w`, `.-M/.`."""
_ABOUT = re.compile(r"^\W{0,3}ve\s?viec\b")
_TO = re.compile(r"(?:^|\s)\W{0,3}[kt][il][nm]h\s?g[uư][ir1l]\b\s?[:;.]?|\bkinh gui\b\s?[:;.]?")
_BODY = re.compile(
    r"^\W*(?:can cu|dieu \d|noi nhan|kinh gui|i\s?[.)/]|phan (?:i|1|thu nhat)\b|a\s?[.)]|1\s?[.)]\s?\w|xet |theo de nghi|\(?kem theo|\(?ban hanh kem)"
)
_OPENS = re.compile(r"^\W*(?:can cu|thuc hien|xet|theo|nham|de |ngay |de co|trong |sau khi|so |uy ban|duoc su)")
_BULLET = re.compile(r"^[\s._,'`“\"*•·:;]{0,4}[-–—~+»=]+\s?")
_CALLED = re.compile(r"^\W*\(?(?:sau day|duoi day)\s")
_ACTING = re.compile(
    r"^\W*(?:pho )?(?:giam doc|chu tich|thu truong|uy ban nhan dan|uy ban thuong vu quoc hoi|hoi dong nhan dan|bo truong|truong ban|chanh|hieu truong|cuc truong|thu tuong|quoc hoi|chinh phu)\b"
)
_WHOSE = re.compile(r"^\W*cua ")
"""A Party paper names the body under the type: `CHỈ THỊ` / `CỦA BAN THƯỜNG VỤ TỈNH ỦY`."""
_RECEIVED = re.compile(r"\bcong van de|\bvan ban de|\bcv de")
_SENTENCE_END = re.compile(r"[.;:]\s*$")
_SAYS = re.compile(r"[^\W_]")
_LEAST_LIKENESS = 84.0
_MOST_LINES = 8
_FEW_LETTERS, _DOUBTED = 7, 0.45
_SHORT, _BESIDE = 0.25, 0.15
"""A stamp's words are this short and their middle this far from the type's, of the width."""
_ASKEW = 0.04
"""A line whose middle is this far from the type's is not centred under it, of the width."""
_MARGIN, _INDENT = 0.84, 0.02
"""A full line ends beyond the first, and a paragraph's first line is set in by the second at least; of the width."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Rows and spans: `kind` is the type's row (`KẾ HOẠCH`) with its name in `doc_type`; `subject` starts at
    `subject_start` in the text where its first row holds the type or `V/v` too; `last` is the index of the last row.
    """

    kind: Row | None = None
    doc_type: str | None = None
    sure: bool = True
    letter: bool = False
    """A công văn's `V/v` stands where its subject would."""
    subject: tuple[Row, ...] = ()
    subject_start: int = 0
    to: Row | None = None
    to_start: int = 0
    addressees: tuple[Row, ...] = ()
    last: int = -1


def heading_of(rows: Sequence[Row], head: Letterhead) -> Heading:
    """Type, subject and addressees of the document whose head is `head`."""
    page = rows[0].page if rows else 1
    below = [row for row in rows if row.page == page and _below(row, head)]
    kind, name, sure, subject_start = _kind(below)
    about = _about_rows(below, head) if kind is None else ()
    subject = about or (_subject_rows(below, kind, subject_start) if kind else ())
    to, to_start, addressees = _addressee_rows(below)
    if to is None and about:
        to, to_start, addressees = _unlabelled(below, about[-1])
    if to is not None and kind is not None and to.index < kind.index:
        to, to_start, addressees = None, 0, ()
    subject = tuple(row for row in subject if to is None or row.index < to.index or about)
    if about:
        subject_start = about[0].start + _said(about[0])
    last = max((row.index for row in (*subject, *addressees, *filter(None, (kind, to)))), default=head.last)
    return Heading(kind, name, sure, bool(about), subject, subject_start, to, to_start, addressees, last)


def _below(row: Row, head: Letterhead) -> bool:
    if row.box is None:
        return row.index > head.last
    return (
        row.box.top > head.bottom - 0.012
        and row.box.top < 0.62
        and not is_part(row, head.number)
        and not is_part(row, head.date)
    )


@cache
def _folded_types() -> tuple[tuple[str, str], ...]:
    """Folded type names with the names, longest first."""
    return tuple(sorted(((fold(name), name) for name in doc_types()), key=lambda pair: -len(pair[0])))


def _kind(below: Sequence[Row]) -> tuple[Row | None, str | None, bool, int]:
    """The type's row, the type, whether its letters were all read, and where the text behind it begins."""
    for row in below:
        if _BODY.match(row.folded) or (row.box and row.box.top > 0.5):
            break
        if row.box is not None and not 0.3 < row.middle < 0.72:
            continue
        if (found := _type_in(row)) is not None:
            return row, *found
    return None, None, True, 0


def _type_in(row: Row) -> tuple[str, bool, int] | None:
    """The type that a row of capitals is or begins with."""
    lead = len(row.text) - len(row.text.lstrip(" -–—_.,;:'\"“”‘’`~|*^"))
    text, folded = row.text[lead:], row.folded[lead:]
    for key, name in _folded_types():
        if folded.startswith(key) and text[: len(key)].isupper() and not folded[len(key) : len(key) + 1].isalpha():
            behind = row.start + lead + len(key)
            rest = text[len(key) :].strip(" :.-_")
            if not rest or rest.isupper() or rest[:1].isupper() or len(rest) > 8:
                return name, True, behind
    return _type_near(row, text, folded)


def _type_near(row: Row, text: str, folded: str) -> tuple[str, bool, int] | None:
    """A short row of capitals that OCR left a letter or two away from a type."""
    from rapidfuzz import fuzz

    bare = re.sub(r"[^a-z ]", "", folded).strip()
    if row.capitals < 0.75 or not 5 <= len(bare) <= 24:
        return None
    scored = sorted(((fuzz.ratio(bare, key), name) for key, name in _folded_types()), reverse=True)
    if scored[0][0] < _LEAST_LIKENESS or scored[0][0] - scored[1][0] < 4:
        return None
    return scored[0][1], False, row.end


def _subject_rows(below: Sequence[Row], kind: Row, start: int) -> tuple[Row, ...]:
    """The rows under the type down to the first wide gap, the acting body in capitals, or the body's first words."""
    taken: list[Row] = [kind] if kind.end - start > 3 else []
    before = kind
    under = _under(below, kind)
    for at, row in enumerate(under):
        if taken and taken[-1] is not kind and _opens_paragraph(row, under[at + 1 :]):
            break
        if len(taken) >= _MOST_LINES or _ends_subject(row, before, taken, kind):
            break
        if row.box is None or 0.2 < row.middle < 0.8:
            if not _WHOSE.match(row.folded) or row.capitals < 0.9:
                taken.append(row)
            before = row
    return tuple(taken)


def _under(below: Sequence[Row], kind: Row) -> list[Row]:
    """The rows under the type that say something; one that a stamp put before it in reading order comes first."""
    if kind.box is None:
        return [row for row in below if row.index > kind.index and not _is_speck(row)]
    limit = kind.box.top + 0.4 * kind.height
    found = [row for row in below if row is not kind and row.box and row.box.top >= limit and not _is_speck(row)]
    found = [row for row in found if not _stands_aside(row, kind, found)]
    earlier = [row for row in found if row.index < kind.index and 0.3 < row.middle < 0.72]
    return [*earlier, *(row for row in found if row.index > kind.index)]


def _stands_aside(row: Row, kind: Row, others: Sequence[Row]) -> bool:
    """Whether a short row is a stamp's at the margin: not under the type, and nothing of its line is."""
    if row.box is None or row.box.right - row.box.left > _SHORT or abs(row.middle - kind.middle) < _BESIDE:
        return False
    if row.capitals < 0.9:
        return False
    return not any(same_height(row, other) for other in others if other is not row)


def is_lopsided(heading: Heading) -> bool:
    """Whether a line under the type is not centred as the type is: what stood at one end of it was not read."""
    kind = heading.kind
    if kind is None or kind.box is None:
        return False
    lines: list[Box] = []
    for row in heading.subject:
        if row.box is None or row is kind:
            continue
        if lines and row.box.top < lines[-1].bottom - 0.5 * kind.height:
            lines[-1] = lines[-1].union(row.box)
        else:
            lines.append(row.box)
    return any(abs((box.left + box.right) / 2 - kind.middle) > _ASKEW for box in lines)


def _is_speck(row: Row) -> bool:
    """Whether a row is what a stamp or the scanner left: fewer than two letters or figures, or few that OCR doubts."""
    return sum(char.isalnum() for char in row.text) < 2 or (
        len(row.text) <= _FEW_LETTERS and row.confidence < _DOUBTED and row.box is not None
    )


def _opens_paragraph(row: Row, after: Sequence[Row]) -> bool:
    """Whether a row is the first of a justified paragraph: indented, and as far to the right as the row under it.

    A subject's lines are centred, so one that begins further left also ends further right.
    """
    under = next((other for other in after if not _is_speck(other)), None)
    if row.box is None or under is None or under.box is None or row.box.right < _MARGIN:
        return False
    return under.box.left < row.box.left - _INDENT and abs(under.box.right - row.box.right) < _INDENT / 2


def _ends_subject(row: Row, before: Row, taken: list[Row], kind: Row) -> bool:
    if _BODY.match(row.folded) or _TO.match(row.folded):
        return True
    own = [other for other in taken if other is not kind]
    if own and row.capitals > 0.8 and before.capitals < 0.6 and len(row.text) > 6:
        return True
    if row.capitals > 0.9 and _ACTING.match(row.folded):
        return True
    if row.box is None or before.box is None:
        return bool(taken) and (row.loose or _SENTENCE_END.search(before.text) is not None or len(row.text) > 160)
    if same_height(row, before):
        return False
    gap = row.box.top - before.box.bottom
    if not own:
        return gap > 2.6 * before.height
    if gap > 1.15 * max(before.height, row.height) + 0.001:
        return True
    return bool(_OPENS.match(row.folded)) and row.box.right > 0.84 and gap > 0.6 * row.height


def _about_rows(below: Sequence[Row], head: Letterhead) -> tuple[Row, ...]:
    """A công văn's `V/v …` under its number, in the left half."""
    left = [row for row in below if row.box is None or (row.middle < 0.5 and row.box.left < 0.4)]
    first = next((row for row in left if _said(row) and not _far(row, head)), None)
    if first is None:
        return ()
    taken, before = [first], first
    pitch = 0.0
    for row in left:
        if row.index <= first.index or len(taken) >= _MOST_LINES:
            continue
        if (
            _TO.search(row.folded)
            or _BODY.match(row.folded)
            or _leaves_column(row, taken)
            or _is_stamped(row, taken)
        ):
            break
        if row.box and before.box:
            step = row.box.top - before.box.top
            if step > max(2.1 * before.height, 1.45 * pitch or 0.0, 0.026) or (
                row.capitals > 0.9 and step > 0.022
            ):
                break
            pitch = step
        elif row.loose:
            break
        taken.append(row)
        before = row
    return tuple(taken)


def _is_stamped(row: Row, taken: Sequence[Row]) -> bool:
    """Whether a row under a `V/v` is a stamp's: capitals with marks, or `CÔNG VĂN ĐẾN`, where it was small letters."""
    if _RECEIVED.search(row.folded) and row.text.upper() == row.text:
        return True
    if row.capitals < 0.9 or taken[0].capitals > 0.5:
        return False
    return any(not word.isascii() for word in row.text.replace("Đ", "D").split())


def _leaves_column(row: Row, taken: Sequence[Row]) -> bool:
    """Whether a row is wider than the narrow column of a `V/v`, as the body's first line is."""
    return row.box is not None and row.box.right > max(other.box.right for other in taken if other.box) + 0.12


def _far(row: Row, head: Letterhead) -> bool:
    if row.box is None:
        return row.index > head.last + 6
    return head.bottom > 0 and row.box.top > head.bottom + 0.09


def _said(row: Row) -> int:
    """Length of `V/v` or `Về việc` at the row's start; 0 when it has none."""
    found = _VV.match(row.folded) or _ABOUT.match(row.folded) or _DAMAGED_VV.match(row.folded)
    return found.end() if found else 0


def _unlabelled(below: Sequence[Row], about: Row) -> tuple[Row | None, int, tuple[Row, ...]]:
    """A letter's addressees under a stamp that hid `Kính gửi`: a bulleted list in the middle, above the body."""
    for at, row in enumerate(below):
        if row.box is None or about.box is None or row.box.top < about.box.bottom or row.box.top > 0.4:
            continue
        if _BULLET.match(row.text) and 0.28 < row.box.left < 0.5:
            return row, row.start, (row, *_listed(row, below, at, False, True))
        if row.box.left < 0.24 and row.box.right > 0.8:
            break
    return None, 0, ()


def _addressee_rows(below: Sequence[Row]) -> tuple[Row | None, int, tuple[Row, ...]]:
    """The row of `Kính gửi`, where its words end, and the rows of the addressees (it may be the first of them)."""
    for at, row in enumerate(below):
        found = _TO.search(row.folded)
        if found is None or found.start() > 14 or (row.box and row.box.left > 0.56):
            continue
        to_start = row.start + found.end()
        rest = row.text[found.end() :].strip(" :;.,-–—_")
        own = (row,) if sum(char.isalpha() for char in rest) > 2 else ()
        return (
            row,
            to_start,
            (
                *own,
                *_listed(
                    row, below, at, bool(own), _BULLET.match(row.text[found.end() :].lstrip(" :;.")) is not None
                ),
            ),
        )
    return None, 0, ()


def _listed(to: Row, below: Sequence[Row], at: int, alone: bool, bulleted: bool) -> list[Row]:
    """The rows that go on with the list: those with a bullet, and those that wrap."""
    taken: list[Row] = []
    before = to
    following = below[at + 1 :]
    if to.box is not None:
        following = [
            row
            for row in below
            if row is not to
            and _SAYS.search(row.text)
            and row.box
            and row.box.top > to.box.top - 0.4 * to.height
            and row.box.left > to.box.left - 0.02
        ]
        following.sort(key=lambda row: (row.box.top if row.box else 0.0, row.index))
    for row in following:
        bullet = _BULLET.match(row.text)
        if _CALLED.match(row.folded) or _BODY.match(row.folded) or _VV.match(row.folded):
            break
        if row.box is None:
            if not bullet and (row.loose or (not taken and not bulleted) or _SENTENCE_END.search(before.text)):
                break
        elif not _goes_on(row, before, to, taken, bool(bullet), alone and not bulleted):
            break
        taken.append(row)
        before = row
    return taken


def _goes_on(row: Row, before: Row, to: Row, taken: list[Row], bullet: bool, single: bool) -> bool:
    assert row.box and before.box and to.box  # noqa: S101 - rows of a page with boxes only come here
    gap = row.box.top - before.box.bottom
    height = median([row.height, before.height, to.height])
    if gap > 1.9 * height:
        return False
    if bullet:
        return not single and row.box.left > to.box.left - 0.02
    if before.text.rstrip().endswith((".", "./")) and taken:
        return False
    indent = taken[-1].box.left if taken and taken[-1].box else to.box.left + 0.06
    return (
        row.box.left > to.box.left + 0.03
        and row.box.left >= indent - 0.02
        and (bool(taken) or not single or row.box.left > 0.3)
    )
