"""The E-model (ITU-T G.107, 06/2015): how people would rate a narrow-band call over a path.

Everything that a network does not decide (levels, noise, sidetone, echo) has the default value of
G.107, Table 2. So the rating compares paths; it is not what anyone said about a meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, hypot, log2, log10

_NOISE = -61.17921438624169  # No, dBm0p: (7-3) to (7-7) with the defaults
_SIGNAL_TO_NOISE = 15 - 1.5 * (8 + _NOISE)  # Ro: (7-2) with SLR = 8 dB
_SIMULTANEOUS = 1.4135680813438616  # Is: (7-8) to (7-17) with the defaults
_RLR, _TELR, _WEPL = 2.0, 65.0, 110.0  # dB
_DELAY_LIMIT = 100.0  # mT, ms: below it delay by itself disturbs nobody


@dataclass(frozen=True, slots=True)
class Codec:
    """What a codec costs in quality (ITU-T G.113, Appendix I).

    Attributes:
        impairment: Ie, the equipment impairment factor without packet loss.
        robustness: Bpl, the packet-loss robustness factor.
        delay: seconds that filling a packet of 20 ms and looking ahead take.
        octets: payload of a packet of 20 ms.
    """

    impairment: float
    robustness: float
    delay: float
    octets: int


CODECS = {
    "g711": Codec(0.0, 4.3, 0.020, 160),
    "g711-plc": Codec(0.0, 25.1, 0.020, 160),
    "g729a": Codec(11.0, 19.0, 0.025, 20),
}
"""Codecs whose constants ITU-T has published: G.711 without and with concealment of lost packets
(its Appendix I), and G.729A with voice activity detection. There are none for Opus, and those of
wideband codecs (G.107.1) are on another scale."""


def rating(codec: Codec, delay: float, loss: float, burst: float = 1.0) -> float:
    """The transmission rating R, 0 to 93.2; above 80 users are satisfied (ITU-T G.109).

    Args:
        codec: one of ``CODECS``.
        delay: seconds from mouth to ear, jitter buffer and codec included.
        loss: share of packets that are not played, 0 to 1.
        burst: BurstR, 1 when losses are independent of each other, more when they come together.
    """
    percent = 100 * loss
    suffered = (95 - codec.impairment) * percent / (percent / burst + codec.robustness)  # (7-29)
    disturbed = _delay_impairment(1000 * delay)
    rated = _SIGNAL_TO_NOISE - _SIMULTANEOUS - disturbed - codec.impairment - suffered  # (7-1)
    return min(max(rated, 0.0), 100.0)


def mean_opinion(rated: float) -> float:
    """The mean opinion score of a conversation, 1 to 4.5, for a rating R (G.107, Annex B)."""
    if rated >= 100:
        return 4.5
    return max(1 + 0.035 * rated + 7e-6 * rated * (rated - 60) * (100 - rated), 1.0)


def _delay_impairment(ms: float) -> float:
    """Id: talker echo, listener echo and too long a delay, (7-18) to (7-28).

    Args:
        ms: delay of one way, milliseconds.
    """
    heard = _TELR - 40 * log10((1 + ms / 10) / (1 + ms / 150)) + 6 * exp(-0.3 * ms * ms)
    talker_echo = 0.0
    if ms >= 1:
        talker_echo = _smooth(-1.5 * (_NOISE - _RLR) - (80 + 2.5 * (heard - 14)), 10.0) - 1
        talker_echo *= 1 - exp(-ms)
    listener = 10.5 * (_WEPL + 7) * (2 * ms + 1) ** -0.25
    listener_echo = _smooth(_SIGNAL_TO_NOISE - listener, 13.0)
    pure = 0.0
    if ms > _DELAY_LIMIT:
        doublings = log2(ms / _DELAY_LIMIT)
        pure = 25 * (_sixth(doublings) - 3 * _sixth(doublings / 3) + 2)
    return talker_echo + listener_echo + pure


def _smooth(excess: float, width: float) -> float:
    """``max(excess, 0)`` with its corner rounded: e/2 + sqrt((e/2)^2 + w^2)."""
    return excess / 2 + hypot(excess / 2, width)


def _sixth(value: float) -> float:
    return float((1 + value**6) ** (1 / 6))
