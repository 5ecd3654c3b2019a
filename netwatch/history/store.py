"""Keeps the columns over a restart: a file in the state directory, replaced every few minutes."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np

from netwatch.disk.private import replace_file
from netwatch.disk.reading import read_file
from netwatch.disk.worker import DiskWorker
from netwatch.history.columns import RANKS, STEP, STEPS, DayColumns

NAME = "history.columns"
"""Of the file."""

MAX_OCTETS = 64 << 20
"""Size of a file that is read: that of 30 000 sites."""

_TYPES = (("states", "<u1"), ("loss", "<f2"), ("trips", "<f4"))
"""The arrays behind the heading, in this order."""

logger = logging.getLogger(__name__)


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
        self._path = None if directory is None else directory / NAME
        self._disk = DiskWorker()
        self._complaint = ""

    async def load(self) -> DayColumns | None:
        """What the former run kept; None when there is nothing, or it can't be read (logged)."""
        path = self._path
        if path is None:
            return None
        try:
            return await self._disk.run(lambda: decode(read_file(path, MAX_OCTETS)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            logger.warning("history %s can't be read, it begins anew: %s", path, error)
            return None

    async def save(self, columns: DayColumns) -> None:
        """Replace the file. A disk that is full or hangs is logged once, and tried again."""
        path = self._path
        if path is None:
            return
        content = encode(columns)
        try:
            await self._disk.run(lambda: replace_file(path, content))
        except OSError as error:
            if self._complaint != error.strerror:
                logger.warning("history %s can't be written: %s", path, error.strerror)
            self._complaint = error.strerror or ""
        else:
            self._complaint = ""
