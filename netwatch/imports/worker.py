"""Reads one file in a process of its own: ``python -m netwatch.imports.worker KIND NAME``.

The file comes on standard input; on standard output goes a line of JSON. Whatever the file does to
this process, it does to no other.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from contextlib import suppress

from netwatch.imports.sheets import MAX_OCTETS, SheetError, Workbook

MAX_MEMORY = 1 << 30
"""Octets of address space."""

MAX_SECONDS = 60.0
"""Seconds of processor time."""


def main() -> None:
    """Read, and answer with the sheets or with a refusal."""
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read(MAX_OCTETS + 1)
    try:
        answer = _answer(_read(sys.argv[1], sys.argv[2], data))
    except SheetError as error:
        answer = {"refusal": str(error)}
    except MemoryError:
        answer = {"refusal": "cần quá nhiều bộ nhớ / needs too much memory"}
    json.dump(answer, sys.stdout)


def _answer(workbook: Workbook) -> dict[str, object]:
    sheets = [
        {"name": each.name, "rows": each.rows, "merged": each.merged, "hidden": each.hidden}
        for each in workbook.sheets
    ]
    return {"sheets": sheets, "notes": workbook.notes}


def _read(kind: str, name: str, data: bytes) -> Workbook:
    """By what the file is, and by its ending only where that isn't seen."""
    if kind == "delimited" and not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        from netwatch.imports.delimited import read_delimited  # noqa: PLC0415

        return read_delimited(data, name)
    from netwatch.imports.workbook import read_workbook  # noqa: PLC0415 (it may not be installed)

    return read_workbook(data)


if __name__ == "__main__":
    main()
