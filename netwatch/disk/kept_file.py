"""A file of the state directory that is read at the start, and replaced now and then."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Generic, TypeVar

from netwatch.disk.private import replace_file
from netwatch.disk.reading import read_file
from netwatch.disk.worker import DiskWorker

LAST_SAVE_TIMEOUT = 2.0
"""Seconds that a disk may hold up the end of the daemon."""

logger = logging.getLogger(__name__)

T = TypeVar("T")


class KeptFile(Generic[T]):
    """The file. Damage and a disk that is full or hangs are logged, and stop nothing.

    Args:
        path: None: nothing is kept.
        max_octets: a larger one is not read.
        decode: reads the content; it raises ``ValueError`` for what is damaged.
        unknown: what is not known without it.
    """

    def __init__(
        self, path: Path | None, max_octets: int, decode: Callable[[bytes], T], unknown: str
    ) -> None:
        self._path = path
        self._max_octets = max_octets
        self._decode = decode
        self._unknown = unknown
        self._disk = DiskWorker()
        self._complaint = ""

    async def load(self) -> T | None:
        """What the former run kept; None when there is nothing, or it can't be read."""
        path = self._path
        if path is None:
            return None
        try:
            return await self._disk.run(
                lambda: self._decode(read_file(path, self._max_octets, follow=False))
            )
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.warning("%s %s: %s", path, error.strerror, self._unknown)
        except ValueError as error:
            logger.warning("%s is damaged: %s", path, self._unknown)
            logger.debug("%s: %s", path, error)
        return None

    async def save(self, encode: Callable[[], bytes]) -> bool:
        """Replace the file, and say whether that was possible; why not is logged once.

        Args:
            encode: makes the content, in a thread.
        """
        path = self._path
        if path is None:
            return True
        try:
            await self._disk.run(lambda: replace_file(path, encode()))
        except OSError as error:
            if self._complaint != error.strerror:
                logger.warning("%s can't be written: %s", path, error.strerror)
            self._complaint = error.strerror or ""
            return False
        self._complaint = ""
        return True


@asynccontextmanager
async def saving(
    now_and_then: Coroutine[None, None, None], at_the_end: Callable[[], Awaitable[object]]
) -> AsyncIterator[None]:
    """Have a file saved until the end of the block, and once more then.

    Args:
        now_and_then: saves it again and again; it is cancelled.
        at_the_end: saves it, in ``LAST_SAVE_TIMEOUT`` or not at all.
    """
    task = asyncio.create_task(now_and_then)
    try:
        yield
    finally:
        task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SAVE_TIMEOUT):
                await at_the_end()
