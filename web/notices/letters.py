"""Words of a notice, made at the moment of sending from what its receiver may see then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.access import groups
from corpus.database.account_tables import User
from corpus.database.handover_tables import Mailbox, Notice
from corpus.database.store import Store
from corpus.queries import handover as lists
from corpus.queries.handover import HandoverShown, Viewing, Wish
from web.present import fields
from web.present.catalogue import translator

Say = Callable[[str], str]
"""The words of a text in the language of the settings."""

_MOST_LINES = 100
"""Most papers of each list that a digest names, the nearest deadlines; its subject says if there are more."""
_HEADS = {
    "given": "Văn bản chuyển bạn xử lý",
    "deadline": "Hạn xử lý đã đổi",
    "recalled": "Việc đã chuyển được thu lại",
    "reopened": "Việc được mở lại",
    "done": "Việc bạn chuyển đã xong",
    "closed_above": "Việc chuyển tiếp đã đóng vì cấp trên đã xong",
    "answered": "Việc bạn chuyển đã có văn bản trả lời",
    "unanswered": "Việc bạn chuyển không còn văn bản trả lời",
}


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """A mail's address, subject and text; `documents`: the number of papers that it names."""

    address: str
    subject: str
    text: str
    documents: int


def letter(store: Store, notice: Notice, user: User, box: Mailbox, site: str) -> NoticeLetter | None:
    """The letter of a notice; None if it has nothing to tell that its receiver may see.

    site: address of the archive for links, without a slash at its end; empty: no links.
    """
    with store.db.reading() as session:
        seen = groups.seen_by(groups.of_user(session, user))
        reader = lists.viewing(session, user, seen, store.settings.due_soon_days)
    say = translator(store.settings.lang)
    if notice.kind == "digest":
        return _digest(store, reader, box, notice.key.partition(":")[2], site)
    shown = lists.one(store, reader, notice.handover_id or 0)
    if shown is None or not lists.concerns(shown, reader):
        return None
    hides = notice.kind == "answered" and shown.answer is None
    head = say(_HEADS["done" if hides else notice.kind])
    lines = [f"{head}:", "", *_lines(shown, site, say)]
    subject = f"[{say('Văn bản')}] {head}: {_label(shown, say)}"
    return NoticeLetter(box.address, subject, _text(lines, site, say), 1)


def _digest(store: Store, reader: Viewing, box: Mailbox, day: str, site: str) -> NoticeLetter | None:
    """The open tasks of a person and his units, the nearest deadline first; None where there is none."""
    found: dict[int, HandoverShown] = {}
    more = ""
    for which in ("mine", "unit"):
        page = lists.page(store, reader, Wish(which), _MOST_LINES)
        found |= {one.id: one for one in page.rows}
        more = "+" if page.following else more
    rows = sorted(found.values(), key=lambda one: (one.deadline or "9999", one.id))
    if not rows:
        return None
    say, parts = translator(store.settings.lang), list[str]()
    for standing, head in (
        ("overdue", "Quá hạn"), ("soon", "Sắp đến hạn"), ("later", "Còn hạn"), ("none", "không hạn"),
    ):  # fmt: skip
        of_it = [one for one in rows if one.standing == standing]
        if of_it:
            parts += [f"{say(head).upper()} ({len(of_it)})", ""]
            for one in of_it:
                parts += [*_lines(one, site, say), ""]
    late = sum(one.standing == "overdue" for one in rows)
    ends = f", {late} {say('quá hạn')}" if late else ""
    subject = f"[{say('Văn bản')}] {fields.day(day)}: {len(rows)}{more} {say('việc đang mở')}{ends}"
    return NoticeLetter(box.address, subject, _text(parts, site, say), len(rows))


def _lines(shown: HandoverShown, site: str, say: Say) -> list[str]:
    """Number, subject, deadline and link of one paper; the leader's note stays in the archive."""
    lines = [f"- {_label(shown, say)}"]
    lines += [f"  {shown.subject}"] if shown.subject else []
    lines += [f"  {say('Hạn xử lý')}: {fields.day(shown.deadline)}"] if shown.deadline else []
    return [*lines, *([f"  {site}/van-ban/{shown.document_id}"] if site else [])]


def _label(shown: HandoverShown, say: Say) -> str:
    number = f"{shown.doc_type or say('Văn bản')} {shown.number}" if shown.number else say("văn bản chưa có số")
    return f"{number} {say('ngày')} {fields.day(shown.date)}" if shown.date else number


def _text(lines: Sequence[str], site: str, say: Say) -> str:
    end = [f"{say('Danh sách')}: {site}/xu-ly"] if site else []
    last = say("Thư tự động; đổi hoặc thôi nhận ở trang «Ủy quyền, thư nhắc».")
    return "\n".join([*lines, "", *end, last]) + "\n"
