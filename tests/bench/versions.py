"""Polls one device with 48 ports by v2c and by v3, and prints the CPU seconds of a poll of each."""

from __future__ import annotations

import asyncio
import sys
import time

from pydantic import SecretStr

from netwatch.core.check import Check
from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.core.result import Outcome
from netwatch.lab.agent_v3 import start_agent
from netwatch.lab.mib import Interface, Mib
from netwatch.probes.snmp import SnmpParams, SnmpProbe
from tests.bench.agents import COMMUNITY, PORT
from tests.bench.daemon import address, started

POLLS = 30
USER = UserCredential("bench", "sha256", SecretStr("bench-auth"), "aes128", SecretStr("bench-priv"))
_INTERFACES = tuple(Interface(f"Gi0/{port + 1}", 1e9, f"phong {port}") for port in range(48))


def main() -> None:
    """Print both figures."""
    community = CommunityCredential(SecretStr(COMMUNITY.decode()))
    with started("tests.bench.agents", "1", "48", "0", "honest"):
        print(asyncio.run(_poll(community)))
    with started("tests.bench.versions", "agent"):
        print(asyncio.run(_poll(USER)))


async def _poll(credential: Credential) -> float:
    """CPU seconds of a poll, the first one left out."""
    params = SnmpParams.model_validate({"port": PORT, "profiles": ["system", "if_mib"]})
    probe = SnmpProbe(lambda _: None)
    check = Check("", "", "snmp", "snmp", address(0), 60.0, 20.0, params, credential)
    await probe.measure(check)
    before = time.process_time()
    for _ in range(POLLS):
        measured = await probe.measure(check)
        assert measured.outcome is Outcome.SUCCESS, measured
    return (time.process_time() - before) / POLLS


async def _serve() -> None:
    stop = start_agent(address(0), PORT, USER, Mib("switch", "bench", _INTERFACES), lambda: 1e4)
    print("ready", flush=True)
    await asyncio.Event().wait()
    stop()


if __name__ == "__main__":
    if sys.argv[1:] == ["agent"]:
        asyncio.run(_serve())
    main()
