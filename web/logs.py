"""The service's log: one JSON object a line on stderr, with the request's ID; nothing that a file tells of itself."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import structlog


def configure(level: str) -> None:
    """From now on, in this process and in what it forks, events of at least this level are written."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _line(event: dict[str, Any], **_: Any) -> str:
    """JSON escapes line breaks and control characters: an event is one line, whatever a name holds."""
    return json.dumps(event, ensure_ascii=False, default=str)
