"""One daemon a state directory: a lock that ends with the process, and says who holds it."""

from __future__ import annotations

import errno
import fcntl
import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from netwatch.core.errors import StartError
from netwatch.disk.private import working_in
from netwatch.disk.reading import explained

NAME = "daemon.lock"

_MAX_BYTES = 64
"""Of the holder's line that are read."""

_UNWRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT}


class DirectoryLock:
    """Held from ``acquire`` to ``release``, or to the end of the process, however it ends."""

    def __init__(self) -> None:
        self._descriptor = -1

    def acquire(self, directory: Path) -> None:
        """Lock the directory, and write down who holds it.

        Where nothing can be written, nothing can be spoilt either: then an existing lock is
        respected, and none is needed where there is no file for it.

        Raises:
            StartError: another process holds it, or another user owns the directory.
            OSError: the directory can't be used.
        """
        _refuse_foreign(directory)
        with working_in(directory) as descriptor:
            self._descriptor = _open(descriptor)
        if self._descriptor < 0:
            return
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._descriptor, _MAX_BYTES, 0)
            self.release()
            raise _held(directory, holder) from None
        with suppress(OSError):  # a full or read-only disk: the lock holds all the same
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, _line().encode(), 0)

    def release(self) -> None:
        """Let others have it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _open(directory: int) -> int:
    """The file of the lock; -1 where there is none and none can be made."""
    common = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        return os.open(NAME, os.O_RDWR | os.O_CREAT | common, 0o600, dir_fd=directory)
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise explained(error) from None
    try:
        return os.open(NAME, os.O_RDONLY | common, dir_fd=directory)
    except FileNotFoundError:
        return -1


def _refuse_foreign(directory: Path) -> None:
    """Root must not run the daemon where the service does, which could not read its files then."""
    owner = directory.lstat().st_uid
    if os.geteuid() == 0 and owner != 0:
        raise StartError(
            f"{directory}: thuộc về người dùng {owner}, hãy chạy bằng người dùng đó"
            f" / belongs to user {owner}; run the daemon as that user"
        )


def _line() -> str:
    return f"{os.getpid()} {datetime.now().astimezone().isoformat(timespec='seconds')}\n"


def _held(directory: Path, holder: bytes) -> StartError:
    text = holder.decode("ascii", "replace").strip()
    found = re.fullmatch(r"([0-9]{1,10}) ([0-9T:+-]{1,30})", text)
    pid, since = found.groups() if found else ("?", "?")
    return StartError(
        f"{directory}: đang được tiến trình {pid} sử dụng từ {since}, hãy dừng tiến trình đó trước"
        f" / is in use by process {pid} since {since}; stop it first"
    )
