"""Root causes as series, one for each, for alerts; and which targets and sites each one affects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from netwatch.export.exporter import Exporter
from netwatch.metrics import Cell, Family, Registry
from netwatch.state.attachment import Key
from netwatch.state.faults import OpenFault, is_power_cut, open_faults
from netwatch.state.root import Root, RootKind
from netwatch.state.table import StateTable

Rows = dict[tuple[str, ...], float]
"""Label values, and the value."""

Evidence = Mapping[Key, Mapping[str, object]]

_POWER = "power"
"""The kind of a cause that is explained by a power cut; of others it is that of the root."""


class CauseMetrics(Exporter):
    """Root causes by their id, ``link:LINK`` or ``target:SITE/TARGET``.

    Args:
        registry: of the page.
        states: of targets and sites.
        evidence: of targets that are down, as ``netwatch.evidence`` makes it.
    """

    def __init__(self, registry: Registry, states: StateTable, evidence: Evidence) -> None:
        self._states = states
        self._evidence = evidence
        self._target = registry.gauge(
            "netwatch_target_cause",
            "What is at fault when a target is down, unreachable, or has lost a line; always 1.",
            ("site", "target", "cause"),
        )
        self._site = registry.gauge(
            "netwatch_site_cause",
            "What is at fault when a site is down, unreachable or degraded; always 1.",
            ("site", "cause", "kind"),
        )
        self._state = registry.gauge(
            "netwatch_cause_state",
            "4 something is down; 2 all of it is reached another way; 5 in maintenance.",
            ("cause",),
        )
        self._sites = registry.gauge(
            "netwatch_cause_sites", "Sites that are not reachable because of it.", ("cause",)
        )
        self._start = registry.gauge(
            "netwatch_cause_start_timestamp_seconds", "When it began.", ("cause",)
        )
        self._info = registry.gauge(
            "netwatch_cause_info",
            "Where it is: the first site and target that it silences; the line; always 1.",
            ("cause", "kind", "site", "target", "link", "carrier", "contract"),
        )
        self._suspected = registry.gauge(
            "netwatch_suspected_sites",
            "Sites that may be cut off by what is suspected, which is not certain yet.",
            ("cause",),
        )
        self._verifications = registry.counter(
            "netwatch_verifications_total",
            "Probes made outside their slots, to know whose fault it is.",
        )
        self._shown: dict[str, Rows] = {}

    def refresh(self) -> Iterator[None]:
        """Show the root causes of now, and take off all others; in steps."""
        states = self._states
        faults = open_faults(states)
        self._verifications.cell().set(states.verifications)
        targets: Rows = {(*key, str(root)): 1.0 for key, _, root in states.troubled()}
        yield
        roots = ((site_id, site.root) for site_id, site in states.sites.items())
        dark = {fault.root for fault in faults if is_power_cut(fault, self._evidence)}
        sites: Rows = {
            (id_, str(root), _kind(root, dark)): 1.0 for id_, root in roots if root is not None
        }
        yield from self._show(self._target, targets)
        yield from self._show(self._site, sites)
        yield from self._show(self._state, _rows((fault, fault.state) for fault in faults))
        yield from self._show(self._sites, _rows((fault, fault.sites) for fault in faults))
        yield from self._show(self._start, _rows((fault, fault.since) for fault in faults))
        suspected: Rows = {(str(each.root),): float(each.sites) for each in states.suspected()}
        yield from self._show(self._suspected, suspected)
        yield from self._show(self._info, {_labels(fault, states, dark): 1.0 for fault in faults})

    def _show(self, family: Family[Cell], rows: Rows) -> Iterator[None]:
        shown = self._shown.get(family.name, {})
        # Before anything is done, because what is done in steps may be broken off.
        self._shown[family.name] = shown | rows
        for gone in shown.keys() - rows.keys():
            family.remove(*gone)
            yield
        for labels, value in rows.items():
            family.cell(*labels).set(value)
            yield
        self._shown[family.name] = rows


def _kind(root: Root, dark: Collection[Root]) -> str:
    """``link`` or ``target``, or ``power`` where the power went first."""
    return _POWER if root in dark else root.kind


def _labels(fault: OpenFault, states: StateTable, dark: Collection[Root]) -> tuple[str, ...]:
    is_link = fault.root.kind is RootKind.LINK
    link_id = fault.root.id if is_link else ""
    link = states.links.get(link_id)
    carrier, contract = (link.carrier, link.contract or "") if link else ("", "")
    return str(fault.root), _kind(fault.root, dark), *fault.first, link_id, carrier, contract


def _rows(values: Iterable[tuple[OpenFault, float]]) -> Rows:
    return {(str(fault.root),): float(value) for fault, value in values}
