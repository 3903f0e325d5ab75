"""From when until when a paper counts, as its closing article says it: values, doubts and evidence."""

from __future__ import annotations

import pytest

from corpus.document import Field, Fields, Page
from corpus.json_shapes import fields_from_json, fields_to_json
from ingest.fields.effect import read_effect
from ingest.text.document_text import Text

SIGNED = Field("2026-01-10", "10/01/2026", 0.9)


@pytest.mark.parametrize(
    ("article", "since", "until", "asks", "reason"),
    [
        ("Thông tư này có hiệu lực thi hành kể từ ngày 02 tháng 4 năm 2026.", "2026-04-02", None, False, "a day"),
        ("Thông tư này có hiệu lực từ ngày 10/4/2026 và thay thế Thông tư số 1/2020/TT-BYT.", "2026-04-10", None,
         False, "in figures"),
        ("Quyết định này có hiệu lực thi hành kể từ ngày ký ban hành.", "2026-01-10", None, False,
         "the paper's own day"),
        ("Nghị quyết này có hiệu lực thi hành từ ngày được thông qua.", "2026-01-10", None, False,
         "the day it was passed"),
        ("Thông tư này có hiệu lực thi hành kể từ ngày ký đến hết ngày 31 tháng 12 năm 2026.", "2026-01-10",
         "2026-12-31", False, "and its last day"),
        ("Nghị quyết này có hiệu lực thi hành kể từ ngày 13 tháng 02 năm 2026 và được thực hiện đến hết ngày 28 "
         "tháng 02 năm 2027.", "2026-02-13", "2027-02-28", False, "carried out until"),
        ("Nghị quyết này có hiệu lực từ ngày 01/3/2026 và hết hiệu lực kể từ ngày 01/3/2027.", "2026-03-01",
         "2027-02-28", False, "from the first day without"),
        ("Quyết định này có hiệu lực sau 10 ngày kể từ ngày ký.", "2026-01-20", None, True,
         "a counted day is a question"),
        ("Quyết định này có hiệu lực thi hành kể từ ngày\n01 tháng 02\nnăm 2026.", "2026-02-01", None, False,
         "over lines"),
        ("Thông tư này có hiệu lực kể từ ngày 01/01/2025.", "2025-01-01", None, True, "before its own signing"),
        ("Nghị định số 5/2020/NĐ-CP có hiệu lực kể từ ngày 01/4/2020.", None, None, False, "another document's"),
        ("Các quy định khác thực hiện đến ngày Thông tư này có hiệu lực thi hành.", None, None, False,
         "no day is said"),
        ("Sau ngày Luật này có hiệu lực từ 30 ngày, hồ sơ được giải quyết.", None, None, False, "a span, no day"),
        ("Thông tư này có hiệu lực kể từ ngày 01/3/2026. Thông tư này có hiệu lực kể từ ngày 01/4/2026.",
         "2026-03-01", None, True, "two that disagree: the first"),
    ],
)  # fmt: skip
def test_the_closing_article(article: str, since: str | None, until: str | None, asks: bool, reason: str) -> None:
    page = Page(1, "text", f"Điều 9. Hiệu lực thi hành\n1. {article}\n")
    read = read_effect(Text.of_pages((page,)), SIGNED)
    assert (read.since.value if read.since else None) == since, reason
    assert (read.until.value if read.until else None) == until, reason
    assert bool(read.since and read.since.review) is asks, reason
    if read.since is not None:
        assert read.since.printed and read.since.page == 1, "evidence"


def test_without_a_day_of_signing_nothing_is_guessed() -> None:
    assert read_effect(Text.of_string("Quyết định này có hiệu lực kể từ ngày ký."), None).since is None


def test_it_goes_out_and_comes_back() -> None:
    read = read_effect(Text.of_string("Quyết định này có hiệu lực kể từ ngày ký đến hết ngày 31/12/2026."), SIGNED)
    told = fields_to_json(Fields(effective=read))
    assert (
        told["effective"]["from"]["value"] == "2026-01-10" and told["effective"]["until"]["value"] == "2026-12-31"
    )
    assert fields_from_json(told).effective == read
    assert fields_from_json({}).effective == Fields().effective, "records of before have none"
