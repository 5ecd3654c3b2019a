"""Keys of ``probe: stun``."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from netwatch.core.params import ProbeParams


class StunParams(ProbeParams):
    """Keys of ``probe: stun``.

    Attributes:
        transport: ``udp``, ``tcp`` or ``tls``.
        port: 3478, or 5349 for TLS, unless given.
        turn: ask a TURN server for an allocation, without a password: it must demand one.
    """

    shortest_interval: ClassVar[float] = 1.0

    transport: Literal["udp", "tcp", "tls"] = "udp"
    port: int | None = Field(default=None, ge=1, le=65535)
    turn: bool = False

    @property
    def destination_port(self) -> int:
        """The port, or the one that RFC 8489 gives to the transport."""
        return self.port or (5349 if self.transport == "tls" else 3478)

    @property
    def qualifier(self) -> str:
        """Port and transport, and whether it is TURN that is asked."""
        return f"{self.destination_port}/{self.transport}{'/turn' if self.turn else ''}"
