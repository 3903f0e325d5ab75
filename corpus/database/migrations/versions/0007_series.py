"""The neighbours of a number in its series are asked for each document that comes in."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SERIES = ["issuer_key", "year", "symbol", "date"]


def upgrade() -> None:
    op.drop_index("ix_documents_issuer_key_year", table_name="documents")
    op.create_index("ix_documents_issuer_key_year_symbol_date", "documents", _SERIES, unique=False)


def downgrade() -> None:
    op.drop_index("ix_documents_issuer_key_year_symbol_date", table_name="documents")
    op.create_index("ix_documents_issuer_key_year", "documents", ["issuer_key", "year"], unique=False)
