"""Documents whose content may be shown: those that the secrecy gate has let pass, or a person on his own word.

Until then nobody, whatever the role, is given a picture, text or file of it, and nothing is made out of its bytes:
what proves to be classified must not have been seen, nor be lying about. A file that could not be read has not
passed. It is sent again, read again, or put on record by hand from the paper; with that a person answers for it,
and it is shown.
"""

from __future__ import annotations

from corpus.database.read_only import StoredDocument
from corpus.lifecycle.intake import is_purged

_SHOWN = ("review", "accepted")
_BEFORE_THE_GATE = ("queued", "reading")


def is_cleared(document: StoredDocument) -> bool:
    """True if pictures, text and files of a document may be handed out.

    One that is taken back, or fails at a later reading, stays what it was; one that waits to be read again has to
    pass again, since the gate may know better by now.
    """
    return was_cleared(document) and document.status not in _BEFORE_THE_GATE


def was_cleared(document: StoredDocument) -> bool:
    """True if a document has passed once and has not proved to be classified since:
    what is made of it may be kept.
    """
    if is_purged(document):
        return False
    passed = document.read_at is not None or document.accepted_at is not None
    return passed or document.status in _SHOWN
