"""The end of a law's name in running text:
the longest known one, a longer unknown one, one that no table knows.
"""

from __future__ import annotations

import re
from functools import cache

from corpus.authority.doc_types import type_words
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import words
from ingest.citations.scope import CitationText


@cache
def _title_stop() -> re.Pattern[str]:
    """The end of a law's title, for example the ` và Nghị định` of `Luật Lưu trữ và Nghị định số …`."""
    return re.compile(
        rf"""
        [;:.()“”"\n_]
        | \s (?: số\s\d | ngày\s | năm\s\d | quy[ ]định | và[ ]các\s | đã[ ]được | được\s | có[ ]hiệu[ ]lực
            | hết[ ]hiệu[ ]lực | của[ ]Quốc[ ]hội | thì\s | về\s | tại\s | trong\s | theo\s | khi\s | để\s
            | này | \( | và[ ]{any_of(type_words())}
            | ban[ ]hành | bổ[ ]sung | sửa[ ]đổi | hiện[ ]hành | là\s | do\s | cho\s )
        """,
        re.VERBOSE,
    )


def known_end(
    scope: CitationText, begin: int, short: dict[str, str], keys: frozenset[str], begun: frozenset[str]
) -> int | None:
    """The end of the longest known title that begins here,
    with abbreviations of the text written out; None for none.
    """
    title = ""
    end = None
    for token in TITLE_TOKEN.finditer(scope.folded, begin, begin + 170):
        said = scope.flat[token.start() : token.end()]
        title = f"{title} {words(short[said]) if said in short else token.group()}".lstrip()
        if title in keys:
            end = token.end()
        elif title not in begun:
            break
    return end


_GOES_ON = re.compile(r"\s[^\W\d_]+")
_LONGEST = 6
"""Words behind a known name from which on they are a sentence, not the rest of a longer name."""


def longer_end(scope: CitationText, end: int) -> int | None:
    """The end of a longer name that no table knows and that begins with a known one;
    None if the known one ends here.

    `Luật Thương mại biển` is not `Luật Thương mại`. Words that may follow a law's name in a sentence end it, and
    so do signs, figures and capitals.
    """
    at = end
    for _ in range(_LONGEST + 1):
        word = _GOES_ON.match(scope.flat, at)
        if (
            word is None
            or not word.group()[1:].islower()
            or scope.folded[word.start() + 1 : word.end()] in _FOLLOWS
        ):
            return at if at > end else None
        at = word.end()
    return None


_FOLLOWS = frozenset(
    {"ap", "ban", "bang", "bao", "bat", "bi", "bo", "buoc", "cac", "cach", "can", "cap", "chi", "chinh", "cho",
     "chua", "chuc", "chuong", "co", "cong", "cu", "cua", "cung", "da", "dai", "dam", "dan", "dang", "dap",
     "dau", "day", "de", "den", "diem", "dieu", "dinh", "do", "doi", "don", "dong", "dua", "duoc", "duoi",
     "duy", "gan", "giai", "giao", "giua", "giup", "gom", "gop", "han", "hang", "hay", "het", "hien", "hieu",
     "hoac", "hoan", "huong", "ke", "kem", "kha", "khac", "khai", "khi", "khien", "khoan", "khong", "la",
     "lam", "len", "luc", "luon", "ma", "moi", "mot", "muc", "nam", "nay", "nen", "neu", "ngay", "nguoi",
     "nhac", "nham", "nhan", "nhat", "nhu", "nhung", "noi", "o", "phai", "pham", "phan", "phu", "qua", "quy",
     "quyet", "ra", "rang", "roi", "sau", "se", "so", "sua", "sung", "ta", "tai", "tao", "tat", "tham", "thay",
     "the", "theo", "thi", "thoi", "thong", "thuc", "thuoc", "tiep", "tinh", "to", "toi", "trai", "tranh",
     "tren", "tri", "trien", "trong", "truoc", "tu", "tuc", "tuy", "va", "van", "vao", "ve", "vi", "viec",
     "voi", "vua", "xac", "xem", "y", "yeu"}
)  # fmt: skip
"""Folded words that may follow the name of a law in a sentence."""


@cache
def _next_named() -> re.Pattern[str]:
    """A comma before the next document or body, not before a further part of the title."""
    return re.compile(rf",\s(?:{any_of(type_words())}|Bộ|các|cơ quan|tổ chức)")


TITLE_TOKEN = re.compile(r"[^\W_]+|[;:.()“”\"\n]")


def unknown_end(scope: CitationText, match: re.Match[str]) -> int | None:
    """The end of a law's title that no table knows:
    capitalised, up to the first word that cannot be in a title.
    """
    if not scope.flat[match.end() : match.end() + 1].isupper():
        return None
    stop = _title_stop().search(scope.flat, match.end(), match.end() + 120)
    end = stop.start() if stop else None
    if (
        end is None
        or len(scope.flat[match.end() : end].split()) > 16
        or "," in scope.flat[match.end() : match.end() + 1]
    ):
        return None
    title = scope.flat[match.end() : end]
    comma = title.find(",")
    if comma > 0 and _next_named().match(title, comma):
        end = match.end() + comma
    return end if len(title.strip()) > 2 else None
