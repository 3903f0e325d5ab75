"""Keystrokes at the desk until each record is right, typed in a real browser by somebody who knows the paper.

script/bench keys FOLDER GOLD: files, and a folder of gold records `<stem of the file>.json`. The files are
read into a store of their own. Each form is opened as its clerk gets it. A wrong field is reached by Tab or
Shift+Tab and mended in the cheapest way: a candidate (Alt and its digit), or the part that differs typed again
from the nearer end. Enter accepts; Alt+Enter passes doubts. Each press counts as one, Alt with a key too. Lists
of bodies are left alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from sqlalchemy import select

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import open_store
from ingest.evaluation import bare, low, same_body, same_subject
from script.bench_service import VANBAN, free_port, wait
from web.access import passwords
from web.present.fields import day

CLERK, PASSWORD = "vanthu", "mot-mat-khau-dai"
SHOWN_MS = 900
"""Milliseconds for which a form is looked at: the desk takes no Enter before that."""
MOST_TABS = 60
MOST_PRESSES, REFUSED_MS = 5, 15_000
"""Times that a key is pressed before the desk takes it, and milliseconds waited for the next form."""
CHROMIUM = "/usr/bin/chromium"


def _alike(one: str, other: str) -> bool:
    return low(one) == low(other)


FIELDS: tuple[tuple[str, str, Callable[[str, str], bool]], ...] = (
    ("number", "number", lambda one, other: bare(one) == bare(other)),
    ("date", "date", lambda one, other: one == other),
    ("doc_type", "doc_type", _alike),
    ("issuer", "issuer", same_body),
    ("subject", "subject", same_subject),
    ("signer_name", "signer_name", _alike),
    ("signer_title", "signer_title", _alike),
    ("signer_authority", "signer_authority", _alike),
)
"""Field of the form, its key in the gold record, when two values are the same."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Keys that turn one text into another: presses (names of Playwright) and text to type."""

    presses: tuple[str, ...]
    text: str

    @property
    def cost(self) -> int:
        return len(self.presses) + len(self.text)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper at the desk: presses until its record was right, time from Enter to the next form with picture."""

    name: str
    keys: int
    next_ms: float
    typed: tuple[str, ...]
    right: bool


def cheapest(now: str, wanted: str) -> Edit:
    """The cheapest of: everything typed over; from the end; from the beginning. Empty if nothing differs."""
    if now == wanted:
        return Edit((), "")
    head = _alike_from_start(now, wanted)
    rest, new = now[head:], wanted[head:]
    tail = _alike_from_start(rest[::-1], new[::-1])
    gone, put = len(rest) - tail, new[: len(new) - tail]
    ways = [
        Edit(("Control+a", *(() if wanted else ("Delete",))), wanted),
        Edit(("Control+End", *["ArrowLeft"] * tail, *["Backspace"] * gone), put),
        Edit(("Control+Home", *["ArrowRight"] * head, *["Delete"] * gone), put),
    ]
    return min(ways, key=lambda way: way.cost)


def _alike_from_start(one: str, other: str) -> int:
    """Number of characters that two texts have in common at their start."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def wrong(values: dict[str, str], gold: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields of a form whose value is not the gold record's, with the value to type."""
    for name, key, same in FIELDS:
        if key not in gold or name not in values:
            continue
        wanted = day(gold[key]) if name == "date" else gold[key] or ""
        if not (same(values[name], wanted) if wanted and values[name] else values[name] == wanted):
            yield name, wanted


def at_the_desk(
    page: Page, address: str, document_id: int, gold: dict[str, Any]
) -> tuple[int, float, tuple[str, ...]]:
    """Mend and accept one document; return the presses, the time to the next form, and the fields typed."""
    page.goto(f"{address}/can-xem/{document_id}", wait_until="load")
    page.wait_for_timeout(SHOWN_MS)
    fields = page.locator("#review [data-field]")
    values = {
        one["name"]: one["value"]
        for one in fields.evaluate_all("all => all.map(one => ({name: one.name, value: one.value}))")
    }
    order, keys, typed = list(values), 0, []
    for name, wanted in sorted(wrong(values, gold), key=lambda pair: order.index(pair[0])):
        keys += _go_to(page, name)
        keys += _mend(page, name, values[name], wanted)
        typed.append(name)
    presses, next_ms = _send(page)
    return keys + presses, next_ms, tuple(typed)


def _focused(page: Page) -> str:
    name: str = page.evaluate("document.activeElement?.dataset?.field || ''")
    return name


def _go_to(page: Page, name: str) -> int:
    """Move to a field by Tab, or Shift+Tab where it lies above; return the presses."""
    above = page.evaluate(
        "name => { const one = document.querySelector(`#review [name=${name}]`);"
        " return !!(document.activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING); }",
        name,
    )
    for presses in range(MOST_TABS):
        if _focused(page) == name:
            return presses
        page.keyboard.press("Shift+Tab" if above else "Tab")
    raise SystemExit(f"no way to the field {name}")


def _mend(page: Page, name: str, now: str, wanted: str) -> int:
    """Put a value into the field in focus; return the presses."""
    choices = page.locator(f"#review [data-put=f-{name}]").evaluate_all("all => all.map(one => one.dataset.value)")
    if wanted in choices[:9]:
        page.keyboard.press(f"Alt+{choices.index(wanted) + 1}")
        return 1
    edit = cheapest(now, wanted)
    for press in edit.presses:
        page.keyboard.press(press)
    page.keyboard.type(edit.text)
    held = page.locator(f"#review [name={name}]").input_value()
    if held != wanted:
        raise SystemExit(f"{name} holds {held!r} after typing {wanted!r}")
    return edit.cost


def _send(page: Page) -> tuple[int, float]:
    """Accept by Enter, and once more by Alt+Enter where doubts are asked; return the presses and the last one's
    time to the next form, its picture with it, in ms.
    """
    taken = _press(page, "Enter")
    if not page.locator("[data-confirm]").count():
        return 1, taken
    page.wait_for_timeout(SHOWN_MS)
    return 2, _press(page, "Alt+Enter")


def _press(page: Page, keys: str) -> float:
    """Press the keys that send the form; return the time to the next form in ms.

    On a loaded machine the page is drawn late and the desk still refuses the keys: they are pressed again then. In
    a list, where Enter begins a line, Ctrl goes with it.
    """
    in_list = "document.activeElement?.tagName === 'TEXTAREA' && !('enter' in document.activeElement.dataset)"
    if keys == "Enter" and page.evaluate(in_list):
        keys = "Control+Enter"
    for _ in range(MOST_PRESSES):
        began = time.monotonic()
        try:
            with page.expect_navigation(wait_until="load", timeout=REFUSED_MS):
                page.keyboard.press(keys)
        except PlaywrightTimeout:
            if page.locator("#too-soon").is_visible():
                continue
            raise
        return (time.monotonic() - began) * 1000
    raise SystemExit("the form was not sent")


@contextmanager
def _service(home: Path) -> Iterator[str]:
    port = free_port()
    environment = {**os.environ, "VANBAN_HOME": str(home), "VANBAN_LOG_LEVEL": "warning"}
    process = subprocess.Popen([VANBAN, "serve", "--port", str(port)], env=environment)
    try:
        wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _signed_in(page: Page, address: str) -> None:
    page.goto(f"{address}/dang-nhap")
    page.get_by_label("Tài khoản").fill(CLERK)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def measured(folder: Path, golds: Path, home: Path) -> list[Paper]:
    """Read the folder into a new store and take each paper with a gold record through the desk."""
    environment = {**os.environ, "VANBAN_HOME": str(home)}
    subprocess.run([VANBAN, "ingest", str(folder)], env=environment, check=False, stdout=subprocess.DEVNULL)
    store = open_store(Settings(_env_file=None, home=home))
    records.add_user(store, CLERK, "clerk", passwords.hash_password(PASSWORD))
    with store.db.reading() as session:
        waiting = session.execute(select(Document.id, Document.name).where(Document.status == "review")).all()
    found: list[Paper] = []
    with _service(home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN")
        _signed_in(page, address)
        for document_id, name in waiting:
            gold_file = golds / f"{Path(name).stem}.json"
            if not gold_file.exists():
                continue
            gold = json.loads(gold_file.read_text(encoding="utf-8"))
            keys, next_ms, typed = at_the_desk(page, address, document_id, gold)
            with store.db.reading() as session:
                right = session.get_one(Document, document_id).status == "accepted"
            found.append(Paper(name, keys, next_ms, typed, right))
            print(f"{name:32} {keys:5}  {'right' if right else 'NOT ON RECORD'}  {', '.join(typed)}")
        browser.close()
    store.close()
    return found


def main() -> None:
    """Measure and print; the last line is the contract's."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("gold", type=Path)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = measured(asked.folder, asked.gold, Path(home) / "home")
    keys = [one.keys for one in found] or [0]
    lost = sum(not one.right for one in found)
    if lost:
        print(f"{lost} not on record")
    median, most = np.percentile(keys, (50, 90))
    times = [one.next_ms for one in found] or [0.0]
    middle, late = np.percentile(times, (50, 95))
    print(f"Enter to next: median {middle:.0f} ms, 95th percentile {late:.0f} ms")
    print(f"median {median:g}, 90th percentile {most:g}, documents {len(found)}")


if __name__ == "__main__":
    main()
