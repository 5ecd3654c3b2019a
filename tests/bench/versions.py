"""Polls one device with 48 ports by v2c and by v3, and prints the CPU seconds of a poll of each.

Of each the least counts: whatever else runs on the machine only adds to it.
"""

from __future__ import annotations

import asyncio
import sys
import time

from pydantic import SecretStr
from pysnmp.entity import config

from netwatch.core.check import Check
from netwatch.core.credential import CommunityCredential, Credential, UserCredential
from netwatch.core.result import Outcome
from netwatch.lab.agent_v3 import start_agent
from netwatch.lab.mib import LabInterface, Mib
from netwatch.probes.snmp import SnmpParams, SnmpProbe
from tests.bench.agents import COMMUNITY, PORT
from tests.harness.daemon import address, started

WARMING, POLLS = 5, 50
USER = UserCredential("bench", "sha256", SecretStr("bench-auth"), "aes128", SecretStr("bench-priv"))
_INTERFACES = tuple(LabInterface(f"Gi0/{port + 1}", 1e9, f"phong {port}") for port in range(48))


def main() -> None:
    """Print both figures."""
    community = CommunityCredential(SecretStr(COMMUNITY.decode()))
    with started("tests.bench.versions", "agent"):
        print(asyncio.run(_poll(community)))
        print(asyncio.run(_poll(USER)))


async def _poll(credential: Credential) -> float:
    """CPU seconds of a poll, those left out in which the device is only got to know."""
    params = SnmpParams.model_validate({"port": PORT, "profiles": ["system", "if_mib"]})
    probe = SnmpProbe(lambda _: None)
    check = Check("", "", "snmp", "snmp", address(0), 60.0, 20.0, params, credential)
    for _ in range(WARMING):
        await probe.measure(check)
        await asyncio.sleep(0.1)  # the agent of v3 binds its socket some time after its start
    least = float("inf")
    for _ in range(POLLS):
        before = time.process_time()
        measured = await probe.measure(check)
        least = min(least, time.process_time() - before)
        assert measured.outcome is Outcome.SUCCESS, measured
    return least


async def _serve() -> None:
    """One agent for both versions: who waits longer finds the processor's caches colder."""
    mib = Mib("switch", "bench", _INTERFACES)
    engine = start_agent(address(0), PORT, USER, mib, lambda: 1e4).engine
    config.add_v1_system(engine, "bench-area", COMMUNITY.decode())
    config.add_vacm_user(engine, 2, "bench-area", "noAuthNoPriv", (1, 3), ())
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["agent"]:
        asyncio.run(_serve())
    main()
