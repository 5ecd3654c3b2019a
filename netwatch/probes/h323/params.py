"""Keys of ``probe: h323``."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from netwatch.core.params import ProbeParams


class H323Params(ProbeParams):
    """Keys of ``probe: h323``.

    Attributes:
        service: ``endpoint`` is connected to by TCP; ``gatekeeper`` is asked by RAS over UDP.
        port: 1720 of an endpoint, 1719 of a gatekeeper, unless given.
    """

    shortest_interval: ClassVar[float] = 1.0

    service: Literal["endpoint", "gatekeeper"] = "endpoint"
    port: int | None = Field(default=None, ge=1, le=65535)

    @property
    def destination_port(self) -> int:
        """The port, or the well-known one of the service."""
        return self.port or (1719 if self.service == "gatekeeper" else 1720)

    @property
    def tcp_port(self) -> int | None:
        """The port of an endpoint; a gatekeeper is asked over UDP."""
        return self.destination_port if self.service == "endpoint" else None

    @property
    def qualifier(self) -> str:
        """The port."""
        return str(self.destination_port)
