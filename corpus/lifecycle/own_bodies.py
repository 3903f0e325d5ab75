"""The bodies whose papers the archive keeps as its own (cơ quan của kho): added and removed;
their names and symbols.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.authority.identity import issuer_key
from corpus.database.models import OwnBody
from corpus.database.register_rows import Register
from corpus.errors import Problem
from corpus.registers.direction import OwnName
from corpus.typed_text import clean_text

_MOST = 100
_PLACES = 500
"""Most characters of a body's places."""
FIRST_YEAR, LAST_YEAR = 1945, 2200
"""Bounds of a register's year."""


def every(session: Session) -> list[OwnBody]:
    """The archive's own bodies, in the order in which they were named."""
    return list(session.scalars(select(OwnBody).order_by(OwnBody.id)))


def names(session: Session) -> tuple[OwnName, ...]:
    """The own bodies with their places, by which a paper's direction is known."""
    return tuple(OwnName(one.name, tuple(places_of(one.places))) for one in every(session))


def places_of(text: str) -> list[str]:
    """The places of a body, which are kept apart by `;`."""
    return [place for part in text.split(";") if (place := part.strip())]


def add(
    session: Session,
    name: str,
    symbol: str,
    actor: str,
    places: str = "",
    years: tuple[int | None, int | None] = (None, None),
) -> None:
    """Names a body as one of the archive's own; again: gives it another symbol, places and years.

    places: those that it writes on its papers, apart by `;`. years: first and last year of its registers here;
    None: no bound. Raises Problem("bad_value").
    """
    said, sign = clean_text("issuer", name, required=True), clean_text("issuer", symbol)
    where = "; ".join(places_of(clean_text("place", places)))
    key = issuer_key(said)
    if key is None or len(said) > 300 or len(sign) > 50 or len(every(session)) >= _MOST:
        raise Problem("bad_value", field="issuer", value=said[:50], why="cần tên đầy đủ của một cơ quan")
    if len(where) > _PLACES:
        raise Problem("bad_value", field="place", value=f"{where[:50]}…", why=f"dài quá {_PLACES} ký tự")
    first, last = years
    if not all(one is None or FIRST_YEAR <= one <= LAST_YEAR for one in years) or (
        first and last and last < first
    ):
        raise Problem(
            "bad_value", field="year", value=f"{first or ''}–{last or ''}", why="cần hai năm theo thứ tự"
        )
    found = session.scalars(select(OwnBody).where(OwnBody.issuer_key == key[:200])).first()
    was = found.symbol if found is not None else None
    row = found or OwnBody(issuer_key=key[:200])
    row.name, row.symbol, row.places, row.first_year, row.last_year = said, sign, where, first, last
    session.add(row)
    session.flush()
    detail = {"name": said, "symbol": sign, "was": was, "places": where, "years": [first, last]}
    audit.append(session, actor, "add_own_body", None, detail)


def remove(session: Session, name: str, actor: str) -> None:
    """Names a body no longer as the archive's own.

    Raises Problem("not_found"), ("bad_value") for one that keeps registers.
    """
    key = issuer_key(clean_text("issuer", name, required=True))
    found = session.scalars(select(OwnBody).where(OwnBody.issuer_key == (key or "")[:200])).first()
    if found is None:
        raise Problem("not_found", what=name[:100])
    said = found.name
    if session.scalar(select(Register.id).where(Register.body_id == found.id).limit(1)) is not None:
        raise Problem("bad_value", field="issuer", value=said[:50], why="còn sổ văn bản của cơ quan này")
    session.delete(found)
    session.flush()
    audit.append(session, actor, "remove_own_body", None, {"name": said})
