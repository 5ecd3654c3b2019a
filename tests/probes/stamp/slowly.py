"""What a stream comes to, packet by packet: as it is defined, not as it is cheap."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from math import ceil

from netwatch.media.emodel import CODECS, mean_opinion, rating
from netwatch.media.stamp import NO_STAMP, Reflected, from_stamp, parse_reflected
from netwatch.probes.stamp import StampParams


@dataclass(frozen=True)
class Message:
    """As the kernel delivers it.

    Attributes:
        arrived: nanoseconds since 1970.
    """

    data: bytes
    arrived: int
    tos: int


@dataclass
class Packet:
    """One that was sent, and the first answer to it."""

    stamp: int
    answer: Message | None = None
    reflected: Reflected | None = None

    @property
    def sent(self) -> int:
        return from_stamp(self.stamp)


@dataclass
class Stream:
    """Takes in one message after the other."""

    packets: list[Packet]
    order: list[int] = field(default_factory=list)
    duplicates: int = 0
    unexpected: int = 0

    def take(self, message: Message) -> None:
        reflected = parse_reflected(message.data)
        if reflected is None or not 0 <= reflected.sent_sequence < len(self.packets):
            self.unexpected += 1
            return
        packet = self.packets[reflected.sent_sequence]
        if packet.stamp != reflected.sent_stamp:
            self.unexpected += 1
        elif packet.answer is not None:
            self.duplicates += 1
        else:
            packet.answer, packet.reflected = message, reflected
            self.order.append(reflected.sent_sequence)

    def answered(self) -> list[tuple[Packet, Message, Reflected]]:
        """In the order of arrival."""
        found = [self.packets[place] for place in self.order]
        return [
            (each, each.answer, each.reflected) for each in found if each.answer and each.reflected
        ]


def trip(packet: Packet) -> float | None:
    """Seconds on the way."""
    if packet.answer is None or packet.reflected is None:
        return None
    whole = packet.answer.arrived - packet.sent
    own = packet.reflected.answered - packet.reflected.received
    return max(0, whole - own if 0 <= own <= whole else whole) * 1e-9


def facts(stream: Stream, params: StampParams, clock_error: float | None) -> dict[str, float]:
    """By the end of their name and the values of their labels."""
    packets, answered = stream.packets, stream.answered()
    trips = sorted(time for each in packets if (time := trip(each)) is not None)
    latest = trips[0] + params.buffer
    found = {
        "loss_ratio.round-trip": 1 - len(answered) / len(packets),
        "loss_run_packets": longest([each.answer is None for each in packets])[0],
        "late_ratio": sum(time > latest for time in trips) / len(packets),
    }
    for label, share in (("min", 0.0), ("median", 0.5), ("max", 1.0)):
        found[f"rtt_seconds.{label}"] = quantile(trips, share)
    there = [reflected.received - packet.sent for packet, _, reflected in answered]
    back = [message.arrived - reflected.answered for _, message, reflected in answered]
    known = [
        place for place, (_, _, reflected) in enumerate(answered) if reflected.error is not None
    ]
    for transits, way in ((there, "forward"), (back, "backward")):
        if len(transits) > 1 and have_one_clock(answered):
            found[f"jitter_seconds.{way}"] = jitter(transits) * 1e-9
        if known and clock_error is not None:
            median = quantile(sorted(transits[place] for place in known), 0.5)
            found[f"one_way_seconds.{way}"] = median * 1e-9
    if known and clock_error is not None:
        theirs = max(answered[place][2].error or 0.0 for place in known)
        found["one_way_error_seconds"] = clock_error + theirs
    if params.counts:
        last = stream.packets[max(stream.order)].reflected
        assert last is not None
        sent = last.sent_sequence + 1
        came = min(max(last.sequence + 1, len(answered)), sent)
        found["loss_ratio.forward"] = (sent - came) / sent
        found["loss_ratio.backward"] = (came - len(answered)) / came
    dscps = Counter(reflected.dscp for _, _, reflected in answered if reflected.dscp is not None)
    if dscps:
        found["received_dscp.forward"] = most_frequent(dscps)
    found["received_dscp.backward"] = most_frequent(
        Counter(each.tos >> 2 for _, each, _ in answered)
    )
    codec = CODECS.get(params.codec)
    if codec is not None:
        gone = [(time := trip(each)) is None or time > latest for each in packets]
        share = sum(gone) / len(gone)
        delay = trips[0] / 2 + params.buffer + codec.delay
        burst = max(1.0, longest(gone)[1] * (1 - share))
        rated = rating(codec, delay, share, burst)
        found[f"rating.{params.codec}"] = rated
        found[f"mos.{params.codec}"] = mean_opinion(rated)
    return found


def have_one_clock(answered: list[tuple[Packet, Message, Reflected]]) -> bool:
    """Whether all stamps can be read, and none is of PTP's scale unless all are.

    The bit Z, the second of octet 12, tells it of each answer by itself (RFC 8762, section 4.2.1;
    RFC 8186); the scales lie 37 s apart, as many leap seconds as there were.
    """
    scales = {message.data[12] & 0x40 for _, message, _ in answered}
    stamps = {stamp for _, _, each in answered for stamp in (each.received, each.answered)}
    return len(scales) == 1 and NO_STAMP not in stamps


def longest(gone: list[bool]) -> tuple[int, float]:
    """The longest run, and the mean one."""
    runs = [sum(1 for _ in run) for is_gone, run in groupby(gone) if is_gone]
    return max(runs, default=0), sum(runs) / len(runs) if runs else 1.0


def jitter(transits: list[int]) -> float:
    estimate = 0.0
    for before, transit in pairwise(transits):
        estimate += (abs(transit - before) - estimate) / 16
    return estimate


def quantile(ordered: list[float], share: float) -> float:
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def most_frequent(seen: Counter[int]) -> int:
    """The most frequent; of equals the smallest."""
    return min(seen, key=lambda value: (-seen[value], value))
