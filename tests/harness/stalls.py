"""What a busy machine does to a probe: it reports that nothing was measured, and is asked again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from netwatch.core.result import Outcome, Result

MAX_STALLS = 100
"""Slots in a row that a busy machine may spoil."""

STALLED = "event loop stalled"


async def unless_stalled(slot: Callable[[], Awaitable[Result]]) -> Result:
    """The result of the first slot at whose end the event loop was not held up.

    Args:
        slot: measures once.
    """
    for _ in range(MAX_STALLS):
        result = await slot()
        if (result.outcome, result.detail) != (Outcome.INVALID, STALLED):
            return result
    raise AssertionError(f"the event loop was held up at the end of {MAX_STALLS} slots in a row")
