"""Text of a recognised page: doubled tones and look-alike letters of engines corrected."""

from __future__ import annotations

import re

from corpus.document import Box, Page, Word
from corpus.vietnamese.lookalikes import plain_d
from ingest.ocr.tone_marks import correct_tone_marks
from ingest.ocr.words import Recognised

_TWICE = re.compile("|".join(
    f"[{letters}]{{2}}" for letters in ("êếềểễệ", "ôốồổỗộ", "âấầẩẫậ", "ăắằẳẵặ", "ơớờởỡợ", "ưứừửữự")
), re.IGNORECASE)  # fmt: skip
"""No word has one of these letters twice in a row: the engine was unsure of the tone and wrote both."""
_ONE_AS_L = re.compile(r"(?<![^\W\d_])l(?=\d)|(?<=\d)l(?![^\W_])")


def plain(read: str) -> str:
    """Correct a word: NFC; Eth read for Đ becomes Đ (`QLĐĐ` keeps two); l among digits becomes 1; doubled
    vowels merge.
    """
    word = _TWICE.sub(lambda twice: twice.group()[0], plain_d(read))
    return _ONE_AS_L.sub("1", word)


def page_of(found: Recognised, number: int) -> Page:
    """Convert a recognised page to text with words: one text line per printed line, boxes as fractions."""
    height, width = found.page.size
    words: list[Word] = []
    lines: list[str] = []
    at = 0
    for line in found.lines:
        texts = [plain(token.text) for token in line.words]
        for token, text in zip(line.words, texts, strict=True):
            box = Box.of(token, width, height)
            words.append(Word(at, at + len(text), box, token.confidence))
            at += len(text) + 1
        lines.append(" ".join(texts))
    return Page(
        number, "ocr", correct_tone_marks("\n".join(lines)), tuple(words), found.rotation, found.confidence
    )
