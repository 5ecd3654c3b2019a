"""What the pages need of the daemon."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from netwatch.incidents.desk import IncidentDesk
from netwatch.maintenance.desk import MaintenanceDesk
from netwatch.metrics.parts import MetricsPart
from netwatch.web.history import PastView
from netwatch.web.places import Places
from netwatch.web.status import Status


class WebSource(Protocol):
    """Provides what is shown; asking changes nothing."""

    @property
    def desk(self) -> IncidentDesk:
        """Knows the incidents, and takes what people say of them."""

    @property
    def maintenance_desk(self) -> MaintenanceDesk:
        """Takes announcements of planned work."""

    def metrics(self) -> AsyncIterator[bytes]:
        """The page in Prometheus text format 0.0.4, in blocks of some tens of kilobytes."""

    def metrics_part(self, part: MetricsPart) -> AsyncIterator[bytes]:
        """A part of it."""

    def status(self) -> Status:
        """What ``/status.json`` says, as of now."""

    def places(self) -> Places:
        """What ``/places.json`` says: what stands in the inventory of sites and lines."""

    async def history(self, site: str) -> PastView | None:
        """What ``/history.json`` says of a site; None when there is no such site."""

    def health(self) -> str | None:
        """None when the program works, else the reason why it should be restarted."""

    def readiness(self) -> str | None:
        """None when the first round of measurements is over, else what is waited for."""
