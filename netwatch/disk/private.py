"""Directories and files that are for their owner alone, and are never reached over a link.

What lies in the state directory belongs to the service, which may have been taken over. So whoever
works in there as root does it with no more rights than the owner of the directory has: nothing of
root's can be overwritten or given away, and each file has its owner and mode from the first moment.
"""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from netwatch.core.errors import StartError
from netwatch.disk.reading import explained, open_directory

logger = logging.getLogger(__name__)

_DIRECTORY_MODE = 0o700
_FILE_MODE = 0o600
_OTHERS, _OTHERS_WRITE = 0o077, 0o022

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

_rights = threading.RLock()
"""Held by the thread that acts as another user."""


def make_directory(path: Path) -> None:
    """Make a directory for its owner alone, where there is none; one that exists stays as it is.

    Raises:
        OSError: it can't be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        path.mkdir(mode=_DIRECTORY_MODE)


def close_to_others(directory: Path, mark: str) -> None:
    """Close a directory that was made by hand to all but its owner, and say so.

    It is closed only where it is ours or empty: somebody may have named one of the system's.

    Args:
        directory: for our files.
        mark: name of the file by which a directory of ours is known.

    Raises:
        StartError: others may put files of theirs there, or read what isn't ours to close.
        OSError: it can't be looked at, or closed.
    """
    with working_in(directory) as descriptor:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if not mode & _OTHERS:
            return
        with os.scandir(descriptor) as entries:
            names = {entry.name for entry in entries}
        if mode & _OTHERS_WRITE or (names and mark not in names):
            raise StartError(
                f"{directory}: mở cho người khác (quyền {mode:o}), hãy dùng một thư mục riêng"
                f" / is open to others (mode {mode:o}); use a directory for this alone, chmod 700"
            )
        os.fchmod(descriptor, _DIRECTORY_MODE)
    logger.warning("%s was open to others (mode %o), and is closed now", directory, mode)


@contextmanager
def working_in(directory: Path) -> Iterator[int]:
    """A descriptor of the directory, and until the block ends the rights of its owner for root.

    The rights are those of the whole process, so one thread at a time has them.

    Raises:
        OSError: it is a symbolic link, or no directory, or can't be entered.
    """
    descriptor = open_directory(directory)
    try:
        with _acting_as_owner(os.fstat(descriptor)):
            yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _acting_as_owner(status: os.stat_result) -> Iterator[None]:
    if os.getuid() != 0 or status.st_uid == 0:
        yield
        return
    with _rights:
        if os.geteuid() != 0:  # a block within a block
            yield
            return
        groups, group = os.getgroups(), os.getegid()
        os.setgroups([])
        os.setegid(status.st_gid)
        os.seteuid(status.st_uid)
        try:
            yield
        finally:
            os.seteuid(0)
            os.setegid(group)
            os.setgroups(groups)


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that a reader sees the old one or the new one, whole.

    Raises:
        OSError: it can't be written; the old one is still there.
    """
    with working_in(path.parent) as directory:
        fresh = path.name + ".new"
        with suppress(FileNotFoundError):  # left behind by a process that was killed, or laid there
            os.unlink(fresh, dir_fd=directory)
        with open(_create(fresh, directory), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path.name, src_dir_fd=directory, dst_dir_fd=directory)


def ensure_file(path: Path) -> None:
    """Make an empty file where there is none, and close an existing one to others.

    Raises:
        OSError: it can't be made, is a link or no regular file, or belongs to somebody else.
    """
    with working_in(path.parent) as directory:
        with suppress(FileExistsError):
            os.close(_create(path.name, directory))
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(path.name, flags, dir_fd=directory)
        except OSError as error:
            raise explained(error) from None
        try:
            if os.fstat(descriptor).st_mode & 0o077:
                os.fchmod(descriptor, _FILE_MODE)
        finally:
            os.close(descriptor)


def _create(name: str, directory: int) -> int:
    return os.open(name, _NEW, mode=_FILE_MODE, dir_fd=directory)
