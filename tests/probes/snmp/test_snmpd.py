"""Against Debian's snmpd: values equal those that net-snmp's own tools read."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.core.result import Outcome, Reason
from netwatch.probes.snmp.agent import Agent
from tests.harness.ports import free_udp_port
from tests.harness.snmp_polls import Polls, check, label, poll, values
from tests.harness.snmpd import COMMUNITY, USERS, Snmpd, running

pytestmark = pytest.mark.slow

IF_ENTRY, IFX_ENTRY = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
STEADY = {
    f"{IF_ENTRY}.4": "ifMtu",
    f"{IF_ENTRY}.5": "ifSpeed",
    f"{IF_ENTRY}.7": "ifAdminStatus",
    f"{IF_ENTRY}.8": "ifOperStatus",
    f"{IF_ENTRY}.9": "ifLastChange",
    f"{IFX_ENTRY}.15": "ifHighSpeed",
    f"{IFX_ENTRY}.16": "ifPromiscuousMode",
    f"{IFX_ENTRY}.17": "ifConnectorPresent",
}
COUNTERS = {
    f"{IF_ENTRY}.10": "ifInOctets",
    f"{IF_ENTRY}.14": "ifInErrors",
    f"{IF_ENTRY}.19": "ifOutDiscards",
    f"{IFX_ENTRY}.6": "ifHCInOctets",
    f"{IFX_ENTRY}.7": "ifHCInUcastPkts",
    f"{IFX_ENTRY}.10": "ifHCOutOctets",
}


def read(snmpd: Snmpd, columns: dict[str, str]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for column, name in columns.items():
        for line in snmpd.walk(column):
            oid, value = line.split(" ", 1)
            found[name, oid.rpartition(".")[2]] = float(value)
    return found


@pytest.mark.parametrize("credential", [COMMUNITY, *USERS.values()], ids=["v2c", *USERS])
async def test_values_are_those_of_snmpbulkwalk(snmpd: Snmpd, credential: Credential) -> None:
    before = read(snmpd, COUNTERS)
    result = await poll(check(snmpd.port, credential))
    after = read(snmpd, COUNTERS)
    assert (result.outcome, result.reason, result.detail) == (Outcome.SUCCESS, Reason.OK, "")
    assert result.duration is not None
    assert 0 < result.duration < 2
    found = values(result)
    assert {key: found[key] for key in read(snmpd, STEADY)} == read(snmpd, STEADY)
    for key, first in before.items():
        assert first <= found[key] <= after[key], key


async def test_texts_and_labels(snmpd: Snmpd) -> None:
    result = await poll(check(snmpd.port, COMMUNITY))
    assert label(result, "sysLocation") == "Tủ mạng, tầng 2"
    assert label(result, "sysContact") == "noc@example.vn"
    assert label(result, "sysName") == "router-1"
    assert label(result, "sysObjectID") == "1.3.6.1.4.1.8072.3.2.10"
    (lo,) = (
        sample
        for sample in result.samples
        if sample.name == "ifType_info" and dict(sample.labels)["ifDescr"] == "lo"
    )
    assert dict(lo.labels) == {
        "ifIndex": "1",
        "ifName": "lo",
        "ifDescr": "lo",
        "ifAlias": "",
        "ifType": "softwareLoopback",
    }


async def test_profiles_are_chosen(snmpd: Snmpd) -> None:
    result = await poll(check(snmpd.port, COMMUNITY, profiles=["system"]))
    assert {sample.name for sample in result.samples} == {
        "sysUpTime",
        "sysDescr",
        "sysObjectID",
        "sysContact",
        "sysName",
        "sysLocation",
    }


async def test_an_engine_that_is_known_is_used_again(snmpd: Snmpd) -> None:
    polls = Polls()
    one = check(snmpd.port, USERS["sha256-aes128"])
    for _ in range(3):
        (result,) = await polls.run(one)
        assert result.outcome is Outcome.SUCCESS


async def test_an_engine_that_changed_costs_one_poll(snmpd: Snmpd) -> None:
    polls = Polls()
    one = check(snmpd.port, USERS["sha256-aes128"])
    (result,) = await polls.run(one)
    assert result.outcome is Outcome.SUCCESS
    polls.probe._devices[one.id].engine_id = b"\x80\x00\x00\x00\x04other"
    (result,) = await polls.run(one)
    assert result.outcome is Outcome.FAILURE
    (result,) = await polls.run(one)
    assert result.outcome is Outcome.SUCCESS


async def test_an_agent_that_restarts_in_the_middle_is_followed(tmp_path: Path) -> None:
    """Its boots are one more, and our notion of its time is wrong: notInTimeWindow (RFC 3414)."""
    name, port = "1.3.6.1.2.1.1.5.0", free_udp_port()
    with Agent("127.0.0.1", port, USERS["sha256-aes128"], 2.0) as agent:
        with running(tmp_path, port):
            engine = await agent.run(agent.open())
            assert await agent.run(agent.get([name])) == {name: b"router-1"}
        with running(tmp_path, port):
            async with asyncio.timeout(10):
                assert await agent.run(agent.get([name])) == {name: b"router-1"}
                assert await agent.run(agent.open()) == engine


USER = USERS["sha256-aes128"]


def user(name: str, auth: str, priv: str | None) -> UserCredential:
    level = ("aes128", SecretStr(priv)) if priv else (None, None)
    return UserCredential(name, "sha256", SecretStr(auth), *level)


@pytest.mark.parametrize(
    ("credential", "outcome", "reason"),
    [
        (CommunityCredential(SecretStr("wr0ng")), Outcome.FAILURE, Reason.TIMEOUT),
        (
            user(USER.user, "wr0ng-password", "priv-password"),
            Outcome.FAILURE,
            Reason.AUTHENTICATION,
        ),
        (
            user(USER.user, "auth-password", "wr0ng-password"),
            Outcome.FAILURE,
            Reason.AUTHENTICATION,
        ),
        (user(USER.user, "auth-password", None), Outcome.FAILURE, Reason.AUTHENTICATION),
        (user("nobody", "auth-password", None), Outcome.FAILURE, Reason.AUTHENTICATION),
        (user(USER.user, "5hort", None), Outcome.INVALID, Reason.LOCAL_ERROR),
        (None, Outcome.INVALID, Reason.LOCAL_ERROR),
    ],
    ids=["community", "auth key", "priv key", "level", "user", "short key", "none"],
)
async def test_wrong_credentials(
    snmpd: Snmpd,
    credential: Credential | None,
    outcome: Outcome,
    reason: Reason,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        result = await poll(check(snmpd.port, credential, timeout=0.4))
    assert (result.outcome, result.reason) == (outcome, reason)
    assert not result.samples
    assert result.duration is None
    assert result.detail
    for secret in ("wr0ng", "password", "5hort"):
        assert secret not in repr(result)
        assert secret not in caplog.text


async def test_one_poll_at_a_time_each_device(snmpd: Snmpd) -> None:
    first = check(snmpd.port, COMMUNITY, target="first")
    second = check(snmpd.port, COMMUNITY, target="second")
    one, two = await Polls().run(first, second)
    assert one.outcome is Outcome.SUCCESS
    assert (two.outcome, two.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)
    assert "another poll" in two.detail


async def test_close_drops_open_polls(snmpd: Snmpd) -> None:
    polls = Polls()
    polls.probe.launch(check(snmpd.port, COMMUNITY), time.monotonic())
    await polls.probe.close()
    assert not polls.results
