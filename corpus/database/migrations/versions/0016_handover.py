"""Hand-over of papers, notes on them, delegations, notices by e-mail."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _foreign(table: str, column: str, of: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=f"fk_{table}_{column}_{of}", ondelete=ondelete)


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "handovers",
        _number("id"), _number("document_id"), _number("giver_id"), _text("given_by", 100),
        _moment("given_at", nullable=False), _text("note"), _text("deadline", 10, nullable=True),
        sa.Column("asks", sa.Boolean(), nullable=False, server_default=sa.true()),
        _text("state", 10), _text("day", 10), _moment("closed_at"), _text("closed_by", 100, nullable=True),
        _number("answer_id", nullable=True), _number("answer_citation", nullable=True),
        sa.Column("known", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        _foreign("handovers", "document_id", "documents", "CASCADE"),
        _foreign("handovers", "giver_id", "users"),
        _foreign("handovers", "answer_id", "documents", "SET NULL"),
    )  # fmt: skip
    op.create_index("ix_handovers_document_id", "handovers", ["document_id"])
    op.create_index("ix_handovers_answer_id", "handovers", ["answer_id"])
    op.create_index("ix_handovers_giver_id_state_day_id", "handovers", ["giver_id", "state", "day", "id"])
    op.create_index("ix_handovers_state_day_id", "handovers", ["state", "day", "id"])
    op.create_table(
        "handover_parts",
        _number("id"), _number("handover_id"), _text("kind", 4), _number("user_id", nullable=True),
        _number("group_id", nullable=True), _text("name", 100), _text("state", 10), _text("day", 10),
        _moment("done_at"), _text("done_by", 100, nullable=True), _text("result"),
        sa.PrimaryKeyConstraint("id", name="pk_handover_parts"),
        _foreign("handover_parts", "handover_id", "handovers", "CASCADE"),
        _foreign("handover_parts", "user_id", "users"),
        _foreign("handover_parts", "group_id", "user_groups", "SET NULL"),
    )  # fmt: skip
    op.create_index("ix_handover_parts_handover_id", "handover_parts", ["handover_id"])
    for of in ("user_id", "group_id"):
        op.create_index(f"ix_handover_parts_{of}_state_day_id", "handover_parts", [of, "state", "day", "id"])
    op.create_table(
        "document_notes",
        _number("id"), _number("document_id"), _number("user_id"), _text("written_by", 100),
        _moment("at", nullable=False), _text("text"), _moment("removed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_document_notes"),
        _foreign("document_notes", "document_id", "documents", "CASCADE"),
        _foreign("document_notes", "user_id", "users"),
    )  # fmt: skip
    op.create_index("ix_document_notes_document_id", "document_notes", ["document_id"])
    op.create_table(
        "delegations",
        _number("id"), _number("owner_id"), _number("deputy_id"), _text("first", 10), _text("last", 10),
        _text("reason"), _text("made_by", 100), _moment("made_at", nullable=False), _moment("ended_at"),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
        _foreign("delegations", "owner_id", "users"),
        _foreign("delegations", "deputy_id", "users"),
    )  # fmt: skip
    op.create_index("ix_delegations_owner_id", "delegations", ["owner_id"])
    op.create_index("ix_delegations_deputy_id", "delegations", ["deputy_id"])
    _mail()


def _mail() -> None:
    op.create_table(
        "mailboxes",
        _number("user_id"), _text("address", 254),
        sa.Column("notices", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("user_id", name="pk_mailboxes"),
        _foreign("mailboxes", "user_id", "users", "CASCADE"),
    )  # fmt: skip
    op.create_table(
        "notices",
        _number("id"), _number("user_id"), _number("handover_id", nullable=True), _text("kind", 16),
        _text("key", 100), _moment("made_at", nullable=False), _text("state", 10), _number("attempts"),
        _moment("try_at", nullable=False), _moment("sent_at"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("user_id", "key", name="uq_notices_user_id_key"),
        _foreign("notices", "user_id", "users", "CASCADE"),
        _foreign("notices", "handover_id", "handovers", "CASCADE"),
    )  # fmt: skip
    op.create_index("ix_notices_handover_id", "notices", ["handover_id"])
    op.create_index("ix_notices_state_try_at", "notices", ["state", "try_at"])
    op.create_table(
        "digest_days",
        _text("day", 10), _moment("made_at", nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_digest_days"),
    )  # fmt: skip


def downgrade() -> None:
    for table in (
        "digest_days", "notices", "mailboxes", "delegations", "document_notes", "handover_parts", "handovers",
    ):  # fmt: skip
        op.drop_table(table)
