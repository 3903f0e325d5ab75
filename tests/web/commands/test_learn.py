"""`vanban learn` on a store whose clerks put handwritten numbers on record: what is cut, taught, taken,
told and forgotten.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from corpus import records
from corpus.config import Settings, office_head, office_weights
from corpus.database.store import Store, open_store
from corpus.document import Box, Candidate, Field, Fields, Page, Reading, SourceFile, Word
from corpus.lifecycle.doubts import ASKED
from corpus.lifecycle.handwritten_numbers import HANDWRITTEN, hand_numbers
from corpus.originals import content_store
from ingest.handwriting.adapt import FEWEST
from ingest.handwriting.digit_net import DigitReader
from ingest.handwriting.training_lines import confirmed_line
from ingest.secondreader.head import HeadWeights
from ingest.secondreader.reader import second_reader
from web.cli import vanban

WIDE, HIGH = 1654, 2339
"""A4 at 200 dpi."""
PRINT, PEN = cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX
WORDS = (
    ("Số:", 150, 330), ("/KH-SYT", 360, 330), ("ngày", 900, 330), ("tháng", 1060, 330), ("năm", 1220, 330),
    ("KẾ HOẠCH", 700, 500),
)  # fmt: skip


def scan(digits: str) -> bytes:
    """A page with a number in pen between its printed anchors."""
    page = np.full((HIGH, WIDE), 245, np.uint8)
    for text, left, base in WORDS:
        bare = text.translate(str.maketrans("ốàáăẾẠ", "oaaaEA"))
        cv2.putText(page, bare, (left, base), PRINT, 1.0, 30, 2, cv2.LINE_AA)
    cv2.putText(page, digits, (225, 335), PEN, 1.3, 60, 3, cv2.LINE_AA)
    for row in range(700, 1900, 60):
        cv2.putText(
            page, "cac don vi thuc hien nghiem tuc ke hoach nay", (200, row), PRINT, 1.2, 30, 2, cv2.LINE_AA
        )
    out = io.BytesIO()
    Image.fromarray(page).save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


def page_of() -> Page:
    """What recognition gives of the scan: the words between which the pen wrote."""
    text, words = "", []
    for said, left, base in WORDS:
        box = Box(left / WIDE, (base - 26) / HIGH, (left + 20 * len(said)) / WIDE, (base + 2) / HIGH)
        words.append(Word(len(text), len(text) + len(said), box, 0.9))
        text += f"{said} "
    return Page(1, "ocr", text.rstrip(), tuple(words))


def put_on_record(
    store: Store, read: str, confirmed: str | None, *, review: bool = True, rule: str = HANDWRITTEN
) -> int:
    """A scan whose number the machine read as `read`, and a clerk confirmed; None: it waits still."""
    data = scan(confirmed or read)
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(
        store, sha256, f"{sha256[:8]}.png", "image/png", len(data), "clerk", auto_accept=True
    )
    number = Field(
        f"{read}/KH-SYT",
        read,
        0.6,
        review,
        1,
        (Box(0.1, 0.1, 0.3, 0.15),),
        rule,
        (Candidate(f"{read}/KH-SYT", 0.6),),
    )
    source = SourceFile("a.png", sha256, "image/png", 1, len(data))
    records.propose(store, receipt.document_id, Reading(source, (page_of(),), Fields(number=number)))
    if confirmed is not None and review:
        records.accept(store, receipt.document_id, {"number": f"{confirmed}/KH-SYT"}, "clerk", None, confirm=ASKED)
    return receipt.document_id


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("VANBAN_HOME", str(tmp_path / "home"))
    return open_store(Settings(_env_file=None, home=tmp_path / "home"))


def test_only_numbers_that_a_person_decided_are_learned_from(store: Store) -> None:
    confirmed = put_on_record(store, "71", "11")
    put_on_record(store, "72", None)
    put_on_record(store, "73", "73", review=False)
    put_on_record(store, "74", "74", rule="number.printed")
    with store.db.reading() as session:
        assert [(one.document_id, one.number) for one in hand_numbers(session)] == [(confirmed, "11/KH-SYT")]


@pytest.mark.parametrize(
    ("number", "digits", "why"),
    [
        ("205/KH-SYT", "205", "the ordinal as it was written"),
        ("05/KH-SYT", "05", "its zero too"),
        ("12-CT/TW", "12", "the Party's hyphen"),
        ("12a/KH-SYT", None, "a letter is no digit the net knows"),
        ("/KH-SYT", None, "a blank number"),
    ],
)
def test_the_line_is_cut_where_it_was_read(tmp_path: Path, number: str, digits: str | None, why: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(scan("205"))
    line = confirmed_line(path, "a.png", "image/png", Settings(_env_file=None), page_of(), number)
    assert (line.digits if line else None) == digits, why
    if line is not None:
        assert line.symbol == number[len(line.digits) :] and line.whole is not None
        assert DigitReader.load().read_line(line.image, "number"), "the line holds digits"


def test_too_few_numbers_teach_nothing_and_say_so(store: Store) -> None:
    put_on_record(store, "71", "11")
    done = CliRunner().invoke(vanban, ["learn"], standalone_mode=False)
    assert done.exception is not None and done.exception.code == "too_few_lines"  # type: ignore[attr-defined]
    assert not office_weights(store.settings.home).exists()


def test_an_office_teaches_its_hands_and_takes_them_back(store: Store) -> None:
    for place in range(FEWEST):
        put_on_record(store, f"{300 + place}", f"{3 + 7 * place}")
    done = CliRunner().invoke(vanban, ["learn", "--json"], standalone_mode=False, catch_exceptions=False)
    told = json.loads(done.stdout)
    assert (told["lines"], told["kept_back"]) == (15, 5)
    assert told["taken"] is (
        told["right_after"] > told["right_before"] and told["silent_after"] <= told["silent_before"]
    )
    assert office_weights(store.settings.home).exists() is told["taken"]
    head = told["head"]
    if second_reader(store.settings) is None:
        assert head is None, "no second reader, no head"
    else:
        assert head["lines"] == FEWEST
        gained = head["right_after"] >= head["right_before"] + 2 and head["silent_after"] <= head["silent_before"]
        assert head["taken"] is gained is office_head(store.settings.home).exists()
    office_weights(store.settings.home).parent.mkdir(exist_ok=True)
    DigitReader.load().save(office_weights(store.settings.home))
    HeadWeights.load().save(office_head(store.settings.home))
    CliRunner().invoke(vanban, ["learn", "--forget"], standalone_mode=False, catch_exceptions=False)
    assert not office_weights(store.settings.home).exists()
    assert not office_head(store.settings.home).exists()
