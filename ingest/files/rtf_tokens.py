"""Tokens of Rich Text Format: groups, control words, and letters in the current code page (RTF 1.9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)"
)


@dataclass(frozen=True, slots=True)
class RtfToken:
    """One token: `open` or `close` of a group, a control `word` with its number, or `bytes` of text."""

    kind: Literal["open", "close", "word", "bytes"]
    word: str = ""
    number: int | None = None
    data: bytes = b""


def tokens(data: bytes) -> Iterator[RtfToken]:
    r"""Tokens in order; binary data (`\bin`) is skipped, so that no brace in it counts."""
    at = 0
    while (found := _TOKEN.search(data, at)) is not None:
        at = found.end()
        word, number, code, sign, brace, text = found.groups()
        if word is not None:
            value = int(number) if number else None
            if word == b"bin" and value:
                at += max(value, 0)
                continue
            yield RtfToken("word", word.decode(), value)
        elif code is not None:
            yield RtfToken("bytes", data=bytes([int(code, 16)]))
        elif sign is not None:
            yield RtfToken("word", sign.decode("latin-1"))
        elif brace is not None:
            yield RtfToken("open" if brace == b"{" else "close")
        elif text is not None:
            yield RtfToken("bytes", data=text)


CODE_PAGES = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
r"""Character sets of fonts (`\fcharset`) → code pages; 163 is Vietnamese."""


def code_page(number: int) -> str:
    r"""Python's name of a Windows code page (`\ansicpg`); Western if Python lacks it."""
    name = {65001: "utf-8"}.get(number, f"cp{number}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name
