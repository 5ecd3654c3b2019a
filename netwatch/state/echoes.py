"""The results of echo streams, one row each, and which of them may change a state.

Nearly every echo says what the one before it said. Such a result is *steady*: it is recorded and
changes nothing. Only the others go through the objects that judge a target.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import inf

import numpy as np
from numpy.typing import NDArray

from netwatch.core.check import Check
from netwatch.core.echo import OK, REASONS, EchoResults, Seconds, outcome
from netwatch.core.result import Outcome, Result
from netwatch.core.streams import Rows, Streams, grown
from netwatch.state.check_status import CheckStatus
from netwatch.state.hysteresis import Hysteresis
from netwatch.state.quality import NO_LIMIT, PathQuality, Qualities
from netwatch.state.target import TargetStatus

_NONE = 255
"""Stands for "no result" in the columns of reason codes."""

_OUTCOMES = [outcome(code) for code in range(len(REASONS))]


class EchoStates:
    """The last result and the quality of each echo stream, as columns.

    Attributes:
        qualities: loss, round trip and jitter of each stream.
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self.qualities = Qualities()
        self._statuses: list[StreamStatus | None] = []
        self._steady = np.zeros(0, np.uint8)
        self._reason = np.zeros(0, np.uint8)
        self._due: Seconds = np.zeros(0)
        self._finished: Seconds = np.zeros(0)
        self._round_trip: Seconds = np.zeros(0)
        self._last_valid: Seconds = np.zeros(0)
        self._patience: Seconds = np.zeros(0)
        self._limits: Seconds = np.zeros((0, 3))
        self._is_beyond = np.zeros(0, np.bool_)
        self._is_canary = np.zeros(0, np.bool_)
        self._nearest: list[CheckStatus] = []
        self._details: dict[int, str] = {}

    def watch(self) -> None:
        """Grow to a row for each of the streams; those that changed begin as unknown."""
        count = len(self._streams)
        self._statuses += [None] * (count - len(self._statuses))
        self._steady, self._reason = grown(self._steady, count), grown(self._reason, count)
        self._due, self._finished = grown(self._due, count), grown(self._finished, count)
        self._round_trip = grown(self._round_trip, count)
        self._last_valid = grown(self._last_valid, count)
        self._patience, self._limits = grown(self._patience, count), grown(self._limits, count)
        self._is_beyond = grown(self._is_beyond, count)
        self._is_canary = grown(self._is_canary, count)
        self.qualities.grow(count)
        for row in self._streams.changed.tolist():
            self._statuses[row] = None
            self.forget(row)
            self.write(row, None)

    def create(self, check: Check, hysteresis: Hysteresis) -> CheckStatus:
        """Make the status of a new check: a ``StreamStatus`` if it is an echo stream."""
        row = self._streams.row(check)
        if row is None:
            return CheckStatus(check, hysteresis, PathQuality(Qualities(1, self.qualities.own)))
        status = self._statuses[row] = StreamStatus(check, hysteresis, self, row)
        return status

    def judge_by(
        self, targets: Mapping[tuple[str, str], TargetStatus], canaries: Collection[tuple[str, str]]
    ) -> None:
        """Use the limits of these targets, the intervals of their checks, and these canaries.

        The canaries' first checks say what the collector adds to each jitter, streams or not.
        """
        for row, status in enumerate(self._statuses):
            if status is None:
                continue
            key = status.check.site, status.check.target
            target = targets[key]
            limits = target.check_class.limits
            figures = limits.loss, limits.rtt, limits.jitter
            self._limits[row] = figures if target.primary is status else NO_LIMIT
            self._patience[row] = status.patience
            self._is_canary[row] = key in canaries
        primaries = [targets[key].primary for key in canaries]
        self._nearest = [primary for primary in primaries if primary is not None]

    def note_own_jitter(self) -> None:
        """Take the jitter that the collector makes itself anew: one of its canaries answered."""
        self.qualities.own.note(status.quality for status in self._nearest)

    def status(self, row: int) -> StreamStatus | None:
        """The status in a row; None when the row is free."""
        return self._statuses[row]

    def is_canary(self, results: EchoResults) -> NDArray[np.bool_]:
        """Whether each result is that of a canary."""
        is_canary: NDArray[np.bool_] = self._is_canary[results.rows]
        return is_canary

    def is_unsteady(self, results: EchoResults) -> NDArray[np.bool_]:
        """Whether each result may change a state, or carries details."""
        is_unsteady: NDArray[np.bool_] = self._steady[results.rows] != results.reasons
        if results.details:
            is_unsteady[list(results.details)] = True
        return is_unsteady

    def record(self, results: EchoResults, is_believed: NDArray[np.bool_]) -> list[StreamStatus]:
        """Record results; returns the streams that went beyond their limits, or came back.

        Args:
            results: what was measured.
            is_believed: whether each of them says something about its target.
        """
        rows = results.rows
        self._reason[rows], self._due[rows] = results.reasons, results.due
        self._finished[rows] = results.finished
        self._round_trip[rows] = np.nan if results.round_trips is None else results.round_trips
        self._note_details(results)
        rows = rows[is_believed]
        if not len(rows):
            return []
        self._last_valid[rows] = results.finished
        if results.round_trips is None:
            self.qualities.loss(rows)
        elif results.is_exact:
            self.qualities.reply(rows, results.round_trips[is_believed])
        else:
            self.qualities.answer(rows)
        if self._is_canary[rows].any():
            self.note_own_jitter()
        return [status for row in self._crossing(rows).tolist() if (status := self._statuses[row])]

    def settle(self, row: int) -> None:
        """Note which further results of a stream would change nothing, now that it was judged."""
        status = self._statuses[row]
        self._steady[row] = _NONE
        if status is None or not status.hysteresis.is_settled:
            return
        if not status.hysteresis.hard:
            self._steady[row] = REASONS.index(status.last_failure)
        elif not self._is_beyond[row]:
            self._steady[row] = OK

    def settle_check(self, check: Check) -> None:
        """The same for the stream of a check, when it is one."""
        row = self._streams.row(check)
        if row is not None:
            self.settle(row)

    def unsettle(self, check: Check) -> None:
        """A stream is asked outside its slots: have its next result judged, whatever it is."""
        row = self._streams.row(check)
        status = None if row is None else self._statuses[row]
        if status is not None:
            self._steady[status.row], status.is_asked = _NONE, True

    def expired(self, now: float) -> list[StreamStatus]:
        """The streams whose last valid result is too old at monotonic time ``now``."""
        rows = np.flatnonzero(now - self._last_valid > self._patience)
        return [status for row in rows.tolist() if (status := self._statuses[row])]

    def forget(self, row: int) -> None:
        """Make a stream unknown: no result of it is steady, and its quality begins anew."""
        self._steady[row], self._is_beyond[row] = _NONE, False
        self._last_valid[row] = np.nan
        self.qualities.forget(row)

    def read(self, row: int, check: Check) -> Result | None:
        """The last result of a stream; None before the first."""
        code = int(self._reason[row])
        if code == _NONE:
            return None
        round_trip = float(self._round_trip[row])
        return Result(
            check=check,
            due=float(self._due[row]),
            finished=float(self._finished[row]),
            outcome=outcome(code),
            reason=REASONS[code],
            duration=round_trip if outcome(code) is Outcome.SUCCESS else None,
            detail=self._details.get(row, ""),
        )

    def slot(self, row: int) -> tuple[Outcome | None, float]:
        """Outcome and slot of the last result, without the cost of the rest."""
        code = int(self._reason[row])
        return (None, -inf) if code == _NONE else (_OUTCOMES[code], float(self._due[row]))

    def write(self, row: int, result: Result | None) -> None:
        """Replace the last result of a stream."""
        self._details.pop(row, None)
        if result is None:
            self._reason[row] = _NONE
            return
        self._reason[row] = REASONS.index(result.reason)
        self._due[row], self._finished[row] = result.due, result.finished
        self._round_trip[row] = np.nan if result.duration is None else result.duration
        if result.detail:
            self._details[row] = result.detail

    def read_valid(self, row: int) -> float | None:
        """Monotonic time of the last valid result, seconds."""
        value = float(self._last_valid[row])
        return None if np.isnan(value) else value

    def write_valid(self, row: int, moment: float | None) -> None:
        """Replace the time of the last valid result."""
        self._last_valid[row] = np.nan if moment is None else moment

    def _note_details(self, results: EchoResults) -> None:
        if self._details:
            for row in self._details.keys() & set(results.rows.tolist()):
                del self._details[row]
        for place, detail in results.details.items():
            self._details[int(results.rows[place])] = detail

    def _crossing(self, rows: Rows) -> Rows:
        """The streams that went beyond a limit, or came back within all of them."""
        is_beyond = self.qualities.are_beyond(rows, self._limits[rows])
        is_other = is_beyond != self._is_beyond[rows]
        self._is_beyond[rows] = is_beyond
        others: Rows = rows[is_other]
        return others


class StreamStatus(CheckStatus):
    """The status of a check whose results stand in a row of ``EchoStates``.

    Attributes:
        is_counted: whether the last result that was judged counts for the quality.
    """

    __slots__ = ("_states", "is_counted", "row")

    def __init__(self, check: Check, hysteresis: Hysteresis, states: EchoStates, row: int) -> None:
        self._states = states
        self.row = row
        self.is_counted = True
        super().__init__(check, hysteresis, self.quality)

    @property
    def quality(self) -> PathQuality:
        """Loss, round trip and jitter."""
        return PathQuality(self._states.qualities, self.row)

    @quality.setter
    def quality(self, _: PathQuality) -> None:
        """Do nothing: the quality stands in its row already."""

    @property
    def last(self) -> Result | None:
        """The last result, valid or not; None before the first."""
        return self._states.read(self.row, self.check)

    @last.setter
    def last(self, result: Result | None) -> None:
        self._states.write(self.row, result)

    @property
    def last_slot(self) -> tuple[Outcome | None, float]:
        """Outcome of the last result, None before the first; and monotonic time of its slot."""
        return self._states.slot(self.row)

    @property
    def last_valid(self) -> float | None:
        """Monotonic time of the last result that measured something, seconds."""
        return self._states.read_valid(self.row)

    @last_valid.setter
    def last_valid(self, moment: float | None) -> None:
        self._states.write_valid(self.row, moment)

    def forget(self) -> None:
        """Back to unknown, in the row as well."""
        super().forget()
        self._states.forget(self.row)
