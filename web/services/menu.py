"""Counts in the menu: papers to be checked and hand-overs past their day, at most some seconds old."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from corpus.queries import review_queue
from corpus.queries.handover import IN_MENU, Wish
from corpus.queries.handover import count as count_tasks
from web import access
from web.services import handover

_SECONDS = 5.0
"""Age up to which a count is shown again: a page asks the database for none of them then."""
_MOST_KEPT = 500
_MOST_SHOWN = 999

_kept: OrderedDict[tuple[object, ...], tuple[float, int]] = OrderedDict()


def waiting_papers() -> str:
    """Documents to be checked of those that the account may see; empty for none, `999+` for many."""
    key = ("review", str(access.store().settings.home), access.belongs())
    return _badge(_recent(key, lambda: review_queue.count(access.store(), access.seen())), _MOST_SHOWN)


def overdue_tasks() -> str:
    """Hand-overs of the account that are past their day; empty for none."""
    key = ("overdue", str(access.store().settings.home), access.user().id)
    wish = Wish("mine", "overdue")
    return _badge(_recent(key, lambda: count_tasks(access.store(), handover.reader(), wish, IN_MENU)), IN_MENU)


def _recent(key: tuple[object, ...], count: Callable[[], int]) -> int:
    known = _kept.get(key)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    found = count()
    _kept[key] = (time.monotonic() + _SECONDS, found)
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return found


def _badge(count: int, most: int) -> str:
    return "" if count == 0 else f"{most}+" if count > most else str(count)
