"""Changes of a signed PDF after one of its signatures: pages, fields and notes as drawn then and now.

A signature covers the file up to its end, and that part is a whole PDF itself (incremental update, ISO 32000-1,
7.5.6). Further signatures with their appearances are a paper's normal life: initials, signer, seal, number, day.
Any other visible difference is a change.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_MOST_PAGES = 2000
_MOST_NOTES = 2000
_DEEPEST = 80
_MOST_OBJECTS = 300_000
_BESIDE = frozenset(("/Parent", "/P", "/StructParent", "/Popup"))
"""Entries of an annotation that lead back, or to something that isn't drawn."""
_HARMLESS = frozenset((
    "/Pages", "/AcroForm", "/Perms", "/DSS", "/Extensions", "/Metadata", "/Version", "/StructTreeRoot", "/Type",
    "/Outlines", "/Dests", "/PageLabels", "/MarkInfo", "/ViewerPreferences", "/PageMode", "/PageLayout",
))  # fmt: skip
"""Entries of the catalogue that signing writes (DSS: evidence kept for later), or that show nothing."""
_HIDDEN = 0b10 | 0b100000


@dataclass(frozen=True, slots=True)
class FieldOnPage:
    """A signature field on a page: hash of its appearance, if it draws any, and hash of its signature, empty
    while unsigned.
    """

    page: int
    look: str
    draws: bool
    signed: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """Hashes of everything that one revision shows. `partial` is True if some of it is nested too deeply."""

    pages: tuple[str, ...]
    fields: Mapping[str, FieldOnPage]
    notes: tuple[Counter[str], ...]
    beyond: str
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """Sentences: `added` for further signatures, `altered` for forbidden changes of a signed paper."""

    added: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    partial: bool = False


def drawn_in(data: bytes) -> Drawn:
    """Hash everything that a revision shows. Raises pikepdf.PdfError and any error that hostile objects cause."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        hasher = _Hasher(frozenset(page.obj.objgen for page in pdf.pages))
        pages, fields, notes = [], {}, []
        for index, page in enumerate(pdf.pages):
            if index >= _MOST_PAGES:
                hasher.partial = True
                break
            pages.append(_page(hasher, page.obj))
            others: Counter[str] = Counter()
            for note in _notes(page.obj, hasher):
                name = _field_name(note)
                if name is None:
                    others[hasher.entries(note, _BESIDE)] += 1
                else:
                    fields[name] = _placed_field(hasher, note, index + 1)
            notes.append(others)
        return Drawn(tuple(pages), fields, tuple(notes), _beyond(hasher, pdf.Root), hasher.partial)


def changes_between(then: Drawn, now: Drawn) -> Changes:
    """Differences now, in the order of the pages."""
    altered = list(_altered_pages(then, now))
    added: Counter[int] = Counter()
    for name, placed in now.fields.items():
        before = then.fields.get(name)
        if before is not None and before.signed:
            if (before.look, before.signed, before.page) != (placed.look, placed.signed, placed.page):
                altered.append(f"trang {placed.page}: ô chữ ký số đã ký bị thay")
        elif placed.signed:
            added[placed.page] += 1
        elif placed.draws and (before is None or before.look != placed.look):
            altered.append(f"trang {placed.page}: ô chưa ký có chữ thêm sau")
    gone = (before for name, before in then.fields.items() if before.signed and name not in now.fields)
    altered += [f"trang {before.page}: ô chữ ký số đã ký bị bỏ" for before in gone]
    if then.beyond != now.beyond:
        altered.append("phần ngoài các trang (lệnh, lớp, tệp đính kèm, biểu mẫu) bị sửa")
    sentences = [f"trang {page}: {_so_many(count)} thêm sau" for page, count in sorted(added.items())]
    return Changes(tuple(sentences), tuple(dict.fromkeys(altered)), then.partial or now.partial)


def _so_many(count: int) -> str:
    return "ô chữ ký số" if count == 1 else f"{count} ô chữ ký số"


def _altered_pages(then: Drawn, now: Drawn) -> Iterator[str]:
    if len(then.pages) != len(now.pages):
        yield f"số trang đổi từ {len(then.pages)} thành {len(now.pages)}"
    for index, (before, after) in enumerate(zip(then.pages, now.pages, strict=False)):
        if before != after:
            yield f"trang {index + 1}: nội dung trang bị sửa"
        if then.notes[index] != now.notes[index]:
            yield f"trang {index + 1}: ghi chú, dấu hoặc ô biểu mẫu bị sửa hay thêm"


def _page(hasher: _Hasher, page: Any) -> str:
    """Hash of a page's drawing without its annotations."""
    parts = [_inheritable(page, name) for name in ("/Resources", "/MediaBox", "/CropBox", "/Rotate")]
    contents = page.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    own = [*streams, page.get("/UserUnit"), page.get("/Group"), page.get("/AA")]
    return _hash("|".join(hasher.of(part) for part in (*parts, *own)))


def _inheritable(page: Any, name: str) -> Any:
    node = page
    for _ in range(50):
        if name in node:
            return node[name]
        node = node.get("/Parent")
        if not isinstance(node, pikepdf.Dictionary):
            return None
    return None


def _notes(page: Any, hasher: _Hasher) -> Iterator[Any]:
    notes = page.get("/Annots")
    notes = list(notes) if isinstance(notes, pikepdf.Array) else []
    hasher.partial = hasher.partial or len(notes) > _MOST_NOTES
    yield from (note for note in notes[:_MOST_NOTES] if isinstance(note, pikepdf.Dictionary))


def _field_name(note: Any) -> str | None:
    """Full name of the signature field of an annotation; None for any other annotation."""
    parts, kind, node = [], None, note
    for _ in range(20):
        kind = kind or node.get("/FT")
        if "/T" in node:
            parts.append(str(node["/T"]))
        node = node.get("/Parent")
        if not isinstance(node, pikepdf.Dictionary):
            break
    return ".".join(reversed(parts)) if str(kind) == "/Sig" and str(note.get("/Subtype")) == "/Widget" else None


def _placed_field(hasher: _Hasher, note: Any, page: int) -> FieldOnPage:
    value = note.get("/V", note.get("/Parent", {}).get("/V"))
    hidden = int(note.get("/F", 0)) & _HIDDEN
    look = _hash("|".join((hasher.of(note.get("/AP")), hasher.of(note.get("/Rect")), str(hidden))))
    return FieldOnPage(page, look, note.get("/AP", {}).get("/N") is not None, _signature_hash(hasher, value))


def _signature_hash(hasher: _Hasher, value: Any) -> str:
    """Hash of a signature and of the range it covers; the rest of its dictionary is within that range."""
    if not isinstance(value, pikepdf.Dictionary):
        return ""
    return _hash(hasher.of(value.get("/Contents")) + hasher.of(value.get("/ByteRange")))


def _beyond(hasher: _Hasher, root: Any) -> str:
    form = root.get("/AcroForm", {})
    parts = [f"{key}={hasher.of(root[key])}" for key in sorted(root.keys()) if key not in _HARMLESS]
    return _hash("|".join([*parts, hasher.of(form.get("/XFA"))]))


@dataclass(slots=True)
class _Hasher:
    """Hashes of objects with everything they refer to; the document's own pages count as part of nothing else."""

    pages: frozenset[tuple[int, int]] = frozenset()
    known: dict[tuple[int, int], str] = field(default_factory=dict)
    partial: bool = False
    count: int = 0

    def of(self, thing: Any, depth: int = 0) -> str:
        self.count += 1
        if depth > _DEEPEST or self.count > _MOST_OBJECTS:
            self.partial = True
            return "…"
        if not isinstance(thing, pikepdf.Object):
            return repr(thing)
        key = thing.objgen
        if key in self.pages:
            return "page"
        if key == (0, 0):
            return self._within(thing, depth)
        if key not in self.known:
            self.known[key] = "↑"
            self.known[key] = self._within(thing, depth)
        return self.known[key]

    def _within(self, thing: Any, depth: int) -> str:
        if isinstance(thing, pikepdf.Stream):
            data = hashlib.sha256(thing.read_raw_bytes()).hexdigest()
            return _hash(f"stream {data} {self.entries(thing, depth=depth)}")
        if isinstance(thing, pikepdf.Dictionary):
            return self.entries(thing, depth=depth)
        if isinstance(thing, pikepdf.Array):
            return _hash(" ".join(self.of(item, depth + 1) for item in thing))
        return _hash(thing.unparse().hex())

    def entries(self, thing: Any, without: frozenset[str] = frozenset(), depth: int = 0) -> str:
        """Hash of a dictionary's entries."""
        keys = sorted(key for key in thing.keys() if key not in without)  # noqa: SIM118 - a PDF dictionary iterates its values
        return _hash("|".join(f"{key}={self.of(thing[key], depth + 1)}" for key in keys))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
