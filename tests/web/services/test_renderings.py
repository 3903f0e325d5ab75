"""Drawing pages for the web: few at a time over all processes, each once,
and never again at will what can't be drawn.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import records
from corpus.config import Settings
from corpus.database.store import Store
from corpus.document import Fields, Page, Reading, SourceFile
from corpus.errors import Problem
from corpus.originals import content_store
from ingest.sandbox.child import Limits
from tests.web import bombs
from tests.web.conftest import PASSWORD
from tests.web.running_service import serving
from web.services import renderings


def _draws(outcomes: list[str], *, seconds: float = 0.0) -> Callable[[Limits], bytes]:
    """A drawing that notes with what limits it is begun, and fails as its outcomes say."""

    def draw(limits: Limits) -> bytes:
        time.sleep(seconds)
        outcome = outcomes.pop(0)
        if outcome != "ok":
            raise Problem(outcome, name="a")
        return str(limits.memory_mb).encode()

    return draw


@pytest.mark.parametrize(
    ("outcomes", "ends", "left", "reason"),
    [
        (["ok"], "512", 0, "light limits do for nearly all"),
        (["reader_memory", "ok"], "800", 0, "more memory, with nothing beside it"),
        (["reader_crashed", "ok"], "800", 0, "libraries that get no memory abort"),
        (["reader_memory", "reader_memory", "ok"], "reader_memory", 1, "and no third time"),
        (["reader_timeout", "ok"], "reader_timeout", 1, "more memory doesn't help what takes too long"),
        (["not_found", "ok"], "not_found", 1, "a page that isn't there"),
    ],
)
def test_limits(outcomes: list[str], ends: str, left: int, reason: str, store: Store, tmp_path: Path) -> None:
    kept = tmp_path / "1-0-1240.png"
    try:
        said = renderings.once(store, kept, "a", _draws(outcomes), kept.write_bytes).read_text()
    except Problem as problem:
        said = problem.code
    assert (said, len(outcomes)) == (ends, left), reason


def test_a_failure_is_remembered_for_its_page_and_width_and_not_for_ever(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, other = tmp_path / "1-0-1240.png", tmp_path / "1-0-160.png"
    for _ in range(3):
        with pytest.raises(Problem) as caught:
            renderings.once(store, kept, "a", _draws(["reader_timeout"]), kept.write_bytes)
        assert caught.value.code == "reader_timeout"
    with pytest.raises(Problem):
        renderings.once(store, kept, "a", _draws([]), kept.write_bytes)
    assert renderings.once(store, other, "a", _draws(["ok"]), other.write_bytes).exists()
    now = time.time()
    monkeypatch.setattr(renderings, "_PROGRAM", "another")
    assert renderings.once(store, kept, "a", _draws(["ok"]), kept.write_bytes).exists(), (
        "another version may do better"
    )
    kept.unlink()
    monkeypatch.undo()
    monkeypatch.setattr(time, "time", lambda: now + 7 * 3600)
    assert renderings.once(store, kept, "a", _draws(["ok"]), kept.write_bytes).exists(), (
        "hours later it is tried again"
    )


@pytest.mark.parametrize("code", ["store_busy", "not_found", "original_missing"])
def test_what_is_not_the_pages_fault_is_not_remembered(code: str, store: Store, tmp_path: Path) -> None:
    kept = tmp_path / "1-0-1240.png"
    with pytest.raises(Problem):
        renderings.once(store, kept, "a", _draws([code]), kept.write_bytes)
    assert renderings.once(store, kept, "a", _draws(["ok"]), kept.write_bytes).exists()


def test_one_drawing_serves_all_who_ask_for_it(store: Store, tmp_path: Path) -> None:
    kept, outcomes, found = tmp_path / "1-0-1240.png", ["ok"], []
    draw = _draws(outcomes, seconds=0.3)
    threads = [
        threading.Thread(
            target=lambda: found.append(renderings.once(store, kept, "a", draw, kept.write_bytes).read_bytes())
        )
        for _ in range(renderings._MOST_WAITING)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [b"512"] * renderings._MOST_WAITING and outcomes == []


def test_a_turn_that_does_not_come_is_told(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderings, "_PATIENCE", 0.2)
    tight = Store(settings.model_copy(update={"web_children": 1}), store.db)
    with renderings.turn(tight), pytest.raises(Problem) as caught, renderings.turn(tight):
        pass
    assert caught.value.code == "too_busy" and caught.value.fault.status == 503
    with renderings.turn(tight):
        pass


def test_nothing_runs_beside_what_takes_much_memory(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderings, "_PATIENCE", 0.2)
    with renderings.turn(store, "heavy"), pytest.raises(Problem), renderings.turn(store):
        pass
    with renderings.turn(store), pytest.raises(Problem), renderings.turn(store, "heavy"):
        pass


def test_more_than_some_do_not_wait(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderings, "_waiting", threading.BoundedSemaphore(1))
    began = time.monotonic()
    with renderings.turn(store), pytest.raises(Problem) as caught, renderings.turn(store):
        pass
    assert caught.value.code == "too_busy" and time.monotonic() - began < renderings._PATIENCE / 2


def test_a_turn_ends_with_the_process_that_had_it(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderings, "_PATIENCE", 10)
    program = (
        "import sys,time\nfrom pathlib import Path\nfrom corpus.config import Settings\n"
        "from corpus.database.store import open_store\nfrom web.services import renderings\n"
        "store = open_store(Settings(_env_file=None, home=Path(sys.argv[1])))\n"
        "with renderings.turn(store, 'heavy'):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(settings.home)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        assert renderings._try(settings.home / "run" / "memory.lock", 1) is None
        other.kill()
    with renderings.turn(store):
        pass


def _read(store: Store, data: bytes, name: str) -> int:
    """A PDF that was received and passed reading, as a bomb does whose page is never drawn there."""
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(store, sha256, name, "application/pdf", len(data), "clerk")
    source = SourceFile(name, sha256, "application/pdf", 1, len(data))
    records.propose(store, receipt.document_id, Reading(source, (Page(1, "text", "x"),), Fields(), ()))
    return receipt.document_id


def test_ten_views_of_a_bomb_leave_the_machine_alone(filled: Store, settings: Settings) -> None:
    pages = [_read(filled, make(), f"{make.__name__}.pdf") for make in (bombs.content_bomb, bombs.picture_bomb)]
    with serving(settings) as service:
        _, jar = service.sign_in("reader", PASSWORD)
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        answers: list[tuple[int, str | None]] = []

        def view(document: int, width: int) -> None:
            answer = service.ask(f"/van-ban/{document}/trang/1.png?w={width}", headers=cookie, timeout=600)
            answers.append((answer.status, answer.headers.get("Retry-After")))

        asked = [(document, width) for document in pages for width in (160, 160, 1240, 2000, 2000)]
        threads = [threading.Thread(target=view, args=one) for one in asked]
        for one in threads:
            one.start()
        most = slowest = 0.0
        while any(one.is_alive() for one in threads):
            most = max(most, service.memory())
            began = time.monotonic()
            assert service.ask("/healthz", timeout=120).status == 200
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.05)
        print(f"most {most} MiB, slowest /healthz {slowest:.2f} s, {sorted(map(str, answers))}")
        assert most < 1536
        assert len(answers) == 10 and all(status in (200, 422, 503) for status, _ in answers)
        assert all(again for status, again in answers if status == 503), "a 503 says when to come again"
        began = time.monotonic()
        assert service.ask(f"/van-ban/{pages[0]}/trang/1.png?w=160", headers=cookie).status in (422, 503)
        assert time.monotonic() - began < 20 and slowest < 5
