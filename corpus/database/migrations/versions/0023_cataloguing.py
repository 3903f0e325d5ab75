"""Tags on documents, and fields of the office's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("key", sa.String(50), nullable=False),
        sa.Column("colour", sa.String(10), nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("key", name="uq_tags_key"),
    )
    op.create_table(
        "document_tags",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("put_by", sa.String(100), nullable=False),
        sa.Column("put_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "tag_id", name="pk_document_tags"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_document_tags_document_id_documents", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_document_tags_tag_id_tags", ondelete="CASCADE"),
    )
    op.create_index("ix_document_tags_tag_id", "document_tags", ["tag_id"])
    op.create_table(
        "own_fields",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(10), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_own_fields"),
        sa.UniqueConstraint("slug", name="uq_own_fields_slug"),
    )
    op.create_table(
        "own_values",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "field_id", name="pk_own_values"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_own_values_document_id_documents", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["field_id"], ["own_fields.id"], name="fk_own_values_field_id_own_fields", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_own_values_field_id", "own_values", ["field_id"])


def downgrade() -> None:
    for table in ("own_values", "own_fields", "document_tags", "tags"):
        op.drop_table(table)
