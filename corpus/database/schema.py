"""All tables of the schema: importing this module makes the metadata whole, for migrations, backup and stores."""

from __future__ import annotations

from corpus.database import (
    account_tables,
    cataloguing_tables,
    desk_tables,
    factor_tables,
    file_tables,
    handover_tables,
    hook_tables,
    index_tables,
    models,
    origins,
    register_rows,
    share_tables,
    version_tables,
)

TABLE_MODULES = (
    models,
    account_tables,
    index_tables,
    cataloguing_tables,
    desk_tables,
    factor_tables,
    file_tables,
    handover_tables,
    hook_tables,
    origins,
    register_rows,
    share_tables,
    version_tables,
)
"""Modules that define tables."""
METADATA = models.Base.metadata
