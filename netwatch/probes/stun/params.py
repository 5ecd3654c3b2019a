"""Keys of ``probe: stun``."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from netwatch.core.params import LoginParams


class StunParams(LoginParams):
    """Keys of ``probe: stun``.

    Attributes:
        transport: ``udp``, ``tcp`` or ``tls``.
        port: 3478, or 5349 for TLS, unless given.
        turn: ask a TURN server for an allocation: it must demand a password, and must give one to
            ``login``, which is given back at once.
    """

    shortest_interval: ClassVar[float] = 1.0

    transport: Literal["udp", "tcp", "tls"] = "udp"
    port: int | None = Field(default=None, ge=1, le=65535)
    turn: bool = False

    @model_validator(mode="after")
    def _logs_in_to_turn(self) -> StunParams:
        if self.login is not None and not self.turn:
            raise ValueError("login is for turn: true; STUN needs none")
        return self

    @property
    def destination_port(self) -> int:
        """The port, or the one that RFC 8489 gives to the transport."""
        return self.port or (5349 if self.transport == "tls" else 3478)

    @property
    def tcp_port(self) -> int | None:
        """The port, unless it is asked over UDP."""
        return None if self.transport == "udp" else self.destination_port

    @property
    def qualifier(self) -> str:
        """Port and transport, and whether it is TURN that is asked."""
        asked = "/relay" if self.login else "/turn" if self.turn else ""
        return f"{self.destination_port}/{self.transport}{asked}"
