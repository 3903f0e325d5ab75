"""Answers to typed questions in a real store, on each engine: order, words let go, notes about both."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus.database.store import Store
from search.index import current, indexer
from search.query.negation import with_whole_negations
from search.results import finder

VACCINES, LETTER, CITING, WASTE, STATE, LONG = 1, 2, 3, 4, 5, 6


@pytest.fixture(params=["whoosh", "tantivy", pytest.param("opensearch", marks=pytest.mark.cluster)], autouse=True)
def filled(request: pytest.FixtureRequest, store: Store, put: Callable[..., int]) -> Store:
    """Six documents, indexed."""
    put("Ngày 15/3/2017. Tiêm chủng mở rộng, vắc xin cho trẻ em", number="2013/SYT-NVY", date="2017-10-23",
        kind="Công văn", issuer="Sở Y tế tỉnh Kiên Giang", subject="Tiêm chủng mở rộng năm 2018",
        signer="Nguyễn Trúc Giang")  # fmt: skip
    put("Thẻ BHYT của học sinh. Kiên Giang", number="574/UBND-KGVX", date="2017-03-15", kind="Công văn",
        issuer="Ủy ban nhân dân tỉnh Kiên Giang", subject="Cấp thẻ bảo hiểm", signer="Lê Hoàng Anh")  # fmt: skip
    put("Căn cứ Công văn số 574/UBND-KGVX. Nguyễn Trúc Giang chủ trì, Sở Y tế phối hợp công văn 2018",
        number="5065/QĐ-SYT", date="2018-05-02", kind="Quyết định", issuer="Sở Y tế tỉnh Kiên Giang",
        subject="Khen thưởng", cites=("574/UBND-KGVX",))  # fmt: skip
    put("Quản lý chất thải y tế", number="5066/QĐ-SYT", date="2018-06-01", kind="Quyết định",
        issuer="Sở Y tế tỉnh Kiên Giang", subject="Chất thải")  # fmt: skip
    put("Thái độ phục vụ. ﬁle Ðặng Đình Thử", number="7/TB-SNV", date="2019-01-01", kind="Thông báo",
        issuer="Sở Nội vụ", subject="Thái độ")  # fmt: skip
    put("Hạn cuối nhận hồ sơ thi đua là tháng sau", number="2276/TB-SYT", date="2018-01-05", kind="Thông báo",
        issuer="Sở Y tế tỉnh Kiên Giang", subject="Nộp báo cáo")  # fmt: skip
    indexer.rebuild(store, request.param)
    return store


FIRST = [
    ("15/3/2017", [LETTER, VACCINES], "the day of issue before the day in a text"),
    ("ngày 15 tháng 3 năm 2017", [LETTER, VACCINES], "the same in words"),
    ("tháng 10 năm 2017", [VACCINES], "a month"),
    ("công văn 574", [LETTER], "type and number"),
    ("cv 574 ubnd", [LETTER], "in short"),
    ("574", [LETTER, CITING], "a number before those that have it in the text"),
    ("506", [CITING, WASTE], "part of a number"),
    ("so:574/UBND-KGVX", [LETTER], "the paper itself, not those that cite it"),
    ("công văn sở y tế", [VACCINES, CITING], "type and body before those that only have the words"),
    ("syt tiêm chủng", [VACCINES], "a body in short"),
    ("văn bản do ông Nguyễn Trúc Giang ký", [VACCINES, CITING], "the signer before one who is only named"),
    ("nguyễn trúc giang", [VACCINES, CITING], "his name alone"),
    ("nguyễn trúc giang công văn", [VACCINES], "a signer and a type"),
    ("quyết định ngày 1/6/2018 của sở y tế", [WASTE], "values with a word between"),
    ("thông báo 07", [STATE], "a nought before a number"),
    ("số ký hiệu: 574/UBND-KGVX", [LETTER], "the name of a field as registers print it"),
    ("loại văn bản: quyết định chất thải", [WASTE], "the same of a type"),
    ("bhyt", [LETTER], "an abbreviation"),
    ("bảo hiểm y tế", [LETTER], "what is only abbreviated"),
    ("vaccine", [VACCINES], "a loan word in another spelling"),
    ("tiêm chủng 2018", [VACCINES], "a year that the subject names"),
    ("thải", [WASTE], "no other accents where there are some as typed"),
    ("Ðặng Đình Thử", [STATE], "Eth for Đ, in text and question"),
    ("dang dinh thu", [STATE], "Eth without accents"),
    ("file", [STATE], "a ligature"),
]  # fmt: skip


def test_first(filled: Store) -> None:
    for text, expected, reason in FIRST:
        found = [hit.id for hit in finder.find(filled, text).hits]
        assert found[: len(expected)] == expected, f"{reason}: {text}"


def test_what_departs_from_the_question_is_told(filled: Store) -> None:
    other = finder.find(filled, "thãi")
    assert {hit.id for hit in other.hits} == {WASTE, STATE} and other.other_accents == ("thãi",)
    values = finder.find(filled, "công văn sở y tế")
    assert (values.having, values.total) == (1, 2)
    most = finder.find(filled, "nộp hồ sơ thi đua hạn xyzzy")
    assert most.hits[0].id == LONG and most.complete == 0 and most.unknown == ("xyzzy",)
    assert most.hits[0].missing == ("xyzzy",)
    plain = finder.find(filled, "chất thải")
    assert (plain.having, plain.complete, plain.other_accents, plain.unknown) == (None, None, (), ())


LET_GO = [
    ("xyzzy tiêm chủng", VACCINES, ("xyzzy",), "a word that no paper has"),
    ("bv tiêm chủng trẻ em", VACCINES, ("bv",), "among known ones"),
    ("tb 2013", VACCINES, (), "a type that the number has not"),
    ("574 2013", LETTER, (), "two numbers"),
    ("tiêm chủng mở rộng 2016", VACCINES, (), "a year that no paper has"),
]


def test_a_word_too_many_is_let_go(filled: Store) -> None:
    for text, expected, unknown, reason in LET_GO:
        found = finder.find(filled, text)
        assert expected in [hit.id for hit in found.hits][:2], reason
        assert (found.complete, found.unknown, found.other_accents) == (0, unknown, ()), reason


def test_one_word_in_other_accents_comes_before_all(filled: Store, put: Callable[..., int]) -> None:
    put("Thái độ quân lý của chật chội", number="1/BC-X")
    indexer.sync(filled)
    found = finder.find(filled, "quản lý chất thái")
    assert [hit.id for hit in found.hits] == [WASTE] and found.other_accents == ("thái",)


def test_papers_that_fulfil_what_was_understood_are_counted_alone(filled: Store, put: Callable[..., int]) -> None:
    named = put("Một", number="1/QĐ-X", kind="Quyết định", date="2025-04-01", subject="Bãi bỏ Công văn số 5")
    planned = put("Hai", number="2/CV-X", kind="Công văn", date="2024-12-01", subject="Kế hoạch năm 2025")
    scattered = put("Ba", number="3/QĐ-X", kind="Quyết định", date="2025-03-01", subject="Công bố văn bản")
    letter = put("Bốn", number="4/CV-X", kind="Công văn", date="2025-02-01", subject="Họp")
    indexer.sync(filled)
    found = finder.find(filled, "công văn 2025")
    assert (found.having, found.total) == (1, 4), "one letter of 2025; three papers that have the words"
    ids = [hit.id for hit in found.hits]
    assert ids[0] == letter and set(ids[1:3]) == {named, planned} and ids[3] == scattered
    for at in range(10):
        put(f"Năm {at}", number=f"{at + 10}/CV-X", kind="Công văn", date=f"2025-05-{at + 1:02}")
    indexer.sync(filled)
    many = finder.find(filled, "công văn 2025", limit=30)
    assert (many.having, many.total) == (11, 13), "scattered words of a subject are no name"
    assert {hit.id for hit in many.hits[11:]} == {named, planned}, "those that only name the values come last"
    assert finder.find(filled, "thông báo sở y tế").having is None, "nothing else is found"


def test_a_subject_has_the_short_form_as_typed(filled: Store, put: Callable[..., int]) -> None:
    for at in range(10):
        put(f"Họp {at}", number=f"{at + 1}/GM-UBND", issuer="Ủy ban nhân dân tỉnh Kiên Giang", subject="Họp lệ")
    told = put("Khác", number="9/QĐ-TTPV", issuer="Trung tâm Phục vụ", subject="Lịch họp của UBND tỉnh")
    indexer.sync(filled)
    assert told in [hit.id for hit in finder.find(filled, "ubnd họp").hits]


def test_a_subject_with_every_word_comes_before_a_longer_text(filled: Store, put: Callable[..., int]) -> None:
    put("nước sạch nước sạch nông thôn nông thôn", number="1/BC-X", subject="Cấp nước nông thôn")
    own = put("Một " * 30, number="2/BC-X", subject="Hướng dẫn thẩm định thiết kế công trình nước sạch nông thôn")
    indexer.sync(filled)
    assert finder.find(filled, "nông thôn nước sạch").hits[0].id == own


def test_no_mark_on_other_accents(filled: Store) -> None:
    (hit,) = finder.find(filled, "thái độ").hits
    assert "<mark>Thái độ</mark>" in hit.snippet
    (waste,) = finder.find(filled, "quản lý thái OR chất").hits
    assert "<mark>Quản lý chất</mark> thải" in waste.snippet


def test_a_typing_error_is_mended_by_the_word_next_to_it(filled: Store, put: Callable[..., int]) -> None:
    for _ in range(3):
        put("giam giữ", str(_))
    indexer.sync(filled)
    assert finder.find(filled, "kiên giag").suggestion == "kiên giang"


def test_many_alike_are_counted(filled: Store, put: Callable[..., int]) -> None:
    for at in range(4):
        put(f"Lịch nghỉ {at}", number=f"{at + 30}/TB-SNV", subject="Nghỉ lễ", date=f"202{at}-01-01")
        put(f"Trực {at}", number=f"{at + 40}/TB-SNV", subject=f"Phân công trực tết Nguyên đán năm 202{at}")
    put("Trực", number="50/TB-SNV", subject="Phân công người trực điện thoại")
    indexer.sync(filled)
    found = finder.find(filled, "nghỉ lễ")
    assert finder.find(filled, "phân công trực").alike == 4, "but for the year"
    assert found.alike == 4 and [hit.date for hit in found.hits][:2] == ["2023-01-01", "2022-01-01"]
    assert finder.find(filled, "chất thải").alike == 0


def test_state_and_urgency_of_a_hit(filled: Store) -> None:
    states = {hit.id: hit.status for hit in finder.find(filled, "sở y tế").hits}
    assert (states[VACCINES], states[WASTE]) == ("accepted", "review")


LEFT_OUT = [
    ("sở y tế -chất thải", ("chất thải",), WASTE, "a compound by the places of its words"),
    ("so y te -chat thai", ("chat thai",), WASTE, "the same without accents"),
    ('sở y tế -"chất thải"', ("chất thải",), WASTE, "a phrase as typed"),
    ("-chất thải sở y tế", ("chất thải",), WASTE, "in front"),
    ("sở y tế -thưởng phối", ("thưởng",), None, "two words that no paper has together"),
    ("sở y tế -chất", ("chất",), WASTE, "one word"),
    ("sở y tế", (), None, "nothing"),
]


def test_words_that_belong_to_a_negated_one_are_negated_with_it(filled: Store) -> None:
    everything = {hit.id for hit in finder.find(filled, "sở y tế").hits}
    for text, words, gone, reason in LEFT_OUT:
        found = finder.find(filled, text)
        assert found.left_out == words, reason
        if gone is not None:
            assert {hit.id for hit in found.hits} == everything - {gone}, reason


def test_pairs_of_words_seldom_apart_are_negated_whole(filled: Store, put: Callable[..., int]) -> None:
    for at in range(6):
        put(f"Chất lượng {at}, khí thải, chất thải {at}" if at else "chất thải", number=f"{at}/X")
    indexer.sync(filled)
    engine = current.reader(filled)
    assert engine is not None
    assert with_whole_negations(engine, "khí -chất lượng cao", None) == 'khí -"chất lượng" cao'
    assert with_whole_negations(engine, "khí -chất OR lượng", None) == "khí -chất OR lượng"
    assert with_whole_negations(engine, "31-chất thải", None) == "31-chất thải", "a sign within a word"
