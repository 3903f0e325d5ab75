"""Citations by hand and their doubt; the bodies whose papers the archive keeps as its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("citations") as batch:
        batch.add_column(sa.Column("confidence", sa.Double(), nullable=True))
        batch.add_column(sa.Column("review", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("added_by", sa.String(100), nullable=True))
        batch.add_column(sa.Column("reviewed_by", sa.String(100), nullable=True))
    op.create_table(
        "own_bodies",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("symbol", sa.String(50), nullable=False, server_default=""),
        sa.Column("issuer_key", sa.String(200), nullable=False, unique=True),
    )


def downgrade() -> None:
    op.drop_table("own_bodies")
    with op.batch_alter_table("citations") as batch:
        for name in ("reviewed_by", "added_by", "review", "confidence"):
            batch.drop_column(name)
