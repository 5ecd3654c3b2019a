"""Finds the check class of a target."""

from __future__ import annotations

from netwatch.inventory.checks import CheckClass
from netwatch.inventory.model import Inventory, Site, Target


def matching_classes(inventory: Inventory, tier: str, role: str) -> list[str]:
    """Ids of the classes for a role and tier: those that name the tier, or else no tier at all.

    A valid inventory has exactly one for each role and tier in use.
    """
    general: list[str] = []
    special: list[str] = []
    for class_id, check_class in inventory.classes.items():
        match = check_class.match
        if role in match.roles and tier in match.tiers:
            special.append(class_id)
        elif role in match.roles and not match.tiers:
            general.append(class_id)
    return special or general


def check_class(inventory: Inventory, site: Site, target: Target) -> CheckClass:
    """The class of a target: the one it names, else the one that matches its role and tier."""
    name = target.check_class or matching_classes(inventory, site.tier, target.role)[0]
    return inventory.classes[name]
