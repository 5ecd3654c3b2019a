"""A name that somebody mistyped: the command ends with what they may have meant."""

from __future__ import annotations

from collections.abc import Collection

from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.explain import nearest
from netwatch.inventory.model import Inventory

MAX_NAMES = 100_000
"""Names that are compared: one mistake, so it takes half a second each 20 000."""


def unknown(name: str, message: str, known: Collection[str], remedy: str) -> ConfigError:
    """The error for a name that nothing has.

    Args:
        name: as it was typed.
        message: what it is not, as ``no such site``.
        known: names that there are.
        remedy: what to do when none of them is like it.
    """
    near = nearest(name, known, MAX_NAMES)
    return ConfigError([Problem(name, f"{message}; {f'did you mean {near}?' if near else remedy}")])


def places(inventory: Inventory) -> set[str]:
    """Every site, and every target as ``site/target``."""
    targets = {f"{site_id}/{target_id}" for site_id, _, target_id, _ in inventory.targets()}
    return {*inventory.sites, *targets}
