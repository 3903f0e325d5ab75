"""What sets up the office's machine: image, compose, units, front; run as far as the programs are here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.config import Settings
from web.cli import COMMANDS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("vanban:")}
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
EXAMPLE = dict(
    line.split("=", 1)
    for line in (DEPLOY / "vanban.env.example").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)


# compose


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_bounded_confined_and_comes_back(name: str) -> None:
    one = SERVICES[name]
    assert one["read_only"] is True and one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["mem_limit"] and one["pids_limit"] and one["restart"] == "unless-stopped"
    assert one["logging"]["options"]["max-size"]
    assert "healthcheck" in one or "HEALTHCHECK" in CONTAINERFILE


def test_only_the_front_is_reached_from_outside() -> None:
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["front"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, one in SERVICES.items() if "outside" in one["networks"]] == ["front"]


def test_our_services_run_one_built_image_as_the_fixed_user() -> None:
    assert {one["image"] for one in OURS.values()} == {f"vanban:{VERSION}"}
    assert [name for name, one in OURS.items() if "build" in one] == ["web"]
    build = OURS["web"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).exists()
    assert {one["user"] for one in OURS.values()} == {"10001:10001"}
    assert "USER 10001:10001" in CONTAINERFILE and "--uid 10001" in CONTAINERFILE


def test_commands_of_services_exist() -> None:
    called = {one["command"][0] for name, one in OURS.items() if "entrypoint" not in one}
    assert called == {"serve", "work", "watch"} and called <= set(COMMANDS)
    assert (ROOT / SERVICES["backup"]["entrypoint"][0].removeprefix("/opt/vanban/")).exists()


def test_no_secret_is_in_the_example_and_each_is_a_file() -> None:
    assert set(COMPOSE["secrets"]) == {"vanban_database_password"}
    assert all(name.removeprefix("vanban_") in Settings.model_fields for name in COMPOSE["secrets"])
    secret = {f"VANBAN_{name.upper()}" for name, field in Settings.model_fields.items() if "Secret" in str(field)}
    assert not secret & set(EXAMPLE) and "@database" in EXAMPLE["VANBAN_DATABASE"]
    assert ":" not in EXAMPLE["VANBAN_DATABASE"].split("//")[1].split("@")[0]
    ignored = (ROOT / ".gitignore").read_text("utf-8")
    assert "/deploy/vanban.env" in ignored and "/deploy/secrets/" in ignored


def test_the_example_is_valid_as_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {f"VANBAN_{name.upper()}" for name in Settings.model_fields}
    assert set(EXAMPLE) - known == {"VANBAN_NAME", "VANBAN_TLS"}, "the front's own"
    for name, value in EXAMPLE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VANBAN_DATABASE_PASSWORD", "p@ss/word")
    url = Settings(_env_file=None).database_url
    assert url.password == "p@ss/word" and url.username == "vanban" and url.host == "database"


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_compose_takes_the_file(tmp_path: Path) -> None:
    """By the schema of docker-compose; its old version 1 does not know the project's name."""
    for name in ("Caddyfile", "vanban.env.example"):
        shutil.copy(DEPLOY / name, tmp_path)
    shutil.copy(DEPLOY / "vanban.env.example", tmp_path / "vanban.env")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/database_password").write_text("x")
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    (tmp_path / "compose.yaml").write_text(text.replace("name: vanban\n", "", 1), encoding="utf-8")
    command = ["docker-compose", "-f", "compose.yaml", "--env-file", "vanban.env", "config", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed")
@pytest.mark.parametrize("tls", ["internal", "/tls/server.pem /tls/server.key"])
def test_the_front_of_compose_is_a_sound_caddyfile(tls: str) -> None:
    environment = {**os.environ, "VANBAN_NAME": "luu-tru.example.gov.vn", "VANBAN_TLS": tls}
    command = ["caddy", "adapt", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"dial":"web:8000"' in done.stdout and "luu-tru.example.gov.vn" in done.stdout


# the image


def test_the_image_is_made_of_what_is_sent_and_nothing_else_is_sent() -> None:
    rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert rules[1] == "*", "everything is left out but what a line names"
    sent = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", CONTAINERFILE)
    needed = {name for line in copied for name in line.split()}
    assert {name for name in needed if not any(Path(name).match(rule) for rule in sent)} == set()
    assert all((ROOT / name).exists() for name in needed)
    assert not any(rule.startswith((".git", "var", ".venv", "tests")) for rule in sent)


def test_the_web_service_asks_what_the_image_asks() -> None:
    """Others wait for it to be well, also where the image's own check was lost on the way (OCI has none)."""
    found = re.search(r"HEALTHCHECK (.+) \\\n\s+CMD (\[.*\])", CONTAINERFILE)
    assert found is not None
    check = SERVICES["web"]["healthcheck"]
    assert check["test"] == ["CMD", *json.loads(found[2])]
    times = {f"--{name.replace('_', '-')}={check[name]}" for name in ("interval", "timeout", "start_period")}
    assert times == set(found[1].split())
    assert "--format docker" in CONTAINERFILE


def test_the_image_says_what_it_is_and_whether_it_is_well() -> None:
    assert CONTAINERFILE.count("\nFROM ") == 2 and "COPY --from=build" in CONTAINERFILE
    assert f'image.version="{VERSION}"' in CONTAINERFILE and "image.licenses=" in CONTAINERFILE
    assert "HEALTHCHECK" in CONTAINERFILE and "/readyz" in CONTAINERFILE
    assert "--require-hashes" in CONTAINERFILE


# units


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_is_hardened(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"exposure level for \S+: (\d+\.\d)", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) <= 2.0


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_exists_and_says_where_it_writes(unit: Path) -> None:
    text = unit.read_text("utf-8")
    run = re.search(r"(?m)^ExecStart=(\S+) (\S+)", text)
    assert run is not None
    if run[1].endswith("/vanban"):
        assert run[2] in COMMANDS
    else:
        assert (ROOT / run[1].removeprefix("/opt/vanban/")).exists()
    assert "ReadWritePaths=" in text and "MemoryMax=" in text
    for wall in ("seccomp", "landlock_restrict_self", "landlock_add_rule", "landlock_create_ruleset"):
        assert re.search(rf"SystemCallFilter=.*\b{wall}\b", text), "the child's own walls"


# the administrator's command


@pytest.mark.skipif(os.geteuid() != 0, reason="changes the user: needs root")
def test_the_administrators_command_means_the_services_store(tmp_path: Path) -> None:
    """The user and the settings of the units, read as systemd reads them, never as shell."""
    settings = tmp_path / "vanban.env"
    settings.write_text(
        "# VANBAN_PORT=1\nVANBAN_HOME=/srv/kho van ban\nVANBAN_PUBLIC_URL='https://x'\n"
        'VANBAN_LANG="en"\nVANBAN_SIGNATURE_ROOTS=$(touch oops)\nPATH=/nowhere\n'
    )
    for name, text in (
        ("runuser", 'echo "$2"; shift 3; exec "$@"'),
        ("program", 'env | grep ^VANBAN_; echo "$1|$2"'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "VANBAN_SETTINGS": str(settings)}
    environment["VANBAN_PROGRAM"] = str(tmp_path / "program")
    command = [DEPLOY / "vanban", "search", "thi đua"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()) == {
        "vanban", "VANBAN_HOME=/srv/kho van ban", "VANBAN_PUBLIC_URL=https://x", "VANBAN_LANG=en",
        "VANBAN_SIGNATURE_ROOTS=$(touch oops)", "search|thi đua",
    }  # fmt: skip
    assert not (tmp_path / "oops").exists()
    environment["VANBAN_HOME"] = "/tmp/thu"
    other = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert other.stdout.splitlines() == ["vanban", "VANBAN_HOME=/tmp/thu", "search|thi đua"], "a trial's own store"
    unit = (DEPLOY / "vanban-web.service").read_text("utf-8")
    script = (DEPLOY / "vanban").read_text("utf-8")
    for shared in ("/etc/vanban.env", "/var/lib/vanban", "/opt/vanban/.venv/bin/vanban"):
        assert shared in unit and shared in script


# backup


def fake_vanban(folder: Path, code: int = 0) -> Path:
    """A program that takes a backup by writing the file, or fails."""
    path = folder / "vanban"
    path.write_text(f'#!/bin/sh\n[ {code} = 0 ] && echo "$2" > "$2"\nexit {code}\n')
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("code", "left", "reason"),
    [
        (0, {"vanban-young.backup", "other.txt", "new"}, "the old one goes once a new one is whole"),
        (1, {"vanban-young.backup", "vanban-old.backup", "other.txt"}, "nothing goes when none was made"),
    ],
)
def test_backups_are_cleared_only_after_a_whole_one(
    tmp_path: Path, code: int, left: set[str], reason: str
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, days in (("vanban-old.backup", 20), ("vanban-young.backup", 3), ("other.txt", 90)):
        (folder / name).write_text("x")
        os.utime(folder / name, (time.time() - days * 86400,) * 2)
    environment = {**os.environ, "VANBAN": str(fake_vanban(tmp_path, code))}
    done = subprocess.run([DEPLOY / "backup", folder, "14"], env=environment, capture_output=True, check=False)
    assert done.returncode == code
    by_moment = re.compile(r"vanban-\d{8}-\d{6}\.backup")
    made = {"new" if by_moment.fullmatch(path.name) else path.name for path in folder.iterdir()}
    assert made == left, reason
