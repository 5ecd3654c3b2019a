"""What a device of the lab says by itself of its lines, as the daemon's own receiver hears it."""

from __future__ import annotations

import asyncio

import pytest

from netwatch.core.credential import Credential
from netwatch.lab import agent_v3, trap
from netwatch.lab.mib import LabInterface
from netwatch.lab.province import Host
from netwatch.lab.world import LabDevice
from netwatch.traps import TrapKind, TrapVerdict
from tests.traps.test_receiver import COMMUNITY, LOCAL, USER, serving

pytestmark = [
    pytest.mark.slow,
    # pysnmp leaves the file open in which it counts its starts.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

DEVICE = LabDevice("a/router", LOCAL, "router", "", "any", 0, (), (LabInterface("Gi0/1", 1e9),))


@pytest.mark.parametrize("credential", [COMMUNITY, USER], ids=["v2c", "v3"])
async def test_a_line_that_goes_and_comes_back_is_told(
    credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(credential) as running:
        monkeypatch.setattr(trap, "PORT", running.port)
        monkeypatch.setattr(agent_v3, "TRAP_PORT", running.port)
        host = Host(DEVICE, credential, collector=["::1", LOCAL])
        await host.open()
        try:
            host.set_line("Gi0/1", up=False)
            verdict, kind, _ = await running.told.get()
            assert (verdict, kind) == (TrapVerdict.ACCEPTED, TrapKind.LINK_DOWN)
            host.set_line("Gi0/1", up=False)  # is no news
            host.set_line("Gi0/2", up=False)  # nor is an interface that it lacks
            host.set_line("Gi0/1", up=True)
            verdict, kind, _ = await running.told.get()
            assert (verdict, kind) == (TrapVerdict.ACCEPTED, TrapKind.LINK_UP)
            assert running.told.empty()
        finally:
            host.close()
            await asyncio.sleep(0)  # until the sockets are closed
