"""edXML messages for `vanban export`: one as a file, several as a ZIP, or a message on a document's state."""

from __future__ import annotations

from pathlib import Path

import click

from corpus.database.store import Store
from corpus.errors import Problem
from web.cli import language
from web.commands.cites import named
from web.services import edxml_files


def message_bytes(store: Store, refs: tuple[str, ...], status: str | None, output: Path | None) -> bytes:
    """The message of one document, or a ZIP with those of several; names what the axis still needs on stderr.

    Raises Problem as `edxml_files` does, and Problem("bad_request") for several without a ZIP as `output`.
    """
    if len(refs) > 1 and (output is None or output.suffix.lower() != ".zip"):
        raise Problem("bad_request", why="nhiều văn bản thì xuất vào một gói: --output TÊN.zip")
    files = []
    for ref in refs:
        found = named(store, ref)
        made = edxml_files.state_of(store, found, status) if status else edxml_files.message_of(store, found)
        files.append(made)
        if made.doubtful:
            click.echo(_DOUBTFUL[language()].format(ref=ref), err=True)
        for body in made.unidentified:
            click.echo(_identifier_note(body), err=True)
    return files[0].data if len(files) == 1 else edxml_files.zipped(files)


_DOUBTFUL = {
    "vi": "Văn bản {ref} còn điểm cần kiểm tra: kiểm tra và xác nhận trước khi gửi đi.",
    "en": "Document {ref} has open questions: look at it before it is sent.",
}


def _identifier_note(body: str) -> str:
    if language() == "vi":
        return f"Chưa biết mã định danh của «{body}»: thêm vào data/organ_ids.tsv của kho trước khi gửi lên trục."
    return f"The identifier of “{body}” is not known: add it to the store's data/organ_ids.tsv before sending."
