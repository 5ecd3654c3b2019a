from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from netwatch.core.result import Outcome, Reason
from netwatch.probes.rtsp import PROBE, RtspParams, options_request, parse_status
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
    "RTSP/1.0 200 OK\nCSeq: 0\nPublic: OPTIONS\n\n": (Outcome.SUCCESS, Reason.OK),
    "RTSP/1.0 200 OK\nCSeq: soon\nbroken\n\n": (Outcome.SUCCESS, Reason.OK),
    "RTSP/1.0 200 OK\n\n": (Outcome.SUCCESS, Reason.OK),
    "RTSP/1.0 404 Stream Not Found\nCSeq: N\n\n": (Outcome.SUCCESS, Reason.OK),
    "OPTIONS * RTSP/1.0\nCSeq: 9\n\nRTSP/1.0 200 OK\nCSeq: N\n\n": (Outcome.SUCCESS, Reason.OK),
    "ANNOUNCE rtsp://a/ RTSP/1.0\nContent-Length: 23\nCSeq: 9\n\nRTSP/1.0 503 not one\n\n"
    "RTSP/1.0 200 OK\nCSeq: N\n\n": (Outcome.SUCCESS, Reason.OK),
    "RTSP/1.0 100 Continue\nCSeq: N\n\nRTSP/1.0 200 OK\nCSeq: N\n\n": (Outcome.SUCCESS, Reason.OK),
    "$\0\0\x07RTSP/2.\nRTSP/1.0 200 OK\nCSeq: N\n\n": (Outcome.SUCCESS, Reason.OK),
    "$\0\0\0" * 9000: (Outcome.FAILURE, Reason.PROTOCOL_ERROR),
    "OPTIONS * RTSP/1.0\n\n" * 99: (Outcome.FAILURE, Reason.PROTOCOL_ERROR),
    "OPTIONS * RTSP/1.0\nContent-Length: 999999\n\n": (Outcome.FAILURE, Reason.PROTOCOL_ERROR),
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
        found = parse_status(head)
        assert found is None or 100 <= found[0] <= 599
    assert parse_status(options_request("::1", 554, number)) is None


def test_cseq_is_the_last_header_of_the_request() -> None:
    assert options_request("::1", 554, 7, "/a").endswith(b"\r\nCSeq: 7\r\n\r\n")
    assert options_request("::1", 554, 7, "/a").startswith(b"OPTIONS rtsp://[::1]:554/a RTSP/1.0")


@pytest.mark.parametrize(("path", "success"), [("/", True), ("/ch1", False)])
async def test_a_stream_that_is_not_there_is_told(bench: Bench, path: str, success: bool) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        assert f"{path} RTSP/1.0".encode() in request
        writer.write(b"RTSP/1.0 404 Not Found\nCSeq: 0\n\n")
        await writer.drain()

    async with tcp_peer(serve) as port:
        result = await bench.measure(HERE, port=port, path=path)
    assert (result.outcome is Outcome.SUCCESS) == success
    assert result.detail == "404, with CSeq 0, which was not asked with"
    assert bench.last == {"reachable": 1, "stack_alive": 1}


@pytest.mark.parametrize("path", ["", "ch1", "/a b", "/\r\nX: y", "/" + "a" * 255])
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(ValidationError, match="is no path"):
        RtspParams(path=path)
