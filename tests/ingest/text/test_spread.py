"""Two pages on one scan: parted for the layout, and only then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.document import Page
from ingest.fields.record import layout_of, read_fields
from ingest.text.document_text import Text
from ingest.text.spread import RIGHT, unfolded
from tests.ingest.fields.test_record import BODY, CLOSING, HEAD, TITLE, Printed, page, value

_LONG = "Các phòng, đơn vị thuộc Sở tổ chức thực hiện kế hoạch này từ ngày ký"
_LETTER: tuple[Printed, ...] = (
    *HEAD,
    *TITLE,
    *BODY,
    *((0.15, 0.3 + 0.02 * at, _LONG) for at in range(3)),
    *CLOSING,
)
_ANNEX: tuple[Printed, ...] = (
    (0.4, 0.1, "PHỤ LỤC"),
    *((0.15, 0.15 + 0.02 * at, _LONG) for at in range(5)),
)


def _sheet(left: Page, right: Page) -> Page:
    """Two pages side by side as one scan, the text of the left one first."""
    shift = len(left.text) + 1

    def moved(one: Page, across: float, by: int) -> list:  # type: ignore[type-arg]
        return [
            replace(
                word, start=word.start + by, end=word.end + by,
                box=replace(word.box, left=word.box.left / 2 + across, right=word.box.right / 2 + across),
            )
            for word in one.words
        ]  # fmt: skip

    return Page(1, "ocr", f"{left.text}\n{right.text}", (*moved(left, 0.0, 0), *moved(right, 0.5, shift)))


def test_the_record_of_a_sheet_is_that_of_its_left_page() -> None:
    left, right = page(*_LETTER), page(*_ANNEX)
    alone, both = Text.of_pages((left,)), Text.of_pages((_sheet(left, right),))
    one, other = read_fields(alone, layout_of(alone))[0], read_fields(both, layout_of(both))[0]
    names = ("number", "date", "issuer", "doc_type", "subject")
    assert [value(getattr(other, name)) for name in names] == [value(getattr(one, name)) for name in names]
    assert [item.value for item in other.recipients] == [item.value for item in one.recipients]
    assert value(other.signer.name) == "Trần Văn Bình" and other.issuer and not other.issuer.review
    assert other.issuer.boxes[0].right < 0.5, "evidence lies where it is on the sheet"


def test_offsets_stay() -> None:
    whole = Text.of_pages((_sheet(page(*_LETTER), page(*_ANNEX)),))
    parted = unfolded(whole)
    assert parted.value == whole.value and [each.number for each in parted.pages] == [1, 1 + RIGHT]
    words = [each.text[word.start : word.end] for each in parted.pages for word in each.words]
    assert words == [whole.value[word.start : word.end] for word in whole.pages[0].words]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (page(*_LETTER), "a page by itself"),
        (replace(_sheet(page(*_LETTER), page(*_ANNEX)), origin="text"), "a page of text is no scan"),
        (_sheet(page(*_LETTER), page((0.2, 0.4, "Đã nhận"))), "a note in the margin is no page"),
        (_sheet(page(*_ANNEX), page(*_ANNEX)), "two columns without a letterhead are one page"),
    ],
)
def test_what_is_no_sheet_stays(one: Page, why: str) -> None:
    text = Text.of_pages((one,))
    assert unfolded(text) is text, why
