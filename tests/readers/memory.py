"""The most memory that a reader has in use while it reads an input, as Python counts it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from tests.readers.growth import suspects
from tests.readers.registry import Reader

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
