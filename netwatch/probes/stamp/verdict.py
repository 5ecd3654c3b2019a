"""The facts that follow from the report of a stream: loss, delay, jitter, rating. Pure; no I/O."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from netwatch.core.echo import Seconds
from netwatch.core.facts import MEDIA_LOSS, MEDIA_MOS, MEDIA_ROUND_TRIP
from netwatch.core.result import Sample
from netwatch.media.columns import DSCP_UNKNOWN, Integers, Reflections
from netwatch.media.emodel import CODECS, mean_opinion, rating
from netwatch.media.figures import jitter, late, losses, quantile, statistics
from netwatch.media.stamp import possible_error
from netwatch.probes.stamp.answers import Answers
from netwatch.probes.stamp.facts import (
    MEDIA_DSCP,
    MEDIA_JITTER,
    MEDIA_LATE,
    MEDIA_LONGEST_LOSS,
    MEDIA_ONE_WAY,
    MEDIA_ONE_WAY_ERROR,
    MEDIA_RATING,
)
from netwatch.probes.stamp.params import StampParams
from netwatch.probes.stamp.stream import StreamReport

_NANO = 1e-9
_THERE, _BACK, _BOTH = "forward", "backward", "round-trip"


def round_trips(report: StreamReport) -> Seconds:
    """Seconds that each answered packet was on the way, there and back, in the order of arrival.

    The time that the reflector says it took to answer is taken off, unless it can't be true.
    """
    answers = report.answers
    whole = answers.arrived - answers.reflected.sent
    own = answers.reflected.answered - answers.reflected.received
    is_possible = (own >= 0) & (own <= whole)
    trips: Seconds = np.maximum(whole - np.where(is_possible, own, 0), 0) * _NANO
    return trips


def facts(
    report: StreamReport, trips: Seconds, params: StampParams, clock_error: float | None
) -> tuple[Sample, ...]:
    """Every fact that is known of the stream.

    Args:
        report: of a stream of which at least one packet was answered.
        trips: its round trips, seconds.
        params: what the stream was like.
        clock_error: seconds by which this machine's clock may be wrong; None when it isn't
            synchronized.
    """
    answers = report.answers
    there = answers.reflected.received - answers.reflected.sent
    back = answers.arrived - answers.reflected.answered
    return (
        *_losses(report, trips, params),
        *_round_trips(trips),
        *_jitter(answers.reflected, there, back),
        *_one_way(answers.reflected, there, back, clock_error),
        *_traffic_classes(answers),
        *_rating(report, trips, params),
    )


def _losses(report: StreamReport, trips: Seconds, params: StampParams) -> Iterator[Sample]:
    packets, answered = report.sent, len(report.answers)
    found = losses(_mask(packets, report.answers.places))
    yield MEDIA_LOSS.sample(found.ratio, _BOTH)
    yield MEDIA_LONGEST_LOSS.sample(found.longest)
    yield MEDIA_LATE.sample(int(np.count_nonzero(late(trips, params.buffer))) / packets)
    if params.counts:
        # Packets that the reflector never counted were lost on the way there. Of those that were
        # sent after the last answered one, nobody knows on which way they were lost.
        last = int(report.answers.places.argmax())
        sent = int(report.answers.places[last]) + 1
        came = min(max(int(report.answers.reflected.sequence[last]) + 1, answered), sent)
        yield MEDIA_LOSS.sample((sent - came) / sent, _THERE)
        yield MEDIA_LOSS.sample((came - answered) / came, _BACK)


def _mask(packets: int, places: Integers) -> NDArray[np.bool_]:
    """For each packet of a stream whether it is in one of these places."""
    are_marked = np.zeros(packets, np.bool_)
    are_marked[places] = True
    return are_marked


def _round_trips(trips: Seconds) -> Iterator[Sample]:
    for label, value in statistics(trips).items():
        yield MEDIA_ROUND_TRIP.sample(value, label)


def _jitter(reflected: Reflections, there: Integers, back: Integers) -> Iterator[Sample]:
    """Of each way; none where the reflector's time stamps can't be compared with each other."""
    if not reflected.have_one_clock:
        return
    for transits, direction in ((there, _THERE), (back, _BACK)):
        estimate = jitter(transits)
        if estimate is not None:
            yield MEDIA_JITTER.sample(estimate * _NANO, direction)


def _one_way(
    reflected: Reflections, there: Integers, back: Integers, clock_error: float | None
) -> Iterator[Sample]:
    """Delays of each way with their possible error; none unless both clocks are synchronized."""
    theirs = {field: possible_error(field) for field in set(reflected.error.tolist())}
    known = {field: error for field, error in theirs.items() if error is not None}
    if clock_error is None or not known:
        return
    if len(known) < len(theirs):
        is_known = np.isin(reflected.error, list(known))
        there, back = there[is_known], back[is_known]
    yield MEDIA_ONE_WAY.sample(quantile(there, 0.5) * _NANO, _THERE)
    yield MEDIA_ONE_WAY.sample(quantile(back, 0.5) * _NANO, _BACK)
    yield MEDIA_ONE_WAY_ERROR.sample(clock_error + max(known.values()))


def _traffic_classes(answers: Answers) -> Iterator[Sample]:
    """The DSCP that most packets arrived with, at the reflector and back here."""
    dscps = answers.reflected.dscp
    for seen, direction in ((dscps[dscps != DSCP_UNKNOWN], _THERE), (answers.tos >> 2, _BACK)):
        if len(seen):
            yield MEDIA_DSCP.sample(int(np.bincount(seen).argmax()), direction)


def _rating(report: StreamReport, trips: Seconds, params: StampParams) -> Iterator[Sample]:
    """The E-model's rating of one way: with half the round trip, but the losses of both ways.

    Each way by itself is at least as good as that.
    """
    codec = CODECS.get(params.codec)
    if codec is None:
        return
    in_time = report.answers.places[~late(trips, params.buffer)]
    lost = losses(_mask(report.sent, in_time))
    delay = float(trips.min()) / 2 + params.buffer + codec.delay
    rated = rating(codec, delay, lost.ratio, lost.burst)
    yield MEDIA_RATING.sample(rated, params.codec)
    yield MEDIA_MOS.sample(mean_opinion(rated), params.codec)
