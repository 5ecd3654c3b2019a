"""A mistake in a probe costs its own slot: a throw-away probe that makes each of them."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from netwatch.core.check import Check
from netwatch.core.facts import Fact
from netwatch.core.params import ProbeParams
from netwatch.core.result import Outcome, Reason, Report, Result, Sink
from netwatch.probes import guard, tasks
from netwatch.probes.base import Probe, ProbeKind
from netwatch.probes.guard import INTERNAL_ERROR, GuardedStreamProbe
from netwatch.probes.tasks import Measured, TaskProbe
from tests.harness.builders import make_check

DECLARED = Fact("netwatch_careless_steps", "How far it came.", ("way",))
STRANGER = Fact("netwatch_careless_stranger", "Nobody has declared it.")
GOOD = Measured(Outcome.SUCCESS, Reason.OK, 0.001, facts=(DECLARED.sample(1, "up"),))


class CarelessParams(ProbeParams):
    mistake: str = ""


class CarelessProbe(TaskProbe[CarelessParams]):
    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, 100)
        self.is_ending = asyncio.Event()

    def launch(self, check: Check[CarelessParams], due: float) -> None:
        if check.params.mistake == "raises at launch":
            raise RuntimeError("at launch")
        super().launch(check, due)
        if check.params.mistake == "reports twice":
            self._sink(GOOD.of(check, due))

    async def measure(self, check: Check[CarelessParams]) -> Measured:
        match check.params.mistake:
            case "raises":
                raise RuntimeError("in the middle")
            case "gives nothing":
                nothing: Any = None
                return nothing  # type: ignore[no-any-return]
            case "never answers":
                await self._sleep_on()
            case "takes a turn of the loop":
                await asyncio.sleep(0)
            case "tells a stranger":
                return Measured(Outcome.SUCCESS, Reason.OK, facts=(STRANGER.sample(1),))
            case "tells other labels":
                other = Fact(DECLARED.name, "Other labels.")
                return Measured(Outcome.SUCCESS, Reason.OK, facts=(other.sample(1),))
        return GOOD

    async def _sleep_on(self) -> None:
        """Takes no notice of being told to end."""
        while not self.is_ending.is_set():
            try:
                await self.is_ending.wait()
            except asyncio.CancelledError:
                continue


KIND = ProbeKind("careless", CarelessParams, CarelessProbe, facts=(DECLARED,))


@dataclass
class Running:
    probe: Probe
    results: list[Result] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    is_raising: bool = False

    def take(self, report: Report) -> None:
        assert isinstance(report, Result)
        self.results.append(report)
        self.arrived.set()
        if self.is_raising:
            raise KeyError(report.check.id)

    async def wait_for(self, count: int) -> list[Result]:
        async with asyncio.timeout(60):
            while len(self.results) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.results


def careless(mistake: str, **changes: Any) -> Check:
    params = CarelessParams(mistake=mistake)
    return make_check("careless", target=mistake or "good", params=params, **changes)


def running() -> Running:
    made = Running(probe=None)  # type: ignore[arg-type]
    made.probe = KIND.create(made.take)
    return made


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "GRACE_TIMEOUT", 0.05)
    monkeypatch.setattr(guard, "MAX_LATE", 60.0)


@pytest.fixture(autouse=True)
def unhandled() -> Iterator[list[str]]:
    """What asyncio had to tell because nobody else did; nothing may be there."""
    told: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())

    handler = Keep()
    logging.getLogger("asyncio").addHandler(handler)
    yield told
    gc.collect()
    logging.getLogger("asyncio").removeHandler(handler)
    assert told == []


MISTAKES = {
    "raises": "it raised",
    "raises at launch": "it raised",
    "gives nothing": "it raised",
    "never answers": "it gave no result",
    "tells a stranger": "its kind does not declare the fact netwatch_careless_stranger",
    "tells other labels": "its kind does not declare the fact netwatch_careless_steps",
}


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_mistake_costs_its_own_slot_and_its_neighbours_nothing(
    mistake: str, caplog: pytest.LogCaptureFixture
) -> None:
    run = running()
    await run.probe.open()
    good, bad = careless(""), careless(mistake, timeout=0.05)
    for slot in range(3):
        run.probe.launch(bad, float(slot))
        run.probe.launch(good, float(slot))
    results = await run.wait_for(6)
    assert isinstance(run.probe, guard.GuardedProbe)
    assert isinstance(run.probe.inner, CarelessProbe)
    run.probe.inner.is_ending.set()
    await run.probe.close()
    assert len(results) == 6
    assert {r.due for r in results if r.check is good and r.outcome is Outcome.SUCCESS} == {0, 1, 2}
    lost = [result for result in results if result.check is bad]
    assert {(r.outcome, r.reason, r.detail, r.facts) for r in lost} == {
        (Outcome.INVALID, Reason.LOCAL_ERROR, INTERNAL_ERROR, ())
    }
    (line,) = [record for record in caplog.records if record.name == guard.__name__]
    assert line.getMessage() == f"probe error kind=careless check={bad.id}: {MISTAKES[mistake]}"
    assert (line.exc_info is not None and line.exc_info[1] is not None) == (
        MISTAKES[mistake] == "it raised"
    )


async def test_a_second_result_is_counted_as_invalid_and_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    run = running()
    run.probe.launch(careless("reports twice"), 1.0)
    first, second = await run.wait_for(2)
    await run.probe.close()
    assert first.outcome is Outcome.SUCCESS
    assert (second.outcome, second.facts) == (Outcome.INVALID, ())
    assert "it gave a second result for a slot" in caplog.text


async def test_who_cannot_take_in_a_result_does_not_end_the_probe(
    caplog: pytest.LogCaptureFixture,
) -> None:
    run = running()
    run.is_raising = True
    run.probe.launch(careless(""), 1.0)
    run.probe.launch(careless(""), 2.0)
    await run.wait_for(2)
    await run.probe.close()
    assert caplog.text.count("its result could not be taken in") == 1
    assert "KeyError" in caplog.text


async def test_a_task_that_takes_no_notice_does_not_hold_up_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "CLOSE_TIMEOUT", 0.05)
    run = running()
    run.probe.launch(careless("never answers", timeout=0.05), 1.0)
    await run.wait_for(1)
    async with asyncio.timeout(60):
        await run.probe.close()
    assert isinstance(run.probe, guard.GuardedProbe)
    assert isinstance(run.probe.inner, CarelessProbe)
    assert len(run.probe.inner._tasks) == 1
    run.probe.inner.is_ending.set()
    await asyncio.wait(run.probe.inner._tasks)


async def test_what_comes_after_the_close_is_dropped() -> None:
    run = running()
    run.probe.launch(careless(""), 1.0)
    await run.probe.close()
    assert run.results == []


async def test_a_loop_that_stood_still_gives_the_probe_more_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guard, "MAX_LATE", 0.0)
    run = running()
    run.probe.launch(careless("takes a turn of the loop", timeout=0.05), 1.0)
    time.sleep(0.2)  # noqa: ASYNC251 - the loop stands still past timeout and grace
    (result,) = await run.wait_for(1)
    await run.probe.close()
    assert result.outcome is Outcome.SUCCESS


async def test_a_probe_of_streams_that_raises_ends_no_round(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Raising:
        def launch(self, check: Check, due: float) -> None:
            raise RuntimeError("one")

        def launch_streams(self, rows: Any, due: Any) -> None:
            raise RuntimeError("many")

    inner: Any = Raising()
    probe = GuardedStreamProbe("icmp", inner)
    for _ in range(2):
        probe.launch(make_check(), 1.0)
        probe.launch_streams(inner, inner)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert all("it raised" in line for line in lines)
