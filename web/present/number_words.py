"""Whole numbers in Vietnamese words, as forms have them (Viết bằng chữ)."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu", " tỷ")


def in_words(number: int) -> str:
    """`125` → `một trăm hai mươi lăm`; for 0 to 999,999,999,999."""
    if number == 0:
        return _DIGITS[0]
    parts: list[str] = []
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = number // 1000**place % 1000
        if group:
            parts.append(_below_thousand(group, inner=bool(parts)) + _GROUPS[place])
    return " ".join(parts)


def _below_thousand(number: int, *, inner: bool) -> str:
    """inner: a larger group goes before, so that hundreds and tens are spoken even where they are none."""
    hundreds, rest = divmod(number, 100)
    words = [f"{_DIGITS[hundreds]} trăm"] if hundreds or inner else []
    if rest:
        words.append(_below_hundred(rest, after=bool(words)))
    return " ".join(words)


def _below_hundred(number: int, *, after: bool) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return f"lẻ {_DIGITS[ones]}" if after else _DIGITS[ones]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return head
    last = {1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(ones, _DIGITS[ones])
    return f"{head} {last}"
