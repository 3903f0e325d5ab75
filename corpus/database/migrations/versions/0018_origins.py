"""Senders of documents that came by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "origins",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_origins"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_origins_document_id_documents", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("origins")
