"""What a Word document shows outside its running text: WordArt, shapes, diagrams, notes, and the pictures in its package."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from ingest.files.image import picture_of
from ingest.files.page import Patch

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"
_MOST_LINES, _LONGEST = 20_000, 200
_MOST_PICTURES = 60
_LEAST_SIDE, _MOST_SIDE = 24, 2400
"""Pixels of a picture that is looked at; larger ones are made smaller."""
_KINDS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp")


def shapes_of(root: _Element) -> Iterator[str]:
    """Each line of a part's WordArt, shapes and diagrams."""
    for element in root.iter(f"{_A}p", f"{_VML}textpath"):
        if element.tag == f"{_VML}textpath":
            yield element.get("string") or ""
        else:
            yield "".join(part.text or "" for part in element.iter(f"{_A}t"))


def paragraphs_of(root: _Element) -> Iterator[str]:
    """Each paragraph of a part that is not read as text, such as end notes."""
    for element in root.iter(f"{_W}p"):
        yield "".join(part.text or "" for part in element.iter(f"{_W}t"))


def lines_of(read: Iterable[_Element], unread: Iterable[_Element]) -> tuple[str, ...]:
    """What the parts that are read show outside their text, and all that the others say, each line once."""
    found: dict[str, None] = {}
    texts = chain(*map(shapes_of, read), *(chain(shapes_of(root), paragraphs_of(root)) for root in unread))
    for text in texts:
        if line := " ".join(text.split())[:_LONGEST]:
            found.setdefault(line)
        if len(found) >= _MOST_LINES:
            break
    return tuple(found)


def patches_of(package: zipfile.ZipFile, most_pixels: int) -> tuple[Patch, ...]:
    """The package's pictures, small ones too: a stamp is one."""
    entries = [
        entry
        for entry in package.infolist()
        if "/media/" in entry.filename and entry.filename.lower().endswith(_KINDS)
    ]
    found = (
        picture_of(io.BytesIO(package.read(entry)), most_pixels, _MOST_SIDE) for entry in entries[:_MOST_PICTURES]
    )
    return tuple(Patch(image, dpi) for image, dpi in filter(None, found) if min(image.shape[:2]) >= _LEAST_SIDE)
