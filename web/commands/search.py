"""`vanban search`: the query language of the search box, from the command line."""

from __future__ import annotations

import html
import re
from pathlib import Path

import click

from corpus.errors import Problem
from corpus.numbering.typed_days import day_text
from search.engines.base import Sort
from search.results import finder
from web.commands import context
from web.present.catalogue import EFFECTS

_MARK = re.compile(r"</?mark>")


@click.command()
@click.argument("query", required=False)
@click.option("--queries", type=click.Path(path_type=Path, exists=True), help="Tệp: mỗi dòng một câu hỏi.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả JSON.")
@click.option("--limit", default=20, type=click.IntRange(0, 1000), help="Số kết quả.")
@click.option("--offset", default=0, type=click.IntRange(0), help="Bỏ qua bấy nhiêu kết quả đầu.")
@click.option("--sort", default="relevance", type=click.Choice(["relevance", "newest", "oldest"]), help="Thứ tự.")
def search(query: str | None, queries: Path | None, as_json: bool, limit: int, offset: int, sort: Sort) -> None:
    """Tìm văn bản: từ có dấu hoặc không dấu, "cụm từ", số ký hiệu, loai: coquan: nam: hieuluc: …"""
    if (query is None) == (queries is None):
        raise Problem("bad_request", why="cần một câu hỏi, hoặc --queries TỆP")
    store = context.store()
    for line in [query] if query is not None else _lines(queries):
        results = finder.find(store, line, limit=limit, offset=offset, sort=sort, viewer=None)
        if as_json:
            context.print_json(results.to_json())
        else:
            _print(results)


def _lines(path: Path | None) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path is not None else []


def _print(results: finder.Results) -> None:
    data = results.to_json()
    click.echo(f"{data['total']} {context.say('văn bản')} ({data['took_ms']:.0f} ms)")
    for hit in data["hits"]:
        effect = f"  [{context.say(EFFECTS[hit['effect']])}]" if "effect" in hit else ""
        number, about = hit["number"] or "—", hit["subject"] or hit["file"]
        named = f"{hit['id']:>6}  {number:22} {day_text(hit['date']):10}  {about}"
        click.echo(named + effect)
        if hit["snippet"]:
            click.echo(f"        {html.unescape(_MARK.sub('', hit['snippet']))}")
    if results.read_as:
        click.echo(f"{context.say('Câu gõ khi chưa bật bộ gõ, hiểu là')}: {results.read_as}")
    if data["suggestion"]:
        click.echo(f"{context.say('Có phải bạn tìm')}: {data['suggestion']}")
