"""One suspicion: a target that was up fell silent, and is asked until it answers or is down.

Losses that lie close together prove little, because one burst takes them all. So proof is a number
of silent echoes in a row *and* the time over which they are spread.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from netwatch.core.echo import LATE_AFTER
from netwatch.state.attachment import Key

MIN_SILENCES = 2
"""Echoes late or lost in a row from which on others are asked: what is above, the near end of the
line, what stands behind. One alone is ordinary loss."""

MIN_SILENCES_SOUGHT = 3
"""The same from which on those behind it are asked, whether it lets through. Most bursts are over
by then, and until it is proven there is time."""

MIN_LOSSES_SHOWN = 3
"""Losses in a row from which on a suspicion is told to people."""

_TICK_MARGIN = 0.1
"""Seconds by which a question may come early, so that it needn't wait for the next tick."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves that a target is down.

    Attributes:
        losses: in a row; 0: suspicion proves nothing, only ``down_after`` counts.
        spread: seconds from the first of them to the last, at least.
    """

    losses: int = 8
    spread: float = 5.5

    @property
    def gap(self) -> float:
        """Seconds between two questions."""
        return self.spread / max(1, self.losses - 1)


@dataclass(slots=True)
class Suspicion:
    """What is known since a target fell silent.

    Attributes:
        key: the target.
        proof: what proves that it is down.
        began: monotonic time at which its first echo was late or lost, or it was first asked
            because something behind it is silent; seconds.
        unix: the same as Unix time.
        asked: monotonic time of the last question, seconds.
        questions: how many were asked.
        lates: echoes that were late in a row.
        losses: echoes that were lost in a row.
        first: monotonic time of the slot of the first of them whose slot is known.
        last: of the last one.
        has_looked: whether what is above was asked.
        is_called: whether it was asked because something behind it is silent, which counts as one
            silence more.
        has_asked_near_ends: whether those of the lines to it were asked.
        sought: when witnesses and neighbours were asked, monotonic seconds; inf: not yet.
        is_over: whether it is proven, and only the root cause is still to be found.
        sites: how many sites are there and behind it; None before that was counted.
        witnesses: targets that can be reached only past this one.
    """

    key: Key
    proof: Proof
    began: float
    unix: float
    asked: float = -inf
    questions: int = 0
    lates: int = 0
    losses: int = 0
    first: float = inf
    last: float = -inf
    has_looked: bool = False
    is_called: bool = False
    has_asked_near_ends: bool = False
    sought: float = inf
    is_over: bool = False
    sites: int | None = None
    witnesses: tuple[Key, ...] = ()

    def delay(self, now: float) -> None:
        """Count an echo that is late at this moment: the last question, if that was long ago."""
        self.lates += 1
        if self.asked <= now - LATE_AFTER:
            self._note(self.asked)

    def lose(self, due: float) -> None:
        """Count an echo that was lost, by the monotonic time of its slot."""
        self.losses += 1
        self._note(due)

    def _note(self, due: float) -> None:
        self.first, self.last = min(self.first, due), max(self.last, due)

    @property
    def silences(self) -> int:
        """Echoes in a row that were late or lost."""
        return max(self.lates, self.losses)

    @property
    def is_confirmed(self) -> bool:
        """Whether it is more than ordinary loss, so that others are asked, too."""
        return self.silences > 0 and self.silences + self.is_called >= MIN_SILENCES

    @property
    def is_proven(self) -> bool:
        """Whether silence alone proves that the target is down.

        The last echoes needn't have timed out: it is enough that they are late, with all before
        them lost, for each answer clears the target.
        """
        return self.silences >= self.proof.losses and self.last - self.first >= self.proof.spread

    def note_question(self, now: float) -> None:
        """Another question is asked."""
        self.asked, self.questions = now, self.questions + 1

    def is_due(self, now: float) -> bool:
        """Whether it is time for the next question. One that is late doesn't delay the next."""
        planned = self.began + self.questions * self.proof.gap
        is_last = self.questions + 1 >= self.proof.losses
        margin = 0.0 if is_last else _TICK_MARGIN
        return now >= planned - margin and now - self.asked >= self.proof.gap / 2
