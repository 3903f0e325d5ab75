"""Registers of an office, more than one for each direction; their years; the register of each number.

Hand-overs that their receivers hand on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_ENTRIES = "register_entries"
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
    op.add_column("handovers", sa.Column("onward_of", sa.Integer()))
    op.add_column("handovers", sa.Column("why", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_handovers_onward_of", "handovers", ["onward_of"])
    _drop_indexes(*_OLD, _HELD_BEFORE)
    with op.batch_alter_table(_ENTRIES) as table:
        table.add_column(sa.Column("register", sa.String(40), nullable=False, server_default=""))
        table.add_column(sa.Column("owner", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("moved_to", sa.Integer()))
        table.drop_constraint(_ONCE_BEFORE, type_="unique")
        table.create_unique_constraint(_ONCE, ["kind", "register", "year", "ordinal", "minor"])
    for name, column in zip(_NEW, ("state", "day"), strict=True):
        op.create_index(name, _ENTRIES, ["kind", "register", "year", column, "ordinal", "minor"])
    _held_once(_HELD, ["document_id", "kind", "owner"])


def downgrade() -> None:
    op.drop_index("ix_handovers_onward_of", "handovers")
    with op.batch_alter_table("handovers") as table:
        for name in ("why", "onward_of"):
            table.drop_column(name)
    _drop_indexes(*_NEW, _HELD)
    with op.batch_alter_table(_ENTRIES) as table:
        table.drop_constraint(_ONCE, type_="unique")
        table.create_unique_constraint(_ONCE_BEFORE, ["kind", "year", "ordinal", "minor"])
        for name in ("moved_to", "owner", "register"):
            table.drop_column(name)
    for name, column in zip(_OLD, ("state", "day"), strict=True):
        op.create_index(name, _ENTRIES, ["kind", "year", column, "ordinal", "minor"])
    _held_once(_HELD_BEFORE, ["document_id", "kind"])
    op.drop_table("register_years")
    op.drop_table("registers")


def _held_once(name: str, columns: list[str]) -> None:
    """The index that keeps a document from two numbers in force."""
    given = sa.text("state = 'given'")
    op.create_index(name, _ENTRIES, columns, unique=True, sqlite_where=given, postgresql_where=given)


def _drop_indexes(*names: str) -> None:
    for name in names:
        op.drop_index(name, _ENTRIES)
