"""Comparison of a line's words in two readings: alike, kept, mended by the second reader, or an open question.

The second reader misreads marks more often than Tesseract (`tế` → `tễ`) and drops fewer of them (`Mâm` → `Mầm`). A
word that no text has is no evidence; between two words that texts have their neighbours decide, then how sure the
second reader was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ingest.ocr.tone_marks import is_unseen, lead, normalise_tone_placement
from ingest.secondreader.reader import SeenWord
from ingest.text.evidence import DISPUTED
from ingest.text.syllables import is_syllable, strange_words

ALIKE, _MENDED = 0.97, 0.85
"""Confidence of a word that both read alike, and of one taken from the second reader."""
_LEAD = 1.0
"""Least log odds by the neighbours for recognition's word to stay unasked.

In subjects of 87 papers the second reader's word was right in 8 of the 12 below, in 2 of the 60 above.
"""
_SURE, _SEEN, _UNSURE = 0.9, 0.5, 0.7
"""Least probability of the second reader to mend and to ask; a word of which recognition is less sure is asked.

Of the 12 words 6 were mended, all rightly; at 0.8 one would be made wrong.
"""
_EDGES = " .,:;!?()[]{}\"'“”‘’«»…–—-_*|~`^"
_ABOUT = re.compile(r"\W*[VM]\W?[vVwW]?\W*")
"""`V/v` as both read it."""
_DIGIT_LIKE = str.maketrans("ilío⁄", "1110/")


@dataclass(frozen=True, slots=True)
class ComparedWord:
    """A word after both readings: its text and confidence (0 to 1)."""

    text: str
    confidence: float


def compared(read: Sequence[ComparedWord], seen: Sequence[SeenWord]) -> list[ComparedWord]:
    """The words of a line as recognised, after the second reader's words of the same line."""
    found = list(read)
    own = [at for at, word in enumerate(read) if _key(word.text)]
    others = [word for word in seen if _key(word.text)]
    keys, other_keys = [_key(read[at].text) for at in own], [_key(word.text) for word in others]
    for mine, theirs in _blocks(own, keys, others, other_keys):
        if _letters(read[at].text for at in mine) == _letters(word.text for word in theirs):
            _agree(found, mine, theirs)
        elif not mine:
            _miss(found, own, theirs)
        elif len(mine) == len(theirs):
            for at, word in zip(mine, theirs, strict=True):
                found[at] = _one(read, at, word)
        else:
            for at in mine:
                if strange_words(read[at].text):
                    found[at] = ComparedWord(read[at].text, min(read[at].confidence, DISPUTED))
    return found


def _blocks(
    own: Sequence[int], keys: Sequence[str], others: Sequence[SeenWord], other_keys: Sequence[str]
) -> Iterator[tuple[Sequence[int], Sequence[SeenWord]]]:
    """Words that are the same in both readings, one by one, and between them the stretches that differ."""
    equal = [step for step in Levenshtein.opcodes(keys, other_keys) if step.tag == "equal"]
    pairs = [
        (step.src_start + at, step.dest_start + at)
        for step in equal
        for at in range(step.src_end - step.src_start)
    ]
    here, there = 0, 0
    for mine, its in [*pairs, (len(own), len(others))]:
        if mine > here or its > there:
            yield own[here:mine], others[there:its]
        if mine < len(own):
            yield own[mine : mine + 1], others[its : its + 1]
        here, there = mine + 1, its + 1


def _agree(found: list[ComparedWord], mine: Sequence[int], theirs: Sequence[SeenWord]) -> None:
    """Accept words that both read alike; blanks that recognition took for a sign (`nghiên.cứu`) are set right."""
    joined = len(mine) == 1 < len(theirs) and bool(strange_words(found[mine[0]].text))
    for at in mine:
        text = " ".join(word.text for word in theirs) if joined else found[at].text
        found[at] = ComparedWord(text, max(found[at].confidence, ALIKE))


def _miss(found: list[ComparedWord], own: Sequence[int], theirs: Sequence[SeenWord]) -> None:
    """Doubt a line of which the second reader alone saw clear words, at its last one."""
    clear = [word for word in theirs if word.sure >= _SURE and len(_key(word.text)) > 1 and not _is_odd(word.text)]
    if clear and own:
        last = found[own[-1]]
        found[own[-1]] = ComparedWord(last.text, min(last.confidence, DISPUTED))


def _one(read: Sequence[ComparedWord], at: int, other: SeenWord) -> ComparedWord:
    """One word that the two read differently."""
    word = read[at]
    if at == 0 and _ABOUT.fullmatch(word.text):
        return word
    disputed = ComparedWord(word.text, min(word.confidence, DISPUTED))
    if any(map(str.isdigit, word.text + other.text)):
        return _figures(word, other) or disputed
    mine, its = word.text.strip(_EDGES), other.text.strip(_EDGES)
    if _is_odd(its):
        return disputed if strange_words(mine) and other.sure >= _SEEN else word
    mended = ComparedWord(word.text.replace(mine, its), _MENDED)
    if strange_words(mine):
        return mended if other.sure >= _UNSURE else disputed
    beside = [_key(read[near].text) if 0 <= near < len(read) else None for near in (at - 1, at + 1)]
    if lead(mine, its, beside[0], beside[1]) >= _LEAD:
        return word
    if other.sure >= _SURE:
        return mended
    return disputed if other.sure >= _SEEN or word.confidence < _UNSURE else word


def _figures(word: ComparedWord, other: SeenWord) -> ComparedWord | None:
    """A word with figures that the two read differently; None if a person must look."""
    mine, its = (_key(text).translate(_DIGIT_LIKE) for text in (word.text, other.text))
    if mine == its:
        return ComparedWord(word.text, max(word.confidence, ALIKE))
    if re.findall(r"\d+", mine) == re.findall(r"\d+", its) and other.sure >= _SURE and word.confidence < _UNSURE:
        return ComparedWord(other.text, _MENDED)
    return word if other.sure < _SEEN and word.confidence >= _UNSURE else None


def _is_odd(word: str) -> bool:
    """True if a word is no syllable, or one that no text has."""
    bare = word.strip(_EDGES)
    return not is_syllable(bare) or is_unseen(bare)


def _key(word: str) -> str:
    return normalise_tone_placement(word.strip(_EDGES).lower())


def _letters(words: Iterable[str]) -> str:
    return "".join(filter(str.isalnum, "".join(map(_key, words))))
