"""How the parts are connected, and that none is left out."""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Iterator

from netwatch import export
from netwatch.collector import Collector
from netwatch.core.check import Check, InterfaceCheck
from netwatch.core.result import Outcome, Result, Stray, StrayKind
from netwatch.core.state import State
from netwatch.core.streams import Streams
from netwatch.export.echoes import EchoMetrics
from netwatch.export.exporter import Exporter, Exporters, ResultExporter, Watched
from netwatch.flows.table import FlowTable
from netwatch.lasting import LastingFacts
from netwatch.metrics import Registry
from netwatch.state.quality import Qualities
from netwatch.state.table import StateTable
from tests.harness.builders import (
    make_check,
    make_checks,
    make_configuration,
    make_inventory,
    make_parts,
    make_result,
    make_states,
)

INVENTORY = make_inventory()


def exporters_in_the_room(kind: type[Exporter]) -> set[type[Exporter]]:
    modules = [
        importlib.import_module(f"netwatch.export.{module.name}")
        for module in pkgutil.iter_modules(export.__path__)
    ]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, kind)
    }
    return found - {Exporter, ResultExporter}


def test_every_exporter_is_in_the_list_and_hears_of_results() -> None:
    parts = make_parts(make_configuration(INVENTORY, make_checks(INVENTORY)))
    listed = [type(exporter) for exporter in parts.exporters.all]
    assert len(listed) == len(set(listed))
    assert set(listed) == exporters_in_the_room(Exporter)
    hearing = {type(consumer) for consumer in parts.collector.consumers}
    assert hearing == {*exporters_in_the_room(ResultExporter), LastingFacts}


class Consumer:
    """Notes what it hears, and how the target stood at that moment."""

    def __init__(self, states: StateTable) -> None:
        self._states = states
        self.heard: list[tuple[str, State]] = []
        self.forgotten: list[str] = []

    def report(self, result: Result) -> None:
        check = result.check
        self.heard.append((check.id, self._states.targets[check.site, check.target].state))

    def forget(self, check: Check) -> None:
        self.forgotten.append(check.id)


def test_a_consumer_hears_every_result_after_the_states_and_no_stray() -> None:
    check = make_check(site="an-lam")
    states = make_states(INVENTORY, [check])
    consumer = Consumer(states)
    flows = FlowTable(INVENTORY, [], states.sighting)
    echoes = EchoMetrics(Registry(), Streams(), Qualities())
    collector = Collector(states, flows, echoes, [consumer])
    collector.report(make_result(check, Outcome.SUCCESS, time.monotonic()))
    collector.report(Stray(check, StrayKind.LATE))
    one_interface = InterfaceCheck.of(check, "Gi0/0")
    collector.report(make_result(one_interface, Outcome.FAILURE, time.monotonic()))
    assert consumer.heard == [(check.id, State.UP)]
    assert collector.reports == 3
    assert states.targets["an-lam", "router"].checks[0].failing_since is None
    collector.tick()
    assert consumer.forgotten == []


def test_a_consumer_forgets_what_the_states_no_longer_believe() -> None:
    check = make_check(site="an-lam")
    states = make_states(INVENTORY, [check])
    consumer = Consumer(states)
    flows = FlowTable(INVENTORY, [], states.sighting)
    collector = Collector(
        states, flows, EchoMetrics(Registry(), Streams(), Qualities()), [consumer]
    )
    collector.report(make_result(check, Outcome.SUCCESS, time.monotonic() - 60.0))
    collector.tick()
    assert consumer.forgotten == [check.id]
    assert states.targets["an-lam", "router"].state is State.UNKNOWN


class Stepwise(Exporter):
    """Refreshes in three steps, each of which notes what is watched."""

    def __init__(self) -> None:
        self.sites: list[int] = []
        self._watched: Watched | None = None

    def watch(self, watched: Watched) -> None:
        self._watched = watched

    def refresh(self) -> Iterator[None]:
        for _ in range(3):
            assert self._watched is not None
            self.sites.append(len(self._watched.inventory.sites))
            yield


def test_a_reload_in_the_middle_of_a_page_begins_the_refresh_anew() -> None:
    first, second = Stepwise(), Stepwise()
    exporters = Exporters([first, second])
    exporters.watch(Watched.of(INVENTORY))
    refreshing = exporters.refresh()
    for _ in range(4):
        next(refreshing)
    exporters.watch(Watched.of(make_inventory(sites={}, objectives={})))
    assert len(list(refreshing)) == 6
    assert first.sites == [3, 3, 3, 0, 0, 0]
    assert second.sites == [3, 0, 0, 0]
