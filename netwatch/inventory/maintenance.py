"""The grammar of maintenance windows."""

from __future__ import annotations

from pydantic import model_validator

from netwatch.inventory.terms import Identifier, Text
from netwatch.inventory.window import Window


class MaintenanceWindow(Window):
    """Planned work: what it affects, and when. What it affects is in ``maintenance`` meanwhile.

    Attributes:
        reason: shown on the status page.
        sites: with all their targets.
        branches: sites, with all that is below them.
        targets: ``site/target``.
        links: ids of lines.
        carriers: names of carriers, all of whose lines are affected.
    """

    reason: Text
    sites: tuple[Identifier, ...] = ()
    branches: tuple[Identifier, ...] = ()
    targets: tuple[str, ...] = ()
    links: tuple[Identifier, ...] = ()
    carriers: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _touches_something(self) -> MaintenanceWindow:
        named = (self.sites, self.branches, self.targets, self.links, self.carriers)
        if not any(named):
            raise ValueError("touches nothing; name sites, branches, targets, links or carriers")
        return self
