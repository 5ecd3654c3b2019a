"""The time zone of the province, for commands that need nothing else of the inventory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from netwatch.disk.reading import read_file

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"
"""The zone of a province that names none, and of one whose inventory can't be read."""

MAX_FILES = 5000
"""Files that are looked into."""

MAX_OCTETS = 16 << 20
"""Size of a file that is looked into."""

_ZONE = re.compile(r"""timezone: *["']?([A-Za-z0-9_+/-]{1,64})""")


def province_zone(directory: Path) -> ZoneInfo:
    """The zone that the inventory names, found without reading and checking all of it.

    ``DEFAULT_ZONE`` where there is none: the command ``check`` tells what is wrong.
    """
    for file in _files(directory):
        try:
            text = read_file(file, MAX_OCTETS).decode("utf-8", "replace")
        except OSError:
            continue
        if province := _section(text, "province:"):
            named = _ZONE.search(province)
            return _zone(named[1]) if named else ZoneInfo(DEFAULT_ZONE)
    return ZoneInfo(DEFAULT_ZONE)


def _section(text: str, key: str) -> str:
    """The lines of a section: that of its key, and those below that are indented or empty."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(key):
            inside = takewhile(lambda each: not each or each[0] in " \t#", lines)
            return "\n".join([line, *inside])
    return ""


def _files(directory: Path) -> Iterator[Path]:
    """The likely file first."""
    likely = directory / "province.yaml"
    if likely.is_file():
        yield likely
    yield from sorted(islice(directory.rglob("*.yaml"), MAX_FILES))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return ZoneInfo(DEFAULT_ZONE)
