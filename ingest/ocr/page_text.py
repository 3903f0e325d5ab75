"""A recognised word as it is kept: engines' doubled tones and look-alike letters put right."""

from __future__ import annotations

import re
import unicodedata

from corpus.document import Box, Page, Word
from ingest.ocr.tone_marks import mended
from ingest.ocr.words import Recognised

_TWICE = re.compile("|".join(
    f"[{letters}]{{2}}" for letters in ("êếềểễệ", "ôốồổỗộ", "âấầẩẫậ", "ăắằẳẵặ", "ơớờởỡợ", "ưứừửữự")
), re.IGNORECASE)  # fmt: skip
"""No word has one of these letters twice running: the engine could not tell its tone and gave both."""
_ONE_AS_L = re.compile(r"(?<![^\W\d_])l(?=\d)|(?<=\d)l(?![^\W_])")


def plain(read: str) -> str:
    """A word in NFC; the letter Eth that engines read for Đ, or beside it, is Đ (two Đ are two: `QLĐĐ`); an l among digits is
    1; a vowel read twice with two tones is one.
    """
    word = _TWICE.sub(lambda twice: twice.group()[0], unicodedata.normalize("NFC", read))
    return _ONE_AS_L.sub("1", re.sub("ĐÐ|ÐĐ|Ð", "Đ", word))


def page_of(found: Recognised, number: int) -> Page:
    """A recognised page as text with words: one line of text for each printed line, boxes as fractions."""
    height, width = found.page.size
    words: list[Word] = []
    lines: list[str] = []
    at = 0
    for line in found.lines:
        texts = [plain(token.text) for token in line.words]
        for token, text in zip(line.words, texts, strict=True):
            box = Box(token.left / width, token.top / height, token.right / width, token.bottom / height)
            words.append(Word(at, at + len(text), box, token.confidence))
            at += len(text) + 1
        lines.append(" ".join(texts))
    return Page(number, "ocr", mended("\n".join(lines)), tuple(words), found.rotation, found.confidence)
