"""What meetings depend on of the configuration that is in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from netwatch.core.check import Check
from netwatch.inventory.model import Inventory
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.state.graph import Graph


class MeetingConfiguration(Protocol):
    """Read-only, as ``netwatch.configuration.Configuration`` is."""

    @property
    def inventory(self) -> Inventory:
        """Meetings, calendars, rooms and lines."""

    @property
    def checks(self) -> Sequence[Check]:
        """All checks of this collector."""

    @property
    def graph(self) -> Graph:
        """How each target is reached."""

    @property
    def calendars(self) -> CalendarSources:
        """The texts of the inventory's calendars."""
