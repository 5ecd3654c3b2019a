from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.result import Outcome, Reason
from netwatch.probes.rtsp import PROBE, options_request, parse_status
from tests.harness.peers import HERE, closed_port, tcp_peer
from tests.harness.probe_bench import Bench, running


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running(PROBE) as bench:
        yield bench


async def ask(bench: Bench, answer: str, timeout: float = 2.0) -> tuple[Outcome, Reason]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert request.startswith(f"OPTIONS rtsp://{HERE}:")
        number = re.search(r"CSeq: (\d+)\r\n", request)
        assert number is not None
        writer.write(answer.replace("N", number[1]).replace("\n", "\r\n").encode())
        await writer.drain()
        if not answer:
            await reader.read()

    async with tcp_peer(serve) as port:
        result = await bench.measure(HERE, timeout=timeout, port=port)
    return result.outcome, result.reason


ANSWERS = {
    "RTSP/1.0 200 OK\nCSeq: N\nPublic: OPTIONS, DESCRIBE\n\n": (Outcome.SUCCESS, Reason.OK),
    "\n\nRTSP/1.0 401 Unauthorized\ncseq:N\n\n": (Outcome.SUCCESS, Reason.OK),
    "RTSP/1.0 503 Busy\nCSeq: N\n\n": (Outcome.FAILURE, Reason.UNEXPECTED_ANSWER),
    "RTSP/1.0 200 OK\nCSeq: 1N\n\n": (Outcome.FAILURE, Reason.PROTOCOL_ERROR),
    "RTSP/1.0 200 OK\n\n": (Outcome.FAILURE, Reason.PROTOCOL_ERROR),
    "HTTP/1.1 200 OK\nCSeq: N\n\n": (Outcome.FAILURE, Reason.PROTOCOL_ERROR),
    "RTSP/1.0 200 OK\nCSeq: N\n": (Outcome.FAILURE, Reason.RESET),
    "RTSP/1.0 200 OK\n" + "X: y\n" * 9999: (Outcome.FAILURE, Reason.PROTOCOL_ERROR),
    "x" * 99999: (Outcome.FAILURE, Reason.PROTOCOL_ERROR),
}


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer[:24])
async def test_answers_are_told_apart(bench: Bench, answer: str) -> None:
    assert await ask(bench, answer) == ANSWERS[answer]
    sound = ANSWERS[answer][1] in {Reason.OK, Reason.UNEXPECTED_ANSWER}
    expected = {"stack_alive": 1} if sound else {"stack_alive": 0, "ready": 0}
    assert bench.last == {"reachable": 1, **expected}


async def test_silence_is_told_and_a_closed_port_refused(bench: Bench) -> None:
    assert await ask(bench, "", timeout=0.3) == (Outcome.FAILURE, Reason.SILENT)
    assert bench.last == {"reachable": 1, "stack_alive": 0, "ready": 0}
    with closed_port(socket.SOCK_STREAM) as port:
        result = await bench.measure(HERE, port=port)
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.REFUSED)


@given(st.binary(max_size=200), st.integers(1, 1 << 24))
def test_any_octets_are_judged(data: bytes, number: int) -> None:
    for head in (data, b"RTSP/1.0 200 OK\r\n" + data, b"\r\n" + data):
        status = parse_status(head, number)
        assert status is None or 100 <= status <= 599
    assert parse_status(options_request("::1", 554, number), number) is None
