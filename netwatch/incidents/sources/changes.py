"""Notices that states have changed, so that they are looked through only then."""

from __future__ import annotations

from typing import Protocol

from netwatch.flows.table import FlowListener
from netwatch.flows.transition import FlowChange
from netwatch.state.table import StateListener, StateTable
from netwatch.state.transition import StateChange


class ChangeListener(StateListener, FlowListener, Protocol):
    """Is called with changes of targets, sites and flows, as the journal's recorder is."""


class Changes:
    """Counts changes of states. It is a ``ChangeListener``.

    Args:
        others: are called as well.

    Attributes:
        count: how many changes of targets and sites there were.
    """

    def __init__(self, *others: ChangeListener) -> None:
        self.count = 0
        self._others = others

    def state_changed(self, change: StateChange, states: StateTable) -> None:
        """Count it, and pass it on."""
        self.count += 1
        for other in self._others:
            other.state_changed(change, states)

    def flow_changed(self, change: FlowChange) -> None:
        """Pass it on."""
        for other in self._others:
            other.flow_changed(change)
