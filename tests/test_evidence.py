"""What is found out when something goes down, and that it can't get out of hand."""

from __future__ import annotations

import logging
import queue
import threading
import time
from math import inf
from pathlib import Path
from typing import Any

import pytest

from netwatch.core.errors import StartError
from netwatch.core.result import Outcome, Readings, Reason, Sample
from netwatch.evidence import MAX_SILENT_HOPS, MAX_WAITING, Tracer, summary
from netwatch.flows.table import FlowTable
from netwatch.journal.file import NAME
from netwatch.journal.reader import read_events
from netwatch.journal.recorder import JournalRecorder
from netwatch.journal.writer import JournalWriter
from netwatch.meetings.monitor.monitor import MeetingMonitor
from netwatch.meetings.records.store import MeetingRecords
from netwatch.state.attachment import Key
from netwatch.state.check_status import MAX_SILENT, CheckStatus
from netwatch.state.graph import Graph
from netwatch.state.hysteresis import Hysteresis
from netwatch.trace import Hop, RawSocketsError, trace_now
from netwatch.web.view import build_status
from tests.harness.builders import (
    make_check,
    make_checks,
    make_configuration,
    make_inventory,
    make_result,
    make_states,
)

HOPS = [Hop(1, "10.16.0.1", 0.001), Hop(2, "", None), Hop(3, "10.25.0.1", 0.002), Hop(4, "", None)]


def test_where_a_path_ends() -> None:
    assert summary(HOPS, "10.25.1.1") == {"last_hop": "10.25.0.1", "distance": 3, "reached": False}
    assert summary(HOPS, "10.25.0.1")["reached"] is True
    silent = [Hop(1, "", None)]
    assert summary(silent, "10.25.1.1") == {"last_hop": None}
    said = {"last_hop": "10.16.0.1", "reached": False}
    assert summary(silent, "10.25.1.1", refused_by="10.16.0.1") == said
    assert summary(HOPS, "10.25.1.1", refused_by="10.16.0.1")["last_hop"] == "10.25.0.1"


def test_a_path_is_given_up_after_a_few_silent_hops() -> None:
    asked: list[int] = []

    def ask(_: str, distance: int) -> Hop:
        asked.append(distance)
        return Hop(distance, "10.16.0.1", 0.001) if distance == 2 else Hop(distance, "", None)

    hops = trace_now("10.25.0.1", max_silent=MAX_SILENT_HOPS, ask=ask)
    assert [hop.address for hop in hops] == ["", "10.16.0.1", *[""] * MAX_SILENT_HOPS]
    assert asked == list(range(1, MAX_SILENT_HOPS + 3))


def test_a_path_ends_at_the_router_that_has_no_way_on() -> None:
    hops = trace_now("10.25.0.1", ask=lambda _, distance: Hop(distance, "10.16.0.1", 0.001))
    assert [hop.distance for hop in hops] == [1]


def test_a_trace_that_comes_too_late_is_none() -> None:
    found: queue.Queue[Key] = queue.Queue()
    over: set[Key] = set()

    def trace(_: str) -> list[Hop]:
        over.add(("s", "ended meanwhile"))
        return HOPS

    late = Tracer(lambda key, _: found.put(key), trace, interval=0.0, max_age=-1.0)
    late.add(("s", "waited too long"), "127.0.0.1", lambda: True)
    tracer = Tracer(lambda key, _: found.put(key), trace, interval=0.0, max_age=inf)
    for name in ("ended meanwhile", "still down"):
        key = ("s", name)
        tracer.add(key, "127.0.0.1", lambda key=key: key not in over)
    assert found.get(timeout=20) == ("s", "still down")
    assert found.empty()


def test_traces_are_made_one_at_a_time_and_not_too_many() -> None:
    found: queue.Queue[Key] = queue.Queue()
    go = threading.Event()
    running: list[int] = []

    def trace(address: str) -> list[Hop]:
        running.append(threading.active_count())
        go.wait(20)
        return HOPS

    before = threading.active_count()
    tracer = Tracer(lambda key, _: found.put(key), trace, interval=0.0, max_age=inf)
    for number in range(100):
        tracer.add(("s", str(number)), "127.0.0.1", lambda: True)
    go.set()
    traced = [found.get(timeout=20) for _ in range(MAX_WAITING)]
    time.sleep(0.05)
    while not found.empty():
        traced.append(found.get())
    assert len(traced) <= MAX_WAITING + 1  # those that waited, and the one that was under way
    assert set(running) == {before + 1}


def test_without_the_right_to_trace_that_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    tried = threading.Semaphore(0)

    def trace(address: str) -> list[Hop]:
        tried.release()
        raise RawSocketsError("trace needs raw sockets; run it as root or with CAP_NET_RAW")

    tracer = Tracer(lambda *_: None, trace, interval=0.0, max_age=inf)
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            tracer.add(("s", str(number)), "127.0.0.1", lambda: True)
        assert tried.acquire(timeout=20)
        time.sleep(0.05)
    assert not tried.acquire(blocking=False)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_site_that_was_on_battery_has_a_power_cut(tmp_path: Path) -> None:
    targets = {
        "router": {"address": "127.1.0.1", "role": "router"},
        "ups": {"address": "127.1.1.1", "role": "router"},
    }
    site = {"tier": "commune", "name_vi": "Xã", "targets": targets}
    inventory = make_inventory(sites={"xa": site}, objectives={})
    checks = make_checks(inventory)
    poll = make_check("snmp", site="xa", target="ups", address="127.1.1.1", interval=60.0)
    writer = JournalWriter(tmp_path / NAME, keep=86400.0)
    writer.start()
    recorder = JournalRecorder(writer, None)
    states = make_states(inventory, checks, 0.0, Graph(inventory, "xa"), listener=recorder)
    recorder.resume(states, FlowTable(inventory, [], states.sighting, recorder))
    source = Readings((("upsOutputSource", ()),), (5.0,))
    recorder.batteries.report(make_result(poll, Outcome.SUCCESS, 0.0, samples=source))
    for turn in range(6):
        for check in checks:
            outcome = Outcome.FAILURE if turn > 1 else Outcome.SUCCESS
            states.report(make_result(check, outcome, 5.0 * turn))
        states.tick(5.0 * turn)
    writer.stop()
    found = [e for e in read_events(tmp_path / NAME, "xa", 0.0, 20) if e.evidence.get("power")]
    assert {event.evidence["power"]["target"] for event in found} == {"xa/ups"}


def test_the_near_end_of_the_line_is_noted(tmp_path: Path) -> None:
    sites = {
        site_id: {
            "tier": "commune",
            "name_vi": "Xã",
            "targets": {"router": {"address": f"127.1.{number}.1", "role": "router"}},
        }
        for number, site_id in enumerate(("top", "low"))
    }
    uplink = {"carrier": "VNPT", "capacity": "20M", "parent_interface": "Gi0/7"}
    sites["low"] |= {"parent": "top", "uplink": uplink}
    inventory = make_inventory(sites=sites, objectives={})
    checks = make_checks(inventory)
    poll = make_check("snmp", site="top", address="127.1.0.1", interval=60.0)
    configuration = make_configuration(inventory, [*checks, poll], Graph(inventory, "top"))
    writer = JournalWriter(tmp_path / NAME, keep=86400.0)
    writer.start()
    recorder = JournalRecorder(writer, None)
    states = make_states(
        inventory, configuration.checks, 0.0, configuration.graph, listener=recorder
    )
    flows = FlowTable(inventory, [], states.sighting, recorder)
    recorder.resume(states, flows)

    for turn in range(6):
        for check in checks:
            is_lost = check.site == "low" and turn > 1
            outcome = Outcome.FAILURE if is_lost else Outcome.SUCCESS
            states.report(make_result(check, outcome, 5.0 * turn))
        if turn == 3:
            labels = (("ifIndex", "7"), ("ifName", "Gi0/7"))
            samples = (
                Sample("sysUpTime", (), 100_000.0),
                Sample("ifOperStatus", labels, 7.0),
                Sample("ifLastChange", labels, 99_000.0),
            )
            states.report(make_result(poll, Outcome.SUCCESS, 15.0, samples=samples))
        states.tick(5.0 * turn)
    writer.stop()
    (event,) = read_events(tmp_path / NAME, "low", 0.0, 10)[:1]
    near = event.evidence["near_end"]
    assert (near["target"], near["interface"]) == ("top/router", "Gi0/7")
    assert near["oper_status"] == "lowerLayerDown"
    assert near["read"] - near["changed"] == pytest.approx(10.0)

    monitor = MeetingMonitor(
        configuration, states, lambda _: None, MeetingRecords(), launch=lambda _: None
    )
    page = build_status(
        inventory, states, flows, monitor, "here", recorder.evidence, 0.0, lambda _: None
    )
    (fault,) = page["faults"]
    assert fault["evidence"] is not None
    assert fault["evidence"]["near_end"] == near
    for turn in range(6, 9):
        for check in checks:
            states.report(make_result(check, Outcome.SUCCESS, 5.0 * turn))
        states.tick(5.0 * turn)
    assert "near_end" not in recorder.evidence.get(("low", "router"), {})


def test_who_said_that_there_is_no_way_on_is_remembered_until_it_answers() -> None:
    check = make_check()
    status = CheckStatus(check, Hysteresis(3, 2))
    no_way: dict[str, Any] = {"reason": Reason.NETWORK_UNREACHABLE, "detail": "from 10.16.0.1"}
    status.record(make_result(check, Outcome.FAILURE, **no_way))
    for _ in range(MAX_SILENT + 1):
        status.record(make_result(check, Outcome.FAILURE, reason=Reason.TIMEOUT))
    assert (status.last_failure, status.refusal) == (Reason.TIMEOUT, "from 10.16.0.1")
    status.record(make_result(check, Outcome.SUCCESS))
    assert status.refusal == ""


def test_a_target_to_which_nothing_can_be_sent_ends_no_other_trace() -> None:
    found: queue.Queue[Key] = queue.Queue()

    def trace(address: str) -> list[Hop]:
        if address == "127.0.0.2":
            raise StartError("trace 127.0.0.2: network is unreachable")
        return HOPS

    tracer = Tracer(lambda key, _: found.put(key), trace, interval=0.0, max_age=inf)
    tracer.add(("s", "no route"), "127.0.0.2", lambda: True)
    tracer.add(("s", "silent"), "127.0.0.1", lambda: True)
    assert found.get(timeout=20) == ("s", "silent")
