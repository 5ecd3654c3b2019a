"""SETs to a foreign agent: Debian's snmpd, with its own SNMP v3, and with another table that has
RowStatus, that of DISMAN-SCHEDULE-MIB (RFC 3231).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from netwatch.core.check import Router
from netwatch.core.credential import UserCredential
from netwatch.probes.remote_ping.writer import WriteError, Writer, is_strong
from netwatch.snmp.ping_rows import Set
from netwatch.snmp.remote_ping import index_of
from tests.harness.ports import free_udp_port
from tests.harness.snmpd import USERS, Snmpd, running

pytestmark = pytest.mark.slow

ENTRY = "1.3.6.1.2.1.63.1.2.1"
INDEX = f"{index_of('netwatch')}.{index_of('test')}"
STRONG = [name for name, user in USERS.items() if is_strong(user)]


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    with running(tmp_path_factory.mktemp("snmpd"), free_udp_port(), access="rwuser") as agent:
        yield agent


def router(user: UserCredential) -> Router:
    return Router("127.0.0.1", "state-dc", user)


def one(name: str, column: int, kind: str, value: int | bytes) -> Set:
    return Set(name, f"{ENTRY}.{column}.{INDEX}", kind, value)


CREATE = (
    one("schedRowStatus", 20, "integer", 5),
    one("schedDescr", 3, "octets", b"mine"),
    one("schedInterval", 4, "unsigned", 3600),
    one("schedStorageType", 19, "integer", 2),
)
DESTROY = (one("schedRowStatus", 20, "integer", 6),)


def rows(agent: Snmpd) -> list[str]:
    return [line for line in agent.walk(ENTRY) if f".{INDEX} " in line]


@pytest.mark.parametrize("name", STRONG)
async def test_a_row_is_made_and_destroyed(writable: Snmpd, name: str) -> None:
    there, writer = router(USERS[name]), Writer()
    try:
        await writer.set(there, writable.port, CREATE)
        shown = rows(writable)
        assert f".{ENTRY}.4.{INDEX} 3600" in shown
        assert f".{ENTRY}.19.{INDEX} 2" in shown
        await writer.set(there, writable.port, DESTROY)
        assert rows(writable) == []
    finally:
        await writer.close()


async def test_what_is_refused_is_named(writable: Snmpd) -> None:
    writer = Writer()
    bad = (*CREATE[:2], one("schedInterval", 4, "octets", b"often"))
    try:
        with pytest.raises(WriteError, match="refuses to set schedInterval: wrongType"):
            await writer.set(router(USERS["sha256-aes128"]), writable.port, bad)
    finally:
        await writer.close()
    assert rows(writable) == []


@pytest.mark.parametrize("change", [{"auth_key": SecretStr("not-this-one")}, {"user": "nobody"}])
async def test_who_is_not_known_writes_nothing(
    writable: Snmpd, change: dict[str, SecretStr | str]
) -> None:
    stranger: UserCredential = replace(USERS["sha256-aes128"], **change)  # type: ignore[arg-type]
    writer = Writer()
    try:
        with pytest.raises(WriteError, match="SET of schedRowStatus"):
            await writer.set(router(stranger), writable.port, CREATE)
    finally:
        await writer.close()
    assert rows(writable) == []


async def test_a_router_that_restarted_is_written_to_again(tmp_path: Path) -> None:
    port, writer = free_udp_port(), Writer()
    try:
        for _ in range(2):  # the second time its engine has booted once more
            with running(tmp_path, port, access="rwuser") as agent:
                await writer.set(router(USERS["sha512-aes256"]), port, CREATE)
                assert rows(agent) != []
    finally:
        await writer.close()


def test_whose_privacy_or_authentication_is_weak_is_not_strong() -> None:
    assert USERS.keys() - set(STRONG) == {"sha1-des", "md5-None"}
