"""The probe against coturn, and against servers of the test's own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from netwatch.core.login import Login
from netwatch.core.result import Outcome, Reason, Result
from netwatch.probes.stun import PROBE
from netwatch.probes.stun.credentials import Challenge, credentials_for
from tests.harness.peers import HERE, closed_port, tcp_peer, udp_peer
from tests.harness.probe_bench import Bench, running
from tests.harness.processes import certify, is_bound, process
from tests.harness.requirements import require_tool
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

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
    assert {*Counter(received).values()} == {2}, "it is sent again, once"


def answer(request: bytes, kind: int, attributes: bytes) -> bytes:
    return kind.to_bytes(2, "big") + len(attributes).to_bytes(2, "big") + request[4:20] + attributes


RELAYED = bytes.fromhex("001600080001e112e112a643")
ERROR_486 = bytes.fromhex("0009000400000456")
ERROR_300 = bytes.fromhex("0009000400000300")


@pytest.mark.parametrize(
    ("turn", "kind", "attributes", "reason", "facts"),
    [
        (False, 0x0101, b"", Reason.PROTOCOL_ERROR, {"stack_alive": 1, "ready": 0}),
        (False, 0x0111, ERROR_300, Reason.UNEXPECTED_ANSWER, {"stack_alive": 1}),
        (True, 0x0113, ERROR_486, Reason.UNEXPECTED_ANSWER, {"stack_alive": 1, "ready": 0}),
        (True, 0x0103, b"", Reason.PROTOCOL_ERROR, {"stack_alive": 1, "ready": 0}),
        (True, 0x0103, RELAYED, Reason.OK, {"stack_alive": 1, "ready": 1}),
    ],
)
async def test_answers_are_told_apart(  # noqa: PLR0913, PLR0917
    bench: Bench, turn: bool, kind: int, attributes: bytes, reason: Reason, facts: dict[str, float]
) -> None:
    def reply(request: bytes) -> list[bytes]:
        is_refresh = request[1] == 4
        return [answer(request, 0x0104 if is_refresh else kind, b"" if is_refresh else attributes)]

    async with udp_peer(reply) as (port, received):
        result = await bench.measure(HERE, port=port, turn=turn)
    assert result.reason is reason
    assert bench.last == {"reachable": 1, **facts}
    # An allocation that was given is given back at once.
    assert [data[1] for data in received] == ([3, 4] if kind == 0x0103 else [3 if turn else 1])


ROOM = Login(SecretStr("test"), "room")


def relays(coturn: str) -> int:
    """How many relays coturn holds open now: its UDP sockets beyond those that it listens on."""
    packed = "".join(f"{int(part):02X}" for part in reversed(coturn.split(".")))
    lines = Path("/proc/net/udp").read_text().splitlines()[1:]
    ports = [int(line.split()[1].rpartition(":")[2], 16) for line in lines if f" {packed}:" in line]
    return sum(port > 49151 for port in ports)


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_coturn_gives_a_relay_for_the_password_and_gets_it_back(
    bench: Bench, coturn: str, transport: str
) -> None:
    keys: dict[str, Any] = {"transport": transport, "turn": True, "login": "turn"}
    result = await bench.measure(coturn, logged_in=ROOM, **keys)
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "gives a relay for the password")
    assert bench.last == {"reachable": 1, "stack_alive": 1, "ready": 1}
    assert result.check.probe.endswith(f"/{transport}/relay")
    eventually(lambda: relays(coturn) == 0)


@pytest.mark.parametrize(
    "login", [Login(SecretStr("wrong"), "room"), Login(SecretStr("test"), "x")]
)
async def test_coturn_refuses_a_wrong_password(bench: Bench, coturn: str, login: Login) -> None:
    result = await bench.measure(coturn, turn=True, login="turn", logged_in=login)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.AUTHENTICATION)
    assert bench.last == {"reachable": 1, "stack_alive": 1}
    assert "wrong" not in result.detail


class TurnServer:
    """Demands a password, and answers each further request as it is told; 0: not at all."""

    def __init__(self, *script: int) -> None:
        self.script = list(script)
        self.methods: list[int] = []
        self.released = asyncio.Event()

    def reply(self, request: bytes) -> list[bytes]:
        method = request[1]
        self.methods.append(method)
        if method == 4:
            self.released.set()
        said = self.script.pop(0) if self.script else 0
        if said == 0:
            return []
        if said in {401, 438}:
            code = bytes.fromhex("000900040000") + bytes((4, said - 400))
            again = bytes.fromhex("0014000161000000") + bytes.fromhex("0015000162000000")
            return [answer(request, 0x0110 | method, code + again)]
        length = len(RELAYED) + 24
        head = (0x0100 | method).to_bytes(2, "big") + length.to_bytes(2, "big") + request[4:20]
        key = credentials_for(Challenge(b"a", b"b"), ROOM)
        body = head + RELAYED
        return [body + bytes.fromhex("00080014") + key.integrity(body)]


async def ask_for_relay(bench: Bench, server: TurnServer, timeout: float = 3.0) -> Result:
    async with udp_peer(server.reply) as (port, _):
        keys: dict[str, Any] = {"port": port, "turn": True, "login": "turn"}
        result = await bench.measure(HERE, timeout=timeout, logged_in=ROOM, **keys)
        if 3 in server.methods[1:]:
            async with asyncio.timeout(5):
                await server.released.wait()
    return result


async def test_a_nonce_that_became_too_old_is_renewed(bench: Bench) -> None:
    server = TurnServer(401, 438, 200, 438, 200)
    result = await ask_for_relay(bench, server)
    assert result.detail == "gives a relay for the password"
    assert server.methods == [3, 3, 3, 4, 4]


async def test_a_server_that_calls_every_nonce_too_old_is_not_asked_for_ever(bench: Bench) -> None:
    server = TurnServer(401, 438, 438, 438, 438)
    async with udp_peer(server.reply) as (port, _):
        keys: dict[str, Any] = {"port": port, "turn": True, "login": "turn"}
        result = await bench.measure(HERE, logged_in=ROOM, **keys)
    assert result.detail == "error 438"
    assert server.methods == [3, 3, 3]


async def test_a_relay_whose_answer_never_came_is_given_back_all_the_same(bench: Bench) -> None:
    server = TurnServer(401)
    result = await ask_for_relay(bench, server)
    assert result.reason is Reason.TIMEOUT
    assert (server.methods[:2], server.methods[-1]) == ([3, 3], 4)


async def test_a_server_that_does_not_take_its_relay_back_is_told(bench: Bench) -> None:
    server = TurnServer(401, 200)
    result = await ask_for_relay(bench, server)
    assert result.outcome is Outcome.SUCCESS
    assert result.detail == "gives a relay for the password, and does not take it back"
    assert server.methods.count(4) >= 2


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
