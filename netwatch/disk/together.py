"""Replaces several files, all or none: each is written whole before the first one is replaced."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def replace_together(files: Mapping[Path, bytes]) -> None:
    """Replace files, and make those that are not there, with their directories.

    A file keeps its owner and mode; a new one is for whom its directory is. Until the last one is
    written nothing is replaced, and then no signal comes between; only a loss of power can.

    Args:
        files: what each is to contain.

    Raises:
        OSError: one of them can't be written; all are as they were.
    """
    fresh: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            real = path.resolve()
            real.parent.mkdir(parents=True, exist_ok=True)
            fresh[real] = real.with_name(f".{real.name}.new")
            _write(fresh[real], content, real)
        with _no_signals():
            for real in list(fresh):
                fresh[real].replace(real)
                del fresh[real]
    finally:
        for left in fresh.values():
            with suppress(OSError):
                left.unlink()
    for directory in {path.resolve().parent for path in files}:
        _sync(directory)


def _write(fresh: Path, content: bytes, like: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(fresh, flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        _take_after(descriptor, like)
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _take_after(descriptor: int, like: Path) -> None:
    """Give a file the owner and mode of the one it replaces, or what its directory suggests."""
    try:
        known = like.stat()
        mode = stat.S_IMODE(known.st_mode)
    except FileNotFoundError:
        known = like.parent.stat()
        mode = stat.S_IMODE(known.st_mode) & 0o664
    with suppress(PermissionError):  # who is not root keeps what is theirs
        os.fchown(descriptor, known.st_uid if os.geteuid() == 0 else -1, known.st_gid)
    os.fchmod(descriptor, mode)


@contextmanager
def _no_signals() -> Iterator[None]:
    """Let signals wait; they come when the block ends."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
