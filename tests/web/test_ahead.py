"""The next document made ready while one is looked at: its pictures are there, nobody saw or took it by that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from corpus import records
from corpus.database.models import AuditRow, Document, Hold
from corpus.database.store import Store
from corpus.derived import files as derived
from tests.web.conftest import WAITING
from tests.web.test_browser import with_print

SignIn = Callable[[str], FlaskClient]
PATH = "/can-xem/san-sang"


def drawn(store: Store, document_id: int) -> list[str]:
    with store.db.reading() as session:
        folder = derived.folder(store, session.get_one(Document, document_id).sha256)
    return sorted(one.name for one in folder.glob("*.png")) if folder.exists() else []


def rows(store: Store) -> tuple[int, list[tuple[int, str]]]:
    """Rows of the trail, and holds."""
    with store.db.reading() as session:
        held = session.query(Hold).order_by(Hold.document_id).all()
        return session.query(AuditRow).count(), [(one.document_id, one.holder) for one in held]


def test_pictures_are_drawn_and_nothing_is_noted(sign_in: SignIn, filled: Store) -> None:
    following = with_print(filled, "TRANG SAU")
    client = sign_in("clerk")
    client.get(f"/can-xem/{WAITING}")
    before = rows(filled)
    assert client.get(f"{PATH}?sau={WAITING}").json == {"ready": 1}
    assert len(drawn(filled, following)) == 1 and rows(filled) == before
    assert before[1] == [(WAITING, "clerk")]
    # A look at it is noted as ever.
    client.get(f"/can-xem/{following}")
    assert rows(filled)[0] == before[0] + 1


def test_a_colleague_still_gets_what_was_made_ready(sign_in: SignIn, filled: Store) -> None:
    following = with_print(filled, "TRANG SAU")
    first, second = sign_in("clerk"), sign_in("admin")
    first.get("/can-xem/tiep")
    first.get(f"{PATH}?sau={WAITING}")
    assert second.get("/can-xem/tiep").headers["Location"] == f"/can-xem/{following}"
    assert first.get(f"{PATH}?sau={WAITING}").json == {"ready": 0}, "the colleague has it open"


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("none", "nothing waits besides"),
        ("limited", "it does not exist for this person"),
        ("withdrawn", "it waits no longer"),
        ("purged", "nothing of it is left"),
    ],
)
def test_what_does_not_follow_is_not_drawn(case: str, reason: str, sign_in: SignIn, filled: Store) -> None:
    following = with_print(filled, "TRANG SAU")
    if case == "limited":
        records.add_group(filled, "Nhân sự", "admin")
        records.limit(filled, following, ["Nhân sự"], "admin", None)
    elif case == "purged":
        records.classify(filled, following, "mật", "admin")
    else:
        records.withdraw(filled, following, "sai", "clerk")
    assert sign_in("clerk").get(f"{PATH}?sau={WAITING}").json == {"ready": 0}, reason
    assert drawn(filled, following) == []
