"""`vanban cite`: citations by hand: list, add, settle, confirm, remove, undo."""

from __future__ import annotations

import click

from corpus import records
from corpus.document import Citation
from corpus.queries import citations
from web.commands import context
from web.commands.cites import named
from web.present.catalogue import ACTIONS, RELATIONS
from web.services import typed_citations


@click.group()
def cite() -> None:
    """Sửa viện dẫn bằng tay; mỗi lần sửa là một dòng nhật ký và hoàn tác được từng bước."""


@cite.command("list")
@click.argument("ref")
@click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi viện dẫn một dòng.")
def list_citations(ref: str, as_json: bool) -> None:
    """Các viện dẫn của văn bản REF với mã của chúng, và các lần sửa bằng tay."""
    store = context.store()
    found = named(store, ref)
    view = citations.cites(store, found, lambda _: True, most_in=0)
    for one in view.out:
        row = one.row
        told = {"id": row.id, "printed": row.printed, "relation": row.relation, "status": one.status,
                "target": row.target_id, "review": row.review, "confidence": row.confidence}  # fmt: skip
        if as_json:
            context.print_json(told)
        else:
            doubt = f" ({context.say('chưa chắc')})" if row.review else ""
            relation = context.say(RELATIONS[row.relation])
            click.echo(f"{row.id:>7}  {relation}: {row.printed} → {row.target_id or one.status}{doubt}")
    if not as_json:
        for edit in citations.edits(store, found.id, lambda _: True):
            undone = f" ({context.say('đã hoàn tác')})" if edit.undone else ""
            act = f"{context.say(ACTIONS[edit.action])} {context.say('viện dẫn')} {edit.citation}"
            click.echo(f"{edit.row:>7}  {edit.actor} {act}{undone}")


@cite.command("add")
@click.argument("ref")
@click.argument("text")
@click.option("--relation", default="refers", type=click.Choice(list(RELATIONS)), help="Quan hệ.")
@click.option("--page", type=click.IntRange(1), help="Trang có viện dẫn.")
@click.option("--target", help="Văn bản được viện dẫn: số ký hiệu hoặc mã; không nêu: chương trình tự tìm.")
def add(ref: str, text: str, relation: str, page: int | None, target: str | None) -> None:
    """Thêm viện dẫn TEXT (lời văn trên giấy hoặc số, ký hiệu) vào văn bản REF; in mã của viện dẫn."""
    store = context.store()
    found = named(store, ref)
    typed = typed_citations.Typed(relation, text=text, page=page)
    citation: Citation = typed_citations.citation_of(store, found, typed)
    meant = named(store, target).id if target else None
    click.echo(records.add_citation(store, found.id, citation, context.actor(), target_id=meant))


@cite.command("settle")
@click.argument("citation", type=int)
@click.argument("target", required=False)
@click.option("--none", "none", is_flag=True, help="Không phải văn bản nào trong kho.")
def settle(citation: int, target: str | None, none: bool) -> None:
    """Viện dẫn có mã CITATION là văn bản TARGET (số ký hiệu hoặc mã), hoặc --none."""
    if (target is None) != none:
        raise click.UsageError(context.say("cần TARGET hoặc --none"))
    store = context.store()
    records.settle_citation(store, citation, named(store, target).id if target else None, context.actor())


@cite.command("confirm")
@click.argument("citation", type=int)
def confirm(citation: int) -> None:
    """Viện dẫn CITATION được đọc đúng."""
    records.confirm_citation(context.store(), citation, context.actor())


@cite.command("remove")
@click.argument("citation", type=int)
@click.option("--reason", default="", help="Vì sao không phải viện dẫn.")
def remove(citation: int, reason: str) -> None:
    """Bỏ viện dẫn CITATION vì không phải viện dẫn."""
    records.remove_citation(context.store(), citation, context.actor(), reason=reason)


@cite.command("undo")
@click.argument("ref")
@click.option("--row", type=click.IntRange(1), help="Dòng nhật ký của lần sửa; không nêu: lần sửa mới nhất.")
def undo(ref: str, row: int | None) -> None:
    """Hoàn tác một lần sửa viện dẫn của văn bản REF."""
    store = context.store()
    records.undo_citation(store, named(store, ref).id, row, context.actor())
