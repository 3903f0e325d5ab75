"""From typed text to a query tree; total: no text raises an error, and words that match no syntax are searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from corpus.cataloguing import own_values
from corpus.cataloguing.tags import key_of
from corpus.files import codes
from corpus.numbering import number as numbers
from corpus.numbering.dates import day_of
from corpus.vietnamese.fold import fold
from search import tokens
from search.engines.fields import FILED, PREFIXES, TAGGED, Reading, SearchField
from search.query import vocabulary
from search.query.clauses import AnyOf as AnyOf
from search.query.clauses import CitesTerm as CitesTerm
from search.query.clauses import Clause as Clause
from search.query.clauses import Dates as Dates
from search.query.clauses import FirstDigits as FirstDigits
from search.query.clauses import Having as Having
from search.query.clauses import InEffect as InEffect
from search.query.clauses import InField as InField
from search.query.clauses import InFile as InFile
from search.query.clauses import NumberTerm as NumberTerm
from search.query.clauses import Phrase as Phrase
from search.query.clauses import Prefix as Prefix
from search.query.clauses import Query as Query
from search.query.clauses import Same as Same
from search.query.clauses import Signed as Signed
from search.query.clauses import State as State
from search.query.clauses import Understood as Understood
from search.query.clauses import WordTerm as WordTerm

_ANY_OR_NONE = {"co": True, "yes": True, "any": True, "khong": False, "no": False, "none": False}
"""Value of `hoso:` or `nhan:`, folded → True for documents in some file or with some tag, False for none."""
SIGNATURES: dict[str, tuple[str, ...]] = {
    "co": ("yes",), "yes": ("yes",),
    "khong": (), "no": (), "none": (),
    "hople": ("valid", "valid_unknown_issuer", "valid_weak_algorithm"),
    "valid": ("valid", "valid_unknown_issuer", "valid_weak_algorithm"),
    "tincay": ("valid",), "trusted": ("valid",),
    "chuaro": ("valid_unknown_issuer",), "unknown": ("valid_unknown_issuer",),
    "validunknownissuer": ("valid_unknown_issuer",),
    "thuattoancu": ("valid_weak_algorithm",), "weak": ("valid_weak_algorithm",),
    "validweakalgorithm": ("valid_weak_algorithm",),
    "thaydoi": ("changed_after",), "changed": ("changed_after",), "changedafter": ("changed_after",),
    "hong": ("broken",), "broken": ("broken",),
    "loi": ("broken", "changed_after"), "bad": ("broken", "changed_after"),
}  # fmt: skip
"""Value of `kyso:`, folded and without signs → states, one of which a document's signatures have;
empty: unsigned.
"""

EFFECTS: dict[str, State] = {
    "con": "in_force", "conhieuluc": "in_force", "inforce": "in_force", "homnay": "in_force", "today": "in_force",
    "het": "ended", "hethieuluc": "ended", "ended": "ended",
    "chua": "coming", "chuacohieuluc": "coming", "coming": "coming",
    "motphan": "partly", "hetmotphan": "partly", "hethieulucmotphan": "partly", "partly": "partly",
}  # fmt: skip
"""Value of `hieuluc:`, folded and without signs → the state; a day as value means in force on that day."""

NO_FIELDS: Mapping[str, str] = {}
"""An office without fields of its own."""
_LONGEST_QUERY = 2000
"""Characters that are read; the rest is left out."""
_MOST_CLAUSES = 64
"""Clauses of one query."""
_LONGEST_NUMBER = 120
"""Joint circulars of a dozen bodies have numbers of some eighty characters."""
_ITEM = re.compile(
    r"""(?P<minus>-)?
        (?:(?P<field>[^\W\d_]{2,10}):(?=\S))?
        (?:["“”«](?P<quoted>[^"“”»]*)["“”»]|(?P<bare>\S+))""",
    re.VERBOSE,
)
_SPACED_QUERY = 100
"""Characters up to which a field may be written with blanks: a pasted page has `Nơi nhận: …` too."""
_SPACED = re.compile(
    r"(?<![^\W_])(?:(?P<two>ho so|trich yeu|co quan|noi nhan|nguoi ky|ky so|hieu luc) ?"
    r"|(?P<long>loai van ban|so ky hieu|so hieu|ky hieu|co quan ban hanh|don vi ban hanh|trich yeu noi dung) ?"
    r"|(?P<one>loai|nam|tu|den|huong)):\s*(?=\S)"
)
"""`hồ sơ:01`, `hồ sơ: 01`, `năm: 2020`, folded; not `số: 31` of a paper, which is looked for in texts too."""
_LONG_NAMES = {
    "loai van ban": "loai", "so ky hieu": "so", "so hieu": "so", "ky hieu": "so", "co quan ban hanh": "coquan",
    "don vi ban hanh": "coquan", "trich yeu noi dung": "trichyeu",
}  # fmt: skip
"""Names of fields as lists and registers print them → the prefix."""
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")
_VIETNAMESE_DATE = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})\Z")
_MISREAD = re.compile(r"(?<![^\W_])[\dlIoO]{1,5}(?=\s*[/-])")
"""FirstDigits or letters misread for digits before a sign of a number: `l/KH-UBND`, `O1/2O22/NĐ-CP`."""
_DIGITS = str.maketrans("lIoO", "1100")
"""Letters that OCR reads for digits → the digits."""
_SHORT_NUMBER = re.compile(
    r"(?<![\w/-])(?:\d[\dlIoO]{0,4}\s*[/-]?\s*(?:\d{4}\s*[/-]?\s*)?[^\W\d_]{1,8}\d{0,2}(?:\s*[-/]\s*[^\W_]{1,10}|\s+[^\W\d_]{2,10}){0,3}|[^\W\d_]{1,6}\s?\d{1,5})(?![\w/-])"
)


def parse(text: str, own: Mapping[str, str] = NO_FIELDS) -> Query:
    """Parse a query; no text raises an error. own: slug → kind of the office's own fields, which are prefixes."""
    text = unicodedata.normalize("NFC", text[:_LONGEST_QUERY]).replace("\x00", " ").strip()
    whole = _whole_number(text)
    if whole is not None:
        return Query(text, must=(whole,), numbers=(whole,))
    query = _Builder(text, own)
    for match in _ITEM.finditer(_closed_up(text)):
        query.take(match)
    return query.done()


def _closed_up(text: str) -> str:
    """A short query with the blanks of its fields left out: `hồ sơ: 01` → `hoso:01`; what is quoted stays."""
    if len(text) > _SPACED_QUERY:
        return text
    for match in reversed(list(_SPACED.finditer(fold(text)))):
        name = _LONG_NAMES.get(match["long"] or "") or (match["two"] or match["one"]).replace(" ", "")
        if not sum(text[: match.start()].count(sign) for sign in '"“”«»') % 2:
            text = f"{text[: match.start()]}{name}:{_with_type_whole(name, text[match.end() :])}"
    return text


def _with_type_whole(name: str, value: str) -> str:
    """The text behind `loai:` with a type of several words in quotation marks: `"chỉ thị" năm 2020`."""
    typed = re.match(r"[^\W_]+(?:\s+[^\W_]+)*", value) if name == "loai" else None
    found = vocabulary.longest(vocabulary.types(), fold(typed.group()).split(), 0) if typed else None
    if typed is None or found is None or len(found) == 1:
        return value
    end = [word.end() for word in re.finditer(r"\S+", typed.group())][len(found) - 1]
    return f'"{value[:end]}"{value[end:]}'


class _Builder:
    """Collector of a query's items, one by one."""

    def __init__(self, text: str, own: Mapping[str, str]) -> None:
        self.text, self.own = text, own
        self.must: list[Clause] = []
        self.without: list[Clause] = []
        self.dates = Dates()
        self.joined = False
        self.free: list[str] = []

    def take(self, match: re.Match[str]) -> None:
        quoted, bare, field = match["quoted"], match["bare"], match["field"]
        if bare in ("OR", "HOẶC") and not field and not match["minus"]:
            self.joined = bool(self.must)
            return
        named = PREFIXES.get(fold(field)) if field else None
        value = quoted if quoted is not None else bare
        if field and named is None and (kind := self.own.get(slug := fold(field))) is not None:
            # A value that nothing can have finds nothing.
            having = own_values.wanted(slug, kind, value) or (f"{slug}:",)
            self._add([Having("own", having)], bool(match["minus"]))
            return
        if field and named is None:
            value = f"{field} {value}"
        reading = named[1] if named is not None else None
        if reading in ("year", "from", "to") and (bounds := _bounds(reading, value)) is not None:
            self.dates = _narrow(self.dates, bounds)
            return
        if reading == "signed" and (states := SIGNATURES.get(re.sub(r"[\W_]", "", fold(value)))) is not None:
            minus = bool(match["minus"]) != (not states)
            self._add([Signed(states or ("yes",))], minus)
            return
        if reading == "effect" and (effect := _effect(value)) is not None:
            self._add([effect], bool(match["minus"]))
            return
        if reading == "file" and (in_file := _file(value)) is not None:
            clause, wanted = in_file
            self._add([clause], bool(match["minus"]) == wanted)
            return
        if reading == "tag" and (tagged := _tag(value)) is not None:
            has, wanted = tagged
            self._add([has], bool(match["minus"]) == wanted)
            return
        self._add(self._clauses(named, value, quoted is not None), bool(match["minus"]))

    def _clauses(self, named: tuple[SearchField, Reading] | None, value: str, quoted: bool) -> list[Clause]:
        if named is None:
            return self._free(value, quoted)
        field, reading = named
        if reading == "cites":
            return _cites(value)
        if reading == "number":
            return _number_field(value)
        words = _words(value)
        if reading == "words":
            return [InField(field.name, words, quoted)] if words else []
        return list(words)

    def _free(self, value: str, quoted: bool) -> list[Clause]:
        self.free.append(value)
        if (number := _whole_number(value)) is not None:
            return [number]
        words = _words(value)
        if quoted and len(words) > 1:
            return [Phrase(words)]
        if not quoted and value.endswith("*") and words and len(words[-1].folded) > 1:
            return [*words[:-1], Prefix(words[-1])]
        return [_split_glued(word) for word in words]

    def _add(self, clauses: list[Clause], minus: bool) -> None:
        if not clauses or len(self.must) + len(self.without) > _MOST_CLAUSES:
            self.joined = False
            return
        if minus:
            self.without.append(clauses[0] if len(clauses) == 1 else _adjacent(clauses))
        elif self.joined:
            last = self.must.pop()
            options = last.options if isinstance(last, AnyOf) else (last,)
            self.must.append(AnyOf((*options, clauses[0] if len(clauses) == 1 else _adjacent(clauses))))
        else:
            self.must.extend(clauses)
        self.joined = False

    def done(self) -> Query:
        found = [clause for clause in self.must if isinstance(clause, NumberTerm)]
        found += [] if found else _short_numbers(" ".join(self.free))
        return Query(self.text, tuple(self.must), tuple(self.without), self.dates, tuple(found))


def _adjacent(clauses: list[Clause]) -> Clause:
    words = tuple(clause for clause in clauses if isinstance(clause, WordTerm))
    return Phrase(words) if len(words) > 1 else clauses[0]


def _words(value: str) -> tuple[WordTerm, ...]:
    found = tokens.syllables(value)
    return tuple(WordTerm(accented, folded) for accented, folded in zip(found.accented, found.folded, strict=True))


def _split_glued(word: WordTerm) -> Clause:
    """`KH31` as itself or as its parts."""
    parts = tokens.unglued(word.folded)
    if len(parts) == 1:
        return word
    return AnyOf((word, NumberTerm(None, parts, tuple(WordTerm(part, part) for part in parts))))


def _cites(value: str) -> list[Clause]:
    key = numbers.match_key(value)
    return [CitesTerm(key or fold(value), value)]


def _number_field(value: str) -> list[Clause]:
    words = _words(value)
    if not words:
        return []
    parts = tuple(part for word in words for part in tokens.unglued(word.folded))
    return [InField("number", tuple(WordTerm(part, part) for part in parts))] if (
        key := numbers.match_key(value)) is None else [AnyOf((NumberTerm(key, parts, (), own=True),))]  # fmt: skip


def _file(value: str) -> tuple[InFile, bool] | None:
    """The file of `hoso:`, and False if documents outside it are meant; None for a value without a code."""
    word = re.sub(r"[\W_]", "", fold(value))
    if word in _ANY_OR_NONE:
        return InFile(FILED), _ANY_OR_NONE[word]
    ref = codes.reference(value)
    if not word:
        return None
    return InFile(ref.key if ref.year is None else codes.search_keys(ref.year, ref.key)[1]), True


def _tag(value: str) -> tuple[Having, bool] | None:
    """The tag of `nhan:`, and False if documents without one are meant; None for a value without letters."""
    key = key_of(value)
    if key in _ANY_OR_NONE:
        return Having("tag", (TAGGED,)), _ANY_OR_NONE[key]
    return (Having("tag", (key,)), True) if key else None


def _effect(value: str) -> InEffect | None:
    """The state, or the day in force, of `hieuluc:`; None for any other value."""
    if (state := EFFECTS.get(re.sub(r"[\W_]", "", fold(value)))) is not None:
        return InEffect(state)
    parts = _date_parts(value)
    if parts is None or None in parts:
        return None
    day = "{:04}-{:02}-{:02}".format(*parts)
    # No document ends after the year 9998, and a day after it has to be.
    return InEffect("in_force", day) if day_of(day) and day < "9999" else None


def _whole_number(text: str) -> NumberTerm | None:
    if not _looks_like_number(text):
        return None
    mended = _MISREAD.sub(lambda match: match.group().translate(_DIGITS), text)
    for spelled in dict.fromkeys((text, mended)):
        if (key := numbers.match_key(spelled)) is not None:
            return NumberTerm(key, (), _words(spelled))
    return None


def _looks_like_number(text: str) -> bool:
    return (
        len(text) <= _LONGEST_NUMBER
        and any(c.isdigit() or c in "lIoO" for c in text[:6])
        and any(c in "/-" for c in text)
    )


def _short_numbers(text: str) -> list[NumberTerm]:
    """`31 KH STTTT`, `KH31`, `Kế hoạch 31`: the parts of a number among the words; three at most."""
    found = []
    for match in _SHORT_NUMBER.finditer(text):
        parts = tuple(part for word in _words(match.group()) for part in tokens.unglued(word.folded))
        if len(parts) > 1 and any(part.isdigit() for part in parts):
            found.append(NumberTerm(numbers.match_key(match.group()), parts, ()))
    return found[:3]


def _bounds(name: str, value: str) -> Dates | None:
    """The dates that `nam:`, `tu:` or `den:` allow; None if the value is no date."""
    if ".." in value and name == "year":
        first, _, last = value.partition("..")
        lower, upper = _bounds("from", first), _bounds("to", last)
        return Dates(lower.start if lower else None, upper.end if upper else None) if lower or upper else None
    parts = _date_parts(value)
    if parts is None:
        return None
    year, month, day = parts
    start = f"{year}-{month or 1:02}-{day or 1:02}"
    end = f"{year}-{month or 12:02}-{day or 31:02}"
    if name == "year":
        return Dates(f"{year}-01-01", f"{year}-12-31")
    return Dates(start=start) if name == "from" else Dates(end=end)


def _date_parts(value: str) -> tuple[int, int | None, int | None] | None:
    value = value.strip()
    if match := _ISO.match(value):
        year, month, day = match.groups()
    elif match := _VIETNAMESE_DATE.match(value):
        day, month, year = match.groups()
    else:
        return None
    numbers_read = int(year), int(month) if month else None, int(day) if day else None
    fits = (numbers_read[1] is None or 1 <= numbers_read[1] <= 12) and (
        numbers_read[2] is None or 1 <= numbers_read[2] <= 31
    )
    return numbers_read if fits else None


def _narrow(first: Dates, second: Dates) -> Dates:
    start = max(filter(None, (first.start, second.start)), default=None)
    end = min(filter(None, (first.end, second.end)), default=None)
    return replace(first, start=start, end=end)
