"""``netwatch inventory``: what devices report, beside what the inventory says.

``suggest`` compares it with the neighbours by LLDP and CDP; ``devices`` lists what they are;
``show``, ``diff``, ``map`` and ``schema`` tell what the files say; ``import`` makes them from a
spreadsheet, ``sync`` from NetBox; ``discover`` finds who answers in a range;
``prometheus`` says in which parts the page of metrics is read.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Callable

from netwatch.commands import (
    inventory_discover,
    inventory_files,
    inventory_import,
    inventory_netbox,
    inventory_prometheus,
)
from netwatch.commands.device_list import print_devices
from netwatch.commands.devices import is_snmp
from netwatch.commands.reason_words import why
from netwatch.configuration import read_configuration
from netwatch.core.check import Check
from netwatch.inventory.cables import Cable, NeighbourReport
from netwatch.inventory.suggest import Suggestions, suggest
from netwatch.probes.snmp import SnmpParams
from netwatch.probes.snmp.errors import PollError
from netwatch.probes.snmp.neighbours import ask
from netwatch.settings import Settings

_MAX_CONCURRENT = 32
"""Devices that are asked at the same time."""


_WITHOUT_SETTINGS: dict[str, Callable[[argparse.Namespace], int]] = {
    "import": inventory_import.import_spreadsheet,
    "template": inventory_import.write_template,
    "sync": inventory_netbox.sync_netbox,
}
"""Actions that go by their own directory of an inventory."""

_WITH_SETTINGS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "discover": inventory_discover.discover,
    "prometheus": inventory_prometheus.print_scrapes,
}
"""Actions that need no more of the inventory than they read themselves."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the action."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    text = "so sánh với LLDP/CDP của thiết bị / compare with what devices report by LLDP and CDP"
    actions.add_parser("suggest", help=text, description=text)
    text = "kiểu, số máy, phần mềm từng thiết bị (CSV) / model, serial number, software as CSV"
    actions.add_parser("devices", help=text, description=text)
    inventory_files.add_actions(actions)
    inventory_import.add_action(actions)
    inventory_import.add_template_action(actions)
    inventory_netbox.add_action(actions)
    inventory_discover.add_action(actions)
    inventory_prometheus.add_action(actions)


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Ask all devices with an SNMP check, and print what came of it.

    Returns:
        0; 1 with differences, or when the list of devices lacks some.

    Raises:
        ConfigError: the configuration is wrong.
    """
    if options.action in inventory_files.ACTIONS:
        return inventory_files.run(settings, options)
    if options.action in _WITH_SETTINGS:
        return _WITH_SETTINGS[options.action](settings, options)
    if options.action in _WITHOUT_SETTINGS:
        return _WITHOUT_SETTINGS[options.action](options)
    configuration = read_configuration(settings)
    if options.action == "devices":
        return print_devices(configuration)
    checks = [c for c in configuration.checks if is_snmp(c) and c.flow is None]
    names, seen = asyncio.run(_ask_all(checks))
    found = suggest(configuration.inventory, names, seen)
    _print(found, len(names), len(checks))
    return 1 if found.links or found.interfaces or found.unseen or found.depends_on else 0


async def _ask_all(checks: list[Check[SnmpParams]]) -> tuple[dict[str, str], list[NeighbourReport]]:
    names: dict[str, str] = {}
    seen: list[NeighbourReport] = []
    limit = asyncio.Semaphore(_MAX_CONCURRENT)

    async def ask_one(check: Check[SnmpParams]) -> None:
        place = f"{check.site}/{check.target}"
        async with limit:
            try:
                name, neighbours = await ask(check)
            except PollError as error:
                print(
                    f"{place} {check.address}: {why(error.reason, error.detail)}", file=sys.stderr
                )
                return
        names[place] = name
        seen.extend(
            NeighbourReport(place, n.interface, n.name, n.port, n.address) for n in neighbours
        )

    async with asyncio.TaskGroup() as tasks:
        for check in checks:
            if check.credential is not None:
                tasks.create_task(ask_one(check))
    return names, sorted(seen, key=lambda report: (report.place, report.interface))


def _print(found: Suggestions, answered: int, asked: int) -> None:
    print(f"# {answered}/{asked} thiết bị đã trả lời / devices answered")
    if found.links:
        print("\n# Thiết bị báo mà kho chưa có / reported, and not in the inventory:\nlinks:")
        counts: Counter[tuple[str, str]] = Counter()
        for cable in found.links:
            counts[cable.a, cable.b] += 1
            print(f"  {_link_id(cable, counts[cable.a, cable.b])}:")
            print(f"    a: {_end(cable.a, cable.a_interface)}")
            print(f"    b: {_end(cable.b, cable.b_interface)}")
            print("    carrier: TODO\n    capacity: TODO")
    for link_id, cable in found.interfaces.items():
        print(f"\n# Giao diện khác / other interfaces than the inventory has: {link_id}")
        print(
            f"#   a: {_end(cable.a, cable.a_interface)}\n#   b: {_end(cable.b, cable.b_interface)}"
        )
    if found.unseen:
        print("\n# Trong kho mà không thiết bị nào báo / in the inventory, reported by no device:")
        print("".join(f"#   {link_id}\n" for link_id in found.unseen), end="")
    if found.depends_on:
        print("\n# Nên thêm / to be added:")
        for place, through in found.depends_on.items():
            print(f"#   {place}: depends_on: [{through.partition('/')[2]}]")
    if found.strangers:
        print("\n# Không có trong kho / neighbours that are not in the inventory:")
        for stranger in found.strangers:
            print(f"#   {stranger.place} {stranger.interface}: {stranger.name} {stranger.port}")


def _link_id(cable: Cable, number: int) -> str:
    """An id of at most 63 characters; of several cables between two targets each has a number."""
    last = f"-{number}" if number > 1 else ""
    return f"{cable.a}-{cable.b}".replace("/", "-")[: 63 - len(last)].rstrip(".-") + last


def _end(place: str, interface: str) -> str:
    return f"{{target: {place}, interface: {interface!r}}}" if interface else f"{{target: {place}}}"
