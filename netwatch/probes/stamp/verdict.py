"""What the account of a stream comes to, as facts. Pure; no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from netwatch.core.facts import (
    MEDIA_DSCP,
    MEDIA_JITTER,
    MEDIA_LATE,
    MEDIA_LONGEST_LOSS,
    MEDIA_LOSS,
    MEDIA_MOS,
    MEDIA_ONE_WAY,
    MEDIA_ONE_WAY_ERROR,
    MEDIA_RATING,
    MEDIA_ROUND_TRIP,
)
from netwatch.core.result import Sample
from netwatch.media.emodel import CODECS, mean_opinion, rating
from netwatch.media.figures import jitter, late, losses, quantile
from netwatch.probes.stamp.params import StampParams
from netwatch.probes.stamp.stream import Account, Packet

_NANO = 1e-9
_QUANTILES = {"0": 0.0, "0.5": 0.5, "1": 1.0}
_THERE, _BACK, _BOTH = "forward", "backward", "round-trip"


def round_trips(packets: Sequence[Packet]) -> list[float]:
    """Seconds of each answered packet on the way, there and back.

    What the reflector says it took itself is taken off, unless that can't be true.
    """
    found = []
    for packet in packets:
        if packet.arrived is None or packet.reflected is None:
            continue
        whole = packet.arrived - packet.sent
        own = packet.reflected.answered - packet.reflected.received
        found.append(max(0, whole - own if 0 <= own <= whole else whole) * _NANO)
    return found


def facts(account: Account, params: StampParams, clock_error: float | None) -> tuple[Sample, ...]:
    """Everything that is known of the stream.

    Args:
        account: of a stream of which at least one packet was answered.
        params: how the stream looked.
        clock_error: how wrong this machine's clock may be, seconds; None when nobody knows.
    """
    return (
        *_losses(account, params),
        *_delays(account),
        *_one_way(account, clock_error),
        *_marks(account),
        *_rating(account, params),
    )


def _losses(account: Account, params: StampParams) -> Iterator[Sample]:
    packets = account.packets
    found = losses([packet.arrived is not None for packet in packets])
    yield MEDIA_LOSS.sample(found.ratio, _BOTH)
    yield MEDIA_LONGEST_LOSS.sample(found.longest)
    trips = round_trips(packets)
    yield MEDIA_LATE.sample(sum(late(trips, params.buffer)) / len(packets))
    if params.counts:
        # Packets that the reflector never counted were lost on the way there. Those that were
        # sent after the last answered one are known to neither side.
        last = packets[max(account.order)].reflected
        assert last is not None
        sent = last.sent_sequence + 1
        came = min(max(last.sequence + 1, len(account.order)), sent)
        yield MEDIA_LOSS.sample((sent - came) / sent, _THERE)
        yield MEDIA_LOSS.sample((came - len(account.order)) / came, _BACK)


def _delays(account: Account) -> Iterator[Sample]:
    trips = round_trips(account.packets)
    for label, share in _QUANTILES.items():
        yield MEDIA_ROUND_TRIP.sample(quantile(trips, share), label)
    arrived = [account.packets[place] for place in account.order]
    there = [p.reflected.received - p.sent for p in arrived if p.reflected]
    back = [p.arrived - p.reflected.answered for p in arrived if p.reflected and p.arrived]
    for transits, direction in ((there, _THERE), (back, _BACK)):
        estimate = jitter(transits)
        if estimate is not None:
            yield MEDIA_JITTER.sample(estimate * _NANO, direction)


def _one_way(account: Account, clock_error: float | None) -> Iterator[Sample]:
    """Only where both clocks are kept by someone, and by how much they may be wrong."""
    known = [(p, r) for p in account.packets if (r := p.reflected) and r.error is not None]
    if clock_error is None or not known:
        return
    there = [reflected.received - packet.sent for packet, reflected in known]
    back = [(packet.arrived or 0) - reflected.answered for packet, reflected in known]
    yield MEDIA_ONE_WAY.sample(quantile(there, 0.5) * _NANO, _THERE)
    yield MEDIA_ONE_WAY.sample(quantile(back, 0.5) * _NANO, _BACK)
    theirs = max(reflected.error or 0.0 for _, reflected in known)
    yield MEDIA_ONE_WAY_ERROR.sample(clock_error + theirs)


def _marks(account: Account) -> Iterator[Sample]:
    """The traffic class that most packets arrived with, there and here."""
    there = Counter(
        p.reflected.dscp for p in account.packets if p.reflected and p.reflected.dscp is not None
    )
    back = Counter(p.tos >> 2 for p in account.packets if p.arrived is not None)
    for seen, direction in ((there, _THERE), (back, _BACK)):
        if seen:
            yield MEDIA_DSCP.sample(seen.most_common(1)[0][0], direction)


def _rating(account: Account, params: StampParams) -> Iterator[Sample]:
    """The E-model of the stream as one way: half the round trip, but the losses of both ways.

    Each way by itself is at least as good as that.
    """
    codec = CODECS.get(params.codec)
    if codec is None:
        return
    trips = iter(round_trips(account.packets))
    delays = [None if packet.arrived is None else next(trips) for packet in account.packets]
    shortest = min(delay for delay in delays if delay is not None)
    played = [delay is not None and delay <= shortest + params.buffer for delay in delays]
    lost = losses(played)
    delay = shortest / 2 + params.buffer + codec.delay
    rated = rating(codec, delay, lost.ratio, lost.burst)
    yield MEDIA_RATING.sample(rated, params.codec)
    yield MEDIA_MOS.sample(mean_opinion(rated), params.codec)
