"""The key of this site: the configured one, else one made once in the store's folder."""

from __future__ import annotations

import os
import secrets

from corpus.config import Settings


def site_key(settings: Settings) -> str:
    """The key in force; when two processes make one at once, the first file wins."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given
    path = settings.home / "secret.key"
    if not path.exists():
        draft = path.with_name(f".secret.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
