"""The programs' side of administration: accounts, groups, how the system stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.access import groups as kept
from corpus.queries import overview
from search.index import indexer
from web import access
from web.access import proof
from web.api.account import Done, Key, Keys
from web.api.shapes import PROBLEMS, SECURITY, Moment, answer
from web.services import account_changes, accounts, groups, health

calls = APIBlueprint("api_admin", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)

Role = Literal["reader", "clerk", "auditor", "admin"]


class Account(BaseModel):
    """An account."""

    id: int
    name: str
    full_name: str
    role: str
    active: bool
    must_change: bool = Field(description="Its password was made by somebody else and has to be changed first.")
    created_at: Moment


class Try(BaseModel):
    """A try to sign in."""

    name: str
    address: str
    at: Moment
    succeeded: bool


class Accounts(BaseModel):
    """The accounts and the latest tries to sign in."""

    users: list[Account]
    attempts: list[Try]


class NewAccount(BaseModel):
    """An account to be."""

    name: str = Field(min_length=1, max_length=100)
    role: Role
    full_name: str = Field("", max_length=200)


class Made(BaseModel):
    """The account, with a new password that is told this once."""

    name: str
    password: str | None


class NamePath(BaseModel):
    """Which account or group."""

    name: str = Field(max_length=100)


class TokenPath(BaseModel):
    """Which token."""

    token_id: int = Field(ge=1, le=2**53)


class AccountChange(BaseModel):
    """What is to become of an account."""

    act: Literal["role", "open", "close", "password", "unlock", "sign_out"]
    role: Role | None = None


class GroupShape(BaseModel):
    """A group, its members, and how many documents are limited to it."""

    name: str
    members: list[str]
    documents: int


class Groups(BaseModel):
    """All groups."""

    groups: list[GroupShape]


class NewGroup(BaseModel):
    """A group to be."""

    name: str = Field(min_length=1, max_length=100)


class GroupChange(BaseModel):
    """What is to become of a group."""

    act: Literal["join", "leave", "remove"]
    user: str = Field("", max_length=100)


class SystemQuery(BaseModel):
    """Whether originals, index and trail are to be compared too: minutes for a large store."""

    check: bool = False


class Unwell(BaseModel):
    """One thing that is not well."""

    code: str
    what: str
    document: int | None
    message: str


class InVain(BaseModel):
    """Words that were searched for and not found, and how often."""

    q: str
    count: int


class System(BaseModel):
    """How the system stands."""

    jobs: dict[str, int]
    oldest_seconds: float
    documents: dict[str, int]
    index: dict[str, Any]
    in_vain: list[InVain]
    settings: dict[str, Any] = Field(description="In force; secrets are masked.")
    faults: list[Unwell] | None = Field(description="null when that was not asked.")
    sizes: dict[str, int] | None


@calls.get("/api/users", responses={200: Accounts})
def users() -> Any:
    """The accounts and the latest tries to sign in."""
    found, tries = accounts.accounts()
    told = [Account.model_validate(one, from_attributes=True) for one in found]
    return answer(Accounts(users=told, attempts=[Try.model_validate(one, from_attributes=True) for one in tries]))


@calls.post("/api/users", responses={200: Made})
def add_user(body: NewAccount) -> Any:
    """A new account; its first password is told this once, and has to be changed before anything else."""
    proof.demand()
    return answer(Made(name=body.name, password=account_changes.add(body.name, body.role, body.full_name)))


@calls.post("/api/users/<path:name>", responses={200: Made})
def change_user(path: NamePath, body: AccountChange) -> Any:
    """Another role, closed or opened again, a new password, tried again at once, or signed out everywhere.

    Sessions and tokens end with role, closing and password, and no token of a program may call this.
    """
    proof.demand()
    return answer(Made(name=path.name, password=account_changes.alter(path.name, body.act, body.role or "")))


@calls.get("/api/tokens", responses={200: Keys})
def tokens() -> Any:
    """The tokens of all accounts, without their secrets."""
    return answer(Keys(tokens=[Key.of(one) for one in account_changes.all_tokens()]))


@calls.post("/api/tokens/<int:token_id>/end", responses={200: Done})
def end_token(path: TokenPath) -> Any:
    """Ends anybody's token."""
    proof.demand()
    account_changes.end_token(path.token_id)
    return answer(Done())


@calls.get("/api/groups", responses={200: Groups})
def list_groups() -> Any:
    """The groups with their members."""
    return _groups()


@calls.post("/api/groups", responses={200: Groups})
def add_group(body: NewGroup) -> Any:
    """A new group."""
    proof.demand()
    records.add_group(access.store(), body.name, access.user().name)
    return _groups()


@calls.post("/api/groups/<path:name>", responses={200: Groups})
def change_group(path: NamePath, body: GroupChange) -> Any:
    """Puts an account in, takes one out, or ends a group that no document is limited to."""
    proof.demand()
    groups.alter(path.name, body.act, body.user)
    return _groups()


@calls.get("/api/system", responses={200: System})
def system(query: SystemQuery) -> Any:
    """Jobs, documents by status, the index, what was searched in vain, the settings in force; health when asked."""
    store = access.store()
    queue, counts = accounts.counted()
    looked = health.look(store) if query.check else None
    lang = store.settings.lang
    faults = [
        Unwell(code=one.code, what=one.what, document=one.document, message=one.message(lang))
        for one in (looked.faults if looked else ())
    ]
    told = System(
        jobs=queue.counts,
        oldest_seconds=queue.oldest_seconds,
        documents=counts,
        index=asdict(indexer.state(store)),
        in_vain=[InVain(q=q, count=count) for q, count in overview.in_vain(store)],
        settings=overview.in_force(store.settings),
        faults=faults if query.check else None,
        sizes=asdict(overview.sizes(store)) if query.check else None,
    )
    return answer(told)


def _groups() -> Any:
    with access.store().db.reading() as session:
        listed = kept.listing(session)
    told = [GroupShape(name=one.name, members=list(one.members), documents=one.documents) for one in listed]
    return answer(Groups(groups=told))
