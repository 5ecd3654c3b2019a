"""One consistent reading of the files: the inventory and all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from netwatch import probes
from netwatch.core.check import Check
from netwatch.inventory.credentials import calendar_logins
from netwatch.inventory.load import load_with_doubts
from netwatch.inventory.model import Inventory
from netwatch.inventory.plan import plan_checks, plan_targets
from netwatch.inventory.service import in_service, next_change, planned_sites
from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.process.garbage import paused
from netwatch.settings import SecretStore, Settings
from netwatch.state.graph import Graph


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration that is in force until the next reload.

    Attributes:
        inventory: what of it is in service today.
        checks: all checks of this collector that count.
        graph: the paths to all targets.
        calendars: the calendars with meetings.
        written: the whole inventory, with what is planned and retired.
        planned: the same with the sites alone that are only planned.
        planned_checks: of those sites; they are made, and count nowhere.
        renewed: unix time at which something begins or is no longer in service; None: never.
        doubts: what of the inventory is allowed, and yet hardly meant.
    """

    inventory: Inventory
    checks: tuple[Check, ...]
    graph: Graph
    calendars: CalendarSources
    written: Inventory
    planned: Inventory
    planned_checks: tuple[Check, ...] = ()
    renewed: float | None = None
    doubts: tuple[str, ...] = ()

    @property
    def measured(self) -> tuple[Check, ...]:
        """All checks that are made."""
        return (*self.checks, *self.planned_checks)


def read_configuration(settings: Settings) -> Configuration:
    """Read and check the inventory, calendars and secrets, without any effect on what runs.

    Raises:
        ConfigError: with every problem found.
    """
    with paused():
        return _read(settings)


def _read(settings: Settings) -> Configuration:
    schemas = probes.schemas()
    written, doubts = load_with_doubts(settings.inventory, schemas)
    zone = ZoneInfo(written.province.timezone)
    today = datetime.now(zone).date()
    inventory, planned = in_service(written, today), planned_sites(written, today)
    secrets = SecretStore(settings.secrets_dir)
    checks = plan_checks(inventory, schemas, secrets, settings.vantage)
    planned_checks = plan_targets(planned, schemas, secrets)
    here = inventory.vantages[settings.vantage].site
    logins = calendar_logins(inventory, secrets)
    bounds = CalendarBounds(
        settings.calendar_octets, settings.calendar_events, settings.calendar_seconds
    )
    calendars = CalendarSources(inventory, logins, settings.state_dir, bounds)
    graph = Graph(inventory, here)
    day = next_change(written, today)
    renewed = None if day is None else datetime.combine(day, time(), zone).timestamp()
    return Configuration(
        inventory, checks, graph, calendars, written, planned, planned_checks, renewed, doubts
    )
