"""Devices are read one after the other, whatever becomes of those that wait."""

from __future__ import annotations

import asyncio
import time

from netwatch.probes.snmp.reading_queue import ReadingQueue
from netwatch.process.pace import Steps


async def test_one_is_read_at_a_time_also_after_one_was_given_up() -> None:
    queue, seen = ReadingQueue(0.001), list[str]()

    def work(name: str) -> Steps[str]:
        for _ in range(20):
            seen.append(name)
            time.sleep(0.0005)
            yield
        return name

    readings = [asyncio.create_task(queue.read(work(name))) for name in "abcd"]
    await asyncio.sleep(0)
    readings[1].cancel()
    done = await asyncio.gather(*readings, return_exceptions=True)
    assert [each for each in done if isinstance(each, str)] == ["a", "c", "d"]
    assert seen == sorted(seen)
    assert await queue.read(work("e")) == "e"
