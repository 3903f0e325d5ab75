"""Content of a Word document outside its running text: WordArt, shapes, diagrams, comments, pictures."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from ingest.files.image import picture_of
from ingest.files.office_package import Package
from ingest.files.page import Patch

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"
_MOST_LINES, _LONGEST = 20_000, 200
_MOST_PICTURES = 60
_LEAST_SIDE, _MOST_SIDE = 24, 2400
"""Pixels: smaller pictures are ignored, larger ones are reduced."""


def shapes_of(root: _Element) -> Iterator[str]:
    """Lines of text in a part's WordArt, shapes and diagrams."""
    for element in root.iter(f"{_A}p", f"{_VML}textpath"):
        if element.tag == f"{_VML}textpath":
            yield element.get("string") or ""
        else:
            yield "".join(part.text or "" for part in element.iter(f"{_A}t"))


def paragraphs_of(root: _Element) -> Iterator[str]:
    """Paragraphs of a part that is not running text, such as comments."""
    for element in root.iter(f"{_W}p"):
        yield "".join(part.text or "" for part in element.iter(f"{_W}t"))


def lines_of(read: Iterable[_Element], unread: Iterable[_Element]) -> tuple[str, ...]:
    """Lines of shapes in the parts read as text, and all lines of the other parts, each once."""
    found: dict[str, None] = {}
    texts = chain(*map(shapes_of, read), *(chain(shapes_of(root), paragraphs_of(root)) for root in unread))
    for text in texts:
        if line := " ".join(text.split())[:_LONGEST]:
            found.setdefault(line)
        if len(found) >= _MOST_LINES:
            break
    return tuple(found)


def patches_of(package: Package, most_pixels: int) -> tuple[Patch, ...]:
    """The package's pictures for recognition, small ones too: a stamp is small."""
    parts = package.pictures("media/")[:_MOST_PICTURES]
    return patches_from((package.read(part) for part in parts), most_pixels)


def patches_from(pictures: Iterable[bytes], most_pixels: int) -> tuple[Patch, ...]:
    """Decode picture files for recognition; those too small, and files that are no picture, are left out."""
    found = (picture_of(io.BytesIO(data), most_pixels, _MOST_SIDE) for data in pictures)
    return tuple(Patch(image, dpi) for image, dpi in filter(None, found) if min(image.shape[:2]) >= _LEAST_SIDE)
