"""Models of the API about the audit trail."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from corpus.queries import audit_filter
from web.api.documents import Window
from web.api.shapes import Moment


class AuditQuery(Window):
    """A filter and window of the trail's rows."""

    actor: str = Field("", max_length=100)
    action: str = Field("", max_length=40)
    document: str = Field("", max_length=100, description="A document's ID, or its number in any spelling.")
    since: str = Field("", max_length=20, description="The first day, 2024-05-06 or 6/5/2024, in Việt Nam.")
    until: str = Field("", max_length=20, description="The last day.")
    verify: bool = Field(
        False,
        description="Whether chain, seals and sealed records are to be checked too: seconds for a long trail.",
    )
    against: str = Field("", max_length=100, description="With verify: a head that left the machine, ROW:HASH.")

    def parts(self) -> dict[str, str]:
        """Parts of the filter by the names of the page."""
        return {name: getattr(self, name) for name in audit_filter.NAMES}


class Deed(BaseModel):
    """One row of the trail; without its detail for a document hidden from the reader."""

    row: int
    at: Moment
    actor: str
    action: str
    document: int | None
    detail: dict[str, Any]
    hash: str


class Break(BaseModel):
    """A fault of the trail: its kind, and the remedy."""

    row: int
    code: str
    document: int | None
    message: str


class Advice(BaseModel):
    """A weakness that is no fault, with advice."""

    code: str
    message: str


class ChainHead(BaseModel):
    """Number and hash of a row; to be kept elsewhere, and given as `against` later."""

    row: int
    hash: str


class LastSeal(ChainHead):
    """A head sealed outside the database."""

    at: str
    keyed: bool


class TrailState(BaseModel):
    """Result of a check of the trail: figures, seal used, rows after it, faults."""

    ok: bool
    rows: int
    records: int = Field(description="Records that were held against their seal.")
    head: ChainHead | None
    seals: int
    seal: LastSeal | None
    rows_after_seal: int = Field(description="Rows that nothing outside the database vouches for yet.")
    faults: list[Break]
    advice: list[Advice]


class AuditTrail(BaseModel):
    """Rows of the trail, newest first."""

    rows: list[Deed]
    faults: list[Break] | None = Field(description="What is wrong with the trail; null when that was not asked.")
    check: TrailState | None = Field(description="What was checked; null when that was not asked.")
