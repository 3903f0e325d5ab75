"""Hand-over by page, call and command: one state whichever way, who may what, delegations, lists, notes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select

from corpus import records
from corpus.access import accounts
from corpus.database.handover_tables import Handover, HandoverPart
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.handover import deadlines
from corpus.handover.acting import Acting
from corpus.handover.orders import Order, Receiver
from corpus.numbering import working_days
from corpus.numbering.typed_days import today
from web.commands.handover import handover as command
from web.commands.user import user as user_command

SignIn = Callable[[str], FlaskClient]
PLAN, DIRECTIVE, FAILED = 1, 2, 4
UNIT = "Phòng Kế hoạch"


@dataclass
class Office:
    """The store, windows of people, and the three ways in which an act is done."""

    store: Store
    window: SignIn
    post: Callable[..., Any]

    def page(self, name: str, path: str, **form: Any) -> int:
        return int(self.post(self.window(name), path, form).status_code)

    def call(self, name: str, path: str, **body: Any) -> Any:
        client = self.window(name)
        client.get("/dang-nhap")
        token = client.get("/xu-ly").text.split('name="csrf" content="')[1].split('"')[0]
        return client.post(path, json=body, headers={"X-CSRFToken": token})

    def run(self, *args: str) -> tuple[int, str]:
        done = CliRunner().invoke(command, args, env={"VANBAN_HOME": str(self.store.settings.home)})
        return (0 if done.exception is None else 1), done.output

    def id_of(self, name: str) -> int:
        with self.store.db.reading() as session:
            return accounts.user_named(session, name).id

    def hand(self, name: str, for_name: str = "") -> Acting:
        return Acting(name, self.id_of(name), for_name)

    def give(self, document: int = PLAN, *to: Receiver, deadline: str = "5", by: str = "leader") -> int:
        receivers = to or (Receiver("lead", "reader"),)
        return records.hand_over(self.store, document, Order(receivers, "Xử lý gấp", deadline), self.hand(by))

    def state(self, handover: int) -> tuple[str, list[tuple[str, str, str]]]:
        with self.store.db.reading() as session:
            rows = select(HandoverPart).where(HandoverPart.handover_id == handover).order_by(HandoverPart.id)
            parts = [(part.kind, part.name, part.state) for part in session.scalars(rows)]
            return session.get_one(Handover, handover).state, parts

    def trail(self) -> list[tuple[str, str, dict[str, Any]]]:
        with self.store.db.reading() as session:
            rows = select(AuditRow).where(AuditRow.action.regexp_match("^(handover|note_|delegate|end_del)"))
            return [(row.actor, row.action, row.detail) for row in session.scalars(rows.order_by(AuditRow.id))]


@pytest.fixture
def office(filled: Store, sign_in: SignIn, post: Callable[..., Any]) -> Office:
    records.add_group(filled, UNIT, "admin")
    records.join_group(filled, UNIT, "clerk", "admin")
    return Office(filled, sign_in, post)


def give_by(office: Office, way: str) -> int:
    """Document 1 to the reader in charge, a unit taking part and the auditor to know, in five working days."""
    if way == "page":
        form = {
            "lead": "u:reader",
            "with": [f"g:{UNIT}"],
            "know": ["u:auditor"],
            "note": "Xử lý gấp",
            "deadline": "5",
        }
        assert office.page("leader", f"/van-ban/{PLAN}/chuyen", **form) == 303
    elif way == "api":
        to = [
            {"kind": "lead", "name": "reader"},
            {"kind": "with", "name": UNIT, "unit": True},
            {"kind": "know", "name": "auditor"},
        ]
        body = {"receivers": to, "note": "Xử lý gấp", "deadline": "5"}
        assert office.call("leader", f"/api/documents/{PLAN}/handovers", **body).status_code == 200
    else:
        options = ("--lead", "reader", "--with", f"g:{UNIT}", "--know", "auditor", "--note", "Xử lý gấp")
        code, out = office.run("give", "31/KH-UBND", "--for", "leader", *options, "--deadline", "5")
        assert (code, out.strip()) == (0, "1")
    return 1


ACTS: list[tuple[str, str, str]] = [
    ("finish", "reader", "đã gửi"),
    ("return", "reader", ""),
    ("deadline", "leader", "10"),
    ("recall", "leader", "giao nhầm"),
]


def act_by(office: Office, way: str, act: str, who: str, text: str) -> None:
    if way == "page":
        assert office.page(who, "/xu-ly/1", act=act, text=text) == 303
    elif way == "api":
        assert office.call(who, "/api/handovers/1", act=act, text=text).status_code == 200
    else:
        args = {
            "finish": ("finish", "1", "--result", text),
            "return": ("return", "1"),
            "deadline": ("deadline", "1", text),
            "recall": ("recall", "1", "--reason", text),
        }[act]
        assert office.run(*args)[0] == 0


@pytest.mark.parametrize("way", ["page", "api", "command"])
def test_each_way_leads_to_the_same_state_and_the_same_trail(way: str, office: Office) -> None:
    handover = give_by(office, way)
    lead, unit, know = ("lead", "reader"), ("with", UNIT), ("know", "auditor")
    assert office.state(handover) == ("open", [(*lead, "open"), (*unit, "open"), (*know, "open")])
    with office.store.db.reading() as session:
        row = session.get_one(Handover, handover)
        assert (row.note, row.deadline) == ("Xử lý gấp", working_days.after(today(), 5))
    states = {
        "finish": ("done", ["done", "closed", "open"]),
        "return": ("open", ["open", "open", "open"]),
        "deadline": ("open", ["open", "open", "open"]),
        "recall": ("recalled", ["closed", "closed", "closed"]),
    }
    for act, who, text in ACTS:
        act_by(office, way, act, who, text)
        found = office.state(handover)
        assert (found[0], [one[2] for one in found[1]]) == states[act], act
    said = [action for _, action, _ in office.trail()]
    assert said == ["handover_give", *(f"handover_{act}" for act, _, _ in ACTS)]
    assert office.trail()[0][2]["to"] == ["lead: reader", f"with: {UNIT}", "know: auditor"]


WHO = [
    # account, act, status by call, why
    ("reader", "finish", 200, "his own part"),
    ("reader", "recall", 403, "only the giver takes back"),
    ("clerk", "finish", 200, "a member of the unit, for the unit's part"),
    ("auditor", "finish", 403, "sees it, has no part in it"),
    ("leader", "recall", 200, "the giver"),
    ("admin", "recall", 200, "an administrator"),
    ("second", "recall", 403, "another leader"),
    ("stranger", "finish", 404, "a reader whom it does not concern knows nothing of it"),
    ("stranger", "recall", 404, "the same"),
]


@pytest.mark.parametrize(("who", "act", "status", "why"), WHO)
def test_who_may_do_what(who: str, act: str, status: int, why: str, office: Office) -> None:
    records.add_user(office.store, "second", "leader", "-")
    records.add_user(office.store, "stranger", "reader", "-")
    office.give(PLAN, Receiver("lead", "reader"), Receiver("with", UNIT, unit=True))
    assert office.call(who, "/api/handovers/1", act=act, text="vì").status_code == status, why


@pytest.mark.parametrize("who", ["reader", "clerk", "auditor"])
def test_only_leaders_hand_over_and_those_who_act_for_them(who: str, office: Office) -> None:
    body = {"receivers": [{"kind": "lead", "name": "admin"}]}
    path = f"/api/documents/{PLAN}/handovers"
    assert office.call(who, path, **body).status_code == 403
    assert "Chuyển văn bản này" not in office.window(who).get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert office.page("leader", "/uy-quyen", deputy=who, first=today(), last=today(), reason="đi họp") == 303
    assert "Chuyển văn bản này" in office.window(who).get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert office.call(who, path, **body).status_code == 200
    actor, action, detail = office.trail()[-1]
    assert (actor, action, detail["for"]) == (who, "handover_give", "leader")
    page = office.window("admin").get("/xu-ly").text
    assert f"({who} làm thay)" in page, "the receiver sees who acted for whom"
    assert office.call(who, "/api/handovers/1", act="recall", text="nhầm").status_code == 200
    assert office.page("leader", "/uy-quyen/1/ket-thuc", confirmed="1") == 303
    assert office.call(who, path, **body).status_code == 403


def test_a_deputy_sees_and_finishes_what_is_another_ones(office: Office) -> None:
    office.give()
    assert "31/KH-UBND" not in office.window("auditor").get("/xu-ly").text
    office.page("reader", "/uy-quyen", deputy="auditor", first=today(), last=today())
    page = office.window("auditor").get("/xu-ly").text
    assert "31/KH-UBND" in page and "Đã xong (thay reader)" in page
    assert office.page("auditor", "/xu-ly/1", act="finish", part="1", text="") == 303
    assert office.trail()[-1][2]["for"] == "reader"
    assert office.window("auditor").get("/api/delegations").json["delegations"][0]["owner"] == "reader"  # type: ignore[index]
    for name, number in (("auditor", 1), ("reader", 9)):
        assert office.page(name, f"/uy-quyen/{number}/ket-thuc", confirmed="1") == 404, "not one's own, or none"
    with office.store.db.reading() as session:
        assert session.scalars(select(AuditRow).where(AuditRow.action == "end_delegation")).all() == []


@pytest.mark.parametrize(
    ("days", "deputy", "reason"),
    [
        (("2/1/2030", "1/1/2030"), "reader", "days out of order"),
        (("1/1/2020", "2/1/2020"), "reader", "past"),
        (("x", "1/1/2030"), "reader", "no day"),
        (("1/1/2030", "2/1/2030"), "leader", "oneself"),
        (("1/1/2030", "2/1/2030"), "nobody", "no account"),
    ],
)
def test_a_bad_delegation_is_refused_with_what_was_typed(
    days: tuple[str, str], deputy: str, reason: str, office: Office
) -> None:
    form = {"deputy": deputy, "first": days[0], "last": days[1], "reason": "đi họp"}
    answer = office.post(office.window("leader"), "/uy-quyen", form)
    assert answer.status_code in (404, 422) and 'value="đi họp"' in answer.text, reason
    assert office.call("reader", "/api/delegations", **form, owner="leader").status_code == 403


BAD: list[tuple[dict[str, Any], int, str]] = [
    ({}, 422, "nobody"),
    ({"receivers": [{"kind": "lead", "name": "reader"}, {"kind": "lead", "name": "clerk"}]}, 422, "two in charge"),
    ({"receivers": [{"kind": "lead", "name": "nobody"}]}, 404, "no account"),
    ({"receivers": [{"kind": "lead", "name": "nobody", "unit": True}]}, 404, "no unit"),
    ({"receivers": [{"kind": "boss", "name": "reader"}]}, 400, "no kind"),
    ({"receivers": [{"kind": "lead", "name": "reader"}], "deadline": "1/1/2020"}, 422, "past"),
    ({"receivers": [{"kind": "lead", "name": "reader"}], "deadline": "mai"}, 422, "no day"),
    ({"receivers": [{"kind": "lead", "name": "reader"}], "note": "x" * 4001}, 422, "a long note"),
    ({"receivers": [{"kind": "know", "name": "reader"}] * 101}, 422, "too many"),
    ({"receivers": [{"kind": "lead", "name": "reader"}], "for_name": "admin"}, 403, "in another's name"),
]


@pytest.mark.parametrize(("body", "status", "reason"), BAD)
def test_a_bad_order_changes_nothing(body: dict[str, Any], status: int, reason: str, office: Office) -> None:
    assert office.call("leader", f"/api/documents/{PLAN}/handovers", **body).status_code == status, reason
    assert office.trail() == []


def test_what_one_may_not_see_is_not_handed_to_one(office: Office) -> None:
    records.add_group(office.store, "Mật vụ", "admin")
    records.join_group(office.store, "Mật vụ", "leader", "admin")
    records.limit(office.store, PLAN, ["Mật vụ"], "admin")
    path = f"/api/documents/{PLAN}/handovers"
    for to in ({"name": "reader"}, {"name": UNIT, "unit": True}):
        answer = office.call("leader", path, receivers=[{"kind": "lead", **to}])
        assert (answer.status_code, answer.json["code"]) == (422, "handover_unseen")
    office.give(PLAN, Receiver("lead", "Mật vụ", unit=True))
    records.leave_group(office.store, "Mật vụ", "leader", "admin")
    assert "31/KH-UBND" not in office.window("leader").get("/xu-ly?danh-sach=given").text
    assert office.call("leader", "/api/handovers/1", act="recall", text="x").status_code == 404
    answer = office.window("admin").get("/api/handovers?list=all").json
    assert [one["number"] for one in answer["handovers"]] == ["31/KH-UBND"]  # type: ignore[index]


def test_lists_by_deadline_with_counts_and_pages(office: Office) -> None:
    near, far = working_days.after(today(), 1), deadlines.after(today(), 30)
    for typed in (far, near, "", far, near):
        office.give(DIRECTIVE, Receiver("lead", "reader"), deadline=typed)
    with office.store.db.writing() as session:
        for table in (Handover, HandoverPart):
            row = session.get_one(table, 1)
            row.day = "2020-01-01"
        session.get_one(Handover, 1).deadline = "2020-01-01"
    client = office.window("reader")
    found = client.get("/api/handovers").json
    assert found["counts"] == {"": 5, "overdue": 1, "soon": 2}  # type: ignore[index]
    assert [one["id"] for one in found["handovers"]] == [1, 2, 5, 4, 3]  # type: ignore[index]
    assert [one["standing"] for one in found["handovers"]] == ["overdue", "soon", "soon", "later", "none"]  # type: ignore[index]
    ids: list[int] = []
    after = ""
    while after is not None:
        part = client.get(f"/api/handovers?limit=2&after={after}").json
        ids += [one["id"] for one in part["handovers"]]  # type: ignore[index]
        after = part["following"]  # type: ignore[index]
    assert ids == [1, 2, 5, 4, 3]
    assert [one["id"] for one in client.get("/api/handovers?due=overdue").json["handovers"]] == [1]  # type: ignore[index]
    page = client.get("/xu-ly?han=overdue").text
    assert "quá hạn" in page and 'class="count">5<' in page
    assert (
        client.get("/api/handovers?list=given").status_code == 403
        and client.get("/xu-ly?danh-sach=x").status_code == 400
    )
    records.withdraw(office.store, DIRECTIVE, "nhầm", "clerk")
    assert client.get("/api/handovers").json["counts"] == {"": 0, "overdue": 0, "soon": 0}  # type: ignore[index]
    code, out = office.run("list", "reader", "--json")
    assert (code, out) == (0, ""), "nor does the command tell of a paper that was withdrawn"


def test_a_unit_sees_its_list_and_the_rest_of_the_office_does_not(office: Office) -> None:
    office.give(PLAN, Receiver("lead", UNIT, unit=True))
    assert "31/KH-UBND" in office.window("clerk").get("/xu-ly?danh-sach=unit").text
    assert "31/KH-UBND" not in office.window("reader").get("/xu-ly?danh-sach=unit").text
    code, out = office.run("list", "clerk", "--list", "unit", "--json")
    assert code == 0 and json.loads(out)["parts"][0]["name"] == UNIT
    token = office.post(office.window("admin"), "/nhom/1", {"act": "remove", "confirmed": "1"})
    assert token.status_code == 422 and "còn việc đang giao" in token.text, "a unit with open tasks stays"
    office.page("clerk", "/xu-ly/1", act="finish")
    assert "31/KH-UBND" in office.window("clerk").get("/xu-ly?danh-sach=unit&xong=1").text


def test_notes_bear_names_and_are_removed_by_their_writers(office: Office) -> None:
    office.page("reader", f"/van-ban/{PLAN}/y-kien", text="Đề nghị <b>sửa</b> mục 2")
    office.call("auditor", f"/api/documents/{PLAN}/notes", text="Đồng ý")
    code, out = office.run("note", "31/KH-UBND", "Qua điện thoại", "--for", "leader")
    assert (code, out.strip()) == (0, "3")
    page = office.window("clerk").get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert "&lt;b&gt;sửa" in page and "Đồng ý" in page and "làm thay" in page
    assert office.page("clerk", "/y-kien/1/bo") == 403
    assert office.page("reader", "/y-kien/1/bo") == 303
    assert office.call("admin", "/api/notes/2/remove").status_code == 200
    assert [one["id"] for one in office.window("clerk").get(f"/api/documents/{PLAN}/notes").json["notes"]] == [3]  # type: ignore[index]
    assert (
        office.page("reader", "/y-kien/1/bo") == 404
        and office.page("reader", f"/van-ban/{FAILED}/y-kien", text="x") == 404
    )


def test_a_readers_page_tells_of_what_concerns_him_alone(office: Office) -> None:
    office.give(PLAN, Receiver("lead", "auditor"))
    assert "Xử lý gấp" not in office.window("reader").get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert office.window("reader").get(f"/api/documents/{PLAN}/handovers").json["handovers"] == []  # type: ignore[index]
    assert "Xử lý gấp" in office.window("auditor").get(f"/van-ban/{PLAN}", follow_redirects=True).text


def test_the_menu_counts_what_is_open_for_one(office: Office) -> None:
    office.give()
    office.give(DIRECTIVE)
    assert 'class="count">2</span></a>' in office.window("reader").get("/").text
    assert 'class="count"' not in office.window("auditor").get("/").text


def test_the_mailbox_is_kept_and_a_bad_address_refused(office: Office) -> None:
    assert office.page("reader", "/cua-toi/thu-nhac", address="lan@sott.example", notices="1", digest="1") == 303
    assert office.window("reader").get("/api/me/mailbox").json == {
        "address": "lan@sott.example", "notices": True, "digest": True,
    }  # fmt: skip
    for bad in (
        "lan",
        "a@b",
        "a b@c.vn",
        "a@c.vn, d@e.vn",
        "a@c.vn\r\nBcc: x@y.vn",
        "ă@c.vn",
        "@c.vn",
        "x" * 300 + "@c.vn",
    ):
        assert office.page("reader", "/cua-toi/thu-nhac", address=bad, notices="1") == 422, bad
    assert office.call("reader", "/api/me/mailbox", address="").status_code == 200
    assert office.window("reader").get("/api/me/mailbox").json["address"] == ""  # type: ignore[index]


def test_the_trail_tells_who_did_what_for_whom_in_words(office: Office) -> None:
    office.page("leader", "/uy-quyen", deputy="clerk", first=today(), last=today())
    give = {"receivers": [{"kind": "lead", "name": "reader"}], "note": "Xử lý gấp", "deadline": "3"}
    assert office.call("clerk", f"/api/documents/{PLAN}/handovers", **give).status_code == 200
    page = office.window("auditor").get(f"/nhat-ky?document={PLAN}&action=handover_give").text
    assert "chuyển xử lý" in page and "làm thay" in page and "lead: reader" in page and "Xử lý gấp" in page
    assert "ủy quyền" in office.window("auditor").get("/nhat-ky?action=delegate").text


def test_a_leader_is_added_and_named_in_vietnamese(office: Office) -> None:
    env = {"VANBAN_HOME": str(office.store.settings.home)}
    run = CliRunner().invoke(
        user_command, ["add", "chu tich", "--role", "leader"], env=env, input="mot-cau-rat-dai\n"
    )
    assert (run.exit_code, run.exception) == (0, None)
    page = office.window("admin").get("/tai-khoan").text
    assert "chu tich" in page and "Lãnh đạo</td>" in page


PARTS = [
    ((("with", "reader"), ("with", "clerk")), ["reader"], "open", "one of two who take part"),
    ((("with", "reader"), ("with", "clerk")), ["reader", "clerk"], "done", "the last of those who take part"),
    ((("lead", "reader"), ("with", "clerk")), ["clerk"], "open", "the one in charge is not done"),
    ((("lead", "reader"), ("with", "clerk")), ["reader"], "done", "the one in charge is"),
    ((("lead", "reader"), ("know", "clerk")), ["clerk"], "open", "taking note closes nothing"),
    ((("know", "reader"), ("know", "clerk")), ["reader"], "open", "another has still to take note"),
    ((("know", "reader"), ("know", "clerk")), ["reader", "clerk"], "done", "all have taken note"),
]


@pytest.mark.parametrize(("to", "done", "state", "why"), PARTS)
def test_it_is_done_when_those_are_who_have_to_be(
    to: tuple[tuple[str, str], ...], done: list[str], state: str, why: str, office: Office
) -> None:
    office.give(PLAN, *(Receiver(kind, name) for kind, name in to))
    for name in done:
        assert office.call(name, "/api/handovers/1", act="finish").status_code == 200
    assert office.state(1)[0] == state, why
    assert office.call(done[0], "/api/handovers/1", act="finish").status_code == 409, "not twice"
    if state == "done":
        assert office.call("leader", "/api/handovers/1", act="recall", text="x").json["code"] == "handover_state"
        for name in done:
            assert office.call(name, "/api/handovers/1", act="return").status_code == 200
        assert office.state(1)[0] == "open"


@pytest.mark.parametrize("way", ["page", "api", "command"])
def test_a_receiver_hands_on_by_each_way(way: str, office: Office) -> None:
    for name in ("reader", "clerk"):
        records.join_group(office.store, UNIT, name, "admin")
    give_by(office, "api")
    later = working_days.after(today(), 9)
    if way == "page":
        assert office.page("reader", "/xu-ly/phan/1/chuyen-tiep", lead="u:clerk", deadline=later) == 422
        sent = {"lead": "u:clerk", "deadline": "3", "note": "Em làm nhé"}
        assert office.page("reader", "/xu-ly/phan/1/chuyen-tiep", **sent) == 303
    elif way == "api":
        to = [{"kind": "lead", "name": "clerk"}]
        path = "/api/handovers/parts/1/onward"
        assert office.call("reader", path, receivers=to, deadline=later).status_code == 422
        assert office.call("auditor", path, receivers=to).status_code == 403
        made = office.call("reader", path, receivers=to, deadline="3", note="Em làm nhé")
        assert made.status_code == 200, made.text
    else:
        code, out = office.run("onward", "1", "--lead", "clerk", "--deadline", "3", "--note", "Em làm nhé")
        assert code == 0, out
    assert office.state(2) == ("open", [("lead", "clerk", "open")])
    text = office.window("clerk").get("/xu-ly").text
    assert "Em làm nhé" in text and "Xử lý gấp" in text, "the chain with its notes"
    assert "chuyển tiếp" in office.window("reader").get(f"/van-ban/{PLAN}", follow_redirects=True).text
