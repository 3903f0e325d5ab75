"""Administration of groups."""

from __future__ import annotations

from corpus import records
from corpus.errors import Problem
from web import access


def alter(name: str, act: str, user: str) -> None:
    """Change a group: `join`, `leave` an account; `remove` the group. Raises Problem("bad_request") for another
    act.
    """
    store, actor = access.store(), access.user().name
    if act == "join":
        records.join_group(store, name, user, actor)
    elif act == "leave":
        records.leave_group(store, name, user, actor)
    elif act == "remove":
        records.remove_group(store, name, actor)
    else:
        raise Problem("bad_request", why=act[:50])
