"""Names that a document defines once and uses afterwards:
`thi đua, khen thưởng (TĐKT)`, `(sau đây gọi tắt là …)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.authority.bodies import phrase_of_initials

_SHORT = re.compile(
    r"\((?:viết tắt(?: là|:)?\s*|gọi tắt(?: là|:)?\s*|sau đây[^()]{0,30}?là:?\s*)?"
    r"[“\"]?(?:Luật |Bộ luật |Pháp lệnh )?([A-ZĐ][A-ZĐ&]{1,9})[”\"]?\)"
)
_CALLED = re.compile(
    r"\((?:sau đây|gọi|viết)[^()]{0,24}?(?:gọi|viết)?(?: tắt)?(?: chung)? là:?\s*[“\"]?([^()“”\"]{2,80})[”\"]?\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Called:
    """A name defined in brackets: `start`…`end` is the bracket,
    `name` the short name of the thing before it from there on.
    """

    start: int
    end: int
    name: str


def abbreviations(flat: str) -> dict[str, str]:
    """Abbreviation → its words, as the text defines them; the first definition counts."""
    found: dict[str, str] = {}
    for bracket in _SHORT.finditer(flat):
        short = bracket[1]
        before = flat[max(0, bracket.start() - 12 * len(short)) : bracket.start()]
        if short not in found and (phrase := phrase_of_initials(short, before.rsplit("\n", 1)[-1])):
            found[short] = phrase
    return found


def called(flat: str) -> tuple[Called, ...]:
    """Every `(sau đây gọi tắt là …)` of the text."""
    return tuple(Called(found.start(), found.end(), found[1].strip()) for found in _CALLED.finditer(flat))


def expand(text: str, short: dict[str, str]) -> str:
    """`text` with the document's own abbreviations written out: `Luật TĐKT` → `Luật thi đua, khen thưởng`."""
    return (
        re.sub(r"[A-ZĐ][A-ZĐ&]{1,9}", lambda found: short.get(found.group(), found.group()), text)
        if short
        else text
    )
