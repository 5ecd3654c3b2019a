"""One demo and one Prometheus for all of these tests: what happens, happens once.

They end with these tests: a simulated province keeps a processor busy.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.end_to_end.province import (
    CUT,
    FAULTS,
    FLAPS,
    FLAPS_TIMES,
    SECRETS,
    STATE,
    write_inventory,
)
from tests.harness import prometheus
from tests.harness.demo import Demo, playing
from tests.harness.prometheus import Prometheus
from tests.harness.requirements import require_namespaces, require_tool
from tests.harness.waiting import eventually

PATIENCE = 150.0
"""Seconds in which everything must have happened."""


@dataclass(frozen=True)
class Timeline:
    """A line is cut, and what follows from it. Unix seconds.

    Attributes:
        cut: the lab had cut it; from its log.
        first_failure: since when the state counts: the first probe that failed.
        page: the status page showed the site down.
        pending: the rule saw it.
        fired: the alert fired.
    """

    cut: float
    first_failure: float
    page: float
    pending: float
    fired: float

    def __str__(self) -> str:
        return "\n".join(
            f"{moment:7.1f} s  {what}"
            for moment, what in (
                (0.0, f"the lab has cut the line to {CUT}"),
                (self.first_failure - self.cut, "the first echo fails"),
                (self.page - self.cut, "the state is hard, and the page shows it"),
                (self.pending - self.cut, "Prometheus has it, the alert is pending"),
                (self.fired - self.cut, "the alert fires"),
            )
        )


@dataclass(frozen=True)
class Watched:
    """The province and those who watch it, after everything has gone wrong that the lab can do."""

    demo: Demo
    prometheus: Prometheus
    timeline: Timeline


@pytest.fixture(scope="package")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    require_namespaces()
    require_tool("prometheus")
    play = _demo(tmp_path_factory.mktemp("demo"))
    with play as province:
        watch = prometheus.running(tmp_path_factory.mktemp("prometheus"), province.listen)
        with watch as observer:
            _trouble_the_daemon(province, observer)
            timeline = _follow_the_cut(province, observer)
            eventually(partial(_has_stayed, province), PATIENCE, pause=1)
            yield Watched(province, observer, timeline)


@contextmanager
def _demo(directory: Path) -> Iterator[Demo]:
    """Play the example province, and watch it with the inventory of ``province.py``."""
    inventory = write_inventory(directory / "inventory")
    (directory / "faults.yaml").write_text(FAULTS, encoding="utf-8")
    state = {"NETWATCH_STATE_DIR": str(directory / STATE)}
    settings = {**SECRETS, **state, "NETWATCH_PAGE_URL": "https://netwatch.example"}
    with playing(directory, inventory, settings) as demo:
        yield demo


def _trouble_the_daemon(province: Demo, observer: Prometheus) -> None:
    """A pause that makes it skip slots, and a configuration that it must refuse."""
    slots = 'netwatch_slots_total{probe="icmp",outcome="run"} > 0'
    eventually(partial(observer.now, slots), PATIENCE)
    province.pause(2)
    (province.inventory / "extra.yaml").write_text("sites: {", encoding="utf-8")
    province.reload()


def _follow_the_cut(province: Demo, observer: Prometheus) -> Timeline:
    cut = eventually(lambda: province.events("fault", subject=CUT), PATIENCE)[0]["time"]
    eventually(lambda: province.site(CUT)["state"] == "down", PATIENCE, pause=0.2)
    page = time.time()
    eventually(lambda: _alerts(observer), PATIENCE, pause=0.5)
    pending = time.time()
    eventually(lambda: _alerts(observer, "firing"), PATIENCE, pause=0.5)
    return Timeline(cut, province.site(CUT)["since"], page, pending, time.time())


def _has_stayed(province: Demo) -> bool:
    """Whether the line that comes and goes has come back for good."""
    mended = province.events("fault", subject=FLAPS, action="end")
    return len(mended) == FLAPS_TIMES and province.site(FLAPS)["state"] != "down"


def _alerts(observer: Prometheus, state: str = "pending|firing") -> list[object]:
    labels = f'alertname="NetwatchLinkDown",site="{CUT}",alertstate=~"{state}"'
    return list(observer.now(f"ALERTS{{{labels}}}"))
