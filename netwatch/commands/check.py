"""``netwatch check``: whether settings, inventory and secrets are right."""

from __future__ import annotations

import argparse
from collections import Counter

from netwatch.configuration import read_configuration
from netwatch.settings import Settings
from netwatch.web.start import read_web_config


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes only the settings."""


def execute(settings: Settings, _options: argparse.Namespace) -> int:
    """Print how many sites, targets and checks the daemon would have; returns 0.

    Raises:
        ConfigError: with every problem found.
    """
    configuration = read_configuration(settings)
    read_web_config(settings)
    inventory = configuration.inventory
    targets = sum(len(site.targets) for site in inventory.sites.values())
    print(f"{settings.inventory}: đúng / valid")
    print(f"  {len(inventory.sites)} điểm / sites, {targets} đích / targets")
    for tier_id, count in Counter(site.tier for site in inventory.sites.values()).items():
        tier = inventory.tiers[tier_id]
        print(f"    {count:5} {tier.name_vi} / {tier.name}")
    print(f"  {len(configuration.checks)} phép đo / checks")
    for (kind, interval), count in sorted(
        Counter((check.kind, check.interval) for check in configuration.checks).items()
    ):
        print(f"    {count:5} {kind}, {interval:g} s")
    return 0
