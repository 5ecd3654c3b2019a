"""The lab's services, asked by the real probes."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from netwatch import probes
from netwatch.core.result import Outcome
from netwatch.inventory.checks import CheckSpec
from netwatch.lab.certificate import BUNDLE, server_context
from netwatch.lab.mib import LabInterface
from netwatch.lab.province import Host
from netwatch.lab.services import LabService, services
from netwatch.lab.sip import respond
from netwatch.lab.world import LabDevice, World
from tests.harness.probe_bench import running

ADDRESS = "127.7.4.1"


def spec(**keys: Any) -> CheckSpec:
    return CheckSpec.model_validate({"interval": "60s", "timeout": "4s", **keys})


CHECKS = [
    spec(probe="sip"),
    spec(probe="sip", transport="tcp"),
    spec(probe="h323"),
    spec(probe="h323", service="gatekeeper"),
    spec(probe="stun"),
    spec(probe="stamp", port=10862, packets=10, gap="5ms"),
]


@asynccontextmanager
async def played(*played: LabService, tls: ssl.SSLContext | None = None) -> AsyncIterator[Host]:
    device = LabDevice(
        "x/codec", ADDRESS, "codec", "", None, 161, (), (LabInterface("eth0", 1e9),), played
    )
    host = Host(device, None, tls)
    await host.open()
    try:
        yield host
    finally:
        host.close()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.probe} {check.model_extra}")
async def test_a_device_answers_what_its_checks_ask(check: CheckSpec) -> None:
    kind = probes.kinds()[check.probe]
    async with played(*services([check])) as host, running(kind) as bench:
        keys = {"timeout": 1.0, **(check.model_extra or {})}
        assert (await bench.measure(ADDRESS, **keys)).outcome is Outcome.SUCCESS
        if check.probe != "h323" or "service" in keys:
            assert bench.last.get("ready", 1) == 1
        host.close()
        assert (await bench.measure(ADDRESS, **keys)).outcome is Outcome.FAILURE


@pytest.mark.parametrize(
    ("check", "keys"),
    [
        (spec(probe="http", port=10443), {"contains": "<title>"}),
        (spec(probe="http", scheme="http", port=10080), {}),
        (spec(probe="tls", port=10993), {}),
        (spec(probe="smtp", port=10025), {}),
    ],
    ids=lambda value: str(value.probe) if isinstance(value, CheckSpec) else "",
)
async def test_a_server_answers_as_portals_and_mail_do(
    check: CheckSpec, keys: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what runs inside the lab trusts its certificate as one of the system's."""
    tls = server_context(tmp_path, [ADDRESS])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / BUNDLE))
    kind = probes.kinds()[check.probe]
    async with played(*services([check]), tls=tls) as host, running(kind) as bench:
        keys = {"timeout": 60.0, **(check.model_extra or {}), **keys}
        result = await bench.measure(ADDRESS, **keys)
        assert result.outcome is Outcome.SUCCESS, result.detail
        host.close()
        assert (await bench.measure(ADDRESS, **keys)).outcome is Outcome.FAILURE


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_sip_endpoint_in_a_call_says_so(transport: str) -> None:
    check = spec(probe="sip", transport=transport)
    kind = probes.kinds()["sip"]
    async with played(*services([check])) as host, running(kind) as bench:
        keys = {"timeout": 1.0, **(check.model_extra or {})}
        host.in_call = True
        assert (await bench.measure(ADDRESS, **keys)).outcome is Outcome.SUCCESS
        assert (bench.last["ready"], bench.last["in_call"]) == (0, 1)
        host.in_call = False
        await bench.measure(ADDRESS, **keys)
        assert "in_call" not in bench.last


def test_what_the_lab_cannot_play_is_left_out() -> None:
    unplayable = [spec(probe="sip", transport="tls"), spec(probe="stun", turn=True)]
    assert services([*unplayable, spec(probe="tcp", port=443)]) == ()


def test_a_sip_endpoint_never_answers_a_call() -> None:
    call = b"INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKx\r\n\r\n"
    for in_call in (False, True):
        assert respond(call, in_call=in_call) is None
        assert respond(b"OPTIONS sip:x SIP/2.0\r\nVia: x\r\n", in_call=in_call) is None
        assert respond(b"", in_call=in_call) is None


def test_the_example_province_has_all_kinds(example: World) -> None:
    protocols = {each.protocol for device in example.devices.values() for each in device.services}
    assert protocols == {"sip", "h323", "gatekeeper", "stun", "stamp", "http", "smtp"}
