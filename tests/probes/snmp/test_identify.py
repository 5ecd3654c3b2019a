"""A device is identified once, and again when it restarts; what it lacks is not asked for."""

from __future__ import annotations

from dataclasses import dataclass

from netwatch.core.result import Outcome
from netwatch.lab.ber import Oid, oid
from tests.harness.hostile_agents import (
    END_OF_MIB_VIEW,
    GET,
    SYSTEM_UP_TIME,
    Request,
    agents,
    integer,
)
from tests.harness.snmp_polls import Polls, check
from tests.harness.snmpd import COMMUNITY

OBJECT_ID: Oid = (1, 3, 6, 1, 2, 1, 1, 2, 0)
CISCO_CPU: Oid = (1, 3, 6, 1, 4, 1, 9, 9, 109, 1, 1, 1, 1)
HUAWEI_CPU: Oid = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 31, 1, 1, 1, 1)


@dataclass
class Machine:
    """An agent with its maker's load of the processor, and nothing else."""

    uptime: int
    maker: Oid
    load: Oid

    def __call__(self, request: Request) -> bytes:
        if request.kind == GET:
            known = {SYSTEM_UP_TIME: integer(self.uptime, 0x43), OBJECT_ID: oid(self.maker)}
            return request.answer(*((n, known.get(n, b"\x80\x00")) for n in request.names))
        if request.names[0] < self.load:
            return request.answer((self.load, integer(7, 0x42)))
        return request.answer((request.names[0], END_OF_MIB_VIEW))


CISCO = (1, 3, 6, 1, 4, 1, 9, 1, 617)
HUAWEI = (1, 3, 6, 1, 4, 1, 2011, 2, 23, 276)


async def test_a_device_that_is_replaced_is_identified_anew() -> None:
    machine = Machine(10_000_000, CISCO, (*CISCO_CPU, 8, 1))
    polls = Polls()

    async def names() -> set[str]:
        (result,) = await polls.run(one)
        assert (result.outcome, result.detail) == (Outcome.SUCCESS, "")
        return {sample.name for sample in result.samples} - {"sysUpTime", "sysObjectID"}

    async with agents(machine) as (agent,):
        one = check(agent.port, COMMUNITY)
        assert await names() == {"cpmCPUTotal5minRev"}
        first = len(agent.requests)
        for _ in range(2):  # what it does not have is asked for a second time, in case that passes
            before = len(agent.requests)
            assert await names() == {"cpmCPUTotal5minRev"}
        again = len(agent.requests) - before
        assert again < first / 2, "what it does not have is asked for each time"
        machine.maker, machine.load = HUAWEI, (*HUAWEI_CPU, 5, 9)
        machine.uptime = 10  # it was carried away, and another one put in its place
        assert await names() == {"hwEntityCpuUsage"}
