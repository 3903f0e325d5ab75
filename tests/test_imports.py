"""Libraries that corpus and web import inside a function, each with the reason; all others are at the top."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for package in ("corpus", "web") for path in (ROOT / package).rglob("*.py"))
LAZY = {
    ("corpus/access/sealed_secret.py", "cryptography"): "few sign-ins have a second factor",
    ("corpus/access/second_factor.py", "pyotp"): "few sign-ins have a second factor",
    ("corpus/database/migrations/__init__.py", "alembic"): "only a store of another version needs it",
    ("corpus/originals/s3.py", "boto3"): "extra cluster",
    ("corpus/originals/s3.py", "botocore"): "extra cluster",
    ("corpus/vietnamese/fold.py", "numpy"): "short texts are folded without it, in every command",
    ("web/access/passwords.py", "argon2"): "few commands look at a password",
    ("web/access/sso.py", "authlib"): "extra sso",
    ("web/access/sso.py", "joserfc"): "extra sso",
    ("web/access/sso.py", "requests"): "extra sso",
    ("web/commands/serve.py", "gunicorn"): "only this command serves",
    ("web/metrics.py", "prometheus_client"): "its folder is known only when the service starts",
    ("web/formats/page_cutting.py", "PIL"): "few requests cut a picture",
    ("web/formats/check_report.py", "docx"): "few reports are Word files",
    ("web/formats/register_book.py", "xlsxwriter"): "few registers are workbooks",
    ("web/formats/register_pdf.py", "fpdf"): "few calls print",
    ("web/formats/tables.py", "xlsxwriter"): "few lists are workbooks",
}
"""(module, library) → reason."""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lazy(path: Path) -> set[tuple[str, str]]:
    found = set()
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    found |= {(_name(path), one.name.split(".")[0]) for one in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add((_name(path), node.module.split(".")[0]))
    return found


def test_a_library_is_imported_at_the_top_unless_there_is_a_reason() -> None:
    assert {key for path in MODULES for key in _lazy(path)} == set(LAZY)
