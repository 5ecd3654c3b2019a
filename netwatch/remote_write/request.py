"""Reads the requests of Prometheus' remote write, version 1.

Source: the specification of remote write 1.0 (``WriteRequest`` of remote.proto and types.proto),
and the encoding of Protocol Buffers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netwatch.remote_write.varint import MalformedVarintError, read_varint

_TIMESERIES = 1  # WriteRequest
_LABELS, _SAMPLES = 1, 2  # TimeSeries
_NAME, _VALUE = 1, 2  # Label
_TIMESTAMP = 2  # Sample

_VARINT, _EIGHT_BYTES, _BYTES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class WrittenSeries:
    """One series, and times of some samples.

    Attributes:
        labels: as they are encoded; ``read_labels`` reads them.
        timestamps: milliseconds since 1970, as unsigned numbers of 64 bits.
    """

    labels: tuple[bytes, ...]
    timestamps: list[int]


def read_request(data: bytes) -> Iterator[WrittenSeries]:
    """Every series of a request.

    Raises:
        MalformedError: it is none, or has more in it than series and samples.
    """
    for number, value in _fields(data):
        if number != _TIMESERIES or not isinstance(value, bytes):
            raise MalformedVarintError("more than series")
        labels: list[bytes] = []
        timestamps: list[int] = []
        for inner, content in _fields(value):
            if inner == _LABELS and isinstance(content, bytes):
                labels.append(content)
            elif inner == _SAMPLES and isinstance(content, bytes):
                timestamps.append(_timestamp(content))
            else:
                raise MalformedVarintError("more than labels and samples")
        yield WrittenSeries(tuple(labels), timestamps)


def read_labels(encoded: tuple[bytes, ...]) -> dict[str, str]:
    """Names and values.

    Raises:
        MalformedError: something else, no text, or a name twice.
    """
    labels: dict[str, str] = {}
    for label in encoded:
        parts = dict(_fields(label))
        name, value = parts.pop(_NAME, b""), parts.pop(_VALUE, b"")
        if parts or not isinstance(name, bytes) or not isinstance(value, bytes):
            raise MalformedVarintError("a label that is none")
        try:
            text = name.decode(), value.decode()
        except UnicodeDecodeError:
            raise MalformedVarintError("a label that is no text") from None
        if text[0] in labels:
            raise MalformedVarintError("a label twice")
        labels[text[0]] = text[1]
    return labels


def _timestamp(sample: bytes) -> int:
    value = dict(_fields(sample)).get(_TIMESTAMP, 0)
    if not isinstance(value, int):
        raise MalformedVarintError("a time that is none")
    return value


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(message):
        key, at = read_varint(message, at)
        wire, value = key & 7, None
        if wire == _VARINT:
            value, at = read_varint(message, at)
            yield key >> 3, value
            continue
        if wire == _EIGHT_BYTES:
            size = 8
        elif wire == _BYTES:
            size, at = read_varint(message, at)
        else:
            raise MalformedVarintError("a field of another kind")
        if at + size > len(message):
            raise MalformedVarintError("a field goes beyond the end")
        yield key >> 3, message[at : at + size]
        at += size
