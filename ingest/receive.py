"""Intake: the only way by which a file enters the store, from command line and pages alike.

The first bytes decide the type of a file; then its bytes stream to the originals, within the size limit. A ZIP is
taken in member by member. A file counts as taken in only when `records.receive` has returned.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from corpus import records
from corpus.access import groups
from corpus.access.groups import Groups
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.file_types import EDXML, EML, ZIP
from corpus.lifecycle.claims import Claim
from corpus.lifecycle.origins import KnownSender
from corpus.originals import content_store
from corpus.typed_text import clean_text
from ingest.files import edxml, zip_archive
from ingest.files.added_kinds import added_kinds
from ingest.files.joined_pictures import join_pictures
from ingest.files.mail import attachments_of, check_attachments
from ingest.files.mail_parts import WINMAIL, Attachment
from ingest.files.media_type import sniff
from ingest.sandbox.child import Limits, run_in_child
from ingest.views.batch_parts import BATCHES, Separator, taken_apart

HEAD = 64 * 1024
"""Bytes that `sniff` needs."""
_BLOCK = 1 << 20
MOST_PHOTOS = 100
"""Most photos that become one document."""
_MOST_MAILS = 5
"""Greatest depth of mails within mails."""


_TAKERS_APART = {EML: attachments_of, EDXML: edxml.others_of}
"""Kinds of files that bring others along → the function that gives their attachments, in a child."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result for one file at intake: `receipt` is None if `problem` kept it out."""

    name: str
    receipt: records.Receipt | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """Sender and conditions under which files are taken in."""

    actor: str
    auto_accept: bool = False
    sample: bool = False
    limited_to: tuple[str, ...] = ()
    """Names of the only groups that may see the files."""
    by: Groups = None
    """Groups of the sender; None: all."""
    sender: KnownSender | None = None
    """Sender of the mail, for files that came by mail."""
    claims: tuple[Claim, ...] = ()
    """Canonical values that came along with the file."""
    separator: Separator | None = None
    """Sheets at which a file of many papers is taken apart; None: each file is one paper."""


def take(store: Store, source: BinaryIO, name: str, terms: UploadOptions, depth: int = 0) -> list[Outcome]:
    """Take in one file, each member of a ZIP, or a mail with each attachment; a refusal is an Outcome.

    depth: number of mails around it. Raises Problem only for failures of the whole store: store_busy,
    originals_unreachable.
    """
    try:
        _check_groups(store, terms)
        head = source.read(HEAD)
        media_type = sniff(head, name, added_kinds(store.settings))
        whole = io.BufferedReader(_Rejoined(head, source), _BLOCK)
        if media_type == ZIP:
            return list(_members(store, whole, name, terms, depth))
        if media_type in _TAKERS_APART:
            return list(_with_attachments(store, whole, name, media_type, terms, depth))
        if terms.separator is not None and media_type in BATCHES:
            return _batch(store, whole, name, media_type, terms, terms.separator)
        receipt = _receive(store, whole, name, media_type, terms)
    except Problem as problem:
        if problem.code in ("store_busy", "originals_unreachable", "originals_refused"):
            raise
        return [Outcome(name, None, problem)]
    if receipt.code is not None:
        return [Outcome(name, None, Problem(receipt.code, name=name, mark="?"))]
    return [Outcome(name, receipt)]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of one page; turn: degrees clockwise beyond what the camera noted."""

    source: BinaryIO
    name: str
    turn: int = 0


def take_joined(store: Store, photos: Sequence[Photo], name: str, terms: UploadOptions) -> list[Outcome]:
    """Join photos into a PDF, in order, and take it in as one document; a refusal of one is that of all.

    Raises Problem only for failures of the whole store: store_busy, originals_unreachable.
    """
    try:
        _check_groups(store, terms)
        if len(photos) > MOST_PHOTOS:
            raise Problem("bad_request", why=f"nhiều nhất {MOST_PHOTOS} ảnh")
        with ExitStack() as spools:
            kept = [spools.enter_context(_spool(store, one.source, one.name)) for one in photos]
            joined = run_in_child(
                join_pictures,
                tuple(Path(spool.name) for spool in kept),
                tuple(one.name for one in photos),
                tuple(one.turn for one in photos),
                store.settings.max_pixels,
                limits=Limits.of(store.settings),
                name=name,
            )
    except Problem as problem:
        if problem.code in ("store_busy", "originals_unreachable"):
            raise
        return [Outcome(name, None, problem)]
    return take(store, io.BytesIO(joined), name, terms)


def _check_groups(store: Store, terms: UploadOptions) -> None:
    """Check the groups before the first byte is stored: no file that the sender may not file must stay here
    before the gate.
    """
    if any(terms.limited_to):
        with store.db.reading() as session:
            groups.check_own(session, terms.limited_to, terms.by)


def _receive(store: Store, whole: BinaryIO, name: str, media_type: str, terms: UploadOptions) -> records.Receipt:
    """Store the bytes and register them; if that fails, the bytes are removed again."""
    sha256 = content_store.put_original(store, whole, name=name)
    with _dropped_unless_taken(store, sha256):
        return records.receive(
            store, sha256, name, media_type, _size(store, sha256), terms.actor,
            auto_accept=terms.auto_accept, sample=terms.sample, limited_to=terms.limited_to, by=terms.by,
            sender=terms.sender,
            claims=terms.claims,
        )  # fmt: skip


@contextmanager
def _dropped_unless_taken(store: Store, sha256: str) -> Iterator[None]:
    """Remove the bytes if the block raises; if that fails too, `vanban check` finds them."""
    try:
        yield
    except Exception:
        with suppress(Problem):
            records.drop_unclaimed(store, sha256)
        raise


def take_released(store: Store, source: BinaryIO, name: str, document: Document, reason: str, actor: str) -> None:
    """Store the bytes of a refused document that a clerk declares free of secrecy marks; `source` must be
    seekable.

    Raises Problem("other_file") if the bytes differ, and as `put_original` and `records.overrule_mark` do.
    """
    # Before any byte is stored: without a reason nothing that may be classified stays here.
    said = clean_text("reason", reason, required=True)
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
    if digest.hexdigest() != document.sha256:
        raise Problem("other_file", name=name)
    source.seek(0)
    content_store.put_original(store, source, name=name)
    with _dropped_unless_taken(store, document.sha256):
        records.overrule_mark(store, document.id, name, said, actor)


@dataclass(frozen=True, slots=True)
class VersionWord:
    """A clerk's word about a new version of a file: the reason, whether the values stay, and why a secrecy mark on
    it is a false alarm.
    """

    reason: str
    keep_values: bool = True
    released: str | None = None


def take_version(
    store: Store,
    source: BinaryIO,
    name: str,
    document_id: int,
    word: VersionWord,
    actor: str,
    revision: int | None = None,
    by: Groups = None,
) -> int:
    """Take in a better scan or a corrected file of a document on file; return the version's number.

    Raises Problem("version_kind") for a mail, an archive or an edXML message, and as `sniff`, `put_original` and
    `records.put_version` do.
    """
    # Before any byte is stored: without a reason nothing that may be classified stays here.
    clean_text("reason", word.reason, required=True)
    head = source.read(HEAD)
    media_type = sniff(head, name, added_kinds(store.settings))
    if media_type in (ZIP, *_TAKERS_APART):
        raise Problem("version_kind", name=name)
    whole = io.BufferedReader(_Rejoined(head, source), _BLOCK)
    sha256 = content_store.put_original(store, whole, name=name)
    with _dropped_unless_taken(store, sha256):
        new = records.NewVersion(
            sha256, name, media_type, _size(store, sha256), word.reason, word.keep_values, word.released
        )
        return records.put_version(store, document_id, new, actor, revision, by)


def _batch(
    store: Store, source: BinaryIO, name: str, media_type: str, terms: UploadOptions, separator: Separator
) -> list[Outcome]:
    """Take in each paper of a file; one without separating sheets is one paper."""
    with _spool(store, source, name) as spool:
        path = Path(spool.name)
        found = taken_apart(path, name, media_type, store.settings, separator)
        spool.seek(0)
        if not found.files:
            receipt = _receive(store, cast("BinaryIO", spool), name, media_type, terms)
            known = receipt.code is None
            return [Outcome(name, receipt if known else None, None if known else _refusal(receipt, name))]
        whole = content_store.put_original(store, cast("BinaryIO", spool), name=name)
    stem, parts, hashes = Path(name).stem[:150], [], [whole]
    try:
        for at, (data, pages) in enumerate(zip(found.files, found.pages, strict=True), start=1):
            hashes.append(content_store.put_original(store, data, name=name))
            origins = tuple(records.PageOrigin(0, page) for page in pages)
            parts.append(records.NewPart(hashes[-1], f"{stem} ({at}).pdf", len(data), origins))
        first = records.NewPart(whole, name, _size(store, whole), ())
        receipts = records.receive_batch(
            store, first, media_type, parts, terms.actor,
            auto_accept=terms.auto_accept, limited_to=terms.limited_to, by=terms.by,
        )  # fmt: skip
    except Exception:
        _drop(store, hashes)
        raise
    if len(receipts) < len(parts):
        # The file is on record already: the parts just made are nobody's.
        _drop(store, hashes)
        (receipt,) = receipts
        return [Outcome(name, receipt if receipt.code is None else None, _refusal(receipt, name))]
    return [Outcome(part.name, receipt) for part, receipt in zip(parts, receipts, strict=True)]


def _drop(store: Store, hashes: list[str]) -> None:
    for sha256 in hashes:
        with suppress(Problem):
            records.drop_unclaimed(store, sha256)


def _refusal(receipt: records.Receipt, name: str) -> Problem | None:
    return Problem(receipt.code, name=name, mark="?") if receipt.code is not None else None


def _size(store: Store, sha256: str) -> int:
    look = content_store.look_at(store, sha256)
    if look is None:
        # Purged while it came in: `records.receive` reports the same, under the lock.
        raise Problem("store_busy")
    return look.size


def _with_attachments(
    store: Store, source: BinaryIO, name: str, media_type: str, terms: UploadOptions, depth: int
) -> Iterator[Outcome]:
    """Take in a mail as the cover, and each attachment as a document of its own, linked with it; of an edXML
    message, whose paper is read with it, the other attachments.
    """
    if depth > _MOST_MAILS:
        raise Problem("unsafe_mail", name=name, what="thư lồng quá nhiều tầng")
    with _spool(store, source, name) as spool:
        limits = Limits.of(store.settings)
        attached = run_in_child(_TAKERS_APART[media_type], Path(spool.name), name, limits=limits, name=name)
        check_attachments(attached, zip_archive.MOST_BYTES, name)
        spool.seek(0)
        receipt = _receive(store, cast("BinaryIO", spool), name, media_type, terms)
    if receipt.code is not None:
        yield Outcome(name, None, Problem(receipt.code, name=name, mark="?"))
        return
    yield Outcome(name, receipt)
    enclosed: list[tuple[int, str]] = []
    for one in attached:
        for outcome in _attachment(store, one, terms, depth):
            yield outcome
            if outcome.receipt is not None:
                enclosed.append((outcome.receipt.document_id, outcome.name))
    if enclosed:
        records.enclose(store, receipt.document_id, enclosed, terms.actor)


def _attachment(store: Store, one: Attachment, terms: UploadOptions, depth: int) -> list[Outcome]:
    if one.name.lower() == WINMAIL:
        return [Outcome(one.name, None, Problem("winmail", name=one.name))]
    return take(store, io.BytesIO(one.data), one.name, replace(terms, claims=()), depth + 1)


def _members(store: Store, source: BinaryIO, name: str, terms: UploadOptions, depth: int) -> Iterator[Outcome]:
    """Take in each member; a ZIP inside a ZIP is refused by `zip_archive.members` itself."""
    with _spool(store, source, name) as spool:
        for member, stream in zip_archive.members(Path(spool.name), store.settings, name):
            yield from take(store, stream, member, replace(terms, claims=()), depth)


@contextmanager
def _spool(store: Store, source: BinaryIO, name: str) -> Iterator[tempfile._TemporaryFileWrapper[bytes]]:
    """Copy the bytes to a temporary file, removed after the block. Raises Problem("too_large")."""
    limit = store.settings.max_upload_bytes
    # In the folder of half-written uploads: the rest after a kill is cleared with them, since it passed no gate.
    with tempfile.NamedTemporaryFile(dir=store.originals / ".staging") as spool:
        fcntl.flock(spool, fcntl.LOCK_EX)
        taken = 0
        while block := source.read(_BLOCK):
            taken += len(block)
            if taken > limit:
                raise Problem("too_large", name=name, limit=f"{limit >> 20} MB")
            spool.write(block)
        spool.flush()
        yield spool


class _Rejoined(io.RawIOBase):
    """A stream with the head that was read from it put back in front."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = len(buffer)
        piece = bytes(self._head[:wanted]) if self._head else self._rest.read(wanted)
        self._head = self._head[wanted:]
        buffer[: len(piece)] = piece
        return len(piece)
