"""What every probe's own parameters have in common."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from netwatch.core.traits import CredentialKind, Traits

Port = Annotated[int, Field(ge=1, le=65535)]
"""The number of a TCP or UDP port."""


def _url_path(value: str) -> str:
    if not value.startswith("/") or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(f"{value[:64]!r} is not a path; write it as in a URL, e.g. /health?full=1")
    return value


UrlPath = Annotated[str, AfterValidator(_url_path), Field(max_length=512)]
"""Path and query of a URL, e.g. ``/health?full=1``."""


class ProbeParams(BaseModel):
    """Base of the schemas in ``netwatch.probes``: strict, immutable, hashable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    traits: ClassVar[Traits] = Traits()
    """What other rooms ask about checks of this kind."""

    shortest_interval: ClassVar[float] = 0.2
    """Seconds: a target must not be asked more often."""

    @property
    def shortest_timeout(self) -> float:
        """Seconds that a measurement takes even when every answer comes at once."""
        return 0.0

    @property
    def bits(self) -> int:
        """Bits that one measurement puts on the line each way: by default those of 2 kB."""
        return 16_000

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


class LoginParams(ProbeParams):
    """Base of the schemas of probes that can log in to a service.

    Attributes:
        login: id of a login of the inventory, which comes as ``Check.login``; None for none.
    """

    traits: ClassVar[Traits] = Traits(credential=CredentialKind.LOGIN)

    login: str | None = None


class RouterParams(ProbeParams):
    """Base of the schemas of probes that a router makes for us, and is asked what it found.

    Checks of such a kind are flows from that router, and nothing else.
    """

    @property
    def writes(self) -> bool:
        """Whether the collector makes something of its own at the router."""
        return False

    def owned(self, collector: str, flow: str) -> Self:
        """These parameters, with the names of what ``collector`` makes at the router for a flow."""
        del collector, flow
        return self
