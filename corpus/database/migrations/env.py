"""Alembic's entry: runs the scripts inside the transaction that corpus.database.migrations has begun."""

from __future__ import annotations

from alembic import context

from corpus.database import search_names as search_names
from corpus.database.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
