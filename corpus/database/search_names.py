"""Names of saved searches, and those that are shared with the whole office."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class SearchName(Base):
    """The name of a followed search; `shared`: everybody may run it, each with his own rights."""

    __tablename__ = "search_names"

    search_id: Mapped[int] = mapped_column(ForeignKey("saved_searches.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    shared: Mapped[bool] = mapped_column(default=False)
