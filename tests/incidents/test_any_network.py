"""Whatever fails in whatever network, and comes back: each cause is one incident, and all end."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from netwatch.core.state import State
from netwatch.incidents.follower import IncidentFollower
from netwatch.incidents.sources.changes import Changes
from netwatch.incidents.sources.faults import FaultSource
from netwatch.incidents.store import IncidentStore
from netwatch.state.faults import open_faults
from tests.harness.failing_network import Network, Watch, slots

pytestmark = pytest.mark.slow

SEEDS = (*range(16), 24, 75, 92, 129, 193, 211, 367)
"""The last ones once found what is awaited twice, and sites that were counted a beat too long."""

SETTLED = 90
"""Seconds in which everything that answers again is known to."""


def network(chance: random.Random) -> Network:
    """A tree of up to nine sites, with some further lines."""
    sites = chance.randint(2, 8)
    parents = [chance.randrange(number + 1) for number in range(sites)]
    links = [
        (a, b)
        for _ in range(chance.randint(0, 2))
        if (a := chance.randint(0, sites)) != (b := chance.randint(0, sites))
    ]
    return Network(parents, links, [chance.randint(0, 2) for _ in range(sites + 1)])


def outside(found: Network) -> list[tuple[str, str]]:
    """All devices but those beside the collector."""
    return [key for key in list(found.keys()) if key[0] != "s0"]


def break_something(found: Network, chance: random.Random) -> None:
    if chance.random() < 0.6:
        found.cut.add(chance.choice(list(found.lines())))
    else:
        found.dead.add(chance.choice(outside(found)))


def mend_something(found: Network, chance: random.Random) -> None:
    broken = found.cut if found.cut and (chance.random() < 0.5 or not found.dead) else found.dead
    if broken:
        broken.remove(chance.choice(sorted(broken)))  # type: ignore[arg-type]


class Story:
    """A network, and the incidents that are made of what fails in it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.network = network(self.chance)
        changes = Changes()
        phases = [self.chance.random() for _ in range(7)]
        checks = slots(self.network, phases, [5.0])
        self.watch = Watch(self.network, checks, by_rows=True, listener=changes)
        inventory = self.network.inventory()
        source = FaultSource(self.watch.table, changes, {}, inventory)
        self.follower = IncidentFollower([source], IncidentStore(), inventory)

    def run(self, seconds: float) -> None:
        """Let time pass; at every beat what is at fault has its incident, and only one."""
        for _ in range(int(seconds / 0.5)):
            self.watch.run(0.5)
            self.follower.tick(time.time())
            certain = Counter(each.cause for each in self.follower if not each.is_suspected)
            faults = open_faults(self.watch.table)
            down = {str(each.root) for each in faults if each.state is State.DOWN}
            assert down <= certain.keys()
            assert set(certain.values()) <= {1}
            for fault in faults:
                behind = [each for each in self.follower if each.cause == str(fault.root)]
                cut_off = {site.site for each in behind for site in each.cut_off}
                assert len(cut_off) == fault.sites


@pytest.mark.parametrize("seed", SEEDS)
def test_each_cause_is_one_incident_and_all_of_them_end(seed: int) -> None:
    story = Story(seed)
    story.run(30)
    assert not story.follower.open
    for _ in range(4):
        for _ in range(story.chance.randint(1, 2)):
            break_something(story.network, story.chance)
        story.run(story.chance.choice([4, 12, 40]))
        mend_something(story.network, story.chance)
        story.run(story.chance.choice([2, 10, 40]))
    story.network.cut.clear()
    story.network.dead.clear()
    story.run(SETTLED)
    assert not story.follower.open
    for incident in story.follower.ended.values():
        assert incident.ended is not None
        assert incident.cut_off == []
