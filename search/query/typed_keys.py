"""Words typed by Telex or VNI keys while the keyboard program was off (`chir thij`, `chi3 thi5`), as meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from corpus.vietnamese.fold import fold
from search.engines.base import Answering

_SYLLABLE = re.compile(
    r"(?P<onset>ngh|ng|nh|ch|gh|gi(?=[aeiouy])|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(?P<vowels>[aeiouy]{1,3})"
    r"(?P<coda>ch|ng|nh|[cmnpt])?\Z"
)
"""A folded syllable in its parts."""
_VOWELS = frozenset(
    re.findall(
        r"\S+",
        "a ai ao au ay e eo eu i ia ie ieu iu o oa oai oay oe oeo oi u ua uay ue ui uo uoi uou uu uy uya uye uyu "
        "y ye yeu",
    )
)
"""Folded vowels of a syllable."""
_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_STOPS, _STOPPED = frozenset({"c", "ch", "p", "t"}), frozenset({"", "\u0301", "\u0323"})
"""Syllables that end in these have one of these tones."""
_VNI_SHAPES = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}}
_TOKEN = re.compile(r"(?<!\S)[A-Za-z][A-Za-z0-9]{2,9}(?=[,.;?!]?(?:\s|\Z))")
_SURE = re.compile(r"\d(?:[a-z]|\d)")
"""A word with figures that is no abbreviation with a number behind it (`T11`)."""
_RARER = 10
"""A word as typed that documents have so much seldomer than what its keys mean was meant as keys."""


def has_typed_keys(text: str) -> bool:
    """True if some words may have been typed by keys."""
    return next(_candidates(text), None) is not None


def with_letters(engine: Answering, text: str) -> str:
    """The query with the letters that keys mean, where documents have those words and not what was typed."""
    found = [(match, meant) for match, meant in _candidates(text)]
    typed = engine.frequencies("fold", [match.group().lower() for match, _ in found])
    held = engine.frequencies("syl", [meant for _, meant in found])
    # Among words with their accents, one that documents have is what it looks like: `test nhanh`.
    alone = len(found) > 1 and text.isascii()
    for match, meant in reversed(found):
        times = typed.get(match.group().lower(), 0)
        if held.get(meant, 0) > (times * _RARER if alone or not times else float("inf")):
            text = f"{text[: match.start()]}{meant}{text[match.end() :]}"
    return text


def meant_by(word: str) -> str | None:
    """The syllable that a word in lower case spells by Telex or VNI keys; None if it spells none."""
    shaped = _by_telex(word) if word.isalpha() else _by_vni(word)
    if shaped is None:
        return None
    letters, tone = shaped
    made = _with_tone(letters, tone)
    return made if made is not None and made != word else None


def _candidates(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Words outside quotation marks that keys spell, and what they mean."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group().lower()
        quoted = sum(text[: match.start()].count(sign) for sign in '"“”«»') % 2
        if not quoted and (meant := meant_by(word)) is not None:
            found.append((match, meant))
    figures = [match.group() for match, _ in found if not match.group().isalpha()]
    sure = len(figures) > 1 or any(_SURE.search(word.lower()) for word in figures)
    return ((match, meant) for match, meant in found if match.group().isalpha() or sure)


def _by_telex(word: str) -> tuple[str, str] | None:
    """Letters with their shapes, and the tone; None if letters are no keys."""
    first = next((at for at, letter in enumerate(word) if letter in "aeiouyw"), len(word))
    head, rest = word[:first], word[first:]
    keys = [letter for letter in rest if letter in _TELEX_TONES]
    if len(keys) > 1:
        return None
    rest = "".join(letter for letter in rest if letter not in _TELEX_TONES)
    rest = re.sub("aa", "â", re.sub("ee", "ê", re.sub("oo", "ô", rest)))
    rest = re.sub("uw?ow?(?<=w)", "ươ", rest) if "w" in rest else rest
    for plain, shaped in (("aw", "ă"), ("ow", "ơ"), ("uw", "ư")):
        rest = rest.replace(plain, shaped)
    if rest.count("w") == 1:
        rest = _shaped_at_the_end(rest)
    head = "đ" + head[2:] if head.startswith("dd") else head
    return (head + rest, _TELEX_TONES[keys[0]] if keys else "") if "w" not in rest else None


def _shaped_at_the_end(rest: str) -> str:
    """`duongw`, `nhwng`: the key apart from its vowel, or in place of it."""
    bare = rest.replace("w", "")
    for plain, shaped in (("uo", "ươ"), ("ua", "ưa"), ("a", "ă"), ("o", "ơ"), ("u", "ư")):
        if plain in bare:
            return bare.replace(plain, shaped, 1)
    return rest.replace("w", "ư")


def _by_vni(word: str) -> tuple[str, str] | None:
    made, tone = "", ""
    for figure in word:
        if not figure.isdigit():
            made += figure
        elif figure in _VNI_TONES and not tone and made:
            tone = _VNI_TONES[figure]
        elif figure == "9" and "d" in made:
            made = made.replace("d", "đ", 1)
        elif figure == "7" and "uo" in made:
            made = made.replace("uo", "ươ")
        elif figure in _VNI_SHAPES and (at := _last_of(made, _VNI_SHAPES[figure])) is not None:
            made = made[:at] + _VNI_SHAPES[figure][made[at]] + made[at + 1 :]
        else:
            return None
    return made, tone


def _last_of(word: str, letters: dict[str, str]) -> int | None:
    return max((at for at, letter in enumerate(word) if letter in letters), default=None)


def _with_tone(letters: str, tone: str) -> str | None:
    """A syllable of shaped letters with its tone where it is written now; None if it is no syllable."""
    parts = _SYLLABLE.match(fold(letters))
    if parts is None or parts["vowels"] not in _VOWELS:
        return None
    if parts["coda"] in _STOPS and tone not in _STOPPED:
        return None
    start, end = parts.span("vowels")
    shaped = [at for at in range(start, end) if letters[at] not in "aeiouy"]
    if shaped:
        at = shaped[-1]
    elif end - start == 3 or (parts["coda"] and end - start == 2):
        at = start + 1
    else:
        at = start
    return unicodedata.normalize("NFC", letters[: at + 1] + tone + letters[at + 1 :])
