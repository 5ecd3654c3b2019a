"""A disk of a few megabytes, to be filled."""

from __future__ import annotations

from pathlib import Path


def mounting(directory: Path, size: str) -> list[str]:
    """What stands before a command so that a directory is such a disk for it, as root.

    The mount namespace ends with it; from outside, the disk is below ``/proc/PID/root``.

    Args:
        directory: that is there, and empty.
        size: as mount(8) writes it: ``1m``.
    """
    mount = f'mount -t tmpfs -o size={size},mode=700 tmpfs "$1" && shift && exec "$@"'
    return ["/usr/bin/unshare", "--mount", "sh", "-c", mount, "-", str(directory)]


def fill(file: Path) -> None:
    """Write a file until nothing more fits."""
    with file.open("wb", buffering=0) as out:
        try:
            while out.write(bytes(4096)):
                pass
        except OSError:
            return
