"""The most memory that a reader has in use while it reads an input, as Python counts it."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from tests.readers.growth import suspects
from tests.readers.registry import Reader, all_readers

_SUSPECTS = 24
"""Shapes that are tried: those that take longest to read, which are those that make most of it."""


@contextmanager
def counted() -> Iterator[None]:
    """Memory is counted within the block."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def peak(reader: Reader, data: bytes) -> int:
    """Octets beyond what was in use before; call it within ``counted``."""
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    reader.try_on(data)
    _, most = tracemalloc.get_traced_memory()
    return most - before


def worst(reader: Reader) -> tuple[int, bytes]:
    """The largest peak of all inputs that are known, and of some shapes at full size.

    What a reader makes once, at its first input, doesn't count.
    """
    for data in reader.inputs():
        reader.try_on(data)
    largest = [shape.of_size(reader.max_octets) for shape in suspects(reader, _SUSPECTS)]
    with counted():
        return max(
            ((peak(reader, data), data) for data in (*reader.inputs(), *largest)),
            key=lambda each: each[0],
        )


def worst_alone(name: str) -> tuple[int, str]:
    """The largest peak of a reader in a process of its own, and the input that makes it.

    Whatever else runs in this one, threads that earlier tests left among it, would be counted, too.
    """
    command = [sys.executable, "-m", "tests.readers.memory", name]
    most, data = subprocess.check_output(command, text=True).split(maxsplit=1)
    return int(most), data


def main() -> None:
    """Print the largest peak of the reader that the command line names, and its input."""
    most, data = worst(all_readers()[sys.argv[1]])
    print(most, f"{data[:100]!r} of {len(data)} octets")


if __name__ == "__main__":
    main()
