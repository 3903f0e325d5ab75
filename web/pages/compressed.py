"""The site's own files, compressed (gzip) once per file for browsers that take it.

Pages are left as they are: they have secrets next to words that others typed, and the length would show them
(BREACH, CVE-2013-3587).
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Response, request

KINDS = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})
"""Media types that get smaller."""
_FILES = 64
"""Compressed files that are kept; the site has some thirty."""


def compressed(answer: Response) -> Response:
    """The answer of the static endpoint, compressed where the browser takes it and it pays."""
    if answer.mimetype not in KINDS:
        return answer
    answer.vary.add("Accept-Encoding")
    tag, weak = answer.get_etag()
    if answer.status_code != 200 or weak or tag is None or not request.accept_encodings["gzip"]:
        return answer
    answer.direct_passthrough = False
    answer.set_data(_gzip(answer.get_data()))
    answer.headers["Content-Encoding"] = "gzip"
    # The bytes differ from the file's, what they say does not.
    answer.set_etag(tag, weak=True)
    return answer


@lru_cache(_FILES)
def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)
