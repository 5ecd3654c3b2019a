from __future__ import annotations

from itertools import islice

from netwatch.core.result import Outcome
from netwatch.export.exporter import Watched
from netwatch.inventory.model import Inventory
from netwatch.metrics import Registry, render
from tests.harness.builders import make_checks, make_inventory, make_result, make_states
from tests.harness.state_series import state_exporters


def without_commune() -> Inventory:
    """The inventory of the builders, one site of which was closed."""
    inventory = make_inventory()
    sites = {id_: site for id_, site in inventory.sites.items() if id_ != "an-lam"}
    return inventory.model_copy(update={"sites": sites})


class Shown:
    """The series of states, and the page they are on."""

    def __init__(self, inventory: Inventory) -> None:
        checks = make_checks(inventory)
        self.states = make_states(inventory, checks, 0.0)
        self.registry = Registry()
        self.exporters = state_exporters(self.registry, self.states)
        self.exporters.watch(Watched.of(inventory))
        for check in checks:
            self.states.report(make_result(check, Outcome.SUCCESS))

    def replace(self, inventory: Inventory) -> None:
        checks = make_checks(inventory)
        self.states.replace(inventory, checks, 1.0)
        self.exporters.watch(Watched.of(inventory))

    async def lines(self) -> dict[str, str]:
        text = (await render(self.registry)).decode()
        series = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: value for name, _, value in series}


async def test_states_are_those_of_the_table() -> None:
    shown = Shown(make_inventory())
    for _ in shown.exporters.refresh():
        pass
    lines = await shown.lines()
    assert lines['netwatch_target_state{site="nam-sach",target="codec"}'] == "1.0"
    assert lines['netwatch_site_state{site="an-lam"}'] == "1.0"
    assert lines['netwatch_objective_ratio{objective="wan"}'] == "1.0"
    assert float(lines['netwatch_site_state_seconds_total{state="up",site="an-lam"}']) > 0


async def test_a_reload_in_the_middle_leaves_no_series_of_before() -> None:
    whole = Shown(make_inventory())
    steps = sum(1 for _ in whole.exporters.refresh())
    for taken in range(1, steps + 1):
        shown = Shown(make_inventory())
        refreshing = shown.exporters.refresh()
        assert len(list(islice(refreshing, taken))) == taken
        shown.replace(without_commune())
        for _ in refreshing:
            pass
        lines = await shown.lines()
        assert not [name for name in lines if "an-lam" in name], f"after {taken} steps"
        assert lines['netwatch_site_state{site="nam-sach"}'] == "1.0", f"after {taken} steps"
        assert 'netwatch_objective_ratio{objective="wan"}' in lines
