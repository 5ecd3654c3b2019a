"""The families of the page, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from netwatch.metrics.cells import Cell, HistogramCell, histogram, plain
from netwatch.metrics.family import BulkFamily, Family
from netwatch.metrics.text import LABEL_NAME, METRIC_NAME, Kind

DEFAULT_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Upper bounds of buckets, seconds: from a round trip in a LAN to a timeout."""

_HISTOGRAM_SERIES = ("_bucket", "_count", "_sum")


class Registry:
    """Makes families, and refuses a name that is taken.

    Args:
        reserved: names that another part of the same page uses.
    """

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken = set(reserved)
        self._families: list[BulkFamily] = []

    def gauge(self, name: str, help_text: str, labelnames: Sequence[str] = ()) -> Family[Cell]:
        """A family of values that go up and down, ``_info`` series included.

        Raises:
            ValueError: the name or a label name is not allowed, or the name is taken.
        """
        return self._plain("gauge", name, help_text, labelnames)

    def counter(self, name: str, help_text: str, labelnames: Sequence[str] = ()) -> Family[Cell]:
        """A family of values that only grow. The name is used as it is given.

        Raises:
            ValueError: as for ``gauge``.
        """
        return self._plain("counter", name, help_text, labelnames)

    def histogram(
        self,
        name: str,
        help_text: str,
        labelnames: Sequence[str] = (),
        buckets: Sequence[float] = DEFAULT_BUCKETS,
    ) -> Family[HistogramCell]:
        """A family of histograms. ``buckets`` are finite upper bounds; +Inf is added.

        Raises:
            ValueError: as for ``gauge``, or the bounds don't grow from 0 or above.
        """
        bounds = tuple(float(bound) for bound in buckets)
        grows = all(low < high for low, high in pairwise(bounds))
        if not bounds or not grows or not (bounds[0] >= 0 and bounds[-1] < float("inf")):
            raise ValueError(f"{name}: bucket bounds must grow, from 0 or above: {bounds}")
        if "le" in labelnames:
            raise ValueError(f"{name}: the label le belongs to the buckets")
        labelnames = _checked(name, labelnames)
        family = Family("histogram", name, help_text, labelnames, histogram(name, bounds))
        self.add(family)
        return family

    def add(self, family: BulkFamily) -> None:
        """Put a family that was made elsewhere on the page, behind those that are there.

        Raises:
            ValueError: its name is not allowed, or one of its series' names is taken.
        """
        name = family.name
        if not METRIC_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a metric name")
        endings = _HISTOGRAM_SERIES if family.kind == "histogram" else ()
        series = {name, *(name + ending for ending in endings)}
        if taken := self._taken & series:
            raise ValueError(f"{name}: already on the page: {', '.join(sorted(taken))}")
        self._taken |= series
        self._families.append(family)

    def families(self) -> list[BulkFamily]:
        """The families of this moment, oldest first."""
        return list(self._families)

    def _plain(
        self, kind: Kind, name: str, help_text: str, labelnames: Sequence[str]
    ) -> Family[Cell]:
        labelnames = _checked(name, labelnames)
        family = Family(kind, name, help_text, labelnames, plain(name))
        self.add(family)
        return family


def _checked(name: str, labelnames: Sequence[str]) -> tuple[str, ...]:
    """The label names as a tuple.

    Raises:
        ValueError: one is not valid, or stands twice.
    """
    wrong = [label for label in labelnames if not LABEL_NAME.fullmatch(label)]
    if wrong or len(set(labelnames)) != len(labelnames):
        raise ValueError(f"{name}: label names must be valid and different: {labelnames}")
    return tuple(labelnames)
