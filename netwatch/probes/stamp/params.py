"""Keys of ``probe: stamp``."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from netwatch.core.params import ProbeParams
from netwatch.core.traits import Traits
from netwatch.core.units import Duration
from netwatch.media.stamp import MAX_PACKET_SIZE, MIN_PACKET_SIZE, PORT

MAX_RATE = 2e6
"""Bits a second of one stream, IP and UDP headers included: a meeting in high definition."""

MIN_ANSWER_WAIT = 0.5
"""Seconds that must be left for the answer to the last packet."""

_HEADERS = 28  # IPv4 and UDP

Codec = Literal["none", "g711", "g711-plc", "g729a"]


class StampParams(ProbeParams):
    """Keys of ``probe: stamp``; the defaults look like G.711 audio: EF, 50 packets a second.

    Attributes:
        port: UDP port of the reflector.
        dscp: traffic class of the packets: 46 (EF) as audio, 34 (AF41) as video has it.
        size: octets of UDP payload; 172 are 20 ms of G.711 in RTP.
        gap: seconds between two packets.
        packets: how many; with 100 a loss of one percent can be seen.
        codec: whose E-model rating is worked out; ``none`` for a stream that is no audio.
        buffer: seconds that a jitter buffer waits; what comes later is no good for a call.
        counts: the reflector counts for itself (RFC 8762, section 4.3), as netwatch's does, so
            that losses are known for each way.
    """

    traits: ClassVar[Traits] = Traits(media_stream=True)
    shortest_interval: ClassVar[float] = 1.0

    port: int = Field(default=PORT, ge=1, le=65535)
    dscp: int = Field(default=46, ge=0, le=63)
    size: int = Field(default=172, ge=MIN_PACKET_SIZE, le=MAX_PACKET_SIZE)
    gap: Duration = Field(default=0.02, ge=0.005, le=1)
    packets: int = Field(default=100, ge=10, le=1000)
    codec: Codec = "g711-plc"
    buffer: Duration = Field(default=0.06, ge=0, le=1)
    counts: bool = False

    @model_validator(mode="after")
    def _leave_room_on_the_line(self) -> StampParams:
        rate = (self.size + _HEADERS) * 8 / self.gap
        if rate > MAX_RATE:
            raise ValueError(f"{rate / 1e6:.1f} Mbit/s; a stream may have {MAX_RATE / 1e6:g}")
        return self

    @property
    def shortest_timeout(self) -> float:
        """Seconds that the stream itself takes, and the wait for its last answer."""
        return (self.packets - 1) * self.gap + MIN_ANSWER_WAIT

    @property
    def bits(self) -> int:
        """The whole stream, IP and UDP headers included."""
        return self.packets * (self.size + _HEADERS) * 8

    @property
    def qualifier(self) -> str:
        """Port and traffic class, as the streams of one call differ by it."""
        return f"{self.port}/dscp{self.dscp}"
