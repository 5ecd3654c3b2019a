"""Reads a regular file within a bound: no pipe, no device and no endless file keeps us waiting."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY

_OWN_WORDS = {
    errno.ELOOP: "is a symbolic link",
    errno.ENXIO: "is not a regular file",  # a socket
    errno.ENOTDIR: "is not a directory",
}


def read_file(path: Path, max_bytes: int, *, follow: bool = True) -> bytes:
    """The whole content of a regular file.

    Args:
        path: of the file.
        max_bytes: a larger file is refused.
        follow: whether the file, or the directory that it is in, may be a symbolic link.

    Raises:
        OSError: it can't be read; ``strerror`` says why.
    """
    content = read_begin(path, max_bytes + 1, follow=follow)
    if len(content) > max_bytes:
        raise OSError(errno.EFBIG, f"is larger than {max_bytes} bytes", str(path))
    return content


def read_begin(path: Path, octets: int, *, follow: bool = True) -> bytes:
    """The first octets of a regular file, as many as there are.

    Raises:
        OSError: as ``read_file``.
    """
    with open_regular(path, follow=follow) as file:
        return file.read(octets)


def open_regular(path: Path, *, follow: bool = True) -> BinaryIO:
    """A regular file to read from, which the caller closes.

    Args:
        path: of the file.
        follow: as in ``read_file``.

    Raises:
        OSError: it can't be read; ``strerror`` says why.
    """
    descriptor = _open(path, follow=follow)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError(errno.EINVAL, "is not a regular file", str(path))


def explained(error: OSError) -> OSError:
    """The same error, with words of ours where those of the system tell too little."""
    words = _OWN_WORDS.get(error.errno or 0)
    return error if words is None else OSError(error.errno, words, error.filename)


def open_directory(path: Path) -> int:
    """A descriptor of a directory that is no symbolic link; the caller closes it.

    Raises:
        OSError: there is none, or it can't be used.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, flags)
    except NotADirectoryError as error:  # what O_DIRECTORY with O_NOFOLLOW gives for a link
        if path.is_symlink():
            raise OSError(errno.ELOOP, "is a symbolic link", str(path)) from None
        raise explained(error) from None


def _open(path: Path, *, follow: bool) -> int:
    try:
        if follow:
            return os.open(path, _FLAGS)
        directory = open_directory(path.parent)
        try:
            return os.open(path.name, _FLAGS | os.O_NOFOLLOW, dir_fd=directory)
        finally:
            os.close(directory)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise explained(error) from None
