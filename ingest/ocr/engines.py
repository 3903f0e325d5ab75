"""OCR engines behind one protocol: pytesseract as a process per page, tesserocr in this process."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from corpus import plugins
from corpus.config import Settings
from corpus.errors import Problem
from corpus.vietnamese.lookalikes import plain_d
from ingest.ocr.page_deadline import patient
from ingest.ocr.words import Line, Token

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

LANGUAGE = "vie"
_OWN = ("auto", "pytesseract", "tesserocr")
"""Values of the setting that name no plugin."""
PAGE, BLOCK, ONE_LINE, SPARSE = 3, 6, 7, 11
"""Tesseract's page segmentation modes (psm)."""
_VARIABLES = {"tessedit_do_invert": "0", "textord_disable_pitch_test": "1", "paragraph_text_based": "0"}
"""Tesseract variables that save time without changing words and lines.

White print on black is not tried, since pages arrive as dark print on white; nor are fixed pitch and paragraphs by
their text detected.
"""
_WORD = "5"
_TSV_COLUMNS = 12
_TESSDATA = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


class OcrEngine(Protocol):
    """Recognises dark print on white."""

    def recognise(self, image: Image, *, dpi: float, psm: int, timeout: float) -> tuple[Line, ...]:
        """Lines of an image (height × width grey), boxes in its pixels, in the engine's own reading order.

        psm: Tesseract's page segmentation mode. Empty if it takes `timeout` seconds of CPU time or the engine
        fails.
        """

    def recognise_each(
        self, images: Sequence[Image], *, dpi: float, psm: int, timeout: float
    ) -> tuple[tuple[Line, ...], ...]:
        """Lines of each of several small images, as `recognise` returns them; the engine is started once for
        all.
        """


def engine_of(settings: Settings) -> OcrEngine:
    """Engine that the settings name.

    Raises Problem("ocr_missing") if it or its Vietnamese model is not installed.
    """
    wanted = settings.ocr_engine
    if wanted not in _OWN:
        return cast("OcrEngine", plugins.load(plugins.OCR, wanted))
    if wanted == "tesserocr" or (wanted == "auto" and find_spec("tesserocr") is not None):
        return _tesserocr()
    return _pytesseract()


def preload(wanted: str) -> None:
    """Load once what each forked child would load again: the model of tesserocr, the version of pytesseract's
    program, or a plugin.
    """
    if wanted not in _OWN:
        plugins.load(plugins.OCR, wanted)
        return
    folder = _model_folder()
    if wanted != "pytesseract" and find_spec("tesserocr") is not None and folder is not None:
        if folder not in _loaded:
            _loaded[folder] = _open(folder)
        return
    import pytesseract

    with contextlib.suppress(pytesseract.TesseractNotFoundError, OSError, SystemExit):
        pytesseract.get_tesseract_version(cached=True)


_loaded: dict[str, Any] = {}
"""Folder of models → an opened engine not in use; its user removes it, so that no two ever share it."""
_in_use: dict[tuple[str, int, int], Any] = {}
"""Engines by folder, process and thread: opening one takes a fifth of a second."""


def _pytesseract() -> OcrEngine:
    import pytesseract

    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    try:
        languages = pytesseract.get_languages()
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError) as error:
        raise Problem("ocr_missing") from error
    if LANGUAGE not in languages:
        raise Problem("ocr_missing")
    return PytesseractEngine()


def _tesserocr() -> OcrEngine:
    folder = _model_folder()
    if folder is None or find_spec("tesserocr") is None:
        raise Problem("ocr_missing")
    return TesserocrEngine(folder)


def _model_folder() -> str | None:
    return next((folder for folder in _tessdata() if (Path(folder) / f"{LANGUAGE}.traineddata").exists()), None)


def _open(folder: str) -> Any:
    import tesserocr

    variables = _VARIABLES | {"debug_file": os.devnull}
    return tesserocr.PyTessBaseAPI(path=folder, lang=LANGUAGE, variables=variables)


def _tessdata() -> tuple[str, ...]:
    named = os.environ.get("TESSDATA_PREFIX")
    return (named,) if named else _TESSDATA


@dataclass(frozen=True, slots=True)
class PytesseractEngine:
    """Installed Tesseract, one process per call."""

    def recognise(self, image: Image, *, dpi: float, psm: int, timeout: float) -> tuple[Line, ...]:
        return self.recognise_each((image,), dpi=dpi, psm=psm, timeout=timeout)[0]

    def recognise_each(
        self, images: Sequence[Image], *, dpi: float, psm: int, timeout: float
    ) -> tuple[tuple[Line, ...], ...]:
        import cv2
        import pytesseract

        options = " ".join(f"-c {name}={value}" for name, value in _VARIABLES.items())
        config = f"--psm {psm} --dpi {round(dpi)} {options}"
        with tempfile.TemporaryDirectory(prefix="vanban-ocr-") as folder:
            paths = [Path(folder) / f"{number}.pgm" for number in range(len(images))]
            for path, image in zip(paths, images, strict=True):
                cv2.imwrite(str(path), image)
            names = Path(folder) / "images.txt"
            names.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")

            def attempt(seconds: float) -> str | None:
                try:
                    return str(
                        pytesseract.image_to_data(str(names), lang=LANGUAGE, config=config, timeout=seconds)
                    )
                except pytesseract.TesseractError:
                    return ""
                except (RuntimeError, OSError):
                    # The timeout ended it.
                    return None

            tsv = patient(attempt, timeout) or ""
        return tuple(lines_of(part) for part in _split_by_image(tsv, len(images)))


@dataclass(slots=True)
class TesserocrEngine:
    """Tesseract within this process, its model loaded once."""

    folder: str
    _api: Any = field(default=None, init=False)
    _process: int = field(default=0, init=False)

    def recognise(self, image: Image, *, dpi: float, psm: int, timeout: float) -> tuple[Line, ...]:
        api = self._ready()
        height, width = image.shape

        def attempt(seconds: float) -> tuple[Line, ...] | None:
            try:
                api.SetPageSegMode(psm)
                api.SetImageBytes(image.tobytes(), width, height, 1, width)
                api.SetSourceResolution(round(dpi))
                return lines_of(api.GetTSVText(0)) if api.Recognize(int(seconds * 1000)) else None
            except (RuntimeError, ValueError):
                return ()
            finally:
                api.Clear()

        with _quiet():
            return patient(attempt, timeout) or ()

    def recognise_each(
        self, images: Sequence[Image], *, dpi: float, psm: int, timeout: float
    ) -> tuple[tuple[Line, ...], ...]:
        return tuple(self.recognise(image, dpi=dpi, psm=psm, timeout=timeout) for image in images)

    def _ready(self) -> Any:
        """Engine of this process and thread, opened once; after a fork, one that the parent had in use is not
        reused.
        """
        if self._api is None or self._process != os.getpid():
            mine = (self.folder, os.getpid(), threading.get_ident())
            self._api = _in_use.get(mine) or _loaded.pop(self.folder, None) or _open(self.folder)
            self._process = os.getpid()
            _in_use[mine] = self._api
        return self._api


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Discard the engine libraries' messages on standard error: they are of no use to our users."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _split_by_image(tsv: str, count: int) -> list[str]:
    """Split Tesseract's TSV of several images by image."""
    parts: list[list[str]] = [[] for _ in range(count)]
    for row in tsv.splitlines():
        number = row.split("\t", 2)[1:2]
        if number and number[0].isdigit() and 0 < int(number[0]) <= count:
            parts[int(number[0]) - 1].append(row)
    return ["\n".join(part) for part in parts]


def lines_of(tsv: str) -> tuple[Line, ...]:
    """Lines from Tesseract's TSV: words of one block, paragraph and line; empty words are left out."""
    lines: list[Line] = []
    words: list[Token] = []
    at: tuple[str, ...] = ()
    for row in tsv.splitlines():
        cells = row.split("\t")
        if len(cells) < _TSV_COLUMNS or cells[0] != _WORD or not cells[11].strip():
            continue
        if cells[2:5] != list(at) and words:
            lines.append(Line(tuple(words), int(at[0])))
            words = []
        at = (cells[2], cells[3], cells[4])
        left, top, width, height = (float(cell) for cell in cells[6:10])
        text = plain_d(cells[11].strip())
        words.append(Token(left, top, left + width, top + height, text, max(float(cells[10]), 0.0) / 100))
    if words:
        lines.append(Line(tuple(words), int(at[0])))
    return tuple(lines)
