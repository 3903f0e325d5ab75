"""Notices and digests by a real mail server: who gets what, nothing of what one may not see, once a day."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update

from corpus import records
from corpus.access import accounts
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.handover_tables import Notice
from corpus.database.store import Store, open_store
from corpus.handover.acting import Acting
from corpus.handover.orders import Order, Receiver
from corpus.numbering.typed_days import today
from search.index import indexer
from web.notices import duty
from web.notices.duty import Mailed

PLAN, DIRECTIVE = 1, 2
REFUSED = "refused@sott.example"


class Post:
    """A mail server's handler that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == REFUSED:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        found = message_from_bytes(envelope.content or b"", policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        return "250 OK"

    def told(self) -> list[tuple[str, str]]:
        """(receiver, subject) of what came, in order."""
        return [(str(one["To"]), str(one["Subject"])) for one in self.mails]


@pytest.fixture
def post_office() -> Iterator[tuple[Post, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


@pytest.fixture
def office(filled: Store, settings: Settings, post_office: tuple[Post, int]) -> Iterator[Store]:
    """The filled store with a mail server, and addresses of everybody."""
    mail = {
        "smtp_host": "127.0.0.1", "smtp_port": post_office[1], "smtp_security": "none",
        "smtp_from": "kho@sott.example", "public_url": "https://kho.example", "digest_hour": 0,
    }  # fmt: skip
    store = open_store(settings.model_copy(update=mail))
    for name in ("reader", "leader", "clerk"):
        records.set_mailbox(
            store, name, f"{name}@sott.example", name, notices_wanted=True, digest=name == "reader"
        )
    yield store
    indexer.forget(store)
    store.close()


def hand(store: Store, name: str) -> Acting:
    with store.db.reading() as session:
        return Acting(name, accounts.user_named(session, name).id)


def give(store: Store, *to: Receiver, document: int = PLAN, note: str = "bút phê riêng") -> int:
    return records.hand_over(
        store, document, Order(to or (Receiver("lead", "reader"),), note, "5"), hand(store, "leader")
    )


def test_a_receiver_is_mailed_number_subject_deadline_and_link_once(
    office: Store, post_office: tuple[Post, int]
) -> None:
    post, _ = post_office
    give(office)
    assert duty.send(office) == Mailed(sent=1)
    (mail,) = post.mails
    assert mail["To"] == "reader@sott.example" and "31/KH-UBND" in mail["Subject"]
    text = mail.get_content()
    assert "Phát động thi đua" in text and "https://kho.example/van-ban/1" in text and "Hạn xử lý: " in text
    assert "bút phê riêng" not in mail.as_string(), "the leader's note stays in the archive"
    assert duty.send(office) == Mailed() and len(post.mails) == 1


def test_each_act_is_told_to_whom_it_concerns(office: Store, post_office: tuple[Post, int]) -> None:
    post, _ = post_office
    records.add_group(office, "Phòng A", "admin")
    records.join_group(office, "Phòng A", "clerk", "admin")
    made = give(
        office, Receiver("lead", "reader"), Receiver("with", "Phòng A", unit=True), Receiver("know", "leader")
    )
    records.set_deadline(office, made, "7", hand(office, "leader"))
    records.finish_part(office, 1, "xong", hand(office, "reader"))
    records.reopen_handover(office, made, hand(office, "leader"))
    records.recall_handover(office, made, "nhầm", hand(office, "leader"))
    assert duty.send(office).failed == 0
    heads = [(to.split("@")[0], subject.split("] ")[1].split(":")[0]) for to, subject in post.told()]
    both = ["Văn bản chuyển bạn xử lý", "Hạn xử lý đã đổi", "Việc được mở lại", "Việc đã chuyển được thu lại"]
    assert [head for to, head in heads if to == "reader"] == both
    assert [head for to, head in heads if to == "clerk"] == both
    assert [head for to, head in heads if to == "leader"] == ["Việc bạn chuyển đã xong"], "not of one's own acts"


@pytest.mark.parametrize("hidden", ["limited", "withdrawn", "purged"])
def test_nothing_leaks_of_what_is_hidden_meanwhile(
    hidden: str, office: Store, post_office: tuple[Post, int]
) -> None:
    post, _ = post_office
    give(office)
    records.queue_digests(office, today())
    if hidden == "limited":
        records.add_group(office, "Kín", "admin")
        records.limit(office, PLAN, ["Kín"], "admin")
    elif hidden == "withdrawn":
        records.withdraw(office, PLAN, "nhầm", "clerk")
    else:
        records.classify(office, PLAN, "dấu MẬT", "clerk")
    done = duty.send(office)
    assert (done.sent, done.failed, post.mails) == (0, 0, [])


def test_a_digest_is_queued_once_a_day_and_has_what_is_open(office: Store, post_office: tuple[Post, int]) -> None:
    post, _ = post_office
    give(office)
    give(office, document=DIRECTIVE)
    duty.send(office)
    post.mails.clear()
    assert [records.queue_digests(office, today()) for _ in range(3)] == [1, None, None]
    assert duty.send(office) == Mailed(sent=1) and duty.send(office) == Mailed()
    (mail,) = post.mails
    assert mail["To"] == "reader@sott.example" and "2 việc đang mở" in mail["Subject"]
    assert "31/KH-UBND" in mail.get_content() and "5/CT-UBND" in mail.get_content()
    records.recall_handover(office, 1, "nhầm", hand(office, "leader"))
    records.recall_handover(office, 2, "nhầm", hand(office, "leader"))
    assert records.queue_digests(office, "2030-01-02") == 1
    duty.send(office)
    assert not [subject for _, subject in post.told()[1:] if "đang mở" in subject], "none on a day without tasks"


def test_what_a_server_refuses_is_tried_again_and_keeps_nobody_waiting(
    office: Store, post_office: tuple[Post, int]
) -> None:
    post, _ = post_office
    records.set_mailbox(office, "clerk", REFUSED, "clerk", notices_wanted=True, digest=False)
    give(office, Receiver("lead", "clerk"), Receiver("with", "reader"))
    assert duty.send(office) == Mailed(sent=1, failed=1)
    assert duty.send(office) == Mailed(), "not at once"
    with office.db.writing() as session:
        session.execute(update(Notice).values(try_at=utc_now()))
    assert duty.send(office) == Mailed(failed=1) and len(post.mails) == 1


def test_a_server_that_is_away_loses_nothing(office: Store, post_office: tuple[Post, int]) -> None:
    away = office.settings.model_copy(update={"smtp_port": 1})
    give(office)
    assert duty.send(Store(away, office.db)) == Mailed(failed=1)
    assert duty.send(office) == Mailed(sent=1)


def test_without_a_server_nothing_is_sent(filled: Store) -> None:
    records.set_mailbox(filled, "reader", "r@sott.example", "reader", notices_wanted=True, digest=True)
    give(filled)
    assert duty.tend(filled) == Mailed()
    with filled.db.reading() as session:
        assert [one.state for one in session.scalars(select(Notice))] == ["waiting"]


def test_a_closed_account_gets_nothing(office: Store, post_office: tuple[Post, int]) -> None:
    give(office)
    records.disable(office, "reader", "admin")
    assert duty.send(office) == Mailed(left_out=1) and post_office[0].mails == []


def test_letters_speak_the_language_of_the_settings(office: Store, post_office: tuple[Post, int]) -> None:
    english = Store(office.settings.model_copy(update={"lang": "en"}), office.db)
    give(english)
    records.queue_digests(english, today())
    assert duty.send(english) == Mailed(sent=2)
    given, digest = post_office[0].mails
    assert "Handed over to you" in given["Subject"] and "1 open tasks" in digest["Subject"]
    texts = given.get_content() + digest.get_content()
    assert "Deadline: " in texts and "Hạn" not in texts and "Thư tự động" not in texts
