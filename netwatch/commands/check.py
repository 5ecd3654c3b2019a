"""``netwatch check``: whether settings, inventory and secrets are right."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from netwatch.configuration import Configuration, read_configuration
from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.model import Inventory
from netwatch.meetings.occurrences import find_meetings
from netwatch.meetings.plan import MAX_AHEAD, days_of
from netwatch.settings import Settings
from netwatch.vietnamese.translate import vietnamese
from netwatch.web.config.setting import read_web_config

WRONG = 2
"""Exit status of a configuration that the daemon would refuse."""

MAX_NAMED = 5
"""Sites that are named where something is said of many."""

MAX_TARGETS_OF_UNIT = 60_000
"""Targets for which the gigabyte of MemoryMax= in systemd/netwatch.service is enough."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the output format."""
    parser.add_argument("--json", action="store_true", help="kết quả dạng JSON / print JSON")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print how many sites, targets and checks the daemon would have; returns 0.

    Calendars are read as the daemon would read them; what is wrong with them is told.

    Raises:
        ConfigError: with every problem found.
    """
    try:
        configuration = _read(settings)
    except ConfigError as error:
        if not options.json:
            raise
        print(as_json(problems=error.problems))
        return WRONG
    if options.json:
        print(as_json(configuration))
        return 0
    inventory = configuration.inventory
    targets = sum(len(site.targets) for site in inventory.sites.values())
    print(f"{settings.inventory}: đúng / valid")
    print(f"  {len(inventory.sites)} điểm / sites, {targets} đích / targets")
    for tier_id, count in Counter(site.tier for site in inventory.sites.values()).items():
        tier = inventory.tiers[tier_id]
        print(f"    {count:5} {tier.name_vi} / {tier.name}")
    if assumed := configuration.graph.assumed:
        print(
            f"  {len(assumed)} điểm coi như nối thẳng với điểm trên, vì không có đường truyền nào"
            f" dẫn tới đó / sites taken to be joined to their parent, because no line leads there:"
            f" {_some(assumed)}"
        )
    _print_unserved(configuration)
    _print_doubtful(inventory)
    for doubt in configuration.doubts:
        print(f"! {doubt}")
    _print_large(targets)
    print(f"  {len(configuration.checks)} phép đo / checks")
    for (kind, interval), count in sorted(
        Counter((check.kind, check.interval) for check in configuration.checks).items()
    ):
        print(f"    {count:5} {kind}, {interval:g} s")
    _print_calendars(configuration)
    return 0


def _read(settings: Settings) -> Configuration:
    """What the daemon would work by.

    Raises:
        ConfigError: with every problem of inventory, secrets and web server.
    """
    problems: list[Problem] = []
    configuration = None
    try:
        configuration = read_configuration(settings)
    except ConfigError as error:
        problems += error.problems
    try:
        read_web_config(settings)
    except ConfigError as error:
        problems += error.problems
    if configuration is None or problems:
        raise ConfigError(problems)
    return configuration


def as_json(configuration: Configuration | None = None, problems: Sequence[Problem] = ()) -> str:
    """What was found, for programs: problems by file and line, or what the daemon would do."""
    found: dict[str, object] = {"valid": not problems, "problems": [*map(_problem, problems)]}
    if configuration is not None:
        inventory = configuration.inventory
        found |= {
            "sites": len(inventory.sites),
            "targets": sum(len(site.targets) for site in inventory.sites.values()),
            "planned_sites": len(configuration.planned.sites),
            "checks": len(configuration.checks),
            "doubts": list(configuration.doubts),
        }
    return json.dumps(found, ensure_ascii=False, indent=2)


def _problem(problem: Problem) -> dict[str, object]:
    file, _, line = problem.place.rpartition(":")
    is_line = line.isdecimal()
    return {
        "place": problem.place,
        "file": file if is_line else None,
        "line": int(line) if is_line else None,
        "message_vi": problem.vi or vietnamese(problem.message) or problem.message,
        "message": problem.message,
    }


def _print_unserved(configuration: Configuration) -> None:
    """Print how many sites count nowhere yet, or no longer."""
    planned = len(configuration.planned.sites)
    retired = len(configuration.written.sites) - len(configuration.inventory.sites) - planned
    if planned or retired:
        print(
            f"  ngoài ra / besides: {planned} điểm đang chuẩn bị / planned,"
            f" {retired} điểm đã ngừng / retired"
        )


def _print_doubtful(inventory: Inventory) -> None:
    """Print what is allowed, and yet hardly meant."""
    empty = [site_id for site_id, site in inventory.sites.items() if not site.targets]
    if empty:
        print(
            f"! {len(empty)} điểm không có đích nào, nên luôn chưa rõ / sites without a target,"
            f" whose state will always be unknown: {_some(empty)}"
        )


def _print_large(targets: int) -> None:
    """Print that systemd may end the daemon, which it does again and again, for want of memory."""
    if targets > MAX_TARGETS_OF_UNIT:
        print(
            f"! {targets} đích có thể cần nhiều bộ nhớ hơn MemoryMax=1G của dịch vụ, hãy tăng"
            " / targets may need more memory than MemoryMax=1G of the unit: raise it"
            " (systemctl edit netwatch)"
        )


def _some(names: Sequence[str]) -> str:
    return f"{', '.join(names[:MAX_NAMED])}{' ...' if len(names) > MAX_NAMED else ''}"


def _print_calendars(configuration: Configuration) -> None:
    """Print how many events the calendars have in the next days, and what is left out of them."""
    inventory, calendars = configuration.inventory, configuration.calendars
    if not inventory.calendars:
        return
    now = datetime.now(ZoneInfo(inventory.province.timezone))
    asyncio.run(calendars.refresh(*days_of(now), now))
    found = find_meetings(inventory, now, now + MAX_AHEAD, calendars.known)
    print(f"  {len(inventory.calendars)} lịch / calendars")
    for id_ in inventory.calendars:
        count = sum(meeting.id == id_ for meeting in found.meetings)
        print(f"    {count:5} {id_}, {MAX_AHEAD.days} d")
    for warning in found.warnings:
        print(f"! {warning}")
