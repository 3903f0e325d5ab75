"""Documents that the index holds as they are no more are found at once: asked for at every search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NAME = "ix_documents_behind"
_COLUMNS = ["status", "revision", "indexed_revision"]
_BEHIND = sa.text("revision != indexed_revision AND indexed_revision != 0")


def upgrade() -> None:
    op.create_index(_NAME, "documents", _COLUMNS, sqlite_where=_BEHIND, postgresql_where=_BEHIND)


def downgrade() -> None:
    op.drop_index(_NAME, table_name="documents")
