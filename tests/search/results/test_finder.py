"""Finding documents in a real store, on each engine: accents, numbers, fields, patience, what was meant."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from corpus import records
from corpus.database.models import PageText
from corpus.database.store import Store
from corpus.document import Box, Word
from corpus.errors import Problem
from corpus.json_shapes import pack_words
from search.index import indexer
from search.results import all_rows, finder, similar, suggest
from tests.scenes import Scenes

PLAN, PARENT, DECREE, SHORT = 1, 2, 3, 4


@pytest.fixture(params=["whoosh", "tantivy", pytest.param("opensearch", marks=pytest.mark.cluster)], autouse=True)
def filled(request: pytest.FixtureRequest, store: Store, put: Callable[..., int], scenes: Scenes) -> Store:
    """Four documents, indexed."""

    def fill(store: Store) -> None:
        _put_four(put)
        indexer.rebuild(store, request.param)
        indexer.forget(store)

    if request.param == "opensearch":  # its index is on the cluster: nothing to copy
        fill(store)
        return store
    return scenes.of(store, f"finder_{request.param}", fill)


def _put_four(put: Callable[..., int]) -> None:
    put("Phong trào thi đua chuyển đổi số. Căn cứ Kế hoạch số 93/KH-UBND ngày 12/4/2022.", "Khen thưởng: nghiêng",
        number="31/KH-STTTT", date="2022-04-27", kind="Kế hoạch",
        issuer="Sở Thông tin và Truyền thông tỉnh Kiên Giang",
        subject="Phát động thi đua chuyển đổi số năm 2022", signer="Nguyễn Văn An", recipients=("Lưu: VT",),
        cites=("93/KH-UBND",))  # fmt: skip
    put("Tổ chức phong trào thi đua. Hoà giải ở cơ sở.", number="93/KH-UBND", date="2022-04-12", kind="Kế hoạch",
        issuer="Ủy ban nhân dân tỉnh Kiên Giang", subject="Tổ chức phong trào thi đua")  # fmt: skip
    put("Nghị định về công tác văn thư", number="30/2020/NĐ-CP", date="2020-03-05", kind="Nghị định",
        issuer="Chính phủ", subject="Công tác văn thư", signed=("valid", "valid_weak_algorithm"))  # fmt: skip
    put("Đua thuyền, thi nấu ăn; họa sĩ", number="131/KH-SVHTT", date="2021-01-01", kind="Kế hoạch",
        issuer="Sở Văn hóa và Thể thao", subject="Lễ hội", signed=("valid_unknown_issuer", "broken"))  # fmt: skip


def found(store: Store, text: str, **more: object) -> list[int]:
    return [hit.id for hit in finder.find(store, text, **more).hits]  # type: ignore[arg-type]


FINDS = [
    ("thi đua", {1, 2, 4}, "all words"),
    ("thi dua", {1, 2, 4}, "without accents all spellings match"),
    ('"thi đua"', {1, 2}, "a phrase"),
    ('"thi dua"', {1, 2}, "a phrase without accents"),
    ("hòa giải", {2}, "old tone placement in the document"),
    ("hoà giải", {2}, "old tone placement in the query"),
    ("họa sĩ", {4}, "other accents"),
    ("thi đua -thuyền", {1, 2}, "a word that must not occur"),
    ("thuyền OR giải", {2, 4}, "either"),
    ("truy*", {1}, "a beginning"),
    ("loai:nghị", {3}, "the type"),
    ("so:93", {2}, "a number's part"),
    ('coquan:"Kiên Giang"', {1, 2}, "the issuer"),
    ("noinhan:vt", {1}, "a recipient"),
    ("nguoiky:an", {1}, "the signer"),
    ('trichyeu:"chuyển đổi số"', {1}, "the subject"),
    ("nam:2022", {1, 2}, "a year"),
    ("tu:2022-04-13", {1}, "from a day"),
    ("den:2020-12-31", {3}, "to a day"),
    ("dan:93/KH-UBND", {1}, "cites"),
    ('cites:"93 kh-ubnd"', {1}, "cites, in another spelling"),
    ("thi đua nam:2022 loai:\"Kế hoạch\"", {1, 2}, "words and fields"),
    ("kyso:co", {3, 4}, "papers with a digital signature"),
    ("kyso:khong", {1, 2}, "papers without one"),
    ("kyso:hợplệ", {3, 4}, "one of its signatures is valid"),
    ("kyso:tincay", {3}, "valid under a root that is known here"),
    ("kyso:loi", {4}, "broken, or changed after"),
    ("kyso:thaydoi", set(), "no paper was changed"),
    ("kyso:hople -kyso:loi", {3}, "all of its signatures hold"),
    ("thi đua kyso:khong", {1, 2}, "words and signatures"),
    ("nghiên", {1}, "a letter left out of a long word"),
    ("không có trong kho", set(), "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "ids", "reason"), FINDS, ids=[row[2] for row in FINDS])
def test_finds(filled: Store, query: str, ids: set[int], reason: str) -> None:
    assert set(found(filled, query)) == ids, reason


@pytest.mark.parametrize("query", ["31/KH-STTTT", "31/kh-stttt", "31 KH STTTT", "31 kh stttt", "KH31",
                                   "3l/KH-STTTT",
                                   "31 /KH - STTTT", "kế hoạch 31/KH-STTTT", "thi đua 31/KH-STTTT"])  # fmt: skip
def test_a_number_in_any_spelling_comes_first(filled: Store, query: str) -> None:
    assert found(filled, query)[0] == PLAN


def test_a_number_finds_what_mentions_it_after_the_document_itself(filled: Store) -> None:
    assert found(filled, "93/KH-UBND") == [PARENT, PLAN]


def test_accents_as_typed_come_first(filled: Store, put: Callable[..., int]) -> None:
    other = put("Hoa giải nhất")
    indexer.sync(filled)
    assert found(filled, "hòa giải")[0] == PARENT
    assert set(found(filled, "hoa giai")) == {PARENT, other}


def test_a_question_is_answered_by_most_of_its_words(filled: Store) -> None:
    asked = "thưa luật sư tôi muốn hỏi hoà giải ở cơ sở được tổ chức như thế nào ạ"
    assert found(filled, asked)[:1] == [PARENT]
    assert found(filled, "hoà giải ở sân bay") == [PARENT], "most of four words, once no document holds all"
    let_go = finder.find(filled, "hoà giải xyzzy")
    assert [hit.id for hit in let_go.hits] == [PARENT] and let_go.unknown == ("xyzzy",), "and says so"
    assert found(filled, "xyzzy zzyzx") == [], "nothing is left"


def test_what_was_meant(filled: Store) -> None:
    assert finder.find(filled, "thii đua").suggestion == "thi đua"
    assert finder.find(filled, "khhen thưởng").suggestion == "khen thưởng"
    assert finder.find(filled, "chuyen doii so").suggestion == "chuyen doi so"
    assert finder.find(filled, "thi đua").suggestion is None
    assert finder.find(filled, "xyzzyq").suggestion is None


def test_snippet_page_and_facets(filled: Store) -> None:
    results = finder.find(filled, "khen thuong")
    assert (results.total, results.hits[0].page) == (1, 2)
    assert results.hits[0].snippet == "<mark>Khen thưởng</mark>: nghiêng"
    assert results.facets["doc_type"] == {"Kế hoạch": 1} and results.facets["year"] == {"2022": 1}
    assert results.recipients == {"Lưu: VT": 1}


def test_facets_narrow(filled: Store) -> None:
    assert found(filled, "thi", filters={"issuer": "Sở Văn hóa và Thể thao"}) == [SHORT]
    assert found(filled, "", filters={"year": "2020"}) == [DECREE]
    assert found(filled, "") == []


def test_sorting_and_pages(filled: Store) -> None:
    assert found(filled, "thi đua", sort="newest") == [PLAN, PARENT, SHORT]
    assert found(filled, "thi đua", sort="oldest") == [SHORT, PARENT, PLAN]
    assert found(filled, "thi đua", sort="newest", limit=1, offset=1) == [PARENT]
    assert finder.find(filled, "thi đua", limit=0).total == 3


def test_who_may_see_nothing_learns_nothing(filled: Store) -> None:
    results = finder.find(filled, "thii đua", viewer=("nobody",))
    assert (results.total, results.suggestion, results.facets["issuer"]) == (0, None, {})
    assert suggest.complete(filled, "thi", viewer=("nobody",)) == []
    assert similar.similar(filled, PLAN, viewer=("nobody",)) == ()


@pytest.mark.parametrize(("typed", "offered"), [
    ("31", ["31/KH-STTTT"]),
    ("93/K", ["93/KH-UBND"]),
    ("uy ban", ["Ủy ban nhân dân tỉnh Kiên Giang"]),
    ("sở th", ["Sở Thông tin và Truyền thông tỉnh Kiên Giang", "Sở Văn hóa và Thể thao"]),
    ("phát đ", ["Phát động thi đua chuyển đổi số năm 2022"]),
    ("nguyễn v", ["Nguyễn Văn An"]),
    ("nguyen van an", ["Nguyễn Văn An"]),
    ("nguyên v", ["Nguyễn Văn An"]),
    ("stttt", ["Sở Thông tin và Truyền thông tỉnh Kiên Giang"]),
    ("ubnd tỉnh", ["Ủy ban nhân dân tỉnh Kiên Giang"]),
    ("kế hoạch 31", ["31/KH-STTTT"]),
    ("kh 9", ["93/KH-UBND"]),
    ("kế hoạch 1", ["131/KH-SVHTT"]),
    ("nghị định 31", []),
    ("z", []),
    ("", []),
])  # fmt: skip
def test_completion(filled: Store, typed: str, offered: list[str]) -> None:
    assert sorted(suggest.complete(filled, typed)) == sorted(offered)


def test_similar(filled: Store) -> None:
    like = [hit.id for hit in similar.similar(filled, PLAN)]
    assert like[0] == PARENT and PLAN not in like


def test_listing(filled: Store) -> None:
    lines = list(all_rows.rows(filled, "thi đua", sort="newest"))
    assert [line[0] for line in lines] == [PLAN, PARENT, SHORT]
    assert lines[0][1:4] == ("31/KH-STTTT", "2022-04-27", "Kế hoạch")


def test_boxes_of_hits(filled: Store) -> None:
    assert finder.hit_boxes(filled, PLAN, "khen thưởng") == [], "a page without word boxes has none to mark"


def test_boxes_leave_out_the_whole_of_a_negated_compound(filled: Store) -> None:
    with filled.db.writing() as session:
        page = session.get_one(PageText, (PLAN, 1))
        found = re.finditer(r"\w+", page.text)
        page.words = pack_words(
            tuple(Word(m.start(), m.end(), Box(m.start() / 1000, 0.1, m.end() / 1000, 0.2), 0.9) for m in found)
        )
        text = page.text

    def marked(query: str) -> list[str]:
        (boxes,) = [boxes for _, boxes in finder.hit_boxes(filled, PLAN, query)]
        return [text[round(box.left * 1000) : round(box.right * 1000)] for box in boxes]

    assert marked("phong trào thi đua") == ["Phong", "trào", "thi", "đua"]
    assert marked("phong trào -thi đua") == ["Phong", "trào"]


def _withdrawn(store: Store) -> None:
    records.withdraw(store, PARENT, "nhầm", "clerk")


def _read_again(store: Store) -> None:
    _withdrawn(store)
    records.retry(store, PARENT, "clerk")


def _failed(store: Store) -> None:
    _read_again(store)
    records.refuse(store, PARENT, Problem("reader_crashed", name="a"))


def _refused(store: Store) -> None:
    _read_again(store)
    records.refuse(store, PARENT, Problem("truncated", name="a"))


def _classified(store: Store) -> None:
    records.classify(store, PARENT, "dấu MẬT", "clerk")


@pytest.mark.parametrize("caught_up", [False, True], ids=["at once", "once the index has caught up"])
@pytest.mark.parametrize("viewer", [("all",), None], ids=["reader", "administrator"])
@pytest.mark.parametrize("act", [_withdrawn, _read_again, _failed, _refused, _classified])
def test_what_is_taken_back_is_found_no_more(
    act: Callable[[Store], None], viewer: tuple[str, ...] | None, caught_up: bool, filled: Store
) -> None:
    """By search, count, facet, suggestion, completion, likeness or list, whether or not a worker runs."""
    assert found(filled, "hoà giải", viewer=viewer) == [PARENT]
    act(filled)
    if caught_up:
        indexer.sync(filled)
        assert indexer.state(filled).stale == 0 and indexer.state(filled).count == 3
    results = finder.find(filled, "hoà giải", viewer=viewer)
    assert (results.total, results.hits, results.suggestion) == (0, (), None)
    everything = finder.find(filled, "thi đua", viewer=viewer)
    assert everything.total == 2 and "Ủy ban nhân dân tỉnh Kiên Giang" not in everything.facets["issuer"]
    assert finder.find(filled, "hoa giair", viewer=viewer).suggestion in (None, "hoa giair")
    assert suggest.complete(filled, "93/K", viewer=viewer) == []
    assert suggest.complete(filled, "uy ban", viewer=viewer) == []
    assert PARENT not in [hit.id for hit in similar.similar(filled, PLAN, viewer=viewer)]
    assert PARENT not in [row[0] for row in all_rows.rows(filled, "thi đua", viewer=viewer)]


def test_what_is_brought_back_is_found_again(filled: Store) -> None:
    _withdrawn(filled)
    indexer.sync(filled)
    records.reinstate(filled, PARENT, "clerk")
    indexer.sync(filled)
    assert found(filled, "hoà giải") == [PARENT]
