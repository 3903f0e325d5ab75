"""The contract of every engine: one table of plans, run on each of them on the same few entries."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.config import Settings
from search import engine_choice
from search.engines.base import (
    Adjacent,
    BrokenIndex,
    Engine,
    EngineClass,
    Every,
    IndexEntry,
    Node,
    Plan,
    Some,
    Starts,
    Term,
    Within,
)
from search.engines.fields import FILED, TAGGED
from search.index.entries import match_key, number_parts
from search.tokens import syllables

ENGINES = ["whoosh", "tantivy", pytest.param("opensearch", marks=pytest.mark.cluster)]


def entry(id: int, *parts: str, number: str = "", issuer: str = "", subject: str = "", **more: Any) -> IndexEntry:
    """A document of these texts, as search.index.entries makes them."""
    texts = [text for text in (number, issuer, subject, *parts) if text]
    return IndexEntry(
        id=id,
        revision=more.pop("revision", 1),
        body=tuple(syllables(text) for text in texts),
        subject=syllables(subject),
        issuer=syllables(issuer),
        number=number_parts(number),
        keys=(str(match_key(number)),) if number else (),
        issuer_name=issuer or None,
        **more,
    )


ENTRIES = (
    entry(1, "Phát động phong trào thi đua. Khen thưởng cuối năm.", number="31/KH-STTTT", date="2022-04-27",
          doc_type="Kế hoạch", issuer="Sở Thông tin và Truyền thông", recipients=("Lưu: VT", "Như trên")),
    entry(2, "Thi tuyển công chức. Đua thuyền.", number="93/KH-UBND", date="2022-04-12", doc_type="Kế hoạch",
          issuer="Ủy ban nhân dân tỉnh Kiên Giang", recipients=("Như trên",)),
    entry(3, "Căn cứ Kế hoạch số 93/KH-UBND về thi đua", mentions=(str(match_key("93/KH-UBND")),),
          cites=(str(match_key("93/KH-UBND")),), date="2023-01-05", doc_type="Công văn",
          direction="van ban di outgoing", maybe=("so:31",)),
    entry(4, "Hoà giải ở cơ sở hòa giải, hòa giải viên", date="2021-12-31", doc_type="Công văn"),
    entry(5, "Hoa giấy, hoa hồng", "thi", "đua ở trang sau"),
    entry(6, "Tin mật: thi đua, khen thưởng", groups=("secret",), issuer="Cơ quan kín", date="2022-06-01"),
    entry(7, "Công tác cán bộ", subject="thi đua", date="2020-02-02", doc_type="Quyết định",
          since="2020-03-01", over="2023-01-01", partly="2021-06-01", enders=("3",),
          file=("01.tccb", "2020/01.tccb", FILED), tags=("choky", TAGGED), tag_names=("Chờ ký",),
          own=("mahd:hd", "mahd:12")),
)  # fmt: skip

THI_DUA = Every((Term("fold", "thi"), Term("fold", "dua")))

FOUND: list[tuple[str, Plan, set[int]]] = [
    ("a word without accents finds all spellings", Plan(Term("fold", "hoa")), {4, 5}),
    ("a word with accents finds its own, in either tone placement", Plan(Term("syl", "hòa")), {4}),
    ("all of several words", Plan(THI_DUA), {1, 2, 3, 5, 7}),
    ("any of several words", Plan(Some((Term("syl", "thuyền"), Term("syl", "giấy")))), {2, 5}),
    ("two of three words",
     Plan(Some((Term("fold", "khen"), Term("fold", "thuong"), Term("fold", "hong")), 2)), {1}),
    ("neighbours as written", Plan(Adjacent("syl", ("thi", "đua"))), {1, 3, 7}),
    ("neighbours without accents", Plan(Adjacent("fold", ("thi", "dua"))), {1, 3, 7}),
    ("a phrase of three", Plan(Adjacent("fold", ("phong", "trao", "thi"))), {1}),
    ("a phrase whose pairs stand apart is none", Plan(Adjacent("syl", ("hòa", "giải", "ở", "viên"))), set()),
    ("a phrase with a word that is nowhere", Plan(Adjacent("fold", ("thi", "xyz"))), set()),
    ("no phrase over two parts", Plan(Adjacent("fold", ("thi", "dua", "o"))), set()),
    ("one word as a phrase", Plan(Adjacent("syl", ("giấy",))), {5}),
    ("a beginning", Plan(Starts("fold", "thu")), {1, 2}),
    ("a beginning that is nowhere", Plan(Starts("fold", "zz")), set()),
    ("a beginning with signs that mean something to a pattern", Plan(Starts("fold", "t.*")), set()),
    ("a word that is nowhere", Plan(Term("fold", "zzz")), set()),
    ("a field that no entry has filled", Plan(Term("signer", "an")), set()),
    ("all but those with a word", Plan(THI_DUA, without=(Term("fold", "thuyen"),)), {1, 3, 5, 7}),
    ("everything but", Plan(None, without=(Term("fold", "thi"),)), {4}),
    ("a number by its key", Plan(Term("keys", str(match_key("31/KH-STTTT")))), {1}),
    ("parts of a number", Plan(Every((Term("number", "93"), Term("number", "kh")))), {2}),
    ("a number that may be right", Plan(Term("maybe", "so:31")), {3}),
    ("two words of a subject that follow each other", Plan(Term("couples", "thi_dua")), {7}),
    ("a word of a subject with its accents", Plan(Term("heading", "đua")), {7}),
    ("what cites a number", Plan(Term("cites", str(match_key("93/KH-UBND")))), {3}),
    ("a field of the record", Plan(Term("issuer", "kien")), {2}),
    ("a direction by its word", Plan(Term("direction", "di")), {3}),
    ("a direction that no paper has", Plan(Term("direction", "internal")), set()),
    ("from a day", Plan(None, start="2022-04-27"), {1, 3}),
    ("to a day, documents without a date left out", Plan(None, end="2022-04-12"), {2, 4, 7}),
    ("between days", Plan(None, start="2022-01-01", end="2022-12-31"), {1, 2}),
    ("days of a field, both ends", Plan(Within("over", "2023-01-01", "2023-01-01")), {7}),
    ("a day field, open above", Plan(Within("since", "2020-03-01")), {7}),
    ("a day field, open below: no day is in no range", Plan(Within("over", None, "2022-12-31")), set()),
    ("days and words", Plan(Every((Within("partly", None, "2021-06-01"), Term("syl", "cán")))), {7}),
    ("but for some days", Plan(THI_DUA, without=(Within("since"),)), {1, 2, 3, 5}),
    ("days or words", Plan(Some((Within("since"), Term("syl", "thuyền")))), {2, 7}),
    ("a document that ends it", Plan(Term("enders", "3")), {7}),
    ("the papers of a file by its code", Plan(Term("file", "01.tccb")), {7}),
    ("the papers of a file by its year and code", Plan(Term("file", "2020/01.tccb")), {7}),
    ("another year's file of that code", Plan(Term("file", "2021/01.tccb")), set()),
    ("words within a file", Plan(Every((Term("file", "01.tccb"), Term("fold", "khen")))), set()),
    ("what is in no file", Plan(None, without=(Term("file", FILED),)), {1, 2, 3, 4, 5}),
    ("a tag", Plan(Term("tag", "choky")), {7}),
    ("a tag that no document has", Plan(Term("tag", "cho")), set()),
    ("without a tag", Plan(None, without=(Term("tag", TAGGED),)), {1, 2, 3, 4, 5}),
    ("a tag as a facet", Plan(None, facets=(("tag", "Chờ ký"),)), {7}),
    ("values of a field of the office", Plan(Every((Term("own", "mahd:hd"), Term("own", "mahd:12")))), {7}),
    ("another value of it", Plan(Term("own", "mahd:13")), set()),
    ("a value of a facet", Plan(None, facets=(("doc_type", "Công văn"),)), {3, 4}),
    ("two facets", Plan(None, facets=(("doc_type", "Kế hoạch"), ("recipient", "Lưu: VT"))), {1}),
    ("a year as a facet", Plan(None, facets=(("year", "2022"),)), {1, 2}),
    ("an unknown value of a facet", Plan(None, facets=(("issuer", "không có"),)), set()),
    ("everything that everyone may see", Plan(None), {1, 2, 3, 4, 5, 7}),
    ("a reader of a group", Plan(THI_DUA, groups=("all", "secret")), {1, 2, 3, 5, 6, 7}),
    ("a reader of no group", Plan(None, groups=()), set()),
    ("who sees all", Plan(THI_DUA, groups=None), {1, 2, 3, 5, 6, 7}),
    ("a document behind the curtain", Plan(THI_DUA, hidden=(3, 99)), {1, 2, 5, 7}),
    ("two of everything", Plan(None, hidden=(1, 2)), {3, 4, 5, 7}),
]  # fmt: skip

ORDERED: list[tuple[str, Plan, list[int]]] = [
    ("newest first, without a date last", Plan(None, sort="newest"), [3, 1, 2, 4, 7, 5]),
    ("oldest first, without a date last", Plan(None, sort="oldest"), [7, 4, 2, 1, 3, 5]),
    ("what answers `first` comes first", Plan(THI_DUA, first=(Term("number", "93"),)), [2]),
    ("an earlier `first` before a later one",
     Plan(THI_DUA, first=(Term("keys", str(match_key("31/KH-STTTT"))), Term("number", "93"))), [1, 2]),
    ("`should` decides among those found", Plan(THI_DUA, should=(Term("subject", "thi", 5.0),)), [7]),
    ("adjacent words before scattered ones",
     Plan(THI_DUA, should=(Adjacent("fold", ("thi", "dua"), 3.0),), without=(Term("fold", "cong"),)), [3]),
    ("more often is better at like length", Plan(Term("syl", "hoa")), [5]),
    ("a dearer word before a cheaper", Plan(Some((Term("syl", "giấy", 9.0), Term("syl", "thuyền", 1.0)))), [5, 2]),
    ("`should` finds nothing by itself", Plan(Term("syl", "thuyền"), should=(Term("syl", "giấy"),)), [2]),
]  # fmt: skip


@pytest.fixture(params=ENGINES)
def kind(request: pytest.FixtureRequest) -> EngineClass:
    """An engine's class."""
    address = request.getfixturevalue("opensearch") if request.param == "opensearch" else ""
    return engine_choice.engine_class(Settings(_env_file=None, opensearch_url=address), request.param)


@pytest.fixture
def fresh(kind: EngineClass, tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Makes an empty index, or opens the one that this test has made."""
    folder = tmp_path / "index"
    opened: list[Engine] = []

    def make(*, again: bool = False) -> Engine:
        opened.append(kind.open(folder) if again else kind.create(folder))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()
    kind.discard(folder)


@pytest.fixture
def engine(fresh: Callable[..., Engine]) -> Engine:
    """An index of ENTRIES."""
    made = fresh()
    assert made.write(ENTRIES) == len(ENTRIES)
    return made


def ids(engine: Engine, plan: Plan, limit: int = 50, offset: int = 0) -> list[int]:
    return [id for id, _ in engine.search(plan, limit=limit, offset=offset).top]


@pytest.mark.parametrize(("reason", "plan", "expected"), FOUND, ids=[row[0] for row in FOUND])
def test_found(engine: Engine, reason: str, plan: Plan, expected: set[int]) -> None:
    answer = engine.search(plan, limit=50)
    assert {id for id, _ in answer.top} == expected, reason
    assert answer.total == len(expected)


@pytest.mark.parametrize(("reason", "plan", "expected"), ORDERED, ids=[row[0] for row in ORDERED])
def test_order(engine: Engine, reason: str, plan: Plan, expected: list[int]) -> None:
    assert ids(engine, plan)[: len(expected)] == expected, reason


def test_scores_fall(engine: Engine) -> None:
    plan = Plan(THI_DUA, should=(Adjacent("syl", ("thi", "đua")), Term("subject", "thi")))
    scores = [score for _, score in engine.search(plan, limit=50).top]
    assert scores == sorted(scores, reverse=True) and scores[0] > scores[-1] > 0


def test_facets_count_what_is_found_and_may_be_seen(engine: Engine) -> None:
    assert engine.search(Plan(THI_DUA), limit=1).facets == {
        "doc_type": {"Kế hoạch": 2, "Công văn": 1, "Quyết định": 1},
        "issuer": {"Sở Thông tin và Truyền thông": 1, "Ủy ban nhân dân tỉnh Kiên Giang": 1},
        "year": {"2022": 2, "2020": 1, "2023": 1},
        "recipient": {"Như trên": 2, "Lưu: VT": 1},
        "tag": {"Chờ ký": 1},
    }
    assert "Cơ quan kín" in engine.search(Plan(THI_DUA, groups=None), limit=1).facets["issuer"]


def test_pages_of_an_answer_join_without_gap_or_repetition(engine: Engine) -> None:
    for sort in ("relevance", "newest", "oldest"):
        plan = Plan(Term("fold", "thi"), should=(Term("subject", "thi"),), sort=sort)  # type: ignore[arg-type]
        whole = ids(engine, plan)
        assert [id for at in range(0, 6, 2) for id in ids(engine, plan, 2, at)] == whole
        assert ids(engine, plan, 5, 50) == []
        assert ids(engine, plan, 0) == [] and engine.search(plan, limit=0).total == len(whole)


def test_pages_join_beyond_those_put_in_order_twice(fresh: Callable[..., Engine]) -> None:
    engine = fresh()
    engine.write(entry(id, "thi đua " * (id % 7 + 1), subject="thi" if id % 3 else "") for id in range(1, 251))
    plan = Plan(Term("fold", "thi"), should=(Term("subject", "thi"),))
    found = [id for at in range(0, 250, 30) for id in ids(engine, plan, 30, at)]
    assert sorted(found) == list(range(1, 251))


def test_facets_of_more_than_are_put_in_order(fresh: Callable[..., Engine]) -> None:
    engine = fresh()
    engine.write(entry(id, "thi đua", doc_type="Kế hoạch" if id % 5 else "Công văn") for id in range(1, 251))
    for limit in (0, 20, 250):
        answer = engine.search(Plan(Term("fold", "thi")), limit=limit)
        assert (answer.total, answer.facets["doc_type"]) == (250, {"Kế hoạch": 200, "Công văn": 50})


def test_those_that_hold_enough_words_among_many_that_hold_one(fresh: Callable[..., Engine]) -> None:
    """Few of the best that hold any of the words hold two."""
    engine = fresh()
    engine.write(entry(id, "hiếm" if id % 100 else "thi đua " + "khác " * 50) for id in range(1, 1001))
    two = Some((Term("fold", "hiem", 9.0), Term("fold", "thi"), Term("fold", "dua")), 2)
    assert sorted(ids(engine, Plan(two))) == list(range(100, 1001, 100))
    assert ids(engine, Plan(two, hidden=(100,), first=(Term("fold", "khac"),)), 3, 7) in ([900, 1000], [1000, 900])
    assert engine.search(Plan(two), limit=3).total == 10


def test_an_answer_does_not_depend_on_what_was_asked_before(fresh: Callable[..., Engine], engine: Engine) -> None:
    """As a question is asked twice, with more to order by the second time."""
    pair, word = Adjacent("syl", ("thi", "đua")), Term("subject", "thi", 3.0)
    plans = [
        Plan(THI_DUA), Plan(THI_DUA, should=(pair,)), Plan(THI_DUA, should=(pair, word)),
        Plan(THI_DUA, should=(word,)),
        Plan(THI_DUA, should=(word,), groups=None), Plan(THI_DUA, should=(word,), hidden=(7,)),
        Plan(THI_DUA, should=(word,), sort="newest"), Plan(THI_DUA, should=(word,), first=(Term("number", "93"),)),
    ]  # fmt: skip
    for before in plans:
        for plan in plans:
            engine.search(before, limit=3)
            found, alone = engine.search(plan, limit=50), fresh(again=True).search(plan, limit=50)
            assert (found.total, found.facets) == (alone.total, alone.facets)
            assert [id for id, _ in found.top] == [id for id, _ in alone.top]
            assert [score for _, score in found.top] == pytest.approx([score for _, score in alone.top])


def test_what_was_asked_before_a_commit_is_asked_anew(engine: Engine) -> None:
    plan = Plan(THI_DUA, should=(Term("subject", "thi"),))
    before = engine.search(plan, limit=50)
    engine.write([entry(8, "thi đua", doc_type="Tờ trình")], removed=[1])
    after = engine.search(plan, limit=50)
    assert {id for id, _ in after.top} == {id for id, _ in before.top} - {1} | {8}
    assert "Tờ trình" in after.facets["doc_type"]


def test_frequencies(engine: Engine) -> None:
    assert engine.frequencies("fold", ["thi", "hoa", "zzz", "thuyen"]) == {"thi": 6, "hoa": 2, "thuyen": 1}
    assert engine.frequencies("syl", ["hoà", "hòa"]) == {"hòa": 1}
    assert engine.frequencies("fold", []) == {}


def test_a_later_revision_takes_the_place_of_an_earlier_one(engine: Engine) -> None:
    assert engine.write([entry(2, "Nội dung mới", revision=4)]) == 1
    assert ids(engine, Plan(Term("syl", "thuyền"))) == []
    assert ids(engine, Plan(Term("syl", "mới"))) == [2]
    assert engine.count() == len(ENTRIES)
    assert engine.revisions() == {e.id: 4 if e.id == 2 else 1 for e in ENTRIES}


def test_what_is_taken_out_is_gone_everywhere(engine: Engine) -> None:
    engine.write([], removed=[1, 2, 99])
    assert ids(engine, Plan(Adjacent("fold", ("thi", "dua")))) in ([3, 7], [7, 3])
    assert engine.search(Plan(None), limit=0).facets["doc_type"] == {"Công văn": 2, "Quyết định": 1}
    assert engine.count() == len(ENTRIES) - 2 and set(engine.revisions()) == {3, 4, 5, 6, 7}


def test_what_was_taken_out_is_expunged_and_the_rest_answers_as_before(fresh: Callable[..., Engine]) -> None:
    """In several segments, with older revisions in them, one of them empty: no word of it is left on disk."""
    engine = fresh()
    for at in range(4):
        engine.write([entry(10 * at + id, f"thi đua số {id}", date=f"2022-0{at + 1}-1{id}") for id in range(5)])
    engine.write([entry(2, "ngoclambian cũ"), entry(3, "thi đua mới", revision=2)])
    engine.write([entry(2, "ngoclambian mới", revision=2)])
    engine.write([], removed=[2, *range(10, 15)])
    plan = Plan(THI_DUA, sort="oldest")
    before = ids(engine, plan), engine.search(plan, limit=0).facets, engine.revisions(), engine.count()
    if not engine.expunge():
        pytest.skip(f"{engine.name} is built anew instead (search.index.indexer)")
    assert (ids(engine, plan), engine.search(plan, limit=0).facets, engine.revisions(), engine.count()) == before
    assert engine.frequencies("fold", ["ngoclambian", "thi"]) == {"thi": 14}
    engine.write([entry(50, "thi đua sau cùng")])
    assert engine.expunge() and engine.count() == before[3] + 1


def test_many_commits_of_one(fresh: Callable[..., Engine]) -> None:
    """Segments are merged now and then: nothing gets lost on the way."""
    engine = fresh()
    for id in range(1, 31):
        engine.write([entry(id, f"thi đua số {id}", date=f"2022-01-{id:02}")])
        assert engine.count() == id
    assert ids(engine, Plan(Adjacent("syl", ("thi", "đua")), sort="oldest")) == list(range(1, 31))


def test_two_that_write_take_turns(fresh: Callable[..., Engine]) -> None:
    """As two processes do: one finds the other's merges under way."""
    first = fresh()
    second = fresh(again=True)
    for id in range(1, 31):
        (first if id % 2 else second).write([entry(id, f"thi đua số {id}")])
    assert (first.count(), second.count(), first.search(Plan(THI_DUA), limit=0).total) == (30, 30, 30)


def test_an_empty_index_answers(fresh: Callable[..., Engine]) -> None:
    engine = fresh()
    answer = engine.search(Plan(THI_DUA, should=(Adjacent("syl", ("thi", "đua")),)), limit=10)
    assert (answer.total, answer.top) == (0, ())
    assert ids(engine, Plan(None, sort="newest")) == [] and engine.count() == 0 and engine.revisions() == {}


def test_what_was_written_is_there_when_opened_again(fresh: Callable[..., Engine], engine: Engine) -> None:
    other = fresh(again=True)
    assert ids(other, Plan(None, sort="newest")) == ids(engine, Plan(None, sort="newest"))
    engine.write([], removed=[3])
    assert ids(other, Plan(None, sort="newest")) == [1, 2, 4, 7, 5], "an open index sees what another has written"


def test_a_writer_that_fails_half_way_leaves_the_index_as_it_was(engine: Engine) -> None:
    def failing() -> Iterator[IndexEntry]:
        yield entry(8, "thi đua")
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError, match="went away"):
        engine.write(failing(), removed=[1])
    assert engine.count() == len(ENTRIES)
    assert engine.write([entry(8, "thi đua")]) == 1 and engine.count() == len(ENTRIES) + 1


def test_searching_from_many_threads_while_documents_come(engine: Engine) -> None:
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(40):
            try:
                found = set(ids(engine, Plan(THI_DUA, should=(Adjacent("fold", ("thi", "dua")),))))
                if not found >= {1, 2, 3, 5, 7}:
                    wrong.append(found)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for id in range(10, 22):
        engine.write([entry(id, "thi đua")])
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("node", [Term("fold", ""), Term("keys", "\x00"), Starts("fold", "'\"(*"), Some((), 1),
                                  Adjacent("fold", ()), Every(())], ids=str)  # fmt: skip
def test_odd_nodes_find_nothing(engine: Engine, node: Node) -> None:
    assert engine.search(Plan(node), limit=5).total == 0


def test_a_folder_without_an_index_is_broken(kind: EngineClass, tmp_path: Path) -> None:
    with pytest.raises(BrokenIndex):
        kind.open(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BrokenIndex):
        kind.open(tmp_path / "empty")
