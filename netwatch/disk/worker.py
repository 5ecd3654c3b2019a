"""Work on a disk in a thread of its own, because a disk may hang and never come back."""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from weakref import WeakValueDictionary

DISK_TIMEOUT = 10.0
"""Seconds after which a disk is said to hang."""

_LOOK_INTERVAL = 0.01
"""Seconds between two looks at whether the work before has ended."""

T = TypeVar("T")

logger = logging.getLogger(__name__)


class DiskWorker:
    """Runs one function at a time, each in a thread that doesn't keep the process alive.

    The next one waits, and while one hangs, no other is begun: there is one thread, however often
    somebody asks.
    """

    _of_paths: ClassVar[WeakValueDictionary[Path, DiskWorker]] = WeakValueDictionary()

    def __init__(self) -> None:
        self._running: Future[Any] | None = None
        self._began = 0.0

    @classmethod
    def of(cls, path: Path) -> DiskWorker:
        """The one for this file, whoever asks: a reload must not begin what still hangs."""
        worker = cls._of_paths.get(path)
        if worker is None:
            worker = cls._of_paths[path] = cls()
        return worker

    async def run(self, work: Callable[[], T]) -> T:
        """What ``work`` returns or raises.

        Raises:
            OSError: it has not come back in time, or one before it has not come back yet.
        """
        await self._end_of_former()
        self._began = time.monotonic()
        self._running = future = in_thread(lambda: self._do(work))
        try:
            # Shielded: a thread can't be cancelled, and it still runs. Not by wait_for: before
            # Python 3.12 that loses a cancellation which comes just when the thread ends.
            async with asyncio.timeout(DISK_TIMEOUT):
                return await asyncio.shield(asyncio.wrap_future(future))
        except TimeoutError:
            raise self._hangs() from None

    async def _end_of_former(self) -> None:
        while self._running is not None and not self._running.done():
            if time.monotonic() - self._began >= DISK_TIMEOUT:
                raise self._hangs()
            await asyncio.sleep(_LOOK_INTERVAL)

    def _do(self, work: Callable[[], T]) -> T:
        """A method, so that the thread keeps its worker for whoever asks ``of`` the file."""
        return work()

    def _hangs(self) -> OSError:
        seconds = time.monotonic() - self._began
        return OSError(errno.ETIMEDOUT, f"the disk has not answered for {seconds:.0f} s")


async def read_first(work: Callable[[], T]) -> T:
    """What ``work`` returns or raises, without which nothing can begin.

    A disk that hangs is told again and again; a signal ends the program meanwhile.
    """
    reading = asyncio.wrap_future(in_thread(work))
    began = time.monotonic()
    while not (await asyncio.wait([reading], timeout=DISK_TIMEOUT))[0]:
        logger.error(
            "đã %(seconds)d giây chưa đọc xong cấu hình, ổ đĩa có thể bị treo"
            " / the configuration has not been read for %(seconds)d s; the disk may hang",
            {"seconds": time.monotonic() - began},
        )
    return reading.result()


def in_thread(work: Callable[[], T]) -> Future[T]:
    """Begin ``work`` in a daemon thread; the future has what it returns or raises."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 (given to who waits)
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, name="disk", daemon=True).start()
    return future
