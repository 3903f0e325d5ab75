"""Pictures of pages in an office document that only wraps scans."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from corpus.config import Settings
from corpus.document import Warning
from ingest.files import image
from ingest.files.page import RawFile, RawPage
from ingest.files.plain_text import text_file

SCANS_BELOW = 400
"""Letters; a document with fewer and with pictures is a wrapper of scans."""
MOST_PICTURES = 200
_SCAN_PIXELS = 600_000
_SCAN_BYTES = 10_000


def may_be_pages(pictures: Sequence[bytes]) -> list[bytes]:
    """Picture files large enough for a page."""
    return [data for data in pictures[:MOST_PICTURES] if len(data) > _SCAN_BYTES]


def with_scans(
    pages: Sequence[str], pictures: Sequence[bytes], name: str, settings: Settings, cautions: tuple[Warning, ...]
) -> RawFile:
    """The few words as one page, and each picture of page size as another."""
    sizes = [image.size_of(data) for data in pictures]
    scans = [
        data for data, (w, h) in zip(pictures, sizes, strict=True) if _SCAN_PIXELS <= w * h <= settings.max_pixels
    ]
    if not any(page.strip() for page in pages) and scans:
        return RawFile(len(scans), _scans(scans, 1), cautions)
    text = text_file(["\n".join(pages)], name, cautions)
    return RawFile(1 + len(scans), _chain(text, _scans(scans, 2)), cautions)


def _chain(text: RawFile, scans: Iterator[RawPage]) -> Iterator[RawPage]:
    yield from text.pages
    yield from scans


def _scans(scans: list[bytes], first: int) -> Iterator[RawPage]:
    for number, data in enumerate(scans, start=first):
        yield image.page_of(io.BytesIO(data), number)
