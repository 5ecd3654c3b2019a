"""Keys of ``probe: sip``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from netwatch.core.params import ProbeParams
from netwatch.core.traits import Traits


def _code(value: str) -> str:
    if not (len(value) == 3 and value[0] in "23456" and (value[1:].isdigit() or value[1:] == "xx")):
        raise ValueError(f"{value[:16]!r} is not a final status; write e.g. 200 or 4xx")
    return value


StatusPattern = Annotated[str, AfterValidator(_code)]
"""``486`` is one status code, ``4xx`` a hundred of them."""

FAULTS = frozenset({408, 500, 502, 503, 504, 580})
"""Statuses by which a server says that it, or what stands behind it, can't serve (RFC 3261, 21)."""


class SipParams(ProbeParams):
    """Keys of ``probe: sip``.

    Attributes:
        transport: ``udp``, ``tcp`` or ``tls``.
        port: 5060, or 5061 for TLS, unless given.
        user: whom the OPTIONS is for; without it, the server itself. The alias of a target goes
            into its place when the check names none.
        ok_codes: final statuses that make the check a success; None: all but ``FAULTS``.
        ready_codes: final statuses by which the endpoint would take a call now.
    """

    traits: ClassVar[Traits] = Traits(alias_key="user")
    shortest_interval: ClassVar[float] = 1.0

    transport: Literal["udp", "tcp", "tls"] = "udp"
    port: int | None = Field(default=None, ge=1, le=65535)
    # The characters of RFC 3261, section 25.1, "user", without escapes.
    user: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.!~*'()&=+$,;?/-]{1,64}$")] | None
    ) = None
    ok_codes: tuple[StatusPattern, ...] | None = Field(default=None, min_length=1, max_length=64)
    ready_codes: tuple[StatusPattern, ...] = Field(default=("2xx",), max_length=64)

    @property
    def destination_port(self) -> int:
        """The port, or the one that RFC 3261 gives to the transport."""
        return self.port or (5061 if self.transport == "tls" else 5060)

    @property
    def tcp_port(self) -> int | None:
        """The port, unless it is asked over UDP."""
        return None if self.transport == "udp" else self.destination_port

    @property
    def qualifier(self) -> str:
        """Port and transport."""
        return f"{self.destination_port}/{self.transport}"

    def is_ok(self, status: int) -> bool:
        """Whether a final status makes the check a success."""
        if self.ok_codes is None:
            return status not in FAULTS
        return matches(status, self.ok_codes)

    def is_ready(self, status: int) -> bool:
        """Whether a final status means that a call would be taken now."""
        return matches(status, self.ready_codes)


def matches(status: int, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns is for this status."""
    return str(status) in patterns or f"{status // 100}xx" in patterns
