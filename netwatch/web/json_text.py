"""Large JSON in pieces, between which the event loop does its other work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from json import JSONEncoder

_write = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=asdict).encode
"""Objects, of which there are only causes, are written as their attributes."""


def json_text(view: Mapping[str, object]) -> Iterator[str]:
    """An object as JSON in pieces, each made in well under a millisecond when it is asked for.

    Args:
        view: the object; of what is an iterator an array is written, one value a piece.
    """
    opening = "{"
    for key, value in view.items():
        yield f"{opening}{_write(key)}:"
        opening = ","
        if isinstance(value, Iterator):
            yield from _array(value)
        else:
            yield _write(value)
    yield "}"


def _array(values: Iterator[object]) -> Iterator[str]:
    opening = "["
    for value in values:
        yield opening + _write(value)
        opening = ","
    yield "]" if opening == "," else "[]"
