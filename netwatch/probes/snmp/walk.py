"""Walks one entry of a table by GETBULK (RFC 3416, section 4.2.3), and lets no agent abuse it."""

from __future__ import annotations

from typing import cast

from gufo.snmp._fast import GetIter

from netwatch.core.result import Reason
from netwatch.probes.snmp.agent import Agent, Varbind
from netwatch.probes.snmp.conversation import Dialogue
from netwatch.probes.snmp.errors import PollError, UnreadableError
from netwatch.snmp.walked import BadTableError, Walked

_SHRINK = 4
"""By which an unreadable answer divides the rows asked for: it may have been too long."""

_PATIENCE = 1
"""Answers that may get lost before fewer rows are asked for: a long one is lost more easily."""


class Pace:
    """How many rows a device is asked for at once: learnt from what it could not answer.

    Attributes:
        repetitions: the number of the next request.
    """

    def __init__(self, repetitions: int) -> None:
        self.repetitions = repetitions

    def after(self, lost: int) -> int:
        """Rows to ask for when so many answers to this request got lost."""
        if lost > _PATIENCE:
            self.shrink()
        return self.repetitions

    def shrink(self) -> bool:
        """Ask for fewer from now on; False when it was one already."""
        before = self.repetitions
        self.repetitions = max(before // _SHRINK, 1)
        return self.repetitions < before


def walk(agent: Agent, walked: Walked, pace: Pace) -> Dialogue[None]:
    """Read the wanted columns of an entry into ``walked``, which keeps what came before an error.

    Raises:
        PollError: the agent goes backwards or never ends, or its answers can't be read.
    """
    entry = walked.entry.oid
    root = GetIter(entry)
    after = f"{entry}.{walked.next_column()}"
    while True:
        answer = yield from _ask(agent, after, root, pace)
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


def _ask(agent: Agent, after: str, root: GetIter, pace: Pace) -> Dialogue[list[Varbind | None]]:
    """The next objects, as many as the device can send at once, and None behind the last."""
    while True:
        try:
            answer = yield from agent.get_bulk(after, root, pace.after)
            if answer:
                return answer
            if (yield from agent.has_ended(after)):
                return [None]
            # An error, or an agent that can't answer so much (tooBig): gufo_snmp does not tell
            # them apart, but for one object there is always room.
            answer = yield from agent.get_bulk(after, root, lambda _: 1)
            if answer:
                pace.shrink()
        except UnreadableError:
            if not pace.shrink():
                raise
        else:
            return answer
