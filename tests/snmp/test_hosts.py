"""Hosts without a MIB of their own: processors, memory and disks by HOST-RESOURCES-MIB."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest

from netwatch.core.result import Outcome, Sample
from tests.harness.hostile_agents import agents, play
from tests.harness.recordings import Recording
from tests.harness.snmp_polls import check, poll
from tests.harness.snmpd import COMMUNITY

PROCESSORS = "1.3.6.1.2.1.25.3.3.1.2"
"""hrProcessorLoad (RFC 2790)."""

STORAGE = "1.3.6.1.2.1.25.2.3.1"
"""hrStorageEntry (RFC 2790)."""

WINDOWS, ESXI, DRAYTEK = (
    f"1.3.6.1.4.1.{own}" for own in ("311.1.1.3.1.2", "6876.4.1", "7367.2.24")
)
"""sysObjectIDs."""

Stored = tuple[str, int, int, int]
"""Description, octets of a unit, size and use in units."""


def recorded(file: Path, own: str, loads: dict[int, int], stored: list[Stored]) -> Recording:
    """A host with these processors and this storage, in the order of its objects."""
    lines = [f"1.3.6.1.2.1.1.2.0|6|{own}", "1.3.6.1.2.1.1.3.0|67|360000"]
    for column in range(4):
        for row, cells in enumerate(stored, 1):
            kind = 2 if column else 4
            lines.append(f"{STORAGE}.{column + 3}.{row}|{kind}|{cells[column]}")
    lines += [f"{PROCESSORS}.{row}|2|{load}" for row, load in loads.items()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Recording(file.stem, file)


async def read(host: Recording) -> list[Sample]:
    objects = host.objects()
    async with agents(lambda request: play(request, objects)) as (agent,):
        result = await poll(check(agent.port, COMMUNITY, timeout=20.0))
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "")
    return list(result.samples)


def octets(samples: list[Sample], series: str) -> dict[str, float]:
    """Of each storage, what ``series`` tells in units, in octets."""
    of = {
        name: {dict(s.labels)["hrStorageDescr"]: s.value for s in samples if s.name == name}
        for name in ("hrStorageAllocationUnits", series)
    }
    return {key: of["hrStorageAllocationUnits"][key] * value for key, value in of[series].items()}


@pytest.mark.parametrize(
    ("own", "loads", "busy"),
    [(WINDOWS, {6: 12, 7: 40, 8: 0, 9: 100}, 38), (ESXI, {1: 7, 2: 9}, 8), (DRAYTEK, {0: 6}, 6)],
)
async def test_the_mean_of_the_processors_is_the_hosts_load(
    own: str, loads: dict[int, int], busy: float, tmp_path: Path
) -> None:
    samples = await read(recorded(tmp_path / "host.snmprec", own, loads, []))
    found = [s.value for s in samples if s.name == "hrProcessorLoad"]
    assert len(found) == len(loads)
    assert mean(found) == busy


@pytest.mark.parametrize(
    ("own", "stored"),
    [
        (WINDOWS, [("C:\\ Label:System", 4096, 1000, 250), ("Physical Memory", 65536, 400, 100)]),
        (ESXI, [("/vmfs/volumes/lun1", 1048576, 2**21, 2**20), ("Real Memory", 1024, 2**27, 999)]),
    ],
)
async def test_memory_and_disks_are_read_in_units(
    own: str, stored: list[Stored], tmp_path: Path
) -> None:
    samples = await read(recorded(tmp_path / "host.snmprec", own, {}, stored))
    assert octets(samples, "hrStorageSize") == {row[0]: row[1] * row[2] for row in stored}
    assert octets(samples, "hrStorageUsed") == {row[0]: row[1] * row[3] for row in stored}
