"""What is known of routers' own pings, as data; and the SETs that are made of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.errors import ConfigError
from netwatch.core.result import Reason
from netwatch.snmp.load import parse_as
from netwatch.snmp.ping_rows import creation, destruction, number_of, owner_of
from netwatch.snmp.ping_rows import test_of as name_of
from netwatch.snmp.remote_ping import (
    RemotePing,
    index_of,
    load_remote_ping,
    remote_ping_names,
)

IDS = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?", fullmatch=True)
MAKING = [name for name in remote_ping_names() if load_remote_ping(name).making]
PINGED = {Reason.OK, Reason.TIMEOUT, Reason.NETWORK_UNREACHABLE, Reason.HOST_UNREACHABLE}

every_mib = pytest.mark.parametrize("name", remote_ping_names())


def test_all_vendors_are_there() -> None:
    assert remote_ping_names() == (
        *("cisco_ip_sla", "disman_ping", "h3c_nqa", "huawei_nqa", "juniper_rpm"),
    )
    assert MAKING == ["cisco_ip_sla", "disman_ping", "h3c_nqa", "juniper_rpm"]


@every_mib
def test_a_ping_is_answered_or_not_or_was_not_tried(name: str) -> None:
    outcomes = set(load_remote_ping(name).outcomes.values())
    assert {Reason.OK, Reason.TIMEOUT} <= outcomes <= PINGED | {Reason.PROTOCOL_ERROR}


@every_mib
def test_no_column_is_read_for_two_purposes(name: str) -> None:
    mib = load_remote_ping(name)
    columns = [mib.target, mib.state.oid, mib.status, mib.time.oid, mib.response.oid]
    assert len(set(columns)) == len(columns)


@pytest.mark.parametrize("name", MAKING)
def test_an_operation_is_made_in_its_row_and_destroyed_by_it(name: str) -> None:
    making = load_remote_ping(name).making
    assert making is not None
    first, *_ = steps = creation(making, "7.7", "netwatch/x", "10.0.0.1", 30.0)
    assert (first[0].oid, first[0].remark) in {
        (f"{making.row}.7.7", "createAndGo"),
        (f"{making.row}.7.7", "createAndWait"),
    }
    for sets in steps:
        assert len({each.oid for each in sets}) == len(sets)
        assert all(each.oid.endswith(".7.7") for each in sets)
    (destroyed,) = destruction(making, "7.7")
    assert (destroyed.oid, destroyed.value) == (f"{making.row}.7.7", 6)
    assert destroyed.name == first[0].name


@pytest.mark.parametrize("address", ["10.16.0.20", "fd00::20"])
def test_the_target_is_written_with_its_type(address: str) -> None:
    making = load_remote_ping("disman_ping").making
    assert making is not None
    shown = [str(each) for each in creation(making, "1", "o", address, 30.0)[0]]
    six = ":" in address
    assert f"pingCtlTargetAddressType {making.row[:-3]}.3.1 = integer {2 if six else 1}" in (
        line.partition(" (")[0] for line in shown
    )
    assert any(line.endswith(f"({address})") for line in shown)


@given(IDS, IDS)
def test_names_fit_an_index_and_numbers_their_range(collector: str, flow: str) -> None:
    owner, test = owner_of(collector), name_of(flow)
    assert owner.startswith("netwatch/")
    assert len(owner) <= 32
    assert len(test) <= 32
    assert 1_000_000_000 <= number_of(owner, flow) < 2_000_000_000


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_index_can_be_read_back(owner: str, test: str) -> None:
    mib = load_remote_ping("disman_ping")
    arcs = list(map(int, mib.index(None, owner, test).split(".")))
    read = []
    for _ in range(2):
        size = arcs.pop(0)
        read.append(bytes(arcs[:size]).decode())
        arcs = arcs[size:]
    assert (read, arcs) == ([owner, test], [])
    assert mib.index(None, owner, test) == f"{index_of(owner)}.{index_of(test)}"


def test_a_wrong_file_is_told_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"x\.yaml: outcomes\.1.*"):
        parse_as(RemotePing, "outcomes: {1: fine}", "x.yaml")


def test_another_maker_is_told() -> None:
    with pytest.raises(ConfigError, match="no MIB of remote pings 'nokia'; use one of cisco_ip"):
        load_remote_ping("nokia")
