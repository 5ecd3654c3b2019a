"""``netwatch trace SITE/TARGET``: the path to a target, hop by hop."""

from __future__ import annotations

import argparse
import asyncio

from netwatch.commands.names import unknown
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.load import load_inventory
from netwatch.probes import schemas
from netwatch.settings import Settings
from netwatch.trace import trace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the target."""
    parser.add_argument("target", metavar="SITE/TARGET")


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Print one line a hop; returns 0 when the last of them is the target, else 1.

    Raises:
        ConfigError: the configuration is wrong, or has no such target.
        StartError: this machine doesn't allow raw sockets.
    """
    # Not the whole configuration: to see a path nobody needs the secrets, which only root may read.
    inventory = load_inventory(settings.inventory, schemas())
    site_id, _, target_id = former_ids(inventory).target(options.target).partition("/")
    site = inventory.sites.get(site_id)
    target = site.targets.get(target_id) if site else None
    if target is None:
        known = {f"{site}/{id_}" for site, _, id_, _ in inventory.targets()}
        raise unknown(options.target, "no such target", known, "give SITE/TARGET")
    hops = asyncio.run(trace(target.address))
    for hop in hops:
        print(hop)
    return 0 if hops and hops[-1].address == target.address else 1
