"""What Prometheus scraped: series of samples at equal distances, sent to it by remote write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.request import Request, urlopen

import cramjam
import numpy as np
import numpy.typing as npt

from tests.harness.remote_write import field as part
from tests.harness.remote_write import label
from tests.harness.shipped_rules import stored

STEP = 15
"""Seconds between two samples: the scrape interval that is shipped."""

Values = npt.NDArray[np.float64]
"""A value a sample; NaN where there was none."""

Labels = Mapping[str, str]

_MAX_REQUEST_OCTETS = 4_000_000
_SAMPLE_OCTETS = 18
"""Of a sample with a time between 2004 and 2109: its tag and length, a double, a varint of 6."""

STALE = np.frombuffer(np.uint64(0x7FF0000000000002).tobytes(), np.float64)[0]
"""The sample by which Prometheus marks that a series has ended."""


@dataclass
class Tape:
    """Samples of ``length`` scrapes from ``start`` (Unix seconds) on, ``step`` seconds apart."""

    start: int
    length: int
    step: int = STEP
    series: list[tuple[dict[str, str], Values]] = field(default_factory=list)

    @property
    def times(self) -> Values:
        """Unix seconds of each sample."""
        return self.start + self.step * np.arange(self.length, dtype=np.float64)

    def add(self, name: str, labels: Labels, values: Values | float) -> None:
        """One series of the daemon's page, labelled as the shipped configuration does."""
        kept = stored({"__name__": name, **labels})
        if kept is None:
            return
        full = np.broadcast_to(np.asarray(values, np.float64), (self.length,))
        self.series.append((kept, full))

    def add_recorded(self, labels: Labels, values: Values) -> None:
        """One series that Prometheus made itself."""
        self.series.append((dict(labels), values))

    def send(self, url: str) -> int:
        """Hand all of it to the Prometheus at this address; how many samples that were."""
        times = _varints(np.round(self.times * 1000).astype(np.uint64))
        request, sent = bytearray(), 0
        for labels, values in self.series:
            content, samples = _encoded(labels, values, times)
            request += part(1, content)
            sent += samples
            if len(request) > _MAX_REQUEST_OCTETS:
                _post(url, request)
                request = bytearray()
        _post(url, request)
        return sent


def _encoded(labels: Labels, values: Values, times: npt.NDArray[np.uint8]) -> tuple[bytes, int]:
    """The series as protobuf; where it ends, a mark says so, as a scrape would have left it."""
    marked = values.copy()
    ends = ~np.isnan(values[:-1]) & np.isnan(values[1:])
    marked[1:][ends] = STALE
    kept = ~np.isnan(values)
    kept[1:] |= ends
    rows = np.zeros((int(kept.sum()), _SAMPLE_OCTETS), np.uint8)
    rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 11] = 0x12, 16, 0x09, 0x10
    rows[:, 3:11] = marked[kept].view(np.uint8).reshape(-1, 8)
    rows[:, 12:] = times[kept]
    told = b"".join(part(1, label(*pair)) for pair in sorted(labels.items()))
    return told + rows.tobytes(), len(rows)


def _varints(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    digits = [(numbers >> np.uint64(7 * at)) & np.uint64(0x7F) for at in range(6)]
    digits = [digit | np.uint64(0x80) for digit in digits[:-1]] + digits[-1:]
    return np.stack(digits, axis=1).astype(np.uint8)


def _post(url: str, request: bytearray) -> None:
    if not request:
        return
    packed = bytes(cramjam.snappy.compress_raw(bytes(request)))
    headers = {"Content-Encoding": "snappy", "X-Prometheus-Remote-Write-Version": "0.1.0"}
    with urlopen(Request(f"{url}/api/v1/write", packed, headers), timeout=120) as answer:
        answer.read()
