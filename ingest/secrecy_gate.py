"""Secrecy gate: detection of MẬT, TỐI MẬT or TUYỆT MẬT on a page, as a line of text or a stamp on its image.

A false alarm costs a clerk a minute, a miss puts a state secret where it must not be (Luật 117/2025/QH15, Điều 5),
so doubt counts as a mark. Words inside a sentence or a list (`bảo mật`, `mật khẩu`) are no mark, nor is GIẢI MẬT
by itself; next to a mark it doesn't lift it, since only a person may release a document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corpus.document import Page
from corpus.vietnamese.fold import fold
from ingest.files.page import RawPage
from ingest.imaging.stamp_shapes import Stamp, stamps
from ingest.imaging.stamp_words import likeness
from ingest.text.syllables import is_syllable

if TYPE_CHECKING:
    from ingest.files.page import Patch
    from ingest.imaging.pixels import Image

    ReadLines = Callable[[Sequence[Image]], Sequence[str]]
    """Recognises crops of one line of dark text on white each, accents or not."""

MARKS = {"mat": "MẬT", "toimat": "TỐI MẬT", "tuyetmat": "TUYỆT MẬT"}
_COPYING = "Không được sao, chụp"
_CELL = re.compile(r"\t| {3,}|[|¦│║]|_{3,}")
"""Separators of a header's cells in plain text."""
_FRAME = " .,:;*'\"“”‘’`~=_-–—·•<>«»/\\!^"
_DECLARED = re.compile(
    r"^\W*(?:do mat|muc do mat|(?:con )?dau|stamp|stamped)\s*[:\-–]\s*(tuyet mat|toi mat|mat)\b(?! ?\w)"
)
_PARENTHESISED = re.compile(r"^[(\[{]\s*(tuyet mat|toi mat|mat)\s*[)\]}]$")
_NO_COPYING = re.compile(r"^\W*khong duoc sao\W{0,2} ?chup\W*$")
_TAKEN_BACK = ("giai", "bao", "bi", "thuong", "can", "co", "huyet")
"""Last words of a line that ends before its MẬT: GIẢI MẬT, BẢO MẬT, BÍ MẬT, THƯỜNG MẬT, CẨN MẬT, CƠ MẬT."""
_LOOKALIKES = str.maketrans({"1": "i", "l": "i", "|": "i", "!": "i", "0": "o", "4": "a", "7": "t"})
_WIDE_GAP = 1.2
"""Least gap between cells, relative to a word's height in fractions of the page (about 1.7 times the letters'
height).
"""
_RELEASED = "giaimat"
_LEAST_ALIKE = 76.0
"""Least likeness (0 to 100) of a recognised mark; HỎA TỐC, KHẨN and the like stay well below."""
_LEAST_SHAPED = 0.45
"""Least score of stamp_words.Likeness: in frames of other papers only stamps of urgency reached it."""
_STAMP_SHAPE, _STAMP_MM = (1.2, 10.0), 40.0
"""Width over height of a picture that may be just a stamp, and the width (mm) that it is then assumed to have."""
_PAPER = 24
"""Pixels of paper added round a picture: a stamp may fill it to its edge."""
_LEAST_INSIDE = 12
"""Pixels."""
_STRAY = 2
_SHORT = 5
_NEAR_MAT = frozenset({"mat", "mai", "mal", "maf", "nat", "niat", "mait"})


@dataclass(frozen=True, slots=True)
class StampReadings:
    """Words read on possible stamps, in the order of reading, and the mark in them or in the page's text.

    Urgency is stamped the same way as secrecy, so the words are kept.
    """

    mark: str | None = None
    words: tuple[str, ...] = ()

    def then(self, later: StampReadings) -> StampReadings:
        """These readings followed by others; the first mark counts."""
        return StampReadings(self.mark or later.mark, (*self.words, *later.words))


def stamps_in_file(raw: RawPage, read: ReadLines) -> StampReadings:
    """Mark and stamps of a page of the file, before any other reading; stops at the first mark.

    Text recognised later on an image goes through mark_on_page as well, text recognised on the page's patches
    through mark_in_words.
    """
    mark = mark_on_page(raw.text) if raw.text is not None else None
    mark = mark or mark_in_words(raw.noted)
    seen = StampReadings(mark)
    if seen.mark is None and raw.image is not None:
        seen = stamps_in_image(raw.image, raw.dpi, read)
    if seen.mark is None and raw.look is not None:
        seen = seen.then(stamps_in_image(raw.look, raw.look_dpi, read, tilted=bool(raw.patches)))
    return seen


def mark_in_words(lines: Sequence[str], *, recognised: bool = False) -> str | None:
    """Mark among lines outside a page's text: of annotations, fields, WordArt and pictures.

    recognised: capitals may have some wrong letters; a name in small letters never counts as near.
    """
    if mark := mark_in_text("\n".join(lines)):
        return mark
    near = (mark_of_stamp_text(line) for line in lines if recognised and _is_capitals(line))
    return max((mark for mark in near if mark), key=len, default=None)


def _is_capitals(line: str) -> bool:
    """True if a line is in capitals, up to two signs: the time of a digital signature is digits that look like
    letters.
    """
    return line == line.upper() and sum(not letter.isalpha() for letter in line if letter != " ") <= _STRAY


def mark_in_text(text: str) -> str | None:
    """Mark on a line or header cell of its own in a page's text, such as `TỐI MẬT`; None without one.

    text: of one page or of its head, in any normal form, with or without accents. Different marks right below one
    another are a list of levels, as in a form or a regulation, and no stamp.
    """
    lines = [line for line in unicodedata.normalize("NFC", text).splitlines() if line.strip()]
    found = [
        (row, mark) for row, line in enumerate(lines) if (mark := _mark_of(line, lines[row - 1] if row else ""))
    ]
    kept = [mark for row, mark in found if not _is_listed(row, mark, found)]
    return max(kept, key=len, default=None)


def _is_listed(row: int, mark: str, found: list[tuple[int, str]]) -> bool:
    return len({other for near, other in found if abs(near - row) <= 2 and other in MARKS.values()} | {mark}) > 1


def _mark_of(line: str, above: str) -> str | None:
    """Mark of one line; `above` is the line before it, where a broken word may have begun."""
    folded = fold(line).strip()
    if declared := _DECLARED.match(folded):
        return MARKS[declared[1].replace(" ", "")]
    if _NO_COPYING.match(folded):
        return _COPYING
    for cell in _CELL.split(line):
        bare = cell.strip(_FRAME)
        if enclosed := _PARENTHESISED.match(fold(bare)):
            return MARKS[enclosed[1].replace(" ", "")]
        mark = _standalone(bare.strip("()[]{} "))
        if mark is not None and not _ends_in_compound(above):
            return mark
    return None


def _standalone(cell: str) -> str | None:
    """Mark of a cell that is nothing but a mark in capitals, its letters spaced or not."""
    letters = "".join(letter for letter in cell if not letter.isspace())
    if not letters or letters != letters.upper() or len(letters) > len("TUYỆTMẬT") + 1:
        return None
    return MARKS.get(fold(letters).translate(_LOOKALIKES))


def _ends_in_compound(above: str) -> bool:
    """True if the line before ends in the first half of a word like BẢO MẬT, in capitals as well."""
    words = fold(above).split()
    return bool(words) and words[-1] in _TAKEN_BACK and above.split()[-1].isupper()


def mark_on_page(page: Page) -> str | None:
    """mark_in_text with the page's own gaps: recognition joins the cells of a header into one line."""
    return mark_in_text(_with_gaps(page)) or mark_in_text(page.text)


def _with_gaps(page: Page) -> str:
    """Text of the page with a tab wherever two words of a line are further apart than words usually are."""
    parts, at = [], 0
    for word, following in pairwise(page.words):
        between = page.text[word.end : following.start]
        wide = following.box.left - word.box.right > _WIDE_GAP * (word.box.bottom - word.box.top)
        parts += [page.text[at : word.end], "\t" if wide and "\n" not in between else between]
        at = following.start
    return "".join(parts) + page.text[at:]


def stamps_in_image(image: Image, dpi: float, read: ReadLines, *, tilted: bool = True) -> StampReadings:
    """Stamps on a page's image, in any colour, tilted or on a sideways page, and the mark among them.

    image: height × width grey or × 3 RGB. `read` is called only for boxes and red words of a stamp's size, so an
    ordinary page costs a few milliseconds. They are read as they are, then upside down if that gave no words,
    since a rectangle has no visible top. A frame with print running through it has no readable line: there the
    shape of the words decides, for urgency too.
    """
    found = list(stamps(image, dpi, tilted))
    crops = [stamp.crop for stamp in found]
    upright = tuple(read(crops)) if crops else ()
    if mark := _first_mark(upright):
        return StampReadings(mark, upright)
    turned = [crop[::-1, ::-1].copy() for crop, text in zip(crops, upright, strict=True) if not _has_words(text)]
    words = (*upright, *read(turned)) if turned else upright
    if mark := _first_mark(words[len(upright) :]):
        return StampReadings(mark, words)
    return StampReadings(None, words).then(_by_shape(found, upright))


def stamps_in_picture(patch: Patch, read: ReadLines) -> StampReadings:
    """Stamps on a picture of unknown size, examined as a page and as a stamp."""
    high, wide = patch.image.shape[:2]
    edge = ((_PAPER, _PAPER), (_PAPER, _PAPER), (0, 0))[: patch.image.ndim]
    image = np.pad(patch.image, edge, constant_values=255)
    seen = stamps_in_image(image, patch.dpi, read)
    if seen.mark is None and _STAMP_SHAPE[0] <= wide / high <= _STAMP_SHAPE[1]:
        seen = seen.then(stamps_in_image(image, wide * 25.4 / _STAMP_MM, read))
    return seen


def _by_shape(found: Sequence[Stamp], upright: Sequence[str]) -> StampReadings:
    """Words recognised by shape in frames with print running through; stops at the first mark."""
    words: tuple[str, ...] = ()
    for stamp, text in zip(found, upright, strict=True):
        if stamp.inside is None or min(stamp.inside.shape) < _LEAST_INSIDE or _is_plain(text):
            continue
        both = (likeness(stamp.inside), likeness(np.ascontiguousarray(stamp.inside[::-1, ::-1])))
        best = max(both, key=lambda like: like.score)
        if best.score < _LEAST_SHAPED:
            continue
        if best.words in MARKS.values():
            return StampReadings(best.words, words)
        words = (*words, best.words)
    return StampReadings(None, words)


def _is_plain(text: str) -> bool:
    """True if the text read in a frame is a line of words: no print covers it."""
    words = text.split()
    return len(words) > 1 and all(len(word) > 1 and is_syllable(word) for word in words)


def _first_mark(said: Sequence[str]) -> str | None:
    return next((mark for text in said if (mark := mark_of_stamp_text(text))), None)


def _has_words(text: str) -> bool:
    return any(len(word) > 2 and is_syllable(word) for word in text.split())


def mark_of_stamp_text(text: str) -> str | None:
    """Mark in the text read on a stamp, with some wrong letters allowed: few other words occur in such a box."""
    for line in text.splitlines():
        letters = re.sub(r"[^a-z]", "", fold(line).translate(_LOOKALIKES))
        if _likeness_to(letters, _RELEASED) >= _LEAST_ALIKE:
            continue
        likeness, key = max((_likeness_to(letters, key), key) for key in ("toimat", "tuyetmat"))
        if likeness >= _LEAST_ALIKE:
            return MARKS[key]
        if letters in _NEAR_MAT or (len(letters) <= _SHORT and "mat" in letters):
            return MARKS["mat"]
    return None


def _likeness_to(letters: str, key: str) -> float:
    """Likeness (0 to 100) of the letters to a mark; some extra letters, remains of a frame, are allowed."""
    from rapidfuzz.fuzz import partial_ratio, ratio

    if not 3 < len(letters) <= len(key) + 4:
        return 0.0
    return float(partial_ratio(letters, key) if len(letters) >= len(key) else ratio(letters, key))
