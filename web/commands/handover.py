"""`vanban handover`: papers handed over, their receivers' parts, notes, delegations, notices by e-mail."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from corpus import records
from corpus.access import accounts
from corpus.database.account_tables import User
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.handover import acting
from corpus.handover.acting import Acting
from corpus.handover.orders import Order, Receiver
from corpus.handover.states import KINDS, STATES
from corpus.numbering.typed_days import today
from corpus.queries import document_notes
from corpus.queries import handover as lists
from corpus.queries.handover import HandoverShown, Viewing, Wish
from web.cli import language
from web.commands import context
from web.commands.cites import named
from web.notices import duty
from web.present import fields

_json = click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi dòng một mục.")
_for = click.option("--for", "for_name", required=True, help="Tài khoản của người mà việc này nhân danh.")
_MOST = 10_000
"""Most rows that a list prints."""


@click.group()
def handover() -> None:
    """Chuyển xử lý: giao văn bản cho người và đơn vị, hạn, ý kiến, ủy quyền, thư nhắc."""


@handover.command("list")
@click.argument("name")
@click.option("--list", "which", type=click.Choice(lists.LISTS), default="mine", help="Danh sách.")
@click.option("--due", type=click.Choice(lists.DUES[1:]), help="Quá hạn, sắp đến hạn; không nêu: tất cả.")
@click.option("--finished", is_flag=True, help="Việc đã kết thúc.")
@_json
def list_handovers(name: str, which: str, due: str | None, finished: bool, as_json: bool) -> None:
    """Việc của tài khoản NAME: mine (của người ấy), unit (đơn vị), given (đã chuyển), all (tất cả)."""
    store = context.store()
    reader = _reader(store, name)
    after: tuple[str, int] | None = None
    for _ in range(_MOST // lists.PER_PAGE):
        page = lists.page(store, reader, Wish(which, due or "", finished, after))
        for one in page.rows:
            _print(one, as_json)
        if (after := page.following) is None:
            break


@handover.command("show")
@click.argument("ref")
@_json
def show(ref: str, as_json: bool) -> None:
    """Các lần chuyển của văn bản REF (số ký hiệu hoặc mã), và ý kiến về văn bản."""
    store = context.store()
    found = named(store, ref)
    for one in lists.of_document(store, _reader(store), found.id, True):
        _print(one, as_json)
    for note in document_notes.of_document(store, found.id, None):
        if as_json:
            context.print_json({"note": {**asdict(note), "at": note.at.isoformat()}})
        else:
            hand = f" ({note.written_by} {context.say('làm thay')})" if note.written_by != note.name else ""
            click.echo(f"{context.say('ý kiến')} {note.id}: {note.name}{hand}: {note.text}")


@handover.command("give")
@click.argument("ref")
@_for
@click.option("--lead", help="Chủ trì: tên tài khoản, hoặc «g:Tên đơn vị».")
@click.option("--with", "taking_part", multiple=True, help="Phối hợp; nêu được nhiều lần.")
@click.option("--know", multiple=True, help="Để biết; nêu được nhiều lần.")
@click.option("--note", default="", help="Bút phê.")
@click.option("--deadline", default="", help="Hạn: ngày/tháng/năm, hoặc số ngày làm việc.")
def give(
    ref: str, for_name: str, lead: str | None, taking_part: tuple[str, ...], know: tuple[str, ...], note: str,
    deadline: str,
) -> None:  # fmt: skip
    """Chuyển văn bản REF; in mã của lần chuyển."""
    store = context.store()
    by_kind = {"lead": (lead,) if lead else (), "with": taking_part, "know": know}
    to = tuple(_receiver(kind, name) for kind, names in by_kind.items() for name in names)
    click.echo(records.hand_over(store, named(store, ref).id, Order(to, note, deadline), _hand(for_name)))


@handover.command("onward")
@click.argument("part", type=int)
@click.option("--for", "for_name", default="", help="Thành viên đơn vị đứng tên, khi phần việc giao cho đơn vị.")
@click.option("--lead", help="Chủ trì: tên tài khoản, hoặc «g:Tên đơn vị».")
@click.option("--with", "taking_part", multiple=True, help="Phối hợp; nêu được nhiều lần.")
@click.option("--know", multiple=True, help="Để biết; nêu được nhiều lần.")
@click.option("--note", default="", help="Ý kiến của người chuyển tiếp.")
@click.option("--deadline", default="", help="Hạn: ngày/tháng/năm, hoặc số ngày làm việc.")
@click.option("--why", default="", help="Vì sao hạn sau hạn được giao.")
def onward(
    part: int, for_name: str, lead: str | None, taking_part: tuple[str, ...], know: tuple[str, ...], note: str,
    deadline: str, why: str,
) -> None:  # fmt: skip
    """Chuyển tiếp phần việc PART trong đơn vị; in mã của lần chuyển."""
    by_kind = {"lead": (lead,) if lead else (), "with": taking_part, "know": know}
    to = tuple(_receiver(kind, name) for kind, names in by_kind.items() for name in names)
    click.echo(records.hand_on(context.store(), part, Order(to, note, deadline), why, _hand(for_name)))


@handover.command("finish")
@click.argument("part", type=int)
@click.option("--result", default="", help="Kết quả.")
def finish(part: int, result: str) -> None:
    """Ghi phần việc PART (mã trong «vanban handover list») là xong."""
    records.finish_part(context.store(), part, result, _hand())


@handover.command("return")
@click.argument("part", type=int)
def return_part(part: int) -> None:
    """Mở lại phần việc PART vì chưa xong."""
    records.return_part(context.store(), part, _hand())


@handover.command("recall")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Lý do.")
def recall(number: int, reason: str) -> None:
    """Thu lại lần chuyển NUMBER."""
    records.recall_handover(context.store(), number, reason, _hand())


@handover.command("reopen")
@click.argument("number", type=int)
def reopen(number: int) -> None:
    """Mở lại lần chuyển NUMBER đã kết thúc."""
    records.reopen_handover(context.store(), number, _hand())


@handover.command("deadline")
@click.argument("number", type=int)
@click.argument("day", default="")
def deadline(number: int, day: str) -> None:
    """Đổi hạn của lần chuyển NUMBER thành DAY (ngày/tháng/năm hoặc số ngày làm việc); không nêu: bỏ hạn."""
    records.set_deadline(context.store(), number, day, _hand())


@handover.command("note")
@click.argument("ref")
@click.argument("text")
@_for
def note(ref: str, text: str, for_name: str) -> None:
    """Lưu ý kiến TEXT về văn bản REF; in mã của ý kiến."""
    store = context.store()
    click.echo(records.add_note(store, named(store, ref).id, text, _hand(for_name)))


@handover.command("remove-note")
@click.argument("number", type=int)
def remove_note(number: int) -> None:
    """Bỏ ý kiến NUMBER."""
    records.remove_note(context.store(), number, _hand())


@handover.command("delegate")
@click.argument("owner")
@click.argument("deputy")
@click.option("--first", required=True, help="Từ ngày.")
@click.option("--last", required=True, help="Đến hết ngày.")
@click.option("--reason", default="", help="Lý do.")
def delegate(owner: str, deputy: str, first: str, last: str, reason: str) -> None:
    """OWNER ủy quyền cho DEPUTY; in mã của ủy quyền."""
    click.echo(records.delegate(context.store(), owner, deputy, (first, last), reason, context.actor()))


@handover.command("end-delegation")
@click.argument("number", type=int)
def end_delegation(number: int) -> None:
    """Kết thúc ủy quyền NUMBER."""
    records.end_delegation(context.store(), number, None, context.actor())


@handover.command("delegations")
@_json
def delegations(as_json: bool) -> None:
    """Liệt kê ủy quyền đang hoặc sắp có hiệu lực."""
    with context.store().db.reading() as session:
        found = acting.every(session)
    for one in found:
        if as_json:
            context.print_json(asdict(one))
        else:
            state = context.say("đang hiệu lực" if one.in_force else "chưa đến ngày")
            days = f"{fields.day(one.first)} – {fields.day(one.last)}"
            click.echo(f"{one.id:>5}  {one.owner} → {one.deputy}  {days}  {state}  {one.reason}")


@handover.command("mailbox")
@click.argument("name")
@click.argument("address", default="")
@click.option("--notices/--no-notices", default=True, help="Thư cho từng việc.")
@click.option("--digest/--no-digest", default=False, help="Thư tổng hợp mỗi ngày làm việc.")
def mailbox(name: str, address: str, notices: bool, digest: bool) -> None:
    """Đặt địa chỉ nhận thư nhắc của tài khoản NAME; không nêu địa chỉ: không nhận nữa."""
    actor = context.actor()
    records.set_mailbox(context.store(), name, address, actor, notices_wanted=notices, digest=digest)


@handover.command("digest")
def digest() -> None:
    """Lập thư tổng hợp của hôm nay (mỗi ngày một lần) và gửi mọi thư đang chờ."""
    store = context.store()
    if not store.settings.smtp_host:
        raise Problem("bad_value", field="VANBAN_SMTP_HOST", value="", why="chưa đặt máy chủ thư")
    queued = records.queue_digests(store, today())
    done = duty.send(store)
    words = context.say("hôm nay đã lập rồi") if queued is None else context.say("lập {} thư tổng hợp", queued)
    counts = context.say("gửi {}, bỏ qua {}, chưa gửi được {}", done.sent, done.left_out, done.failed)
    click.echo(f"{words}; {counts}")


def _receiver(kind: str, name: str) -> Receiver:
    return Receiver(kind, name.removeprefix("g:"), unit=name.startswith("g:"))


def _hand(for_name: str = "") -> Acting:
    return Acting(context.actor(), None, for_name)


def _reader(store: Store, name: str | None = None) -> Viewing:
    """A reader that sees all documents, as commands do; name: the account whose lists are read."""
    with store.db.reading() as session:
        user = accounts.user_named(session, name) if name else User(id=0, name="", role="admin")
        return lists.viewing(session, user, lists.EVERYTHING, store.settings.due_soon_days)


def _print(one: HandoverShown, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = asdict(one)
        context.print_json({key: _plain(value) for key, value in told.items()})
        return
    at = 0 if language() == "vi" else 1
    due = f"{context.say('hạn')} {fields.day(one.deadline)}" if one.deadline else context.say("không hạn")
    late = {"overdue": "quá hạn", "soon": "sắp đến hạn"}.get(one.standing, "")
    due += f" ({context.say(late)})" if late else ""
    click.echo(f"{one.id:>6}  {STATES[one.state][at]}  {due}  {one.number or one.name}  {one.subject or ''}")
    hand = f" ({one.given_by} {context.say('làm thay')})" if one.given_by != one.giver else ""
    click.echo(f"        {one.giver}{hand}: {one.note or '–'}")
    for part in one.parts:
        done = f"{STATES[part.state][at]} {part.result}".strip()
        click.echo(f"        {context.say('phần việc')} {part.id}: {KINDS[part.kind][at]} {part.name} – {done}")
    if one.answer is not None:
        paper = one.answer.number or one.answer.document_id
        click.echo(f"        {context.say('trả lời')}: {paper} «{one.answer.printed}»")


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else value
