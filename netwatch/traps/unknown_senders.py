"""Names in the log who sends traps and is not heard: most devices send from another address."""

from __future__ import annotations

import logging

from netwatch.core.token_bucket import TokenBucket

logger = logging.getLogger(__name__)

MAX_TOLD = 1024
"""Senders that are remembered to have been named; beyond them nobody is named any more."""

MAX_RATE, MAX_BURST = 1 / 60, 20.0
"""Senders that are named: a second in the long run, and at once."""


class UnknownSenders:
    """Names each sender once, and few at a time, whoever makes up addresses."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._bucket = TokenBucket(MAX_RATE, MAX_BURST)

    def tell(self, sender: str, now: float) -> None:
        """A trap came from an address that may send none.

        Args:
            sender: the address.
            now: monotonic seconds.
        """
        if sender in self._told or len(self._told) >= MAX_TOLD or not self._bucket.take(now):
            return
        self._told.add(sender)
        logger.warning(
            "trap not read sender=%s: no target with an SNMP check has this address; set the"
            " device's trap source to the address in the inventory, or add this one as a target"
            " at its site",
            sender,
        )

    def forget(self) -> None:
        """Name all of them again; the inventory has changed."""
        self._told.clear()
