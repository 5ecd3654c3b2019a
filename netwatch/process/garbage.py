"""Controls Python's garbage collector, and returns free memory to the kernel.

A full collection looks at every object there is, and nothing else runs meanwhile: 200 ms with
10 000 targets. But nearly all of these objects are the configuration and its states, which stay.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""malloc_trim(3) of the GNU C library; None with another C library that lacks it."""


_MAX_LOOKED_AT = 300_000
"""Objects among which garbage is looked for at the end of ``kept``; that takes some 20 ms."""


@contextmanager
def paused() -> Iterator[None]:
    """Collect no garbage in the block: for when many objects are made and nearly all are kept."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def kept() -> Iterator[None]:
    """Make in the block what stays, as at a reload: at its end all that exists is exempted.

    What a full collection would look at then is nearly all new and in use, and the loop would be
    held for nothing; so garbage is collected before, when there is little to look at. Where that is
    so at the end as well, what arose in the block is collected, too. Else it is never freed: call
    ``gc.collect`` in the block where much of it is garbage.
    """
    gc.collect()
    with paused():
        try:
            yield
        finally:
            if gc.get_count()[0] <= _MAX_LOOKED_AT:
                gc.collect()
            gc.freeze()
            trim_memory()


def freeze() -> None:
    """Exempt all objects that exist now from garbage collection.

    They are still freed when nothing refers to them any more.

    Garbage that arose since the last call is collected first. A reference cycle among the exempted
    objects is never freed, so the objects of a configuration must not form any.
    """
    gc.collect()
    gc.freeze()
    trim_memory()


def trim_memory() -> None:
    """Return free memory to the kernel; else what lies below memory in use would be kept."""
    if _trim is not None:
        _trim(0)
