"""Groups of users, and the documents that only they may see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INDEX = "ix_documents_limited_indexed_revision_revision"


def upgrade() -> None:
    op.create_table(
        "user_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_user_groups_name")),
    )
    _create_link("group_members", ("user_id", "users"), "CASCADE")
    _create_link("document_groups", ("document_id", "documents"), "RESTRICT")
    # Every document that is there was for everyone. The default is of the column: rows of older backups come
    # without it.
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("limited", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(batch_op.f(_INDEX), ["limited", "indexed_revision", "revision"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f(_INDEX))
        batch_op.drop_column("limited")
    for table in ("document_groups", "group_members", "user_groups"):
        op.drop_table(table)


def _create_link(table: str, owner: tuple[str, str], on_group: str) -> None:
    column, of = owner
    op.create_table(
        table,
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            [column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["user_groups.id"], name=op.f(f"fk_{table}_group_id_user_groups"), ondelete=on_group
        ),
        sa.PrimaryKeyConstraint(column, "group_id", name=op.f(f"pk_{table}")),
    )
