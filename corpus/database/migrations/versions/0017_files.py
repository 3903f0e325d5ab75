"""Files (hồ sơ) with their papers and rules, lists for destruction with consents, copies of documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _files()
    _destruction()
    _copies()


def downgrade() -> None:
    for table in (
        "copies",
        "destruction_consents",
        "destruction_items",
        "destruction_lists",
        "case_file_rules",
        "case_file_papers",
        "case_files",
    ):
        op.drop_table(table)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _files() -> None:
    op.create_table(
        "case_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("code", 50),
        _text("code_key", 50),
        _text("symbol", 50),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        _text("heading", 200),
        _text("title", 500),
        _text("keeper", 200),
        _text("organ_id", 35),
        _text("retention", 20),
        sa.Column("years", sa.Integer(), nullable=True),
        _text("rights", 30),
        _text("language", 50),
        _text("description", 500),
        _text("state", 10),
        _text("ended_on", 10, nullable=True),
        _text("kept_until", 10, nullable=True),
        _text("submitted_on", 10, nullable=True),
        _text("submitted_to", 200),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        _text("made_by", 100),
        sa.PrimaryKeyConstraint("id", name="pk_case_files"),
        sa.UniqueConstraint("year", "code_key", name="uq_case_files_year_code_key"),
    )
    op.create_index("ix_case_files_year_symbol_ordinal_id", "case_files", ["year", "symbol", "ordinal", "id"])
    op.create_index("ix_case_files_state_kept_until", "case_files", ["state", "kept_until"])
    op.create_index("ix_case_files_state_ended_on", "case_files", ["state", "ended_on"])
    op.create_index("ix_case_files_code_key", "case_files", ["code_key"])
    op.create_table(
        "case_file_papers",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        _text("added_by", 100),
        sa.PrimaryKeyConstraint("document_id", name="pk_case_file_papers"),
        _to("case_file_papers", "document_id", "documents", "CASCADE"),
        _to("case_file_papers", "file_id", "case_files", "RESTRICT"),
    )
    op.create_index("ix_case_file_papers_file_id_position", "case_file_papers", ["file_id", "position"])
    op.create_table(
        "case_file_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        _text("doc_type", 100),
        _text("issuer", 300),
        _text("issuer_key", 200),
        _text("words", 300),
        _text("made_by", 100),
        sa.PrimaryKeyConstraint("id", name="pk_case_file_rules"),
        _to("case_file_rules", "file_id", "case_files", "CASCADE"),
    )
    op.create_index("ix_case_file_rules_file_id", "case_file_rules", ["file_id"])


def _destruction() -> None:
    op.create_table(
        "destruction_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("state", 10),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        _text("made_by", 100),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        _text("done_by", 100, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_destruction_lists"),
    )
    op.create_index("ix_destruction_lists_state", "destruction_lists", ["state"])
    op.create_table(
        "destruction_items",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        _text("digest", 64),
        sa.PrimaryKeyConstraint("list_id", "file_id", name="pk_destruction_items"),
        _to("destruction_items", "list_id", "destruction_lists", "CASCADE"),
        _to("destruction_items", "file_id", "case_files", "RESTRICT"),
    )
    op.create_index("ix_destruction_items_file_id", "destruction_items", ["file_id"])
    op.create_table(
        "destruction_consents",
        sa.Column("list_id", sa.Integer(), nullable=False),
        _text("name", 100),
        sa.Column("sees_all", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("list_id", "name", name="pk_destruction_consents"),
        _to("destruction_consents", "list_id", "destruction_lists", "CASCADE"),
    )


def _copies() -> None:
    op.create_table(
        "copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        _text("kind", 10),
        sa.Column("of_copy_id", sa.Integer(), nullable=True),
        _text("medium", 10),
        _text("body", 300),
        _text("body_key", 200),
        _text("symbol", 50),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        _text("place", 200),
        _text("made_on", 10),
        _text("signer", 200),
        _text("title", 200),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("cancelled", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        _text("made_by", 100),
        sa.PrimaryKeyConstraint("id", name="pk_copies"),
        sa.UniqueConstraint("body_key", "year", "ordinal", name="uq_copies_body_key_year_ordinal"),
        _to("copies", "document_id", "documents", "CASCADE"),
        _to("copies", "of_copy_id", "copies", "SET NULL"),
    )
    op.create_index("ix_copies_document_id", "copies", ["document_id"])
    op.create_index("ix_copies_year_id", "copies", ["year", "id"])


def _to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
