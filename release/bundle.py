"""Makes the bundle: all that a server without a connection needs, the same octets at every making.

``python -m release.bundle DIRECTORY`` writes ``netwatch-VERSION-bundle.tar.gz`` there. The wheels
are those of ``requirements/run.txt``, compared with their hashes, for the Python and the machine
that make it. Times are those of ``SOURCE_DATE_EPOCH``, or of the last commit.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

DOCUMENTS = ("README.md", "SECURITY.md", "LICENSE", "CHANGELOG.md", "sbom.cdx.json")
FOLDERS = ("requirements", "systemd", "config", "dashboards", "docs")
WHEELS = "dist/wheels"
SUMS = "SHA256SUMS"


def make_bundle(directory: Path) -> Path:
    """Write the bundle into a directory; returns its path.

    Raises:
        subprocess.CalledProcessError: pip or git failed, and said why.
    """
    moment = _moment()
    with tempfile.TemporaryDirectory() as wheels:
        collect_wheels(Path(wheels), moment)
        (own,) = Path(wheels).glob("netwatch-*.whl")
        content = dict(_files(Path(wheels)))
    content[SUMS] = sums_of(content)
    path = directory / f"netwatch-{own.name.split('-')[1]}-bundle.tar.gz"
    path.write_bytes(pack(content, moment))
    return path


def collect_wheels(directory: Path, moment: int) -> None:
    """Download what ``requirements/run.txt`` pins, and build netwatch."""
    wheels, hashed = "--only-binary=:all:", "--require-hashes"
    pins = str(ROOT / "requirements" / "run.txt")
    _pip(moment, "download", wheels, hashed, "-r", pins, "-d", str(directory))
    _pip(moment, "wheel", "--no-deps", "--no-build-isolation", "-w", str(directory), str(ROOT))


def pack(content: dict[str, bytes], moment: int) -> bytes:
    """A tar archive, packed by gzip: sorted, of root, mode 644, and all of one time."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=packed, mtime=moment) as stream,
        tarfile.open(mode="w", fileobj=stream, format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in sorted(content):
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = len(content[name]), moment, 0o644
            archive.addfile(member, io.BytesIO(content[name]))
    return packed.getvalue()


def _files(wheels: Path) -> Iterator[tuple[str, bytes]]:
    """What git knows of the folders, and the wheels, by the name in the bundle."""
    listed = _run("git", "ls-files", "-z", "--", *DOCUMENTS, *FOLDERS).split("\0")
    for name in filter(None, listed):
        yield name, (ROOT / name).read_bytes()
    for wheel in wheels.iterdir():
        yield f"{WHEELS}/{wheel.name}", wheel.read_bytes()


def sums_of(content: dict[str, bytes]) -> bytes:
    """What ``sha256sum --check`` reads."""
    lines = (f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in sorted(content))
    return "".join(lines).encode()


def _moment() -> int:
    return int(os.environ.get("SOURCE_DATE_EPOCH") or _run("git", "log", "-1", "--format=%ct"))


def _pip(moment: int, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 (no shell, and words of this file)
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments],
        check=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(moment)},
    )


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    print(make_bundle(place))
