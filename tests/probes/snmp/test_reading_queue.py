"""Who took little is read first. What others do meanwhile is counted in steps, not in seconds."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from netwatch.core.result import Outcome
from netwatch.probes.snmp.reading_queue import UNKNOWN_STEPS, ReadingAccount, ReadingQueue
from netwatch.process.pace import Steps
from tests.harness.hostile_agents import agents, honest
from tests.harness.snmp_polls import Polls, check
from tests.harness.snmpd import COMMUNITY

HOSTILE = 200
HUGE = 2300
"""Steps of the largest table that is read."""

PORTS = 27
"""Steps of all that is new of 48 ports."""


class Desk:
    """A queue whose slices are of one step each, and what was done in it.

    Attributes:
        done: steps by device.
        order: the devices in the order in which they were read to their ends.
    """

    def __init__(self, rest: float = 0.0) -> None:
        self.queue = ReadingQueue(0.0, rest)
        self.done: Counter[str] = Counter()
        self.order: list[str] = []

    def work(self, name: str, steps: int) -> Steps[str]:
        for _ in range(steps):
            yield
            self.done[name] += 1
        self.order.append(name)
        return name

    def read(self, name: str, steps: int, account: ReadingAccount) -> asyncio.Task[str]:
        return asyncio.create_task(self.queue.read(self.work(name, steps), account))


def took(steps: int) -> ReadingAccount:
    account = ReadingAccount()
    account.steps = steps
    return account


async def turns(number: int) -> None:
    """Let the event loop turn so often."""
    for _ in range(number):
        await asyncio.sleep(0)


@pytest.mark.parametrize("account", [ReadingAccount, lambda: took(HUGE)], ids=["unknown", "heavy"])
async def test_a_known_device_waits_for_no_unknown_and_no_heavy_one(
    account: Callable[[], ReadingAccount],
) -> None:
    desk = Desk()
    hostile = [desk.read(f"hostile-{each}", HUGE, account()) for each in range(HOSTILE)]
    await turns(HOSTILE)
    assert desk.done
    before = desk.done.total()
    await desk.read("honest", PORTS, took(PORTS // 2))
    assert desk.done.total() - before <= PORTS + 2, "at most the step that was under way"
    assert not any(each.done() for each in hostile)
    for each in hostile:
        each.cancel()


async def test_an_unknown_device_waits_for_small_parts_of_other_unknown_ones() -> None:
    desk = Desk()
    hostile = [desk.read(f"hostile-{each}", HUGE, ReadingAccount()) for each in range(HOSTILE)]
    await desk.read("honest", PORTS, ReadingAccount())
    others = desk.done.total() - PORTS
    assert others <= HOSTILE * (2 * UNKNOWN_STEPS + 1), "and not HUGE of each"
    for each in hostile:
        each.cancel()


async def test_of_those_that_took_as_much_the_first_is_read_to_its_end() -> None:
    desk = Desk()
    await asyncio.gather(*(desk.read(name, 20, took(0)) for name in "abcd"))
    assert desk.order == ["a", "b", "c", "d"]


async def test_what_is_known_is_read_at_once() -> None:
    desk = Desk()
    endless = desk.read("hostile", 10**9, took(0))
    await asyncio.sleep(0)
    before = desk.done.total()
    assert await desk.queue.read(desk.work("known", 0), took(HUGE)) == "known"
    assert desk.done.total() == before
    endless.cancel()


async def test_what_a_device_took_is_halved_with_each_poll() -> None:
    desk, account = Desk(), ReadingAccount()
    await desk.read("a", 100, account)
    assert UNKNOWN_STEPS + 100 <= account.steps <= UNKNOWN_STEPS + 102
    for _ in range(8):
        account.begin_poll()
    assert account.steps == 0


async def test_one_that_is_given_up_or_breaks_costs_itself() -> None:
    desk = Desk()

    def broken() -> Steps[str]:
        yield
        raise ValueError("broken")

    readings = [desk.read(name, 20, took(0)) for name in "ab"]
    breaking = asyncio.create_task(desk.queue.read(broken(), took(0)))
    await turns(5)
    readings[0].cancel()
    done = await asyncio.gather(*readings, breaking, return_exceptions=True)
    assert [type(each) for each in done] == [asyncio.CancelledError, str, ValueError]
    assert desk.done["a"] < 20
    assert await desk.read("c", 20, took(0)) == "c"


async def test_it_rests_after_each_slice_however_many_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, rests = [0.0], list[float]()
    sleep = asyncio.sleep

    async def rest(seconds: float) -> None:
        rests.append(seconds)
        await sleep(0)

    monkeypatch.setattr("netwatch.probes.snmp.reading_queue.perf_counter", lambda: now[0])
    monkeypatch.setattr("netwatch.probes.snmp.reading_queue.asyncio.sleep", rest)

    def work() -> Steps[None]:
        for _ in range(50):
            yield
            now[0] += 0.001

    queue = ReadingQueue(0.001, rest=5.0)
    await asyncio.gather(*(queue.read(work(), took(0)) for _ in range(4)))
    assert now[0] == pytest.approx(0.2)
    assert sum(rests) == pytest.approx(5.0 * now[0], rel=0.03)


async def test_polls_go_on_beside_tables_that_never_end() -> None:
    polls = Polls()
    async with agents(honest) as [agent]:
        endless = [
            asyncio.create_task(queue.read(Desk().work("endless", 10**9), took(0)))
            for queue in (polls.probe._queue, polls.probe._restless)
        ]
        one = check(agent.port, COMMUNITY, timeout=60.0)
        for _ in ("unknown", "known"):
            [result] = await polls.run(one)
            assert result.outcome is Outcome.SUCCESS
        assert not any(each.done() for each in endless)
        for each in endless:
            each.cancel()
