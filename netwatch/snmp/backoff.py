"""How soon something that a device did not give is asked for again: at once, then ever more seldom.

A device that has just started has not filled all of its tables, and an error may pass. So nothing
is given up after one answer, and nothing that is absent for good costs a request in every poll.
"""

from __future__ import annotations

MAX_SKIPPED_POLLS = 63
"""Polls without asking for what was never there: an hour, at a poll a minute."""

MAX_MISSED_POLLS = 64
"""Polls in which what was there before, and is gone, is still asked for and expected."""


class Backoff:
    """Whether to ask a device for one thing in a poll.

    Attributes:
        expected: the device has given it, and it has not been missing for MAX_MISSED_POLLS.
        failures: how often it was asked for in vain since then.
    """

    __slots__ = ("_left", "expected", "failures")

    def __init__(self) -> None:
        self.expected = False
        self.failures = 0
        self._left = 0

    def is_due(self, *, at_once: bool = False) -> bool:
        """Whether to ask in this poll; call it once a poll.

        Args:
            at_once: ask whatever was answered before, because the device has just started.
        """
        if self._left > 0 and not at_once:
            self._left -= 1
            return False
        return True

    def succeed(self) -> None:
        """The device gave it."""
        self.expected = True
        self.failures = self._left = 0

    def fail(self) -> None:
        """The device has it not, or answered with an error."""
        self.failures += 1
        if self.expected and self.failures < MAX_MISSED_POLLS:
            return
        self.expected = False
        # The second time follows at once, so that what passes costs one poll; then 7, 15, 31, 63.
        step = min(self.failures + 1, MAX_SKIPPED_POLLS.bit_length())
        self._left = 2**step - 1 if self.failures > 1 else 0
