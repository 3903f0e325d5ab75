"""API of a person's own account: password, sessions, tokens, followed searches."""

from __future__ import annotations

from typing import Any

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.access import groups
from corpus.access.sessions import handle
from corpus.access.tokens import ListedToken
from web import access
from web.access import proof
from web.api.shapes import PROBLEMS, SECURITY, Moment, answer
from web.services import account as services_account

calls = APIBlueprint("api_own", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class Me(BaseModel):
    """The account that is signed in."""

    name: str
    full_name: str
    role: str
    groups: list[str] = Field(description="That a document may be limited to.")


class NewPassword(BaseModel):
    """The present password and the new one."""

    present: str = Field(max_length=1000)
    password: str = Field(max_length=1000)


class Done(BaseModel):
    """Done."""

    done: bool = True


class Key(BaseModel):
    """A token, without its secret."""

    id: int
    owner: str
    label: str
    writes: bool
    created_at: Moment
    expires_at: Moment = Field(description="In the past: it opens nothing any more.")
    used_at: Moment | None = Field(description="Last use, to some minutes.")

    @classmethod
    def of(cls, one: ListedToken) -> Key:
        """The token with its owner's name."""
        names = ("id", "label", "writes", "created_at", "expires_at", "used_at")
        return cls(owner=one.owner, **{name: getattr(one.token, name) for name in names})


class Keys(BaseModel):
    """The tokens in force."""

    tokens: list[Key]


class NewKey(BaseModel):
    """A token to be made: its purpose, and whether it may change anything."""

    label: str = Field(max_length=100)
    writes: bool = False
    days: int | None = Field(
        None, ge=1, le=3650, description="Its life; null: the longest that the settings allow."
    )


class MadeKey(BaseModel):
    """The token; its secret is given only here."""

    token: str


class Proof(BaseModel):
    """The present password."""

    present: str = Field(max_length=1000)


class Session(BaseModel):
    """One active session."""

    id: str
    created_at: Moment
    seen_at: Moment
    expires_at: Moment
    address: str
    agent: str
    this: bool = Field(description="The one that asks.")


class Sessions(BaseModel):
    """The active sessions, the latest used first."""

    sessions: list[Session]


class SessionPath(BaseModel):
    """A session by its handle in the list."""

    own_id: str = Field(max_length=64)


class Followed(BaseModel):
    """A followed search, with the number of new documents it finds."""

    id: int
    address: str
    words: str
    known: int
    new: int
    name: str | None = Field(None, description="Its name; null: it goes by its words.")
    shared: bool = Field(False, description="True if everybody may run it, each with his own rights.")


class FollowedSearches(BaseModel):
    """The followed searches."""

    searches: list[Followed]


class NewSearch(BaseModel):
    """A search to follow, by its address on this site."""

    address: str = Field(pattern=r"^/\?", max_length=2000)
    words: str = Field(min_length=1, max_length=500)
    known: int = Field(0, ge=0, le=2**31 - 1)


class SearchTitle(BaseModel):
    """The name of a followed search."""

    name: str = Field(min_length=1, max_length=100)
    shared: bool = False


class OwnPath(BaseModel):
    """One of the caller's own things, by its number."""

    own_id: int = Field(ge=1, le=2**53)


@calls.get("/api/me", responses={200: Me})
def me() -> Any:
    """The account that is signed in, with its role and groups."""
    user = access.user()
    with access.store().db.reading() as session:
        open_to = [one.name for one in groups.open_to(session, access.belongs())]
    return answer(Me(name=user.name, full_name=user.full_name, role=user.role, groups=open_to))


@calls.post("/api/me/password", responses={200: Done})
def password(body: NewPassword) -> Any:
    """Change the password; every session of the account ends."""
    proof.by_person()
    services_account.set_password(body.present, body.password)
    return answer(Done())


@calls.get("/api/me/tokens", responses={200: Keys})
def tokens() -> Any:
    """The tokens of the account."""
    return answer(Keys(tokens=[Key.of(one) for one in services_account.tokens()]))


@calls.post("/api/me/tokens", responses={200: MadeKey})
def add_token(body: NewKey) -> Any:
    """Make a token; not allowed to a program with a token."""
    proof.by_person()
    return answer(MadeKey(token=services_account.make_token(body.label, body.writes, body.days)))


@calls.post("/api/me/tokens/<int:own_id>/end", responses={200: Done})
def end_token(path: OwnPath) -> Any:
    """End a token."""
    records.end_token(access.store(), access.user().id, path.own_id, access.user().name)
    return answer(Done())


@calls.post("/api/me/proof", responses={200: Done})
def prove(body: Proof) -> Any:
    """Prove the person's identity by the present password: accounts, roles and groups may be changed for some
    minutes.
    """
    proof.by_person()
    proof.prove(body.present)
    return answer(Done())


@calls.get("/api/me/sessions", responses={200: Sessions})
def sessions() -> Any:
    """The active sessions of the account."""
    names = ("created_at", "seen_at", "expires_at", "address", "agent")
    listed = [
        Session(id=handle(row), this=this, **{name: getattr(row, name) for name in names})
        for row, this in services_account.own_sessions()
    ]
    return answer(Sessions(sessions=listed))


@calls.post("/api/me/sessions/<own_id>/end", responses={200: Done})
def end_session(path: SessionPath) -> Any:
    """End a session, on any machine."""
    proof.by_person()
    records.end_own_session(access.store(), access.user().id, path.own_id, access.user().name)
    return answer(Done())


@calls.post("/api/me/sessions/end", responses={200: Sessions})
def end_other_sessions() -> Any:
    """End all sessions of the account but the one that asks."""
    proof.by_person()
    services_account.end_other_sessions()
    return sessions()


@calls.get("/api/me/searches", responses={200: FollowedSearches})
def searches() -> Any:
    """The followed searches with the number of documents that came in since each was looked at."""
    return _searches()


@calls.post("/api/me/searches", responses={200: FollowedSearches})
def follow(body: NewSearch) -> Any:
    """Follow a search."""
    services_account.save(body.address, body.words, body.known)
    return _searches()


@calls.post("/api/me/searches/<int:own_id>/end", responses={200: FollowedSearches})
def unfollow(path: OwnPath) -> Any:
    """Stop following a search."""
    records.drop_search(access.store(), access.user().id, path.own_id)
    return _searches()


@calls.post("/api/me/searches/<int:own_id>/name", responses={200: FollowedSearches})
def name_search(path: OwnPath, body: SearchTitle) -> Any:
    """Name a followed search, and share it with everybody or not; each runs it with his own rights."""
    services_account.name_search(path.own_id, body.name, body.shared)
    return _searches()


def _searches() -> Any:
    told = [
        Followed(
            id=row.id,
            address=row.address,
            words=row.words,
            known=row.known,
            new=new,
            name=row.name or None,
            shared=row.shared,
        )
        for row, new in services_account.saved()
    ]
    return answer(FollowedSearches(searches=told))
