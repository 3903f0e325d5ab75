"""Models of the API about the list of conflicts."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field


class ConflictQuery(BaseModel):
    """Filter of the list of conflicts; without parts all that nobody has settled."""

    kind: str = Field("", max_length=40)
    year: int | None = Field(None, ge=1, le=9999)
    issuer: str = Field("", max_length=200)
    state: Literal["open", "settled", "all"] = "open"
    before: int | None = Field(None, ge=1, le=2**53, description="Documents with a lower ID only.")
    limit: int = Field(50, ge=1, le=200)

    def parts(self) -> dict[str, Any]:
        """The filters as an address has them."""
        return {"kind": self.kind, "year": self.year, "issuer": self.issuer, "state": self.state}
