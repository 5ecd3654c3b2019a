"""What every probe's own parameters have in common."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Port = Annotated[int, Field(ge=1, le=65535)]
"""Of TCP or UDP."""


def _url_path(value: str) -> str:
    if not value.startswith("/") or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"{value[:64]!r} is not a path; write it as in a URL, e.g. /health?full=1")
    return value


UrlPath = Annotated[str, AfterValidator(_url_path), Field(max_length=512)]
"""Path and query of a URL."""


class ProbeParams(BaseModel):
    """Base of the schemas in ``netwatch.probes``: strict, immutable, hashable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shortest_interval: ClassVar[float] = 0.2
    """Seconds: oftener a target must not be asked."""

    by_router: ClassVar[bool] = False
    """Whether it is a router that measures, and we only ask it what it found."""

    @property
    def shortest_timeout(self) -> float:
        """Seconds that a measurement takes even when every answer comes at once."""
        return 0.0

    @property
    def bits(self) -> int:
        """What one measurement puts on the line each way, roughly: a conversation of 2 kB."""
        return 16_000

    @property
    def writes(self) -> bool:
        """Whether something of our own is made at the router that measures."""
        return False

    def owned(self, collector: str, flow: str) -> ProbeParams:
        """These parameters with the names of what a collector makes for a flow."""
        return self

    def called(self, alias: str | None) -> ProbeParams:
        """These parameters for a target that the meeting system knows by ``alias``."""
        return self

    @property
    def logs_in_as(self) -> str | None:
        """Id of the login that is used; None where none is needed."""
        return None

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
