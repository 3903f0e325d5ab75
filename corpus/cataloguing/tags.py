"""Tags (nhãn): the office's list with names and colours, and tags put on documents and taken off.

Functions on a session; corpus.records commits. A tag is searched for, so each change of it has the index take its
documents again.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.database.cataloguing_tables import DocumentTag, Tag
from corpus.database.changes import touch
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.errors import Problem
from corpus.typed_text import clean_text
from corpus.vietnamese.fold import fold

COLOURS = {
    "gray": "Xám",
    "red": "Đỏ",
    "amber": "Vàng",
    "green": "Xanh lá",
    "blue": "Xanh dương",
    "purple": "Tím",
}
"""Colour of a tag → its name for people; web/static/vanban.css has ink and ground of each."""
MOST = 100
"""Tags of an office."""
MOST_ON_ONE = 20
"""Tags of a document."""
_LONGEST = 40
TAGGED = ("review", "accepted")
"""States of a document in which tags are put on it and taken off."""


def key_of(name: str) -> str:
    """`Chờ ký` → `choky`: the spelling by which a tag is searched for, and is one of its kind."""
    return "".join(letter for letter in fold(name) if letter.isalnum())[:50]


def tag(session: Session, tag_id: int) -> Tag:
    """A tag by its ID; raises Problem("not_found")."""
    found = session.get(Tag, tag_id)
    if found is None:
        raise Problem("not_found", what=tag_id)
    return found


def named(session: Session, name: str) -> Tag:
    """A tag by its name in any spelling; raises Problem("not_found")."""
    found = session.scalars(select(Tag).where(Tag.key == key_of(name))).first()
    if found is None:
        raise Problem("not_found", what=name[:50])
    return found


def add(session: Session, name: str, colour: str, actor: str) -> Tag:
    """Add a tag to the list; raises Problem("bad_value")."""
    if (session.scalar(select(func.count()).select_from(Tag)) or 0) >= MOST:
        raise Problem("bad_value", field="tag", value=name[:50], why=f"đã có {MOST} nhãn")
    clean, key = _name_and_key(session, name, None)
    row = Tag(name=clean, key=key, colour=_colour(colour), made_by=actor[:100], made_at=utc_now())
    session.add(row)
    session.flush()
    audit.append(session, actor, "add_tag", None, {"tag": row.name, "colour": row.colour})
    return row


def change(session: Session, row: Tag, name: str, colour: str, actor: str) -> None:
    """Give a tag another name or colour; nothing is written if neither changes. Raises Problem("bad_value")."""
    was = {"tag": row.name, "colour": row.colour}
    clean, key = _name_and_key(session, name, row.id)
    now = {"tag": clean, "colour": _colour(colour)}
    if now == was:
        return
    renamed = clean != row.name
    row.name, row.key, row.colour = clean, key, now["colour"]
    session.flush()
    if renamed:
        _touch_all(session, row.id)
    audit.append(session, actor, "change_tag", None, {**now, "was": was["tag"]})


def remove(session: Session, row: Tag, actor: str) -> int:
    """Remove a tag from the list and from its documents; return their number."""
    count = _touch_all(session, row.id)
    detail = {"tag": row.name, "count": count}
    session.delete(row)
    session.flush()
    audit.append(session, actor, "remove_tag", None, detail)
    return count


def put(session: Session, row: Tag, document: Document, actor: str) -> bool:
    """Put a tag on a document; False if it has it. Raises Problem("wrong_state"), ("bad_value") at too many."""
    _demand(document)
    if session.get(DocumentTag, (document.id, row.id)) is not None:
        return False
    count = session.scalar(select(func.count()).where(DocumentTag.document_id == document.id)) or 0
    if count >= MOST_ON_ONE:
        raise Problem("bad_value", field="tag", value=row.name, why=f"mỗi văn bản tối đa {MOST_ON_ONE} nhãn")
    session.add(DocumentTag(document_id=document.id, tag_id=row.id, put_by=actor[:100], put_at=utc_now()))
    document.revision += 1
    session.flush()
    audit.append(session, actor, "tag", document.id, {"tag": row.name})
    return True


def take(session: Session, row: Tag, document: Document, actor: str) -> bool:
    """Take a tag off a document; False if it lacks it. Raises Problem("wrong_state")."""
    _demand(document)
    found = session.get(DocumentTag, (document.id, row.id))
    if found is None:
        return False
    session.delete(found)
    document.revision += 1
    session.flush()
    audit.append(session, actor, "untag", document.id, {"tag": row.name})
    return True


def _demand(document: Document) -> None:
    if document.status not in TAGGED:
        raise Problem("wrong_state", document=document.id, status=document.status)


def _name_and_key(session: Session, name: str, own: int | None) -> tuple[str, str]:
    clean = clean_text("tag", name, required=True)
    key, why = key_of(clean), ""
    if len(clean) > _LONGEST:
        why = f"dài quá {_LONGEST} ký tự"
    elif not key or key in RESERVED:
        why = "cần có chữ hoặc số, và không là «có», «không»"
    elif session.scalar(select(Tag.id).where(Tag.key == key, Tag.id != (own or 0))) is not None:
        why = "đã có nhãn này"
    if why:
        raise Problem("bad_value", field="tag", value=clean[:50], why=why)
    return clean, key


RESERVED = frozenset({"co", "khong", "yes", "no", "any", "none"})
"""Keys that mean documents with any tag, or with none."""


def _colour(colour: str) -> str:
    if colour not in COLOURS:
        raise Problem("bad_value", field="colour", value=colour[:50], why=", ".join(COLOURS))
    return colour


def _touch_all(session: Session, tag_id: int) -> int:
    """Have the index take the documents of a tag again; return their number."""
    theirs = select(DocumentTag.document_id).where(DocumentTag.tag_id == tag_id)
    count = session.scalar(select(func.count()).where(DocumentTag.tag_id == tag_id)) or 0
    touch(session, theirs)
    return count
