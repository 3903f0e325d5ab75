"""One HTTP request as it arrives: ends of head and body, and the deadlines for both.

Framing is RFC 9112, section 6. A violation counts as whole at once: gunicorn's own strict parser refuses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

HEAD_SECONDS = 10.0
"""Time for a head, from its first byte; and the patience with a body beyond the least rate."""
LEAST_RATE = 8 << 10
"""Bytes a second that a body, or an answer that is fetched, must move on average."""
SMALL_BODY = 64 << 10
"""Largest body that is waited for before a thread takes the request, in bytes."""
LONGEST_LINE, LONGEST_HEAD = 8190, 48 << 10
"""Bytes of a request line (gunicorn's own most) and of a whole head."""

State = Literal["head", "body", "whole", "large", "long_line", "long_head"]
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)


@dataclass
class RequestArrival:
    """A request that is coming in. `opened`: monotonic seconds at which its connection was ready for it."""

    opened: float
    idle_seconds: float = HEAD_SECONDS
    state: State = "head"
    asks_to_go_on: bool = False
    """True if the client waits for 100 Continue before it sends the body."""
    _data: bytearray = field(default_factory=bytearray)
    _searched: int = 0
    _head: int = 0
    _end: int = 0
    _chunked: bool = False
    _began: float = 0.0
    _headed: float = 0.0

    @property
    def begun(self) -> bool:
        """True if a byte of it has come."""
        return bool(self._data)

    @property
    def line(self) -> bytes:
        """The request line, as far as it has come."""
        return bytes(
            self._data[: self._data.find(b"\r\n")] if b"\r\n" in self._data else self._data[:LONGEST_LINE]
        )

    def deadline(self) -> float:
        """Monotonic seconds by which the next stage must be reached."""
        if not self.begun:
            return self.opened + self.idle_seconds
        if self.state == "head":
            return self._began + HEAD_SECONDS
        return self._headed + HEAD_SECONDS + (len(self._data) - self._head) / LEAST_RATE

    def feed(self, data: bytes, now: float) -> State:
        """Take the next bytes; return the state after them."""
        if data and not self._data:
            self._began = now
        self._data += data
        if self.state == "head":
            self._seek_head(now)
        if self.state == "body":
            self._seek_end()
        return self.state

    def take(self) -> tuple[bytes, bytes]:
        """The request's bytes, and those of the next one behind it; of a large request all that has come."""
        if self.state == "large" or not self._end:
            return bytes(self._data), b""
        head = bytes(self._data[: self._head])
        if self.asks_to_go_on:
            head = _EXPECTS.sub(b"", head)
        return head + bytes(self._data[self._head : self._end]), bytes(self._data[self._end :])

    def _seek_head(self, now: float) -> None:
        if self._data[:2] == b"\r\n":
            # RFC 9112, 2.2: one empty line before the request line is ignored.
            del self._data[:2]
        if self._data.find(b"\r\n", 0, LONGEST_LINE + 2) < 0 and len(self._data) > LONGEST_LINE:
            self.state = "long_line"
            return
        found = self._data.find(b"\r\n\r\n", max(self._searched - 3, 0), LONGEST_HEAD)
        self._searched = len(self._data)
        if found < 0:
            if len(self._data) >= LONGEST_HEAD:
                self.state = "long_head"
            return
        self._head, self._headed = found + 4, now
        self.state = self._framing(bytes(self._data[: self._head]))

    def _framing(self, head: bytes) -> State:
        """Framing of the body by the head: length, chunks, or none."""
        self._end = self._head
        lines = [line.partition(b":") for line in head.split(b"\r\n")[1:-2]]
        fields = [(name.strip().lower(), value.strip()) for name, _, value in lines]
        lengths = [value for name, value in fields if name == b"content-length"]
        codings = [value.lower() for name, value in fields if name == b"transfer-encoding"]
        self.asks_to_go_on = any(pair == (b"expect", b"100-continue") for pair in _lower(fields))
        if codings == [b"chunked"] and not lengths:
            self._chunked = True
            return "body"
        if codings or len(lengths) > 1 or (lengths and not re.fullmatch(rb"\d{1,15}", lengths[0])):
            return "whole"
        length = int(lengths[0]) if lengths else 0
        self._end = self._head + length
        return "large" if length > SMALL_BODY else "body"

    def _seek_end(self) -> None:
        if self._chunked:
            self._follow_chunks()
        elif len(self._data) >= self._end:
            self.state = "whole"
        if self.state == "body" and len(self._data) - self._head > SMALL_BODY:
            self.state = "large"

    def _follow_chunks(self) -> None:
        """Go from chunk to chunk; `_end` is where the next one's size begins, in the end the body's end."""
        while (line_end := self._data.find(b"\r\n", self._end)) >= 0:
            size = bytes(self._data[self._end : line_end]).partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", size):
                self.state = "whole"
                return
            if int(size, 16) == 0:
                trailers = self._data.find(b"\r\n\r\n", line_end)
                if trailers >= 0:
                    self._end, self.state = trailers + 4, "whole"
                return
            following = line_end + 2 + int(size, 16) + 2
            if following > len(self._data):
                return
            self._end = following


def _lower(fields: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value.lower()) for name, value in fields]
