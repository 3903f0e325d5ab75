"""Atom feed (RFC 4287) of each followed search, at an address that only its owner knows.

Feed readers can't sign in, so the address identifies the owner: it is signed with the site's key over the search,
its owner, his password's hash and the number of times that his grants were ended. It ends with the search, with
the account (for good: reopened, it has other addresses), with the password, and with the role at an identity
provider.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from flask import Blueprint, Response, current_app, g

from corpus.access import grants
from corpus.database.read_only import StoredAccount, StoredDocument, StoredSearch
from corpus.errors import Problem
from corpus.queries import accounts, documents
from search.results import finder
from web import access
from web.access import fronts, reading_notes
from web.present import fields
from web.present.search_address import parts_of
from web.services.account import Saved

pages = Blueprint("feeds", __name__)

ATOM = "http://www.w3.org/2005/Atom"
_MOST = 30
"""Documents of a feed."""
_SIGNED = 40
"""Hexadecimal digits of the signature in an address: 160 bits."""


@pages.get("/tin/<int:search_id>/<signature>.atom")
def feed(search_id: int, signature: str) -> Response:
    """The latest documents of a followed search, as far as its owner may see them."""
    saved, owner = _search_and_owner(search_id, signature)
    g.user = owner
    text, filters = parts_of(saved.address)
    found = finder.find(access.store(), text, limit=_MOST, sort="newest", viewer=access.viewer(), filters=filters)
    hits = [hit.id for hit in found.hits]
    reading_notes.searched(
        access.store(),
        owner.name,
        text,
        found.total,
        hits,
        filters=filters,
        belongs=access.belongs(),
        feed=search_id,
    )
    body = _atom(saved, _documents([hit.id for hit in found.hits]))
    answer = Response(body, mimetype="application/atom+xml")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def address(saved: StoredSearch | Saved) -> str:
    """Address of the feed of a search that the present user follows."""
    return _whole("feeds.feed", search_id=saved.id, signature=_signature(saved, access.user()))


def _whole(endpoint: str, **values: Any) -> str:
    return fronts.absolute(access.store().settings, endpoint, **values)


def _search_and_owner(search_id: int, signature: str) -> tuple[StoredSearch, StoredAccount]:
    """The search and its owner; raises the same Problem("not_found") for no search, a wrong signature, a closed
    account.
    """
    row = accounts.saved_search(access.store(), search_id)
    within = timedelta(days=access.store().settings.oidc_vouch_days)
    if row is None or not grants.is_vouched(row[1], within):
        raise Problem("not_found", what=search_id)
    if not hmac.compare_digest(_signature(row[0], row[1]).encode(), signature.encode()):
        raise Problem("not_found", what=search_id)
    return row


def _signature(saved: StoredSearch | Saved, owner: StoredAccount) -> str:
    key = str(current_app.secret_key).encode()
    # Without the number until something was ended: addresses from before there was one go on.
    ended = f" {owner.feed_generation}" if owner.feed_generation else ""
    said = f"feed {saved.id} {owner.id} {owner.password_hash}{ended}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:_SIGNED]


def _documents(ids: list[int]) -> list[StoredDocument]:
    return [one for one in documents.in_order(access.store(), ids) if access.visible(one)]


def _atom(saved: StoredSearch, found: list[StoredDocument]) -> bytes:
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    times = [_updated_at(one) for one in found]
    _add(root, "id", f"urn:vanban:tim:{saved.id}")
    _add(root, "title", f"Vanban: {saved.words}")
    _add(root, "updated", max(times, default=datetime(1970, 1, 1, tzinfo=UTC)).isoformat())
    _add(ElementTree.SubElement(root, f"{{{ATOM}}}author"), "name", "Vanban")
    _link(root, "self", address(saved))
    _link(root, "alternate", _whole("lookup.home").rstrip("/") + saved.address)
    for one, at in zip(found, times, strict=True):
        _entry(root, one, at)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(root: ElementTree.Element, one: StoredDocument, at: datetime) -> None:
    entry = ElementTree.SubElement(root, f"{{{ATOM}}}entry")
    _add(entry, "id", f"urn:vanban:van-ban:{one.id}")
    _add(entry, "title", " – ".join(part for part in (one.number or one.name, one.subject) if part))
    _add(entry, "updated", at.isoformat())
    where = _whole("lookup.document", document_id=one.id, tail=fields.slug(one.subject) or None)
    _link(entry, "alternate", where)
    _add(entry, "summary", " · ".join(part for part in (one.doc_type, one.issuer, one.date) if part))


def _updated_at(one: StoredDocument) -> datetime:
    """Time of a document's present state: on record, or read, or received."""
    at = one.accepted_at or one.read_at or one.received_at
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = "".join(c for c in text if c.isprintable())


def _link(parent: ElementTree.Element, relation: str, where: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "href": where})
