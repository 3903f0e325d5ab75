"""An office's head of the second reader: learned from its lines, judged by folds, taken or not, kept in a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from corpus.config import Settings, office_head
from ingest.handwriting.adapt import FEWEST, Confirmed, Score
from ingest.handwriting.adapt_head import HeadAdaptation, NumberSeen, adapt_head, judged
from ingest.handwriting.digit_net import DigitReader
from ingest.secondreader.grammar import NumberLine
from ingest.secondreader.head import CLASSES, FEATURES, HeadWeights
from ingest.secondreader.reader import LineLook, SecondReader, second_reader

SYMBOL = "/KH-SYT"
NUMBERS = ("74", "170", "27", "96", "307")


@pytest.fixture
def reader() -> SecondReader:
    found = second_reader(Settings(_env_file=None))  # type: ignore[call-arg]
    if found is None:
        pytest.skip("the second reader's network is not installed")
    return found


def line(digits: str) -> np.ndarray:
    """A number in pen between its anchors, as `place` cuts the whole line."""
    image = np.full((96, 470), 245, np.uint8)
    cv2.putText(image, "So:", (14, 66), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 3, cv2.LINE_AA)
    cv2.putText(image, digits, (120, 66), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.5, 60, 4, cv2.LINE_AA)
    cv2.putText(image, SYMBOL, (240, 66), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 3, cv2.LINE_AA)
    return image


def shunning(reader: SecondReader, digit: str, by: float) -> SecondReader:
    """A reader whose head never saw how this office writes a figure."""
    biases = reader.head.biases.copy()
    biases[reader.alphabet.of[digit]] -= by
    return replace(reader, head=HeadWeights(reader.head.weights, biases))


def test_hands_of_the_office_are_learned_by_the_head(reader: SecondReader) -> None:
    shy = shunning(reader, "7", 16.0)
    looks = {number: shy.look(line(number)) for number in NUMBERS}
    seen = [NumberSeen(number, SYMBOL, looks[number], ()) for number in NUMBERS * 4]
    found = judged(shy, seen)
    assert found.lines == FEWEST and found.better, (found.before, found.after)
    learned = LineLook(replace(reader, head=found.learned), looks["307"].looks)
    assert learned.candidates(NumberLine(SYMBOL))[0].value == "307"


def test_lines_that_were_not_cut_whole_teach_the_head_nothing(reader: SecondReader) -> None:
    bare = [Confirmed(line("12"), "12")] * FEWEST
    assert adapt_head(reader, DigitReader.load(), bare) is None


@pytest.mark.parametrize(
    ("before", "after", "better", "why"),
    [
        (Score(40, 0), Score(43, 0), True, "three more are right"),
        (Score(40, 0), Score(41, 0), False, "one more is chance"),
        (Score(40, 0), Score(40, 0), False, "nothing gained"),
        (Score(40, 0), Score(45, 1), False, "more is right, but one would go wrong without anybody seeing it"),
        (Score(40, 1), Score(43, 0), True, "right in more, silent in less"),
    ],
)
def test_a_head_is_taken_only_when_it_is_clearly_better(
    before: Score, after: Score, better: bool, why: str
) -> None:
    head = HeadWeights(np.zeros((FEATURES, CLASSES)), np.zeros(CLASSES))
    assert HeadAdaptation(head, 50, before, after).better is better, why


def test_an_offices_head_is_in_force_for_its_store_alone(reader: SecondReader, tmp_path: Path) -> None:
    own, other = (Settings(_env_file=None, home=tmp_path / name) for name in ("own", "other"))
    path = office_head(own.home)
    path.parent.mkdir(parents=True)
    shunning(reader, "7", 3.0).head.save(path)
    found, elsewhere = second_reader(own), second_reader(other)
    assert found is not None and elsewhere is not None
    seven = reader.alphabet.of["7"]
    assert found.head.biases[seven] == pytest.approx(reader.head.biases[seven] - 3.0, abs=0.01)
    assert elsewhere.head is reader.head and found.network is reader.network


@pytest.mark.parametrize("kept", [b"", b"PK\x03\x04 torn", b"no weights"], ids=["empty", "torn", "else"])
def test_a_head_that_cannot_be_read_leaves_the_shipped_one_in_force(
    reader: SecondReader, tmp_path: Path, kept: bytes
) -> None:
    settings = Settings(_env_file=None, home=tmp_path)
    office_head(tmp_path).parent.mkdir()
    office_head(tmp_path).write_bytes(kept)
    found = second_reader(settings)
    assert found is not None and found.head is reader.head
