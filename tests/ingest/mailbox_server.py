"""A small IMAP server (RFC 3501 as far as the archive speaks it) on asyncio, in a thread of its own, with
real sockets.

It keeps folders of mails with flags, counts what it is asked, and can break the line at a chosen command.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Letter:
    """One mail: UID, bytes, flags."""

    uid: int
    data: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class MailServer:
    """Folders by name as the line has them (modified UTF-7), the account, and what was said."""

    folders: dict[str, list[Letter]]
    user: str = "vanthu@kg.gov.vn"
    password: str = "x"
    capabilities: str = "IMAP4rev1 MOVE UIDPLUS"
    port: int = 0
    log: list[str] = field(default_factory=list)
    break_at: Callable[[str], bool] = lambda _line: False
    tls: ssl.SSLContext | None = None

    def add(self, data: bytes, folder: str = "INBOX") -> Letter:
        letter = Letter(1 + max((one.uid for box in self.folders.values() for one in box), default=0), data)
        self.folders[folder].append(letter)
        return letter

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        box: list[Letter] = []
        try:
            while line := (await reader.readline()).decode("latin-1").rstrip("\r\n"):
                self.log.append(line)
                if self.break_at(line):
                    break
                tag, _, rest = line.partition(" ")
                verb, _, args = rest.partition(" ")
                if verb == "SELECT":
                    box = self.folders.get(args.strip('"'), [])
                    found = args.strip('"') in self.folders
                    writer.write(f"* {len(box)} EXISTS\r\n".encode() if found else b"")
                    writer.write(f"{tag} {'OK [READ-WRITE]' if found else 'NO'} select\r\n".encode())
                elif verb == "UID":
                    self._uid(writer, tag, args, box)
                else:
                    self._plain(writer, tag, verb, args)
                await writer.drain()
                if verb == "LOGOUT":
                    break
        except ConnectionError:
            pass
        writer.close()

    def _plain(self, writer: asyncio.StreamWriter, tag: str, verb: str, args: str) -> None:
        if verb == "CAPABILITY":
            writer.write(f"* CAPABILITY {self.capabilities}\r\n".encode())
        if verb == "LOGIN":
            right = self.user in args and self.password in args
            writer.write(
                f"{tag} {'OK' if right else 'NO'} LOGIN {args if not right else ''}\r\n".encode("latin-1")
            )
            return
        if verb == "LOGOUT":
            writer.write(b"* BYE\r\n")
        writer.write(f"{tag} OK done\r\n".encode())

    def _uid(self, writer: asyncio.StreamWriter, tag: str, args: str, box: list[Letter]) -> None:
        verb, _, rest = args.partition(" ")
        if verb == "SEARCH":
            unseen = [str(one.uid) for one in box if "\\Seen" not in one.flags]
            writer.write(f"* SEARCH {' '.join(unseen)}\r\n".encode())
            writer.write(f"{tag} OK search\r\n".encode())
            return
        number, _, rest = rest.partition(" ")
        for at, one in enumerate([letter for letter in box if str(letter.uid) == number], start=1):
            if verb == "FETCH" and "SIZE" in rest:
                writer.write(f"* {at} FETCH (UID {one.uid} RFC822.SIZE {len(one.data)})\r\n".encode())
            elif verb == "FETCH":
                writer.write(f"* {at} FETCH (UID {one.uid} BODY[] {{{len(one.data)}}}\r\n".encode())
                writer.write(one.data + b")\r\n")
            elif verb == "STORE":
                one.flags |= set(re.findall(r"\\\w+", rest))
            elif verb in ("MOVE", "COPY"):
                self.folders[rest.strip('"')].append(Letter(one.uid, one.data, set(one.flags)))
                if verb == "MOVE":
                    box.remove(one)
            elif verb == "EXPUNGE":
                box.remove(one)
        writer.write(f"{tag} OK {verb.lower()}\r\n".encode())


@contextmanager
def running(server: MailServer) -> Iterator[MailServer]:
    """The server on a free port of this machine, until the end of the block."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def main() -> None:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=server.tls, limit=1 << 20)
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()
        await listening.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(main())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(60)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        thread.join(60)
        loop.close()
