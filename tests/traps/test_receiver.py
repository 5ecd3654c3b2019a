"""Traps and informs from net-snmp's snmptrap, through a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from netwatch.core.check import Check
from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.core.errors import StartError
from netwatch.traps import TrapKind, TrapVerdict
from netwatch.traps.receiver import TrapReceiver
from netwatch.traps.service import TrapService
from tests.harness.builders import make_check
from tests.harness.requirements import require_tool

pytestmark = pytest.mark.slow

LOCAL = "127.0.0.1"
COMMUNITY = CommunityCredential(SecretStr("trap-community"))
USER = UserCredential(
    "trapper", "sha256", SecretStr("auth-password"), "aes128", SecretStr("priv-password")
)
BY_USER = ["-v3", "-u", "trapper", "-a", "SHA-256", "-A", "auth-password"]
PRIVATE = ["-x", "AES", "-X", "priv-password", "-l", "authPriv"]
ENGINE = ["-e", "0x8000000001020304"]
LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"

Told = tuple[TrapVerdict, TrapKind, bool]


class Service:
    """A running trap service: what it counted, and which checks it launched."""

    def __init__(self, credential: Credential, address: str = LOCAL) -> None:
        self.check = make_check("snmp", credential=credential, address=address)
        self.launched: list[Check] = []
        self.told: asyncio.Queue[Told] = asyncio.Queue()
        self.service = TrapService(self.launched.append, self._count, [self.check])
        self.port = 0

    def _count(self, verdict: TrapVerdict, kind: TrapKind, probed: bool) -> None:
        self.told.put_nowait((verdict, kind, probed))

    async def send(self, *options: str, trap: str = LINK_DOWN) -> Told:
        """Send one with snmptrap; what was told of it."""
        command = [require_tool("snmptrap"), "-m", "", "-r", "0", "-t", "5", *options]
        command += [f"{LOCAL}:{self.port}", "", trap]
        process = await asyncio.create_subprocess_exec(
            *command, stderr=asyncio.subprocess.PIPE, env={"SNMP_PERSISTENT_DIR": "/nonexistent"}
        )
        async with asyncio.timeout(10):
            told = await self.told.get()
            _, errors = await process.communicate()
        if "-Ci" in options and told[0] is TrapVerdict.ACCEPTED:
            assert process.returncode == 0, errors.decode()
        return told


@asynccontextmanager
async def serving(
    credential: Credential = COMMUNITY, address: str = LOCAL
) -> AsyncIterator[Service]:
    running = Service(credential, address)
    async with running.service.listening((LOCAL, 0)) as (_, running.port):
        yield running


@pytest.mark.parametrize("confirmed", [[], ["-Ci"]], ids=["trap", "inform"])
async def test_v2c(confirmed: list[str]) -> None:
    async with serving() as running:
        told = await running.send("-v2c", *confirmed, "-c", "trap-community")
        assert told == (TrapVerdict.ACCEPTED, TrapKind.LINK_DOWN, True)
        assert running.launched == [running.check]


@pytest.mark.parametrize("options", [ENGINE, ["-Ci"]], ids=["trap", "inform"])
async def test_v3(options: list[str]) -> None:
    async with serving(USER) as running:
        if options == ["-Ci"]:  # it asks for our engine first, which is no notification
            running.told = _only_last(running.told)
        told = await running.send(*BY_USER, *PRIVATE, *options)
        assert told == (TrapVerdict.ACCEPTED, TrapKind.LINK_DOWN, True)


@pytest.mark.parametrize("length", ["192", "256"])
async def test_v3_with_keys_that_are_longer_than_the_digest(length: str) -> None:
    user = replace(USER, auth_protocol="sha1", priv_protocol=f"aes{length}")
    by_user = ["-v3", "-u", "trapper", "-a", "SHA", "-A", "auth-password", "-x", f"AES-{length}"]
    async with serving(user) as running:
        told = await running.send(*by_user, *PRIVATE[2:], *ENGINE)
        assert told == (TrapVerdict.ACCEPTED, TrapKind.LINK_DOWN, True)


def _only_last(queue: asyncio.Queue[Told]) -> asyncio.Queue[Told]:
    """Leaves out what could not be read."""

    class Queue(asyncio.Queue[Told]):
        def put_nowait(self, item: Told) -> None:
            if item[0] is TrapVerdict.ACCEPTED:
                super().put_nowait(item)

    del queue
    return Queue()


async def test_an_engine_that_is_replaced_is_learnt() -> None:
    async with serving(USER) as running:
        for engine in ("0x8000000001020304", "0x8000000001020305", "0x8000000001020304"):
            verdict, kind, _ = await running.send(*BY_USER, *PRIVATE, "-e", engine)
            assert (verdict, kind) == (TrapVerdict.ACCEPTED, TrapKind.LINK_DOWN)


@pytest.mark.parametrize(
    ("credential", "options"),
    [
        (COMMUNITY, ["-v2c", "-c", "other"]),
        (COMMUNITY, [*BY_USER, *PRIVATE, *ENGINE]),
        (USER, ["-v2c", "-c", "trap-community"]),
        (USER, [*BY_USER, "-l", "authNoPriv", *ENGINE]),
        (USER, ["-v3", "-u", "trapper", "-l", "noAuthNoPriv", *ENGINE]),
        (USER, [*BY_USER[:-1], "wrong-password", *PRIVATE, *ENGINE]),
    ],
    ids=["community", "v3 for v2c", "v2c for v3", "no privacy", "no authentication", "wrong key"],
)
async def test_only_by_the_senders_own_credential(
    credential: Credential, options: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(credential) as running:
        assert await running.send(*options) == (TrapVerdict.UNREADABLE, TrapKind.OTHER, False)
        assert not running.launched
    assert "password" not in caplog.text
    assert "trap-community" not in caplog.text


async def test_a_community_of_another_device_is_not_enough() -> None:
    async with serving() as running:
        other = make_check(
            "snmp",
            site="an-lam",
            address="127.0.0.9",
            credential=CommunityCredential(SecretStr("its-community")),
        )
        running.service.replace([running.check, other])
        verdict, _, _ = await running.send("-v2c", "-c", "its-community")
        assert verdict is TrapVerdict.UNREADABLE
        verdict, _, _ = await running.send("-v2c", "-c", "trap-community")
        assert verdict is TrapVerdict.ACCEPTED


async def test_a_stranger_is_not_heard() -> None:
    async with serving(address="127.0.0.9") as running:
        told = await running.send("-v2c", "-c", "trap-community")
        assert told == (TrapVerdict.UNKNOWN_SENDER, TrapKind.OTHER, False)


async def test_a_trap_that_means_nothing_is_only_counted() -> None:
    async with serving() as running:
        told = await running.send("-v2c", "-c", "trap-community", trap="1.3.6.1.4.1.9.9.41.2.0.1")
        assert told == (TrapVerdict.ACCEPTED, TrapKind.OTHER, False)
        assert not running.launched


async def test_a_port_in_use_is_reported() -> None:
    async with serving() as running:
        other = Service(COMMUNITY)
        with pytest.raises(StartError, match=r"traps: can't listen on 127\.0\.0\.1:\d+: "):
            async with other.service.listening((LOCAL, running.port)):
                pass


CREDENTIALS: dict[str, Credential] = {f"127.0.2.{n}": (COMMUNITY, USER)[n % 2] for n in range(250)}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=300), version=st.sampled_from([b"\x01", b"\x03", b"\x00"]))
def test_no_datagram_does_harm(data: bytes, version: bytes) -> None:
    """Random octets, alone and behind the beginning of a message."""
    body = b"\x02\x01" + version + data
    message = b"\x30\x82" + len(body).to_bytes(2, "big") + body

    async def once() -> list[TrapVerdict]:
        verdicts: list[TrapVerdict] = []
        receiver = TrapReceiver(lambda verdict, *_: verdicts.append(verdict), CREDENTIALS)
        for datagram in (data, message):
            for sender in ("127.0.2.1", "127.0.2.2"):
                receiver.datagram_received(datagram, (sender, 1000))
        receiver.close()
        return verdicts

    assert set(asyncio.run(once())) <= {TrapVerdict.UNREADABLE}
