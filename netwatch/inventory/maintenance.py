"""The grammar of planned work: what is touched, and when."""

from __future__ import annotations

from pydantic import model_validator

from netwatch.inventory.terms import Identifier, Text
from netwatch.inventory.window import Window


class MaintenanceWindow(Window):
    """Planned work: what is touched, and when. Its states are ``maintenance`` meanwhile.

    Attributes:
        reason: why, for those who see the page.
        sites: with all their targets.
        targets: ``site/target``.
        carriers: all lines of these carriers.
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
