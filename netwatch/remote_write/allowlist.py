"""Which series another vantage may write; everything else is refused.

The same list stands at the exit of the vantage, in config/vantage/prometheus.yml. Here it holds
even when the machine there has been taken over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from netwatch.inventory.terms import OPAQUE
from netwatch.remote_write.request import read_labels, read_request

MAX_AHEAD = 60_000
"""Milliseconds that a sample may be ahead of this clock. One from far in the future would make
Prometheus refuse everything of today."""

MAX_SERIES = 100_000
"""Different series of one vantage until the gateway restarts; 2 000 flows with every reason and
block have half."""

MAX_SERIES_PER_REQUEST = 20_000
"""Series in one request; the agent sends 500, vmagent 10 000."""

NAMES = (
    "up|netwatch_vantage_ok|netwatch_site_state|netwatch_flow_"
    "(as_expected|state_change_timestamp_seconds|block|violations_total|results_total|scheduled)"
)
_WORD = r"[a-z_]{1,32}"
LABELS = {
    "site": OPAQUE,
    "flow": rf"{OPAQUE}(/[!-~]+)?",
    "to": r"[a-z0-9.-]{1,63}/[a-z0-9.-]{1,63}",
    "expect": _WORD,
    "block": _WORD,
    "reason": _WORD,
}
"""Besides these only the name, and ``vantage`` and ``from``, which must be the writer itself."""

_MAX_VALUE_LENGTH = 128
"""Characters of a label value; netwatch writes no longer ones."""


class NotAllowedError(Exception):
    """A request holds something that its vantage may not write; the message says what."""


class AllowList:
    """Checks the requests of one vantage.

    Attributes:
        vantage: its id, which its certificate proves.
    """

    def __init__(self, vantage: str) -> None:
        self.vantage = vantage
        self._allowed: set[tuple[bytes, ...]] = set()

    def check(self, request: bytes, now: float) -> int:
        """Check every series of a request; returns the number of samples in it.

        Arguments and errors are those of ``checks``.
        """
        return sum(self.checks(request, now))

    def checks(self, request: bytes, now: float) -> Iterator[int]:
        """Check a request, one series a step.

        Args:
            request: the ``WriteRequest``, decompressed.
            now: Unix time.

        Returns:
            The number of samples of each series.

        Raises:
            NotAllowedError: it holds something that this vantage may not write.
            MalformedRequestError: it is not a request of remote write.
        """
        latest = int(now * 1000) + MAX_AHEAD
        for position, series in enumerate(read_request(request)):
            if position == MAX_SERIES_PER_REQUEST:
                raise NotAllowedError(f"more than {MAX_SERIES_PER_REQUEST} series at once")
            if series.labels not in self._allowed:
                self._check_labels(read_labels(series.labels))
                if len(self._allowed) >= MAX_SERIES:
                    raise NotAllowedError(f"more than {MAX_SERIES} series")
                self._allowed.add(series.labels)
            if series.timestamps and max(series.timestamps) > latest:
                raise NotAllowedError("a sample from the future")
            yield len(series.timestamps)

    def _check_labels(self, labels: dict[str, str]) -> None:
        name = labels.pop("__name__", "")
        if not re.fullmatch(NAMES, name):
            raise NotAllowedError(f"series {name[:64]!r}")
        if (
            labels.pop("vantage", "") != self.vantage
            or labels.pop("from", self.vantage) != self.vantage
        ):
            raise NotAllowedError(f"{name} in the name of another vantage")
        for label, value in labels.items():
            pattern = LABELS.get(label)
            if pattern is None:
                raise NotAllowedError(f"{name} with the label {label[:64]!r}")
            if len(value) > _MAX_VALUE_LENGTH or not re.fullmatch(pattern, value):
                raise NotAllowedError(f"{name} with {label}={value[:64]!r}")
