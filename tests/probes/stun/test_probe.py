"""The probe against coturn, and against servers of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from netwatch.core.result import Outcome, Reason
from netwatch.probes.stun import PROBE
from tests.probes.bench import Bench, running
from tests.probes.peers import HERE, closed_port, tcp_peer, udp_peer
from tests.probes.processes import certify, is_bound, process
from tests.tools import require_tool

COTURN = "127.7.1.4"


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running(PROBE) as bench:
        yield bench


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = require_tool("turnserver")
    directory = tmp_path_factory.mktemp("coturn")
    certify(directory)
    command = [program, "-n", "--no-cli", "--listening-ip", COTURN, "--relay-ip", COTURN]
    command += ["--lt-cred-mech", "--user", "room:test", "--realm", "tinh.test", "--fingerprint"]
    command += ["--cert", "cert.pem", "--pkey", "key.pem", "--userdb", "users.db", "--no-dtls"]
    command += ["--log-file", "stdout", "--pidfile", "pid"]
    with process(command, directory, lambda: is_bound(COTURN, 5349, "tcp")):
        yield COTURN


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_coturn_answers_a_binding_request(bench: Bench, coturn: str, transport: str) -> None:
    result = await bench.measure(coturn, transport=transport)
    assert result.outcome is Outcome.SUCCESS
    assert bench.last == {
        "reachable": 1,
        "stack_alive": 1,
        "ready": 1,
        "stun_mapped_address_info": 1,
    }
    assert dict(result.facts[-1].labels)["address"] == "127.0.0.1"


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_coturn_demands_a_password_for_a_relay(
    bench: Bench, coturn: str, transport: str
) -> None:
    result = await bench.measure(coturn, transport=transport, turn=True)
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "demands a password")
    assert bench.last == {"reachable": 1, "stack_alive": 1}


async def test_a_closed_port_is_refused_and_silence_a_timeout(bench: Bench) -> None:
    with closed_port() as port:
        result = await bench.measure(HERE, port=port)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.REFUSED)
    async with udp_peer(lambda _: []) as (port, received):
        result = await bench.measure(HERE, timeout=0.7, port=port)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
    assert len(received) == 2


def answer(request: bytes, kind: int, attributes: bytes) -> bytes:
    return kind.to_bytes(2, "big") + len(attributes).to_bytes(2, "big") + request[4:20] + attributes


ERROR_486 = bytes.fromhex("0009000400000456")
ERROR_300 = bytes.fromhex("0009000400000300")


@pytest.mark.parametrize(
    ("turn", "kind", "attributes", "reason", "facts"),
    [
        (False, 0x0101, b"", Reason.PROTOCOL_ERROR, {"stack_alive": 1, "ready": 0}),
        (False, 0x0111, ERROR_300, Reason.UNEXPECTED_ANSWER, {"stack_alive": 1}),
        (True, 0x0113, ERROR_486, Reason.UNEXPECTED_ANSWER, {"stack_alive": 1, "ready": 0}),
        (True, 0x0103, b"", Reason.OK, {"stack_alive": 1, "ready": 1}),
    ],
)
async def test_answers_are_told_apart(  # noqa: PLR0913, PLR0917
    bench: Bench, turn: bool, kind: int, attributes: bytes, reason: Reason, facts: dict[str, float]
) -> None:
    async with udp_peer(lambda request: [answer(request, kind, attributes)]) as (port, received):
        result = await bench.measure(HERE, port=port, turn=turn)
        await asyncio.sleep(0.05)
    assert result.reason is reason
    assert bench.last == {"reachable": 1, **facts}
    # An allocation that was given is given back at once.
    assert [data[1] for data in received] == ([3, 4] if kind == 0x0103 else [3 if turn else 1])


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", Reason.RESET),
        (b"\x01\x01\x00", Reason.RESET),
        (b"\x01\x01\xff\xff" + bytes(100_000), Reason.PROTOCOL_ERROR),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Reason.PROTOCOL_ERROR),
        (bytes(20), Reason.PROTOCOL_ERROR),
    ],
)
async def test_hostile_streams_end_in_one_result(bench: Bench, sent: bytes, reason: Reason) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(28)
        writer.write(sent)
        await writer.drain()

    async with tcp_peer(serve) as port:
        result = await bench.measure(HERE, port=port, transport="tcp")
    assert (result.outcome, result.reason) == (Outcome.FAILURE, reason)
