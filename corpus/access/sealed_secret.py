"""Secrets that must be read back, sealed by the site's key: the database alone, or a backup, gives none away."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from corpus.access.site_key import site_key
from corpus.config import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
"""Bytes of an AES-GCM nonce (NIST SP 800-38D)."""


def seal(settings: Settings, purpose: str, plain: str) -> str:
    """Seal a secret for one purpose; under another purpose or key it can't be opened."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(settings).encrypt(nonce, plain.encode(), purpose.encode())
    return base64.b64encode(nonce + sealed).decode()


def open_sealed(settings: Settings, purpose: str, sealed: str) -> str | None:
    """The secret; None if it was sealed by another key, as after a restore without the old key."""
    from cryptography.exceptions import InvalidTag

    data = base64.b64decode(sealed)
    try:
        plain = _cipher(settings).decrypt(data[:_NONCE], data[_NONCE:], purpose.encode())
    except InvalidTag:
        return None
    return str(plain.decode())


def _cipher(settings: Settings) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hmac.new(site_key(settings).encode(), b"sealed secrets", hashlib.sha256).digest())
