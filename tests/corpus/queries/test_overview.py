"""What an administrator sees of a store: searches in vain, and no secret."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from corpus import audit
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.queries import overview


def searched(store: Store, *asked: tuple[str, int], days: int = 0) -> None:
    """Rows of the trail as searching leaves them: (words, how many documents they found)."""
    with store.db.writing() as session:
        for text, total in asked:
            audit.append(session, "reader", "search", None, {"q": text, "total": total})
            session.flush()
        if days:
            for row in session.query(AuditRow):
                row.at = utc_now() - timedelta(days=days)


def test_what_was_searched_in_vain_the_commonest_first(store: Store) -> None:
    searched(store, ("lâu rồi", 0), days=31)
    searched(store, ("thi đua", 3), ("31/KH-X", 0), (" Chuyển đổi số ", 0), ("chuyển đổi số", 0), ("", 0))
    assert overview.in_vain(store) == [("chuyển đổi số", 2), ("31/kh-x", 1)], (
        "case and blanks say nothing; what was found, old or empty is none"
    )
    assert overview.in_vain(store, most=1) == [("chuyển đổi số", 2)]


def test_no_setting_in_force_tells_a_secret(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, home=tmp_path, secret_key="bimat1", s3_secret_key="bimat2", oidc_client_secret="bimat3",
        database="postgresql://a:bimat4@h/d", opensearch_url="https://a:bimat5@h",
    )  # fmt: skip
    told = overview.in_force(settings)
    assert "bimat" not in str(told) and told["home"] == str(tmp_path)
    assert overview.in_force(Settings(_env_file=None, home=tmp_path))["database"] == "", (
        "an empty one shows that it is"
    )
