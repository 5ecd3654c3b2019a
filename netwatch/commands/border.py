"""``netwatch border ask``: what border routers found out, now."""

from __future__ import annotations

import argparse
import asyncio

from netwatch.commands.probe import as_table, measure_once
from netwatch.configuration import read_configuration
from netwatch.core.check import Check
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.result import Outcome
from netwatch.settings import Settings

HELP = "hỏi bộ định tuyến biên / ask border routers what their pings found"

_PACE = 0.01
"""Seconds between two questions."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and which routers."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    text = "hỏi một lần / ask once, and print what they say"
    ask = actions.add_parser("ask", help=text, description=text)
    ask.add_argument("vantage", metavar="VANTAGE", nargs="?")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Ask the routers for every flow that they measure; 0 when all know, else 1.

    Raises:
        ConfigError: the configuration is wrong, or no such router is asked from here.
        StartError: this machine doesn't allow it.
    """
    checks = _checks(settings, options.vantage)
    results = asyncio.run(measure_once(checks, pace=_PACE))
    print(as_table(results))
    known = [result for result in results if result.outcome is not Outcome.INVALID]
    return 0 if len(known) == len(checks) else 1


def _checks(settings: Settings, vantage: str | None) -> list[Check]:
    configuration = read_configuration(settings)
    flows = configuration.inventory.flows
    found = [
        check
        for check in configuration.checks
        if check.via is not None and check.flow is not None
        if vantage in {None, flows[check.flow].vantage}
    ]
    if not found:
        message = f"{settings.vantage} asks no such router; see docs/border-routers.md"
        raise ConfigError([Problem(vantage or "border", message)])
    return found
