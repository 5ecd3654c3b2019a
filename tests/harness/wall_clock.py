"""A time zone in which it is whatever time a test wants: programs in Go can be given no clock."""

from __future__ import annotations

import os
import struct
from datetime import UTC, datetime
from pathlib import Path


def environment(directory: Path, zone: str, wanted: datetime) -> dict[str, str]:
    """What a program in Go must be started with so that it is that time in a zone now.

    Args:
        directory: where the zone is written to (RFC 8536, version 1, with one type of local time).
        zone: its name; other zones are not found by that program, but for UTC.
        wanted: the time there, as if it were UTC.
    """
    ahead = round((wanted - datetime.now(UTC)).total_seconds())
    counts = struct.pack(">6L", 0, 0, 0, 0, 1, 4)
    path = directory / zone
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"TZif" + bytes(16) + counts + struct.pack(">l2B", ahead, 0, 0) + b"LMT\0")
    return {**os.environ, "ZONEINFO": str(directory)}
