"""The web service's worker: gunicorn's threads, taken only by requests that have arrived.

gunicorn's own thread worker reads head and body in the thread and waits for the client there, so a few dozen slow
ones stop the site. Here the loop that waits for connections gathers requests, with a time limit and a least rate,
as a buffering front does. A large body goes to a thread as soon as its head is here, so that a sender without
permission is refused before it is read; few threads may do so at a time, and PacedSocket demands the least rate.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog
from gunicorn.http import errors as faults
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker

from corpus.errors import Language, Problem
from web.serving import refusals
from web.serving.paced_socket import PacedSocket, TooSlow
from web.serving.request_arrival import LONGEST_LINE, RequestArrival

log = structlog.get_logger()

KEEP_ALIVE = 5.0
"""Seconds that a connection may wait for its next request."""
_LINGER = 2.0
"""Seconds for a client to fetch the end of an answer."""
_MOST_ARRIVING = 500
"""Most connections with incoming requests; beyond it the oldest is closed, so that many slow ones exclude nobody.
"""
_REFUSED = {
    "long_line": ("uri_too_long", {"limit": LONGEST_LINE}),
    "long_head": ("head_too_large", {}),
}


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Gathers requests in the loop, answers them in threads; `/healthz` has a thread of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[TConn, RequestArrival] = {}
        self.leaving: deque[TConn] = deque()
        self.large: deque[TConn] = deque()
        self.large_running = 0
        self.beside = ThreadPoolExecutor(1)
        self.lang: Language = getattr(self.app, "lang", "vi")

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, to wait for its request without a thread."""
        try:
            accepted, address = listener.accept()
        except OSError:
            return
        self.nr_conns += 1
        conn = TConn(self.cfg, PacedSocket(accepted), address, listener.getsockname())
        conn.initialized, conn.is_large = True, False
        self._await(conn, RequestArrival(time.monotonic()))

    def _await(self, conn: TConn, arrival: RequestArrival) -> None:
        """Wait for a request on a connection."""
        while len(self.arriving) >= _MOST_ARRIVING:
            self._refuse(next(iter(self.arriving)), Problem("too_slow"))
        self.arriving[conn] = arrival
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, conn))

    def _receive(self, conn: TConn, _sock: Any) -> None:
        """Take bytes of a request, or the end of its connection."""
        try:
            data = conn.sock.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._forget(conn)
            self._close(conn)
            return
        self._fed(conn, data)

    def _fed(self, conn: TConn, data: bytes) -> None:
        arrival = self.arriving[conn]
        before = arrival.state
        state = arrival.feed(data, time.monotonic())
        if state in _REFUSED:
            code, facts = _REFUSED[state]
            self._refuse(conn, Problem(code, **facts))
        elif state in ("whole", "large"):
            self._hand_over(conn, arrival)
        elif before == "head" and state == "body" and arrival.asks_to_go_on:
            self._send(conn, b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hand_over(self, conn: TConn, arrival: RequestArrival) -> None:
        """Hand over to a thread: a complete request, or the head of one with a large body."""
        self._forget(conn)
        data, conn.following = arrival.take()
        conn.sock.fresh()
        if arrival.state == "large":
            conn.is_large = True
            conn.parser = RequestParser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader.unread(data)
            self.large.append(conn)
            self._start_large()
            return
        conn.parser = RequestParser(self.cfg, iter([data]), conn.client)
        self._submit(self.beside if arrival.line.startswith(b"GET /healthz ") else self.tpool, conn)

    def _start_large(self) -> None:
        while self.large and self.large_running < max(1, self.cfg.threads // 2):
            self.large_running += 1
            self._submit(self.tpool, self.large.popleft())

    def _submit(self, pool: ThreadPoolExecutor, conn: TConn) -> None:
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Continue after a thread: wait for the connection's next request, or close it."""
        goes_on = not fs.cancelled() and fs.exception() is None and bool(fs.result())
        if conn.is_large:
            self.large_running -= 1
            self._start_large()
        if not goes_on or conn.is_large or not (self.alive or conn.following):
            self._leave(conn)
            return
        arrival = RequestArrival(time.monotonic(), KEEP_ALIVE)
        self._await(conn, arrival)
        if conn.following:
            self._fed(conn, conn.following)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """True if the connection may carry another request: not if an unread body may be left on it."""
        return keepalive and not conn.is_large

    def murder_pending(self) -> None:
        """Close late connections; the loop calls it each second."""
        now = time.monotonic()
        for conn, arrival in list(self.arriving.items()):
            if arrival.begun and now > arrival.deadline():
                self._refuse(conn, Problem("too_slow"))
            elif not arrival.begun and (now > arrival.deadline() or not self.alive):
                self._forget(conn)
                self._close(conn)
        while self.leaving and self.leaving[0].timeout < now:
            self._drop(self.leaving[0])

    def _refuse(self, conn: TConn, problem: Problem) -> None:
        """Answer a request that goes to no thread, and end its connection."""
        arrival = self.arriving[conn]
        self._forget(conn)
        if arrival.begun:
            log.info("refused", code=problem.code, peer=str(conn.client[0] if conn.client else ""))
            self._send(conn, refusals.answer(problem, self.lang, arrival.line))
        self._leave(conn)

    def _leave(self, conn: TConn) -> None:
        """Half-close and wait for the client to close, so that the end of the answer isn't lost (RFC 9112,
        9.6).
        """
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError, KeyError):
            self._close(conn)
            return
        conn.timeout = time.monotonic() + _LINGER
        self.leaving.append(conn)

    def _drain(self, conn: TConn, _sock: Any) -> None:
        try:
            left = conn.sock.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            left = b""
        if not left:
            self._drop(conn)

    def _drop(self, conn: TConn) -> None:
        self.leaving.remove(conn)
        self.poller.unregister(conn.sock)
        self._close(conn)

    def _forget(self, conn: TConn) -> None:
        del self.arriving[conn]
        self.poller.unregister(conn.sock)

    def _close(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    @staticmethod
    def _send(conn: TConn, data: bytes) -> None:
        """A few bytes that the system's buffer takes; a client that is gone needs none."""
        try:
            conn.sock.send(data)
        except OSError:
            return

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer errors of gunicorn's parser and of the application by the catalogue."""
        problem = _problem_of(exc)
        if problem.code == "internal":
            log.error("request_failed", id=problem.facts["id"], exc_info=exc)
        else:
            log.info("refused", code=problem.code, peer=str(addr[0] if addr else ""))
        line = f"{getattr(req, 'method', None) or 'GET'} {getattr(req, 'uri', None) or '/'} ".encode()
        try:
            client.sendall(refusals.answer(problem, self.lang, line))
        except OSError:
            return


def _problem_of(exc: BaseException) -> Problem:
    if isinstance(exc, TooSlow):
        return Problem("too_slow")
    if isinstance(exc, faults.LimitRequestLine):
        return Problem("uri_too_long", limit=LONGEST_LINE)
    if isinstance(exc, faults.LimitRequestHeaders):
        return Problem("head_too_large")
    if isinstance(exc, faults.ParseException):
        return Problem("bad_request", why=type(exc).__name__)
    return Problem("internal", id=f"{id(exc) & 0xFFFFFFFF:08x}")
