"""Values of the record that words were taken for, as nodes of a plan: required, found first, or preferred."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from corpus.numbering.typed_days import today
from search.engines.base import POSSIBLE, UNSCORED, YEAR, Adjacent, Every, Node, Some, Starts, Term, Within
from search.query import vocabulary
from search.query.clauses import Clause, FirstDigits, NumberTerm, Query, Same, Understood, WordTerm

_HINT = 5.0
"""Score of a value of the record that the words of a question may mean; a rare word scores some 8."""
_ABOUT = 8.0
"""Score of a subject that has every word of a query: more than one rare word can outweigh."""
_SIGNER = 6.0
"""Score of a signer whose name is among the words."""
_NEWER = 0.02
"""Score of each year by which a document is newer, among the last _YEARS: decides between equals."""
_YEARS = 8


def first(query: Query) -> tuple[Node, ...]:
    """Nodes of documents that come before all others: numbers, then values of the record."""
    nodes = [node for number in query.numbers for node in _firsts(number)]
    values = [titled(clause) for clause in query.must if isinstance(clause, Understood)]
    digits = next((clause.word.folded for clause in query.must if isinstance(clause, FirstDigits)), None)
    if digits is not None:
        own, possible = _ordinal(digits), Term("maybe", f"{POSSIBLE}{digits}")
        nodes += [every([*values, own]), every([*values, possible]), own, every([*values, begun(digits)])]
    elif values:
        signed = [clause for clause in query.must if isinstance(clause, Understood) and clause.kind == "signer"]
        nodes += [every([*values, *map(firm, signed)])] if signed else []
        alone = all(isinstance(clause, Understood) for clause in query.must)
        nodes += [every([firm(each) for each in query.meant])] if alone else []
        nodes.append(every(values))
    days = [clause.dates.start for clause in query.must if isinstance(clause, Understood) and clause.kind == "day"]
    return (*nodes, *(Term("maybe", day) for day in days if day is not None))


def _firsts(number: NumberTerm) -> list[Node]:
    nodes: list[Node] = [] if number.key is None else [Term("keys", number.key)]
    if number.parts:
        nodes.append(every([Term("number", part) for part in number.parts]))
    return nodes


def firm(meant: Understood) -> Node:
    """Documents that have a value in their record."""
    match meant.kind:
        case "type":
            return Every(tuple(Term("type", word) for word in meant.value))
        case "body":
            named: Node = Every(tuple(Term("issuer", word) for word in meant.value))
            codes = tuple(Term("number", code) for code in meant.codes)
            return Some((named, *codes)) if codes else named
        case "signer":
            return signed_by(meant.value)
        case _:
            return Within("date", meant.dates.start, meant.dates.end)


def signed_by(name: tuple[str, ...]) -> Node:
    """Documents that somebody of this name (folded words) signed; two signers of one paper may have its words."""
    return Every((*(Term("signer", word) for word in name), Adjacent("fold", name)))


def titled(meant: Understood) -> Node:
    """Documents that have a value in their record; those with a type, a body or a year in the subject instead, its
    words next to each other, by its name or as typed.
    """
    match meant.kind:
        case "type" | "body":
            typed = tuple(word.folded for word in meant.words)
            return Some((firm(meant), *(_in_subject(words) for words in dict.fromkeys((meant.value, typed)))))
        case "year":
            return Some((firm(meant), Term("subject", meant.words[-1].folded)))
        case "signer":
            return Some((firm(meant), Adjacent("fold", meant.value)))
        case "range" if len(years := [word.folded for word in meant.words if word.folded.isdigit()]) == 2:
            return Some((firm(meant), Term("couples", "_".join(years))))
        case _:
            return firm(meant)


def _in_subject(words: tuple[str, ...]) -> Node:
    """Documents whose subject has these folded words, each next to the one before."""
    pairs = [Term("couples", f"{one}_{other}") for one, other in pairwise(words)]
    return every([*pairs]) if pairs else Term("subject", words[0])


def loose(clause: Clause, *, broad: bool) -> Node | None:
    """A value, or the words that were taken for it, in any place of the text; None for a clause that has neither
    value nor digits.
    """
    match clause:
        case Understood("day", _, _, _, dates):
            day = dates.start or ""
            return Some((firm(clause), Term("mentions", day), Term("maybe", day)))
        case Understood("range", words):
            opened = words[0].folded in ("tu", "truoc", "sau")
            return firm(clause) if opened else Some((firm(clause), Adjacent("fold", _bare_words(words))))
        case Understood("month" | "quarter", words):
            return Some((firm(clause), Adjacent("fold", _bare_words(words))))
        case Understood("signer", _, value):
            return Some((firm(clause), every([Term("fold", word) for word in value])))
        case Understood(kind, words):
            said = words[-1:] if kind == "year" else words
            said_all = every([word_node(word, accented=word.accented and not broad) for word in said])
            spelled = (Adjacent("fold", clause.value),) if kind == "body" else ()
            return Some((titled(clause), said_all, *spelled))
        case FirstDigits(word):
            possible = Term("maybe", f"{POSSIBLE}{word.folded}")
            return Some((begun(word.folded), Term("fold", word.folded), possible))
        case _:
            return None


def _bare_words(words: tuple[WordTerm, ...]) -> tuple[str, ...]:
    return tuple(word.folded for word in words)


def begun(digits: str) -> Node:
    """Documents whose number begins with these digits; one digit alone is a number of its own."""
    return Some((_ordinal(digits), Starts("number", digits))) if len(digits) > 1 else _ordinal(digits)


def _ordinal(digits: str) -> Node:
    """Documents with this number: `4` is written `04`."""
    other = f"0{digits}" if len(digits) == 1 else digits.lstrip("0")
    return (
        Some((Term("number", digits), Term("number", other)))
        if other not in ("", digits)
        else Term("number", digits)
    )


def worth(clause: Understood | Same, score: float = _HINT) -> Node:
    """A node that adds a score to documents with a value, whatever its words are worth."""
    if isinstance(clause, Same):
        return Some(tuple(adjacent(form, broad=False, boost=0.3) for form in clause.others))
    match clause.kind:
        case "type" | "body" | "signer":
            field = {"type": "type", "body": "issuer", "signer": "signer"}[clause.kind]
            return _constant(field, clause.value, score)
        case "day":
            return Term("mentions", clause.dates.start or "", score / UNSCORED)
        case _:
            return Term("keys", f"{YEAR}{(clause.dates.start or '')[:4]}", score / UNSCORED)


def _constant(field: str, words: tuple[str, ...], score: float) -> Node:
    """Documents with all of these words in a field that is not scored; together they are worth `score`."""
    return every([Term(field, word, score / len(words) / UNSCORED) for word in words])


def signers(words: tuple[WordTerm, ...]) -> Iterator[Node]:
    """Three or two words that begin with a surname, as a signer's name; two at most."""
    found = 0
    for at, word in enumerate(words):
        if word.folded in vocabulary.surnames() and found < 2 and len(words) - at > 1:
            found += 1
            yield _constant("signer", tuple(each.folded for each in words[at : at + 3]), _SIGNER)


def about(words: tuple[WordTerm, ...]) -> Iterator[Node]:
    """Documents whose subject has every word, with the accents as typed."""
    different = tuple(dict.fromkeys(words))
    if len(different) > 1:
        named = [("heading", word.text) if word.accented else ("subject", word.folded) for word in different]
        yield Every(tuple(Term(field, text, _ABOUT / len(named)) for field, text in named))


def newest() -> Iterator[Node]:
    """The newer of documents that are alike come first."""
    year = int(today()[:4])
    return (Term("keys", f"{YEAR}{year - ago}", _NEWER * (_YEARS - ago) / UNSCORED) for ago in range(_YEARS))


def word_node(word: WordTerm, *, accented: bool, boost: float = 1.0) -> Term:
    return Term("syl", word.text, boost) if accented else Term("fold", word.folded, boost)


def adjacent(words: tuple[WordTerm, ...], *, broad: bool, boost: float = 1.0) -> Node:
    """Words next to each other, with their accents unless broad."""
    if any(word.accented for word in words) and not broad:
        return Adjacent("syl", tuple(word.text for word in words), boost)
    return Adjacent("fold", tuple(word.folded for word in words), boost)


def every(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Every(tuple(nodes))
