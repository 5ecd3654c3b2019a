"""What each exporter is: it makes some families of ``/metrics`` and keeps them up to date."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netwatch.core.check import Check
from netwatch.core.result import Result
from netwatch.export.row_family import TargetLabels, target_labels
from netwatch.inventory.model import Inventory


@dataclass(frozen=True, slots=True)
class Watched:
    """What there are series of, until the next reload.

    Attributes:
        inventory: what is written.
        checks: of targets and of flows.
        labels: those that say which target it is, made once for all families.
    """

    inventory: Inventory
    checks: tuple[Check, ...]
    labels: TargetLabels

    @classmethod
    def of(cls, inventory: Inventory, checks: Iterable[Check] = ()) -> Watched:
        """An inventory and the checks that follow from it, with the labels of its targets."""
        return cls(inventory, tuple(checks), target_labels(inventory))


class Exporter:
    """Shows something on ``/metrics``: makes its families, and keeps them up to date.

    Each file of this room has one or more of these, and ``netwatch.wiring`` lists them. What an
    exporter has no use for it doesn't override.
    """

    def watch(self, watched: Watched) -> None:
        """Show series of these things from now on, and take off those of all others."""

    def refresh(self) -> Iterator[None]:
        """Read anew what no result tells, e.g. states; in steps well under a millisecond."""
        yield from ()

    def release(self) -> None:
        """Free what was kept only while the page was made."""


class ResultExporter(Exporter, ABC):
    """Shows what single results say. It is a ``netwatch.collector.ResultConsumer``."""

    @abstractmethod
    def report(self, result: Result) -> None:
        """Take in a single result; those of echo streams come as columns, to ``EchoMetrics``."""

    @abstractmethod
    def forget(self, check: Check) -> None:
        """Take off what the last result of a check said, because it is too old to be true."""


class Exporters:
    """All exporters of the daemon.

    Attributes:
        all: in the order in which they are called.
    """

    def __init__(self, exporters: Iterable[Exporter]) -> None:
        self.all = tuple(exporters)
        self._watched: Watched | None = None

    def watch(self, watched: Watched) -> None:
        """Show other things from now on."""
        self._watched = watched
        for exporter in self.all:
            exporter.watch(watched)

    def refresh(self) -> Iterator[None]:
        """Bring every series up to date, in steps between which other work may be done."""
        watched = self._watched
        for exporter in self.all:
            for _ in exporter.refresh():
                yield
                if self._watched is not watched:
                    # Replaced meanwhile: what is left to do is about things that may be gone.
                    yield from self.refresh()
                    return

    def release(self) -> None:
        """Free what they kept only while the page was made."""
        for exporter in self.all:
            exporter.release()
