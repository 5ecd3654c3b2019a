"""What every probe's own parameters have in common."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

Port = Annotated[int, Field(ge=1, le=65535)]
"""Of TCP or UDP."""


class ProbeParams(BaseModel):
    """Base of the schemas in ``netwatch.probes``: strict, immutable, hashable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shortest_interval: ClassVar[float] = 0.2
    """Seconds: oftener a target must not be asked."""

    @property
    def shortest_timeout(self) -> float:
        """Seconds that a measurement takes even when every answer comes at once."""
        return 0.0

    @property
    def bits(self) -> int:
        """What one measurement puts on the line each way, roughly: a conversation of 2 kB."""
        return 16_000

    def called(self, alias: str | None) -> ProbeParams:
        """These parameters for a target that the meeting system knows by ``alias``."""
        return self

    @property
    def qualifier(self) -> str:
        """Tells two checks of one kind on one target apart, e.g. a port; else empty."""
        return ""

    @property
    def tcp_port(self) -> int | None:
        """The TCP port that is called, which is what a firewall judges by; None if there's none."""
        return None


class PortParams(ProbeParams):
    """Base of the schemas of probes that call one TCP port."""

    port: Port

    @property
    def qualifier(self) -> str:
        """The port."""
        return str(self.port)

    @property
    def tcp_port(self) -> int:
        """The port."""
        return self.port
