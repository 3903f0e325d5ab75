"""Indexes for "cited by" counts and for statements that a document was ended,
answered without reading citations.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_citations_target_id", table_name="citations")
    op.create_index("ix_citations_target_id_relation", "citations", ["target_id", "relation"], unique=False)
    op.create_index("ix_statements_relation", "statements", ["relation"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_statements_relation", table_name="statements")
    op.drop_index("ix_citations_target_id_relation", table_name="citations")
    op.create_index("ix_citations_target_id", "citations", ["target_id"], unique=False)
