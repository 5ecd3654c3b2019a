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
        targets: ``site/target``.
        links: ids of lines.
        carriers: names of carriers, all of whose lines are affected.
    """

    reason: Text
    sites: tuple[Identifier, ...] = ()
    targets: tuple[str, ...] = ()
    links: tuple[Identifier, ...] = ()
    carriers: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _touches_something(self) -> MaintenanceWindow:
        if not (self.sites or self.targets or self.links or self.carriers):
            raise ValueError("touches nothing; name sites, targets, links or carriers")
        return self
