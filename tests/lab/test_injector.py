from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from netwatch.lab.child import Child
from netwatch.lab.faults import Fault
from netwatch.lab.impairment import UNIMPAIRED, Impairment, from_message
from netwatch.lab.injector import FaultInjector
from netwatch.lab.log import Log
from netwatch.lab.loss import LossProcess
from netwatch.lab.world import World

RDP, SMB = ("10.30.0.30", 6, 3389), ("10.30.0.30", 6, 445)
NORTH = {"10.30.1.1", "fd30::1:20", "10.30.2.1", "10.30.3.1"}


class Helper:
    """Stands for a process: keeps what it was told as the state that would follow."""

    def __init__(self) -> None:
        self.impairments: dict[str, dict[str, Any]] = {}
        self.barriers: list[tuple[str, int, int]] = []
        self.down: set[tuple[str, str]] = set()
        self.silent: set[str] = set()
        self.restarted: list[str] = []
        self.calling: set[str] = set()

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        match message["do"]:
            case "impair":
                self.impairments |= dict.fromkeys(message["addresses"], message["impairment"])
            case "bar":
                self.barriers = message["barriers"]
            case "line" if message["up"]:
                self.down -= set(message["ends"])
            case "line":
                self.down |= set(message["ends"])
            case "restart":
                self.restarted.append(message["device"])
            case "silence":
                self.silent |= set(message["addresses"])
            case "call":
                self.calling = set(message["addresses"])
            case "speak":
                self.silent -= set(message["addresses"])
        return {"time": 1000.0, "monotonic": 10.0}

    def cut(self) -> set[str]:
        return {address for address, impairment in self.impairments.items() if impairment["cut"]}


class Scene:
    def __init__(self, world: World, path: Path, log: Log, *, wire: bool) -> None:
        self.relay, self.province = Helper(), Helper()
        self._path = path
        relay = cast("Child", self.relay) if wire else None
        self.injector = FaultInjector(world, relay, cast("Child", self.province), log)

    def impairment(self, address: str) -> Impairment:
        """What the wire was told, as it arrives there."""
        return from_message(json.loads(json.dumps(self.relay.impairments[address])))

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines()]


def fault(**keys: Any) -> Fault:
    return Fault.model_validate({"at": "0s", "for": "9s", **keys})


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log(tmp_path / "log") as opened:
        yield opened


@pytest.fixture
def scene(world: World, tmp_path: Path, log: Log) -> Scene:
    return Scene(world, tmp_path / "log", log, wire=True)


@pytest.fixture
def loopback(world: World, tmp_path: Path, log: Log) -> Scene:
    return Scene(world, tmp_path / "log", log, wire=False)


def test_a_cut_district_takes_its_communes_along(scene: Scene) -> None:
    cut = fault(cut="north")
    scene.injector.begin(cut)
    assert scene.relay.cut() == NORTH
    assert scene.province.down == {("north/router", "Gi0/0"), ("centre/router", "Gi0/1")}
    scene.injector.end(cut)
    assert scene.relay.cut() == set()
    assert scene.province.down == set()


def test_a_cut_line_is_a_cut_site_where_there_is_no_second_one(scene: Scene) -> None:
    scene.injector.begin(fault(cut="north-uplink"))
    assert scene.relay.cut() == NORTH


def test_one_of_two_lines_only_takes_its_interfaces_down(scene: Scene) -> None:
    scene.injector.begin(fault(cut="south-uplink"))
    assert scene.relay.cut() == set()
    assert scene.province.down == {("south/router", "Gi0/0"), ("centre/router", "Gi0/2")}


def test_overlapping_faults_end_each_for_itself(scene: Scene) -> None:
    district, commune = fault(cut="north"), fault(cut="north-one")
    lossy = fault(loss={"site": "north", "ratio": "10%"})
    for each in (district, commune, lossy):
        scene.injector.begin(each)
    scene.injector.end(district)
    assert scene.relay.cut() == {"10.30.2.1"}
    assert scene.impairment("10.30.3.1") == Impairment(losses=(LossProcess(0.1),))
    scene.injector.end(lossy)
    assert scene.impairment("10.30.2.1") == Impairment(cut=True)


@pytest.mark.parametrize(
    ("entry", "impairment"),
    [
        (
            {"loss": {"site": "south", "ratio": "20%", "burst": "4"}},
            Impairment(losses=(LossProcess(0.2, 4.0),)),
        ),
        (
            {"loss": {"site": "south", "ratio": "20%", "way": "back"}},
            Impairment(losses_back=(LossProcess(0.2),)),
        ),
        ({"duplicate": {"site": "south", "ratio": "5%"}}, Impairment(duplicate=0.05)),
        (
            {"reorder": {"site": "south", "ratio": "5%", "by": "30ms"}},
            Impairment(reorder=0.05, reorder_by=0.03),
        ),
    ],
)
def test_a_fault_becomes_an_impairment(
    scene: Scene, entry: dict[str, Any], impairment: Impairment
) -> None:
    each = fault(**entry)
    scene.injector.begin(each)
    assert scene.impairment("10.30.4.1") == impairment
    scene.injector.end(each)
    assert scene.impairment("10.30.4.1") == UNIMPAIRED


def test_a_blind_collector_reaches_nobody_and_no_line_is_down(scene: Scene, world: World) -> None:
    blind = fault(blind="state-dc")
    scene.injector.begin(blind)
    assert scene.relay.cut() == {a for addresses in world.addresses.values() for a in addresses}
    assert scene.province.down == set()
    scene.injector.end(blind)
    assert scene.relay.cut() == set()


def test_a_rebooted_device_is_silent_and_begins_anew(scene: Scene) -> None:
    reboot = fault(reboot="centre/switch-1")
    scene.injector.begin(reboot)
    assert scene.relay.cut() == {"10.30.0.2"}
    assert scene.province.restarted == []
    scene.injector.end(reboot)
    assert scene.relay.cut() == set()
    assert scene.province.restarted == ["centre/switch-1"]


def test_an_opened_flow_stays_open_when_another_fault_of_its_address_is_over(scene: Scene) -> None:
    leak, slow = fault(open="no-rdp"), fault(delay={"site": "centre", "delay": "20ms"})
    scene.injector.begin(leak)
    scene.injector.begin(slow)
    assert not scene.impairment(RDP[0]).cut
    scene.injector.end(slow)
    assert scene.impairment(RDP[0]) == UNIMPAIRED


def test_an_opened_flow_passes_until_it_is_closed_again(scene: Scene) -> None:
    scene.injector.raise_barriers()
    assert scene.relay.barriers == [RDP, SMB]
    leak = fault(open="no-rdp")
    scene.injector.begin(leak)
    assert scene.relay.barriers == [SMB]
    scene.injector.end(leak)
    assert scene.relay.barriers == [RDP, SMB]


@pytest.mark.parametrize("wire", [True, False])
def test_who_is_in_two_calls_stays_in_one(
    world: World, tmp_path: Path, log: Log, *, wire: bool
) -> None:
    scene = Scene(world, tmp_path / "log", log, wire=wire)
    everybody, each = fault(call="north"), fault(call="north-one")
    scene.injector.begin(everybody)
    scene.injector.begin(each)
    assert scene.province.calling == NORTH
    scene.injector.end(everybody)
    assert scene.province.calling == {"10.30.2.1"}
    scene.injector.end(each)
    assert scene.province.calling == set()
    assert scene.relay.impairments == {}
    assert [event["kind"] for event in scene.events()] == ["call"] * 4


def test_the_log_says_when_the_wire_had_done_it(scene: Scene) -> None:
    cut = fault(cut="north")
    scene.injector.begin(cut)
    scene.injector.end(cut)
    begin, end = scene.events()
    assert (begin["action"], end["action"]) == ("begin", "end")
    assert (begin["kind"], begin["subject"]) == ("cut", "north")
    assert (begin["time"], begin["monotonic"]) == (1000.0, 10.0)
    assert set(begin["addresses"]) == NORTH


def test_without_a_wire_devices_fall_silent(loopback: Scene) -> None:
    cut = fault(cut="north")
    loopback.injector.begin(cut)
    assert loopback.province.silent == NORTH
    loopback.injector.end(cut)
    assert loopback.province.silent == set()


@pytest.mark.parametrize(
    "entry", [{"loss": {"site": "north", "ratio": "10%"}}, {"blind": "state-dc"}]
)
def test_without_a_wire_nothing_else_is_pretended(loopback: Scene, entry: dict[str, Any]) -> None:
    other = fault(**entry)
    loopback.injector.begin(other)
    loopback.injector.end(other)
    assert [event["event"] for event in loopback.events()] == ["skipped"]
