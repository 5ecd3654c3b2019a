"""What the test machine is made of: a Debian 12, and what docs/install.md carries to a server.

Both are built once and kept outside the repository, in ``$TEST_CACHE`` or
``~/.cache/netwatch-tests``; that directory may be deleted at any time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from release.bundle import SUMS, sums_of
from tests.harness.requirements import require, require_tool

REPOSITORY = Path(__file__).parents[2]

_SUITE = "bookworm"
_PACKAGES = (
    "systemd",
    "systemd-sysv",
    "dbus",  # systemctl talks through it
    "python3-venv",
    "curl",  # docs/install.md looks at the pages with it
    "procps",  # kill, for ExecReload=
    "iproute2",  # gives the machine addresses
)


def root_filesystem() -> Path:
    """A minimal Debian 12 with the packages that docs/install.md asks for; don't write to it."""
    debootstrap = require_tool("debootstrap")

    def build(place: Path) -> None:
        # In a mount namespace, so that what it mounts is gone when it ends, however it ends.
        options = ["--variant=minbase", f"--include={','.join(_PACKAGES)}"]
        _run(["unshare", "--mount", debootstrap, *options, _SUITE, str(place), _mirror()])

    return _kept("debian", " ".join((_SUITE, *_PACKAGES)), build)


def make_bundle(directory: Path) -> None:
    """Put into ``directory`` what an operator carries to the server: docs/install.md, "Bundle"."""
    for name in ("requirements", "systemd", "config"):
        shutil.copytree(REPOSITORY / name, directory / name)
    wheels = directory / "dist" / "wheels"
    shutil.copytree(_dependencies(), wheels)
    _pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(wheels), str(REPOSITORY))
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    content = {str(path.relative_to(directory)): path.read_bytes() for path in files}
    (directory / SUMS).write_bytes(sums_of(content))


def _dependencies() -> Path:
    requirements = REPOSITORY / "requirements" / "run.txt"

    def build(place: Path) -> None:
        hashed = ["--require-hashes", "-r", str(requirements)]
        wheels = ["--only-binary=:all:", "--python-version=3.11"]
        _pip("download", *wheels, *hashed, "-d", str(place))

    return _kept("wheels", requirements.read_text(), build)


def _kept(kind: str, recipe: str, build: Callable[[Path], None]) -> Path:
    """The directory that ``build`` fills, whole or absent, by one builder at a time."""
    cache = Path(os.environ.get("TEST_CACHE", "~/.cache/netwatch-tests")).expanduser()
    cache.mkdir(parents=True, exist_ok=True)
    finished = cache / f"{kind}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    with (cache / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            building = cache / f"{kind}-building"
            if building.exists():  # left by a builder that was killed
                shutil.rmtree(building)
            building.mkdir(mode=0o755)
            build(building)
            building.rename(finished)
    return finished


def _mirror() -> str:
    """The mirror of Debian that this machine is set up to use."""
    apt_get = require_tool("apt-get")
    fields = "$(CODENAME) $(LABEL) $(REPO_URI)"
    listing = _run([apt_get, "indextargets", "--format", fields, "Created-By: Packages"])
    mirrors = [line.split()[2] for line in listing.splitlines() if f"{_SUITE} Debian " in line]
    require(mirrors, f"a mirror of Debian {_SUITE} in its list of package sources")
    return mirrors[0]


def _pip(*arguments: str) -> None:
    _run([sys.executable, "-m", "pip", "--quiet", *arguments])


def _run(command: list[str]) -> str:
    done = subprocess.run(
        command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {(done.stdout + done.stderr)[-2000:]}"
    return done.stdout
