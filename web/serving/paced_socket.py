"""Socket with a least rate in both directions, so that a slow client can't block a thread."""

from __future__ import annotations

import errno
import socket
import time
from typing import Any

from web.serving.request_arrival import HEAD_SECONDS, LEAST_RATE

_SEND_BUFFER = 1 << 20
"""Bytes of an answer that the system buffers, so that most answers are sent at once."""


class TooSlow(TimeoutError):
    """The client sent too slowly."""


class PacedSocket(socket.socket):
    """A socket whose blocking calls may wait ten seconds in all, plus the time that the least rate takes.

    Only time spent waiting for the client counts, not that of the application in between.
    """

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(fileno=accepted.detach())
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self.fresh()

    def fresh(self) -> None:
        """Reset the counters at the start of a new request."""
        self._waited = {"in": 0.0, "out": 0.0}
        self._moved = {"in": 0, "out": 0}

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As `socket.recv`; raises TooSlow."""
        if self.gettimeout() == 0:
            return super().recv(size, flags)
        began = time.monotonic()
        self.settimeout(self._patience("in", 0))
        try:
            data = super().recv(size, flags)
        except TimeoutError as error:
            raise TooSlow(errno.ETIMEDOUT, "request came too slowly") from error
        self._count("in", len(data), began)
        return data

    def sendall(self, data: Any, flags: int = 0) -> None:
        """As `socket.sendall`; raises ConnectionResetError for a client that fetches too slowly."""
        began, size = time.monotonic(), len(data)
        # Python's timeout of sendall is that of the whole call.
        self.settimeout(self._patience("out", size))
        try:
            super().sendall(data, flags)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "answer was fetched too slowly") from error
        self._count("out", size, began)

    def _patience(self, way: str, more: int) -> float:
        return max(HEAD_SECONDS + (self._moved[way] + more) / LEAST_RATE - self._waited[way], 0.01)

    def _count(self, way: str, moved: int, began: float) -> None:
        self._waited[way] += time.monotonic() - began
        self._moved[way] += moved
