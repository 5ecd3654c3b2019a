"""Keys of ``probe: icmp``."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from netwatch.core.params import ProbeParams
from netwatch.core.traits import Traits
from netwatch.inventory.terms import Address
from netwatch.probes.icmp.packet import TOKEN_SIZE

MAX_PAYLOAD = 1400
"""Octets of payload of an echo; so many fit into one packet on nearly every path."""


class IcmpParams(ProbeParams):
    """Keys of ``probe: icmp``.

    Attributes:
        size: octets of payload; 56 is what ping sends.
        dscp: traffic class of the echo (RFC 2474), e.g. 46 for what voice gets.
        source: address of this machine that echoes are sent from, to targets of its version.
    """

    traits: ClassVar[Traits] = Traits(echo_stream=True)

    size: int = Field(default=56, ge=TOKEN_SIZE, le=MAX_PAYLOAD)
    dscp: int = Field(default=0, ge=0, le=63)
    source: Address | None = None
