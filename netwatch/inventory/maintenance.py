"""The grammar of planned work: what is touched, and when."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, model_validator

from netwatch.core.units import Duration
from netwatch.inventory.recurrence import LocalTime, RecurrenceRule, check_rule, parse_rule
from netwatch.inventory.terms import Entry, Identifier, Text


class MaintenanceWindow(Entry):
    """Planned work: what is touched, and when. Its states are ``maintenance`` meanwhile.

    Attributes:
        starts: local time, in the time zone of the province.
        duration: seconds (``for`` in the file).
        repeat: RFC 5545 rule of further begins; None: it happens once.
        reason: why, for those who see the page.
        sites: with all their targets.
        targets: ``site/target``.
        carriers: all lines of these carriers.
    """

    starts: LocalTime
    duration: Duration = Field(alias="for", gt=0, le=31 * 86400)
    repeat: RecurrenceRule | None = None
    reason: Text
    sites: tuple[Identifier, ...] = ()
    targets: tuple[str, ...] = ()
    links: tuple[Identifier, ...] = ()
    carriers: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> MaintenanceWindow:
        if not (self.sites or self.targets or self.links or self.carriers):
            raise ValueError("touches nothing; name sites, targets, links or carriers")
        if self.repeat is not None:
            rule = parse_rule(self.repeat, self.starts)
            check_rule(rule, timedelta(seconds=self.duration))
        return self
