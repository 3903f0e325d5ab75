"""Names as typed at sign-in, made fit for the trail: an account's own name, else a keyed hash.

People type passwords where the name belongs, and strangers type what they like: `cli:root`, line ends, marks that
turn the text round. The trail is kept for ever and its actors must be those who acted, so nothing of it gets
there.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from sqlalchemy.orm import Session

from corpus.access import accounts
from corpus.access.site_key import site_key
from corpus.database.store import Store
from corpus.errors import Problem

PROVIDER = "sso"
"""The name of tries at the identity provider, which names nobody when it refuses."""
_STRANGER = re.compile(r"\?[0-9a-f]{16}")


def actor(store: Store, session: Session, typed: str) -> str:
    """The account's name when there is one of that name, else `?` and 16 digits, the same for the same name."""
    if _STRANGER.fullmatch(typed):
        return typed
    kept = "".join(letter for letter in typed[:1000] if unicodedata.category(letter)[0] != "C")[:100]
    try:
        return accounts.user_named(session, kept).name
    except Problem:
        key = site_key(store.settings).encode()
        digest = hmac.new(key, b"sign-in name " + accounts.name_key(kept).encode(), hashlib.sha256)
        return f"?{digest.hexdigest()[:16]}"
