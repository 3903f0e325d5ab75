"""Registers with their numbers; places and years of the archive's own bodies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ENTRIES = "register_entries"


def upgrade() -> None:
    op.create_table(
        _ENTRIES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("cancelled_by", sa.String(length=100), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_register_entries"),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name="fk_register_entries_document_id_documents",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint(
            "kind", "year", "ordinal", "minor", name="uq_register_entries_kind_year_ordinal_minor"
        ),
    )
    op.create_index("ix_register_entries_kind_year_state", _ENTRIES, ["kind", "year", "state", "ordinal", "minor"])
    op.create_index("ix_register_entries_kind_year_day", _ENTRIES, ["kind", "year", "day", "ordinal", "minor"])
    op.create_index("ix_register_entries_document_id", _ENTRIES, ["document_id"])
    op.create_index(
        "ix_register_entries_document_id_kind",
        _ENTRIES,
        ["document_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state = 'given'"),
        postgresql_where=sa.text("state = 'given'"),
    )
    op.create_index(
        "ix_documents_urgency",
        "documents",
        ["urgency"],
        sqlite_where=sa.text("urgency IS NOT NULL"),
        postgresql_where=sa.text("urgency IS NOT NULL"),
    )
    op.add_column("own_bodies", sa.Column("places", sa.Text(), nullable=False, server_default=""))
    op.add_column("own_bodies", sa.Column("first_year", sa.Integer(), nullable=True))
    op.add_column("own_bodies", sa.Column("last_year", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("own_bodies") as table:
        for name in ("last_year", "first_year", "places"):
            table.drop_column(name)
    op.drop_index("ix_documents_urgency", "documents")
    op.drop_table(_ENTRIES)
