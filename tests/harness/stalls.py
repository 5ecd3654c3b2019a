"""What a busy machine does to a probe: it reports that nothing was measured, and is asked again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from netwatch.core.result import Outcome, Result

MAX_STALLS = 100
"""Slots in a row that a busy machine may spoil."""

SPOILED = {"event loop stalled", "what it answered could not be read in time"}
"""What a probe says of a slot that this machine spoiled."""


async def unless_stalled(slot: Callable[[], Awaitable[Result]]) -> Result:
    """The result of the first slot that this machine did not spoil.

    Args:
        slot: measures once.
    """
    for _ in range(MAX_STALLS):
        result = await slot()
        if result.outcome is not Outcome.INVALID or result.detail not in SPOILED:
            return result
    raise AssertionError(f"this machine spoiled {MAX_STALLS} slots in a row")
