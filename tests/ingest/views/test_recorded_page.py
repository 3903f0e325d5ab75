"""Pages opened again: the view of each kind of page in the frame of its boxes."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from corpus.document import Page
from ingest.files.page import RawPage
from ingest.imaging.page_view import PageFrame
from ingest.views.recorded_page import view_of
from tests.ingest.making import LETTER, printed

PAPER = np.asarray(printed(dpi=100))
TILTED = np.asarray(printed(dpi=100).rotate(-2, Image.Resampling.BICUBIC, fillcolor=255))
HIGH, WIDE = PAPER.shape
LOOK = RawPage(1, text=Page(1, "text", "Sở Y tế", rotation=90), look=PAPER, look_dpi=110.0)
NEGATIVE = np.asarray(255 - np.array(printed("\n".join([LETTER] * 4), 100).rotate(-2, fillcolor=255)), np.uint8)


@pytest.mark.parametrize(
    ("raw", "frame", "size", "dpi", "angle", "why"),
    [
        (RawPage(1, TILTED, 100.0), PageFrame(0, True), (HIGH, WIDE), 100.0, 2.0, "recognised: levelled"),
        (RawPage(1, TILTED, 100.0), PageFrame(), (HIGH, WIDE), 100.0, 0.0, "not read: as the file shows it"),
        (RawPage(1, PAPER, 100.0), PageFrame(90, True), (WIDE, HIGH), 100.0, 0.0, "turned as it was read"),
        (LOOK, PageFrame(90), (HIGH, WIDE), 110.0, 0.0,
         "a page's own text: its coarse picture is upright already"),
        (RawPage(1, np.full((9, 7), 255, np.uint8)), PageFrame(0, True), (9, 7), 300.0, 0.0,
         "nothing to level it by"),
    ],
)  # fmt: skip
def test_views(raw: RawPage, frame: PageFrame, size: tuple[int, int], dpi: float, angle: float, why: str) -> None:
    view = view_of(raw, frame)
    assert view is not None
    assert (view.page.size, view.dpi) == (size, dpi), why
    assert view.page.angle == pytest.approx(angle, abs=0.15), why


def test_a_page_without_a_picture_has_no_view() -> None:
    assert view_of(RawPage(1, text=Page(1, "text", "Sở Y tế")), PageFrame()) is None


def test_a_negative_is_viewed_as_it_was_read() -> None:
    """Its print is made dark before anything is measured; the skew of white print would be that of its black
    paper.
    """
    view = view_of(RawPage(1, NEGATIVE, 100.0), PageFrame(0, True))
    assert view is not None
    assert np.median(view.page.image) == 255 and view.page.angle == pytest.approx(2.0, abs=0.15)
