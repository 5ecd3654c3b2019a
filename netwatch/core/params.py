"""What every probe's own parameters have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Port = Annotated[int, Field(ge=1, le=65535)]
"""Of TCP or UDP."""


class ProbeParams(BaseModel):
    """Base of the schemas in ``netwatch.probes``: strict, immutable, hashable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
