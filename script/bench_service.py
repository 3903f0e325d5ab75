"""A web service of its own for a measurement: a free port, and the moment from which it answers."""

from __future__ import annotations

import socket
import time
from pathlib import Path

VANBAN = Path(__file__).parent.parent / ".venv/bin/vanban"


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait(port: int) -> None:
    """Return when a service answers on a port of this machine; exits after 40 s."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the service does not start")
