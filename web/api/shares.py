"""API of share links."""

from __future__ import annotations

from typing import Any, Literal

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus.access.share_links import DAYS, MOST_DAYS
from corpus.queries import share_links
from web import access
from web.api.documents import DocumentPath
from web.api.shapes import PROBLEMS, SECURITY, answer
from web.services import shares

calls = APIBlueprint("api_shares", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class SharePath(DocumentPath):
    """A share link of a document by its ID."""

    link_id: int = Field(ge=1, le=2**53)


class NewShare(BaseModel):
    """A link to be made."""

    days: int = Field(DAYS, ge=1, le=MOST_DAYS, description="Days for which it opens.")
    purpose: str = Field("", max_length=200)


class ShareMade(BaseModel):
    """A link just made."""

    id: int
    address: str = Field(description="Its address, given this once: the store has only a hash of the token.")


class ShareShape(BaseModel):
    """A link, without its address."""

    id: int
    purpose: str
    made_by: str
    made_at: str
    until: str
    state: Literal["open", "expired", "ended"]
    openings: int
    opened_at: str | None = Field(description="Time of the last opening.")


class ShareList(BaseModel):
    """Links of a document, the newest first, at most 50."""

    shares: list[ShareShape]


@calls.get("/api/documents/<int:document_id>/shares", responses={200: ShareList})
def list_shares(path: DocumentPath) -> Any:
    """Share links of a document."""
    return _list_of(path.document_id)


@calls.post("/api/documents/<int:document_id>/shares", responses={200: ShareMade})
def make_share(path: DocumentPath, body: NewShare) -> Any:
    """Make a link that opens a document on record without an account; never one limited to groups."""
    made = shares.make(path.document_id, body.days, body.purpose)
    return answer(ShareMade(id=made.id, address=made.address))


@calls.post("/api/documents/<int:document_id>/shares/<int:link_id>/end", responses={200: ShareList})
def end_share(path: SharePath) -> Any:
    """End a link before its time."""
    shares.end(path.document_id, path.link_id)
    return _list_of(path.document_id)


def _list_of(document_id: int) -> Any:
    found = access.document(document_id)
    rows = [_shape(one) for one in share_links.of_document(access.store(), found.id)]
    return answer(ShareList(shares=rows))


def _shape(one: share_links.LinkShown) -> ShareShape:
    return ShareShape(
        id=one.id,
        purpose=one.purpose,
        made_by=one.made_by,
        made_at=one.made_at.isoformat(),
        until=one.until.isoformat(),
        state=one.state,
        openings=one.openings,
        opened_at=one.opened_at.isoformat() if one.opened_at else None,
    )
