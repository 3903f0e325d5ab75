"""Acts that are delivered to other programs (hooks)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hook_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(16), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hook_deliveries"),
        sa.UniqueConstraint("row", "target", name="uq_hook_deliveries_row_target"),
    )
    op.create_index("ix_hook_deliveries_state_at", "hook_deliveries", ["state", "at"])
    op.create_table(
        "hook_cursors",
        sa.Column("target", sa.String(16), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("target", name="pk_hook_cursors"),
    )


def downgrade() -> None:
    op.drop_table("hook_cursors")
    op.drop_table("hook_deliveries")
