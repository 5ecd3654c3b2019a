"""``netwatch probe SITE|SITE/TARGET``: measures once, now, and prints the results."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from netwatch import probes
from netwatch.commands.names import unknown
from netwatch.commands.reason_words import why
from netwatch.commands.table import as_table
from netwatch.configuration import read_configuration
from netwatch.core.check import Check
from netwatch.core.result import Outcome, Report, Result
from netwatch.inventory.former_ids import former_ids
from netwatch.settings import Settings

_RESULT_MARGIN = 1.0
"""Seconds beyond the longest timeout after which all results must be there."""

_OUTCOMES = {
    Outcome.SUCCESS: "thông / ok",
    Outcome.FAILURE: "KHÔNG / FAIL",
    Outcome.INVALID: "không đo được / not measured",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the site or target, and the output format."""
    parser.add_argument("place", metavar="SITE|SITE/TARGET")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Run every check of a site or a target once; returns 0 when all succeed, else 1.

    Raises:
        ConfigError: the configuration is wrong, or has no such place.
        StartError: this machine doesn't allow a probe.
    """
    place: str = options.place
    configuration = read_configuration(settings)
    former = former_ids(configuration.written)
    place = former.target(place) if "/" in place else former.site(place)
    checks = [
        check
        for check in configuration.measured
        if check.flow is None and place in {check.site, f"{check.site}/{check.target}"}
    ]
    if not checks:
        known = {name for c in configuration.measured for name in (c.site, f"{c.site}/{c.target}")}
        remedy = "give SITE or SITE/TARGET"
        raise unknown(place, "no such site or target with checks", known, remedy)
    results = asyncio.run(measure_once(checks))
    print(_as_json(results) if options.json else results_table(results))
    everything = len(results) == len(checks)
    return 0 if everything and all(r.outcome is Outcome.SUCCESS for r in results) else 1


async def measure_once(checks: Sequence[Check], pace: float = 0.0) -> list[Result]:
    """Launch each check once, ``pace`` seconds apart.

    Returns:
        The results, in the order of the checks; those that didn't come in time are missing.
    """
    results: dict[str, Result] = {}
    complete = asyncio.Event()

    def sink(report: Report) -> None:
        if isinstance(report, Result):
            results[report.check.id] = report
            if len(results) == len(checks):
                complete.set()

    async with AsyncExitStack() as stack:
        running = {}
        for kind in {check.kind for check in checks}:
            running[kind] = probes.kinds()[kind].create(sink)
            stack.push_async_callback(running[kind].close)
            await running[kind].open()
        for check in checks:
            running[check.kind].launch(check, time.monotonic())
            await asyncio.sleep(pace)
        try:
            async with asyncio.timeout(max(check.timeout for check in checks) + _RESULT_MARGIN):
                await complete.wait()
        except TimeoutError:
            pass  # the caller sees which results are missing
    return [results[check.id] for check in checks if check.id in results]


def results_table(results: Sequence[Result]) -> str:
    """A table of results, one line each."""
    rows = [("Đích / Target", "Phép đo / Probe", "Kết quả / Result", "ms", "Lý do / Reason")]
    for result in results:
        check = result.check
        place = f"{check.site}/{check.target} {check.address}"
        rows.append(
            (
                f"{check.flow}: {place}" if check.flow else place,
                check.probe,
                _OUTCOMES[result.outcome],
                "" if result.duration is None else f"{result.duration * 1000:.2f}",
                why(result.reason, result.detail) + _counted(result),
            )
        )
    return as_table(rows)


def _counted(result: Result) -> str:
    count = len(result.samples) + len(result.facts)
    return f", {count} giá trị / values" if count else ""


def _as_json(results: Sequence[Result]) -> str:
    return json.dumps(
        [
            {
                "site": result.check.site,
                "target": result.check.target,
                "address": result.check.address,
                "probe": result.check.probe,
                "outcome": result.outcome,
                "reason": result.reason,
                "duration_seconds": result.duration,
                "detail": result.detail,
                "samples": [
                    {"name": s.name, "labels": dict(s.labels), "value": s.value}
                    for s in (*result.samples, *result.facts)
                ],
            }
            for result in results
        ],
        ensure_ascii=False,
        indent=2,
    )
