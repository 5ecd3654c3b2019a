"""Walks one entry of a table by GETBULK (RFC 3416, section 4.2.3), within bounds for any agent."""

from __future__ import annotations

from typing import cast

from gufo.snmp._fast import GetIter

from netwatch.core.result import Reason
from netwatch.probes.snmp.agent import Agent, Varbind
from netwatch.probes.snmp.errors import PollError, UnreadableError
from netwatch.probes.snmp.session import Dialogue
from netwatch.snmp.walked import BadTableError, Walked

_SHRINK_DIVISOR = 4
"""What the number of rows is divided by after an unreadable answer: it may have been too long."""

_MAX_LOST_ANSWERS = 1
"""Answers that may get lost before fewer rows are asked for: long answers are lost more easily."""


class BulkSize:
    """How many rows one GETBULK asks a device for; fewer after what it could not answer.

    Attributes:
        repetitions: the number of the next request.
    """

    def __init__(self, repetitions: int) -> None:
        self.repetitions = repetitions

    def after_losses(self, lost: int) -> int:
        """Rows to ask for when ``lost`` answers to this request did not come."""
        if lost > _MAX_LOST_ANSWERS:
            self.shrink()
        return self.repetitions

    def shrink(self) -> bool:
        """Ask for fewer rows from now on; False when it was one row already."""
        before = self.repetitions
        self.repetitions = max(before // _SHRINK_DIVISOR, 1)
        return self.repetitions < before


def walk(agent: Agent, walked: Walked, bulk_size: BulkSize) -> Dialogue[None]:
    """Read the wanted columns of an entry into ``walked``, which keeps what came before an error.

    Raises:
        PollError: the agent goes backwards or never ends, or its answers can't be read.
    """
    entry = walked.entry.oid
    root = GetIter(entry)
    after = f"{entry}.{walked.next_column()}"
    while True:
        answer = yield from _next_objects(agent, after, root, bulk_size)
        proven = bool(answer) and answer[-1] is None
        cells = cast("list[Varbind]", answer[:-1] if proven else answer)
        if cells:
            after = cells[-1][0]
            try:
                walked.add(cells)
            except BadTableError as error:
                raise PollError(Reason.BAD_AGENT, str(error)) from None
        if proven or not cells:
            walked.end(proven=proven)
            return
        column = walked.next_column()
        if column is None:
            walked.end(proven=True)
            return
        if column > walked.reached:
            after = f"{entry}.{column}"


def _next_objects(
    agent: Agent, after: str, root: GetIter, bulk_size: BulkSize
) -> Dialogue[list[Varbind | None]]:
    """The next objects, as many as the device can send at once, and None behind the last."""
    while True:
        try:
            answer = yield from agent.get_bulk(after, root, bulk_size.after_losses)
            if answer:
                return answer
            if (yield from agent.has_ended(after)):
                return [None]
            # An error, or an agent that can't answer so much (tooBig): gufo_snmp does not keep
            # them apart, but for one object there is always room.
            answer = yield from agent.get_bulk(after, root, lambda _: 1)
            if answer:
                bulk_size.shrink()
        except UnreadableError:
            if not bulk_size.shrink():
                raise
        else:
            return answer
