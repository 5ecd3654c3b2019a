"""A device with several addresses that answers from another one than it was asked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from netwatch.core.credential import Credential, UserCredential
from netwatch.core.result import Outcome, Reason
from netwatch.probes.snmp import probe as snmp_probe
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.objects import objects
from tests.harness.hostile_agents import Request, tlv
from tests.harness.snmp_polls import check, poll
from tests.harness.snmpd import COMMUNITY

USER = UserCredential("user", "sha256", SecretStr("long-enough"), None, None)
WORDS = "answers from 127.0.0.2 instead of the address that is asked"


class Multihomed(asyncio.DatagramProtocol):
    """Takes requests, and has them answered by another socket."""

    def __init__(self, answers: asyncio.DatagramTransport, *, like_snmp: bool) -> None:
        self._answers = answers
        self._like_snmp = like_snmp

    def datagram_received(self, data: bytes, peer: tuple[str, int]) -> None:
        answer = tlv(0x30, b"") if data[4] == 3 else Request.read(data).system()
        self._answers.sendto(answer if self._like_snmp else b"hello", peer)


@asynccontextmanager
async def multihomed(*, like_snmp: bool = True, same_port: bool = True) -> AsyncIterator[int]:
    """The port at 127.0.0.1 of a device that answers from 127.0.0.2."""
    loop = asyncio.get_running_loop()
    asked, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
    )
    port = asked.get_extra_info("sockname")[1]
    source, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.2", port if same_port else 0)
    )
    asked.set_protocol(Multihomed(source, like_snmp=like_snmp))
    try:
        yield port
    finally:
        asked.close()
        source.close()
        await asyncio.sleep(0)


@pytest.mark.parametrize("credential", [COMMUNITY, USER], ids=["v2c", "v3"])
async def test_a_poll_tells_from_where_the_device_answers(credential: Credential) -> None:
    async with multihomed() as port:
        result = await poll(check(port, credential))
    assert (result.outcome, result.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
    assert result.detail.startswith(WORDS)


async def test_a_walk_tells_it_too() -> None:
    async with multihomed() as port:
        with pytest.raises(PollError, match=WORDS):
            async for _ in objects(check(port, COMMUNITY), "1.3.6.1"):
                pass


@pytest.mark.parametrize("wrong", ["port", "content"])
async def test_what_is_no_answer_is_no_hint(wrong: str) -> None:
    async with multihomed(like_snmp=wrong != "content", same_port=wrong != "port") as port:
        result = await poll(check(port, COMMUNITY))
    assert (result.reason, WORDS in result.detail) == (Reason.TIMEOUT, False)


async def test_few_silent_agents_are_listened_to_at_one_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(snmp_probe, "MAX_LISTENING", 0)
    async with multihomed() as port:
        result = await poll(check(port, COMMUNITY))
    assert (result.reason, WORDS in result.detail) == (Reason.TIMEOUT, False)
