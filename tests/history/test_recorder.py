"""From results to the day of a site, over a reload and a restart."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from netwatch.configuration import Configuration
from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.core.state import State
from netwatch.history.columns import STEP
from netwatch.history.recorder import HistoryRecorder
from netwatch.history.store import HistoryStore
from netwatch.wiring import Parts
from tests.harness.builders import (
    make_checks,
    make_configuration,
    make_inventory,
    make_parts,
    make_result,
)

BEGIN = 1_000_000 * STEP


@pytest.fixture
def configuration() -> Configuration:
    inventory = make_inventory()
    return make_configuration(inventory, make_checks(inventory))


def play(parts: Parts, checks: list[Check], turns: range, silent: str = "") -> None:
    for turn in turns:
        for check in checks:
            outcome = Outcome.FAILURE if check.site == silent else Outcome.SUCCESS
            parts.states.report(make_result(check, outcome, 5.0 * turn))
        parts.states.tick(5.0 * turn)


def recorder_of(parts: Parts, configuration: Configuration) -> HistoryRecorder:
    return HistoryRecorder(parts.states, configuration.inventory, HistoryStore(), None)


def test_an_outage_stands_in_the_day_of_its_site(configuration: Configuration) -> None:
    parts, checks = make_parts(configuration), list(configuration.checks)
    history = recorder_of(parts, configuration)
    history.sample(BEGIN)
    play(parts, checks, range(1))
    history.sample(BEGIN + STEP)
    play(parts, checks, range(1, 30), silent="an-lam")
    history.sample(BEGIN + 2 * STEP)
    play(parts, checks, range(30, 33))
    history.sample(BEGIN + 3 * STEP)
    day = history.day("an-lam")
    assert day is not None
    assert day.states[-4:] == [State.UNKNOWN, State.UP, State.DOWN, State.UP]
    assert day.loss[-4] is None
    assert day.loss[-3] == 0.0
    assert day.loss[-2] == pytest.approx(29 / 30, abs=0.001)
    assert day.round_trips[-3] == pytest.approx(0.001)
    assert day.round_trips[-2] is None
    assert history.day("nowhere") is None


def test_it_reads_what_the_states_say(configuration: Configuration) -> None:
    """Of streams from columns, of other checks one by one: the same figures."""
    parts = make_parts(configuration)
    play(parts, list(configuration.checks), range(5))
    history = recorder_of(parts, configuration)
    history.sample(BEGIN)
    for site_id, site in configuration.inventory.sites.items():
        primary = parts.states.targets[site_id, next(iter(site.targets))].primary
        day = history.day(site_id)
        assert primary is not None
        assert day is not None
        assert day.loss[-1] == primary.quality.loss_ratio
        assert day.round_trips[-1] == pytest.approx(primary.quality.round_trip)


async def test_a_restart_goes_on_where_it_was(configuration: Configuration, tmp_path: Path) -> None:
    parts = make_parts(configuration)
    store = HistoryStore(tmp_path)
    history = HistoryRecorder(parts.states, configuration.inventory, store, None)
    play(parts, list(configuration.checks), range(30), silent="an-lam")
    history.sample(BEGIN)
    async with history.kept():
        pass
    again = make_parts(configuration)
    past = await HistoryStore(tmp_path).load()
    history = HistoryRecorder(again.states, configuration.inventory, HistoryStore(), past)
    play(again, list(configuration.checks), range(3))
    history.sample(BEGIN + 4 * STEP)
    day = history.day("an-lam")
    assert day is not None
    assert day.states[-5:] == [State.DOWN, None, None, None, State.UP]


def test_the_beat_looks_every_other_second_only(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = recorder_of(make_parts(configuration), configuration)
    looks: list[float] = []
    monkeypatch.setattr(history, "sample", looks.append)
    now = time.monotonic()
    for beat in range(26):
        monkeypatch.setattr(time, "monotonic", lambda beat=beat: now + 0.4 * beat)
        history.tick()
    assert len(looks) == 6


def test_a_reload_keeps_the_days(configuration: Configuration) -> None:
    parts = make_parts(configuration)
    play(parts, list(configuration.checks), range(1))
    parts.history.sample(BEGIN)
    sites = configuration.inventory.sites
    inventory = configuration.inventory.model_copy(update={"sites": {"hd-dc": sites["hd-dc"]}})
    parts.replace(make_configuration(inventory, make_checks(inventory)))
    parts.history.sample(BEGIN + STEP)
    day = parts.history.day("hd-dc")
    assert day is not None
    assert day.states[-2:] == [State.UP, State.UP]
    assert parts.history.day("nam-sach") is None
