"""Keys of ``probe: icmp``."""

from __future__ import annotations

from pydantic import Field

from netwatch.core.params import ProbeParams
from netwatch.probes.icmp.packet import TOKEN_SIZE


class IcmpParams(ProbeParams):
    """Keys of ``probe: icmp``.

    Attributes:
        size: octets of payload; 56 is what ping sends.
        dscp: traffic class of the echo (RFC 2474), e.g. 46 for what voice gets.
    """

    size: int = Field(default=56, ge=TOKEN_SIZE, le=1400)
    dscp: int = Field(default=0, ge=0, le=63)
