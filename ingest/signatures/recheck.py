"""Signatures of papers on file, verified again with their originals: what became worse, better, or was never looked at."""

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
from corpus.json_shapes import signature_from_json
from corpus.originals import content_store
from ingest.files.media_type import PDF
from ingest.sandbox.child import Limits, run_in_child
from ingest.signatures.verify import Verified, verify

_SLICE = 20
"""Files that one child verifies: importing pyHanko takes longer than one paper."""
_RANKS: tuple[SignatureState, ...] = (
    "none", "valid", "valid_unknown_issuer", "valid_weak_algorithm", "changed_after", "broken",
)  # fmt: skip
_READ = ("review", "accepted", "withdrawn")
"""Documents in other states have not been read, so nobody has looked at their signatures either."""
_SOUND = frozenset(_RANKS[1:4])

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """The signatures of one document as they were on record (None: never looked at) and as they are now."""

    document_id: int
    before: tuple[Signature, ...] | None
    now: tuple[Signature, ...]

    @property
    def worse(self) -> bool:
        """True if a signature is in a worse state than the record says, or is gone."""
        if self.before is None:
            return False
        return len(self.now) < len(self.before) or any(map(_is_worse, self.before, self.now))

    @property
    def changed(self) -> bool:
        return self.before != self.now


def look_again(store: Store, documents: Sequence[int], progress: Progress | None = None) -> list[Standing]:
    """Verifies these documents' signatures again, in slices, each slice in a child with limits.

    Left out are files that are no PDF, those known to be unsigned, and those whose original is missing or changed:
    that is a finding of corpus.fixity.
    """
    found: list[Standing] = []
    for start in range(0, len(documents), _SLICE):
        found += _slice(store, documents[start : start + _SLICE])
        if progress is not None:
            progress(min(start + _SLICE, len(documents)), len(documents))
    return found


def _slice(store: Store, documents: Sequence[int]) -> Iterator[Standing]:
    rows = select(Document.id, Document.sha256, Document.signatures).where(
        Document.id.in_(documents), Document.media_type == PDF, Document.status.in_(_READ)
    )
    with store.db.reading() as session:
        signed = [row for row in session.execute(rows.order_by(Document.id)) if row.signatures != []]
    paths = [(row, path) for row in signed if (path := _original(store, row.sha256)) is not None]
    read = _verified(store, [path for _, path in paths])
    for (row, _), verified in zip(paths, read, strict=True):
        before = None if row.signatures is None else tuple(map(signature_from_json, row.signatures))
        yield Standing(row.id, before, _now(before, verified))


def _original(store: Store, sha256: str) -> Path | None:
    try:
        return content_store.original_path(store, sha256, verify=False)
    except Problem:
        return None


def _verified(store: Store, paths: Sequence[Path]) -> list[tuple[Verified, ...] | None]:
    """The signatures of each file; None for one that makes its child fail, which is then left as it is on record."""
    limits, place = Limits.of(store.settings), store.settings.signature_roots
    roots = Path(place) if place else None
    if not paths:
        return []
    try:
        return list(run_in_child(_verify_each, list(paths), roots, limits=limits))
    except Problem:
        return [_alone(path, roots, limits) for path in paths] if len(paths) > 1 else [None]


def _alone(path: Path, roots: Path | None, limits: Limits) -> tuple[Verified, ...] | None:
    try:
        return run_in_child(_verify_each, [path], roots, limits=limits)[0]
    except Problem:
        return None


def _verify_each(paths: list[Path], roots: Path | None, progress: Any = None) -> list[tuple[Verified, ...]]:
    return [verify(path, str(roots or "")) for path in paths]


def _now(before: tuple[Signature, ...] | None, read: tuple[Verified, ...] | None) -> tuple[Signature, ...]:
    """The signatures as they are now; roles and places are those on record, since they rest on the whole reading."""
    if read is None:
        return before or ()
    ordered = sorted(read, key=lambda one: one.end or 1 << 62)
    kept = before or ()
    known = zip(kept, ordered, strict=False)
    return (*(_renewed(*pair) for pair in known), *(as_read(one) for one in ordered[len(kept) :]))


def _renewed(kept: Signature, read: Verified) -> Signature:
    """The signature on record with its present state; what was said of its place on the paper stays true."""
    if kept.state == "changed_after" and read.state in _SOUND:
        return kept
    return replace(kept, state=read.state, changes=read.changes)


def as_read(read: Verified) -> Signature:
    """A signature without a role: what can be said without the page."""
    seal, holder, place = read.seal, read.holder, read.place
    return Signature(
        read.state, None, holder.name, holder.organization, "; ".join(holder.units) or None,
        seal.time.isoformat() if seal and seal.time else None, seal.time_source if seal else None,
        read.covers_whole, read.changes, place.page, (place.box,) if place.box else (),
    )  # fmt: skip


def _is_worse(before: Signature, now: Signature) -> bool:
    return _RANKS.index(now.state) > _RANKS.index(before.state)
