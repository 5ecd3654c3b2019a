"""What a rule sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netwatch.core.params import ProbeParams
from netwatch.inventory.model import Inventory, Target
from netwatch.inventory.source import Source
from netwatch.inventory.yaml import Mistake


@dataclass(frozen=True, slots=True)
class View:
    """The entries that are valid by themselves, and what the files say.

    Attributes:
        inventory: lacks the entries that were reported already.
        source: has them, so that a reference to one isn't reported as well.
        schemas: kinds of probe, each with the schema of its parameters.
    """

    inventory: Inventory
    source: Source
    schemas: Mapping[str, type[ProbeParams]]

    def mistake(self, message: str, *path: str | int) -> Mistake:
        """A mistake in the node at ``path``."""
        return Mistake(self.source.place(*path), message)

    def target(self, reference: str) -> Target | None:
        """The target called ``site/target``."""
        site_id, _, target_id = reference.partition("/")
        site = self.inventory.sites.get(site_id)
        return site.targets.get(target_id) if site else None
