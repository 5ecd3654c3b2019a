"""Files are read by ``netwatch.disk.reading`` alone, which waits for no pipe and reads no end."""

from __future__ import annotations

import ast
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

import netwatch
from netwatch.disk.reading import read_begin, read_file

ROOT = Path(netwatch.__file__).parent

OURS = {
    "netwatch/adapters/load.py": "files of the package",
    "netwatch/snmp/load.py": "files of the package",
    "netwatch/meetings/calendars/zones.py": "a file of the package",
    "netwatch/cli.py": "writes to nowhere",
    "netwatch/web/assets.py": "files of the package",
    "netwatch/audit/who.py": "a file of the kernel",
    "netwatch/disk/private.py": "writes",
    "netwatch/disk/together.py": "writes",
    "netwatch/imports/begin.py": "files of the package",
    "netwatch/disk/reading.py": "is it",
    "netwatch/web/config/tls.py": "OpenSSL reads, after a look at size and kind of the file",
    "netwatch/disk/lock.py": "opens without following a link or waiting for a pipe",
}
"""Files that read by themselves, and why they may."""

READING = {"read_text", "read_bytes", "open", "load_verify_locations"}


def own_readings(path: Path) -> Iterator[int]:
    """Lines that read a file by other means."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "open":
                yield node.lineno
            if isinstance(node.func, ast.Attribute) and node.func.attr in READING - {"open"}:
                yield node.lineno
            if (
                isinstance(node.func, ast.Attribute)
                and node.func.attr == "open"
                and (ast.unparse(node.func.value) in {"os", "io"} or _has_mode(node))
            ):
                yield node.lineno


def _has_mode(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


def test_nobody_reads_files_by_himself() -> None:
    found = {
        f"{name}:{line}"
        for path in ROOT.rglob("*.py")
        if (name := path.relative_to(ROOT.parent).as_posix()) not in OURS
        and not name.startswith("netwatch/lab/")
        for line in own_readings(path)
    }
    assert found == set(), "use netwatch.disk.reading"


@pytest.mark.parametrize("kind", ["pipe", "directory", "endless", "socket"])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(str(path))
    for read in (read_file, read_begin):
        with pytest.raises(OSError, match="is not a regular file"):
            read(path, 10)


def test_no_more_is_read_than_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_begin(tmp_path / "a", 3) == b"123"
    with pytest.raises(OSError, match="is larger than 4 bytes"):
        read_file(tmp_path / "a", 4)
