"""One consistent reading of the files: the inventory and all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from netwatch import probes
from netwatch.core.check import Check
from netwatch.inventory.credentials import calendar_logins
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.inventory.plan import plan_checks
from netwatch.meetings.calendars.sources import CalendarSources
from netwatch.settings import SecretStore, Settings
from netwatch.state.graph import Graph


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the daemon works by until the next reload.

    Attributes:
        inventory: what is written.
        checks: what follows from it for this collector.
        graph: how each target is reached.
        calendars: the calendars that it names.
    """

    inventory: Inventory
    checks: tuple[Check, ...]
    graph: Graph
    calendars: CalendarSources


def read_configuration(settings: Settings) -> Configuration:
    """Read and check everything; changes nothing.

    Raises:
        ConfigError: with every problem found.
    """
    schemas = {name: kind.params for name, kind in probes.kinds().items()}
    inventory = load_inventory(settings.inventory, schemas)
    secrets = SecretStore(settings.secrets_dir)
    checks = plan_checks(inventory, schemas, secrets, settings.vantage)
    here = inventory.vantages[settings.vantage].site
    calendars = CalendarSources(inventory, calendar_logins(inventory, secrets), settings.state_dir)
    return Configuration(inventory, checks, Graph(inventory, here), calendars)
