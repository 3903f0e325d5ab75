"""Compounds of every text, kept for the index; what was read before waits to be segmented."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compounds",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_compounds_document_id_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_compounds")),
    )
    with op.batch_alter_table("compounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_compounds_state_document_id"), ["state", "document_id"], unique=False)
    op.execute(
        "INSERT INTO compounds (document_id, reading, state, words) "
        "SELECT id, revision, 'waiting', '' FROM documents WHERE id IN (SELECT document_id FROM pages)"
    )


def downgrade() -> None:
    op.drop_table("compounds")
