"""Registers that an office keeps beside one of each direction; their years; the register of each number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None

_ENTRIES = "register_entries"
_GIVEN = {"sqlite_where": sa.text("state = 'given'"), "postgresql_where": sa.text("state = 'given'")}
_OLD = ("ix_register_entries_kind_year_state", "ix_register_entries_kind_year_day")
_NEW = ("ix_register_entries_state", "ix_register_entries_day")
_HELD_BEFORE, _HELD = "ix_register_entries_document_id_kind", "ix_register_entries_held"
_ONCE_BEFORE = "uq_register_entries_kind_year_ordinal_minor"
_ONCE = "uq_register_entries_kind_register_year_ordinal_minor"


def upgrade() -> None:
    op.create_table(
        "registers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("body_id", sa.Integer()),
        sa.Column("types", sa.Text(), nullable=False),
        sa.Column("senders", sa.Text(), nullable=False),
        sa.Column("first_year", sa.Integer()),
        sa.Column("last_year", sa.Integer()),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registers"),
        sa.ForeignKeyConstraint(["body_id"], ["own_bodies.id"], name="fk_registers_body_id_own_bodies"),
        sa.UniqueConstraint("code", name="uq_registers_code"),
    )
    op.create_table(
        "register_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("register", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime()),
        sa.Column("closed_by", sa.String(100)),
        sa.PrimaryKeyConstraint("id", name="pk_register_years"),
        sa.UniqueConstraint("kind", "register", "year", name="uq_register_years_kind_register_year"),
    )
    _drop_indexes(*_OLD, _HELD_BEFORE)
    with op.batch_alter_table(_ENTRIES) as table:
        table.add_column(sa.Column("register", sa.String(40), nullable=False, server_default=""))
        table.add_column(sa.Column("owner", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("moved_to", sa.Integer()))
        table.drop_constraint(_ONCE_BEFORE, type_="unique")
        table.create_unique_constraint(_ONCE, ["kind", "register", "year", "ordinal", "minor"])
    for name, column in zip(_NEW, ("state", "day"), strict=True):
        op.create_index(name, _ENTRIES, ["kind", "register", "year", column, "ordinal", "minor"])
    op.create_index(_HELD, _ENTRIES, ["document_id", "kind", "owner"], unique=True, **_GIVEN)


def downgrade() -> None:
    _drop_indexes(*_NEW, _HELD)
    with op.batch_alter_table(_ENTRIES) as table:
        table.drop_constraint(_ONCE, type_="unique")
        table.create_unique_constraint(_ONCE_BEFORE, ["kind", "year", "ordinal", "minor"])
        for name in ("moved_to", "owner", "register"):
            table.drop_column(name)
    for name, column in zip(_OLD, ("state", "day"), strict=True):
        op.create_index(name, _ENTRIES, ["kind", "year", column, "ordinal", "minor"])
    op.create_index(_HELD_BEFORE, _ENTRIES, ["document_id", "kind"], unique=True, **_GIVEN)
    op.drop_table("register_years")
    op.drop_table("registers")


def _drop_indexes(*names: str) -> None:
    for name in names:
        op.drop_index(name, _ENTRIES)
