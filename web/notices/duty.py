"""The worker's duty: the digests of each working day are queued once, and what waits is mailed."""

from __future__ import annotations

import smtplib
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from corpus import records
from corpus.database.account_tables import User
from corpus.database.handover_tables import Mailbox, Notice
from corpus.database.store import Store
from corpus.handover import notices
from corpus.numbering import working_days
from corpus.numbering.typed_days import HANOI
from web.notices import letters, mailing
from web.notices.letters import NoticeLetter

log = structlog.get_logger()

_AT_ONCE = 100
"""Most letters of one turn."""
_TURN_SECONDS = 20.0
"""Time after which a turn ends, so that the worker's other duties are not kept waiting."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """Letters of one turn: sent, left out as empty for their receivers, and failed for now."""

    sent: int = 0
    left_out: int = 0
    failed: int = 0


def tend(store: Store) -> Mailed:
    """Follow the answers, queue the day's digests from their hour on, send what waits.

    Without a mail server only the answers are followed.
    """
    records.follow_answers(store)
    if not store.settings.smtp_host:
        return Mailed()
    now = datetime.now(UTC) + HANOI
    day = now.date().isoformat()
    if now.hour >= store.settings.digest_hour and working_days.is_working(day):
        records.queue_digests(store, day)
    return send(store)


def send(store: Store) -> Mailed:
    """Send the letters that wait, over one connection; one that fails is tried again later."""
    with store.db.reading() as session:
        waiting = notices.due(session, _AT_ONCE)
    if not waiting:
        return Mailed()
    try:
        with mailing.connection(store.settings) as server:
            return _send(store, server, waiting)
    except mailing.FAILURES as error:
        log.warning("mail_server", why=type(error).__name__)
        return Mailed(failed=len(waiting))


def _send(store: Store, server: smtplib.SMTP, waiting: list[int]) -> Mailed:
    until = time.monotonic() + _TURN_SECONDS
    sent = left_out = failed = 0
    for notice_id in waiting:
        if time.monotonic() > until:
            break
        notice = records.claim_notice(store, notice_id)
        if notice is None:
            continue
        letter = _letter(store, notice)
        if letter is None:
            records.settle_notice(store, notice_id, "left_out")
            left_out += 1
            continue
        try:
            server.send_message(mailing.message(letter, store.settings, notice_id))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as error:
            log.warning("mail_refused", notice=notice_id, why=type(error).__name__)
            server.rset()
            failed += 1
            continue
        records.settle_notice(store, notice_id, "sent", letter.documents)
        sent += 1
    return Mailed(sent, left_out, failed)


def _letter(store: Store, notice: Notice) -> NoticeLetter | None:
    """The letter of a notice; None for a closed account, and where nobody wants it any more."""
    with store.db.reading() as session:
        user, box = session.get(User, notice.user_id), session.get(Mailbox, notice.user_id)
    if user is None or box is None or not user.active:
        return None
    if not (box.digest if notice.kind == "digest" else box.notices):
        return None
    return letters.letter(store, notice, user, box, store.settings.public_url.rstrip("/"))
