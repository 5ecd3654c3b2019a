"""Walks that are made of a cursor: one entry of a table, and everything below an OID."""

from __future__ import annotations

from typing import cast

from netwatch.core.result import Reason
from netwatch.probes.snmp.agent import Agent, Varbind
from netwatch.probes.snmp.bulk_size import BulkSize
from netwatch.probes.snmp.cursor import Cursor
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.session import Dialogue
from netwatch.snmp.walked import BadTableError, Walked


def walk(agent: Agent, walked: Walked, bulk_size: BulkSize) -> Dialogue[None]:
    """Read the wanted columns of an entry into ``walked``, which keeps what came before an error.

    Raises:
        PollError: the agent repeats itself or never ends, or its answers can't be read.
    """
    entry = walked.entry.oid
    cursor = Cursor(agent, entry, bulk_size, f"{entry}.{walked.next_column()}")
    while not walked.ended:
        answer = yield from cursor.advance()
        proven = bool(answer) and answer[-1] is None
        cells = cast("list[Varbind]", answer[:-1] if proven else answer)
        if cells:
            try:
                walked.add(cells)
            except BadTableError as error:
                raise PollError(Reason.BAD_AGENT, str(error)) from None
        walked.damaged |= cursor.stepped_over
        column = walked.next_column()
        if proven or column is None:
            walked.end(proven=True)
        elif not cells:
            _go_on_behind_error(walked, cursor)
        elif column > walked.reached:
            cursor.move(f"{entry}.{column}")


def _go_on_behind_error(walked: Walked, cursor: Cursor) -> None:
    place = walked.behind_error()
    if place is None:
        walked.end(proven=False)
    else:
        cursor.move(place)
