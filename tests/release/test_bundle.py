"""The bundle: whole, the same octets at every making, signed apart, installed without an index."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from release.bundle import DOCUMENTS, ROOT, WHEELS, pack
from tests.harness.requirements import require_tool

pytestmark = pytest.mark.slow


def make(directory: Path, umask: int, wheels: Path | None = None) -> Path:
    """The bundle, made by the command that the Makefile calls, under this umask.

    Args:
        directory: where it is made.
        umask: of the command.
        wheels: where pip finds what it is to download; None: wherever pip is set up to look.
    """
    directory.mkdir()
    from_there = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)} if wheels else {}
    done = subprocess.run(
        [sys.executable, "-m", "release.bundle", str(directory)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(directory), "TZ": f"UTC-{umask % 10}"} | from_there,
        umask=umask,
        check=True,
        capture_output=True,
        text=True,
    )
    return Path(done.stdout.strip())


def test_it_is_the_same_whoever_makes_it_and_holds_what_the_page_needs(tmp_path: Path) -> None:
    first, unpacked = make(tmp_path / "a", 0o077), tmp_path / "unpacked"
    with tarfile.open(first) as archive:
        members = archive.getmembers()
        archive.extractall(unpacked, filter="data")
    second = make(tmp_path / "b", 0o002, unpacked / WHEELS)  # what was downloaded once is enough
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()
    assert [each.name for each in members] == sorted(each.name for each in members)
    assert {(each.mode, each.uid, each.gid) for each in members} == {(0o644, 0, 0)}
    assert len({each.mtime for each in members}) == 1
    names = {each.name for each in members}
    units = {f"systemd/{name}" for name in ("netwatch.service", "netwatch.sysusers.conf")}
    assert names >= {*DOCUMENTS, *units, "config/netwatch.toml", "docs/install.md", "SHA256SUMS"}
    assert len([name for name in names if name.startswith(f"{WHEELS}/netwatch-")]) == 1
    check = [require_tool("sha256sum"), "--check", "--quiet", "SHA256SUMS"]
    subprocess.run(check, cwd=unpacked, check=True)
    assert len((unpacked / "SHA256SUMS").read_text().splitlines()) == len(names) - 1
    _install(unpacked, tmp_path / "venv")


def _install(unpacked: Path, venv: Path) -> None:
    """From the bundle alone, without asking any index; tests/system follows the page itself."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin" / "python"), "install"]
    pip += ["--quiet", "--no-index", "--no-compile"]
    pinned = ["--require-hashes", "-r", "requirements/run.txt"]
    subprocess.run([*pip, "--find-links", WHEELS, *pinned], cwd=unpacked, check=True)
    (own,) = (unpacked / WHEELS).glob("netwatch-*.whl")
    subprocess.run([*pip, "--no-deps", str(own)], check=True)
    said = subprocess.run([venv / "bin" / "netwatch", "--version"], capture_output=True, check=True)
    assert said.stdout.startswith(b"netwatch ")


def test_what_was_changed_on_the_way_is_found_by_its_signature(tmp_path: Path) -> None:
    keygen, bundle, key = require_tool("ssh-keygen"), tmp_path / "bundle.tar.gz", tmp_path / "key"
    bundle.write_bytes(pack({"README.md": b"text"}, 1_900_000_000))
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    sign = [keygen, "-q", "-Y", "sign", "-f", str(key), "-n", "netwatch", str(bundle)]
    subprocess.run(sign, check=True, capture_output=True)
    signers = tmp_path / "allowed_signers"
    public = key.with_suffix(".pub").read_text(encoding="utf-8")
    signers.write_text(f"netwatch {public}", encoding="utf-8")
    verify = [keygen, "-Y", "verify", "-f", str(signers), "-I", "netwatch", "-n", "netwatch", "-s"]
    verify.append(f"{bundle}.sig")

    def is_genuine() -> bool:
        content = bundle.read_bytes()
        done = subprocess.run(verify, input=content, capture_output=True, check=False)
        return done.returncode == 0

    assert is_genuine()
    bundle.write_bytes(bundle.read_bytes() + b"\0")
    assert not is_genuine()
