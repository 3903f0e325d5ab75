"""The geometry of pages: the way from the file's page to the page as it was read and back, and pictures of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Box
from ingest.imaging.crop_to_page import CutPage
from ingest.imaging.deskew import LevelledPage, skew_of
from ingest.imaging.orientation import upright
from ingest.imaging.page_view import PageFrame, PageView

HIGH, WIDE = 330, 240
_TRAPEZIUM = np.array([[0.1, 0.08], [0.93, 0.05], [0.97, 0.95], [0.06, 0.9]], np.float32)


def _view(image: np.ndarray, *, cut: bool, rotation: int, angle: float) -> PageView:
    """A view of known geometry."""
    page = CutPage(image, 100)
    if cut:
        size = np.array([image.shape[1], image.shape[0]], np.float32)
        target = np.array([[0, 0], [WIDE, 0], [WIDE, HIGH], [0, HIGH]], np.float32)
        matrix = cv2.getPerspectiveTransform(_TRAPEZIUM * size, target)
        sheet = np.asarray(cv2.warpPerspective(image, matrix, (WIDE, HIGH)), np.uint8)
        shares = np.diag([1 / WIDE, 1 / HIGH, 1]) @ matrix @ np.diag([*size, 1])
        page = CutPage(sheet, 100, (image.shape[0], image.shape[1]), shares)
    return PageView(page, LevelledPage(upright(page.image, rotation), angle), rotation)


geometry = st.fixed_dictionaries(
    {"cut": st.booleans(), "rotation": st.sampled_from((0, 90, 180, 270)), "angle": st.floats(-4, 4, width=32)}
)
inner = st.floats(0.3, 0.6)


@settings(max_examples=60, deadline=None)
@given(geometry, inner, inner)
def test_a_box_there_and_back_contains_itself(how: dict[str, object], left: float, top: float) -> None:
    view = _view(np.full((HIGH, WIDE), 255, np.uint8), **how)  # type: ignore[arg-type]
    box = Box(left, top, left + 0.05, top + 0.03)
    for back in (view.to_source(view.from_source(box)), view.from_source(view.to_source(box))):
        assert back.left <= box.left + 1e-6 and back.top <= box.top + 1e-6
        assert back.right >= box.right - 1e-6 and back.bottom >= box.bottom - 1e-6
        assert back.width < 0.08 and back.height < 0.08, "and little more"


@settings(max_examples=60, deadline=None)
@given(geometry)
def test_ink_of_the_file_is_where_the_map_says(how: dict[str, object]) -> None:
    """A spot on the file's page is found in the view, in the picture drawn of it, and in one of another
    resolution.
    """
    image = np.full((HIGH, WIDE), 255, np.uint8)
    image[150:156, 110:116] = 0
    view = _view(image, **how)  # type: ignore[arg-type]
    expected = view.from_source(Box(110 / WIDE, 150 / HIGH, 116 / WIDE, 156 / HIGH)).middle
    finer = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    for picture in (view.page.whole(), view.picture(image, 2000), view.picture(np.asarray(finer), 130)):
        rows, columns = np.nonzero(picture < 140)
        height, width = picture.shape
        found = (columns.mean() + 0.5) / width, (rows.mean() + 0.5) / height
        assert found == pytest.approx(expected, abs=0.012)


def test_a_picture_is_at_most_as_wide_as_asked_and_never_enlarged() -> None:
    view = _view(np.full((HIGH, WIDE), 255, np.uint8), cut=False, rotation=90, angle=1.0)
    assert view.picture(view.cut.image, 160).shape == (round(WIDE * 160 / HIGH), 160)
    assert view.picture(view.cut.image, 2000).shape == (WIDE, HIGH)


def test_a_flat_page_is_given_back_in_its_place() -> None:
    view = PageView.of(np.full((HIGH, WIDE), 255, np.uint8), 100, 0)
    assert view.is_flat and view.to_source(Box(0.1, 0.2, 0.3, 0.4)) == Box(0.1, 0.2, 0.3, 0.4)


def test_paper_without_ink_has_no_skew() -> None:
    assert skew_of(np.full((HIGH, WIDE), 255, np.uint8)) == 0.0


def test_frames_have_pictures_of_their_own() -> None:
    frames = [PageFrame(turn, levelled) for turn in (0, 90, 180, 270) for levelled in (False, True)]
    assert len({frame.key for frame in frames}) == len(frames)
