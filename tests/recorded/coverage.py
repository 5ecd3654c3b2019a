"""How much is read of what other people expect of recorded devices.

``python -m tests.recorded.coverage RECORDINGS EXPECTED [MAKE ...]`` polls each recording of a
folder (``.snmprec``) of which the other folder has expected values (a JSON file of the same name,
as in LibreNMS' ``tests/data``), and prints a table by make. A value counts when its object is read
and has its number, up to a factor of units, or when a series of its kind has the same number.
Values that the recording hasn't are not counted, nor is an optical power of exactly 0 dBm, by
which devices say that there is none. ``--missing`` lists what was not found instead.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netwatch.core.result import Result, Sample
from netwatch.lab.ber import Oid
from netwatch.snmp import load_profile, profile_names
from tests.harness.hostile_agents import agents, play
from tests.harness.recordings import Recording
from tests.harness.snmp_polls import check, poll
from tests.harness.snmpd import COMMUNITY
from tests.recorded.makes import MAKES

KINDS = ("cpu", "memory", "temperature", "fans", "power", "optics", "ups")
"""Columns of the table."""

_CLASSES = {
    "temperature": "temperature",
    "fanspeed": "fans",
    "dbm": "optics",
    "charge": "ups",
    "runtime": "ups",
}
"""Kinds by the class of a sensor; loads and states go by their names."""

_SCALES = (1.0, 0.1, 0.01, 0.001, 10.0, 100.0, 1000.0, 1 / 60, 1 / 6000)
"""Factors from a series to an expected value: digits behind the point, minutes for seconds."""

_WORDS = {
    "cpu": "cpu|processor|load|util|busy|usage",
    "memory": "mem|storage|used|free|pool|util|usage",
    "temperature": "temp|celsius|sensor",
    "fans": "fan|rpm|sensor",
    "power": "power|psu|supply|watt|sensor",
    "optics": "dbm|power|optic|xcvr|sensor",
    "ups": "ups|batt|load|charge|runtime|remain|output",
}
"""Words of which a series' name has one, if it may stand for a value of a kind."""


@dataclass(frozen=True)
class Expected:
    """A value that somebody else reads.

    Attributes:
        kind: one of ``KINDS``.
        oid: of its object, without a leading dot; empty when it has none.
        numbers: what would do, in the unit that they show.
    """

    kind: str
    oid: str
    numbers: tuple[float, ...]


def expected(file: Path) -> Iterator[Expected]:
    """What a file of expected values has of ``KINDS``."""
    content = json.loads(file.read_text(encoding="utf-8"))
    for row in _rows(content, "processors"):
        yield Expected("cpu", _oid(row, "processor_oid"), _numbers(row, "processor_usage"))
    for row in _rows(content, "mempools"):
        named = ("mempool_perc_oid", "mempool_used_oid", "mempool_free_oid", "mempool_total_oid")
        oid = next((found for name in named if (found := _oid(row, name))), "")
        shown = _numbers(row, "mempool_perc", "mempool_used", "mempool_free", "mempool_total")
        unit = float(row.get("mempool_precision") or 1)
        yield Expected("memory", oid, (*shown, *(number / unit for number in shown[1:])))
    for row in _rows(content, "sensors"):
        numbers = _numbers(row, "sensor_current")
        if (kind := _kind(row)) == "optics":
            numbers = (*numbers, *(10 ** (number / 10) / 1000 for number in numbers))
        if kind and not (kind == "optics" and not row["sensor_current"]):
            yield Expected(kind, _oid(row, "sensor_oid"), numbers)


def _rows(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows as they are polled, or as they are discovered where that is all there is."""
    group = content.get(name, {})
    for moment in ("poller", "discovery"):
        if isinstance(rows := group.get(moment), dict):
            return list(rows[name])
    return []


def _oid(row: dict[str, Any], name: str) -> str:
    oid = str(row.get(name) or "").strip(".")
    return oid if re.fullmatch(r"[0-9]+(\.[0-9]+)+", oid) else ""


def _numbers(row: dict[str, Any], *names: str) -> tuple[float, ...]:
    found = (row.get(name) for name in names)
    return tuple(float(number) for number in found if isinstance(number, int | float))


def _kind(row: dict[str, Any]) -> str:
    sort = row["sensor_class"]
    if sort not in {"state", "load"}:
        return _CLASSES.get(sort, "")
    name = f"{row['sensor_type']} {row['sensor_descr']} {row.get('state_name')}".casefold()
    if "fan" in name:
        return "fans"
    if re.search(r"power|psu|supply|\bps\b", name):
        return "power"
    return "ups" if re.search(r"ups|batter", name) else ""


def shown_names() -> dict[str, list[str]]:
    """Names of the series that an object or a column becomes, by its OID."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in profile_names():
        profile = load_profile(name)
        for scalar in profile.scalars:
            found[scalar.oid].append(scalar.metric)
        for table in profile.tables:
            for entry in table.entries:
                for column in entry.columns:
                    found[f"{entry.oid}.{column.column}"].append(column.metric)
    return found


_SHOWN = shown_names()


def is_read(wanted: Expected, samples: dict[str, list[float]]) -> bool:
    """Whether the series of a poll have an expected value; each series stands for one only."""
    for name in _series_of(wanted.oid):
        if _take(samples.get(name, []), wanted, _same):
            return True
    words = re.compile(_WORDS[wanted.kind], re.IGNORECASE)
    return any(_take(found, wanted, _near) for name, found in samples.items() if words.search(name))


def _take(found: list[float], wanted: Expected, fits: Callable[[float, float], bool]) -> bool:
    """Take the nearest value that fits out of those that were found; False when none does."""
    for number in wanted.numbers:
        for shown in sorted(found, key=lambda each: abs(each - number)):
            if fits(shown, number):
                found.remove(shown)
                return True
    return False


def _series_of(oid: str) -> list[str]:
    """Names of the series that an object may have become; its index is cut off step by step."""
    pieces = oid.split(".")
    for end in range(len(pieces), 7, -1):
        if found := _SHOWN.get(".".join(pieces[:end])):
            return found
    return []


def _same(shown: float, number: float) -> bool:
    """Whether a value is that of the object, in one unit or another."""
    slack = 0.51 if abs(number) > 10 else 0.011  # many are shown as whole numbers
    return any(
        math.isclose(shown * scale, number, rel_tol=0.01, abs_tol=slack) for scale in _SCALES
    )


def _near(shown: float, number: float) -> bool:
    """Whether a value of another object says the same; zeros say nothing."""
    return number != 0 and math.isclose(shown, number, rel_tol=0.01, abs_tol=0.01)


async def read(recording: Recording) -> Result:
    """Poll a recording, however many series it has."""
    objects = recording.objects()
    async with agents(lambda request: play(request, objects)) as (agent,):
        return await poll(check(agent.port, COMMUNITY, timeout=60.0, max_series=1_000_000))


def by_name(samples: Iterable[Sample]) -> dict[str, list[float]]:
    """Values by the name of their series."""
    found: dict[str, list[float]] = defaultdict(list)
    for sample in samples:
        found[sample.name].append(sample.value)
    return found


def in_recording(wanted: Expected, held: set[Oid]) -> bool:
    """Whether a recording has the object of an expected value; a 0 without one says nothing."""
    if not wanted.oid:
        return any(wanted.numbers)
    return tuple(map(int, wanted.oid.split("."))) in held


def make_of(name: str) -> str:
    """The make of a recording by the first word of its name; empty when it is none of the table."""
    system = name.partition("_")[0]
    return next((make for make, systems in MAKES.items() if system in systems), "")


def held_by(recording: Recording) -> set[Oid]:
    """The identifiers of all objects of a recording."""
    text = recording.file.read_bytes()
    found = re.findall(rb"(?m)^([0-9][0-9.]*[0-9])\|", text)
    return {tuple(map(int, oid.split(b"."))) for oid in found}


Chosen = list[tuple[str, Recording, Path]]
"""Makes, recordings, and files of expected values."""


def choose(recordings: Path, wanted: Path, makes: list[str]) -> Chosen:
    """The recordings of some makes, or of all, that have expected values."""
    found: Chosen = []
    for file in sorted(wanted.glob("*.json")):
        make, source = make_of(file.stem), recordings / f"{file.stem}.snmprec"
        if make and source.is_file() and (not makes or make in makes):
            found.append((make, Recording(file.stem, source), file))
    return found


async def main(chosen: Chosen, *, missing: bool) -> None:
    """Poll all, and print the table, or what is missing."""
    there: dict[str, Counter[str]] = defaultdict(Counter)
    of: dict[str, Counter[str]] = defaultdict(Counter)
    devices: Counter[str] = Counter()
    for make, recording, file in chosen:
        held = held_by(recording)
        rows = [each for each in expected(file) if in_recording(each, held)]
        devices[make] += 1
        samples = by_name((await read(recording)).samples) if rows else {}
        for row in rows:
            of[make][row.kind] += 1
            if is_read(row, samples):
                there[make][row.kind] += 1
            elif missing:
                print(recording.name, row.kind, row.oid, *row.numbers)
    if not missing:
        _print_table(devices, there, of)


def _print_table(
    devices: Counter[str], there: dict[str, Counter[str]], of: dict[str, Counter[str]]
) -> None:
    print(f"| make | recordings | {' | '.join(KINDS)} | coverage |")
    print("|---" * (len(KINDS) + 3) + "|")
    for make in MAKES:
        if not devices[make]:
            continue
        cells = [_share(there[make][kind], of[make][kind]) for kind in KINDS]
        whole = sum(of[make].values())
        share = f"{sum(there[make].values()) / whole:.0%}" if whole else ""
        print(f"| {make} | {devices[make]} | {' | '.join(cells)} | {share} |")
    read_all, all_of = sum(there.values(), Counter()), sum(of.values(), Counter())
    cells = [_share(read_all[kind], all_of[kind]) for kind in KINDS]
    share = f"{sum(read_all.values()) / max(1, sum(all_of.values())):.0%}"
    print(f"| together | {sum(devices.values())} | {' | '.join(cells)} | {share} |")


def _share(there: int, of: int) -> str:
    return f"{there}/{of}" if of else ""


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    picked = choose(Path(given[0]), Path(given[1]), given[2:])
    asyncio.run(main(picked, missing="--missing" in sys.argv[1:]))
