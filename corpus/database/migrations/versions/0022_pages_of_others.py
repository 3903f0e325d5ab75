"""Documents made of the pages of others: the acts, where each page comes from, and what was there before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_works",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.String(100), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_page_works"),
    )
    op.create_table(
        "page_sources",
        _document("document_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        _document("source_id"),
        sa.Column("source_page", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_page_sources"),
        _to("page_sources", "document_id", "documents"),
        _to("page_sources", "source_id", "documents"),
        _to("page_sources", "work_id", "page_works"),
    )
    op.create_index("ix_page_sources_source_id", "page_sources", ["source_id"])
    op.create_index("ix_page_sources_work_id", "page_sources", ["work_id"])
    op.create_table(
        "work_starts",
        sa.Column("work_id", sa.Integer(), nullable=False),
        _document("document_id"),
        sa.Column("was", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("work_id", "document_id", name="pk_work_starts"),
        _to("work_starts", "document_id", "documents"),
        _to("work_starts", "work_id", "page_works"),
    )
    op.create_index("ix_work_starts_document_id", "work_starts", ["document_id"])


def _document(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], ondelete="CASCADE", name=f"fk_{table}_{column}_{other}"
    )


def downgrade() -> None:
    for table in ("work_starts", "page_sources", "page_works"):
        op.drop_table(table)
