"""Contract tests that a plugin runs on itself: each raises AssertionError with the promise that is broken."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from corpus.document import Fields, Reading
from corpus.errors import Problem
from corpus.file_types import MEDIA_TYPES, NAMES
from corpus.lifecycle.claims import Claim, canonical
from ingest.fields.added_rules import FieldRule
from ingest.files.added_kinds import FileReader, open_added
from ingest.files.media_type import sniff
from ingest.ocr.engines import OcrEngine
from search.engines.base import BrokenIndex, EngineClass, Every, Plan, Some, Starts, Term
from search.engines.fields import IndexEntry
from search.tokens import syllables

_HEAD = 64 * 1024
_FOREIGN = (b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\x7fELF", b"")


def check_reader(reader: FileReader, sample: Path, pages: int) -> None:
    """Check a reader of files on a sound sample with this number of pages."""
    assert isinstance(reader, FileReader), "has media_type, endings, claims and pages"
    assert reader.media_type.count("/") == 1 and reader.media_type not in NAMES, "is of a kind not read already"
    assert reader.endings and all(one.startswith(".") and one == one.lower() for one in reader.endings)
    assert not set(reader.endings) & set(MEDIA_TYPES), "takes no ending that is taken already"
    head = sample.read_bytes()[:_HEAD]
    assert reader.claims(head), "claims its own sample"
    assert not any(reader.claims(other) for other in _FOREIGN), "claims nothing by its name alone"
    assert sniff(head, f"x{reader.endings[0]}", (reader,)) == reader.media_type
    opened = open_added(sample, sample.name, reader, 10_000)
    assert opened.count == pages == len(list(reader.pages(sample))), "gives each page once, each time it is asked"
    with tempfile.TemporaryDirectory() as folder:
        cut = Path(folder) / f"cut{reader.endings[0]}"
        cut.write_bytes(head[: max(len(head) // 2, 1)])
        # A refusal by name is right; any other exception is the plugin's fault and goes up.
        with suppress(Problem):
            open_added(cut, cut.name, reader, 10_000)


def check_field_rule(rule: FieldRule, reading: Reading, expected: dict[str, str]) -> None:
    """Check a rule of fields on a reading from which it is to propose these values, by the names of fields."""
    assert isinstance(rule, FieldRule) and rule.name.strip(), "has a name that people can read"
    proposed = list(rule.propose(reading))
    assert proposed == list(rule.propose(reading)), "proposes the same from the same reading"
    found = {field: canonical(Claim(field, value, rule.name)).value for field, value in proposed}
    assert found == expected
    assert list(rule.propose(Reading(reading.source, (), Fields()))) == [], "finds nothing where there is no text"


def check_ocr_engine(engine: OcrEngine) -> None:
    """Check an OCR engine on blank and noisy images: whole answers, boxes inside, no exceptions."""
    blank = np.full((200, 600), 255, np.uint8)
    noise = np.random.default_rng(1).integers(0, 255, (200, 600)).astype(np.uint8)
    assert engine.recognise(blank, dpi=300.0, psm=3, timeout=20.0) == (), "finds nothing on blank paper"
    for image in (noise, noise[:1, :1]):
        for line in engine.recognise(image, dpi=300.0, psm=7, timeout=20.0):
            assert line.words and all(0 <= word.confidence <= 1 for word in line.words)
            height, width = image.shape
            assert 0 <= line.left <= line.right <= width and 0 <= line.top <= line.bottom <= height
    answers = engine.recognise_each((blank, noise, blank), dpi=300.0, psm=7, timeout=20.0)
    assert len(answers) == 3 and answers[0] == answers[2], "gives one answer for each image, in order"


def check_search_engine(engines: EngineClass, folder: Path) -> None:
    """Check a search engine in an empty folder: durable writes, order, groups, facets, removal, damage."""
    _refuses_what_is_no_index(engines, folder / "nothing")
    place = folder / "index"
    engine = engines.create(place)
    assert engine.count() == 0 and engine.search(Plan(None), limit=5).total == 0
    assert engine.write([_entry(1, "thi đua khen thưởng"), _entry(2, "thi tuyển", groups=("g1",))]) == 2
    assert engine.write([_entry(3, "thi đua", date="2024-05-06", doc_type="Kế hoạch")]) == 1
    engine.close()
    engine = engines.open(place)
    assert engine.revisions() == {1: 1, 2: 1, 3: 1}, "keeps what was written"
    thi, dua = (Term("syl", syllables(word).accented[0]) for word in ("thi", "đua"))
    found = engine.search(Plan(thi), limit=10)
    assert {id for id, _ in found.top} == {1, 3} and found.total == 2, "shows no document of a group to others"
    assert engine.search(Plan(thi, groups=None), limit=10).total == 3, "shows all to who may see all"
    assert engine.search(Plan(thi, groups=("all", "g1"), hidden=(1,)), limit=10).total == 2
    assert {id for id, _ in engine.search(Plan(Every((thi, dua))), limit=10).top} == {1, 3}
    assert engine.search(Plan(Some((dua, Term("syl", "khongco")))), limit=10).total == 2
    assert engine.search(Plan(Starts("syl", "th"), without=(dua,), groups=None), limit=10).total == 1
    assert engine.search(Plan(thi, start="2024-01-01"), limit=10).top[0][0] == 3
    assert engine.search(Plan(thi), limit=10).facets.get("doc_type") == {"Kế hoạch": 1}
    assert [len(engine.search(Plan(thi), limit=5 - at, offset=at).top) for at in (0, 1, 2)] == [2, 1, 0]
    assert engine.frequencies("syl", ("thi", "khongco")) == {"thi": 3}
    assert engine.write([_entry(1, "thi đua", revision=2)], removed=(3,)) == 1
    assert engine.revisions() == {1: 2, 2: 1}, "replaces and removes in one commit"
    engine.close()
    engines.discard(place)
    engines.discard(place)
    _refuses_what_is_no_index(engines, place)


def _refuses_what_is_no_index(engines: EngineClass, place: Path) -> None:
    try:
        engines.open(place)
    except BrokenIndex:
        return
    raise AssertionError("opens a folder that holds no index: BrokenIndex is expected")


def _entry(id: int, text: str, **more: Any) -> IndexEntry:
    return IndexEntry(id=id, revision=more.pop("revision", 1), body=(syllables(text),), **more)
