"""A day with meetings: rooms answer as they are told, and tests turn the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from netwatch.core.check import Check
from netwatch.core.facts import IN_CALL, READY
from netwatch.core.result import Outcome, Sample
from netwatch.inventory.model import Inventory
from netwatch.meetings.meeting import Meeting
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.monitor.monitored import MonitoredMeeting
from netwatch.meetings.plan import MeetingPlan
from netwatch.meetings.records.store import MeetingRecords
from netwatch.state.graph import Graph
from tests.harness.builders import (
    make_check,
    make_configuration,
    make_inventory,
    make_result,
    make_states,
)
from tests.harness.meetings import START, make_meeting

ROOMS = ("nam-sach/codec", "an-lam/codec")
END = START + timedelta(hours=2)


def province() -> Inventory:
    line = {"carrier": "VNPT", "capacity": "20M"}
    made = make_inventory()
    sites = {id_: site.model_dump(exclude_none=True) for id_, site in made.sites.items()}
    sites["hd-dc"]["targets"]["router"] = {"address": "127.1.0.2", "role": "router"}
    sites["an-lam"]["targets"]["codec"] = {"address": "127.1.2.20", "role": "codec"}
    for site_id in ("nam-sach", "an-lam"):
        sites[site_id]["uplink"] = line
    inventory = make_inventory(sites=sites)
    at_once = inventory.preflight.model_copy(update={"within": 1.1, "every": 1.1})
    return inventory.model_copy(update={"preflight": at_once})


class MeetingDay:
    """A monitor, and rooms that answer as they are told.

    Attributes:
        broken: rooms that don't answer.
        calling: rooms that are in a call.
        unmeasured: rooms of which no result comes, as on a machine that can't keep up.
        asked: rooms that were asked, in order.
        load: bits a second on every line.
    """

    def __init__(self, *meetings: Meeting, records: MeetingRecords | None = None) -> None:
        inventory = province()
        checks = tuple(
            make_check(probe, site, target="codec", interval=60.0, timeout=0.1)
            for site in ("nam-sach", "an-lam")
            for probe in ("icmp", "sip:5060/udp")
        )
        graph = Graph(inventory, "hd-dc")
        self.states = make_states(inventory, checks, time.monotonic(), graph)
        self.records = records or MeetingRecords()
        self.monitor = MeetingMonitor(
            make_configuration(inventory, checks, graph),
            self.states,
            lambda _: self.load,
            self.records,
            self._answer,
        )
        self.broken: set[str] = set()
        self.calling: set[str] = set()
        self.unmeasured: set[str] = set()
        self.asked: list[str] = []
        self.was_asked = asyncio.Event()
        self.load: float | None = None
        self.moment = time.monotonic()
        self.plan(meetings, START - timedelta(days=1))

    def plan(self, meetings: Iterable[Meeting], now: datetime) -> None:
        self.monitor.follow(MeetingPlan(coming=tuple(meetings)), now)

    async def at(self, now: datetime) -> MonitoredMeeting:
        """Turn the clock to a moment, and let what begins then come to its end."""
        self.moment += 2.0
        for _ in range(2):
            await self.monitor.turn(now, self.moment)
            rounds = {task for task in asyncio.all_tasks() if task.get_name() == "preflight round"}
            if rounds:
                await asyncio.wait(rounds)
        return self.monitor.meetings()[0]

    def _answer(self, check: Check) -> None:
        room = f"{check.site}/{check.target}"
        self.asked.append(room)
        self.was_asked.set()
        if room in self.unmeasured:
            return
        now = time.monotonic()
        facts: tuple[Sample, ...] = ()
        if check.kind == "sip":
            facts = (READY.sample(1), IN_CALL.sample(float(room in self.calling)))
        outcome = Outcome.FAILURE if room in self.broken else Outcome.SUCCESS
        self.states.report(make_result(check, outcome, now, facts=facts))


def make_online_meeting(**changes: Any) -> Meeting:
    """A meeting of both rooms, with calls of 8 Mbit/s."""
    return make_meeting(**({"endpoints": ROOMS, "bandwidth": 8e6} | changes))
