"""Tables of settings, errors and warnings in docs/, written from the code that they describe.

python -m script.tables          writes docs/settings.md and docs/errors.md between their marks
python -m script.tables --check  names the pages that differ; exit 1 if there is one
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from corpus.config import Settings
from corpus.errors import CATALOGUE, CAUTIONS

ROOT = Path(__file__).parents[1]


def settings() -> Iterator[str]:
    """Rows of the settings: name, default, purpose."""
    yield from ("| setting | default | what for |", "|---|---|---|")
    for name, field in Settings.model_fields.items():
        shown = "" if field.default_factory is not None else str(field.default)
        default = f"`{shown}`" if shown.strip("*") else ""
        yield f"| `VANBAN_{name.upper()}` | {default} | {field.description} |"


def errors() -> Iterator[str]:
    """Rows of the errors: code, HTTP status, exit code, the sentence in both languages."""
    yield from ("| code | HTTP | exit | in Vietnamese | in English |", "|---|---|---|---|---|")
    for one in CATALOGUE.values():
        yield f"| `{one.code}` | {one.status} | {one.exit_code} | {one.vi} | {one.en} |"


def warnings() -> Iterator[str]:
    """Rows of the warnings: code, the sentence in both languages."""
    yield from ("| code | in Vietnamese | in English |", "|---|---|---|")
    for one in CAUTIONS.values():
        yield f"| `{one.code}` | {one.vi} | {one.en} |"


PAGES = {
    "docs/settings.md": {"settings": settings},
    "docs/errors.md": {"errors": errors, "warnings": warnings},
}
"""Page → mark → rows."""


def written(page: str) -> str:
    """The page with its tables as the code has them now."""
    text = (ROOT / page).read_text("utf-8")
    for mark, rows in PAGES[page].items():
        table = "\n".join(rows())
        pattern = re.compile(rf"<!-- {mark} -->.*?<!-- /{mark} -->", re.DOTALL)
        text = pattern.sub(lambda _, mark=mark, table=table: f"<!-- {mark} -->\n{table}\n<!-- /{mark} -->", text)
    return text


def main() -> int:
    """Write the pages, or name those that differ; return the exit code."""
    differ = [page for page in PAGES if written(page) != (ROOT / page).read_text("utf-8")]
    if "--check" not in sys.argv[1:]:
        for page in differ:
            (ROOT / page).write_text(written(page), "utf-8")
        return 0
    for page in differ:
        print(f"{page}: python -m script.tables writes it again", file=sys.stderr)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
