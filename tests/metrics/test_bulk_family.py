"""A family that keeps its values in a way of its own stands on the page like any other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

import pytest

from netwatch.metrics import BulkFamily, Kind, Registry, header, number, render, series


@dataclass
class Rows:
    """A family whose values are rows of a table."""

    name: str
    kind: Kind = "gauge"
    values: list[float] = field(default_factory=list)

    @property
    def header(self) -> str:
        return header(self.kind, self.name, "Of rows\nand columns")

    def steps(self) -> Iterator[str]:
        for row, value in enumerate(self.values):
            yield series(self.name, [("row", str(row))]) + number(value) + "\n"


async def test_it_stands_where_it_was_added() -> None:
    registry = Registry()
    registry.gauge("netwatch_first", "First").cell().set(1)
    rows: BulkFamily = Rows("netwatch_rows", values=[0.5, 2e6])
    registry.add(rows)
    registry.gauge("netwatch_last", "Last").cell().set(3)
    assert (await render(registry)).decode() == (
        "# HELP netwatch_first First\n"
        "# TYPE netwatch_first gauge\n"
        "netwatch_first 1.0\n"
        "# HELP netwatch_rows Of rows\\nand columns\n"
        "# TYPE netwatch_rows gauge\n"
        'netwatch_rows{row="0"} 0.5\n'
        'netwatch_rows{row="1"} 2e+06\n'
        "# HELP netwatch_last Last\n"
        "# TYPE netwatch_last gauge\n"
        "netwatch_last 3.0\n"
    )


async def test_the_loop_gets_its_turn_between_its_pieces() -> None:
    rounds = 0

    class Laborious(Rows):
        def steps(self) -> Iterator[str]:
            for piece in super().steps():
                end = perf_counter() + 0.005
                while perf_counter() < end:
                    pass
                yield f"{piece[:-1]} {rounds}\n"

    async def count_rounds() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    registry = Registry()
    registry.add(Laborious("netwatch_rows", values=[0.0] * 5))
    counting = asyncio.create_task(count_rounds())
    lines = (await render(registry)).decode().splitlines()[2:]
    counting.cancel()
    assert [line.rpartition(" ")[2] for line in lines] == ["0", "1", "2", "3", "4"]


def test_its_names_are_kept_apart() -> None:
    registry = Registry(reserved=["netwatch_build_info"])
    registry.add(Rows("netwatch_rows_seconds", "histogram"))
    taken = "netwatch_rows_seconds_bucket"
    with pytest.raises(ValueError, match=f"{taken}: already on the page: {taken}"):
        registry.gauge(taken, "help")
    for name in ("netwatch_build_info", "netwatch_rows_seconds", taken):
        with pytest.raises(ValueError, match="already on the page"):
            registry.add(Rows(name))
    with pytest.raises(ValueError, match="is not a metric name"):
        registry.add(Rows("netwatch-rows"))
    assert len(registry.families()) == 1
