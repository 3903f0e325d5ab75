"""The paper in an edXML message: its first attachment that can be read; the others go along as enclosed files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.document import EXCHANGE_STATE
from corpus.edxml.codes import mark_of, status_words
from corpus.errors import Problem
from corpus.file_types import EDXML, EML, MEDIA_TYPES, ZIP
from ingest.files.edxml_message import Envelope, attachments_in, envelope_of
from ingest.files.mail_parts import Attachment
from ingest.files.media_type import sniff
from ingest.sandbox.child import Progress, deadline

_SECONDS = 60.0
_HEAD = 65_536
_CONTAINERS = frozenset({EDXML, EML, ZIP})


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file that can be read by itself: path, name, media type."""

    path: Path
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A message taken apart: header, the paper's attachment (None without one), the other attachments."""

    envelope: Envelope
    paper: Attachment | None
    others: tuple[Attachment, ...]


def parts_of(path: Path, name: str) -> Parts:
    """Take a message apart. Raises Problem: unsafe_xml, truncated, not_edxml."""
    with deadline(_SECONDS):
        data = path.read_bytes()
        envelope, attached = envelope_of(data, name), attachments_in(data, name)
    at = next((number for number, one in enumerate(attached) if _is_paper(one)), None)
    if at is None:
        return Parts(envelope, None, attached)
    return Parts(envelope, attached[at], (*attached[:at], *attached[at + 1 :]))


def _is_paper(one: Attachment) -> bool:
    try:
        return sniff(one.data[:_HEAD], one.name) not in _CONTAINERS
    except Problem:
        return False


@contextmanager
def paper_of(path: Path, name: str, media_type: str) -> Iterator[PaperFile]:
    """The file itself, or the paper in a message, whose path is valid within the block.

    Raises Problem as `parts_of`, and Problem("not_found") for a message without a paper.
    """
    if media_type != EDXML:
        yield PaperFile(path, name, media_type)
        return
    paper = parts_of(path, name).paper
    if paper is None:
        raise Problem("not_found", what=name)
    with tempfile.TemporaryDirectory() as folder:
        yield written(paper, Path(folder))


def written(one: Attachment, folder: Path) -> PaperFile:
    """An attachment as a file of its own in a folder."""
    path = folder / "paper"
    path.write_bytes(one.data)
    return PaperFile(path, one.name, sniff(one.data[:_HEAD], one.name))


def others_of(path: Path, name: str, progress: Progress | None = None) -> tuple[Attachment, ...]:
    """Attachments of a message other than its paper; runs in a child, since it parses foreign input."""
    return parts_of(path, name).others


def attachments_of(path: Path, name: str, progress: Progress | None = None) -> tuple[Attachment, ...]:
    """All attachments of a message, in its order; runs in a child, since it parses foreign input."""
    with deadline(_SECONDS):
        return attachments_in(path.read_bytes(), name)


def media_type_of(name: str) -> str:
    """Media type of an attachment by the ending of its name."""
    return MEDIA_TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")


def header_text(envelope: Envelope) -> str:
    """The header as a page of text, for a message without a paper."""
    if envelope.state is not None:
        return "\n".join(_state_lines(envelope))
    lines = [
        envelope.sender.superior, envelope.sender.name, f"Số: {envelope.number}", envelope.doc_type,
        envelope.subject, *(f"Kính gửi: {one.name}" for one in envelope.to), mark_of(envelope.priority) or "",
        envelope.competence, envelope.position, envelope.full_name, *envelope.places,
    ]  # fmt: skip
    return "\n".join(line for line in lines if line) or "edXML"


def _state_lines(envelope: Envelope) -> Iterator[str]:
    state = envelope.state
    if state is None:
        return
    words = status_words(state.code)
    yield EXCHANGE_STATE.upper()
    yield f"Từ: {envelope.sender.name} {envelope.sender.organ_id}".rstrip()
    yield f"Trạng thái: {state.code} {words[0] if words else ''}".rstrip()
    yield from (f"Về văn bản: {one.number}" for one in envelope.answers if one.number)
    yield from filter(None, (state.description, state.at))
