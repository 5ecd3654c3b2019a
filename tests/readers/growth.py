"""Inputs of a small grammar of repetitions, and how the time to read them grows.

The time is CPU of this thread, the least of several runs, so that a busy machine makes it no
longer than a few per cent. An exponent counts only above a floor that noise can't reach.
"""

from __future__ import annotations

import gc
import math
import re
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from tests.readers.registry import Reader

MAX_EXPONENT = 1.35
"""Time may grow as size to this power; 1 is linear, 2 quadratic."""

FLOOR = 0.004
"""Seconds below which a time is noise."""

DOUBLINGS = 4
_COUNTING = 0.0083
"""Seconds of CPU that ``_count`` takes where nothing else runs, on the machine of the figures."""

_SUSPECTS = 6
_SMALLER = 3
"""Halvings of the largest size at which shapes are compared with each other."""

_MAX_PLACES = 12
_COMMON = (b"\0", b" ", b"\t", b"a", b"0", b"9", b'"', b"\\", b'\\"', b"\xff", b"\x80", b"\r\n",
           b"\n", b"\n ", b",", b";", b"=", b":", b"/", b"(", b"<", b">", b"[", b"{", b".", b"a.",
           b"a,", b"a=b;", b"\r\na: b", b"\xc0\x0c", b"\x01a", b"\xc3\xa1")  # fmt: skip


class Shape(NamedTuple):
    """A family of inputs: ``before``, then ``token`` as often as fits, then ``after``."""

    before: bytes
    token: bytes
    after: bytes

    def of_size(self, octets: int) -> bytes:
        """The input of about this length."""
        room = octets - len(self.before) - len(self.after)
        return self.before + self.token * max(0, room // len(self.token)) + self.after


def shapes(reader: Reader) -> Iterator[Shape]:
    """Each token, repeated at many places of each good input, with and without what follows."""
    tokens = dict.fromkeys((*reader.tokens, *_COMMON))
    for seed in (b"", *reader.inputs()[:6]):
        for place in _places(seed):
            for token in tokens:
                yield Shape(seed[:place], token, seed[place:])
                yield Shape(seed[:place], token, b"")


def seconds(reader: Reader, data: bytes, runs: int = 1) -> float:
    """CPU that reading takes, the least of some runs."""
    least = math.inf
    collects, tracer = gc.isenabled(), sys.gettrace()
    gc.disable()  # it looks at everything else that the tests made, too
    sys.settrace(None)  # what measures the coverage would be measured, too
    try:
        for _ in range(runs):
            began = time.thread_time()
            reader.try_on(data)
            least = min(least, time.thread_time() - began)
    finally:
        sys.settrace(tracer)
        if collects:
            gc.enable()
    return least


def suspects(reader: Reader, count: int = _SUSPECTS) -> list[Shape]:
    """The shapes that take longest, judged at a small size: there are hundreds of them."""
    size = max(reader.max_octets >> _SMALLER, min(reader.max_octets, 1024))
    timed = [(seconds(reader, shape.of_size(size)), shape) for shape in shapes(reader)]
    timed.sort(key=lambda each: each[0], reverse=True)
    return [shape for _, shape in timed[:count]]


def exponent(reader: Reader, shape: Shape) -> float:
    """The power of size by which time grows over the last doublings; 0 below the floor."""
    sizes = [reader.max_octets >> halving for halving in range(DOUBLINGS, -1, -1)]
    times = [seconds(reader, shape.of_size(size), runs=5) for size in sizes]
    points = [
        (math.log2(size), math.log2(took))
        for size, took in zip(sizes, times, strict=True)
        if took > FLOOR / 8
    ]
    if times[-1] < FLOOR or len(points) < 3:
        return 0.0
    return _slope(points)


def complaint(reader: Reader, shape: Shape) -> str:
    """What is wrong with how a shape is read; empty when nothing is."""
    told = f"{reader.name}: {shape.token!r} repeated behind {shape.before[-40:]!r}"
    took = seconds(reader, shape.of_size(reader.max_octets), runs=5)
    if took > reader.max_cpu and took > reader.max_cpu * slowness():
        return f"{told} takes {took * 1000:.0f} ms"
    power = exponent(reader, shape)
    if power > MAX_EXPONENT:
        return f"{told} grows as size ** {power:.2f}"
    return ""


def slowness() -> float:
    """How many times as long as on a quiet machine the same work takes now."""
    return seconds(Reader("count", _count, 0), b"", runs=5) / _COUNTING


def _count(_: bytes) -> int:
    return sum(number * number for number in range(200_000))


def _slope(points: list[tuple[float, float]]) -> float:
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _ in points)


def _places(seed: bytes) -> list[int]:
    """Both ends, and some of the places where one kind of octets ends and another begins."""
    found = [0, *(match.end() for match in re.finditer(rb"\w+|[^\w]", seed))]
    step = max(1, len(found) // _MAX_PLACES)
    return sorted({*found[::step], len(seed)})
