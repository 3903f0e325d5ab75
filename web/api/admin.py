"""API of administration: accounts, groups, state of the system."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus import records
from corpus.access import groups as kept
from corpus.lifecycle import acceptance as accepting
from corpus.lifecycle import own_bodies
from corpus.queries import overview
from search.index import indexer
from web import access
from web.access import proof
from web.api.account import Done, Key, Keys
from web.api.shapes import PROBLEMS, SECURITY, Moment, answer
from web.services import account_changes, accounts, directions, groups, health

calls = APIBlueprint("api_admin", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)

Role = Literal["reader", "leader", "clerk", "auditor", "admin"]


class AccountShape(BaseModel):
    """An account."""

    id: int
    name: str
    full_name: str
    role: str
    active: bool
    must_change: bool = Field(description="Its password was made by somebody else and has to be changed first.")
    created_at: Moment


class Try(BaseModel):
    """An attempt to sign in."""

    name: str
    address: str
    at: Moment
    succeeded: bool


class Accounts(BaseModel):
    """The accounts and the latest attempts to sign in."""

    users: list[AccountShape]
    attempts: list[Try]


class NewAccount(BaseModel):
    """An account to be added."""

    name: str = Field(min_length=1, max_length=100)
    role: Role
    full_name: str = Field("", max_length=200)


class Made(BaseModel):
    """The account with its new password, which is given only here."""

    name: str
    password: str | None


class NamePath(BaseModel):
    """An account or group by its name."""

    name: str = Field(max_length=100)


class TokenPath(BaseModel):
    """A token by its number."""

    token_id: int = Field(ge=1, le=2**53)


class AccountChange(BaseModel):
    """A change of an account."""

    act: Literal["role", "open", "close", "password", "unlock", "sign_out", "factor"]
    role: Role | None = None


class GroupShape(BaseModel):
    """A group, its members, and the number of documents limited to it."""

    name: str
    members: list[str]
    documents: int


class Groups(BaseModel):
    """All groups."""

    groups: list[GroupShape]


class NewGroup(BaseModel):
    """A group to be added."""

    name: str = Field(min_length=1, max_length=100)


class GroupChange(BaseModel):
    """A change of a group."""

    act: Literal["join", "leave", "remove"]
    user: str = Field("", max_length=100)


class OwnBodyShape(BaseModel):
    """A body whose papers the archive keeps as its own (cơ quan của kho)."""

    name: str = Field(min_length=1, max_length=300, description="In full, with its place.")
    symbol: str = Field("", max_length=50, description="Its code in numbers, for example STTTT.")
    places: list[str] = Field(default_factory=list, max_length=20, description="Places that it writes (địa danh).")
    first_year: int | None = Field(None, ge=1945, le=2200, description="First year of its registers here.")
    last_year: int | None = Field(None, ge=1945, le=2200, description="Last year of its registers here.")


class AcceptanceAsked(BaseModel):
    """The rule of what goes on record without a person."""

    rule: Literal["off", "clear", "signed"]


class AcceptanceShape(BaseModel):
    """The rule in force, the person who set it, and when (null: it was never set)."""

    rule: Literal["off", "clear", "signed"]
    by: str | None
    at: Moment | None


class Renewed(BaseModel):
    """Directions worked out again: how many changed, and the ID to go on from (null: all are done)."""

    changed: int
    after: int | None


class RenewAsked(BaseModel):
    """The ID behind which to go on."""

    after: int = Field(0, ge=0, le=2**53)


class OwnBodies(BaseModel):
    """The archive's own bodies: only their runs of numbers are looked through for gaps."""

    bodies: list[OwnBodyShape]


class OwnBodyName(BaseModel):
    """An own body by its name."""

    name: str = Field(min_length=1, max_length=300)


class SystemQuery(BaseModel):
    """Options of the system's state: compare originals, index and trail as well (minutes for a large store)."""

    check: bool = False


class Unwell(BaseModel):
    """One fault."""

    code: str
    what: str
    document: int | None
    message: str


class InVain(BaseModel):
    """Words searched for without a result, with their number."""

    q: str
    count: int


class System(BaseModel):
    """State of the system."""

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
    """The accounts and the latest attempts to sign in."""
    found, tries = accounts.accounts()
    told = [AccountShape.model_validate(one, from_attributes=True) for one in found]
    return answer(Accounts(users=told, attempts=[Try.model_validate(one, from_attributes=True) for one in tries]))


@calls.post("/api/users", responses={200: Made})
def add_user(body: NewAccount) -> Any:
    """Add an account; its first password is given only here, and has to be changed before anything else."""
    proof.demand()
    return answer(Made(name=body.name, password=account_changes.add(body.name, body.role, body.full_name)))


@calls.post("/api/users/<path:name>", responses={200: Made})
def change_user(path: NamePath, body: AccountChange) -> Any:
    """Change an account: role, closing or reopening, new password, end of a wait, of sessions, of its factor.

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
    """End a token of any account."""
    proof.demand()
    account_changes.end_token(path.token_id)
    return answer(Done())


@calls.get("/api/groups", responses={200: Groups})
def list_groups() -> Any:
    """The groups with their members."""
    return _groups()


@calls.post("/api/groups", responses={200: Groups})
def add_group(body: NewGroup) -> Any:
    """Add a group."""
    proof.demand()
    records.add_group(access.store(), body.name, access.user().name)
    return _groups()


@calls.post("/api/groups/<path:name>", responses={200: Groups})
def change_group(path: NamePath, body: GroupChange) -> Any:
    """Add a member to a group, remove one, or remove a group that no document is limited to."""
    proof.demand()
    groups.alter(path.name, body.act, body.user)
    return _groups()


@calls.get("/api/acceptance", responses={200: AcceptanceShape})
def acceptance() -> Any:
    """The rule of what goes on record without a person."""
    return _acceptance()


@calls.post("/api/acceptance", responses={200: AcceptanceShape})
def set_acceptance(body: AcceptanceAsked) -> Any:
    """Set that rule: off, clear (documents without any question), signed (born-digital and signed besides)."""
    records.set_acceptance(access.store(), body.rule, access.user().name)
    return _acceptance()


@calls.get("/api/own-bodies", responses={200: OwnBodies})
def list_own_bodies() -> Any:
    """The bodies whose papers the archive keeps as its own."""
    return _own_bodies()


@calls.post("/api/own-bodies", responses={200: OwnBodies})
def add_own_body(body: OwnBodyShape) -> Any:
    """Add an own body; one that is listed gets the new symbol."""
    places, years = "; ".join(body.places), (body.first_year, body.last_year)
    records.add_own_body(access.store(), body.name, body.symbol, access.user().name, places=places, years=years)
    return _own_bodies()


@calls.post("/api/own-bodies/directions", responses={200: Renewed})
def renew_directions(body: RenewAsked) -> Any:
    """Work out the directions of all documents again, some at a call, as after a change of own bodies."""
    after, changed = directions.renew_some(body.after)
    return answer(Renewed(changed=changed, after=after))


@calls.post("/api/own-bodies/remove", responses={200: OwnBodies})
def remove_own_body(body: OwnBodyName) -> Any:
    """Remove an own body from the list; its papers stay."""
    records.remove_own_body(access.store(), body.name, access.user().name)
    return _own_bodies()


@calls.get("/api/system", responses={200: System})
def system(query: SystemQuery) -> Any:
    """Jobs, documents by status, the index, searches without results, the settings in force; health if asked."""
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


def _acceptance() -> Any:
    with access.store().db.reading() as session:
        now = accepting.in_force(session)
    return answer(AcceptanceShape(rule=now.rule, by=now.by, at=now.at))


def _own_bodies() -> Any:
    with access.store().db.reading() as session:
        listed = own_bodies.every(session)
    told = [
        OwnBodyShape(
            name=one.name, symbol=one.symbol, places=own_bodies.places_of(one.places), first_year=one.first_year,
            last_year=one.last_year,
        )
        for one in listed
    ]  # fmt: skip
    return answer(OwnBodies(bodies=told))
