"""Has a file read by a process that has bounds of memory and time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from netwatch.core.errors import ConfigError, Problem, StartError
from netwatch.disk.reading import read_file
from netwatch.imports.sheets import MAX_OCTETS, MergedRange, Sheet, SheetCell, Workbook

KINDS = {
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "delimited",
}

_ENVIRONMENT = ("PATH", "LANG", "LD_LIBRARY_PATH")


def read_sheets(path: Path) -> Workbook:
    """All sheets of a file.

    Raises:
        ConfigError: it can't be read, with what to do.
        StartError: the library for its form is not installed.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        endings = ", ".join(KINDS)
        raise _refused(path, f"không đọc được loại tệp này / is not one of {endings}")
    if kind == "workbook" and find_spec("python_calamine") is None:
        raise StartError(
            "netwatch inventory import: python-calamine is not installed, which workbooks need;"
            " run pip install --require-hashes -r requirements/import.txt, or save the file as CSV"
        )
    try:
        data = read_file(path, MAX_OCTETS)
    except OSError as error:
        raise _refused(path, f"không đọc được / cannot be read: {error.strerror}") from None
    return _read_apart(path, kind, data)


def _read_apart(path: Path, kind: str, data: bytes) -> Workbook:
    done = subprocess.run(  # noqa: S603 (no shell, and words of this file)
        [sys.executable, "-I", "-m", "netwatch.imports.worker", kind, path.stem],
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        check=False,
    )
    if done.returncode == -signal.SIGPROF:
        raise _refused(path, "đọc quá lâu, hãy lưu lại / takes too long to read; save it again")
    if done.returncode:
        raise _refused(
            path,
            "quá lớn hoặc bị hỏng, hãy lưu lại, bỏ các ô và trang thừa"
            " / is too large or broken; save it again without cells and sheets that are not needed",
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refusal" in answer:
        raise _refused(path, str(answer["refusal"]))
    return Workbook([_sheet(each) for each in answer["sheets"]], answer["notes"])


def _sheet(answer: dict[str, Any]) -> Sheet:
    rows = [[SheetCell(*cell) if cell else None for cell in row] for row in answer["rows"]]
    merged = [MergedRange(*each) for each in answer["merged"]]
    return Sheet(answer["name"], rows, merged, answer["hidden"])


def _refused(path: Path, message: str) -> ConfigError:
    return ConfigError([Problem(str(path), message)])
