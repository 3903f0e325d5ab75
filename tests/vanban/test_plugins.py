"""Plugins of the guide, installed by real entry points: chosen by settings, bounded, never taken for the paper."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```(python|toml)\n(.*?)```", (ROOT / "docs/plugins.md").read_text("utf-8"), re.DOTALL)
PYTHON = [text for kind, text in BLOCKS if kind == "python"]
PLUGINS, CONTRACT = "\n".join(PYTHON[1:-1]), PYTHON[-1]
ENTRIES = next(text for kind, text in BLOCKS if kind == "toml")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as pip leaves it: the module of the guide, its metadata with the guide's entry points."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "our_office.py").write_text("from __future__ import annotations\n" + PLUGINS, encoding="utf-8")
    info = folder / "vanban_plugins_of_our_office-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vanban-plugins-of-our-office\nVersion: 1\n")
    groups = re.findall(r'\[project\.entry-points\."([\w.]+)"\]\n((?:\w+ = "[^"]+"\n)+)', ENTRIES)
    lines = [f"[{group}]\n" + rows.replace('"', "") for group, rows in groups]
    broken = "[vanban.fields]\ncover = our_office:CoverSheet\nbroken = our_office:Missing\n"
    text = "\n".join(lines).replace("[vanban.fields]\ncover = our_office:CoverSheet\n", broken)
    (info / "entry_points.txt").write_text(text, encoding="utf-8")
    return folder


def run(
    office: Path, *arguments: str, code: str | None = None, cwd: Path = ROOT, **more: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(office), str(ROOT))),
        "PYTHONUTF8": "1",
        **more,
    }
    call = ["-c", code] if code is not None else ["-m", "vanban", *arguments]
    return subprocess.run(
        [sys.executable, *call], env=environment, cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )


PAPER = """<html><body><p>ỦY BAN NHÂN DÂN TỈNH X    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>
<p>Số: 12/KH-UBND    Kiên Giang, ngày 27 tháng 4 năm 2022</p><p>KẾ HOẠCH</p><p>Về thi đua</p>
<p>Cơ quan chủ quản: Sở Nội vụ</p></body></html>"""


def test_the_example_of_the_library_runs_as_it_is(office: Path) -> None:
    done = run(office, code=PYTHON[0])
    assert done.returncode == 0, done.stderr
    assert ("15/NQ-HĐND" in done.stdout and "truncated" in done.stdout) or "type_mismatch" in done.stdout


@pytest.mark.ocr
def test_the_contract_of_the_guide_passes_on_the_guide_s_plugins(office: Path) -> None:
    done = run(office, code="from our_office import *\nfrom pathlib import Path\n" + CONTRACT)
    assert done.returncode == 0, done.stderr


def test_a_kind_is_read_only_if_its_plugin_is_chosen(office: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAPER, encoding="utf-8")
    refused = run(office, "read", "--json", str(page))
    assert refused.returncode == 1 and '"unknown_type"' in refused.stdout
    done = run(office, "read", "--json", str(page), VANBAN_PLUGINS="portal")
    assert done.returncode == 0, done.stderr
    assert '"12/KH-UBND"' in done.stdout and '"text/html"' in done.stdout


def test_a_secret_page_of_a_plugin_s_kind_is_refused(office: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAPER.replace("<p>KẾ HOẠCH", "<p>MẬT</p><p>KẾ HOẠCH"), encoding="utf-8")
    done = run(office, "read", "--json", str(page), VANBAN_PLUGINS="portal")
    assert done.returncode == 1 and '"classified"' in done.stdout


def test_content_that_is_not_of_the_kind_is_refused(office: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"MZ\x00\x01 program")
    done = run(office, "read", "--json", str(page), VANBAN_PLUGINS="portal")
    assert done.returncode == 1 and '"type_mismatch"' in done.stdout


def test_what_a_rule_proposes_waits_for_a_person(office: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.txt"
    sheet.write_text("Số: 12/KH-UBND\nCơ quan chủ quản: Sở Nội vụ\n", encoding="utf-8")
    code = (
        "import sys, vanban\n"
        "field = vanban.read(sys.argv[1]).fields.superior\n"
        "print(field and (field.value, field.review, field.rule))"
    )
    ask = [sys.executable, "-c", code, str(sheet)]
    base = {**os.environ, "PYTHONPATH": os.pathsep.join((str(office), str(ROOT)))}
    said = subprocess.run(ask, env={**base, "VANBAN_PLUGINS": "cover"}, cwd=ROOT, capture_output=True, text=True)
    assert said.stdout.strip() == "('Sở Nội vụ', True, 'claim.tờ bìa')", said.stderr


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("VANBAN_PLUGINS", "nobody", 2),
        ("VANBAN_PLUGINS", "broken", 2),
        ("VANBAN_SEARCH_ENGINE", "nobody", 2),
        ("VANBAN_OCR_ENGINE", "nobody", 2),
    ],
)
def test_a_plugin_that_is_missing_or_broken_is_a_sentence(
    office: Path, tmp_path: Path, setting: str, value: str, code: int
) -> None:
    done = run(office, "search", "x", VANBAN_HOME=str(tmp_path / "home"), **{setting: value})
    assert done.returncode == code and value in done.stderr and "Traceback" not in done.stderr


def test_a_search_engine_of_a_plugin_serves_a_store(office: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Số: 12/KH-UBND\nKế hoạch thi đua khen thưởng\n", encoding="utf-8")
    more = {"VANBAN_HOME": str(tmp_path / "home"), "VANBAN_SEARCH_ENGINE": "fastdisk"}
    taken = run(office, "ingest", str(tmp_path / "a.txt"), **more)
    assert taken.returncode == 0, taken.stderr
    found = run(office, "search", "--json", "thi đua", **more)
    assert found.returncode == 0 and "12/KH-UBND" in found.stdout
    assert [path.name.split("-")[0] for path in (tmp_path / "home/index").iterdir() if path.is_dir()] == [
        "fastdisk"
    ]
    without = run(office, "search", "--json", "thi đua", VANBAN_HOME=str(tmp_path / "home"))
    assert without.returncode == 0, without.stderr


@pytest.mark.ocr
def test_an_ocr_engine_of_a_plugin_reads(office: Path) -> None:
    done = run(office, "read", "corpus/samples/77-tb-vp.png", VANBAN_OCR_ENGINE="twice")
    assert done.returncode == 0 and "77/TB-VP" in done.stdout, done.stderr
