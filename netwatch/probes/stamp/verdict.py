"""What the account of a stream comes to, as facts. Pure; no I/O."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from netwatch.core.echo import Seconds
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
from netwatch.media.columns import NOT_TOLD, Integers, Reflections
from netwatch.media.emodel import CODECS, mean_opinion, rating
from netwatch.media.figures import jitter, late, losses, quantile, quantiles
from netwatch.media.stamp import possible_error
from netwatch.probes.stamp.answers import Answers
from netwatch.probes.stamp.params import StampParams
from netwatch.probes.stamp.stream import Account

_NANO = 1e-9
_QUANTILES = {"0": 0.0, "0.5": 0.5, "1": 1.0}
_THERE, _BACK, _BOTH = "forward", "backward", "round-trip"


def round_trips(account: Account) -> Seconds:
    """Of each answered packet on the way, there and back, in the order of arrival.

    What the reflector says it took itself is taken off, unless that can't be true.
    """
    answers = account.answers
    whole = answers.arrived - answers.said.sent
    own = answers.said.answered - answers.said.received
    is_possible = (own >= 0) & (own <= whole)
    trips: Seconds = np.maximum(whole - np.where(is_possible, own, 0), 0) * _NANO
    return trips


def facts(
    account: Account, trips: Seconds, params: StampParams, clock_error: float | None
) -> tuple[Sample, ...]:
    """Everything that is known of the stream.

    Args:
        account: of a stream of which at least one packet was answered.
        trips: its round trips.
        params: how the stream looked.
        clock_error: how wrong this machine's clock may be, seconds; None when nobody knows.
    """
    answers = account.answers
    there = answers.said.received - answers.said.sent
    back = answers.arrived - answers.said.answered
    return (
        *_losses(account, trips, params),
        *_delays(trips, there, back),
        *_one_way(answers.said, there, back, clock_error),
        *_marks(answers),
        *_rating(account, trips, params),
    )


def _losses(account: Account, trips: Seconds, params: StampParams) -> Iterator[Sample]:
    packets, answered = account.sent, len(account.answers)
    found = losses(_marked(packets, account.answers.places))
    yield MEDIA_LOSS.sample(found.ratio, _BOTH)
    yield MEDIA_LONGEST_LOSS.sample(found.longest)
    yield MEDIA_LATE.sample(int(np.count_nonzero(late(trips, params.buffer))) / packets)
    if params.counts:
        # Packets that the reflector never counted were lost on the way there. Those that were
        # sent after the last answered one are known to neither side.
        last = int(account.answers.places.argmax())
        sent = int(account.answers.places[last]) + 1
        came = min(max(int(account.answers.said.sequence[last]) + 1, answered), sent)
        yield MEDIA_LOSS.sample((sent - came) / sent, _THERE)
        yield MEDIA_LOSS.sample((came - answered) / came, _BACK)


def _marked(packets: int, places: Integers) -> NDArray[np.bool_]:
    """For each packet whether it is one of these."""
    are_marked = np.zeros(packets, np.bool_)
    are_marked[places] = True
    return are_marked


def _delays(trips: Seconds, there: Integers, back: Integers) -> Iterator[Sample]:
    values = quantiles(trips, *_QUANTILES.values())
    for label, value in zip(_QUANTILES, values, strict=True):
        yield MEDIA_ROUND_TRIP.sample(value, label)
    for transits, direction in ((there, _THERE), (back, _BACK)):
        estimate = jitter(transits)
        if estimate is not None:
            yield MEDIA_JITTER.sample(estimate * _NANO, direction)


def _one_way(
    said: Reflections, there: Integers, back: Integers, clock_error: float | None
) -> Iterator[Sample]:
    """Only where both clocks are kept by someone, and by how much they may be wrong."""
    theirs = {field: possible_error(field) for field in set(said.error.tolist())}
    known = {field: error for field, error in theirs.items() if error is not None}
    if clock_error is None or not known:
        return
    if len(known) < len(theirs):
        is_known = np.isin(said.error, list(known))
        there, back = there[is_known], back[is_known]
    yield MEDIA_ONE_WAY.sample(quantile(there, 0.5) * _NANO, _THERE)
    yield MEDIA_ONE_WAY.sample(quantile(back, 0.5) * _NANO, _BACK)
    yield MEDIA_ONE_WAY_ERROR.sample(clock_error + max(known.values()))


def _marks(answers: Answers) -> Iterator[Sample]:
    """The traffic class that most packets arrived with, there and here."""
    dscps = answers.said.dscp
    for seen, direction in ((dscps[dscps != NOT_TOLD], _THERE), (answers.tos >> 2, _BACK)):
        if len(seen):
            yield MEDIA_DSCP.sample(int(np.bincount(seen).argmax()), direction)


def _rating(account: Account, trips: Seconds, params: StampParams) -> Iterator[Sample]:
    """The E-model of the stream as one way: half the round trip, but the losses of both ways.

    Each way by itself is at least as good as that.
    """
    codec = CODECS.get(params.codec)
    if codec is None:
        return
    in_time = account.answers.places[~late(trips, params.buffer)]
    lost = losses(_marked(account.sent, in_time))
    delay = float(trips.min()) / 2 + params.buffer + codec.delay
    rated = rating(codec, delay, lost.ratio, lost.burst)
    yield MEDIA_RATING.sample(rated, params.codec)
    yield MEDIA_MOS.sample(mean_opinion(rated), params.codec)
