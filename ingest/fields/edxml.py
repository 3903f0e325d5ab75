"""The record of a paper that came in an edXML message: the message's values are exact, and compared with it.

Where both say the same, the message's spelling goes on record with the paper's place as evidence, and the paper's
doubt ends. Where they differ, it is an open question with both values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rapidfuzz import fuzz

from corpus.authority.bodies import tidy
from corpus.authority.doc_types import doc_type_named
from corpus.authority.identity import issuer_key
from corpus.document import EXCHANGE_STATE, Candidate, Citation, Field, Fields, Relation, Statement, Warning
from corpus.edxml.codes import NEW, RECALL, UPDATE, mark_of, status_words
from corpus.field_labels import LABELS
from corpus.json_shapes import with_values
from corpus.numbering.number import match_key, parse
from corpus.record_fields import BY_NAME
from corpus.vietnamese.fold import fold
from ingest.cautions import make_warning
from ingest.files.edxml_message import Envelope, Referred

_ALIKE = 90.0
"""Likeness of two folded texts, 0 to 100, from which one is a misreading of the other."""
_FIGURES = re.compile(r"\d+")
_ASKED = 0.5
"""Confidence of each side of a contradiction."""
_AUTHORITIES = ("kt", "tm", "tl", "tuq", "q.", "quyen")
"""Beginnings of a signing authority; programs also write words such as `Trực tiếp` there."""
_LEAST_CUT = 50
"""Letters from which a value of a message may be the beginning of a longer one."""
_NUMBER_NOTES = frozenset({"number_missing", "number_blank", "number_handwritten"})
_ACTS = {RECALL: "thu hồi", UPDATE: "cập nhật"}

Read = tuple[Fields, tuple[Warning, ...]]
Same = Callable[[str, str], bool]


def message_fields(read: Read, envelope: Envelope, *, has_paper: bool) -> Read:
    """The record and its warnings: those `read` from the paper, under the values of the message."""
    fields, warnings = read
    if envelope.state is not None:
        return _state_fields(envelope), ()
    if not has_paper:
        fields, warnings = Fields(), ()
    values: dict[str, Field | None] = {}
    told: list[Warning] = []
    for name, said, same in _message_values(envelope):
        paper: Field | None = BY_NAME[name].of(fields)
        values[name] = _weigh(name, said, paper, same)
        told += _contradiction(name, values[name], paper)
    values["urgency"] = _urgency(envelope.priority, fields.urgency)
    told += _contradiction("urgency", values["urgency"], fields.urgency)
    addressees = _many("addressees", tuple(one.name for one in envelope.to if one.name), fields.addressees)
    recipients = _many("recipients", envelope.places, fields.recipients)
    for name in _spoilt(envelope):
        if (value := values.get(name)) is not None:
            values[name] = replace(value, review=True)
    number: Field | None = values["number"]
    if number is not None and envelope.business != NEW:
        values["number"] = replace(number, review=True)
    settled = number is not None and bool(envelope.number)
    kept = tuple(one for one in warnings if not (settled and one.code in _NUMBER_NOTES))
    lists = {"addressees": addressees, "recipients": recipients}
    return with_values(fields, {**values, **lists}), (*kept, *told)


def message_warnings(envelope: Envelope) -> tuple[Warning, ...]:
    """Warnings about the message itself: deviations, a recall or replacement, a signature that is not verified."""
    found = []
    if envelope.deviations:
        found.append(make_warning("edxml_invalid", why=envelope.deviations[0]))
    if envelope.state is None and envelope.business != NEW:
        act = _ACTS.get(envelope.business, "thay thế")
        numbers = ", ".join(one.number for one in envelope.replaces)
        found.append(make_warning("edxml_not_new", act=f"{act} {numbers}".strip(), reason=envelope.reason or "—"))
    if envelope.signed:
        found.append(make_warning("edxml_signature"))
    return tuple(found)


def message_citations(
    read: tuple[tuple[Citation, ...], tuple[Statement, ...]], envelope: Envelope
) -> tuple[tuple[Citation, ...], tuple[Statement, ...]]:
    """The citations with those that the message names: what it answers, recalls or replaces."""
    if envelope.state is not None:
        named = (_citation(one, "refers") for one in envelope.answers)
        return tuple(one for one in named if one is not None), ()
    citations, statements = list(read[0]), read[1]
    replacing: Relation = "revokes" if envelope.business == RECALL else "replaces"
    pairs: list[tuple[Referred, Relation]] = [(one, "replies") for one in envelope.answers]
    pairs += [(one, replacing) for one in envelope.replaces if one.number != envelope.number]
    for one, relation in pairs:
        key = match_key(one.number) if one.number else None
        at = next((n for n, c in enumerate(citations) if c.number and match_key(c.number) == key), None)
        if at is not None:
            citations[at] = replace(citations[at], relation=relation)
        elif (made := _citation(one, relation)) is not None:
            citations.append(made)
    return tuple(citations), statements


def _message_values(envelope: Envelope) -> tuple[tuple[str, str, Same], ...]:
    """Field, value of the message, and the comparison that tells if the paper says the same."""
    number = parse(envelope.number) if envelope.number else None
    competence = envelope.competence if fold(envelope.competence).replace("/", "").startswith(_AUTHORITIES) else ""
    return (
        ("number", number.canonical if number else envelope.number, _same_number),
        ("date", envelope.day or "", str.__eq__),
        ("doc_type", doc_type_named(envelope.doc_type) or envelope.doc_type, _is_alike),
        ("issuer", _body(envelope.sender.name), _same_body),
        ("superior", _body(envelope.sender.superior), _same_body),
        ("subject", envelope.subject, _is_alike),
        ("place", envelope.place, _is_equal),
        ("signer_name", envelope.full_name, _is_equal),
        ("signer_title", envelope.position, _is_alike),
        ("signer_authority", competence, _is_alike),
    )


def _body(name: str) -> str:
    return tidy(name) if name.isupper() else name


def _weigh(name: str, said: str, paper: Field | None, same: Same) -> Field | None:
    """One field of the record from the message's value and the paper's."""
    if not said:
        return paper
    rule = f"{name}.edxml"
    if paper is None:
        return Field(said, said, 1.0, rule=rule)
    if _is_cut(said, paper.value):
        return replace(paper, confidence=1.0, review=False, candidates=(), rule=rule)
    read = [paper.value, paper.printed, *(one.value for one in paper.candidates if paper.review)]
    if any(same(said, one) for one in read):
        return replace(paper, value=said, confidence=1.0, review=False, candidates=(), rule=rule)
    both = (Candidate(said, _ASKED), Candidate(paper.value, _ASKED))
    return replace(paper, value=said, confidence=_ASKED, review=True, candidates=both, rule=rule)


def _contradiction(name: str, chosen: Field | None, paper: Field | None) -> list[Warning]:
    """The warning for a field whose two values are both candidates."""
    if chosen is None or paper is None or not chosen.review or not chosen.rule.endswith(".edxml"):
        return []
    other = chosen.value if chosen.value != paper.value else "Thường"
    return [
        make_warning("edxml_differs", paper.page, field=LABELS[name], message=other[:200], paper=paper.value[:200])
    ]


def _urgency(priority: str, paper: Field | None) -> Field | None:
    """The mark of the message's Priority; 0 says that there is none."""
    if not priority:
        return paper
    mark = mark_of(priority) or ""
    if mark or paper is None:
        return _weigh("urgency", mark, paper, _is_alike)
    return replace(
        paper, confidence=_ASKED, review=True, candidates=(Candidate(paper.value, _ASKED),), rule="urgency.edxml"
    )


def _many(name: str, said: tuple[str, ...], paper: tuple[Field, ...]) -> tuple[Field, ...]:
    """A list from the message, with the paper's places; the paper's own where the two name other bodies.

    Receivers of a message are those of this copy only, so that a difference contradicts nothing.
    """
    if not said:
        return paper
    found = [next((one for one in paper if _is_alike(value, one.value)), None) for value in said]
    if paper and not any(found):
        return paper
    rule = f"{name}.edxml"
    if paper and len(paper) > len(said):
        return paper
    return tuple(
        Field(value, value, 1.0, rule=rule) if one is None
        else replace(one, value=value, confidence=1.0, review=False, candidates=(), rule=rule)
        for value, one in zip(said, found, strict=True)
    )  # fmt: skip


def _spoilt(envelope: Envelope) -> set[str]:
    """Fields whose element in the message is not what it must be."""
    ours = {(field.edxml or "").split("/")[-1]: name for name, field in BY_NAME.items() if field.edxml}
    ours |= {"CodeNumber": "number", "CodeNotation": "number"}
    return {ours[name] for name in envelope.deviant if name in ours} - {"addressees", "recipients"}


def _state_fields(envelope: Envelope) -> Fields:
    """The record of a state message: its sender, its day, and what it says of which document."""
    state = envelope.state
    code = state.code if state else ""
    words = status_words(code)
    numbers = ", ".join(one.number for one in envelope.answers if one.number)
    subject = f"{code} {words[0] if words else ''}".strip() + (f": {numbers}" if numbers else "")
    day = (state.at[:10].replace("/", "-") if state else "") or ""
    made = {
        "doc_type": EXCHANGE_STATE, "issuer": envelope.sender.name, "subject": subject,
        "date": day if len(day) == 10 else "",
    }  # fmt: skip
    unknown = words is None
    return with_values(
        Fields(),
        {
            name: Field(value, value, 1.0, review=unknown and name == "subject", page=1, rule=f"{name}.edxml")
            for name, value in made.items()
            if value
        },
    )


def _citation(one: Referred, relation: Relation) -> Citation | None:
    if not one.number:
        return None
    read = parse(one.number)
    day = f" ngày {one.day[8:]}/{one.day[5:7]}/{one.day[:4]}" if one.day else ""
    return Citation(
        f"{one.number}{day}",
        relation,
        number=read.canonical if read else one.number,
        date=one.day,
        trigger="edXML",
    )


def _same_number(said: str, read: str) -> bool:
    key = match_key(said)
    return said == read or (key is not None and key == match_key(read))


def _same_body(said: str, read: str) -> bool:
    return issuer_key(said) == issuer_key(read) or _is_alike(said, read)


def _is_equal(said: str, read: str) -> bool:
    """True if the two differ by case and accents only: one letter more is another person's name."""
    return fold(said).split() == fold(read).split()


def _is_alike(said: str, read: str) -> bool:
    """True if one may be a misreading of the other; figures must be the same."""
    one, other = " ".join(fold(said).split()), " ".join(fold(read).split())
    return one == other or (_FIGURES.findall(one) == _FIGURES.findall(other) and fuzz.ratio(one, other) >= _ALIKE)


def _is_cut(said: str, read: str) -> bool:
    """True if the message has the beginning of what the paper prints, cut at the standard's length."""
    return len(read) > len(said) >= _LEAST_CUT and fold(read).startswith(fold(said))
