"""Versions of a document's file: a better scan takes the place of the one before, which is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("keep_values", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("released", sa.Text()),
        sa.Column("fault", sa.JSON()),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("shown_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_file_versions"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_file_versions_document_id_documents", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_file_versions_document_id", "file_versions", ["document_id"])
    op.create_index("ix_file_versions_sha256", "file_versions", ["sha256"])


def downgrade() -> None:
    op.drop_table("file_versions")
