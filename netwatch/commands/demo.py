"""``netwatch demo``: a simulated province, monitored by the daemon, in one command."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from netwatch.commands import lab
from netwatch.settings import Settings

STATE_DIR = Path(".demo/state")


@dataclass(frozen=True, slots=True)
class Example:
    """A province to look at.

    Attributes:
        inventory: None for the one that the settings name.
        faults: what goes wrong there.
        state: where the daemon keeps what it saw, unless the settings say.
    """

    inventory: Path | None
    faults: Path
    state: Path


EXAMPLES = {
    "three-level": Example(None, Path("config/lab/demo-faults.yaml"), STATE_DIR),
    "two-level": Example(
        Path("config/inventory-two-level"),
        Path("config/lab/demo-faults-two-level.yaml"),
        Path(".demo/state-two-level"),
    ),
}
"""Provinces as they were with districts, and as they are since July 2025."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``netwatch lab``, and which province it is."""
    lab.add_lab_arguments(parser)
    parser.add_argument(
        "--example",
        choices=EXAMPLES,
        default="three-level",
        help="tỉnh ba cấp hoặc hai cấp / a province of three levels or of two (default: three)",
    )


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Run the lab and the daemon until SIGINT or SIGTERM; returns the daemon's exit status."""
    example = EXAMPLES[options.example]
    if options.faults is None and example.faults.exists():
        options.faults = example.faults
    if example.inventory is not None:
        settings = settings.model_copy(update={"inventory": example.inventory})
        os.environ["NETWATCH_INVENTORY"] = str(example.inventory.resolve())
    if settings.state_dir is None:
        os.environ["NETWATCH_STATE_DIR"] = str(example.state.resolve())
    command = [sys.executable, "-m", "netwatch", "run"]
    if options.settings:
        command += ["--settings", str(options.settings.resolve())]
    return lab.play(settings, options, command)
