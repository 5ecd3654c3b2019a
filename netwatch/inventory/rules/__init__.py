"""The cross-check: rules between entries, each of which yields the mistakes that it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from netwatch.inventory.rules.addresses import addresses
from netwatch.inventory.rules.circles import circles
from netwatch.inventory.rules.classes import (
    ambiguous_classes,
    checks,
    class_for_each_target,
    credentials,
)
from netwatch.inventory.rules.contracts import contracts
from netwatch.inventory.rules.flows import borders, flows, ways_back
from netwatch.inventory.rules.formerly import formerly
from netwatch.inventory.rules.opaque import opaque
from netwatch.inventory.rules.references import references
from netwatch.inventory.rules.routers import routers
from netwatch.inventory.rules.service import service
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake

__all__ = ["View", "cross_check"]

_RULES: tuple[Callable[[View], Iterator[Mistake]], ...] = (
    references,
    circles,
    addresses,
    class_for_each_target,
    ambiguous_classes,
    checks,
    credentials,
    flows,
    ways_back,
    borders,
    routers,
    opaque,
    contracts,
    formerly,
    service,
)


def cross_check(view: View) -> list[Mistake]:
    """The mistakes that all rules find."""
    return [mistake for rule in _RULES for mistake in rule(view)]
