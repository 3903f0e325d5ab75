"""`vanban cites`, `vanban wanted`: citations of a document in both directions;
documents cited but not on record.
"""

from __future__ import annotations

import click
from sqlalchemy import select

from corpus.citations import resolution
from corpus.database.models import Document
from corpus.database.read_only import StoredDocument
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.queries import citations
from web.commands import context
from web.formats import citation_json
from web.present.catalogue import RELATIONS
from web.present.fields import day


@click.command()
@click.argument("ref")
@click.option("--json", "as_json", is_flag=True, help="In kết quả JSON.")
def cites(ref: str, as_json: bool) -> None:
    """Văn bản REF (số ký hiệu viết cách nào cũng được, hoặc mã) viện dẫn gì, được ai viện dẫn,
    đường lên văn bản gốc.
    """
    store = context.store()
    view = citations.cites(store, named(store, ref), lambda _: True, most_in=None)
    if as_json:
        context.print_json(citation_json.cites(view))
    else:
        _print(view)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In kết quả JSON.")
@click.option("--limit", default=1000, type=click.IntRange(1), help="Số văn bản nhiều nhất.")
def wanted(as_json: bool, limit: int) -> None:
    """Văn bản được viện dẫn mà kho chưa có, nhiều nơi viện dẫn nhất trước."""
    rows = citations.wanted(context.store(), limit)
    if as_json:
        context.print_json(citation_json.wanted(rows))
        return
    for row in rows:
        kind = None if row.doc_type and (row.title or row.label).startswith(row.doc_type) else row.doc_type
        parts = (kind, row.label, row.title, _with_date(row.date) if row.date else None, row.issuer)
        click.echo(f"{row.count:>6}  {' '.join(part for part in parts if part)}")


def named(store: Store, ref: str) -> Document:
    """The one document that a number or ID means; raises Problem("not_found"), Problem("ambiguous")."""
    with store.db.reading() as session:
        ids = resolution.find_documents(session, ref)
        rows = session.scalars(select(Document).where(Document.id.in_(ids)).order_by(Document.id)).all()
    if not rows:
        raise Problem("not_found", what=ref)
    if len(rows) > 1:
        listed = "; ".join(f"{one.id}: {one.number}, {one.issuer or '?'}, {day(one.date) or '?'}" for one in rows)
        raise Problem("ambiguous", what=ref, candidates=listed)
    return rows[0]


def _line(one: StoredDocument) -> str:
    parts = (one.doc_type, one.number or one.name, _with_date(one.date) if one.date else None, one.issuer)
    return f"[{one.id}] {' '.join(part for part in parts if part)}"


def _with_date(iso: str) -> str:
    return f"{context.say('ngày')} {day(iso)}"


_STATES = {"found": "", "ambiguous": "chưa xác định", "wanted": "chưa có trong kho"}


def _standing(status: str) -> str:
    return f" ({context.say(_STATES[status])})" if _STATES[status] else ""


def _print(view: citations.DocumentCitations) -> None:
    click.echo(_line(view.document))
    click.echo(f"{context.say('Viện dẫn đến')}: {len(view.out)}")
    for one in view.out:
        what = _line(one.target) if one.target else one.row.printed + _standing(one.status)
        click.echo(f"  {context.say(RELATIONS[one.row.relation])}: {what}")
    click.echo(f"{context.say('Được viện dẫn bởi')}: {len(view.into)}")
    for row, source in view.into:
        click.echo(f"  {context.say(RELATIONS[row.relation])}: {_line(source)}")
    for way in view.chains:
        click.echo(f"{context.say('Đường lên')}: " + " → ".join(one.number or one.name for one in way))
    for conflict in view.conflicts:
        settled = f" {context.say('Đã xem xét:')} {conflict.settled}" if conflict.settled else ""
        click.echo(f"{context.say('Mâu thuẫn')}: {conflict.message}{settled}")
