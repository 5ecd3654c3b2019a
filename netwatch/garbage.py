"""Memory that is free again: Python's garbage collector, and what the kernel gets back.

A full collection looks at every object there is, and nothing else runs meanwhile: 200 ms with
10 000 targets. But nearly all of these objects are the configuration and its states, which stay.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Of the GNU C library (malloc_trim(3)); another one may have none."""


@contextmanager
def kept_off() -> Iterator[None]:
    """Don't collect meanwhile: many objects are made, and all of them are kept."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def spare_what_stays() -> None:
    """Never look again at the objects that there are now. They go when nobody refers to them.

    Garbage is collected before, as far as it is younger than the last call. What refers to itself
    in a ring and becomes garbage later is never found, so nothing in a configuration may.
    """
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """Let the kernel have the memory that is free, which else stays below what is in use."""
    if _trim is not None:
        _trim(0)
