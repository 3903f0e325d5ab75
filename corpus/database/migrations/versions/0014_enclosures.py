"""Documents that came as attachments of a mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enclosures",
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cover_id", "document_id", name="pk_enclosures"),
        sa.ForeignKeyConstraint(
            ["cover_id"], ["documents.id"], name="fk_enclosures_cover_id_documents", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_enclosures_document_id_documents", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_enclosures_document_id", "enclosures", ["document_id"])


def downgrade() -> None:
    op.drop_table("enclosures")
