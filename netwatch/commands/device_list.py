"""``netwatch inventory devices``: model, serial number and software of each device, as CSV."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from netwatch.commands.devices import TIMEOUT, is_snmp
from netwatch.commands.reason_words import why
from netwatch.configuration import Configuration
from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.probes.snmp import SnmpParams, SnmpProbe
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.objects import objects
from netwatch.snmp.identity import COLUMNS, ENTITIES, Part, as_csv, parts
from netwatch.snmp.values import Value

_MAX_CONCURRENT = 8
"""Devices that are asked at the same time."""

_HEAD = ("site", "target", "address", "part", "model", "serial", "software")


def print_devices(configuration: Configuration) -> int:
    """Print the list; returns 0 when every device answered, else 1."""
    checks = [c for c in configuration.checks if is_snmp(c) and c.flow is None]
    checks = [check for check in checks if check.credential is not None]
    found = asyncio.run(_ask_all(checks))
    rows = [
        (check.site, check.target, check.address, *part)
        for check, its_parts in zip(checks, found, strict=True)
        for part in its_parts or ()
    ]
    print(as_csv([_HEAD, *rows]), end="")
    return 0 if None not in found else 1


async def _ask_all(checks: list[Check[SnmpParams]]) -> list[list[Part] | None]:
    limit = asyncio.Semaphore(_MAX_CONCURRENT)

    async def ask(check: Check[SnmpParams]) -> list[Part] | None:
        async with limit:
            return await _ask(replace(check, timeout=TIMEOUT))

    return await asyncio.gather(*map(ask, checks))


async def _ask(check: Check[SnmpParams]) -> list[Part] | None:
    """What a device says of itself; None, with a line to standard error, when it is silent."""
    measured = await SnmpProbe(lambda _: None).measure(check)
    if measured.outcome is not Outcome.SUCCESS:
        said = why(measured.reason, measured.detail)
        print(f"{check.site}/{check.target} {check.address}: {said}", file=sys.stderr)
        return None
    return parts(measured.samples, await _entities(check))


async def _entities(check: Check[SnmpParams]) -> dict[tuple[int, int], Value]:
    """The cells of ENTITY-MIB that are needed, by column and row; few devices lack it."""
    found: dict[tuple[int, int], Value] = {}
    try:
        for column in COLUMNS:
            async for oid, value in objects(check, f"{ENTITIES}.{column}"):
                found[column, int(oid.rpartition(".")[2])] = value
    except PollError as error:
        place = f"{check.site}/{check.target} {check.address}"
        print(f"{place}: ENTITY-MIB: {why(error.reason, error.detail)}", file=sys.stderr)
    return found
