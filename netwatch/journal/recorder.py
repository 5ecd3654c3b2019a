"""Keeps the journal: every state that turns, with what is found out about it."""

from __future__ import annotations

import time
from collections.abc import Mapping

from netwatch.core.state import State
from netwatch.evidence import Tracer, near_end
from netwatch.flows.table import FlowTable
from netwatch.flows.transition import FlowChange
from netwatch.journal.flows import FlowRemoved, FlowTurned, FlowViolated
from netwatch.journal.reader import Past
from netwatch.journal.records import Found, Removed, Turned
from netwatch.journal.writer import JournalWriter
from netwatch.state.attachment import Key
from netwatch.state.resume import resume
from netwatch.state.root import Root, RootKind
from netwatch.state.table import StateTable
from netwatch.state.transition import StateChange


class JournalRecorder:
    """Listens to the board.

    Args:
        writer: a journal that was started.
        past: what it held at the start; None when nothing.

    Attributes:
        evidence: what was found out about the targets that went down, until they turn again.
    """

    def __init__(self, writer: JournalWriter, past: Past | None) -> None:
        self.writer = writer
        self.evidence: dict[Key, Mapping[str, object]] = {}
        self._past = past
        self._tracer = Tracer(self._found)
        self._places: set[Key] = set(past.states.places) if past else set()
        self._flows: set[str] = set(past.flows.flows) if past else set()

    def follow(self, board: StateTable, exchange: FlowTable) -> None:
        """Listen to a board and an exchange, which go on where the former run ended."""
        self._board = board
        board.turned = self._turned
        exchange.turned = self._flow_turned
        exchange.violated = self._flow_violated
        self.watch(board, exchange)
        if self._past is not None:
            now, unix = time.monotonic(), time.time()
            resume(board, self._past.states, now, unix)
            exchange.resume(self._past.flows, now, unix)
            self._past = None

    def watch(self, board: StateTable, exchange: FlowTable) -> None:
        """Another inventory is in force: close what is no longer in it."""
        places = {*board.targets, *((site_id, "") for site_id in board.sites)}
        flows = {*exchange.flows}
        now = time.time()
        for site_id, target_id in self._places - places:
            self.writer.put(Removed(site_id, target_id, now))
        for flow_id in self._flows - flows:
            self.writer.put(FlowRemoved(flow_id, now))
        self._places, self._flows = places, flows

    def _flow_turned(self, turn: FlowChange) -> None:
        self.writer.put(FlowTurned(turn))

    def _flow_violated(self, flow_id: str, count: int) -> None:
        self.writer.put(FlowViolated(flow_id, count))

    def _turned(self, turn: StateChange) -> None:
        self.writer.put(Turned(turn))
        if turn.state is not turn.before:
            self.evidence.pop((turn.site, turn.target), None)
        # At the start nothing has just happened: it is only found as it was.
        is_news = turn.before not in {State.DOWN, State.UNKNOWN}
        if turn.target and turn.state is State.DOWN and is_news:
            self._look_into(turn)

    def _look_into(self, turn: StateChange) -> None:
        key = turn.site, turn.target
        root = Root.parse(turn.root)
        link = self._board.links.get(root.id) if root.kind is RootKind.LINK else None
        near = near_end(self._board.lines, root.id, link, key) if link else None
        if near is not None:
            self._found(key, {"near_end": near})
        primary = self._board.targets[key].primary
        if primary is not None:
            self._tracer.add(key, primary.check.address)

    def _found(self, key: Key, evidence: dict[str, object]) -> None:
        self.writer.put(Found(*key, evidence))
        self.evidence[key] = {**self.evidence.get(key, {}), **evidence}
