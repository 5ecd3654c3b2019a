"""Every vendor's router, over real UDP: what it found out is what is reported."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from netwatch.core.check import Check, Router
from netwatch.core.credential import CommunityCredential
from netwatch.core.result import Outcome, Reason
from netwatch.probes.remote_ping import RemotePingParams, RemotePingProbe
from netwatch.probes.tasks import Measured
from tests.probes.remote_ping import routers
from tests.probes.remote_ping.routers import Operation, Ping, cisco, disman, huawei, juniper
from tests.probes.remote_ping.serving import COMMUNITY, serving

pytestmark = pytest.mark.slow

TARGET = "10.16.0.20"
BY_NAME = {"owner": "noc", "test": "gw"}
VENDORS = {
    "cisco_ip_sla": (cisco, 10, {"operation": 10}),
    "disman_ping": (disman, ("noc", "gw"), BY_NAME),
    "h3c_nqa": (disman, ("noc", "gw"), BY_NAME),
    "huawei_nqa": (huawei, ("noc", "gw"), BY_NAME),
    "juniper_rpm": (juniper, ("noc", "gw"), BY_NAME),
}
CREDENTIAL = CommunityCredential(SecretStr(COMMUNITY))


def check(
    port: int,
    profile: str,
    keys: dict[str, Any],
    timeout: float = 5.0,
    credential: CommunityCredential | None = CREDENTIAL,
    **changes: Any,
) -> Check[Any]:
    params = RemotePingParams.model_validate({"profile": profile, "port": port, **keys, **changes})
    return Check(
        *("tinh-uy", "exchange", "remote-ping", "remote-ping", TARGET, 60.0, timeout, params),
        credential=credential,
        flow="f",
        via=Router("127.0.0.1", "state-dc"),
    )


class Watch:
    """A router of one vendor with one operation, and a probe that reads it."""

    def __init__(self, profile: str, **router: Any) -> None:
        vendor, name, self.keys = VENDORS[profile]
        self.profile = profile
        self.operation = Operation(TARGET, name)  # type: ignore[arg-type]
        self.router = routers.Router(vendor, [self.operation], **router)  # type: ignore[arg-type]
        self.probe = RemotePingProbe(lambda _: None)

    def pings(self, *answered: bool, ago: float = 0.0, **more: Any) -> None:
        """Let the router have pinged, a second apart, the last one so long ago."""
        last = time.time() - ago
        for number, one in enumerate(answered):
            at = last - (len(answered) - 1 - number)
            self.operation.pings.append(Ping(at, one, **more))  # type: ignore[arg-type]

    async def look(self, *times: Callable[[], object], **changes: Any) -> list[Measured]:
        """Read it once before the first of these happenings, and once after each."""
        found = []
        async with serving(self.router.objects) as port:
            one = check(port, self.profile, self.keys, **changes)  # type: ignore[arg-type]
            found.append(await self.probe.measure(one))
            for happen in times:
                happen()
                found.append(await self.probe.measure(one))
        return found


every_vendor = pytest.mark.parametrize("profile", VENDORS)


def facts(measured: Measured) -> dict[tuple[str, ...], float]:
    return {(f.name, *(v for _, v in f.labels)): f.value for f in measured.facts}


@every_vendor
async def test_an_answer_is_a_success_with_its_time(profile: str) -> None:
    watch = Watch(profile)
    watch.pings(True)
    (measured,) = await watch.look()
    assert (measured.outcome, measured.reason) == (Outcome.SUCCESS, Reason.OK)
    assert measured.duration == pytest.approx(0.012)
    assert facts(measured) == {
        ("netwatch_media_loss_ratio", "round-trip"): 0.0,
        ("netwatch_media_rtt_seconds", "min"): pytest.approx(0.012),
        ("netwatch_media_rtt_seconds", "median"): pytest.approx(0.012),
        ("netwatch_media_rtt_seconds", "max"): pytest.approx(0.012),
    }


@every_vendor
async def test_silence_towards_the_router_is_a_failure(profile: str) -> None:
    watch = Watch(profile)
    watch.pings(False)
    (measured,) = await watch.look()
    assert (measured.outcome, measured.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
    assert facts(measured) == {("netwatch_media_loss_ratio", "round-trip"): 1.0}


@every_vendor
async def test_a_ping_counts_once(profile: str) -> None:
    watch = Watch(profile)
    watch.pings(True)
    before, unchanged, after = await watch.look(lambda: None, lambda: watch.pings(False))
    assert before.outcome is Outcome.SUCCESS
    assert (unchanged.outcome, unchanged.reason) == (Outcome.INVALID, Reason.NO_RESULT)
    assert "no newer result" in unchanged.detail
    assert after.outcome is Outcome.FAILURE


@every_vendor
async def test_a_stale_ping_proves_nothing(profile: str) -> None:
    watch = Watch(profile)
    watch.pings(True, ago=125)  # two intervals are 120 s
    (measured,) = await watch.look()
    assert (measured.outcome, measured.reason) == (Outcome.INVALID, Reason.NO_RESULT)
    assert "the last is 12" in measured.detail


@every_vendor
async def test_how_old_is_too_old_can_be_said(profile: str) -> None:
    watch = Watch(profile)
    watch.pings(True, ago=125)
    (measured,) = await watch.look(max_age="130s")
    assert measured.outcome is Outcome.SUCCESS


@every_vendor
async def test_the_operation_must_ping_the_target_of_the_flow(profile: str) -> None:
    watch = Watch(profile)
    watch.pings(True)
    watch.operation.target = "10.16.0.21"
    (measured,) = await watch.look()
    assert (measured.outcome, measured.reason) == (Outcome.INVALID, Reason.NO_RESULT)
    assert measured.detail == "the operation pings 10.16.0.21, not 10.16.0.20"


@every_vendor
async def test_an_operation_that_does_not_exist_is_told(profile: str) -> None:
    watch = Watch(profile)
    watch.router.operations.clear()
    (measured,) = await watch.look()
    assert (measured.outcome, measured.reason) == (Outcome.INVALID, Reason.NO_RESULT)
    assert "no such operation" in measured.detail


@every_vendor
async def test_a_ping_of_the_future_is_not_believed(profile: str) -> None:
    watch = Watch(profile)
    watch.pings(True, ago=-600)
    (measured,) = await watch.look()
    assert (measured.outcome, measured.reason) == (Outcome.INVALID, Reason.BAD_AGENT)
    assert "in the future" in measured.detail


@every_vendor
async def test_what_the_router_did_not_try_is_no_failure(profile: str) -> None:
    watch = Watch(profile)
    watch.pings(False, status=3 if profile == "huawei_nqa" else 9 if watch.keys == BY_NAME else 7)
    (measured,) = await watch.look()
    assert (measured.outcome, measured.reason) == (Outcome.INVALID, Reason.NO_RESULT)
    assert "could not try" in measured.detail


@pytest.mark.parametrize("profile", [name for name in VENDORS if name != "cisco_ip_sla"])
async def test_all_pings_since_the_last_look_count(profile: str) -> None:
    watch = Watch(profile)
    watch.pings(True)
    _, measured = await watch.look(lambda: watch.pings(False, True, False))
    assert measured.outcome is Outcome.SUCCESS
    assert measured.detail == "the router got 1 answers to 3 pings"
    assert facts(measured)["netwatch_media_loss_ratio", "round-trip"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("profile", [name for name in VENDORS if name != "cisco_ip_sla"])
@pytest.mark.parametrize("wrong", [-7200.0, 86400.0])
async def test_a_router_whose_clock_is_wrong_is_held_against_its_own(
    profile: str, wrong: float
) -> None:
    watch = Watch(profile, date=time.time() + wrong, zoned=False)
    watch.pings(True, ago=30 - wrong)
    (measured,) = await watch.look()
    assert measured.outcome is Outcome.SUCCESS, measured.detail


@pytest.mark.parametrize("profile", [name for name in VENDORS if name != "cisco_ip_sla"])
async def test_a_time_without_zone_is_in_the_zone_that_is_given(profile: str) -> None:
    watch = Watch(profile, zoned=False)
    watch.pings(True, ago=30)
    ours, utc = (await watch.look())[0], (await watch.look(zone="+00:00"))[0]
    assert ours.outcome is Outcome.SUCCESS, ours.detail
    assert (utc.outcome, utc.reason) == (Outcome.INVALID, Reason.BAD_AGENT)  # 7 h in the future


async def test_the_clock_of_a_cisco_wraps_after_497_days() -> None:
    watch = Watch("cisco_ip_sla", age=(2**32 - 500) / 100)
    watch.pings(True)
    watch.router.started -= 20  # the ping was before the wrap, the look is after it
    watch.operation.pings[0].at -= 20
    (measured,) = await watch.look()
    assert measured.outcome is Outcome.SUCCESS, measured.detail


async def test_microseconds_of_junos_are_not_lost() -> None:
    watch = Watch("juniper_rpm")
    watch.pings(True, seconds=0.000321)
    (measured,) = await watch.look()
    assert measured.duration == pytest.approx(0.000321)


@every_vendor
async def test_an_operation_that_never_completes_is_told_with_its_state(profile: str) -> None:
    watch = Watch(profile)
    watch.operation.state = 6 if profile == "cisco_ip_sla" else 4 if profile == "huawei_nqa" else 1
    (measured,) = await watch.look()
    assert (measured.outcome, measured.reason) == (Outcome.INVALID, Reason.NO_RESULT)
    assert measured.detail.endswith("the operation is active")


async def test_a_target_by_ipv6() -> None:
    watch = Watch("disman_ping")
    watch.operation.target = "fd00::20"
    watch.pings(True)
    async with serving(watch.router.objects) as port:
        one = replace(check(port, "disman_ping", BY_NAME), address="fd00::20")
        measured = await watch.probe.measure(one)
    assert measured.outcome is Outcome.SUCCESS, measured.detail
