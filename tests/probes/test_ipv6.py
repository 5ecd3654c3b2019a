"""The probes of meetings over IPv6."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network
from typing import Any

import pytest

from netwatch import probes
from netwatch.core.result import Outcome
from netwatch.lab.gatekeeper import requested_number
from netwatch.lab.stun import binding_success
from netwatch.media.reflector import Reflector, bind
from tests.harness.peers import Reply, tcp_peer, udp_peer
from tests.harness.probe_bench import Bench, running
from tests.harness.sip_answers import reply_to

SIX = "::1"


def reject(request: bytes) -> list[bytes]:
    assert len(request) == 32  # with an address of 16 octets
    assert requested_number(request)
    return [b"\x08\x00" + request[2:4]]


PEERS: dict[str, Reply] = {
    "sip": lambda request: [reply_to(request)],
    "h323": reject,
    "stun": lambda request: [binding_success(request, (SIX, 4242)) or b""],
}


@pytest.mark.parametrize("name", PEERS)
async def test_over_udp(name: str) -> None:
    keys: dict[str, Any] = {"service": "gatekeeper"} if name == "h323" else {}
    async with running(probes.kinds()[name]) as bench, udp_peer(PEERS[name], SIX) as (port, _):
        result = await bench.measure(SIX, port=port, **keys)
    assert result.outcome is Outcome.SUCCESS
    assert bench.last["stack_alive"] == 1


async def test_over_tcp() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply_to(await reader.readuntil(b"\r\n\r\n")))
        await writer.drain()

    async with running(probes.kinds()["sip"]) as bench, tcp_peer(serve, SIX) as port:
        result = await bench.measure(SIX, port=port, transport="tcp")
    assert result.outcome is Outcome.SUCCESS


async def measured(bench: Bench, port: int) -> dict[tuple[str, ...], float]:
    keys: dict[str, Any] = {"packets": 20, "gap": "5ms", "timeout": 1.2}
    result = await bench.measure(SIX, port=port, **keys)
    assert result.detail == "0 of 20 lost"
    return {(fact.name, *(v for _, v in fact.labels)): fact.value for fact in result.facts}


async def test_a_stream_and_its_marks() -> None:
    reflector = Reflector([ip_network("::1")])
    sock = bind(SIX, 0)
    reflector.open(sock)
    async with running(probes.kinds()["stamp"]) as bench:
        found = await measured(bench, sock.getsockname()[1])
    reflector.close()
    assert found["netwatch_media_received_dscp", "forward"] == 46
    assert found["netwatch_media_received_dscp", "backward"] == 46
