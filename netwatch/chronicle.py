"""Floor 4: keeps the journal: every state that turns, with what is found out about it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from netwatch.core.state import State
from netwatch.evidence import Tracer, near_end
from netwatch.inventory.model import Link
from netwatch.journal.records import Found, Removed, Turned
from netwatch.journal.writer import JournalWriter
from netwatch.state.board import Board
from netwatch.state.doors import Key
from netwatch.state.memory import Memory
from netwatch.state.resume import resume
from netwatch.state.root import Root, RootKind
from netwatch.state.turn import Turn


class Chronicle:
    """Listens to the board.

    Args:
        writer: a journal that was started.
        memory: what it held at the start; None when nothing.
    """

    def __init__(self, writer: JournalWriter, memory: Memory | None) -> None:
        self.writer = writer
        self._memory = memory
        self._tracer = Tracer(self._found)
        self._places: set[Key] = set(memory.places) if memory else set()

    def follow(self, board: Board, links: Mapping[str, Link]) -> None:
        """Listen to a board, which goes on where the former run ended."""
        self._board = board
        board.turned = self._turned
        self.watch(board, links)
        if self._memory is not None:
            resume(board, self._memory, time.monotonic(), time.time())
            self._memory = None

    def watch(self, board: Board, links: Mapping[str, Link]) -> None:
        """Another inventory is in force: close what is no longer in it."""
        self._links = links
        places = {*board.targets, *((site_id, "") for site_id in board.sites)}
        self._forget(self._places - places)
        self._places = places

    def _forget(self, places: Iterable[Key]) -> None:
        for site_id, target_id in places:
            self.writer.put(Removed(site_id, target_id, time.time()))

    def _turned(self, turn: Turn) -> None:
        self.writer.put(Turned(turn))
        # At the start nothing has just happened: it is only found as it was.
        is_news = turn.before not in {State.DOWN, State.UNKNOWN}
        if turn.target and turn.state is State.DOWN and is_news:
            self._look_into(turn)

    def _look_into(self, turn: Turn) -> None:
        key = turn.site, turn.target
        root = Root.parse(turn.root)
        link = self._links.get(root.id) if root.kind is RootKind.LINK else None
        near = near_end(self._board.lines, root.id, link, key) if link else None
        if near is not None:
            self._found(key, {"near_end": near})
        primary = self._board.targets[key].primary
        if primary is not None:
            self._tracer.add(key, primary.check.address)

    def _found(self, key: Key, evidence: dict[str, object]) -> None:
        self.writer.put(Found(*key, evidence))
