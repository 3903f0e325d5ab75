"""Signatures of papers on file, verified again with their originals: got worse, got better, or never verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.document import Signature, SignatureState
from corpus.errors import Problem
from corpus.file_types import EDXML, PDF
from corpus.json_shapes import signature_from_json
from corpus.originals import content_store
from ingest.files.edxml import paper_of
from ingest.sandbox.child import Limits, run_in_child
from ingest.signatures.verify import Verified, verify

_SLICE = 20
"""Files that one child verifies: importing pyHanko takes longer than one paper."""
_RANKS: tuple[SignatureState, ...] = (
    "none", "valid", "valid_unknown_issuer", "valid_weak_algorithm", "changed_after", "broken",
)  # fmt: skip
_READ = ("review", "accepted", "withdrawn")
"""Documents in other states have not been read, so their signatures have not been verified either."""
_SOUND = frozenset(_RANKS[1:4])

Progress = Callable[[int, int], None]
_Kept = tuple[Path, str]
"""An original and its media type."""


@dataclass(frozen=True, slots=True)
class RecheckedSignatures:
    """Signatures of one document as they were on record (None: never verified) and as they are now."""

    document_id: int
    before: tuple[Signature, ...] | None
    now: tuple[Signature, ...]

    @property
    def worse(self) -> bool:
        """True if a signature is in a worse state than on record, or is gone."""
        if self.before is None:
            return False
        return len(self.now) < len(self.before) or any(map(_is_worse, self.before, self.now))

    @property
    def changed(self) -> bool:
        return self.before != self.now


def look_again(
    store: Store, documents: Sequence[int], progress: Progress | None = None
) -> list[RecheckedSignatures]:
    """Verify these documents' signatures again, in slices, each slice in a child with limits.

    Files that are no PDF, those known to be unsigned, and those with a missing or changed original are left out:
    that is a finding of corpus.fixity.
    """
    found: list[RecheckedSignatures] = []
    for start in range(0, len(documents), _SLICE):
        found += _slice(store, documents[start : start + _SLICE])
        if progress is not None:
            progress(min(start + _SLICE, len(documents)), len(documents))
    return found


def _slice(store: Store, documents: Sequence[int]) -> Iterator[RecheckedSignatures]:
    rows = select(Document.id, Document.sha256, Document.signatures, Document.media_type).where(
        Document.id.in_(documents), Document.media_type.in_((PDF, EDXML)), Document.status.in_(_READ)
    )
    with store.db.reading() as session:
        signed = [row for row in session.execute(rows.order_by(Document.id)) if row.signatures != []]
    paths = [(row, path) for row in signed if (path := _original(store, row.sha256)) is not None]
    read = _verify_paths(store, [(path, row.media_type) for row, path in paths])
    for (row, _), verified in zip(paths, read, strict=True):
        before = None if row.signatures is None else tuple(map(signature_from_json, row.signatures))
        yield RecheckedSignatures(row.id, before, _now(before, verified))


def _original(store: Store, sha256: str) -> Path | None:
    try:
        return content_store.original_path(store, sha256, verify=False)
    except Problem:
        return None


def _verify_paths(store: Store, paths: Sequence[_Kept]) -> list[tuple[Verified, ...] | None]:
    """Verify each file; None for one that makes its child fail, whose record then stays unchanged."""
    limits, place = Limits.of(store.settings), store.settings.signature_roots
    roots = Path(place) if place else None
    if not paths:
        return []
    try:
        return list(run_in_child(_verify_each, *_apart(paths), roots, limits=limits))
    except Problem:
        return [_alone(path, roots, limits) for path in paths] if len(paths) > 1 else [None]


def _alone(path: _Kept, roots: Path | None, limits: Limits) -> tuple[Verified, ...] | None:
    try:
        return run_in_child(_verify_each, *_apart([path]), roots, limits=limits)[0]
    except Problem:
        return None


def _apart(kept: Sequence[_Kept]) -> tuple[list[Path], list[str]]:
    """Files and their media types: the child may open the files that stand among its arguments."""
    return [path for path, _ in kept], [media_type for _, media_type in kept]


def _verify_each(
    paths: list[Path], media_types: list[str], roots: Path | None, progress: Any = None
) -> list[tuple[Verified, ...] | None]:
    pairs = zip(paths, media_types, strict=True)
    return [_verify_paper(path, media_type, str(roots or "")) for path, media_type in pairs]


def _verify_paper(path: Path, media_type: str, roots: str) -> tuple[Verified, ...] | None:
    """Signatures of a PDF, or of the PDF in an edXML message; () for another paper, None for an unreadable one."""
    try:
        with paper_of(path, path.name, media_type) as paper:
            return verify(paper.path, roots) if paper.media_type == PDF else ()
    except Problem:
        return None


def _now(before: tuple[Signature, ...] | None, read: tuple[Verified, ...] | None) -> tuple[Signature, ...]:
    """Current signatures; roles and places are those on record, since they depend on the whole reading."""
    if read is None:
        return before or ()
    ordered = sorted(read, key=lambda one: one.end or 1 << 62)
    kept = before or ()
    known = zip(kept, ordered, strict=False)
    return (*(_renew(*pair) for pair in known), *(as_read(one) for one in ordered[len(kept) :]))


def _renew(kept: Signature, read: Verified) -> Signature:
    """The signature on record with its current state; its place on the paper stays valid."""
    if kept.state == "changed_after" and read.state in _SOUND:
        return kept
    return replace(kept, state=read.state, changes=read.changes)


def as_read(read: Verified) -> Signature:
    """A signature without a role: all that is known without the page."""
    seal, holder, place = read.seal, read.holder, read.place
    return Signature(
        read.state, None, holder.name, holder.organization, "; ".join(holder.units) or None,
        seal.time.isoformat() if seal and seal.time else None, seal.time_source if seal else None,
        read.covers_whole, read.changes, place.page, (place.box,) if place.box else (),
    )  # fmt: skip


def _is_worse(before: Signature, now: Signature) -> bool:
    return _RANKS.index(now.state) > _RANKS.index(before.state)
