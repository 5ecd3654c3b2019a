"""What every probe's own parameters have in common."""

from pydantic import BaseModel, ConfigDict


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
