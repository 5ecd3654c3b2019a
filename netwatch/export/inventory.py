"""What is known of the province without measuring: the ``_info`` series, capacities and goals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from netwatch.export.described import CAPACITY, COORDINATES, LINK, SITE, described
from netwatch.export.exporter import Exporter, Watched
from netwatch.export.row_family import RowFamily, TargetLabels, own_labels
from netwatch.inventory.credentials import credential_id
from netwatch.inventory.model import Inventory, UserSpec
from netwatch.metrics import Registry
from netwatch.metrics.written import WrittenFamily

_END = "} "
"""The text behind the last label."""


class InventoryMetrics(Exporter):
    """Names and other descriptions, apart from measurements so that they may change freely."""

    def __init__(self, registry: Registry, here: str) -> None:
        """Register the families.

        Args:
            registry: takes them.
            here: the vantage of this collector.
        """
        self._here = here
        self._sites = WrittenFamily("gauge", SITE, "A site; always 1.")
        text = "Where a site is drawn on a map, by axis: latitude or longitude (WGS 84)."
        self._coordinates = WrittenFamily("gauge", COORDINATES, text)
        registry.add(self._sites)
        registry.add(self._coordinates)
        self._targets = _DescribedTargets([], [])
        registry.add(
            RowFamily(
                "gauge",
                "netwatch_target_info",
                "A target; always 1.",
                lambda: self._targets,
                {"{": lambda: np.ones(len(self._targets), np.uint8)},
            )
        )
        self._weak = registry.gauge(
            "netwatch_snmp_weak_targets",
            "Targets whose SNMP v3 user may have weak protocols, by legacy: true.",
        )
        self._offset = registry.gauge(
            "netwatch_timezone_offset_seconds",
            "Seconds that the province's clocks are ahead of UTC now.",
        )
        self._zone = ZoneInfo("UTC")
        self._tier = registry.gauge(
            "netwatch_tier_info",
            "A level of administration; always 1.",
            ("tier", "name", "name_vi", "rank"),
        )
        self._availability = registry.gauge(
            "netwatch_tier_availability_goal_ratio",
            "Share of the time in which a site of the level must be reachable, 0 to 1.",
            ("tier",),
        )
        self._links = WrittenFamily("gauge", LINK, "A WAN line; always 1.")
        text = "What the line's contract promises, by direction."
        self._capacities = WrittenFamily("gauge", CAPACITY, text)
        registry.add(self._links)
        registry.add(self._capacities)
        self._flow = registry.gauge(
            "netwatch_flow_info",
            "A connection between networks; always 1.",
            ("flow", "name", "name_vi", "from", "to", "probe", "expect"),
        )
        self._vantage = registry.gauge(
            "netwatch_vantage_info",
            "Another place where a collector stands, which reports to the same centre; always 1.",
            ("vantage", "name_vi"),
        )
        self._objective = registry.gauge(
            "netwatch_objective_info",
            "An official figure of the plan; always 1.",
            ("objective", "name", "name_vi"),
        )
        self._goal = registry.gauge(
            "netwatch_objective_goal_ratio",
            "What the plan demands, 0 to 1.",
            ("objective",),
        )

    def watch(self, watched: Watched) -> None:
        """Show this inventory, and nothing of the one before."""
        inventory = watched.inventory
        self._zone = ZoneInfo(inventory.province.timezone)
        self._describe_places(inventory)
        self._describe_targets(inventory, watched.labels)
        self._describe_duties(inventory)

    def refresh(self) -> Iterator[None]:
        """Tell the offset of this moment, which summer time changes in some zones."""
        offset = datetime.now(self._zone).utcoffset() or timedelta()
        self._offset.cell().set(offset.total_seconds())
        yield

    def _describe_places(self, inventory: Inventory) -> None:
        description = described(inventory)
        self._sites.lines, self._coordinates.lines = description.sites, description.coordinates
        self._links.lines, self._capacities.lines = description.links, description.capacities
        self._tier.clear()
        self._availability.clear()
        for tier_id, tier in inventory.tiers.items():
            self._tier.cell(tier_id, tier.name, tier.name_vi, str(tier.rank)).set(1)
            if tier.availability is not None:
                self._availability.cell(tier_id).set(tier.availability)

    def _describe_targets(self, inventory: Inventory, labels: TargetLabels) -> None:
        kinds: dict[tuple[str | None, ...], tuple[str, str]] = {}
        around: list[tuple[str, str]] = []
        for _, site, _, target in inventory.targets():
            kind = target.model, site.network, target.role, target.vendor
            if kind not in kinds:
                kinds[kind] = _around(*kind)
            around.append(kinds[kind])
        self._targets = _DescribedTargets(list(labels.values()), around)
        self._weak.cell().set(_count_weak(inventory))

    def _describe_duties(self, inventory: Inventory) -> None:
        for family in (self._flow, self._vantage, self._objective, self._goal):
            family.clear()
        for vantage_id, vantage in inventory.vantages.items():
            if vantage_id != self._here and vantage.asked is None:
                self._vantage.cell(vantage_id, vantage.name_vi).set(1)
        for flow_id, flow in inventory.flows.items():
            self._flow.cell(
                flow_id,
                flow.name or flow.name_vi,
                flow.name_vi,
                flow.vantage,
                flow.to,
                flow.check.probe,
                flow.expect,
            ).set(1)
        for objective_id, objective in inventory.objectives.items():
            self._objective.cell(objective_id, objective.name, objective.name_vi).set(1)
            self._goal.cell(objective_id).set(objective.goal)


class _DescribedTargets:
    """What is known of targets, as labels: most have those around site and target in common."""

    def __init__(self, own: list[str], around: list[tuple[str, str]]) -> None:
        self._own = own
        self._around = around

    def __len__(self) -> int:
        return len(self._own)

    def __getitem__(self, rows: slice, /) -> list[str]:
        each = zip(self._own[rows], self._around[rows], strict=True)
        return [f"{before}{own.removesuffix(_END)}{after}" for own, (before, after) in each]


def _around(model: str | None, network: str, role: str, vendor: str | None) -> tuple[str, str]:
    """The labels before and behind ``site`` and ``target``, as labels are sorted by name."""
    before = own_labels(model=model or "", network=network, role=role).removesuffix(_END)
    return f"{before},", f",{own_labels(vendor=vendor or '')}"


def _count_weak(inventory: Inventory) -> int:
    """How many targets have a user with weak protocols; hardly any inventory has such a user."""
    weak = {
        name
        for name, spec in inventory.credentials.items()
        if isinstance(spec, UserSpec) and spec.legacy
    }
    targets = inventory.targets() if weak else ()
    return sum(credential_id(inventory, site, target) in weak for _, site, _, target in targets)
