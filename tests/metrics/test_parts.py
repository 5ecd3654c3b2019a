"""The page in parts: together they are the whole, and none has what another has."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import numpy as np
import pytest

from netwatch.core.echo import OK, EchoResults
from netwatch.core.result import Outcome, Readings
from netwatch.metrics.parts import FamilyGroup, MetricsPart
from tests.harness.builders import (
    make_check,
    make_checks,
    make_configuration,
    make_parts,
    make_result,
)
from tests.harness.country import country_of

PARTS = [
    *(MetricsPart(FamilyGroup.STATES, share, 3) for share in (1, 2, 3)),
    *(MetricsPart(FamilyGroup.ECHOES, share, 2) for share in (1, 2)),
    *(MetricsPart(FamilyGroup.DEVICES, share, 2) for share in (1, 2)),
]


def read(blocks: AsyncIterator[bytes]) -> str:
    async def joined() -> bytes:
        return b"".join([block async for block in blocks])

    return asyncio.run(joined()).decode()


def test_the_parts_are_the_whole_page_and_each_series_is_in_one() -> None:
    inventory = country_of(300)
    checks = make_checks(inventory)
    poll = make_check("snmp", site="s1")
    parts = make_parts(make_configuration(inventory, [*checks, poll]))
    rows = parts.streams.rows(checks)
    trips = np.full(len(rows), 0.001)
    results = EchoResults(rows, np.full(len(rows), OK, np.uint8), trips, 0.0, trips)
    parts.collector.settled(results)
    samples = Readings(tuple(("ifInErrors", (("ifIndex", str(n)),)) for n in range(9)), [1.0] * 9)
    parts.collector.report(make_result(poll, Outcome.SUCCESS, samples=samples))
    whole = lines(parts.pages.metrics())
    divided = [lines(parts.pages.metrics_part(part)) for part in PARTS]
    assert Counter(line for each in divided for line in each) == Counter(whole)
    assert all(each < 0.5 * len(whole) for each in map(len, divided))
    of = zip(divided, PARTS, strict=True)
    echoes = [len(each) for each, part in of if part.group is FamilyGroup.ECHOES]
    assert min(echoes) > 0.3 * sum(echoes)


def lines(blocks: AsyncIterator[bytes]) -> list[str]:
    """The series of a page without their values; those of the program itself change meanwhile."""
    found = [line.rpartition(" ")[0] for line in read(blocks).splitlines() if line[0] != "#"]
    return [line for line in found if not line.startswith(("process_", "python_"))]


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_a_part_is_read_as_it_is_written(part: MetricsPart) -> None:
    assert MetricsPart.read(str(part)) == part


@pytest.mark.parametrize(
    "text",
    [
        *("", "all", "echoes-", "echoes-1", "echoes-0-of-2", "echoes-3-of-2", "echoes-1-of-33"),
        *(
            "echoes-1-of-2\n",
            "echoes-٣-of-٤",
            "echoes-1-of-" + "9" * 5000,
            "ECHOES",
            "states-01-of-2",
        ),
    ],
)
def test_there_is_no_other_part(text: str) -> None:
    with pytest.raises(ValueError, match=r"a part is|shares are"):
        MetricsPart.read(text)
