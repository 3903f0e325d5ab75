"""The image is built and run as compose runs it: fixed user, read-only root, no capabilities; needs no daemon.

buildah builds it in a chroot, and it is run in one: `script/test --image`, as root, with a network for packages.
Elsewhere each test names what lacked.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vanban import __version__

ROOT = Path(__file__).parents[1]
BASE = "docker.io/library/debian:12-slim"
pytestmark = pytest.mark.image


@dataclass(frozen=True, slots=True)
class Image:
    """An image that was built: its root mounted, its description, where its store lies."""

    root: Path
    config: dict[str, Any]
    docker: dict[str, Any]
    home: Path


def buildah(options: list[str], *arguments: str | Path, check: bool = True) -> str:
    """Output of buildah."""
    command = ["buildah", *options, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if check and done.returncode:
        pytest.fail(f"{' '.join(command)}\n{done.stderr[-3000:]}")
    return done.stdout.strip()


def base_image(options: list[str], folder: Path) -> str:
    """Name of Debian's image: pulled, or made by debootstrap where no registry is reached."""
    if buildah(options, "pull", "--quiet", BASE, check=False):
        return BASE
    if shutil.which("debootstrap") is None:
        pytest.skip("no registry is reached, and debootstrap is not installed: the image was not built")
    subprocess.run(
        ["debootstrap", "--variant=minbase", "bookworm", folder / "base"], capture_output=True, check=True
    )
    made = buildah(options, "from", "scratch")
    root = buildah(options, "mount", made)
    subprocess.run(["cp", "-a", f"{folder / 'base'}/.", root], check=True)
    buildah(options, "commit", "--quiet", made, "localhost/debian:12-slim")
    buildah(options, "rm", made)
    return "localhost/debian:12-slim"


def build(options: list[str], base: str, name: str) -> None:
    """Build as the Containerfile's head says it, behind the machine's own certificates if it has any."""
    certificates, inside = os.environ.get("PIP_CERT", ""), "/run/certificates.pem"
    more = ["--volume", f"{certificates}:{inside}:ro", "--build-arg", f"PIP_CERT={inside}"] if certificates else []
    arguments = ["--build-arg", f"BASE={base}", "--build-arg", "REVISION=0123456", *more]
    buildah(
        options, "build", "--format", "docker", "--isolation", "chroot", *arguments,
        "-f", "deploy/Containerfile", "-t", name, ".",
    )  # fmt: skip


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """The image of deploy/, built by its Containerfile.

    VANBAN_TEST_BUILDAH: options of buildah; the image that is at hand under these is taken, none is built.
    """
    given = os.environ.get("VANBAN_TEST_BUILDAH", "").split()
    # On the disk: a root of 1 GB and its layers have no place in memory.
    folder = Path(tempfile.mkdtemp(prefix="vanban-image-", dir="/var/tmp"))
    options = given or ["--storage-driver", "vfs", "--root", f"{folder}/images", "--runroot", f"{folder}/run"]
    name = f"localhost/vanban:{__version__}"
    if not given:
        build(options, base_image(options, folder), name)
    described = json.loads(buildah(options, "inspect", "--type", "image", name))
    container = buildah(options, "from", name)
    root = Path(buildah(options, "mount", container))
    home = tmp_path_factory.mktemp("volume")
    os.chown(home, 10001, 10001)
    yield Image(root, described["OCIv1"]["config"], described["Docker"]["config"], home)
    buildah(options, "rm", container)
    shutil.rmtree(folder, ignore_errors=True)


_BOX = """set -e
root=$1 home=$2 samples=$3
ip link set lo up
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777,size=2g tmpfs "$root/tmp"
mount --bind "$home" "$root/var/lib/vanban"
mount --bind "$samples" "$root/mnt"
shift 3
exec chroot "$root" setpriv --reuid 10001 --regid 10001 --clear-groups \\
  --no-new-privs --bounding-set=-all --inh-caps=-all env -i HOME=/var/lib/vanban "$@"
"""
"""As compose.yaml has it: read-only root, memory on /tmp, the store a volume, no capability, no network."""


def run(image: Image, script: str) -> subprocess.CompletedProcess[str]:
    """A script in the image's root, in namespaces of its own, which end with it."""
    given = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "sh", "-c", _BOX, "box"]
    places = [image.root, image.home, ROOT / "corpus/samples"]
    command = [*given, *map(str, places), *image.config["Env"], "sh", "-c", f"cd /var/lib/vanban\n{script}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)


def test_the_image_is_described(image: Image) -> None:
    """By `buildah inspect`: what a registry, a scanner and compose ask of it."""
    config = image.config
    assert config["User"] == "10001:10001" and config["Entrypoint"] == ["vanban"] and config["Cmd"] == ["serve"]
    assert set(config["Volumes"]) == {"/var/lib/vanban"} and set(config["ExposedPorts"]) == {"8000/tcp"}
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in config["Labels"].items()}
    assert labels["version"] == __version__ and labels["revision"] and "Apache-2.0" in labels["licenses"]
    check = image.docker["Healthcheck"]
    assert (
        "/readyz" in check["Test"][-1] and check["Interval"] == 30 * 10**9 and check["StartPeriod"] == 60 * 10**9
    )
    assert not any("CERT" in one or "INDEX" in one for one in config["Env"]), "nothing of the building machine"


@pytest.mark.parametrize(
    ("command", "expected", "reason"),
    [
        ("id -u; id -g", "10001\n10001\n", "the fixed user"),
        ("vanban --version", f"vanban {__version__}\n", "it starts"),
        ("touch /opt/vanban/x 2>/dev/null || echo no", "no\n", "the root is read-only"),
        ("command -v pip gcc curl || echo none", "none\n", "no tool for whoever gets in"),
        ("find / -xdev -perm -4000 -newer /opt/vanban/LICENSE -type f 2>/dev/null", "", "no new setuid program"),
        ("cd /opt/vanban; find . -not -path '*/.venv*' | sort", ".\n./LICENSE\n./deploy\n./deploy/backup\n",
         "no sources"),
    ],
)  # fmt: skip
def test_the_root_is_as_small_as_it_is_meant(image: Image, command: str, expected: str, reason: str) -> None:
    done = run(image, command)
    assert done.stdout == expected, (reason, done.stderr)


def test_a_new_volume_is_filled_with_nothing(image: Image) -> None:
    """Docker copies what the image has at a volume's place into a new volume."""
    store = image.root / "var/lib/vanban"
    assert list(store.iterdir()) == []
    assert store.stat().st_mode & 0o777 == 0o700 and store.stat().st_uid == 10001


def test_a_paper_is_read_in_the_image(image: Image) -> None:
    """By Tesseract, in the confined child and with the second reader, without a store or a network."""
    done = run(image, "vanban read --json /mnt/31-kh-stttt.pdf; ls /opt/vanban/.venv/share/vanban/asterocr")
    assert done.returncode == 0, done.stderr
    assert '"31/KH-STTTT"' in done.stdout and '"2022-04-27"' in done.stdout and "asternet.onnx" in done.stdout
    assert "uncontained" not in done.stderr


_DAY = """
vanban serve & web=$!
for _ in $(seq 600); do {check} 2>/dev/null && break; sleep 1; done
{check} && echo well
echo 'mat-khau-dai-123' | vanban user add lan --role clerk
vanban ingest /mnt/31-kh-stttt.pdf
vanban search --json 31/KH-STTTT | grep -o '"number": "[^"]*"'
vanban check && echo checked
/opt/vanban/deploy/backup /tmp 14 && ls /tmp/*.backup
kill $web
wait $web; echo left $?
"""


def test_the_first_day_of_a_container(image: Image) -> None:
    """On an empty volume, well by the image's own check; a paper comes in; check and backup pass."""
    check = shlex.join(image.docker["Healthcheck"]["Test"][1:])
    done = run(image, _DAY.replace("{check}", check))
    for expected in ("well", '"number": "31/KH-STTTT"', "checked", ".backup", "left 0"):
        assert expected in done.stdout, (expected, done.stdout, done.stderr[-3000:])
