"""What devices report of the interfaces of lines, whatever they report."""

from __future__ import annotations

import time
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.check import InterfaceCheck
from netwatch.core.result import Outcome, Result, Sample
from netwatch.inventory.links import all_links
from netwatch.inventory.model import Inventory
from netwatch.state.lines import Lines
from tests.harness.builders import make_check, make_inventory, make_result

KEY = ("nam-sach", "router")


def inventory() -> Inventory:
    line = {"carrier": "VNPT", "capacity": "20M"}
    low = {"target": "an-lam/router", "interface": "Gi0/0"}
    links = {
        "one": {"a": {"target": "nam-sach/router", "interface": "Gi0/1"}, "b": low, **line},
        "two": {"a": {"target": "nam-sach/router", "interface": "Gi0/2"}, "b": low, **line},
    }
    return make_inventory(links=links)


def lines() -> Lines:
    watched = Lines()
    watched.watch(all_links(inventory()))
    return watched


def poll(*samples: tuple[str, str, float], outcome: Outcome = Outcome.SUCCESS) -> Result:
    told = tuple(Sample(name, (("ifName", port),), value) for name, port, value in samples)
    return make_result(make_check("snmp"), outcome, samples=told)


DOWN = (("ifOperStatus", "Gi0/1", 2.0), ("ifAdminStatus", "Gi0/1", 1.0))


def test_a_line_is_cut_when_an_end_says_so_and_whole_again_later() -> None:
    watched = lines()
    assert watched.record(poll(*DOWN)) == {"one"}
    assert watched.cut == {"one"}
    assert watched.record(poll(*DOWN)) == set()
    assert watched.record(poll(("ifOperStatus", "Gi0/1", 1.0))) == {"one"}
    assert watched.cut == set()


def test_what_is_said_of_one_interface_leaves_the_others_as_they_were() -> None:
    watched = lines()
    watched.record(poll(*DOWN, ("ifOperStatus", "Gi0/2", 1.0)))
    alone = InterfaceCheck.of(make_check("snmp"), "Gi0/2")
    down = (Sample("ifOperStatus", (("ifName", "Gi0/2"),), 2.0),)
    assert watched.record(make_result(alone, Outcome.SUCCESS, samples=down)) == {"two"}
    assert watched.cut == {"one", "two"}


def test_a_port_that_was_shut_down_on_purpose_is_no_cut_line() -> None:
    watched = lines()
    shut = (("ifOperStatus", "Gi0/1", 2.0), ("ifAdminStatus", "Gi0/1", 2.0))
    assert watched.record(poll(*shut)) == set()


def test_a_device_that_does_not_answer_changes_nothing_until_that_is_too_old() -> None:
    watched = lines()
    watched.record(poll(*DOWN))
    assert watched.record(poll(outcome=Outcome.FAILURE)) == set()
    assert watched.cut == {"one"}
    assert watched.forget(KEY) == {"one"}
    assert watched.forget(KEY) == set()


def test_a_line_that_is_no_longer_watched_is_forgotten() -> None:
    watched = lines()
    watched.record(poll(*DOWN))
    watched.watch({})
    assert watched.cut == set()


NAMES = st.sampled_from(["ifOperStatus", "ifAdminStatus", "ifLastChange", "sysUpTime", "other"])
PORTS = st.sampled_from(["Gi0/1", "Gi0/2", "Gi0/3", ""])
SAMPLES = st.lists(st.tuples(NAMES, PORTS, st.floats()), max_size=8)


@given(st.lists(SAMPLES, max_size=6))
def test_whatever_a_device_says_the_count_stays_right(
    polls: list[list[tuple[str, str, float]]],
) -> None:
    watched = lines()
    for samples in polls:
        before = set(watched.cut)
        assert watched.record(poll(*samples)) == before ^ watched.cut
        assert watched.cut <= {"one", "two"}
        for link in ("one", "two"):
            port = watched.interface(KEY, link)
            assert port is None or port.changed is None or isfinite(port.changed)


def test_the_moment_of_a_cut_is_what_the_device_says_between_two_polls() -> None:
    watched = lines()

    def read(at: float, *, ago: float, oper: float) -> None:
        told = (Sample("sysUpTime", (), 90_000.0), *_port(oper, 90_000.0 - 100.0 * ago))
        check = make_check("snmp")
        watched.record(make_result(check, Outcome.SUCCESS, at, samples=told))

    read(100.0, ago=50.0, oper=1.0)
    read(160.0, ago=20.0, oper=2.0)
    assert watched.cut_at("one") == pytest.approx(140.0, abs=0.1)
    assert watched.cut_since("one") == pytest.approx(time.time() - 20.0, abs=10.0)
    read(220.0, ago=80.0, oper=2.0)
    assert watched.cut_at("one") == pytest.approx(140.0, abs=0.1)
    read(280.0, ago=0.0, oper=1.0)
    read(340.0, ago=900.0, oper=2.0)  # it can't have been then
    assert watched.cut_at("one") == 340.0  # an answer before that proves nothing


def _port(oper: float, changed: float) -> tuple[Sample, ...]:
    labels = (("ifName", "Gi0/1"),)
    return Sample("ifOperStatus", labels, oper), Sample("ifLastChange", labels, changed)
