"""Words of a question taken for values of the record, and those that stay words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import planning
from search.query.clauses import FirstDigits, Same, WordTerm
from search.query.understanding import quoted, understood, without_fillers

UNDERSTOOD = [
    ("công văn sở y tế về tiêm chủng 2017", [("type", "Công văn"), ("body", "Sở Y tế"), ("year", "")],
     ["về", "tiêm", "chủng"], "type, body and year"),
    ("cong van so y te tiem chung", [("type", "Công văn"), ("body", "Sở Y tế")], ["tiem", "chung"],
     "without accents"),
    ("cv 574 ubnd", [("type", "Công văn"), ("body", "Ủy ban nhân dân")], [], "symbols"),
    ("QĐ 84", [("type", "Quyết định")], [], "a symbol with a number"),
    ("sở y tế kiên giang", [("body", "Sở Y tế Kiên Giang")], [], "a body with its place"),
    ("các văn bản của bộ y tế năm 2020", [("body", "Bộ Y tế"), ("year", "")], ["của"],
     "words before the question"),
    ("văn bản do ông Nguyễn Trúc Giang ký", [("signer", "Nguyễn Trúc Giang")], [], "a signer"),
    ("27/4/2022", [("day", "")], [], "a day"),
    ("thi đua kế hoạch", [], ["thi", "đua", "kế", "hoạch"], "a type within the words is a word"),
    ('"công văn" tiêm chủng', [], ["tiêm", "chủng"], "quoted words stay words"),
    ('tiêm chủng "2017"', [], ["tiêm", "chủng", "2017"], "one quoted word stays a word"),
    ("da liễu", [], ["da", "liễu"], "a symbol that can be read is a word"),
    ("công bộ", [], ["công", "bộ"], "other accents are other words"),
    ("05 2012 TT BTC", [("year", ""), ("type", "Thông tư"), ("body", "Bộ Tài chính")], [],
     "the digits of a number are no month"),
    ("2020 QĐ TTg", [("type", "Quyết định"), ("body", "Thủ tướng Chính phủ")], [], "nor a year"),
    ("05 2012 tiêm chủng", [("month", "")], ["tiêm", "chủng"], "a month before other words"),
    ("2020 ubnd tỉnh", [("year", ""), ("body", "Ủy ban nhân dân tỉnh")], [], "a year before a body"),
    ("V/v tiêm chủng", [], ["tiêm", "chủng"], "words before a subject"),
    ("V/v: 2107/SYT-NVY", [], [], "the same before a number"),
    ("tt 06/2017 bgtvt", [("type", "Thông tư"), ("body", "Bộ Giao thông vận tải")], [],
     "number and year of a law"),
    ("cv 06/2017", [("type", "Công văn"), ("month", "")], [], "no letter has the year in its number"),
    ("thông tư tháng 06/2017", [("type", "Thông tư"), ("month", "")], [], "a month by name"),
    ("kcb tphcm", [], [], "a body's symbol that is what everybody writes for its subject"),
    ("thuế thu nhập", [], ["thuế", "thu", "nhập"], "a word that is a body's name too"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "values", "words", "reason"), UNDERSTOOD, ids=[row[3] for row in UNDERSTOOD])
def test_understood(text: str, values: list[tuple[str, str]], words: list[str], reason: str) -> None:
    query = understood(text)
    assert [(one.kind, one.label) for one in query.meant] == values, reason
    assert [clause.text for clause in query.must if isinstance(clause, WordTerm)] == words, reason


def test_a_long_question_keeps_its_words_and_prefers_the_values() -> None:
    query = understood("công văn của sở y tế về việc triển khai tiêm chủng mở rộng cho trẻ em dưới một tuổi")
    assert [one.kind for one in query.hints if one in query.meant] == ["type", "body"]
    assert planning.is_question(query)


@pytest.mark.parametrize(("text", "words", "reason"), [
    ("kiểm tra về chất thải của trường", ["kiểm", "tra", "chất", "thải", "trường"], "words that join others"),
    ("ve cua hang", ["ve", "cua", "hang"], "without accents a word may be another one"),
    ("của và", ["của", "và"], "nothing else is left"),
])  # fmt: skip
def test_words_that_join_others_are_let_go(text: str, words: list[str], reason: str) -> None:
    query = without_fillers(understood(text))
    assert [clause.text for clause in query.must if isinstance(clause, WordTerm)] == words, reason


SIGNED = [
    ("Nguyễn Văn Hải công văn", [("signer", "Nguyễn Văn Hải"), ("type", "Công văn")], [], "a name, then a type"),
    ("bác sĩ nguyen van hai ký", [("signer", "Nguyen Van Hai")], [], "between other words"),
    ("giám đốc Nguyễn Hải", [("signer", "Nguyễn Hải")], [], "two words behind a title"),
    ("người ký Nguyễn Văn Hải thông báo", [("signer", "Nguyễn Văn Hải"), ("type", "Thông báo")], [],
     "a name ends where somebody's does"),
    ("nguyễn hải", [], ["nguyễn", "hải"], "two words alone are no name"),
    ("trần văn hải", [], ["trần", "văn", "hải"], "nobody of this name"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "values", "words", "reason"), SIGNED, ids=[row[3] for row in SIGNED])
def test_signers(text: str, values: list[tuple[str, str]], words: list[str], reason: str) -> None:
    known = {("nguyen", "van", "hai"), ("nguyen", "hai")}
    query = understood(text, has_signed=known.__contains__)
    assert [(one.kind, one.label) for one in query.meant] == values, reason
    assert [clause.text for clause in query.must if isinstance(clause, WordTerm)] == words, reason


@pytest.mark.parametrize(("text", "digits"), [("506", "506"), ("số 506", "506"), ("kế hoạch số 31", "31")])
def test_digits_of_a_number(text: str, digits: str) -> None:
    assert [clause.word.text for clause in understood(text).must if isinstance(clause, FirstDigits)] == [digits]


@pytest.mark.parametrize(("text", "other"), [
    ("bhyt", "bảo hiểm y tế"), ("bảo hiểm y tế", "bhyt"), ("bao hiem y te", "bhyt"), ("vaccine", "vắc xin"),
    ("vacxin", "vaccine"), ("kì thi", "kỳ"), ("cntt", "công nghệ thông tin"),
])  # fmt: skip
def test_another_spelling(text: str, other: str) -> None:
    (same,) = [clause for clause in understood(text).must if isinstance(clause, Same)]
    assert other in [" ".join(word.text for word in form) for form in same.others]


@pytest.mark.parametrize(("text", "at", "expected"), [
    ("công văn sở y tế", 0, '"công văn" sở y tế'),
    ("công văn sở y tế", 1, 'công văn "sở y tế"'),
    ("tiêm chủng 6-11-2017", 0, 'tiêm chủng "6-11-2017"'),
])  # fmt: skip
def test_a_value_is_taken_back(text: str, at: int, expected: str) -> None:
    meant = understood(text).meant[at]
    assert quoted(text, meant) == expected
    assert meant.kind not in [one.kind for one in understood(expected).meant]


@given(st.text())
def test_no_text_makes_an_error(text: str) -> None:
    query = understood(text)
    for plan in (planning.exact, planning.loose, planning.broad, planning.relaxed):
        plan(query)
    for meant in query.meant:
        understood(quoted(text, meant))
