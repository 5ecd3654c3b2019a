"""Floor 4: one consistent reading of the files: the inventory and the checks that follow."""

from __future__ import annotations

from dataclasses import dataclass

from netwatch import probes
from netwatch.core.check import Check
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory
from netwatch.inventory.plan import plan_checks
from netwatch.settings import SecretStore, Settings


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the daemon works by until the next reload."""

    inventory: Inventory
    checks: tuple[Check, ...]


def read_configuration(settings: Settings) -> Configuration:
    """Read and check everything; changes nothing.

    Raises:
        ConfigError: with every problem found.
    """
    schemas = {name: kind.params for name, kind in probes.kinds().items()}
    inventory = load_inventory(settings.inventory, schemas)
    secrets = SecretStore(settings.secrets_dir)
    return Configuration(inventory, plan_checks(inventory, schemas, secrets, settings.vantage))
