"""Places of a PDF's signature fields: page, box on the page as displayed, and text drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from corpus.document import Box
from ingest.files.pdf_appearances import Appearance, appearances_of, is_signing_data

_MOST_FIELDS = 2000
_LEAST = 1.0
"""Points; a narrower or lower field is an invisible signature."""


@dataclass(frozen=True, slots=True)
class Place:
    """One signature field: full name, page (from 1) and box; both None if invisible.

    `text` is what it writes on the paper (a number, a day), with `ink` as its box; `frame` its text about the
    signing.
    """

    field: str
    page: int | None = None
    box: Box | None = None
    text: str = ""
    ink: Box | None = None
    frame: str = ""


@dataclass(slots=True)
class _Seen:
    places: dict[str, Place] = field(default_factory=dict)
    nodes: int = 0


def places_of(path: Path, data: bytes) -> tuple[Place, ...]:
    """Signed signature fields, in the order of the form and then of the pages."""
    import io

    with pikepdf.open(io.BytesIO(data)) as pdf:
        seen, root = _Seen(), _any(pdf.Root)
        _walk(root.get("/AcroForm", {}).get("/Fields", []), "", None, seen, 0)
        for index, page in enumerate(pdf.pages):
            notes = _any(page.obj).get("/Annots")
            for note in list(notes)[:_MOST_FIELDS] if isinstance(notes, pikepdf.Array) else []:
                _set_place(note, index + 1, page.obj, seen)
    if not seen.places:
        return ()
    drawn = [one for one in appearances_of(path) if one.kind == "signature"]
    return tuple(_drawing(place, drawn) for place in seen.places.values())


def _any(thing: Any) -> Any:
    """Type an object as Any: a file may have made it of any kind."""
    return thing


def _walk(fields: Any, above: str, kind: str | None, seen: _Seen, depth: int) -> None:
    """Collect the names of the signed fields below these; `seen.nodes` bounds loops and excess."""
    for node in fields if depth < 20 and isinstance(fields, pikepdf.Array) else ():
        seen.nodes += 1
        if seen.nodes > _MOST_FIELDS or not isinstance(node, pikepdf.Dictionary):
            return
        name = _full_name(above, str(node["/T"])) if "/T" in node else above
        own = str(node.get("/FT", kind or ""))
        if own == "/Sig" and isinstance(node.get("/V"), pikepdf.Dictionary):
            seen.places.setdefault(name, Place(name))
        _walk(node.get("/Kids"), name, own, seen, depth + 1)


def _full_name(above: str, name: str) -> str:
    return f"{above}.{name}" if above else name


def _set_place(note: Any, number: int, page: Any, seen: _Seen) -> None:
    """Set a field's place if this annotation is its widget."""
    names, node = [], note
    for _ in range(20):
        if not isinstance(node, pikepdf.Dictionary):
            break
        names += [str(node["/T"])] if "/T" in node else []
        node = node.get("/Parent")
    name = ".".join(reversed(names))
    if name not in seen.places or seen.places[name].page is not None or "/Rect" not in note:
        return
    x0, y0, x1, y1 = (float(value) for value in note["/Rect"])
    if abs(x1 - x0) < _LEAST or abs(y1 - y0) < _LEAST:
        return
    seen.places[name] = Place(name, number, _displayed_box((x0, y0, x1, y1), page))


def _displayed_box(rect: tuple[float, float, float, float], page: Any) -> Box | None:
    """A rectangle in points as fractions of the page as displayed (crop box, /Rotate)."""
    left, bottom, right, top = _edges(page, "/CropBox") or _edges(page, "/MediaBox") or (0.0, 0.0, 595.0, 842.0)
    wide, high = (right - left) or 1.0, (top - bottom) or 1.0
    xs = sorted(((rect[0] - left) / wide, (rect[2] - left) / wide))
    ys = sorted(((top - rect[1]) / high, (top - rect[3]) / high))
    return turned(Box(xs[0], ys[0], xs[1], ys[1]), int(_up(page, "/Rotate") or 0))


def turned(box: Box, degrees: int) -> Box:
    """A box after its page was turned clockwise, cut to the page."""
    x0, y0, x1, y1 = box.left, box.top, box.right, box.bottom
    for _ in range(degrees // 90 % 4):
        x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
    return Box(*(min(max(edge, 0.0), 1.0) for edge in (x0, y0, x1, y1)))


def _edges(page: Any, name: str) -> tuple[float, float, float, float] | None:
    values = _up(page, name)
    if values is None or len(values) != 4:
        return None
    x0, y0, x1, y1 = (float(value) for value in values)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _up(page: Any, name: str) -> Any:
    node = page
    for _ in range(50):
        if name in node:
            return node[name]
        node = node.get("/Parent")
        if not isinstance(node, pikepdf.Dictionary):
            break
    return None


def _drawing(place: Place, drawn: Sequence[Appearance]) -> Place:
    """Add the text that a field draws to its place; a field is identified by page and name."""
    mine = next((one for one in drawn if one.page == place.page and place.field.endswith(one.name)), None)
    if mine is None:
        return place
    frame = is_signing_data(mine)
    text, said = ("", mine.text) if frame else (mine.text, "")
    return Place(place.field, place.page, place.box, text, None if frame else Box(*mine.edges), said)
