"""What all parts of a paper are written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from netwatch.inventory.model import Inventory
from netwatch.meetings.records.month import MeetingMonth
from netwatch.report.account.history import FoundEvidence
from netwatch.report.account.sites import Outage
from netwatch.report.account.whole import FORMER, Account
from netwatch.report.measures import Measures
from netwatch.report.words import PaperWords


@dataclass(frozen=True)
class Draft:
    """An account, and the words for it.

    Attributes:
        meetings: of the period.
        meetings_before: of the period before it.
        meetings_year: of the year so far.
        measures: what Prometheus knows besides.
        carrier: whose paper it is; None: it is the province's or an area's.
        area: id of the site whose paper it is, with all below it; None: the whole province's.
    """

    account: Account
    inventory: Inventory
    words: PaperWords
    meetings: MeetingMonth = field(default_factory=MeetingMonth)
    meetings_before: MeetingMonth = field(default_factory=MeetingMonth)
    meetings_year: MeetingMonth = field(default_factory=MeetingMonth)
    measures: Measures = field(default_factory=Measures)
    carrier: str | None = None
    area: str | None = None

    def say(self, vi: str, en: str) -> str:
        """The text in the language of the paper."""
        return self.words.say(vi, en)

    def site(self, site_id: str) -> str:
        """What a site is called."""
        facts = self.account.site(site_id)
        return self.say(facts.name_vi, facts.name)

    def tier(self, tier_id: str) -> str:
        """What a level is called."""
        if tier_id == FORMER:
            return self.say("Đã ra khỏi kho dữ liệu", "No longer in the inventory")
        tier = self.inventory.tiers[tier_id]
        return self.say(tier.name_vi, tier.name)

    def place(self, area_id: str) -> str:
        """What an area is called."""
        return self.tier(FORMER) if area_id == FORMER else self.site(area_id)

    @cached_property
    def lines(self) -> Mapping[str, str]:
        """What each line is called: where it leads, its carrier and contract."""
        names = {}
        for line in self.account.facts.lines.values():
            contract = f", {line.contract}" if line.contract else ""
            ends = f"{self.site(line.near)} – {self.site(line.far)}"
            names[line.id] = f"{ends} ({line.carrier}{contract})"
        return names

    def cause(self, outage: Outage) -> str:
        """What was at fault, in words."""
        root = self.words.root(outage.root, self.lines)
        return f"{root}: {outage.cause}" if outage.cause else root

    def taken_on(self, root: str, begin: int, end: int) -> tuple[str, str]:
        """The incident of what was at fault at a time, and who acknowledged it; empty without."""
        note = self.account.incident(root, begin, end)
        if note is None:
            return "", ""
        return note.id, ": ".join(filter(None, (note.acknowledged, note.note)))

    def told(self, evidence: FoundEvidence | None) -> str:
        """What was found out, in words."""
        return self.words.evidence(evidence.details) if evidence else ""

    @cached_property
    def goals(self) -> Mapping[str, float]:
        """The availability that each level must have, as far as the inventory says."""
        tiers = self.inventory.tiers.items()
        return {id_: tier.availability for id_, tier in tiers if tier.availability is not None}

    def worst(self, count: int) -> Sequence[str]:
        """Ids of the sites that were out of reach the longest, of those that were at all."""
        lost = {id_: each.tally.lost for id_, each in self.account.sites.items()}
        return sorted((id_ for id_ in lost if lost[id_]), key=lambda id_: -lost[id_])[:count]
