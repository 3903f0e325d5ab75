"""The second reader: CTC held to a grammar, pictures cut and drawn here, and its files found as published or not
at all.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from corpus.config import Settings
from ingest.sandbox.child import Limits, run_in_child
from ingest.secondreader import assets
from ingest.secondreader.beam import Alphabet, behind, best_path, candidates, prefixes
from ingest.secondreader.fitting import Fitting, HeadLine, fitted
from ingest.secondreader.grammar import DateLine, Grammar, NumberLine, Year
from ingest.secondreader.head import CLASSES, FEATURES, HeadWeights
from ingest.secondreader.network import open_network
from ingest.secondreader.picture import FITTED, HEIGHT, WIDEST, number_renderings, pieces, renderings, tensor
from ingest.secondreader.reader import CANDIDATES, SecondReader, second_reader
from script.learn.head import head_of

ALPHABET = Alphabet.from_classes(("<blank>", " ", *"0123456789Số:/-QĐngàythaăm"))


@pytest.fixture(scope="module")
def reader() -> SecondReader:
    found = second_reader(Settings(_env_file=None))  # type: ignore[call-arg]
    if found is None:
        pytest.skip("the network is not installed here: script/reader")
    return found


def drawn(text: str, size: int = 54, height: int = 96) -> np.ndarray:
    font = ImageFont.truetype("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf", size)
    image = Image.new("L", (round(font.getlength(text)) + 30, height), 250)
    ImageDraw.Draw(image).text((14, 66), text, 20, font=font, anchor="ls")
    return np.asarray(image)


def frames(text: str, share: float = 0.9) -> np.ndarray:
    """Log probabilities of a text, a blank behind each character."""
    rows = []
    for character in text:
        for number in (ALPHABET.of[character], 0):
            row = np.full(len(ALPHABET.classes), (1 - share) / (len(ALPHABET.classes) - 1))
            row[number] = share
            rows.append(np.log(row))
    return np.array(rows)


# Grammars


@pytest.mark.parametrize(
    ("grammar", "text", "value"),
    [
        (NumberLine("/QĐ-UBND"), "Số:0123/QĐ-", "0123"),
        (NumberLine("/QĐ - UBND"), "Số:7/QĐ-", "7"),
        (NumberLine("/QĐ-UBND"), "5066/QĐ-", "5066"),
        (NumberLine("/QĐ-UBND"), "ố:7/QĐ-", None),
        (NumberLine("-QĐ/TU"), "Số:7-QĐ/", "7"),
        (NumberLine("/2023/NĐ-CP"), "Số:7/202", "7"),
        (NumberLine("/"), "Số:7/", "7"),
        (NumberLine(""), "Số:7/", "7"),
        (NumberLine("/QĐ-UBND"), "Số:000/QĐ-", None),
        (NumberLine("/QĐ-UBND"), "Số:7/QĐ", None),
        (NumberLine("/QĐ-UBND"), "Số:/QĐ-", None),
        (DateLine(), "ngày05tháng3năm", "5/3"),
        (DateLine(), "ngày29tháng02năm", "29/2"),
        (DateLine(), "ngày31tháng02năm", None),
        (DateLine(), "ngày3tháng13năm", None),
        (DateLine(), "ngày3tháng", None),
        (Year(2026), "2018", "2018"),
        (Year(2026), "1944", None),
        (Year(2026), "2027", None),
        (Year(2026), "201", None),
    ],
)
def test_a_grammar_gives_what_a_whole_line_means(grammar: Grammar, text: str, value: str | None) -> None:
    assert grammar.value(text) == value
    if value is not None:
        assert all(text[at] in grammar.following(text[:at]) for at in range(len(text)))


@pytest.mark.parametrize("text", ["Số:12345", "ngày12", "ngày1tháng12", "2018"])
def test_a_grammar_lets_no_more_figures_through_than_a_value_has(text: str) -> None:
    grammar: Grammar = {"S": NumberLine("/QĐ-X"), "n": DateLine(), "2": Year(2026)}[text[0]]
    assert not set("0123456789") & set(grammar.following(text))


# The beam


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_beam_sums_all_paths_of_each_text(seed: int) -> None:
    small = Alphabet.from_classes(("<blank>", *"0129 "))
    scores = np.random.default_rng(seed).normal(size=(5, 6)) * 2
    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    sums: dict[str, float] = {}
    for path in product(range(6), repeat=5):
        text = "".join(small.classes[c] for at, c in enumerate(path) if c and (at == 0 or path[at - 1] != c))
        if " " not in text and len(text) <= 4:
            score = float(sum(logs[at, c] for at, c in enumerate(path)))
            sums[text] = float(np.logaddexp(sums.get(text, -np.inf), score))
    found = prefixes(logs, Year(2026), small, width=5000)
    best = sorted(sums, key=lambda text: -sums[text])[:20]
    assert all(found[text] == pytest.approx(sums[text], abs=1e-6) for text in best)


@pytest.mark.parametrize("number", ["1", "66", "100", "0042", "11111"])
def test_equal_neighbours_are_kept_apart(number: str) -> None:
    found = candidates(frames(f"Số:{number}/QĐ-"), NumberLine("/QĐ-UBND"), ALPHABET)
    assert max(found, key=lambda value: found[value]) == number
    assert sum(found.values()) == pytest.approx(1)


def test_what_is_behind_the_printed_end_is_not_read() -> None:
    line = "Số:12/QĐ-99999"
    found = candidates(frames(line), NumberLine("/QĐ-UBND"), ALPHABET)
    assert found["12"] > 0.9
    assert behind(frames(line), "QĐ-", ALPHABET) == 2 * line.index("-") + 1
    assert behind(frames(line), "năm", ALPHABET) is None


def test_the_best_path_is_the_text() -> None:
    assert "".join(letter.text for letter in best_path(frames("ngày 10"), ALPHABET)) == "ngày 10"


def test_no_frames_give_no_value() -> None:
    assert candidates(np.zeros((0, len(ALPHABET.classes))), DateLine(), ALPHABET) == {}


# Pictures


@pytest.mark.parametrize(("width", "height"), [(20, 96), (530, 96), (9000, 96), (4000, 30), (1, 1), (64, 700)])
def test_a_picture_of_any_size_is_cut_into_pieces_that_the_network_takes(width: int, height: int) -> None:
    picture = np.full((height, width), 250, np.uint8)
    cut = pieces(picture)
    assert sum(piece.shape[1] for piece in cut) == width
    for piece in cut:
        line = tensor(piece, centred=True, factor=1.0)
        assert line.shape[:3] == (1, 3, HEIGHT) and line.shape[3] <= WIDEST + 4 and line.shape[3] % 4 == 0
    assert all(tensor(grey, centred=c, factor=f).shape[3] <= 1024 for grey, c, f in number_renderings(picture))


def test_a_numbers_line_is_seen_leaning_either_way_too() -> None:
    upright = np.full((96, 400), 250, np.uint8)
    upright[10:86, 180:220] = 20
    common, rendered = list(renderings(upright)), list(number_renderings(upright))
    assert len(common) == FITTED, "heads are fitted on these alone"
    assert all(np.array_equal(one[0], other[0]) for one, other in zip(common, rendered, strict=False))
    leans = [int(grey[12].argmin()) - int(grey[84].argmin()) for grey, _, _ in rendered[FITTED:]]
    assert leans[0] == 0 and min(leans[1:]) < -10 and max(leans[1:]) > 10


def test_a_long_line_is_cut_at_a_gap() -> None:
    picture = drawn("Kế hoạch   " * 30)
    ends = [piece[:, -1].min() for piece in pieces(picture)]
    assert len(ends) > 1 and min(ends) > 200


# Files


def test_only_the_published_files_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "folders", lambda: (tmp_path / "none", tmp_path))
    assert assets.find_assets() is None
    (tmp_path / "asternet.onnx").write_bytes(b"another network")
    (tmp_path / "vocab.json").write_text('{"chars": ["<blank>"]}')
    assert assets.find_assets() is None
    assert open_network() is None


def test_switched_off_there_is_none() -> None:
    assert second_reader(Settings(_env_file=None, second_reader="off")) is None  # type: ignore[call-arg]


def test_the_head_that_ships_is_small_and_comes_back_as_written(tmp_path: Path) -> None:
    head = HeadWeights.load()
    head.save(tmp_path / "head.npz")
    again = HeadWeights.load(tmp_path / "head.npz")
    assert (tmp_path / "head.npz").stat().st_size < 500_000
    assert np.array_equal(head.weights, again.weights) and head.weights.shape == (FEATURES, CLASSES)
    (tmp_path / "other.npz").write_bytes(b"none")
    with pytest.raises(ValueError):
        HeadWeights.load(tmp_path / "other.npz")


# The network itself, where it is installed


@pytest.mark.parametrize("number", ["77", "1254", "3008"])
def test_a_printed_number_is_read(reader: SecondReader, number: str) -> None:
    found = reader.candidates(drawn(f"Số: {number}/QĐ-UBND"), NumberLine("/QĐ-UBND"))
    assert found[0].value == number and found[0].confidence > 0.8


@pytest.mark.parametrize(("line", "date", "year"), [("ngày 05 tháng 3 năm 2018", "5/3", "2018")])
def test_a_date_and_its_year_are_read(reader: SecondReader, line: str, date: str, year: str) -> None:
    look = reader.look(drawn(line))
    assert look.candidates(DateLine())[0].value == date
    assert look.year(2026)[0].value == year


def test_a_line_is_read_with_a_probability_for_each_letter(reader: SecondReader) -> None:
    read = reader.read_line(drawn("Kế hoạch phòng chống dịch bệnh"))
    assert "hoạch" in read.text and len(read.probabilities) == len(read.text)
    long = reader.read_line(drawn("về việc phòng chống dịch bệnh mùa đông xuân " * 4))
    assert long.text.count("dịch") >= 3


@pytest.mark.parametrize("shape", [(96, 500), (1, 1), (40, 3, 3), (96, 500, 3)])
def test_bare_paper_gives_no_error(reader: SecondReader, shape: tuple[int, ...]) -> None:
    paper = np.full(shape, 255, np.uint8)
    reader.read_line(paper)
    look = reader.look(paper, number=True)
    assert len(look.looks) > FITTED and len(look.candidates(NumberLine("/"))) <= CANDIDATES
    assert look.year(2026) == ()


# Fitting


def test_the_networks_own_last_layer_is_solved_from_what_it_gave() -> None:
    rng = np.random.default_rng(1)
    own = HeadWeights(rng.normal(size=(6, 4)), rng.normal(size=4))
    features = [rng.normal(size=(30, 6)).astype(np.float32) for _ in range(3)]
    solved = head_of(features, [own.logs(each).astype(np.float32) for each in features])
    assert solved.logs(features[0]) == pytest.approx(own.logs(features[0]), abs=1e-4)


def test_a_fitted_head_gives_what_is_written_also_where_neighbours_are_equal() -> None:
    """Class 3 is the blank between words. The features tell the classes apart, the head at first does not."""
    rng = np.random.default_rng(2)
    classes, shapes = 8, rng.normal(size=(8, 12))

    def line(*target: int) -> HeadLine:
        rows = [number for each in target for number in (0, each, each, 3)]
        return HeadLine(
            tuple((shapes[rows] + rng.normal(size=(len(rows), 12)) * 0.1).astype(np.float16) for _ in "ab"), target
        )

    known = [line(4, 4, 5), line(6, 7), line(7, 7, 7), line(5, 6), line(4, 6, 5), line(5, 5)]
    start = HeadWeights(np.zeros((12, classes)), np.zeros(classes))
    head = fitted(known, start, 3, Fitting(epochs=150, rate=0.05, dropped=0.0))
    alphabet = Alphabet.from_classes(("<blank>", "a", "b", " ", "4", "5", "6", "7"))
    for written in ((4, 4, 5), (7, 6), (7, 7, 7)):
        logs = head.logs(line(*written).looks[0].astype(np.float32))
        found = [letter.text for letter in best_path(logs, alphabet) if letter.text != " "]
        assert found == [str(number) for number in written]


def _opens(progress: object = None) -> bool:
    """Runs in the child."""
    return open_network() is not None


def test_it_opens_within_the_sandbox_as_it_does_outside() -> None:
    limits = Limits(memory_mb=2048, cpu_seconds=60, wall_seconds=120)
    assert run_in_child(_opens, limits=limits) is (open_network() is not None)


def test_it_stays_out_of_a_child_without_room() -> None:
    limits = Limits(memory_mb=300, cpu_seconds=60, wall_seconds=120)
    assert run_in_child(_opens, limits=limits) is False
