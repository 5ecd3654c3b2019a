"""Reads the requests of Prometheus' remote write, version 1.

Source: the specification of remote write 1.0 (``WriteRequest`` of remote.proto and types.proto),
and the encoding of Protocol Buffers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from netwatch.remote_write.varint import MalformedRequestError, read_varint

MAX_LABELS = 16
"""Labels of a series; netwatch's have at most eight."""

MAX_SAMPLES = 1000
"""Samples of a series in one request; the agent sends 500 in all."""

_TIMESERIES = 1  # WriteRequest
_LABELS, _SAMPLES = 1, 2  # TimeSeries
_NAME, _VALUE = 1, 2  # Label
_TIMESTAMP = 2  # Sample

_VARINT, _EIGHT_BYTES, _BYTES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class WrittenSeries:
    """One series of a request, and when its samples were taken.

    Attributes:
        labels: one encoded ``Label`` each; ``read_labels`` decodes them.
        timestamps: milliseconds since 1970, as unsigned numbers of 64 bits.
    """

    labels: tuple[bytes, ...]
    timestamps: list[int]


def read_request(data: bytes) -> Iterator[WrittenSeries]:
    """The series of a request one by one, in its order.

    Raises:
        MalformedRequestError: this is not a ``WriteRequest``, or has more than series with
            labels and samples.
    """
    for number, value in _fields(data):
        if number != _TIMESERIES or not isinstance(value, bytes):
            raise MalformedRequestError("more than series")
        labels: list[bytes] = []
        timestamps: list[int] = []
        for inner, content in _fields(value):
            if len(labels) > MAX_LABELS or len(timestamps) > MAX_SAMPLES:
                raise MalformedRequestError("too many labels or samples of one series")
            if inner == _LABELS and isinstance(content, bytes):
                labels.append(content)
            elif inner == _SAMPLES and isinstance(content, bytes):
                timestamps.append(_timestamp(content))
            else:
                raise MalformedRequestError("more than labels and samples")
        yield WrittenSeries(tuple(labels), timestamps)


def read_labels(encoded: tuple[bytes, ...]) -> dict[str, str]:
    """Label values by label name.

    Raises:
        MalformedRequestError: one of them has other fields, is not UTF-8, or a name stands twice.
    """
    labels: dict[str, str] = {}
    for label in encoded:
        parts = _parts(label)
        name, value = parts.pop(_NAME, b""), parts.pop(_VALUE, b"")
        if parts or not isinstance(name, bytes) or not isinstance(value, bytes):
            raise MalformedRequestError("a label with other fields than name and value")
        try:
            text = name.decode(), value.decode()
        except UnicodeDecodeError:
            raise MalformedRequestError("a label that is not UTF-8") from None
        if text[0] in labels:
            raise MalformedRequestError("a label twice")
        labels[text[0]] = text[1]
    return labels


def _timestamp(sample: bytes) -> int:
    """Milliseconds since 1970 of an encoded ``Sample``; 0 where it is left out."""
    value = _parts(sample).get(_TIMESTAMP, 0)
    if not isinstance(value, int):
        raise MalformedRequestError("a timestamp that is not a whole number")
    return value


def _parts(message: bytes) -> dict[int, int | bytes]:
    """The fields of a label or sample, which has two.

    Raises:
        MalformedRequestError: it has more.
    """
    fields = list(islice(_fields(message), 3))
    if len(fields) == 3:
        raise MalformedRequestError("more than two fields of a label or sample")
    return dict(fields)


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and content of each field: an int for a varint, else its octets."""
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
            raise MalformedRequestError("a field of another kind")
        if at + size > len(message):
            raise MalformedRequestError("a field goes beyond the end")
        yield key >> 3, message[at : at + size]
        at += size
