"""The service's log: one JSON object a line on stderr, with the request's ID and without contents of files."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import structlog


def configure(level: str) -> None:
    """Configure the log for this process and its forks: events of at least this level."""
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
    """One event as a line: JSON escapes line breaks and control characters in names."""
    return json.dumps(event, ensure_ascii=False, default=str)
