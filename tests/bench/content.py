"""The same 200 000 series in netwatch's registry and in prometheus_client's."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Histogram

from netwatch.metrics import Cell, HistogramCell, Registry

# Else it would have twice the series.
prometheus_client.disable_created_metrics()

BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
TARGET = ("site", "target")
PORT = (*TARGET, "ifAlias", "ifDescr", "ifIndex", "ifName")

Draw = Callable[[random.Random], float]

COLUMNS: dict[str, Draw] = {
    "whole numbers from 1e6 on": lambda chance: float(int(10 ** chance.uniform(6, 13))),
    "whole numbers below 1e6": lambda chance: float(int(10 ** chance.uniform(0, 6))),
    "states": lambda chance: float(chance.randrange(3)),
}
"""What the ports of switches report, each for a third of their series."""

FRACTIONS: dict[str, Draw] = {
    "seconds, to the nanosecond": lambda chance: chance.randrange(100_000, 50_000_000) / 1e9,
    "fractions of 17 digits": lambda chance: chance.random(),
    "Unix times with a fraction": lambda chance: 1.76e9 + chance.random(),
}
"""What is known of each target besides its round trips."""


@dataclass
class Content:
    """Both registries, and the cells of ours with what they are set to.

    Attributes:
        peer: whether prometheus_client's is filled, too.
        series: how many lines with a value either page has.
    """

    peer: bool = True
    ours: Registry = field(default_factory=Registry)
    theirs: CollectorRegistry = field(default_factory=CollectorRegistry)
    cells: list[tuple[Cell, Draw]] = field(default_factory=list)
    trips: list[HistogramCell] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311
    series: int = 0

    def change(self) -> Iterator[None]:
        """Give every series another value, in small steps."""
        for cell, draw in self.cells:
            cell.set(draw(self.chance))
            yield
        for trip in self.trips:
            trip.observe(self.chance.random() / 10)
            yield


def whole_page(*, peer: bool = True) -> Content:
    """125 switches of 48 ports and 21 series, 4300 targets with a histogram and 3 fractions."""
    content = Content(peer)
    for number in range(21):
        add(content, f"ifColumn{number}", 125 * 48, list(COLUMNS.values())[number % 3])
    for number, draw in enumerate(FRACTIONS.values()):
        add(content, f"netwatch_fraction_{number}", 4300, draw)
    add_histograms(content, 4300)
    return content


def add(content: Content, name: str, count: int, draw: Draw) -> None:
    """A family with this many series."""
    family = content.ours.counter(f"{name}_total", "Of the bench.", PORT)
    peer = Counter(name, "Of the bench.", PORT, registry=content.theirs)
    for number in range(count):
        labels = port(number)
        value = draw(content.chance)
        cell = family.cell(*labels)
        cell.set(value)
        content.cells.append((cell, draw))
        if content.peer:
            peer.labels(*labels).inc(value)
    content.series += count


def add_histograms(content: Content, count: int) -> None:
    """A family with this many histograms of 14 series each."""
    text = "Of the bench."
    family = content.ours.histogram("netwatch_trip_seconds", text, TARGET, BUCKETS)
    peer = Histogram(
        "netwatch_trip_seconds", text, TARGET, registry=content.theirs, buckets=BUCKETS
    )
    for number in range(count):
        labels = f"xa-{number}", "router"
        cell = family.cell(*labels)
        values = [content.chance.random() / 10 for _ in range(20)]
        for value in values:
            cell.observe(value)
        if content.peer:
            child = peer.labels(*labels)
            for value in values:
                child.observe(value)
        content.trips.append(cell)
    content.series += count * (len(BUCKETS) + 3)


def port(number: int) -> tuple[str, ...]:
    """Label values of the length that a province's have."""
    switch, index = divmod(number, 48)
    name = f"GigabitEthernet0/{index}"
    return f"huyen-{switch}", "access-switch", f"Phong {index}", name, str(index), f"Gi0/{index}"
