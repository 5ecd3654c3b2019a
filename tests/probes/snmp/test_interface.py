"""One interface, asked for alone, of Debian's snmpd and of an agent that was restarted."""

from __future__ import annotations

import asyncio

import pytest

from netwatch.core.check import Check, InterfaceCheck
from netwatch.core.credential import Credential
from netwatch.core.result import Outcome, Result
from tests.harness.snmp_polls import Polls, check, values
from tests.harness.snmpd import COMMUNITY, USERS, Snmpd

pytestmark = pytest.mark.slow

PATIENT = 30.0
"""Seconds; a busy machine is no silent agent."""


def alone(credential: Credential | None, port: int, name: str = "lo") -> Check:
    return InterfaceCheck.of(check(port, credential, timeout=PATIENT), name)


def told(result: Result) -> dict[str, float]:
    assert result.outcome is Outcome.SUCCESS, result
    return {sample.name: sample.value for sample in result.samples}


@pytest.mark.parametrize("credential", [COMMUNITY, USERS["sha256-aes128"]], ids=["v2c", "v3"])
async def test_one_interface_is_told_as_a_poll_tells_it(
    snmpd: Snmpd, credential: Credential
) -> None:
    polls = Polls()
    (whole,) = await polls.run(check(snmpd.port, credential, timeout=PATIENT))
    (result,) = await polls.run(alone(credential, snmpd.port))
    by_poll = values(whole)
    found = told(result)
    assert found.pop("sysUpTime") >= by_poll["sysUpTime", ""]
    names = "ifAdminStatus", "ifOperStatus", "ifLastChange"
    assert found == {name: by_poll[name, "1"] for name in names}
    labels = {sample.labels for sample in result.samples if sample.name != "sysUpTime"}
    assert labels == {(("ifName", "lo"),)}


async def test_an_interface_that_has_another_number_by_now_is_looked_up_anew(snmpd: Snmpd) -> None:
    polls = Polls()
    one = alone(COMMUNITY, snmpd.port)
    for number in ("2", "99999"):  # another interface's, and none's
        await polls.run(one)
        (device,) = polls.probe._devices.values()
        assert device.interfaces == {"lo": "1"}
        device.interfaces["lo"] = number
        (result,) = await polls.run(one)
        assert told(result)["ifOperStatus"] == 1.0


async def test_of_an_interface_that_is_not_there_nothing_is_told(snmpd: Snmpd) -> None:
    (result,) = await Polls().run(alone(COMMUNITY, snmpd.port, "Gi9/99"))
    assert told(result) == {}


async def test_it_does_not_wait_for_a_poll_that_is_under_way(snmpd: Snmpd) -> None:
    polls = Polls()
    whole = check(snmpd.port, COMMUNITY, timeout=PATIENT, target="whole")
    poll = asyncio.create_task(polls.run(whole, alone(COMMUNITY, snmpd.port)))
    results = await poll
    assert [result.outcome for result in results] == [Outcome.SUCCESS] * 2
    assert len(results[1].samples) == 4
