"""Ends of grants: tokens with an expiry and a last use,
sessions with the time at which their owner proved his identity.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

from corpus.database.connection import utc_now

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TOKEN_DAYS = 365
"""Life that tokens without an end get, counted from the upgrade: none stops working overnight."""


def upgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("feed_generation", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("vouched_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("sign_ins") as batch:
        batch.add_column(sa.Column("proved_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("agent", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("tokens") as batch:
        batch.add_column(sa.Column("expires_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("used_at", sa.DateTime(), nullable=True))
    _date(utc_now())
    with op.batch_alter_table("tokens") as batch:
        batch.alter_column("expires_at", existing_type=sa.DateTime(), nullable=False)


def downgrade() -> None:
    for table, columns in (
        ("tokens", ("used_at", "expires_at")),
        ("sign_ins", ("agent", "proved_at")),
        ("users", ("vouched_at", "feed_generation", "must_change")),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)


def _date(now: datetime) -> None:
    """Give what is there its moments; tokens of closed accounts end, so that reopening brings none back."""
    users = sa.table(
        "users",
        sa.column("id"),
        sa.column("password_hash"),
        sa.column("active", sa.Boolean()),
        sa.column("vouched_at", sa.DateTime()),
    )
    sign_ins = sa.table("sign_ins", sa.column("created_at"), sa.column("proved_at"))
    tokens = sa.table(
        "tokens",
        sa.column("user_id"),
        sa.column("expires_at", sa.DateTime()),
        sa.column("ended_at", sa.DateTime()),
    )
    op.execute(tokens.update().values(expires_at=now + timedelta(days=_TOKEN_DAYS)))
    closed = sa.select(users.c.id).where(sa.not_(users.c.active))
    op.execute(
        tokens.update().where(tokens.c.user_id.in_(closed), tokens.c.ended_at.is_(None)).values(ended_at=now)
    )
    op.execute(sign_ins.update().values(proved_at=sign_ins.c.created_at))
    op.execute(users.update().where(users.c.password_hash.like("sso:%")).values(vouched_at=now))
