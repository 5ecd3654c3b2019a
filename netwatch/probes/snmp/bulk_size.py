"""How a device is asked for what follows: by GETBULK for so many objects, or by GETNEXT."""

from __future__ import annotations

from collections.abc import Callable

from netwatch.snmp.backoff import Backoff

_SHRINK_DIVISOR = 4
"""What the number of rows is divided by after an unreadable answer: it may have been too long."""

_MAX_LOST_ANSWERS = 1
"""Answers that may get lost before fewer rows are asked for: long answers are lost more easily."""

_MAX_DETOURS = 512
"""Places at which a device is remembered to be asked otherwise."""

_DETOUR_AGE = 64
"""Polls for which such a place is remembered."""


class BulkSize:
    """How many objects one GETBULK asks a device for; fewer after what it could not answer.

    Some agents do not know GETBULK: they answer with an error, or never. They are asked by GETNEXT,
    and from time to time by GETBULK again.

    Attributes:
        repetitions: the number of the next request.
        by_next: whether GETNEXT is used instead.
        detours: where an object is that can't be read: by the OID that was asked behind, the OID to
            go on behind, or how many objects are readable before it.
    """

    def __init__(self, repetitions: int) -> None:
        self.repetitions = repetitions
        self.detours: dict[str, str | int] = {}
        self._bulk = Backoff()
        self.by_next = False
        self._polls = 0
        self._before: int | None = None
        self._read = 0

    def begin_poll(self) -> None:
        """Call it at the begin of each poll."""
        self.by_next = not self._bulk.is_due()
        self._polls += 1
        if self._polls % _DETOUR_AGE == 0:
            self.detours.clear()

    def of(self, most: int) -> Callable[[int], int]:
        """Like ``after_losses``, where no more than ``most`` objects can be read from here."""
        return lambda _: 0 if self.by_next else most

    def after_losses(self, lost: int) -> int:
        """Objects to ask for when ``lost`` answers to this request did not come; 0 for GETNEXT."""
        if lost > _MAX_LOST_ANSWERS:
            self.bulk_refused()
            self._shrink()
        return 0 if self.by_next else self.repetitions

    def bulk_answered(self) -> None:
        """An answer to GETBULK had objects."""
        if not self.by_next:
            self._bulk.succeed()

    def bulk_refused(self) -> None:
        """GETBULK was in vain where GETNEXT was not, or was not answered.

        A device that has never answered it is asked by GETNEXT for the rest of the poll, and for
        longer when that is so in the next poll too.
        """
        if not self.by_next and not self._bulk.expected:
            self.by_next = True
            self._bulk.fail()

    def settle(self) -> None:
        """Ask for fewer objects from now on: the agent said that it can't answer so many."""
        self._shrink()
        self._before = None

    def narrow(self) -> bool:
        """Ask for fewer because the answer was not readable; False when it was one object already.

        It was too long, or has an object that can't be read; ``widen`` ends the search for that.
        """
        if self._before is None:
            self._before, self._read = self.repetitions, 0
        return self._shrink()

    def widen(self, after: str, target: str) -> None:
        """The object behind ``after`` can't be read: go on behind ``target``, as wide as before."""
        self._remember(after, target)
        self.reset_width()

    def reset_width(self) -> None:
        """Ask for as many objects as before the search for one that can't be read."""
        if self._before is not None:
            self.repetitions, self._before = self._before, None

    def readable(self, after: str, objects: int) -> None:
        """An answer behind ``after`` was readable; when many were, the former were too long."""
        if self._before is None:
            return
        self._remember(after, self.repetitions)
        self._read += objects
        if self._read > self._before:
            self._before = None

    def _remember(self, after: str, detour: str | int) -> None:
        if len(self.detours) < _MAX_DETOURS:
            self.detours[after] = detour

    def _shrink(self) -> bool:
        before = self.repetitions
        self.repetitions = max(before // _SHRINK_DIVISOR, 1)
        return self.repetitions < before
