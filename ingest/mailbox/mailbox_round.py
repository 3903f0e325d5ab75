"""One look into the mailbox: each unseen mail is taken in as any mail, and marked only once the store has it.

A mail is known by its bytes, so that one that was taken but not marked before a crash is found again, not doubled.
"""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from corpus.database.store import Store
from corpus.errors import Language, Problem
from ingest import receive
from ingest.files.mail import MailSender, sender_of
from ingest.mailbox import imap
from ingest.mailbox.imap import ImapMailbox
from ingest.mailbox.senders import rule_for
from ingest.sandbox.child import Limits, run_in_child

log = structlog.get_logger()
_MOST_AT_ONCE = 200
"""Mails of one round; the next round takes the others."""
_WAITING = frozenset({"not_found"})
"""Codes that are no fault of the mail: a rule names a group that is not there."""


@dataclass(frozen=True, slots=True)
class MailMessage:
    """Result for one mail or attachment, in words; `well` is False if somebody should look at it."""

    name: str
    words: str
    well: bool = True


@dataclass(slots=True)
class MailWatcher:
    """A mailbox and what was reported of it; `round` does one round of work."""

    store: Store
    terms: receive.UploadOptions
    language: Language
    _reported: dict[str, str] = field(default_factory=dict)

    def round(self) -> Iterator[MailMessage]:
        """Look once and take in what is unseen; a failure is reported once, and tried again in the next round."""
        settings = self.store.settings
        try:
            with imap.opened(settings) as box:
                self._reported.pop("", None)
                for uid in box.unseen()[:_MOST_AT_ONCE]:
                    yield from self._take(box, uid)
        except Problem as problem:
            yield from self._once("", settings.mail_folder, problem)
        except Exception:
            # The wall: a strange answer, or an unreachable database, must not end the watch.
            fault = random.randbytes(4).hex()  # noqa: S311
            log.exception("mail.fault", id=fault)
            yield from self._once("", settings.mail_folder, Problem("internal", id=fault))

    def _take(self, box: ImapMailbox, uid: bytes) -> Iterator[MailMessage]:
        """Take one mail in; it stays unseen if the store can't take it now. Raises Problem of the line."""
        name, limit = f"thư {uid.decode()}", self.store.settings.max_upload_bytes
        if box.size_of(uid) > limit:
            outcomes = [receive.Outcome(name, None, Problem("too_large", name=name, limit=f"{limit >> 20} MB"))]
        else:
            data = box.bytes_of(uid)
            if data is None:
                return
            try:
                outcomes = self._receive(data, name)
            except Problem as problem:
                outcomes = [receive.Outcome(name, None, problem)]
        problems = [one.problem for one in outcomes if one.problem is not None]
        if wait := next((one for one in problems if one.fault.status >= 500 or one.code in _WAITING), None):
            yield from self._once(uid.decode(), name, wait)
            return
        self._answer(box, uid, taken=outcomes[0].receipt is not None, flagged=bool(problems))
        self._reported.pop(uid.decode(), None)
        for one in outcomes:
            words = one.problem.message(self.language) if one.problem else _TAKEN[self.language]
            yield MailMessage(one.name, words, one.problem is None)

    def _receive(self, data: bytes, name: str) -> list[receive.Outcome]:
        """Take the mail under the terms of its sender. Raises Problem."""
        sender = self._sender(data, name)
        rule = rule_for(sender.address)
        limited_to = tuple(dict.fromkeys((*self.terms.limited_to, *rule.groups)))
        terms = replace(self.terms, limited_to=limited_to, sender=rule.known)
        title = f"{sender.subject[:100].replace('/', '-') or name}.eml"
        return receive.take(self.store, io.BytesIO(data), title, terms)

    def _sender(self, data: bytes, name: str) -> MailSender:
        """Sender and subject, parsed in a child. Raises Problem."""
        with tempfile.NamedTemporaryFile(dir=self.store.originals / ".staging") as spool:
            spool.write(data)
            spool.flush()
            limits = Limits.of(self.store.settings)
            return run_in_child(sender_of, Path(spool.name), name, limits=limits, name=name)

    def _answer(self, box: ImapMailbox, uid: bytes, *, taken: bool, flagged: bool) -> None:
        """Mark the mail, and move it if the settings name a folder for its kind."""
        settings = self.store.settings
        box.mark(uid, flagged=flagged)
        if folder := settings.mail_done_folder if taken else settings.mail_failed_folder:
            box.move(uid, folder)

    def _once(self, key: str, name: str, problem: Problem) -> Iterator[MailMessage]:
        """A line, unless the same was reported before."""
        if self._reported.get(key) != problem.code:
            self._reported[key] = problem.code
            yield MailMessage(name, problem.message(self.language), well=False)


_TAKEN: dict[Language, str] = {"vi": "đã nhận", "en": "taken"}
