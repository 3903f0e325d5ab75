"""Each index has its own mark: changes of documents get numbers, and an index knows the last that it has."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_LIMITED = "ix_documents_limited_indexed_revision_revision"
_BEHIND = "ix_documents_behind"


def upgrade() -> None:
    op.create_table(
        "search_indexes",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("engine", sa.String(50), nullable=False),
        sa.Column("machine", sa.String(200), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_search_indexes"),
    )
    identity = op.create_table(
        "store_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_store_identity"),
    )
    op.bulk_insert(identity, [{"id": 1, "name": secrets.token_hex(6)}])
    op.add_column("documents", sa.Column("change", sa.BigInteger(), nullable=False, server_default="0"))
    # What the index of this store has is current as of change 0; what it lacks is change 1.
    op.execute(
        "UPDATE documents SET change = 1 WHERE (revision != indexed_revision"
        " AND (indexed_revision != 0 OR status IN ('review', 'accepted')))"
        " OR id IN (SELECT document_id FROM compounds WHERE state = 'segmented')"
    )
    op.execute("UPDATE compounds SET state = 'segmented' WHERE state = 'indexed'")
    op.drop_index(_BEHIND, table_name="documents")
    op.drop_index(_LIMITED, table_name="documents")
    op.create_index("ix_documents_change", "documents", ["change"])
    op.drop_column("documents", "indexed_revision")


def downgrade() -> None:
    op.add_column("documents", sa.Column("indexed_revision", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("ix_documents_change", table_name="documents")
    columns = ["limited", "indexed_revision", "revision"]
    op.create_index(_LIMITED, "documents", columns)
    behind = sa.text("revision != indexed_revision AND indexed_revision != 0")
    columns = ["status", "revision", "indexed_revision"]
    op.create_index(_BEHIND, "documents", columns, sqlite_where=behind, postgresql_where=behind)
    op.drop_column("documents", "change")
    op.drop_table("store_identity")
    op.drop_table("search_indexes")
