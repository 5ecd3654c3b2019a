"""One consistent reading of the files: the inventory and all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from netwatch import probes
from netwatch.core.check import Check
from netwatch.inventory.credentials import calendar_logins
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.inventory.plan import plan_checks
from netwatch.meetings.calendars.bounds import CalendarBounds
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.settings import SecretStore, Settings
from netwatch.state.graph import Graph


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration that is in force until the next reload.

    Attributes:
        inventory: the inventory.
        checks: all checks of this collector.
        graph: the paths to all targets.
        calendars: the calendars with meetings.
    """

    inventory: Inventory
    checks: tuple[Check, ...]
    graph: Graph
    calendars: CalendarSources


def read_configuration(settings: Settings) -> Configuration:
    """Read and check the inventory, calendars and secrets, without any effect on what runs.

    Raises:
        ConfigError: with every problem found.
    """
    schemas = probes.schemas()
    inventory = load_inventory(settings.inventory, schemas)
    secrets = SecretStore(settings.secrets_dir)
    checks = plan_checks(inventory, schemas, secrets, settings.vantage)
    here = inventory.vantages[settings.vantage].site
    logins = calendar_logins(inventory, secrets)
    bounds = CalendarBounds(
        settings.calendar_octets, settings.calendar_events, settings.calendar_seconds
    )
    calendars = CalendarSources(inventory, logins, settings.state_dir, bounds)
    return Configuration(inventory, checks, Graph(inventory, here), calendars)
