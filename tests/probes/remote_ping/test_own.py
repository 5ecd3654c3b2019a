"""Operations of our own, at routers that keep the rules of RowStatus: made, read, destroyed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest
from pydantic import SecretStr
from pysnmp.proto.api import v2c
from pysnmp.smi.error import WrongValueError

from netwatch.core.check import MAX_OPERATIONS, Check, Router
from netwatch.core.credential import UserCredential
from netwatch.core.result import Outcome, Reason
from netwatch.probes.remote_ping import RemotePingParams, RemotePingProbe, rows
from netwatch.probes.tasks import Measured
from tests.probes.remote_ping import rttmon, table
from tests.probes.remote_ping.routers import Oid
from tests.probes.remote_ping.rttmon import Sla
from tests.probes.remote_ping.serving import serving
from tests.probes.remote_ping.table import PingTable, Row

pytestmark = pytest.mark.slow

USER = UserCredential(
    "netwatch", "sha256", SecretStr("auth-password"), "aes128", SecretStr("priv-password")
)
TARGET = "10.16.0.20"
OURS = (17, *b"netwatch/state-dc")


def check(port: int, flow: str = "f", profile: str = "disman_ping", **changes: Any) -> Check[Any]:
    keys = {"profile": profile, "own": True, "port": port}
    params = RemotePingParams.model_validate(keys).owned("state-dc", flow)
    made = Check(
        *("tinh-uy", "exchange", "remote-ping", "remote-ping", TARGET, 60.0, 10.0, params),
        credential=USER,
        flow=flow,
        via=Router("127.0.0.1", "state-dc", USER),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def reaching(*addresses: str, **more: Any) -> PingTable:
    return PingTable({ip_address(each).packed for each in addresses}, **more)


async def looks(router: PingTable | Sla, *checks: Check[Any], **changes: Any) -> list[Measured]:
    """What a probe measures, that lives as long as this takes."""
    async with serving(router.read, USER, router.write) as port:
        probe = RemotePingProbe(lambda _: None)
        try:
            wanted = checks or (check(port, **changes),)
            return [
                await probe.measure(
                    replace(one, params=one.params.model_copy(update={"port": port}))
                )
                for one in wanted
            ]
        finally:
            await probe.close()


@pytest.mark.parametrize("profile", ["disman_ping", "juniper_rpm", "h3c_nqa"])
async def test_it_is_made_read_and_destroyed(profile: str) -> None:
    router = reaching(TARGET, h3c=profile == "h3c_nqa")
    (measured,) = await looks(router, profile=profile)
    assert measured.outcome is Outcome.SUCCESS, measured.detail
    assert measured.detail == "the router got 3 answers to 3 pings"
    assert router.rows == {}


async def test_what_does_not_answer_the_router_fails() -> None:
    (measured,) = await looks(reaching())
    assert (measured.outcome, measured.reason) == (Outcome.FAILURE, Reason.TIMEOUT)


async def test_what_is_written_is_volatile_and_small() -> None:
    router = reaching(TARGET)
    await looks(router)
    assert {(column, value) for column, _, value in router.written} == {
        (table.STATUS, table.CREATE_AND_WAIT),
        (table.ADDRESS_TYPE, 1),
        (table.ADDRESS, bytes((10, 16, 0, 20))),
        (table.TIMEOUT, 2),
        (table.PROBES, 3),
        (table.FREQUENCY, 60),
        (table.MAX_ROWS, 50),
        (table.STORAGE, 2),
        (table.STATUS, table.ACTIVE),
        (table.ADMIN, 1),
        (table.STATUS, table.DESTROY),
    }
    assert {index[: len(OURS)] for _, index, _ in router.written} == {OURS}


async def test_it_is_made_once() -> None:
    router = reaching(TARGET)
    one = check(161)
    await looks(router, one, one, one)
    assert [value for column, _, value in router.written if column == table.ADMIN] == [1]


async def test_another_target_makes_another_operation() -> None:
    router = reaching("10.16.0.21")
    one = check(161)
    first, second = await looks(router, one, replace(one, address="10.16.0.21"))
    assert (first.outcome, second.outcome) == (Outcome.FAILURE, Outcome.SUCCESS)
    assert router.rows == {}


async def test_a_router_that_forgot_it_gets_it_again() -> None:
    router = reaching(TARGET)
    async with serving(router.read, USER, router.write) as port:
        probe = RemotePingProbe(lambda _: None)
        one = check(port)
        assert (await probe.measure(one)).outcome is Outcome.SUCCESS
        router.rows.clear()
        gone = await probe.measure(one)
        assert (gone.outcome, gone.reason) == (Outcome.INVALID, Reason.NO_RESULT)
        assert (await probe.measure(one)).outcome is Outcome.SUCCESS
        await probe.close()
    assert router.rows == {}


async def test_what_a_killed_run_left_is_destroyed_first_and_nothing_else() -> None:
    router = reaching(TARGET)
    left, foreign = (*OURS, 3, *b"old"), (3, *b"noc", 2, *b"gw")
    sibling = (8, *b"netwatch", 3, *b"old")
    router.rows = {index: Row(status=table.ACTIVE) for index in (left, foreign, sibling)}
    await looks(router)
    assert router.rows.keys() == {foreign, sibling}
    assert router.written[0] == (table.STATUS, left, table.DESTROY)


async def test_rows_that_can_not_be_destroyed_stop_the_making() -> None:
    router = reaching(TARGET, stubborn=True)
    router.rows[*OURS, 3, *b"old"] = Row(status=table.ACTIVE)
    (measured,) = await looks(router)
    assert (measured.outcome, measured.reason) == (Outcome.INVALID, Reason.NO_RESULT)
    assert "1 operations of a former run can't be destroyed" in measured.detail
    assert "remove those of owner netwatch/state-dc" in measured.detail
    assert all(value == table.DESTROY for _, _, value in router.written)


async def test_no_more_are_made_than_are_good_for_a_router() -> None:
    router = reaching(TARGET)
    checks = [check(161, f"flow-{number}") for number in range(MAX_OPERATIONS + 1)]
    *made, last = await looks(router, *checks)
    assert {measured.outcome for measured in made} == {Outcome.SUCCESS}
    assert last.outcome is Outcome.INVALID
    assert "10 operations are ours already" in last.detail
    assert router.rows == {}


async def test_without_leave_to_write_nothing_is_written() -> None:
    router = reaching(TARGET)
    (measured,) = await looks(router, via=Router("127.0.0.1", "state-dc", None))
    assert measured.outcome is Outcome.INVALID
    assert router.written == []


@pytest.mark.parametrize(
    "weak",
    [
        replace(USER, priv_protocol=None, priv_key=None),
        replace(USER, priv_protocol="des"),
        replace(USER, auth_protocol="md5"),
    ],
)
async def test_who_is_weak_may_not_write(weak: UserCredential) -> None:
    router = reaching(TARGET)
    (measured,) = await looks(router, via=Router("127.0.0.1", "state-dc", weak))
    assert "only SNMP v3 with authentication and privacy may write" in measured.detail
    assert router.written == []


async def test_wrong_keys_are_told_without_showing_them() -> None:
    router = reaching(TARGET)
    wrong = replace(USER, auth_key=SecretStr("another-password"))
    (measured,) = await looks(router, via=Router("127.0.0.1", "state-dc", wrong))
    assert measured.outcome is Outcome.INVALID
    assert "SET of pingCtlRowStatus: " in measured.detail
    assert "password" not in measured.detail
    assert router.written == []


async def test_a_refusal_names_the_object_and_leaves_nothing() -> None:
    router = reaching(TARGET)
    (measured,) = await looks(router, interval=0.4)  # rounds to nothing, but that is allowed
    assert measured.outcome is Outcome.SUCCESS
    bad = reaching(TARGET)
    bad.write = _no_storage(bad)  # type: ignore[method-assign]
    (measured,) = await looks(bad)
    assert "the router refuses to set pingCtlStorageType: wrongValue" in measured.detail
    assert bad.rows == {}


def _no_storage(router: PingTable):  # type: ignore[no-untyped-def]
    honest = router.write

    def write(bindings):  # type: ignore[no-untyped-def]
        for at, (name, _) in enumerate(bindings):
            if name[10] == table.STORAGE:
                raise WrongValueError(name=name, idx=at)
        honest(bindings)

    return write


async def test_a_cisco_gets_a_number_and_gives_it_back() -> None:
    router = Sla({ip_address(TARGET).packed})
    async with serving(router.read, USER, router.write) as port:
        probe = RemotePingProbe(lambda _: None)
        measured = await probe.measure(check(port, profile="cisco_ip_sla"))
        assert measured.outcome is Outcome.SUCCESS, measured.detail
        ((number, columns),) = router.rows.items()
        await probe.close()
    assert 1_000_000_000 <= number < 2_000_000_000
    assert bytes(columns[rttmon.OWNER]) == b"netwatch/state-dc"
    assert (int(columns[rttmon.FREQUENCY]), int(columns[rttmon.TIMEOUT])) == (60, 2000)
    assert int(columns[rttmon.LIFE]) == 3600, "it ends by itself when nobody is left"
    assert router.rows == {}


async def test_left_over_operations_of_a_cisco_are_known_by_their_owner() -> None:
    router = Sla({ip_address(TARGET).packed})
    for number, owner in ((10, b"noc"), (1_000_000_007, b"netwatch/state-dc")):
        router.rows[number] = {rttmon.OWNER: v2c.OctetString(owner)}
    await looks(router, profile="cisco_ip_sla")
    assert router.rows.keys() == {10}


async def test_an_operation_of_somebody_else_is_not_touched() -> None:
    router = Sla({ip_address(TARGET).packed})
    one = check(161, profile="cisco_ip_sla")
    assert isinstance(one.params, RemotePingParams)
    number = one.params.operation
    assert number is not None
    router.rows[number] = {rttmon.OWNER: v2c.OctetString(b"noc")}
    (measured,) = await looks(router, one)
    assert "an operation with our number belongs to somebody else" in measured.detail
    assert bytes(router.rows[number][rttmon.OWNER]) == b"noc"


async def test_an_operation_that_soon_ends_by_itself_is_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    router = Sla({ip_address(TARGET).packed})
    async with serving(router.read, USER, router.write) as port:
        probe = RemotePingProbe(lambda _: None)
        one = check(port, profile="cisco_ip_sla")
        assert (await probe.measure(one)).outcome is Outcome.SUCCESS
        (before,) = router.made.values()
        assert (await probe.measure(one)).outcome is Outcome.INVALID, "nothing new"
        now = time.monotonic
        monkeypatch.setattr(rows, "monotonic", lambda: now() + 1801)
        assert (await probe.measure(one)).outcome is Outcome.SUCCESS
        (after,) = router.made.values()
        await probe.close()
    assert after > before
    assert router.rows == {}


async def test_what_nobody_asks_for_any_more_is_destroyed() -> None:
    router = reaching(TARGET)
    gone = asyncio.Event()
    honest = router.write

    def write(bindings: list[tuple[Oid, object]]) -> None:
        honest(bindings)
        if not router.rows and table.ADMIN in {column for column, _, _ in router.written}:
            gone.set()

    async with serving(router.read, USER, write) as port:
        probe = RemotePingProbe(lambda _: None)
        await probe.measure(check(port, interval=0.6))
        async with asyncio.timeout(30):
            await gone.wait()
        await probe.close()


async def test_a_silent_router_does_not_keep_the_others_from_being_cleared() -> None:
    silent, good = reaching(TARGET), reaching(TARGET)
    probe = RemotePingProbe(lambda _: None)
    async with serving(good.read, USER, good.write) as port:
        async with serving(silent.read, USER, silent.write, "127.0.0.2") as lost:
            for flow in ("a", "b", "c"):
                await probe.measure(check(lost, flow, via=Router("127.0.0.2", "state-dc", USER)))
            await probe.measure(check(port, "d"))
        await probe.close()
    assert len(silent.rows) == 3
    assert good.rows == {}


async def test_a_router_that_answers_no_set_is_told_and_tried_again() -> None:
    router = reaching(TARGET)
    async with serving(router.read, USER) as port:  # its SETs fail
        probe = RemotePingProbe(lambda _: None)
        measured = await probe.measure(check(port))
        assert (measured.outcome, measured.reason) == (Outcome.INVALID, Reason.NO_RESULT)
        assert "SET of pingCtlRowStatus" in measured.detail
        await probe.close()


async def test_a_flow_moves_to_another_router_though_the_old_one_is_silent() -> None:
    old, new = reaching(TARGET), reaching(TARGET)
    probe = RemotePingProbe(lambda _: None)
    async with serving(old.read, USER, old.write, "127.0.0.2") as port:
        await probe.measure(check(port, via=Router("127.0.0.2", "state-dc", USER)))
        assert len(old.rows) == 1
    async with serving(new.read, USER, new.write) as port:
        measured = await probe.measure(check(port))
        assert measured.outcome is Outcome.SUCCESS, measured.detail
        await probe.close()
    assert new.rows == {}


async def test_left_over_operations_are_destroyed_though_none_is_wanted_any_more() -> None:
    router = reaching(TARGET)
    left, foreign = (*OURS, 3, *b"old"), (3, *b"noc", 2, *b"gw")
    router.rows = {index: Row(status=table.ACTIVE) for index in (left, foreign)}
    keys = {"profile": "disman_ping", "owner": "noc", "test": "gw", "port": 161}
    await looks(router, check(161, params=RemotePingParams.model_validate(keys)))
    assert router.rows.keys() == {foreign}
    assert router.written == [(table.STATUS, left, table.DESTROY)]


async def test_what_is_half_made_at_the_end_is_destroyed_too() -> None:
    router = reaching(TARGET)
    begun = asyncio.Event()

    def write(bindings: list[tuple[Oid, object]]) -> None:
        router.write(bindings)
        if router.rows:
            begun.set()

    async with serving(router.read, USER, write) as port:
        probe = RemotePingProbe(lambda _: None)
        probe.launch(check(port), time.monotonic())
        await begun.wait()
        assert table.ADMIN not in {column for column, _, _ in router.written}
        await probe.close()
    assert router.rows == {}
