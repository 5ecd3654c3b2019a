"""Floor 1: Python's garbage collector, kept from holding up the event loop.

A full collection looks at every object there is, and nothing else runs meanwhile: 200 ms with
10 000 targets. But nearly all of these objects are the configuration and its states, which stay.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
