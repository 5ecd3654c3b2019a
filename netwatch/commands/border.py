"""``netwatch border``: the results of border routers' own pings, and the SETs they would get."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import replace

from netwatch.commands.names import unknown
from netwatch.commands.probe import measure_once, results_table
from netwatch.configuration import read_configuration
from netwatch.core.check import Check
from netwatch.core.result import Outcome
from netwatch.probes.remote_ping import RemotePingParams
from netwatch.settings import Settings
from netwatch.snmp.ping_rows import creation, destruction

_REQUEST_INTERVAL = 0.01
"""Seconds between two requests to routers."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the action, and the vantage whose router is meant."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in (
        ("ask", "hỏi một lần / ask once, and print what they say; nothing is written"),
        ("plan", "in các lệnh SET / print the SETs of our own operations; nothing is sent"),
    ):
        action = actions.add_parser(name, help=text, description=text)
        action.add_argument("vantage", metavar="VANTAGE", nargs="?")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Ask the routers for the results of all flows that they measure, or print the planned SETs.

    Returns:
        0, or 1 when a flow has no result.

    Raises:
        ConfigError: the configuration is wrong, or this vantage asks no such router.
        StartError: this machine doesn't allow SNMP requests.
    """
    checks = _checks(settings, options.vantage)
    if options.action == "plan":
        return _plan(checks)
    # The daemon's operations are the daemon's: here they are only read.
    read = [replace(c, via=replace(c.via, writer=None)) for c in checks if c.via is not None]
    results = asyncio.run(measure_once(read, pace=_REQUEST_INTERVAL))
    print(results_table(results))
    known = [result for result in results if result.outcome is not Outcome.INVALID]
    return 0 if len(known) == len(checks) else 1


def _plan(checks: list[Check]) -> int:
    own = [
        (check, check.params, check.via, making)
        for check in checks
        if isinstance(check.params, RemotePingParams) and check.params.own
        if check.via is not None and (making := check.params.mib.making) is not None
    ]
    if not own:
        print("không ghi gì / nothing is written")
    for check, params, router, making in own:
        user = router.writer.user if router.writer else "-"
        print(f"{check.flow}: SNMP v3 authPriv, {user} @ {router.address}:{params.port}")
        wanted = creation(making, params.index, params.owner or "", check.address, check.interval)
        for number, sets in enumerate(wanted, start=1):
            print(f"  tạo / make, SET {number}")
            for each in sets:
                print(f"    {each}")
        print("  hủy khi dừng / destroy at the end, SET")
        print(f"    {destruction(making, params.index)[0]}")
    return 0


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
        message = f"{settings.vantage} asks no such router"
        asked = {c.flow for c in configuration.checks if c.via is not None}
        known = {flow.vantage for flow_id, flow in flows.items() if flow_id in asked}
        raise unknown(vantage or "border", message, known, "see docs/border-routers.md")
    return found
