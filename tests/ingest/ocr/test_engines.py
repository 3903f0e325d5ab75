"""Every OCR engine that is installed keeps one contract; a missing one is a Problem that says so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from corpus.config import Settings
from corpus.errors import Problem
from ingest.ocr import engines
from ingest.ocr.engines import BLOCK, PAGE, OcrEngine, engine_of, lines_of
from tests.ingest.making import LETTER, printed

ENGINES = [name for name in ("pytesseract", "tesserocr") if find_spec(name) is not None]
pytestmark = pytest.mark.ocr


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    return engine_of(_settings(request.param))


def _settings(engine: str) -> Settings:
    return Settings(_env_file=None, ocr_engine=engine)


def _image(page: Image.Image) -> np.ndarray:
    return np.asarray(page.convert("L"))


def test_words_come_in_lines_with_boxes_on_their_ink(engine: OcrEngine) -> None:
    image = _image(printed(LETTER, 200))
    lines = engine.recognise(image, dpi=200, psm=PAGE, timeout=60)
    text = "\n".join(line.text for line in lines)
    assert "Kiểm tra công tác khám bệnh, chữa bệnh năm 2024" in text
    height, width = image.shape
    for word in (word for line in lines for word in line.words):
        assert 0 <= word.left < word.right <= width and 0 <= word.top < word.bottom <= height
        assert 0 <= word.confidence <= 1
        box = image[int(word.top) : int(word.bottom), int(word.left) : int(word.right)]
        assert box.min() < 128, f"no ink where {word.text!r} is said to stand"


def test_words_of_a_line_go_from_left_to_right(engine: OcrEngine) -> None:
    for line in engine.recognise(_image(printed(LETTER, 200)), dpi=200, psm=PAGE, timeout=60):
        lefts = [word.left for word in line.words]
        assert lefts == sorted(lefts)


def test_both_engines_read_the_same(engine: OcrEngine) -> None:
    """They are versions of one program: which one is installed must not change what goes on record."""
    image = _image(printed(LETTER, 200))
    read = " ".join(line.text for line in engine.recognise(image, dpi=200, psm=PAGE, timeout=60)).split()
    wanted = LETTER.split()
    assert len(set(wanted) & set(read)) >= 0.9 * len(set(wanted))


@pytest.mark.parametrize("shape", [(300, 400), (40, 40), (3, 3)], ids=["sheet", "scrap", "speck"])
def test_bare_paper_has_no_lines(engine: OcrEngine, shape: tuple[int, int]) -> None:
    assert engine.recognise(np.full(shape, 255, np.uint8), dpi=200, psm=BLOCK, timeout=60) == ()


def test_several_images_read_at_once_say_what_each_says_alone(engine: OcrEngine) -> None:
    texts = ("HỎA TỐC", "Kính gửi: Sở Y tế\nSố: 12/KH-SYT", "MẬT")
    images = [_image(printed(text, 200))[:500] for text in texts] + [np.full((60, 200), 255, np.uint8)]
    alone = [engine.recognise(image, dpi=200, psm=BLOCK, timeout=60) for image in images]
    assert list(engine.recognise_each(images, dpi=200, psm=BLOCK, timeout=60)) == alone
    assert [len(lines) for lines in alone] == [1, 2, 1, 0]


def test_several_images_whose_time_runs_out_give_no_lines_each(engine: OcrEngine) -> None:
    images = [_image(printed(LETTER, 300))] * 2
    assert engine.recognise_each(images, dpi=300, psm=PAGE, timeout=0.01) == ((), ())


def test_time_that_runs_out_gives_no_lines(engine: OcrEngine) -> None:
    assert engine.recognise(_image(printed(LETTER, 300)), dpi=300, psm=PAGE, timeout=0.01) == ()


def test_an_engine_reads_on_after_a_failure(engine: OcrEngine) -> None:
    image = _image(printed(LETTER, 200))
    engine.recognise(image, dpi=200, psm=PAGE, timeout=0.01)
    assert engine.recognise(image, dpi=200, psm=PAGE, timeout=60)


def test_the_engine_says_nothing_to_the_user(engine: OcrEngine, capfd: pytest.CaptureFixture[str]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (60, 900), np.uint8)
    engine.recognise(noise, dpi=10, psm=PAGE, timeout=60)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", ENGINES)
def test_no_vietnamese_is_a_problem(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with pytest.raises(Problem) as caught:
        engine_of(_settings(name))
    assert caught.value.code == "ocr_missing"


@pytest.mark.skipif("tesserocr" not in ENGINES, reason="tesserocr is not installed")
def test_a_model_that_was_loaded_before_is_used_by_one_thread_alone() -> None:
    engines._loaded.clear()
    engines._in_use.clear()
    engines.preload("pytesseract")
    assert not engines._loaded, "the program loads its own"
    engines.preload("auto")
    [kept] = engines._loaded.values()
    first, second, other = (engine_of(_settings("tesserocr")) for _ in range(3))
    assert all(isinstance(engine, engines.TesserocrEngine) for engine in (first, second, other))
    letter = _image(printed(LETTER, 200))
    for engine in (first, second):
        assert engine.recognise(letter, dpi=200, psm=PAGE, timeout=60)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(other.recognise, letter, dpi=200, psm=PAGE, timeout=60).result()
    used = [engine._api for engine in (first, second, other) if isinstance(engine, engines.TesserocrEngine)]
    assert used[0] is kept and used[1] is kept and used[2] is not kept and not engines._loaded


def test_no_tesseract_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem) as caught:
        engine_of(_settings("pytesseract"))
    assert caught.value.code == "ocr_missing"


def _row(block: int, paragraph: int, line: int, text: str, confidence: float = 90.0) -> str:
    return f"5\t1\t{block}\t{paragraph}\t{line}\t1\t10\t20\t30\t40\t{confidence}\t{text}"


@pytest.mark.parametrize(
    ("rows", "wanted", "why"),
    [
        ([_row(1, 1, 1, "a"), _row(1, 1, 1, "b")], ["a b"], "one line"),
        ([_row(1, 1, 1, "a"), _row(1, 1, 2, "b")], ["a", "b"], "two lines of a paragraph"),
        ([_row(1, 1, 1, "a"), _row(1, 2, 1, "b")], ["a", "b"], "line numbers begin anew in a paragraph"),
        ([_row(1, 1, 1, "a"), _row(2, 1, 1, "b")], ["a", "b"], "and in a block"),
        ([_row(1, 1, 1, " "), _row(1, 1, 1, "b")], ["b"], "a word of nothing is a box round a picture"),
        ([_row(1, 1, 1, "Nghi\u0323")], ["Nghị"], "letters are composed"),
        (
            [_row(1, 1, 1, "34/Q\u0110\u00d0-UBND \u00f0i")],
            ["34/QĐ-UBND đi"],
            "the Icelandic letter is no đ, nor a second one",
        ),
        (["4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t"], [], "a line's own row is no word"),
        (["level\tpage_num"], [], "nor is the heading"),
        ([_row(1, 1, 1, '"')], ['"'], "a quotation mark is a word, no quoting"),
    ],
)
def test_rows_become_lines(rows: list[str], wanted: list[str], why: str) -> None:
    assert [line.text for line in lines_of("\n".join(rows))] == wanted, why
