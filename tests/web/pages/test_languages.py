"""Pages in either language: what is not of a document is wholly English, or wholly Vietnamese."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text as sql

from corpus.config import Settings
from corpus.database.store import Store
from corpus.record_fields import RECORD_FIELDS
from tests.web.pages.test_pages import LETTER, MAY, ROLES
from web.present.catalogue import ENGLISH

ROOT = Path(__file__).parents[3]
SignIn = Callable[[str], FlaskClient]
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
READ = ("title", "aria-label", "placeholder", "alt", "content", "label", "value")
"""Attributes that people see or hear; `data-*` are sentences that scripts show."""
PAPERS = ("registers.print_page", "files.print_", "file_lists.contents", "copies.show")
"""Prints in the shape of a Vietnamese decree stay Vietnamese."""


class _Texts(HTMLParser):
    """Texts of a page with the words before them, without scripts, styles and examples to type."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "code", "pre"):
            self.silent += 1
        self.found += [
            value
            for name, value in attrs
            if value and (name in READ or (name.startswith("data-") and " " in value.strip()))
        ]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "code", "pre"):
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(" ".join(data.split()))


def texts_of(page: str) -> list[str]:
    """Texts and spoken attributes of a page."""
    parser = _Texts()
    parser.feed(page)
    return [html.unescape(one) for one in parser.found]


QUOTED = {
    "MẬT": "a stamp",
    "nhan:chờ-ký": "a question, as an example",
    "Trung ương; Sở Y tế": "senders of a register, as an example",
    "nhan:không": "a question, as it is typed",
    "Kế hoạch số 93/KH-UBND ngày 12/4/2022 của UBND tỉnh": "words on paper, as an example",
    **{choice.name: "a value of the form" for field in RECORD_FIELDS for choice in field.choices},
}
"""Vietnamese that an English page quotes, with the reason."""


TABLES = ("doc_types", "urgency", "retention", "sender_kinds")
"""Tables whose names are shown as they are."""


def data_of(store: Store) -> set[str]:
    """Every text of the store and of the tables: documents, accounts, types, marks of urgency, retention."""
    tables = [(ROOT / "corpus/data" / f"{name}.tsv").read_text("utf-8") for name in TABLES]
    found = {cell for table in tables for cell in table.split("\t")}
    found = {one for cell in found for one in cell.split("\n")} | set(QUOTED)
    with store.db.reading() as session:
        listed = session.execute(sql("select name from sqlite_master where type = 'table'"))
        for table in listed.scalars().all():
            if table.startswith("sqlite_"):
                continue
            for row in session.execute(sql(f'select * from "{table}"')).all():
                for cell in row:
                    found |= set(_leaves(cell))
    return found


def _leaves(cell: object) -> Iterator[str]:
    if isinstance(cell, str):
        yield cell
        yield from cell.splitlines()
        if cell[:1] in "[{":
            try:
                yield from _leaves(json.loads(cell))
            except ValueError:
                return
    elif isinstance(cell, dict):
        for one in cell.values():
            yield from _leaves(one)
    elif isinstance(cell, list):
        for one in cell:
            yield from _leaves(one)


def left_over(text: str, data: set[str]) -> str:
    """A text without what the store holds and without values that are typed so; a snippet is a part of a page."""
    part = text.strip("… ")
    if len(part) > 10 and any(part in " ".join(one.split()) for one in data):
        return ""
    for one in sorted((one for one in data if one and one in text), key=len, reverse=True):
        text = text.replace(one, "")
    return text


@pytest.fixture(scope="module", params=["en", "vi"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def app(filled: Store, settings: Settings, language: str) -> Flask:
    """The application in that language, on the store of the tests."""
    from web.app import create_app

    made = create_app(settings.model_copy(update={"lang": language}))
    made.testing = False
    return made


@pytest.mark.parametrize("role", ("outsider", *ROLES))
def test_a_page_has_one_language(role: str, language: str, sign_in: SignIn, filled: Store) -> None:
    client, data = sign_in(role), data_of(filled)
    data |= {one for value in data for one in re.split(r"[,;] ", value) if len(one) > 3}
    english = {words for words in ENGLISH.values() if (len(words) > 3 and not words.isascii()) or " " in words}
    wrong, pages = [], 0
    for endpoint, (who, method, path) in MAY.items():
        if method != "GET" or LETTER[role] not in who or endpoint.startswith(("api", *PAPERS)):
            continue
        answer = client.get(path, follow_redirects=True)
        if answer.mimetype != "text/html" or endpoint == "access.sign_out":
            continue
        pages += 1
        for text in texts_of(answer.text):
            if language == "en" and VIETNAMESE.search(left_over(text, data)):
                wrong.append((endpoint, text))
            if language == "vi" and text in english and text not in ENGLISH:
                wrong.append((endpoint, text))
    assert pages >= (1 if role == "outsider" else 10)
    assert list(dict.fromkeys(wrong)) == []
