"""Keeps the columns over a restart: a file in the state directory, replaced every few minutes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from netwatch.disk.kept_file import KeptFile
from netwatch.history.columns import RANKS, STEP, STEPS, DayColumns

NAME = "history.columns"
"""Of the file."""

MAX_OCTETS = 64 << 20
"""Size of a file that is read: that of 30 000 sites."""

_TYPES = (("states", "<u1"), ("loss", "<f2"), ("trips", "<f4"))
"""The arrays behind the heading, in this order."""


def encode(columns: DayColumns) -> bytes:
    """A line of JSON with step and sites, then the arrays one after the other."""
    heading = {"format": 1, "seconds": STEP, "step": columns.step, "sites": columns.sites}
    arrays = [getattr(columns, name).astype(kind).tobytes() for name, kind in _TYPES]
    return b"".join([json.dumps(heading).encode(), b"\n", *arrays])


def decode(content: bytes) -> DayColumns:
    """What ``encode`` wrote.

    Raises:
        ValueError: it is something else, or damaged.
    """
    heading, newline, rest = content.partition(b"\n")
    try:
        told = json.loads(heading)
    except RecursionError:
        raise ValueError("its heading is no JSON") from None
    match told:
        case {"format": 1, "seconds": 300, "step": int() as step, "sites": [*sites]} if newline:
            pass
        case _:
            raise ValueError("its heading is not one of ours")
    if not all(isinstance(site, str) for site in sites) or not 0 <= step < 2**40:
        raise ValueError("its heading is not one of ours")
    size = STEPS * len(sites)
    if len(rest) != 7 * size:  # before columns are made for as many sites as it names
        raise ValueError(f"it has {len(rest)} octets of columns instead of {7 * size}")
    columns = DayColumns(sites, step)
    for name, kind in _TYPES:
        array = np.frombuffer(rest, kind, size).reshape(STEPS, len(sites))
        rest = rest[array.nbytes :]
        getattr(columns, name)[:] = array
    _judge(columns)
    return columns


def _judge(columns: DayColumns) -> None:
    if (columns.states >= len(RANKS)).any():
        raise ValueError("it has states that there are not")
    if (columns.loss < 0).any() or (columns.loss > 1).any():
        raise ValueError("it has a loss that is no share")
    if (columns.trips < 0).any() or np.isinf(columns.trips).any():
        raise ValueError("it has a round trip that took no time")


class HistoryStore:
    """The file of the columns.

    Args:
        directory: the state directory; None: nothing is kept.
    """

    def __init__(self, directory: Path | None = None) -> None:
        path = None if directory is None else directory / NAME
        self._file = KeptFile(path, MAX_OCTETS, decode, "the history begins anew")

    async def load(self) -> DayColumns | None:
        """What the former run kept; None when there is nothing, or it can't be read (logged)."""
        return await self._file.load()

    async def save(self, columns: DayColumns) -> None:
        """Replace the file. A disk that is full or hangs is logged once, and tried again."""
        content = encode(columns)
        await self._file.save(lambda: content)
